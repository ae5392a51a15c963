"""Federated queries: the join, what is sent, and one sentence for every way in which the other side fails."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph
import pytest

from kg import federating, queries, sandbox
from kg.errors import EndpointError, Exit, SyntaxProblem, UsageError
from kg.store import Session
from tests.conftest import ROOT, Outcome
from tests.hostile import Handler, hostile
from tests.loopback import JSON, Answer, serving, sparql

NAMES = queries.names(federating.KIND)
EXTRACT = ROOT / "tests/data/federate/wikidata-extract.ttl"
WIKIDATA = "https://query.wikidata.org/sparql"


@pytest.fixture(scope="module")
def extract() -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    store.load(EXTRACT.read_bytes(), format=pyoxigraph.RdfFormat.TURTLE)
    return store


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def endpoint(extract: pyoxigraph.Store, asked: list[str]) -> Iterator[str]:
    with serving(sparql(extract, asked)) as address:
        yield address


def rows(store: str, name: str, endpoint: str, **params: str) -> list[dict[str, str]]:
    columns, found = federating.ask(Session(store), name, params, endpoint, 30).rows()
    return [
        {c: str(getattr(term, "value", "")) for c, term in zip(columns, row, strict=True) if term is not None}
        for row in found
    ]


# ---- the files ----


def test_there_are_enough() -> None:
    assert set(NAMES) >= {"labels", "populations", "coordinates", "industries", "codes"}


@pytest.mark.parametrize("name", NAMES)
def test_the_file_runs_in_any_tool_that_knows_service(name: str) -> None:
    query = queries.read(name, federating.KIND)
    assert federating.service_of(query) == WIKIDATA
    for param in query.params:
        assert query.body.count(f"VALUES ?{param} {{") == 1
    # with the shared variable filled, the group alone is a query that an endpoint answers
    text = query.body.replace(federating.ENTITIES, "VALUES ?entity { <urn:x> }")
    with pytest.raises(ValueError, match="union"):
        pyoxigraph.Store().query(text, use_default_graph_as_union=True, default_graph=pyoxigraph.DefaultGraph())


@pytest.mark.parametrize("name", NAMES)
def test_columns_are_described_in_order_and_rows_are_found(name: str, store: str, endpoint: str) -> None:
    query = queries.read(name, federating.KIND)
    columns, found = federating.ask(Session(store), name, {}, endpoint, 30).rows()
    assert columns == list(query.columns)
    assert found


def test_a_query_without_its_group_is_refused(tmp_path: Path) -> None:
    body = queries.read("codes", federating.KIND).body.replace(federating.ENTITIES, "")
    file = tmp_path / "codes.rq"
    file.write_text(body, encoding="utf-8")
    with pytest.raises(SyntaxProblem, match="no SERVICE group"):
        federating.service_of(queries.parse("codes", body, str(file), federating.KIND))


# ---- the join ----


def test_codes_of_both_sides_are_compared(store: str, endpoint: str) -> None:
    """Our codes are those of the extract, but for the one that was made wrong there."""
    found = {(row["place"], row["list"]): row for row in rows(store, "codes", endpoint)}
    assert found["Hubei", "ISO 3166-2"] == {
        "place": "Hubei", "list": "ISO 3166-2", "ours": "CN-HB", "theirs": "CN-HB", "verdict": "same",
        "entity": "http://www.wikidata.org/entity/Q46862", "thing": "https://w3id.org/icr/id/place/hubei",
    }  # fmt: skip
    assert found["Yichang", "GB/T 2260"]["theirs"] == "420500"
    assert {key for key, row in found.items() if row["verdict"] == "differs"} == {("Hunan", "ISO 3166-2")}
    assert len(found) == 6 * 2 + 1


def test_reported_rates_stand_beside_populations(store: str, endpoint: str) -> None:
    found = rows(store, "populations", endpoint)
    assert [row["population"] for row in found] == sorted((row["population"] for row in found), reverse=True)
    guangdong = next(row for row in found if row["place"] == "Guangdong")
    assert (guangdong["population"], guangdong["rate"]) == ("22", "exceeded 95%")
    assert "/claim/economic-daily-2020-03/" in guangdong["claim"]


def test_a_parameter_narrows_both_sides(store: str, endpoint: str, asked: list[str]) -> None:
    found = rows(store, "labels", endpoint, thing="id-place:yichang", language="zh")
    assert [(row["name"], row["label"]) for row in found] == [("Yichang", "宜昌市")]
    assert len(asked) == 1
    assert asked[0].count("<http://www.wikidata.org/entity/") == 1
    assert 'VALUES ?language { "zh" }' in asked[0]


def test_the_other_side_learns_only_the_entries_that_we_link_to(
    store: str, endpoint: str, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(federating, "BATCH", 5)
    found = rows(store, "coordinates", endpoint)
    assert len({row["place"] for row in found}) == 7
    assert len(asked) == 5  # 23 places are linked
    assert not [text for text in asked if "w3id.org/icr/id" in text]
    monkeypatch.undo()
    assert rows(store, "coordinates", endpoint) == found


def test_nothing_is_asked_where_nothing_is_linked(store: str, endpoint: str, asked: list[str]) -> None:
    assert rows(store, "coordinates", endpoint, thing="id-place:hefeng") == []
    assert asked == []


def test_blank_nodes_and_odd_literals_of_the_other_side_do_no_harm(store: str) -> None:
    body = b"""{"head": {"vars": ["entity", "industryEntity", "industry"]}, "results": {"bindings": [
      {"entity": {"type": "uri", "value": "http://www.wikidata.org/entity/Q53238"},
       "industryEntity": {"type": "bnode", "value": "b0"},
       "industry": {"type": "literal", "xml:lang": "en", "value": "x\\") } DROP ALL #\\n\\\\u0022"}}]}}"""
    with serving(lambda *_: (200, JSON, body)) as address:
        (row,) = rows(store, "industries", address)
    assert row["industry"] == 'x") } DROP ALL #\n\\u0022'
    assert "industryEntity" not in row


# ---- the command, and what goes wrong ----


def test_the_command_prints_the_join_and_lists_the_queries(kg: Callable[..., Outcome], endpoint: str) -> None:
    answer = kg("federate", "codes", "--service", endpoint, "--thing", "Hubei", "--format", "csv", "--quiet")
    assert answer.code == 0
    assert answer.out.splitlines()[1].startswith("Hubei,GB/T 2260,420000,420000,same,")
    listed = kg("federate").out
    assert [line.split()[0] for line in listed.splitlines()] == NAMES


def failure(store: str, answer: Callable[[str, bytes, str], Answer], seconds: float = 30) -> EndpointError:
    with serving(answer) as address, pytest.raises(EndpointError) as caught:
        federating.ask(Session(store), "codes", {"thing": "id-place:hubei"}, address, seconds)
    assert caught.value.at == address
    assert caught.value.exit == Exit.STORE
    return caught.value


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((403, "text/plain", b"no"), "the server does not allow this to us"),
        ((400, "text/plain", b"bad query"), "the server answered 400 (Bad Request): bad query"),
        ((200, "text/html", b"<html>busy</html>"), "the server answered with text/html instead of results"),
        ((200, JSON, b'{"head": {"vars": ["entity"]}, "results": {"bind'), "is not a table of SPARQL results"),
        ((200, JSON, b'{"head": {}, "boolean": true}'), "is not a table of SPARQL results"),
    ],
)
def test_a_side_that_refuses_or_talks_nonsense_is_one_sentence(answer: Answer, sentence: str, store: str) -> None:
    assert sentence in failure(store, lambda *_: answer).what


def test_a_slow_side_is_given_up(store: str) -> None:
    released = threading.Event()

    def slow(*_: object) -> Answer:
        released.wait(20)
        return 200, JSON, b""

    with serving(slow) as address:
        with pytest.raises(EndpointError, match="no whole answer came within 0.3 seconds") as caught:
            federating.ask(Session(store), "codes", {"thing": "id-place:hubei"}, address, 0.3)
        released.set()
    assert (caught.value.hint or "").startswith("--timeout SECONDS gives it longer")


def test_a_side_that_is_down_is_told_by_the_command(kg: Callable[..., Outcome]) -> None:
    with serving(lambda *_: (200, JSON, b"")) as address:
        pass
    told = kg("federate", "codes", "--service", address, "--timeout", "0.4", "--quiet")
    assert told.code == Exit.STORE
    assert told.err.startswith("error[endpoint]: ")
    assert address in told.err


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "wikidata", "http://me:secret@127.0.0.1/", "http://me@127.0.0.1/"])
def test_what_is_no_endpoint_is_refused(url: str, store: str) -> None:
    with pytest.raises(UsageError):
        federating.ask(Session(store), "codes", {}, url, 30)


def test_our_own_secrets_go_to_nobody_else(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_ENDPOINT_TOKEN", "sesame")
    sent: list[str] = []

    def refuse(handler: Handler) -> None:
        sent.append(str(handler.headers))
        handler.reply(403)

    with hostile(refuse) as server, pytest.raises(EndpointError):
        federating.ask(Session(store), "codes", {}, server.url, 30)
    assert sent
    assert "sesame" not in "".join(sent)


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "1e9"])
def test_a_deadline_is_a_number_of_seconds(kg: Callable[..., Outcome], seconds: str) -> None:
    assert kg("federate", "codes", "--timeout", seconds).code == Exit.USAGE


def test_a_user_joins_an_allowed_host_in_a_query_of_their_own(store: str, endpoint: str) -> None:
    query = (
        "SELECT ?ours ?theirs { ?place icr:iso3166Code ?ours ; schema:sameAs ?entry . "
        f"SERVICE <{endpoint}> {{ ?entry wdt:P300 ?theirs }} FILTER(?ours != ?theirs) }}"
    )
    found = sandbox.run(query, "csv", store, seconds=60, quiet=True, at="-", hosts=["127.0.0.1"])
    assert found.decode().splitlines() == ["ours,theirs", "CN-HN,CN-XX"]
