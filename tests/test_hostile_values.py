"""Hostile values of parameters: they are looked up or refused, and never change the query."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import pytest
from rdflib import Literal as RdfLiteral
from rdflib import URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

import kg as library
from kg import lookup, queries, store, terms, visible
from kg.cli import ask
from kg.errors import InputError, KgError
from tests.conftest import Outcome

Kg = Callable[..., Outcome]

HOSTILE = [
    '"', "'", '"""', "\\", '\\"', "\\u0022", "\\\\u0022", "\\U00000022", "{", "}", "{}", "} #", "#", "\n", "\r\n}", "a\nb\tc", "\0", "\x1b[2J",
    '" } UNION { ?s ?p ?o', '") } DROP ALL #', "UNDEF", "VALUES ?x { UNDEF }", "?province", "$1", "(1 2)", "<x>", "<<",
    "> } #", "id-place:<x>", "id-place:x> ?p ?o . <y", "http://a/}", "http://a/ b", "http://[::1]/<>", "http://a/\\u003e",
    "file:///etc/passwd", "javascript:alert(1)", "id-place:../../x", "id-place:", ":", "://", "_:b", "%00", "%s{0}{x}",
    "x" * 10_000, "http://a/" + "x" * 10_000, "\u202eevil", "\u2066x\u2069", "a\u200bb", "\ufeff", "\ud800", "\U0010ffff",
    "SELECT * { ?s ?p ?o }", "SERVICE <http://127.0.0.1:9/> {}", "1e400", "NaN", "INF", "-", "+", "1 2", "1;2", "٣", "１",
    "2020-02-30", "2020-13-01", "99999-01-01", "TRUE", " true", "true\n", "12\n", "71.7\n", "2020-04-15\n", "", " ",
]  # fmt: skip
GOOD: dict[str, set[str]] = {
    "iri": {"file:///etc/passwd", "javascript:alert(1)", "id-place:../../x", "id-place:", "http://a/" + "x" * 10_000},
    **{type_: set() for type_ in ("integer", "decimal", "date", "boolean")},
}
"""The hostile values that are of a type all the same; a string or a name may be any."""
PLAIN = {
    "iri": "urn:plain", "string": "plain", "name": "plain", "integer": "1", "decimal": "1.5", "date": "2020-04-15",
    "boolean": "true",
}  # fmt: skip
SPOKEN = re.compile(r"error\[(unknown|input|usage)\]: [^\n]{1,400}(\n  hint: [^\n]{1,400})?\n")

QUERY = """#+ title = "A thing"
#+ [params.x]
#+ type = "{}"
#+ meaning = "a value"
SELECT ?s WHERE {{
  VALUES ?x {{ UNDEF }}
  {{ ?s ?p ?x }} UNION {{ ?s ?p ?o FILTER(?o < ?x) }}
}}
ORDER BY ?s
"""


def algebra(text: str) -> tuple[object, list[Node]]:
    """The algebra of a query with its VALUES taken out, and the terms that they bind."""
    bound: list[Node] = []

    def shape(part: object) -> object:
        if isinstance(part, CompValue):
            if part.name == "values":
                bound.extend(term for row in part.res for term in row.values())
                return "values"
            return part.name, {key: shape(value) for key, value in part.items()}
        if isinstance(part, (list, tuple, set, frozenset)):
            return [shape(item) for item in (sorted(part, key=str) if isinstance(part, (set, frozenset)) else part)]
        return part

    return shape(prepareQuery(text).algebra), bound


@pytest.mark.parametrize("type_", sorted(queries.PARAM_TYPES))
@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value[:20]))
def test_a_value_is_bound_as_one_term_or_refused(value: str, type_: str) -> None:
    query = queries.parse("x", QUERY.format(type_), "x.rq", "lookup")
    if "\ud800" in value:
        value = value.encode("utf-8", "replace").decode()  # as `lookup.resolve` reads it
    if type_ in GOOD and value not in GOOD[type_]:
        with pytest.raises(InputError) as caught:
            queries.bind(query, {"x": value})
        assert SPOKEN.fullmatch(f"{caught.value}\n")
        return
    text = queries.bind(query, {"x": value})
    shape, bound = algebra(text)
    expected, _ = algebra(queries.bind(query, {"x": PLAIN[type_]}))
    assert shape == expected
    assert {str(term) for term in bound} == {terms.expand(value) if type_ == "iri" else value}
    assert {type(term) for term in bound} == {URIRef if type_ == "iri" else RdfLiteral}


def test_the_comparison_sees_a_value_that_changes_the_query() -> None:
    query = queries.parse("x", QUERY.format("string"), "x.rq", "lookup")
    good = queries.bind(query, {"x": "plain"})
    assert algebra(good.replace('"plain"', '"plain" } { ?s ?p ?o '))[0] != algebra(good)[0]
    assert algebra(good.replace('"plain"', '"other"'))[0] == algebra(good)[0]


@pytest.mark.slow
@pytest.mark.parametrize("parameter", ["province", "above", "sure", "as_of"])
@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value[:20]))
def test_both_ways_of_the_command_and_the_library_refuse_alike(
    value: str, parameter: str, kg: Kg, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    run: Callable[..., object] = store.Session.run

    def watched(self: store.Session, text: str, prefixes: dict[str, str] | None) -> object:
        asked.append(text)
        return run(self, text, prefixes)

    monkeypatch.setattr(store.Session, "run", watched)
    command = ["query", "operating-rates", f"--{parameter}={value}", "--format", "tsv"]
    quick = kg(*command)
    assert (quick.code, quick.out) == (3, "")
    assert SPOKEN.fullmatch(quick.err), quick.err
    with pytest.raises(KgError) as caught:
        library.query("operating-rates", **{parameter: value})
    assert quick.err == f"{visible.lines(str(caught.value))}\n"
    monkeypatch.setattr(ask, "parse", lambda argv: None)
    assert kg(*command) == quick
    allowed = {algebra_of_lookup(text) for text in LOOKUPS}
    assert {algebra_of_lookup(text) for text in asked} <= allowed


LOOKUPS = [
    "ASK { <urn:x> ?p ?o }",
    queries.read("names", "lookup").body,
    queries.bind(queries.read("named", "lookup"), {"name": "plain"}),
]
"""All that is asked for a value that is not known."""


@cache
def algebra_of_lookup(text: str) -> str:
    """The algebra of a query of the lookup, with any bound IRI of an ASK as one."""
    shape, _ = algebra(re.sub(r"^ASK { <[^<>\"{}|^`\\\x00-\x20]*> ", "ASK { <urn:x> ", text))
    return repr(shape)


def test_a_known_value_gives_the_query_with_the_term_bound(store: str) -> None:
    from kg.store import Session

    session = Session(store, quiet=True)
    free, defaults = algebra(queries.text("operating-rates"))
    shape, bound = algebra(lookup.bound(session, "operating-rates", {"province": "广东省\u200b"}))
    assert shape == free
    assert [term for term in bound if term not in defaults] == [URIRef("https://w3id.org/icr/id/place/guangdong")]
    assert len(bound) == len(defaults)
