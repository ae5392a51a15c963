"""The known traps of reused vocabularies: each is caught by a check, a shape or the reasoner, or cannot occur.

What an engine makes of the vocabulary's own axioms is no concern here: they are not loaded (ontology/reused.ttl).
"""

from __future__ import annotations

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from kg import closure, queries, shapes, terms
from kg.errors import FindingsError
from kg.rdf import read_turtle
from tests.conftest import ROOT

UNDECLARED = {
    "org:identifier, the key of organisations: two with one ticker would be one": "id-org:a org:identifier '000999'",
    "org:headOf and its like, which have no time and make a ministry a foaf:Group": "id-person:a org:headOf id-org:b",
    "foaf:homepage, inverse functional: group and subsidiary with one web site would be one": "id-org:a foaf:homepage <urn:x>",
    "time:inXSDDate, which makes an article an instant": "id-doc:a time:inXSDDate '2031-04-02'",
    "prov:startedAtTime, which wants a dateTime": "id-event:a prov:startedAtTime '2031-04-02'",
    "BIBO, by which paragraph and document would be one": "id-doc:a a <http://purl.org/ontology/bibo/DocumentPart>",
    "the Data Cube, which wants every dimension on every observation": "id-doc:a a qb:Observation",
    "the GeoNames ontology, whose names are preferred labels": "id-place:a gn:officialName 'A'",
    "schema.org's name, whose domains are unions": "id-org:a schema:name 'A'",
    "qudt:unit, which is gone": "id-quantity:a qudt:unit unit:PERCENT",
    "the words of a passage": "id-doc:a oa:exact 'words'",
}
"""A vocabulary's term to a triple that uses it; none of them is declared, and an undeclared term is refused."""


def store_of(turtle: str) -> pyoxigraph.Store:
    """A store with the ontology and some invented triples."""
    store = pyoxigraph.Store()
    for path in (ROOT / "ontology").rglob("*.ttl"):
        store.extend(pyoxigraph.Quad(t.subject, t.predicate, t.object) for t in read_turtle(path))
    store.load(prefixed(turtle).encode(), format=RdfFormat.TURTLE)
    return store


def prefixed(turtle: str) -> str:
    return "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in terms.PREFIXES.items()) + turtle + " ."


def found(name: str, turtle: str) -> set[str]:
    """The nodes that a check finds."""
    rows = store_of(turtle).query(queries.read(name, "check").body, use_default_graph_as_union=True)
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    return {terms.compact(row["node"].value) for row in rows}


@pytest.mark.parametrize("trap", UNDECLARED)
def test_a_term_that_is_a_trap_is_refused(trap: str) -> None:
    _, predicate, object_ = UNDECLARED[trap].split(" ", 2)
    term = object_ if predicate == "a" else predicate
    assert found("undeclared-term", UNDECLARED[trap]) == {term.strip("<>")}


def test_what_the_ontology_declares_is_not_refused() -> None:
    assert found("undeclared-term", "id-org:a skos:prefLabel 'A'") == set()


@pytest.mark.parametrize(
    ("trap", "turtle"),
    [
        ("a class as a value", "id-population:a icr:memberCategory icr:Enterprise"),
        ("a property as a value", "claim-external:a icr:claimObject icr:within"),
    ],
)
def test_a_class_as_a_value_is_refused(trap: str, turtle: str) -> None:
    assert found("class-as-value", turtle) == {turtle.split()[0]}


def test_a_property_in_a_relation_claim_is_an_annotation() -> None:
    assert found("class-as-value", "claim-external:a icr:claimPredicate icr:within") == set()


def test_https_schema_org_is_refused() -> None:
    assert found("https-schema-org", "id-org:a a <https://schema.org/Organization>") == {"id-org:a"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("trap", "turtle", "rule"),
    [
        ("evidence on an event", "id-event:a a icr:Meeting ; prov:wasDerivedFrom id-doc:b", "cax-dw"),
        ("one membership of two people", "id-tenure:a org:member id-person:b , id-person:c", "prp-fp"),
        ("an organisation that is a concept", "id-org:a a icr:Enterprise , skos:Concept", "cax-dw"),
        ("a moment that is a period", "id-time:a a time:Instant , time:ProperInterval", "cax-dw"),
        ("two units of one quantity", "id-quantity:a icr:unit unit:PERCENT , unit:NUM", "prp-fp"),
        ("two numbers of one quantity", "id-quantity:a icr:numericValue 1.0 , 2.0", "prp-fp"),
        ("two paragraphs of one passage", "id-doc:a icr:inParagraph id-doc:b , id-doc:c", "prp-fp"),
        ("a digest that is none", "id-doc:a icr:sha256 'abc'", "dt-not-type"),
    ],
)
def test_the_reasoner_refuses_a_trap(trap: str, turtle: str, rule: str) -> None:
    lines = sorted(f"{q.triple!s} <urn:graph> .".encode() for q in store_of(turtle))
    with pytest.raises(FindingsError, match=f"contradicts the ontology: .* \\({rule}\\): "):
        closure.closed(lines)


def test_identity_with_others_is_refused() -> None:
    turtle = prefixed("id-org:a owl:sameAs <http://www.wikidata.org/entity/Q1>")
    triples = "".join(f"{quad.triple} .\n" for quad in pyoxigraph.parse(turtle, format=RdfFormat.TURTLE))
    assert "Identity-sameAs" in {
        f.source.split("#")[-1] for f in shapes.validate(triples.encode(), shapes.shapes_graph())
    }
    lines = sorted(f"{q.triple!s} <urn:graph> .".encode() for q in store_of("id-org:a owl:sameAs <urn:b>"))
    with pytest.raises(FindingsError, match="urn:b would be one thing"):
        closure.closed(lines)


def test_dates_have_no_datatype_in_the_ontology() -> None:
    """xsd:date is in no OWL 2 datatype map: a range of it would stop a DL reasoner. Shapes look after dates."""
    ranges = {
        str(getattr(t.object, "value", "")).removeprefix(terms.STANDARD["xsd"])
        for path in (ROOT / "ontology").rglob("*.ttl")
        for t in read_turtle(path)
        if t.predicate.value.endswith("rdf-schema#range")
    }
    assert "decimal" in ranges
    assert not ranges & {"date", "gYear", "gYearMonth", "time", "duration"}
