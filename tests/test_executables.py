"""graph/meta: the answer queries as SHACL executables that other tools can list and run."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pyshacl
import pytest
import rdflib
from rdflib.namespace import CSVW, DCTERMS, RDF, RDFS, SH

from kg import build, checking, engine, executables, queries, terms
from kg.errors import SyntaxProblem
from kg.rdf import parse_lines
from kg.store import Session, current_generation
from tests.conftest import ROOT, Outcome
from tests.test_every_turtle import declared_terms

ANSWERS = sorted((ROOT / "queries/answer").glob("*.rq"))
META = f" <{terms.GRAPH_META}> .".encode()
QUERY = rdflib.Namespace(terms.BASE + "query/")
OWL_TERM = {"Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty"}


@pytest.fixture(scope="module")
def meta() -> rdflib.Graph:
    """What `kg export --graph graph:meta` writes."""
    return rdflib.Dataset().parse(data=b"\n".join(executables.lines()), format="nquads").graph(terms.GRAPH_META)


def values(graph: rdflib.Graph, node: rdflib.term.Node, path: rdflib.URIRef) -> list[str]:
    return [str(value) for value in graph.objects(node, path)]


def numbered(graph: rdflib.Graph, query: rdflib.URIRef, link: rdflib.URIRef, name: rdflib.URIRef) -> list[str]:
    """The names of the parameters or columns of a query, in their order."""
    nodes = {int(str(graph.value(node, SH.order))): str(graph.value(node, name)) for node in graph.objects(query, link)}
    assert sorted(nodes) == list(range(1, len(nodes) + 1))
    return [nodes[place] for place in sorted(nodes)]


def test_the_export_holds_every_file_to_the_letter(kg: Callable[..., Outcome], meta: rdflib.Graph) -> None:
    exported = rdflib.Graph().parse(data=kg("export", "--graph", "graph:meta", "--format", "turtle").out)
    assert set(exported) == set(meta)
    found = {str(node).removeprefix(str(QUERY)): text.value for node, text in exported.subject_objects(SH.select)}  # type: ignore[attr-defined]
    assert found == {path.stem: path.read_text(encoding="utf-8") for path in ANSWERS}
    assert {text.datatype for text in exported.objects(None, SH.select)} <= {None, rdflib.XSD.string}  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
def test_head_and_text_are_described(path: Path, meta: rdflib.Graph) -> None:
    """Read from the file itself: the head's lines, the VALUES lines, the variables after SELECT."""
    node, text = QUERY[path.stem], path.read_text(encoding="utf-8")
    assert set(values(meta, node, DCTERMS.title)) == set(re.findall(r'^#\+ title = "(.*)"$', text, re.MULTILINE))
    assert values(meta, node, RDFS.comment) == re.findall(r'^#\+ question = "(.*)"$', text, re.MULTILINE)
    (tags,) = re.findall(r"^#\+ tags = \[(.*)\]$", text, re.MULTILINE)
    assert sorted(values(meta, node, DCTERMS.subject)) == sorted(re.findall(r'"(.*?)"', tags))
    (projection,) = re.findall(r"^SELECT (?:DISTINCT )?((?:\?\w+\s*)+)$", text, re.MULTILINE)
    assert numbered(meta, node, CSVW.column, CSVW.name) == projection.replace("?", "").split()
    params = numbered(meta, node, SH.parameter, SH.name)
    assert params == re.findall(r"^#\+ \[params\.(\w+)\]$", text, re.MULTILINE)
    assert all(f"VALUES ?{param} {{" in text for param in params)
    assert ((node, RDF.type, SH.Parameterizable) in meta) == bool(params)


def test_a_parameter_is_named_by_the_last_part_of_its_path(meta: rdflib.Graph) -> None:
    """SHACL 6.2.1: the local name of sh:path is the variable; nodeKind or datatype says what it takes."""
    parameters = list(meta.subjects(RDF.type, SH.Parameter))
    assert len(parameters) >= 20
    for node in parameters:
        (path,), (name,) = values(meta, node, SH.path), values(meta, node, SH.name)
        assert path.rpartition("#")[2] == name
        assert (rdflib.URIRef(path), RDF.type, RDF.Property) in meta
        assert len([*values(meta, node, SH.nodeKind), *values(meta, node, SH.datatype)]) == 1
        assert values(meta, node, SH.optional) == ["true"]
    calendar = QUERY["calendar#parameter-from"]
    assert values(meta, calendar, SH.datatype) == [str(rdflib.XSD.date)]


# What the SPARQL examples of the Swiss Institute of Bioinformatics hold theirs to, but for the address of an endpoint,
# which this graph has not; and what SHACL says of parameters.
RULES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
[] a sh:NodeShape ; sh:targetClass sh:SPARQLExecutable ;
  sh:property [
    sh:path [ sh:alternativePath ( sh:select sh:ask sh:describe sh:construct ) ] ;
    sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string
  ] , [ sh:path rdfs:comment ; sh:minCount 1 ; sh:maxCount 1 ] .
[] a sh:NodeShape ; sh:targetClass sh:Parameter ;
  sh:property [ sh:path sh:path ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] .
"""


def test_it_keeps_the_rules_of_sparql_examples(meta: rdflib.Graph) -> None:
    rules = rdflib.Graph().parse(data=RULES)
    data = rdflib.Graph()
    for triple in meta:
        data.add(triple)
    conforms, _, report = pyshacl.validate(data, shacl_graph=rules)
    assert conforms, report
    data.add((QUERY["chains"], RDFS.comment, rdflib.Literal("a second comment")))
    data.remove((QUERY["calendar#parameter-from"], SH.path, None))
    _, found, _ = pyshacl.validate(data, shacl_graph=rules)
    assert isinstance(found, rdflib.Graph)
    focus = {str(node).removeprefix(str(QUERY)) for node in found.objects(None, SH.focusNode)}
    assert focus == {"chains", "calendar#parameter-from"}


def test_every_term_exists_and_is_declared(meta: rdflib.Graph) -> None:
    reused = rdflib.Graph().parse(ROOT / "ontology/reused.ttl")
    declared = {str(node) for node, kind in reused.subject_objects(RDF.type) if str(kind).split("#")[-1] in OWL_TERM}
    used = {str(p) for p in meta.predicates()} | {str(o) for o in meta.objects(None, RDF.type)}
    for term in used:
        for space in (SH, CSVW, DCTERMS):
            assert not term.startswith(str(space)) or term.removeprefix(str(space)) in space, f"{term} does not exist"
    common = {
        str(RDF.type),
        str(RDF.Property),
        str(RDFS.comment),
        str(DCTERMS.identifier),
        str(DCTERMS.title),
        str(DCTERMS.description),
    }
    assert used - common <= declared | set(declared_terms())
    assert used & declared


def test_it_stands_in_no_other_graph_and_breaks_no_check(nquads: list[bytes]) -> None:
    ours = [line for line in nquads if line.endswith(META)]
    assert ours == executables.lines()
    assert not any(isinstance(node, pyoxigraph.BlankNode) for quad in parse_lines(b"\n".join(ours)) for node in quad)
    beside = {quad.triple for quad in parse_lines(b"\n".join(line for line in nquads if not line.endswith(META)))}
    assert not beside & {quad.triple for quad in parse_lines(b"\n".join(ours))}
    assert [finding for finding in checking.checks(engine.asking_lines(nquads)) if "/query/" in finding.node] == []


def test_a_query_runs_from_the_graph_itself(store: str, kg: Callable[..., Outcome]) -> None:
    session = Session(store, quiet=True)
    listing = "SELECT ?text { ?query dcterms:identifier 'leading-firms' ; sh:select ?text }"
    _, ((text,),) = session.ask(listing, terms.PREFIXES).rows()
    assert isinstance(text, pyoxigraph.Literal)
    assert session.ask(text.value).serialise("tsv").decode() == kg("query", "leading-firms", "--format", "tsv").out


def test_with_another_base_the_queries_name_it(kg: Callable[..., Outcome]) -> None:
    moved = rdflib.Dataset()
    moved.parse(data=kg("export", "--base", "https://data.example.org/icr/").out, format="nquads")
    meta = moved.graph("https://data.example.org/icr/graph/meta")
    text = str(meta.value(rdflib.URIRef("https://data.example.org/icr/query/leading-firms"), SH.select))
    assert "PREFIX icr: <https://data.example.org/icr/ns#>" in text
    assert terms.BASE not in text


# ---- an edited query ----


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, list[bool]]:
    """A small project of its own, and a list that grows by one whenever its graph is assembled."""
    root = tmp_path / "checkout"
    for kind in ("answer", "derive"):
        (root / "queries" / kind).mkdir(parents=True)
    shutil.copy(ROOT / "queries/answer/chains.rq", root / "queries/answer/chains.rq")
    shutil.copy(ROOT / "queries/derive/leads.rq", root / "queries/derive/leads.rq")
    (root / "seeds").mkdir()
    (root / "ontology").mkdir()
    monkeypatch.setattr("kg.layout.data_root", lambda: str(root))
    assembled: list[bool] = []

    def assemble(**_: object) -> list[bytes]:
        assembled.append(True)
        return list(executables.relisted([f"<urn:a> <urn:b> <urn:c> <{terms.GRAPH_ENTITIES}> .".encode()]))

    monkeypatch.setattr(build, "assemble", assemble)
    return root, assembled


def selects(store: Path) -> list[str]:
    _, rows = Session(str(store), quiet=True).ask("SELECT ?t { ?q sh:select ?t } ORDER BY ?t", terms.PREFIXES).rows()
    return [getattr(row[0], "value", "") for row in rows]


def test_an_edited_query_is_listed_anew_without_reasoning(checkout: tuple[Path, list[bool]], tmp_path: Path) -> None:
    (root, assembled), store = checkout, tmp_path / "store"
    file, original = root / "queries/answer/chains.rq", (ROOT / "queries/answer/chains.rq").read_text(encoding="utf-8")
    assert selects(store) == [original]
    file.write_text(original + "# one more line\n", encoding="utf-8")
    assert selects(store) == [original + "# one more line\n"]
    shutil.copy(ROOT / "queries/answer/pmi.rq", root / "queries/answer/pmi.rq")
    assert len(selects(store)) == 2
    file.unlink()
    assert len(selects(store)) == 1
    assert len(assembled) == 1
    assert Session(str(store), quiet=True).ask("ASK { <urn:a> <urn:b> <urn:c> }").truth()
    with (root / "queries/derive/leads.rq").open("a", encoding="utf-8") as derive:
        derive.write("# facts may follow from this\n")
    assert len(selects(store)) == 1
    assert len(assembled) == 2


def test_a_graph_that_was_tampered_with_is_not_carried_on(checkout: tuple[Path, list[bool]], tmp_path: Path) -> None:
    (root, assembled), store = checkout, tmp_path / "store"
    selects(store)
    record = Path(current_generation(str(store)), "graph.nq")
    record.write_bytes(record.read_bytes().replace(b"<urn:c>", b"<urn:d>"))
    with (root / "queries/answer/chains.rq").open("a", encoding="utf-8") as query:
        query.write("# one more line\n")
    assert len(selects(store)) == 1
    assert len(assembled) == 2


def test_a_forced_build_and_another_folder_are_not_short_cuts(
    checkout: tuple[Path, list[bool]], tmp_path: Path
) -> None:
    (_, assembled), store = checkout, str(tmp_path / "store")
    build.build(store, quiet=True)
    build.build(store, quiet=True, force=True)
    build.build(store, [str(tmp_path / "checkout/seeds")], quiet=True)  # empty: assembling it would say so
    assert len(assembled) == 3


def test_a_bad_head_is_an_error_with_its_place(checkout: tuple[Path, list[bool]], tmp_path: Path) -> None:
    (checkout[0] / "queries/answer/chains.rq").write_text("#+ title = \nSELECT * {}\n", encoding="utf-8")
    with pytest.raises(SyntaxProblem, match="the head of the query is not TOML") as caught:
        selects(tmp_path / "store")
    assert str(caught.value.at).endswith("chains.rq:1")


def test_there_is_something_to_test() -> None:
    assert len(ANSWERS) >= 41
    assert [path.stem for path in ANSWERS] == queries.names()
