"""Over every Turtle file: parsers, prefixes, terms, labels, versions, and no wording of the sources."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyoxigraph
import pytest
import rdflib

import kg
from kg import terms
from kg.rdf import graph_of, read_project, read_turtle
from tests.conftest import ROOT

FILES = sorted(
    path for folder in ("examples", "ontology", "seeds", "shapes") for path in (ROOT / folder).rglob("*.ttl")
)
ONTOLOGY = [path for path in FILES if path.is_relative_to(ROOT / "ontology")]
SEEDS = [path for path in FILES if path.is_relative_to(ROOT / "seeds")]
name_of = lambda path: str(path.relative_to(ROOT))  # noqa: E731
ICR = terms.PREFIXES["icr"]
RDF_TYPE = terms.STANDARD["rdf"] + "type"
LABEL = terms.STANDARD["rdfs"] + "label"
DEFINITION = terms.STANDARD["skos"] + "definition"


def iri(term: object) -> str:
    return str(getattr(term, "value", ""))


def test_there_is_something_to_test() -> None:
    assert len(ONTOLOGY) >= 20
    assert len(SEEDS) >= 25


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_it_parses_alike_in_both_libraries(path: Path) -> None:
    ours = {str(triple) for triple in read_turtle(path)}
    theirs = rdflib.Graph()
    rdflib.NORMALIZE_LITERALS = False
    theirs.parse(path, format="turtle")
    body = theirs.serialize(format="nt", encoding="utf-8")
    assert {str(quad.triple) for quad in pyoxigraph.parse(body, format=pyoxigraph.RdfFormat.N_TRIPLES)} == ours


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_it_says_what_it_is_and_uses_the_common_prefixes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    declared = dict(re.findall(r"^@prefix ([\w-]+): <([^>]+)> \.$", text, re.MULTILINE))
    assert len(declared) == text.count("@prefix")
    common = dict(terms.PREFIXES)
    if path.is_relative_to(ROOT / "seeds/documents") or path.is_relative_to(ROOT / "examples"):
        common |= terms.document_prefixes(path.parent.name)
    assert declared.items() <= common.items()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_node_has_an_iri(path: Path) -> None:
    for triple in read_turtle(path):
        assert not isinstance(triple.subject, pyoxigraph.BlankNode)
        assert not isinstance(triple.object, pyoxigraph.BlankNode)


def declared_terms() -> dict[str, set[str]]:
    """Our terms and what they are declared as; the registry brings schemes of its own."""
    found: dict[str, set[str]] = {}
    for path in [*ONTOLOGY, *(ROOT / "seeds/things").glob("*.ttl")]:
        for triple in read_turtle(path):
            if iri(triple.predicate) == RDF_TYPE and iri(triple.subject).startswith(
                (ICR, terms.BASE + "ns", terms.BASE + "scheme/")
            ):
                found.setdefault(iri(triple.subject), set()).add(iri(triple.object).split("#")[-1])
    return found


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_term_of_ours_is_declared(path: Path) -> None:
    declared = declared_terms()
    for triple in read_turtle(path):
        for node in (triple.predicate, triple.object):
            if iri(node).startswith((ICR, terms.BASE + "scheme/")):
                assert iri(node) in declared, f"{iri(node)} is not declared"


def test_every_term_is_used(nquads: list[bytes]) -> None:
    """A term that neither facts, inferences, shapes nor queries use is left out."""
    ontology_graph = f"<{terms.GRAPH_ONTOLOGY}> .".encode()
    used = set(
        re.findall(
            rb"<(https://w3id\.org/icr/ns#\w+)>", b"\n".join(x for x in nquads if not x.endswith(ontology_graph))
        )
    )
    for path in [*(ROOT / "shapes").rglob("*.ttl"), *(ROOT / "queries").rglob("*.rq")]:
        used |= {(ICR + name).encode() for name in re.findall(r"\bicr:(\w+)", path.read_text(encoding="utf-8"))}
    ours = {term for term, kinds in declared_terms().items() if term.startswith(ICR) and kinds & KINDS}
    parents = {
        iri(t.object)
        for path in ONTOLOGY
        for t in read_turtle(path)
        if iri(t.predicate).endswith(("#subClassOf", "#subPropertyOf"))
    }
    unused = sorted(term for term in ours - parents if term.encode() not in used)
    assert unused == [ICR + "alignedWith"]  # an annotation within the ontology


KINDS = {"Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty"}


def test_terms_have_labels_in_both_languages_a_definition_and_a_home() -> None:
    facts: dict[str, dict[str, list[pyoxigraph.Literal]]] = {}
    for path in ONTOLOGY:
        for triple in read_turtle(path):
            if iri(triple.subject).startswith(ICR):
                facts.setdefault(iri(triple.subject), {}).setdefault(iri(triple.predicate), []).append(triple.object)  # type: ignore[arg-type]
    terms_of_ours = {term for term, kinds in declared_terms().items() if term.startswith(ICR) and kinds & KINDS}
    labels: Counter[tuple[str, str | None]] = Counter()
    for term in terms_of_ours:
        entry = facts[term]
        assert {literal.language for literal in entry[LABEL]} == {"en", "zh-hans"}, term  # tags compare in lower case
        (definition,) = entry[DEFINITION]
        english = next(literal.value for literal in entry[LABEL] if literal.language == "en")
        assert len(definition.value) > len(english), term
        assert definition.value[0].isupper(), term
        assert definition.value.endswith("."), term
        assert entry[terms.STANDARD["rdfs"] + "isDefinedBy"], term
        labels.update((literal.value, literal.language) for literal in entry[LABEL])
    assert not [label for label, number in labels.items() if number > 1]


def test_versions_are_one() -> None:
    versions = {
        triple.object.value  # type: ignore[union-attr]
        for path in ONTOLOGY
        for triple in read_turtle(path)
        if iri(triple.predicate).endswith("#versionInfo")
    }
    assert versions == {kg.__version__}


def test_the_root_has_the_iri_of_its_version() -> None:
    named = {iri(t.object) for path in ONTOLOGY for t in read_turtle(path) if iri(t.predicate).endswith("#versionIRI")}
    assert named == {f"{terms.BASE}ns/{kg.__version__}"}


def test_every_header_has_a_version() -> None:
    triples = [triple for path in ONTOLOGY for triple in read_turtle(path)]
    headers = {iri(t.subject) for t in triples if iri(t.object).endswith("owl#Ontology")}
    assert headers == {iri(t.subject) for t in triples if iri(t.predicate).endswith("#versionInfo")}


def test_the_root_imports_every_module() -> None:
    triples = [triple for path in ONTOLOGY for triple in read_turtle(path)]
    modules = {iri(t.subject) for t in triples if iri(t.object).endswith("owl#Ontology")}
    imported = {iri(t.object) for t in triples if iri(t.predicate).endswith("owl#imports")}
    assert modules - imported == {terms.BASE + "ns"}


def test_no_triple_stands_in_two_graphs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, twice = read_project(str(path) for path in FILES if path.parts[-2] != "shapes")
    assert twice == []
    first, second = tmp_path / "seeds/things/a.ttl", tmp_path / "seeds/documents/d/b.ttl"
    for path in (first, second):
        path.parent.mkdir(parents=True)
        path.write_text("<urn:a> <urn:b> <urn:c> .")
    monkeypatch.setattr("kg.layout.data_root", lambda: str(tmp_path))
    assert len(read_project([str(first), str(second)])[1]) == 1


def test_files_fill_the_graphs_of_their_folders() -> None:
    assert graph_of(str(ROOT / "ontology/schemes/hedge.ttl")).endswith("graph/ontology")
    assert graph_of(str(ROOT / "seeds/documents/a-2031/claims.ttl")).endswith("graph/doc/a-2031")
    assert graph_of(str(ROOT / "seeds/things/places.ttl")).endswith("graph/entities")
    assert graph_of(str(ROOT / "seeds/comparisons/x.ttl")).endswith("graph/comparisons")


def test_added_files_fill_graphs_in_the_layout_of_seeds_or_beside_a_record() -> None:
    assert graph_of("/own/documents/a-2031/claims.ttl").endswith("graph/doc/a-2031")
    assert graph_of("/own/things/places.ttl").endswith("graph/entities")
    assert graph_of("/own/comparisons/rates.ttl").endswith("graph/comparisons")
    assert graph_of("/own/a-2031/record.ttl").endswith("graph/doc/a-2031")
    assert graph_of("/own/a-2031/things.ttl").endswith("graph/entities")
    assert graph_of("/own/a-2031/comparisons.ttl").endswith("graph/comparisons")


def test_no_wording_of_the_sources_is_in_the_project() -> None:
    wording = ROOT.parent / "shared/tools/wording"
    if not wording.exists():
        pytest.skip(
            "the tool that compares the project with the five texts is not here, as the texts are not ours to publish"
        )
    done = subprocess.run([sys.executable, str(wording), str(ROOT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
