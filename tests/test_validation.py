"""Validation made fast gives the findings of the plain way: pySHACL on the whole graph with the shapes as written."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import replace

import pyoxigraph
import pyshacl
import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple
from rdflib import RDF, SH, Graph, URIRef

from kg import graph_slices, layout, rdf, shape_rewriting, shapes, terms
from kg.model import Finding
from tests.conftest import ROOT

FIXTURES = sorted((ROOT / "tests" / "data" / "shapes").glob("*/*.ttl"))
SLICE = 4_000
"""So small that the graphs here are cut into several slices."""


def plainly(ntriples: bytes, shape_graph: Graph) -> set[Finding]:
    """What pySHACL finds in the whole graph, read by rdflib's own parser, with the shapes as they are written."""
    data = Graph().parse(data=ntriples, format="nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=shape_graph, inference="none", advanced=False)
    assert isinstance(report, Graph)
    return {shapes._finding(report, result, shape_graph) for result in report.subjects(RDF.type, SH.ValidationResult)}


def ntriples(triples: set[Triple]) -> bytes:
    body = pyoxigraph.serialize(triples, format=RdfFormat.N_TRIPLES)
    assert body is not None
    return body


@pytest.fixture(scope="module")
def ontology() -> set[Triple]:
    return {triple for path in layout.walk(layout.data_path("ontology"), ".ttl") for triple in rdf.read_turtle(path)}


@pytest.fixture(scope="module")
def project_shapes() -> Graph:
    return shapes.shapes_graph()


@pytest.fixture(scope="module")
def real(graph: list[bytes]) -> list[Triple]:
    return sorted({quad.triple for quad in rdf.parse_lines(b"\n".join(graph))}, key=str)


@pytest.mark.filterwarnings("ignore:Serializing weird numerical")  # rdflib, of fixtures that are ill-typed on purpose
def test_all_fixtures_together(ontology: set[Triple], project_shapes: Graph) -> None:
    body = ntriples(ontology.union(*(rdf.read_turtle(path) for path in FIXTURES)))
    expected = plainly(body, project_shapes)
    assert len({finding.source for finding in expected}) > 200
    assert set(shapes.validate(body, project_shapes)) == expected
    assert set(shapes.validate(body, project_shapes, slice_size=SLICE)) == expected


def mutated(real: list[Triple], chance: random.Random) -> set[Triple]:
    """The real graph with some triples taken out, and others with a part of another triple in place of their own."""
    graph = set(real)
    for triple in chance.sample(real, 300):
        other = chance.choice(real)
        changed = chance.choice(
            [
                None,
                Triple(triple.subject, triple.predicate, other.object),
                Triple(triple.subject, other.predicate, triple.object),
                Triple(triple.subject, other.predicate, other.object),
                Triple(other.subject, triple.predicate, triple.object),
                Triple(NamedNode(terms.BASE + f"id/nobody/{chance.random()}"), triple.predicate, triple.object),
            ]
        )
        if changed is None or chance.random() < 0.5:
            graph.discard(triple)
        if changed is not None:
            graph.add(changed)
    return graph


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_mutants_of_the_real_graph(seed: int, real: list[Triple], project_shapes: Graph) -> None:
    body = ntriples(mutated(real, random.Random(seed)))
    expected = plainly(body, project_shapes)
    wrong = {finding for finding in expected if finding.severity == "violation"}
    assert len(wrong) > 100
    assert len({finding.source for finding in wrong}) > 40
    assert set(shapes.validate(body, project_shapes)) == expected
    assert set(shapes.validate(body, project_shapes, slice_size=8_000)) == expected


def test_the_shapes_of_the_project_are_local(project_shapes: Graph) -> None:
    """A shape that is not would be judged on the whole graph, and be slow on a large one."""
    flat = shape_rewriting.flattened(project_shapes)
    assert {shape for shape in shape_rewriting.aimed(flat) if not shape_rewriting.is_local(flat, shape)} == set()


# ---- shapes that slices cannot judge

PREFIXES = """
@prefix : <urn:test:> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
LOCAL = {
    "a class above": ":S a sh:NodeShape ; sh:targetClass :Top ; sh:property :P . :P sh:path :p ; sh:class :Top .",
    "a subject": ":S a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:nodeKind sh:Literal .",
    "an object": ":S a sh:NodeShape ; sh:targetObjectsOf :p ; sh:property :P . :P sh:path :p ; sh:minCount 1 .",
    "a literal": ":S a sh:NodeShape ; sh:targetObjectsOf :q ; sh:nodeKind sh:IRI .",
    "every subject with a class": ":S a sh:NodeShape ; sh:targetSubjectsOf rdf:type ; sh:property :P . "
    ":P sh:path :p ; sh:minCount 1 .",
    "a choice": ":S a sh:NodeShape ; sh:targetClass :A ; sh:or :l . :l rdf:first :P ; rdf:rest :m . "
    ":m rdf:first :Q ; rdf:rest rdf:nil . :P a sh:PropertyShape ; sh:path :q ; sh:minCount 1 . "
    ":Q a sh:NodeShape ; sh:class :B .",
    "a counted class": ":S a sh:NodeShape ; sh:targetClass :A ; sh:property :P . "
    ":P sh:path :p ; sh:qualifiedValueShape :Q ; sh:qualifiedMinCount 2 . :Q a sh:NodeShape ; sh:class :B .",
}
WHOLE = {
    "a path of two steps": ":S a sh:NodeShape ; sh:targetClass :A ; sh:property :P . "
    ":P sh:path :two ; sh:minCount 1 . :two rdf:first :p ; rdf:rest :three . :three rdf:first :p ; rdf:rest rdf:nil .",
    "a path backwards": ":S a sh:NodeShape ; sh:targetClass :A ; sh:property :P . "
    ":P sh:path :back ; sh:minCount 1 . :back sh:inversePath :p .",
    "the values of a value": ":S a sh:NodeShape ; sh:targetClass :A ; sh:property :P . "
    ":P sh:path :p ; sh:node :V . :V a sh:NodeShape ; sh:property :Q . :Q sh:path :p ; sh:minCount 1 .",
    "the property of a property": ":S a sh:NodeShape ; sh:targetClass :A ; sh:property :P . "
    ":P sh:path :p ; sh:property :Q . :Q sh:path :p ; sh:minCount 1 .",
    "a named node": ":S a sh:NodeShape ; sh:targetNode :n3 , :n999 ; sh:property :P . :P sh:path :p ; sh:minCount 9 .",
    "a closed shape": ":S a sh:NodeShape ; sh:targetClass :A ; sh:closed true ; sh:property :P . :P sh:path :p .",
    "a shape that is a class": ":A a sh:NodeShape , rdfs:Class ; sh:property :P . :P sh:path :q ; sh:minCount 1 .",
    "a class aimed elsewhere as well": ":A a sh:NodeShape , owl:Class ; sh:targetClass :B ; sh:property :P . "
    ":P sh:path :q ; sh:minCount 1 .",
}
OTHER = {
    "an aimed shape within another": ":S a sh:NodeShape ; sh:targetClass :A ; sh:property :P . "
    ":P sh:path :q ; sh:minCount 1 . :R a sh:NodeShape ; sh:targetClass :B ; sh:node :S .",
    "a shape switched off": ":S a sh:NodeShape ; sh:targetClass :A ; sh:deactivated true ; sh:property :P . "
    ":P sh:path :q ; sh:minCount 1 . :R a sh:NodeShape ; sh:targetClass :B ; sh:nodeKind sh:Literal .",
}


def small_graph() -> bytes:
    """Nodes of three classes that point at each other, most of them across slices, and at things without triples."""
    chance = random.Random(7)
    lines = {"<urn:test:A> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <urn:test:Top> ."}
    for number in range(60):
        node = f"<urn:test:n{number}>"
        lines.add(f"{node} <{RDF.type}> <urn:test:{chance.choice('ABC')}> .")
        for _ in range(chance.randrange(4)):
            lines.add(f"{node} <urn:test:p> <urn:test:n{chance.randrange(75)}> .")
        if chance.random() < 0.5:
            lines.add(f'{node} <urn:test:q> "{number}" .')
    return "\n".join(sorted(lines)).encode() + b"\n"


@pytest.mark.parametrize("text", [*LOCAL.values(), *WHOLE.values(), *OTHER.values()], ids=[*LOCAL, *WHOLE, *OTHER])
def test_a_shape_is_judged_in_slices_as_on_the_whole(text: str) -> None:
    shape_graph = Graph().parse(data=PREFIXES + text, format="turtle")
    expected = unworded(plainly(small_graph(), shape_graph))
    assert expected
    assert unworded(shapes.validate(small_graph(), shape_graph)) == expected
    assert unworded(shapes.validate(small_graph(), shape_graph, slice_size=80)) == expected


def unworded(found: Iterable[Finding]) -> set[Finding]:
    """Findings without pySHACL's own message, which shapes without one get: it uses the prefixes of the shapes file."""
    return {replace(finding, message="") for finding in found}


@pytest.mark.parametrize("text", [*LOCAL.values(), *WHOLE.values()], ids=[*LOCAL, *WHOLE])
def test_which_shapes_are_local(text: str) -> None:
    shape_graph = Graph().parse(data=PREFIXES + text, format="turtle")
    every = all(shape_rewriting.is_local(shape_graph, shape) for shape in shape_rewriting.aimed(shape_graph))
    implicit = (URIRef("urn:test:A"), RDF.type, None) in shape_graph
    assert (every and not implicit) == (text in LOCAL.values())


def test_blank_nodes_are_judged_whole() -> None:
    body = small_graph() + b"_:b <urn:test:p> _:c .\n_:c <urn:test:p> <urn:test:n1> .\n"
    text = ":S a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:property :P . :P sh:path :p ; sh:nodeKind sh:IRI ."
    shape_graph = Graph().parse(data=PREFIXES + text, format="turtle")
    assert [finding.node for finding in shapes.validate(body, shape_graph, slice_size=10)] == ["b"]


def test_a_string_with_an_underscore_is_no_blank_node() -> None:
    assert not shapes.BLANK_NODE.search(b'<urn:a> <urn:b> "see _:x" .\n')


# ---- the slices themselves


def test_slices_hold_every_node_once_and_the_classes_around_it() -> None:
    body = small_graph()
    aims = graph_slices.Aims(frozenset({"urn:test:Top"}), frozenset(), frozenset())
    parts = [part.splitlines() for part in graph_slices.slices(body, aims, 50)]
    assert len(parts) > 3
    marks = [line for part in parts for line in part if line.startswith(b"<urn:kg:slice>")]
    instances = re.findall(rb"^(\S+) \S+ <urn:test:A> \.$", body, re.MULTILINE)
    assert sorted(line.split(b" ")[2] for line in marks) == sorted(instances)
    for line in body.splitlines():
        holders = [part for part in parts if line in part]
        assert holders, line
        if b"#type>" not in line and b"#subClassOf>" not in line:
            assert len(holders) == 1, line


def test_a_failing_slice_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    shape_graph = Graph().parse(data=PREFIXES + LOCAL["a subject"], format="turtle")
    monkeypatch.setattr("kg.shapes.sys.executable", "/bin/false")
    with pytest.raises(RuntimeError, match="a slice could not be validated"):
        shapes.validate(small_graph(), shape_graph, slice_size=80)
