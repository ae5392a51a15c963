"""The description of the data set against DCAT-AP 3: what is mandatory is there, what is recommended but missing is known."""

from __future__ import annotations

import hashlib

import pyoxigraph
import pyshacl
import pytest
import rdflib
from rdflib import DCAT, DCTERMS, RDF, SH, Graph, URIRef

from kg import dataset_description, dump, rdf, terms
from kg.dataset_description import Distribution
from kg.site import Site
from kg.store import Session
from tests.conftest import ROOT

SHAPES = ROOT / "tests/data/dcat-ap/shapes.ttl"
AP = rdflib.Namespace("https://example.org/dcat-ap#")
DATASET = URIRef("https://w3id.org/icr/dataset")

NOT_THERE = {
    "Agent-type-recommended": "the project is no publisher of a kind that the EU's table has",
    "Catalog-issued-recommended": "nothing in the description depends on a clock",
    "Catalog-modified-recommended": "the same",
    "Dataset-contactPoint-recommended": "the project has no public address yet",
    "LicenceDocument-type-recommended": "the licence is CC BY 4.0, whose type the EU's table says itself",
}
"""Recommended properties that the description leaves out, with the reason."""


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return Graph().parse(SHAPES)


@pytest.fixture(scope="module")
def description(store: str) -> Graph:
    """The description as `kg export --dump` makes it, with a packed file of each form."""
    files = [
        Distribution(f"graph.{form}", "the whole graph", form, packing, 12, "ab", dump.CANONICAL)
        for form, packing in zip(dataset_description.MEDIA_TYPES, ["none", "gzip", "zstd"] * 2, strict=True)
    ]
    made = dataset_description.describe(Session(store, quiet=True), files, "cd")
    quads = [rdf.quad_in(pyoxigraph.NamedNode(terms.GRAPH_META), triple) for triple in made]
    return Graph().parse(data=rdf.serialise(quads, "ntriples", {}), format="nt")


def results(data: Graph, shapes: Graph) -> dict[str, set[str]]:
    """The names of the shapes that report something, by severity."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(report, Graph)
    found: dict[str, set[str]] = {"Violation": set(), "Warning": set()}
    for result in report.subjects(RDF.type, SH.ValidationResult):
        severity, shape = report.value(result, SH.resultSeverity), report.value(result, SH.sourceShape)
        found[str(severity).removeprefix(str(SH))].add(str(shape).removeprefix(str(AP)))
    return found


def test_the_description_keeps_dcat_ap(description: Graph, shapes: Graph) -> None:
    """DCAT-AP 3.0.1 (https://semiceu.github.io/DCAT-AP/releases/3.0.1/)."""
    assert results(description, shapes) == {"Violation": set(), "Warning": set(NOT_THERE)}


def test_every_class_that_the_shapes_are_for_is_described(description: Graph, shapes: Graph) -> None:
    for kind in shapes.objects(None, SH.targetClass):
        assert (None, RDF.type, kind) in description, kind


def test_each_shape_can_fail(description: Graph, shapes: Graph) -> None:
    """Without what is demanded, with values of the wrong kind and with too many, each shape tells."""
    properties = list(shapes.subjects(RDF.type, SH.PropertyShape))
    demanding = {shape for shape in properties if (shape, SH.minCount, None) in shapes}
    paths = {shapes.value(shape, SH.path) for shape in demanding}
    bare = Graph()
    strange = Graph()
    for subject, predicate, obj in description:
        strange.add((subject, predicate, obj))
        if predicate not in paths:
            bare.add((subject, predicate, obj))
    for shape in properties:
        kind = shapes.value(shapes.value(None, SH.property, shape), SH.targetClass)
        path = shapes.value(shape, SH.path)
        assert isinstance(path, URIRef)
        wrong = rdflib.Literal("x") if (shape, SH.nodeKind, SH.IRI) in shapes else rdflib.BNode()
        strange.add((next(iter(description.subjects(RDF.type, kind))), path, wrong))
    told = {name for graph in (bare, strange) for names in results(graph, shapes).values() for name in names}
    assert {str(shape).removeprefix(str(AP)) for shape in properties} == told
    assert len(told) > 60


def test_the_period_and_the_sources_are_those_of_the_documents(description: Graph, nquads: list[bytes]) -> None:
    """Days of publication and names of documents, read off the record by its text."""
    lines = [line.decode() for line in nquads if b"<http://purl.org/dc/terms/issued>" in line]
    days = sorted(line.split('"')[1] for line in lines if "/id/doc/" in line.split(" ")[0])
    (period,) = description.objects(DATASET, DCTERMS.temporal)
    assert [str(description.value(period, end)) for end in (DCAT.startDate, DCAT.endDate)] == [days[0], days[-1]]
    documents = {line.split(" ")[0][1:-1] for line in lines if "/id/doc/" in line.split(" ")[0]}
    derived = description.objects(DATASET, URIRef(terms.expand("prov:wasDerivedFrom")))
    assert {str(document) for document in derived} == documents


def test_the_site_describes_the_file_that_it_has(store: str) -> None:
    site = Site(store, quiet=True)
    described = site.description()
    triples = {
        (str(getattr(t.subject, "value", "")), terms.compact(t.predicate.value), str(getattr(t.object, "value", "")))
        for t in described
    }
    file = f"{DATASET}/graph.nq"
    assert (file, "dcat:byteSize", str(len(site.lines))) in triples
    assert (f"{file}/checksum", "spdx:checksumValue", hashlib.sha256(site.lines).hexdigest()) in triples
