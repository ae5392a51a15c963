"""Exports: the same bytes twice, literals as written, no blank nodes, nothing of the texts."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest
import rdflib

from kg import layout
from kg.rdf import parse_lines
from tests.conftest import Outcome, process

FORMATS = {
    "nquads": "nquads",
    "trig": "trig",
    "ntriples": "nt",
    "turtle": "turtle",
    "jsonld": "json-ld",
    "rdfxml": "xml",
}


def test_twice_the_same_bytes_in_two_processes() -> None:
    first = process("export", "--format", "nquads")
    again = process("export", "--format", "nquads", env={"PYTHONHASHSEED": "7"})
    assert (first.code, first.err) == (0, "")
    assert first.out == again.out
    lines = first.out.splitlines()
    assert lines == sorted(set(lines), key=str.encode)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS)
def test_rdflib_and_pyoxigraph_read_the_same_set(kg: Callable[..., Outcome], form: str, nquads: list[bytes]) -> None:
    exported = kg("export", "--format", form)
    assert exported.code == 0
    rdflib.NORMALIZE_LITERALS = False
    with_graphs = form in {"nquads", "trig", "jsonld"}
    dataset = rdflib.Dataset() if with_graphs else rdflib.Graph()
    dataset.parse(data=exported.out, format=FORMATS[form])
    body = dataset.serialize(format="nquads" if with_graphs else "nt", encoding="utf-8")
    theirs = {
        quad if with_graphs else quad.triple for quad in pyoxigraph.parse(body, format=pyoxigraph.RdfFormat.N_QUADS)
    }
    ours = {quad if with_graphs else quad.triple for quad in parse_lines(b"\n".join(nquads))}
    assert theirs == ours


def test_no_blank_nodes(nquads: list[bytes]) -> None:
    assert not [line for line in nquads if line.startswith(b"_:") or b" _:" in re.sub(rb'"(?:[^"\\]|\\.)*"', b"", line)]


@pytest.mark.texts
def test_no_literal_holds_a_sentence_of_a_text(texts: Path, nquads: list[bytes]) -> None:
    literals = {
        quad.object.value for quad in parse_lines(b"\n".join(nquads)) if isinstance(quad.object, pyoxigraph.Literal)
    }
    sentences = {
        sentence.strip()
        for path in texts.glob("*.txt")
        for sentence in re.split(r"(?<=[.!?])\s+|\n", path.read_text(encoding="utf-8"))
        if len(sentence.split()) >= 5
    }
    assert len(sentences) > 150
    titles = {
        literal
        for literal in literals
        if any(t in literal for t in ("Nearly", "briefing", "manufacturing push", "Almost", "China seeks"))
    }
    assert not {literal for literal in literals - titles if literal.strip() in sentences}
    assert not [sentence for sentence in sentences for literal in literals - titles if sentence in literal]


AWKWARD = r"""# Literals that stores like to rewrite.
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:a> <urn:p> 1.00 , 12.50 , "1e400"^^xsd:double , "007"^^xsd:integer , "+7"^^xsd:integer ,
  "5"^^xsd:nonNegativeInteger , "5"^^xsd:int , "2020-02-29+14:00"^^xsd:date , "2020"^^xsd:gYear , "0AFF"^^xsd:hexBinary ,
  "text"@EN-gb , "新"@zh-Hans , "tab\tquote\"back\\slash" , "1"^^<urn:own> , "true"^^xsd:boolean , "1"^^xsd:boolean .
"""


XSD = "http://www.w3.org/2001/XMLSchema#"
WRITTEN = [
    *(f'"{form}"^^<{XSD}decimal>' for form in ("1.00", "12.50")),
    f'"1e400"^^<{XSD}double>',
    *(f'"{form}"^^<{XSD}integer>' for form in ("007", "+7")),
    *(f'"{form}"^^<{XSD}boolean>' for form in ("true", "1")),
    f'"5"^^<{XSD}nonNegativeInteger>',
    f'"5"^^<{XSD}int>',
    f'"2020-02-29+14:00"^^<{XSD}date>',
    f'"2020"^^<{XSD}gYear>',
    f'"0AFF"^^<{XSD}hexBinary>',
    '"text"@en-gb',  # RDF 1.1 Concepts 3.3: the value space of language tags is in lower case
    '"新"@zh-hans',
    r'"tab\tquote\"back\\slash"',
    '"1"^^<urn:own>',
]


def test_lexical_forms_survive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kg: Callable[..., Outcome]) -> None:
    folder = tmp_path / "data"
    for name in layout.DATA_FOLDERS:
        (folder / name).mkdir(parents=True)
    for kind in ("answer", "check", "contradiction", "derive", "explain"):
        (folder / "queries" / kind).mkdir()
    (folder / "seeds/things").mkdir()
    (folder / "seeds/things/awkward.ttl").write_text(AWKWARD, encoding="utf-8")
    monkeypatch.setattr(layout, "data_root", lambda: str(folder))
    exported = kg("export", "--store", str(tmp_path / "store"), "--quiet")
    assert exported.code == 0, exported.err
    lines = [f"<urn:a> <urn:p> {written} <https://w3id.org/icr/graph/entities> .\n" for written in WRITTEN]
    assert exported.out == "".join(sorted(lines))


def test_one_graph_and_another_base(kg: Callable[..., Outcome]) -> None:
    one = kg("export", "--graph", "graph:comparisons")
    assert one.out
    assert all(line.endswith("<https://w3id.org/icr/graph/comparisons> .") for line in one.out.splitlines())
    moved = kg("export", "--graph", "https://w3id.org/icr/graph/comparisons", "--base", "https://example.org/x/")
    assert "w3id.org/icr/" not in moved.out
    assert moved.out.count("\n") == one.out.count("\n")


def test_bad_requests(kg: Callable[..., Outcome], tmp_path: Path) -> None:
    assert (
        kg("export", "--format", "nquad").err
        == "error[usage]: there is no format 'nquad'\n  hint: did you mean nquads?\n"
    )
    unknown = kg("export", "--graph", "graph:comparison")
    assert (unknown.code, unknown.out) == (3, "")
    assert "graph/comparisons" in unknown.err
    assert kg("export", "--base", "not an iri").code == 3
    refused = kg("export", "-o", str(tmp_path / "no" / "file.nq"))
    assert (refused.code, refused.out) == (4, "")


def test_links_are_followed_and_devices_written_to(kg: Callable[..., Outcome], tmp_path: Path) -> None:
    (tmp_path / "there.nq").write_text("old")
    (tmp_path / "link.nq").symlink_to(tmp_path / "there.nq")
    assert kg("export", "--graph", "graph:comparisons", "-o", str(tmp_path / "link.nq")).code == 0
    assert (tmp_path / "link.nq").is_symlink()
    assert (tmp_path / "there.nq").read_text() != "old"
    os.mkfifo(tmp_path / "pipe")
    reader = subprocess.Popen(["cat", str(tmp_path / "pipe")], stdout=subprocess.PIPE)
    assert kg("export", "--graph", "graph:comparisons", "-o", str(tmp_path / "pipe")).code == 0
    assert reader.communicate(timeout=30)[0] == (tmp_path / "there.nq").read_bytes()
    assert (tmp_path / "pipe").is_fifo()


def test_output_goes_to_a_file_whole(kg: Callable[..., Outcome], tmp_path: Path, nquads: list[bytes]) -> None:
    assert kg("export", "-o", str(tmp_path / "graph.nq")) == Outcome(0, "", "")
    assert (tmp_path / "graph.nq").read_bytes().splitlines() == nquads
    assert [path.name for path in tmp_path.iterdir()] == ["graph.nq"]
