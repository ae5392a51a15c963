"""Over every shape: well made, aimed at terms that exist, seen to fire, and quiet on the real graph for a reason.

A fixture tests/data/shapes/<file>/valid.<why>.ttl conforms to shapes/<file>.ttl; an invalid.<why>.ttl gives exactly
the results of its `# expect: severity shape component focus-node` lines. The ontology is part of the data, as it is
in the real graph.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pyshacl
import pytest
from rdflib import DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SH, SKOS, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DefinedNamespace
from rdflib.term import Node

from kg import rdf, shapes, terms
from tests.conftest import ROOT, comments

FILES = sorted((ROOT / "shapes").glob("*.ttl"))
FIXTURES = sorted((ROOT / "tests" / "data" / "shapes").glob("*/*.ttl"))
INVALID = [path for path in FIXTURES if path.name.startswith("invalid.")]

SHP = terms.PREFIXES["shp"]
TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
KNOWN: tuple[type[DefinedNamespace], ...] = (DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SKOS)
"""Vocabularies that rdflib knows term by term; others are declared in ontology/reused.ttl."""

FORBIDDEN = {URIRef(terms.PREFIXES["oa"] + name) for name in ("exact", "prefix", "suffix")}
"""Terms that no file declares, because only the shapes that keep them out may name them."""

EVERY_TIME = {URIRef(terms.PREFIXES["icr"] + "TimeReference")}
"""Its shapes aim at points, periods and whatever is used as a time (see shapes/time.ttl)."""

MOST_WARNINGS = 40
"""Doubtful things on the real graph; lower it when they get fewer."""

Row = tuple[str, str, str, str]


@cache
def shapes_of(file: Path) -> Graph:
    return Graph().parse(file)


@cache
def ontology() -> Graph:
    return shapes.folder_graph("ontology")


@cache
def fixture(path: Path) -> Graph:
    """The fixture's triples with the ontology."""
    graph = Graph()
    for triple in ontology():
        graph.add(triple)
    return graph.parse(path)


def local(term: Node | None) -> str:
    return str(term).removeprefix(SHP).removeprefix(str(SH)).removesuffix("ConstraintComponent")


def results(data: Graph, shape_graph: Graph) -> set[Row]:
    """Severity, shape, component and focus node of each result."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shape_graph, inference="none", advanced=False)
    assert isinstance(report, Graph)
    parts = (SH.resultSeverity, SH.sourceShape, SH.sourceConstraintComponent)
    rows = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        severity, shape, component = (local(report.value(result, part)) for part in parts)
        rows.add((severity, shape, component, terms.compact(str(report.value(result, SH.focusNode)))))
    return rows


def expected(path: Path) -> set[Row]:
    rows = set()
    for line in comments(path, "expect"):
        severity, shape, component, node = line.split()
        rows.add((severity, shape, component, node))
    return rows


def knows(vocabulary: type[DefinedNamespace], term: Node) -> bool:
    """Whether rdflib has the term in its list of the vocabulary (the metaclass answers, which mypy does not see)."""
    return term in vocabulary  # type: ignore[attr-defined]


def ident(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def of_type(graph: Graph, kind: URIRef) -> list[URIRef]:
    return sorted(URIRef(str(node)) for node in graph.subjects(RDF.type, kind))


def targeted(graph: Graph) -> set[URIRef]:
    """The node shapes with a target."""
    return {URIRef(str(shape)) for target in TARGETS for shape in graph.subjects(target, None)}


def reported(graph: Graph) -> set[URIRef]:
    """The shapes that can be the source of a result: those with a target, and their property shapes."""
    aimed = targeted(graph)
    with_constraints = {s for s in aimed if {local(p) for p in graph.predicates(s)} & {"or", "xone", "not", "node"}}
    return with_constraints | {URIRef(str(p)) for shape in aimed for p in graph.objects(shape, SH.property)}


def nested(graph: Graph) -> set[URIRef]:
    """The shapes that only stand inside others: parts of sh:or, sh:xone, sh:not and qualified counts."""
    return {*of_type(graph, SH.NodeShape), *of_type(graph, SH.PropertyShape)} - reported(graph) - targeted(graph)


# ---- the shapes themselves


def test_files_and_fixtures_belong_together() -> None:
    assert len(FILES) >= 11
    assert len(FIXTURES) >= 70
    assert {path.parent.name for path in FIXTURES} == {path.stem for path in FILES}
    for file in FILES:
        kinds = {path.name.split(".")[0] for path in FIXTURES if path.parent.name == file.stem}
        assert kinds == {"valid", "invalid"}, file.name


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_says_who_must_pass_and_parses_in_both_libraries(file: Path) -> None:
    assert file.read_text(encoding="utf-8").startswith("# Who must pass: ")
    assert len(shapes_of(file)) == len(set(rdf.read_turtle(file)))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_node_has_an_iri_of_ours(file: Path) -> None:
    graph = shapes_of(file)
    assert not [node for triple in graph for node in triple if isinstance(node, BNode)]
    assert all(str(subject).startswith(SHP) for subject in graph.subjects())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_shacl_term_exists(file: Path) -> None:
    used = {term for triple in shapes_of(file) for term in triple if str(term).startswith(str(SH))}
    assert [term for term in used if not knows(SH, term)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_property_shape_has_one_path_and_a_message(file: Path) -> None:
    graph = shapes_of(file)
    for shape in of_type(graph, SH.PropertyShape):
        assert len(list(graph.objects(shape, SH.path))) == 1, shape
        (message,) = graph.objects(shape, SH.message)
        assert isinstance(message, Literal), shape
        assert re.search(r"^[A-Z\"].*[.…]$", message), message
        assert {local(p) for p in graph.predicates(shape)} - {"path", "message", "severity", str(RDF.type)}, shape
    for shape in reported(graph) & set(of_type(graph, SH.NodeShape)):
        assert len(list(graph.objects(shape, SH.message))) == 1, shape


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_shape_is_used_and_declared(file: Path) -> None:
    graph = shapes_of(file)
    declared = {*of_type(graph, SH.NodeShape), *of_type(graph, SH.PropertyShape)}
    cells = set(graph.subjects(RDF.first, None))
    named = {term for _, predicate, term in graph if str(term).startswith(SHP) and predicate != RDF.type}
    assert named <= declared | cells
    assert (declared | cells) - targeted(graph) <= named
    for head in {term for term in named & cells if (None, RDF.rest, term) not in graph}:
        assert len(list(Collection(graph, head))) >= 1


def test_no_shape_is_declared_in_two_files() -> None:
    homes = Counter(shape for file in FILES for shape in set(shapes_of(file).subjects()))
    assert [shape for shape, files in homes.items() if files > 1] == []


def exists(term: Node) -> bool:
    if str(term).startswith(terms.PREFIXES["icr"]) or (term, RDF.type, None) in ontology():
        return (term, RDF.type, None) in ontology()
    return any(knows(vocabulary, term) for vocabulary in KNOWN)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_target_and_path_exists(file: Path) -> None:
    graph = shapes_of(file)
    used = {term for predicate in (*TARGETS, SH["class"], SH.path) for term in graph.objects(None, predicate)}
    used |= {
        term for p in (SH.lessThan, SH.lessThanOrEquals, SH.equals, SH.disjoint) for term in graph.objects(None, p)
    }
    assert {term for term in used if not exists(term)} <= FORBIDDEN
    for shape in {s for path in FORBIDDEN for s in graph.subjects(SH.path, path)}:
        assert graph.value(shape, SH.maxCount) == Literal(0), shape


def test_concepts_named_in_shapes_are_in_their_schemes() -> None:
    for file in FILES:
        for term in {term for triple in shapes_of(file) for term in triple}:
            if str(term).startswith(terms.BASE + "scheme/"):
                assert (term, RDF.type, SKOS.Concept) in ontology(), term
    patterns = {
        str(p) for file in FILES for p in shapes_of(file).objects(None, SH.pattern) if str(p).startswith("/scheme/")
    }
    assert {pattern.strip("/").split("/")[1] for pattern in patterns} <= set(terms.SCHEMES)


# ---- the fixtures


@pytest.mark.parametrize("path", FIXTURES, ids=ident)
def test_a_fixture_gives_exactly_what_it_says(path: Path) -> None:
    assert len(comments(path, "why")) == 1
    assert path.name.startswith("valid.") == (expected(path) == set())
    assert results(fixture(path), shapes_of(ROOT / "shapes" / f"{path.parent.name}.ttl")) == expected(path)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_shape_is_seen_to_fire(file: Path) -> None:
    fired = {shape for path in INVALID if path.parent.name == file.stem for _, shape, _, _ in expected(path)}
    assert {local(shape) for shape in reported(shapes_of(file))} == fired


def own_constraints(graph: Graph, shape: URIRef) -> set[str]:
    return {local(p) for p in graph.predicates(shape)} - {"path", "message", "severity", "property", str(RDF.type)}


def aimed_at(graph: Graph, wanted: Iterable[URIRef], nodes: Iterable[Node]) -> Graph:
    """The shapes graph in which the wanted shapes have these nodes as targets, and no other shape has any."""
    aimed = Graph()
    for triple in graph:
        if triple[1] not in TARGETS:
            aimed.add(triple)
    for shape in wanted:
        for node in nodes:
            aimed.add((shape, SH.targetNode, node))
    return aimed


@pytest.mark.parametrize("file", [file for file in FILES if nested(shapes_of(file))], ids=lambda file: file.stem)
def test_every_nested_shape_is_seen_to_hold_and_to_fail(file: Path) -> None:
    """They are no source of a result where they stand; here each is aimed at every node of the fixtures."""
    graph = shapes_of(file)
    wanted = {shape for shape in nested(graph) if own_constraints(graph, shape)}
    failed: Counter[str] = Counter()
    tried = 0
    for path in (path for path in FIXTURES if path.parent.name == file.stem):
        plain = Graph().parse(path)
        nodes = {node for subject, predicate, obj in plain if predicate != RDF.type for node in (subject, obj)}
        tried += len(nodes)
        found = results(fixture(path), aimed_at(graph, wanted, nodes))
        failed.update(shape for shape, _ in {(shape, node) for _, shape, _, node in found})
    for shape in wanted:
        assert 0 < failed[local(shape)] < tried, shape


# ---- the real graph


@pytest.fixture(scope="session")
def real(nquads: list[bytes]) -> Graph:
    """The real graph as the build hands it to pySHACL."""
    quads = rdf.parse_lines(b"\n".join(nquads))
    return Graph().parse(data=rdf.serialise(quads, "ntriples", {}), format="nt")


@pytest.fixture(scope="session")
def found(real: Graph) -> Counter[str]:
    """How many findings of each severity the shapes have on the real graph."""
    body = real.serialize(format="nt", encoding="utf-8")
    return Counter(finding.severity for finding in shapes.validate(body, shapes.shapes_graph()))


def focus_nodes(data: Graph, graph: Graph, shape: URIRef) -> Iterator[Node]:
    for cls in graph.objects(shape, SH.targetClass):
        yield from data.subjects(RDF.type, cls)
    for predicate in graph.objects(shape, SH.targetSubjectsOf):
        yield from data.subjects(predicate, None)
    for predicate in graph.objects(shape, SH.targetObjectsOf):
        yield from data.objects(None, predicate)


def prohibition(graph: Graph, shape: URIRef) -> bool:
    """Whether the shape only says that a property is not used at all: then it has nothing to look at."""
    forbids = {path for p in graph.objects(shape, SH.property) for path in graph.objects(p, SH.path)}
    counts = {count for p in graph.objects(shape, SH.property) for count in graph.objects(p, SH.maxCount)}
    return set(graph.objects(shape, SH.targetSubjectsOf)) == forbids and counts == {Literal(0)}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_shape_passes_for_want_of_anything_to_look_at(file: Path, real: Graph) -> None:
    graph = shapes_of(file)
    empty = [s for s in targeted(graph) if next(focus_nodes(real, graph, s), None) is None]
    assert [shape for shape in empty if not prohibition(graph, shape)] == []
    classes = set(graph.objects(None, SH.targetClass))
    assert [cls for cls in classes if (None, RDF.type, cls) not in real] == []


def test_every_class_of_the_real_graph_has_a_shape(real: Graph) -> None:
    """The class itself or one above it, among the classes of the ontology."""
    aims = {cls for file in FILES for cls in shapes_of(file).objects(None, SH.targetClass)}
    used = {
        o for s, o in real.subject_objects(RDF.type) if str(s).startswith((terms.BASE + "id/", terms.BASE + "scheme/"))
    }
    ours = {cls for cls in used if str(cls).startswith(terms.PREFIXES["icr"])}
    assert len(ours) >= 60
    above = {cls: set(real.transitive_objects(cls, RDFS.subClassOf)) for cls in ours}
    assert {cls for cls in ours if not above[cls] & aims} <= EVERY_TIME


def test_the_real_graph_has_no_violation_and_few_warnings(found: Counter[str]) -> None:
    assert found["violation"] == 0
    assert found["warning"] <= MOST_WARNINGS
    assert found["info"] > 0, "infos vanished: are the shapes still read?"
