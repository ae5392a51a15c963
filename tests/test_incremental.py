"""A large graph of which a document changes: only its files are read, the index is carried on, and the result is the same."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest

from kg import build, generations, inferring, layout, rdf, terms
from kg.store import current_generation
from tests.conftest import ROOT

ICR = terms.PREFIXES["icr"]
HEAD = f"""@prefix icr: <{ICR}> .
@prefix id: <{terms.BASE}id/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
ONTOLOGY = """
icr:within a owl:ObjectProperty , owl:TransitiveProperty ; rdfs:domain icr:Place ; rdfs:range icr:Place .
icr:claimPredicate a owl:AnnotationProperty . icr:claimSubject a owl:ObjectProperty . icr:claimObject a owl:ObjectProperty .
icr:Place a owl:Class ; rdfs:subClassOf icr:Thing . icr:Thing a owl:Class .
"""


def relation(name: str, subject: str, obj: str) -> str:
    return f"id:{name} icr:claimSubject id:{subject} ; icr:claimPredicate icr:within ; icr:claimObject id:{obj} .\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project with two documents, of which every graph counts as large."""
    root = tmp_path / "project"
    for kind in ("answer", "check"):
        (root / "queries" / kind).mkdir(parents=True)
    for kind in ("contradiction", "derive", "entail", "explain"):
        shutil.copytree(ROOT / "queries" / kind, root / "queries" / kind)
    for name, facts in (
        ("ontology/icr.ttl", ONTOLOGY),
        ("seeds/documents/one/record.ttl", relation("a", "village", "county") + "id:village icr:size 1.0 .\n"),
        ("seeds/documents/two/record.ttl", relation("b", "county", "province")),
        ("seeds/things/places.ttl", "".join(f'id:place-{n} rdfs:label "place {n}" .\n' for n in range(300))),
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(HEAD + facts, encoding="utf-8")
    monkeypatch.setattr(layout, "data_root", lambda: str(root))
    monkeypatch.setattr(inferring, "LARGEST_FOR_OWLRL", 0)
    return root


def content(directory: Path) -> tuple[bytes, set[pyoxigraph.Quad]]:
    """The record of the store, and what its index holds."""
    generation = Path(current_generation(str(directory)))
    return (generation / "graph.nq").read_bytes(), set(pyoxigraph.Store.read_only(str(generation / "index")))


def rewrite(project: Path, facts: str) -> None:
    (project / "seeds/documents/one/record.ttl").write_text(HEAD + facts, encoding="utf-8")


def gone(project: Path) -> None:
    shutil.rmtree(project / "seeds/documents/one")


def come(project: Path) -> None:
    (project / "seeds/documents/three").mkdir()
    path = project / "seeds/documents/three/record.ttl"
    path.write_text(HEAD + relation("c", "hamlet", "village"), encoding="utf-8")


CHANGES: dict[str, Callable[[Path], None]] = {
    "another place": lambda project: rewrite(project, relation("a", "village", "town")),
    "what follows is now asserted": lambda project: rewrite(
        project, relation("a", "village", "county") + "id:village icr:within id:province .\n"
    ),
    "an empty document": lambda project: rewrite(project, ""),
    "a document gone": gone,
    "a document come": come,
    "the number in another form": lambda project: rewrite(
        project, relation("a", "village", "county") + "id:village icr:size 1.00 .\n"
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_document_gives_what_a_cold_build_gives(
    name: str, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, cold = tmp_path / "own", tmp_path / "cold"
    build.build(str(own), quiet=True)
    before = content(own)
    assert f"<{terms.BASE}id/village> <{ICR}within> <{terms.BASE}id/province>".encode() in before[0]
    CHANGES[name](project)
    with monkeypatch.context() as watched:
        read: list[str] = []
        read_turtle = rdf.read_turtle

        def reading(path: str) -> list[pyoxigraph.Triple]:
            read.append(Path(path).parent.name)
            return read_turtle(path)

        watched.setattr(rdf, "read_turtle", reading)
        watched.setattr(generations, "make_index", lambda *_: pytest.fail("the index was made anew"))
        build.build(str(own), quiet=True)
        assert set(read) <= {"one", "three"}
    build.build(str(cold), quiet=True)
    assert content(own) == content(cold)
    assert content(own)[0] != before[0]


def test_where_much_changes_the_index_is_made_anew(project: Path, tmp_path: Path) -> None:
    own, cold = tmp_path / "own", tmp_path / "cold"
    build.build(str(own), quiet=True)
    rewrite(project, "".join(f'id:more-{n} rdfs:label "more {n}" .\n' for n in range(200)))
    build.build(str(own), quiet=True)
    build.build(str(cold), quiet=True)
    assert content(own) == content(cold)
    assert not list(Path(current_generation(str(own))).glob("*.nq.part"))
    assert sorted(path.name for path in Path(current_generation(str(own))).iterdir()) == [
        "graph.nq",
        "index",
        "manifest",
    ]


def test_a_number_that_goes_while_its_twin_stays_is_not_lost(project: Path, tmp_path: Path) -> None:
    """1.0 and 1.00 are one number to the index: when one line goes, the other still holds."""
    rewrite(project, "id:village icr:size 1.0 , 1.00 .\n")
    own, cold = tmp_path / "own", tmp_path / "cold"
    build.build(str(own), quiet=True)
    rewrite(project, "id:village icr:size 1.0 .\n")
    build.build(str(own), quiet=True)
    build.build(str(cold), quiet=True)
    assert content(own) == content(cold)


def test_a_record_that_was_tampered_with_is_not_carried_on(project: Path, tmp_path: Path) -> None:
    own, cold = tmp_path / "own", tmp_path / "cold"
    build.build(str(own), quiet=True)
    record = Path(current_generation(str(own)), "graph.nq")
    record.write_bytes(record.read_bytes().replace(b"place 7", b"place 8"))
    rewrite(project, relation("a", "village", "town"))
    build.build(str(own), quiet=True)
    build.build(str(cold), quiet=True)
    assert content(own) == content(cold)
