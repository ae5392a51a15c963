"""The ontology seen by another reasoner: HermiT agrees on consistency, the OWL API on the profiles OWL 2 RL and DL.

Both are in the HermiT.jar that owlready2 carries; JPype calls it. Fixtures tests/data/profile/<RL or DL>.<what>.ttl
break the profile, and their `# says:` line is in what the OWL API says of it.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import rdflib
from rdflib import OWL, RDF, XSD, Graph, Literal, URIRef

from kg import shapes, terms
from kg.rdf import parse_lines, serialise
from tests.conftest import ROOT, tool
from tests.test_contradiction import FIXTURES, mended

PROFILES = sorted((ROOT / "tests/data/profile").glob("*.ttl"))
DATATYPES = {RDF.langString, XSD.string, XSD.boolean, XSD.decimal, XSD.integer, XSD.hexBinary, XSD.anyURI, None}
"""Those of the OWL 2 datatype map that the project uses. HermiT stops at any other, such as xsd:date."""
UNKNOWN = {XSD.date, XSD.gYear, URIRef(terms.STANDARD["edtf"] + "EDTF")}
"""The others that it uses; shapes look after them, and no axiom speaks of them."""


@pytest.fixture(scope="session")
def java() -> Any:
    """The Java classes of HermiT and the OWL API, by JPype."""
    tool("java", "default-jre-headless")
    import jpype

    found = importlib.util.find_spec("owlready2")
    assert found
    assert found.origin
    if not jpype.isJVMStarted():
        jpype.startJVM(classpath=[str(Path(found.origin).parent / "hermit/HermiT.jar")])
    return jpype.JClass


def loaded(java: Any, graph: Graph) -> Any:
    """The graph as an ontology of the OWL API; nothing is fetched."""
    copy = Graph()
    for triple in graph:
        if triple[1] != OWL.imports:
            copy.add(triple)
    body = copy.serialize(format="xml", encoding="utf-8")
    manager = java("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
    return manager.loadOntologyFromOntologyDocument(java("java.io.ByteArrayInputStream")(body))


def is_consistent(java: Any, graph: Graph) -> bool:
    return bool(java("org.semanticweb.HermiT.Reasoner")(loaded(java, graph)).isConsistent())


def violations(java: Any, graph: Graph, profile: str) -> list[str]:
    """What keeps the graph out of a profile, RL or DL."""
    report = java(f"org.semanticweb.owlapi.profiles.OWL2{profile}Profile")().checkOntology(loaded(java, graph))
    found = [str(violation) for violation in report.getViolations()]
    if profile == "RL":  # which allows no such axiom (OWL 2 Profiles, 4.2.5); this version of the OWL API overlooks it
        found += [f"ReflexiveObjectProperty: {term}" for term in graph.subjects(RDF.type, OWL.ReflexiveProperty)]
    return sorted(found)


def ontology() -> Graph:
    return shapes.folder_graph("ontology")


@pytest.fixture(scope="session")
def facts(graph: list[bytes]) -> Graph:
    """The asserted triples of the real graph."""
    ending = f"<{terms.GRAPH_INFERRED}> .".encode()
    body = serialise(parse_lines(b"\n".join(line for line in graph if not line.endswith(ending))), "ntriples", {})
    return Graph().parse(data=body, format="nt")


def known(graph: Graph) -> Graph:
    """The graph without the literals at which HermiT stops."""
    copy = Graph()
    for triple in graph:
        if not (isinstance(triple[2], Literal) and triple[2].datatype not in DATATYPES):
            copy.add(triple)
    return copy


# ---- consistency ----


def test_only_literals_of_named_datatypes_are_kept_from_the_second_reasoner(facts: Graph) -> None:
    used = {o.datatype for o in facts.objects() if isinstance(o, Literal)}
    assert used - DATATYPES <= UNKNOWN
    assert set(facts.objects(None, rdflib.RDFS.range)).isdisjoint(UNKNOWN)


@pytest.mark.slow
def test_a_second_reasoner_finds_the_real_graph_consistent(java: Any, facts: Graph) -> None:
    graph = known(facts)
    assert len(graph) > 12_000
    assert is_consistent(java, graph)
    event = next(graph.subjects(RDF.type, URIRef(terms.PREFIXES["icr"] + "Meeting")))
    graph.add((event, URIRef(terms.STANDARD["prov"] + "wasDerivedFrom"), URIRef(terms.BASE + "id/org/miit")))
    assert not is_consistent(java, graph)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_second_reasoner_finds_each_contradiction(path: Path, java: Any) -> None:
    text = path.read_text(encoding="utf-8")
    assert not is_consistent(java, Graph().parse(data=text, format="turtle"))
    assert is_consistent(java, Graph().parse(data=mended(text), format="turtle"))


# ---- profiles ----


@pytest.mark.parametrize("profile", ["RL", "DL"])
def test_the_ontology_is_in_the_profile(profile: str, java: Any) -> None:
    assert violations(java, ontology(), profile) == []


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["RL", "DL"])
def test_the_facts_are_in_the_profile(profile: str, java: Any, facts: Graph) -> None:
    """Nothing that the facts say makes one kind of property another, or uses what is not declared."""
    assert violations(java, known(facts), profile) == []


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_what_is_outside_the_profile_is_told(path: Path, java: Any) -> None:
    (says,) = re.findall(r"^# says: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    found = violations(java, Graph().parse(path), path.name.split(".")[0])
    assert found
    assert all(says in violation for violation in found)


def test_fixtures_of_both_profiles() -> None:
    assert {path.name.split(".")[0] for path in PROFILES} == {"RL", "DL"}
    assert len(PROFILES) >= 15
