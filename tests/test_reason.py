"""What owlrl adds at the build: about our things, between things, and nothing that holds of everything."""

from __future__ import annotations

import pytest

from kg import reason, terms
from kg.rdf import parse_lines

OWL, RDF, RDFS = (terms.STANDARD[prefix] for prefix in ("owl", "rdf", "rdfs"))
ID = terms.BASE + "id/"
TURTLE = f"""
<{ID}mill> <{RDF}type> <urn:WindMill> .
<{ID}mill> <urn:makes> <{ID}flour> .
<{ID}mill> <urn:workers> "13" .
<{ID}mill> <urn:label> "mill"@en .
<urn:elsewhere> <{RDF}type> <urn:WindMill> .
<urn:WindMill> <{RDFS}subClassOf> <urn:Mill> .
<urn:makes> <{RDFS}range> <urn:Goods> .
<urn:workers> <{RDFS}range> <urn:Number> .
<urn:workers> <{RDF}type> <{OWL}DatatypeProperty> .
<urn:Mill> <{RDF}type> <{OWL}Class> .
"""


def added(ntriples: str) -> set[str]:
    return {str(quad.triple) for quad in parse_lines(reason.closure(ntriples.encode()).ntriples)}


def test_only_what_is_about_our_things_is_added() -> None:
    assert added(TURTLE) == {
        f"<{ID}mill> <{RDF}type> <urn:Mill>",
        f"<{ID}flour> <{RDF}type> <urn:Goods>",
    }


def test_nothing_is_added_twice() -> None:
    once = added(TURTLE)
    assert added(TURTLE + "".join(f"{triple} .\n" for triple in once)) == set()


def test_a_consistent_graph_has_no_complaints() -> None:
    assert reason.closure(TURTLE.encode()).complaints == ()


@pytest.mark.parametrize(("one", "other", "told"), [("mill", "mill", False), ("mill", "works", True)])
def test_two_names_for_one_thing_are_told(one: str, other: str, told: bool) -> None:
    same = f"<{ID}{one}> <{OWL}sameAs> <{ID}{other}> .\n"
    assert bool(reason.closure((TURTLE + same).encode()).complaints) == told


def test_the_real_graph_has_no_trivial_inferences(nquads: list[bytes]) -> None:
    inferred = [line for line in nquads if line.endswith(f"<{terms.GRAPH_INFERRED}> .".encode())]
    assert len(inferred) > 12_000
    for line in inferred:
        assert line.startswith(b"<https://w3id.org/icr/"), line  # no literal, no blank node, nobody else's thing
        _, predicate, rest = line.decode().split(" ", 2)
        assert not predicate.startswith((f"<{OWL}", f"<{RDFS}")), line
        assert predicate != f"<{RDF}type>" or not rest.startswith((f"<{OWL}", f"<{RDF}", f"<{RDFS}")), line
