"""Over every check: its head, its columns, and that it finds exactly what its fixtures say.

A fixture tests/data/check/<name>/valid.<why>.ttl gives nothing; an invalid.<why>.ttl gives exactly the nodes of its
`# expect: node` lines.
"""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat, Store
from rdflib import Dataset

from kg import checking, engine, queries, terms
from tests.conftest import ROOT, comments

NAMES = queries.names("check")
FIXTURES = sorted((ROOT / "tests" / "data" / "check").glob("*/*.ttl"))


def found(store: Store, name: str) -> list[tuple[str, str]]:
    """The rows of a check: node, as a compact name, and detail."""
    solutions = store.query(queries.read(name, "check").body, use_default_graph_as_union=True)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    assert [variable.value for variable in solutions.variables] == ["node", "detail"]
    return [(terms.compact(row["node"].value), row["detail"].value) for row in solutions]


def test_checks_and_fixtures_belong_together() -> None:
    assert len(NAMES) >= 12
    assert {path.parent.name for path in FIXTURES} == set(NAMES)
    for name in NAMES:
        kinds = {path.name.split(".")[0] for path in FIXTURES if path.parent.name == name}
        assert kinds == {"valid", "invalid"}, name


@pytest.mark.parametrize("name", NAMES)
def test_a_check_tells_the_problem_and_the_fix(name: str) -> None:
    query = queries.read(name, "check")
    assert len(query.title) <= 60
    assert re.search(r"^[A-Z].*[.]$", query.problem)
    assert re.search(r"^[A-Z].*[.]$", query.fix)
    titles = [queries.read(other, "check").title for other in NAMES]
    assert titles.count(query.title) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_check_is_ordered_and_declares_the_prefixes_it_uses(name: str) -> None:
    body = queries.read(name, "check").body
    assert re.search(r"\nORDER BY \?node( \?detail)?\n$", body)
    declared = re.findall(r"^PREFIX ([\w-]+): <(.+)>$", body, re.MULTILINE)
    assert declared == sorted(declared)
    assert all(terms.PREFIXES[prefix] == iri for prefix, iri in declared)
    text = re.sub(r'^(#|PREFIX ).*$|"[^"]*"|<[^>]*>', "", body, flags=re.MULTILINE)
    text = re.sub(r"^ *# .*$", "", text, flags=re.MULTILINE)
    assert set(re.findall(r"([\w-]+):", text)) == {prefix for prefix, _ in declared}


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_check_finds_exactly_what_the_fixture_says(path: Path) -> None:
    assert len(comments(path, "why")) == 1
    expected = comments(path, "expect")
    assert path.name.startswith("valid.") == (expected == [])
    store = Store()
    store.load(path.read_bytes(), format=RdfFormat.TURTLE)
    rows = found(store, path.parent.name)
    assert {node for node, _ in rows} == set(expected)
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_another_engine_finds_the_same(path: Path) -> None:
    """rdflib reads the same query and, where it keeps literals as written, finds the same nodes."""
    body = queries.read(path.parent.name, "check").body
    rows = Dataset(default_union=True).parse(path).query(body)
    if path.parent.name != "ill-typed-literal":
        assert {terms.compact(str(row[0])) for row in rows} == set(comments(path, "expect"))  # type: ignore[index]


@pytest.mark.parametrize("prefix", sorted(terms.STANDARD.keys() - {"schema"}))
def test_every_namespace_is_known_under_its_other_scheme(prefix: str) -> None:
    """schema.org has the check https-schema-org."""
    space = terms.STANDARD[prefix]
    other = space.replace("http:", "https:") if space.startswith("http:") else space.replace("https:", "http:")
    store = Store()
    for number, object_ in enumerate((space, other)):
        store.load(f"<urn:{number}> <urn:p> <{object_}term> .".encode(), format=RdfFormat.TURTLE)
    assert found(store, "other-scheme-of-namespace") == [("urn:1", f"{other}term")]


def test_the_real_graph_passes_every_check(nquads: list[bytes]) -> None:
    store = engine.in_memory(nquads)
    assert {name: found(store, name) for name in NAMES} == {name: [] for name in NAMES}
    assert checking.checks(engine.asking_lines(nquads)) == []
