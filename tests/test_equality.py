"""The same answers everywhere: every canned query with its golden parameters, and what other commands print.

Rows are compared in their order, by the normalisation of literals that kg.citing documents; what the embedded store
answers is held to golden rows and to rdflib in tests/test_every_query.py.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl

import pytest

from kg import export, lookup, queries, terms
from kg.endpoint import Endpoint
from kg.engine import Engine
from kg.normal import normalised
from kg.store import Session
from tests import servers
from tests.conftest import ROOT, Outcome, process

GOLDEN = sorted((ROOT / "tests/data/answer").glob("*.csv"))
OTHER_BASE = "https://data.example.org/chains/"
Kg = Callable[..., Outcome]
MORE: list[tuple[str, dict[str, str]]] = [
    ("sme-resumption", {"above": "71", "sure": "possible"}),
    ("sme-resumption", {"below": "85", "as_of": "2020-03-24"}),
    ("figures", {"above": "95", "known_by": "2020-04-22"}),
    ("niche-champions", {"above": "75", "sure": "possible"}),
    ("conflicts", {"known_by": "2020-04-22"}),
    ("leading-firms", {"known_by": "2020-04-23"}),
    ("targets", {"known_by": "2020-04-23"}),
    ("figures", {"unit": "cny"}),
    ("timeline", {"as_of": "2020-03-24"}),
    ("operating-rates", {"province": "Guangdong"}),
    ("organisations", {"organisation": "国务院"}),
    ("statements", {"speaker": "Qin Zhihui"}),
]
"""Beside the golden parameters: limits, days, names in both languages."""


def cases() -> Iterator[tuple[str, dict[str, str]]]:
    for name in queries.names():
        yield name, {}
    for path in GOLDEN:
        name, _, given = path.name.removesuffix(".csv").partition(".")
        if given:
            yield name, dict(parse_qsl(given))
    yield from MORE


CASES = list(cases())


@pytest.fixture(scope="session")
def oxigraph(tmp_path_factory: pytest.TempPathFactory, nquads: list[bytes]) -> Iterator[str]:
    with servers.running(servers.oxigraph(tmp_path_factory.mktemp("union"), union=True)) as server:
        servers.fill(server, nquads)
        yield server.query


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory, nquads: list[bytes]) -> Iterator[str]:
    with servers.running(servers.virtuoso(tmp_path_factory.mktemp("equal"))) as server:
        servers.fill(server, nquads)
        yield server.query


@pytest.fixture(params=["oxigraph", "virtuoso"])
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(request.param)
    return found


def table(engine: Engine, name: str, params: dict[str, str]) -> list[list[str]]:
    columns, rows = engine.ask(lookup.bound(engine, name, params)).rows()
    return [columns, *([normalised(term) for term in row] for row in rows)]


@pytest.mark.parametrize(("name", "params"), CASES, ids=lambda part: str(part))
def test_every_answer_is_the_same(name: str, params: dict[str, str], url: str, store: str) -> None:
    expected = table(Session(store, quiet=True), name, params)
    assert len(expected) > 1
    assert table(Endpoint(url), name, params) == expected


# ---- the other commands ----

COMMANDS = [
    ("show", "Weichai Group"),
    ("search", "weichai"),
    ("search", "--kind", "indicator", "--format", "tsv"),
    ("why", "scio-2020-04-23/leading-51-count"),
    ("why", "id-org:miit/sme-bureau", "org:unitOf", "id-org:miit"),
    ("why", "id-place:changchun", "icr:within", "id-place:china"),
    ("why", "id-org:weichai-group", "rdf:type", "prov:Agent"),
    ("conflicts", "--format", "tsv"),
    ("chain", "Weichai Group"),
    ("query", "pmi", "--format", "tsv"),
    ("query", "statements", "--identifiers", "all", "--format", "tsv"),
    ("sparql", "queries/lookup/names.rq"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_other_commands_print_the_same(command: tuple[str, ...], url: str, kg: Kg) -> None:
    here, there = kg(*command), kg(*command, "--endpoint", url)
    assert (here.code, there.code) == (0, 0)
    assert there.out == here.out
    assert here.out.count("\n") > 1


def test_a_citation_holds_there(url: str, kg: Kg) -> None:
    there = kg("cite", "pmi", "--endpoint", url).out
    (check,) = (line for line in there.splitlines() if line.startswith("To check: kg "))
    assert kg("cite", "pmi").out.split("Result: ")[1].split()[1] in check
    assert kg(*shlex.split(check.removeprefix("To check: kg "))).out == (
        "pmi holds: the result is the one that was cited\n"
    )


def test_there_is_no_difference_to_the_store(url: str, kg: Kg, store: str) -> None:
    outcome = kg("diff", store, url)
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err.endswith("quads: 0 added, 0 removed\n")


@pytest.mark.slow
def test_validation_finds_there_what_it_finds_here(url: str, kg: Kg) -> None:
    here, there = (
        kg("validate", "--severity", "info", "--format", "jsonl", *more) for more in ((), ("--endpoint", url))
    )
    assert (here.code, there.code) == (0, 0)
    found = [
        {(row["thing"], row["source"]) for row in map(json.loads, text.out.splitlines())} for text in (here, there)
    ]
    assert found[0] == found[1] != set()


def test_a_query_of_ones_own_that_is_wrong_is_told_with_its_place(url: str) -> None:
    outcome = process("sparql", "-", "--endpoint", url, stdin="SELECT ?x {\n ?x ?p }")
    assert (outcome.code, outcome.out) == (3, "")
    assert "at: -:2:" in outcome.err


# ---- another base ----


@pytest.fixture(scope="session")
def rebased(tmp_path_factory: pytest.TempPathFactory, nquads: list[bytes]) -> Iterator[str]:
    """The URL of a store that holds the graph as `kg export --base` writes it."""
    with servers.running(servers.oxigraph(tmp_path_factory.mktemp("rebased"), union=True)) as server:
        servers.fill(server, list(export.rebased(nquads, OTHER_BASE)))
        yield server.query


@pytest.mark.parametrize("name", queries.names())
def test_every_query_answers_under_another_base(name: str, rebased: str, store: str) -> None:
    assert table(Endpoint(rebased), name, {}) == table(Session(store, quiet=True), name, {})


def test_answers_name_things_as_the_store_does_and_take_such_names(rebased: str, kg: Kg) -> None:
    outcome = kg("query", "about", "--thing", OTHER_BASE + "id/org/pboc", "--endpoint", rebased, "--format", "json")
    (row,) = json.loads(outcome.out)["results"]["bindings"]
    claim = row["claim"]["value"]
    assert claim.startswith(OTHER_BASE + "id/claim/")
    there, here = kg("why", claim, "--endpoint", rebased), kg("why", claim.replace(OTHER_BASE, terms.BASE))
    assert (there.code, there.out) == (0, here.out)
    assert kg("sparql", "queries/lookup/base.rq", "--endpoint", rebased).out == f"?ontology\n<{OTHER_BASE}ns>\n"
