"""Exports: the same bytes twice, literals as written, no blank nodes, nothing of the texts."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest
import rdflib

from kg import layout, rdf, sorting, terms
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


@pytest.mark.parametrize(("name", "first"), [("g.trig", b"@prefix"), ("g.nq", b"<http"), ("g.dat", b"<http")])
def test_the_name_of_the_file_gives_the_format(
    kg: Callable[..., Outcome], name: str, first: bytes, tmp_path: Path
) -> None:
    assert kg("export", "--output", str(tmp_path / name)).code == 0
    assert (tmp_path / name).read_bytes().startswith(first)


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
    assert kg("export", "--graph", "comparisons").out == one.out
    links = kg("export", "--graph", "links", "--base", "https://example.org/x/").out
    assert f'<{terms.expand("void:uriSpace")}> "https://example.org/x/"' in links


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


def lines_about(nquads: list[bytes], subjects: set[bytes]) -> list[bytes]:
    return [line for line in nquads if line.split(b" ")[0] in subjects]


def test_a_document_is_what_is_said_of_the_things_that_it_describes(
    kg: Callable[..., Outcome], nquads: list[bytes]
) -> None:
    ending = b" <https://w3id.org/icr/graph/doc/scmp-2020-03-25> ."
    described = {line.split(b" ")[0] for line in nquads if line.endswith(ending)}
    done = kg("export", "--document", "scmp-2020-03-25")
    assert done.out.encode().splitlines() == lines_about(nquads, described)
    assert len(done.out.splitlines()) > sum(line.endswith(ending) for line in nquads)  # with what follows


@pytest.mark.parametrize(("name", "kind"), [("claims", "Claim"), ("industry", "Industry"), ("icr:Target", "Target")])
def test_a_kind_is_what_is_said_of_its_things(
    kg: Callable[..., Outcome], nquads: list[bytes], name: str, kind: str
) -> None:
    needle = f" <{terms.expand('rdf:type')}> <{terms.expand('icr:' + kind)}> ".encode()
    things = {line.split(b" ")[0] for line in nquads if needle in line}
    done = kg("export", "--kind", name)
    assert done.out.encode().splitlines() == lines_about(nquads, things)
    assert things


def test_selections_narrow_each_other(kg: Callable[..., Outcome]) -> None:
    both = kg("export", "--kind", "claims", "--document", "scmp-2020-03-25").out.splitlines()
    claims = set(kg("export", "--kind", "claims").out.splitlines())
    document = set(kg("export", "--document", "scmp-2020-03-25").out.splitlines())
    assert both == [line for line in sorted(claims & document, key=str.encode) if "/claim/" in line.split(" ")[0]]
    asserted = kg("export", "--kind", "claims", "--graph", "graph:doc/scmp-2020-03-25").out.splitlines()
    assert asserted == [line for line in sorted(claims, key=str.encode) if "/graph/doc/scmp-2020-03-25>" in line]
    for option, name, nearest in (("--kind", "claim_s", "claims"), ("--document", "scmp-2020", "scmp-2020-03-25")):
        unknown = kg("export", option, name)
        assert (unknown.code, unknown.out) == (3, "")
        assert nearest in unknown.err


def test_files_are_packed_as_their_names_say(kg: Callable[..., Outcome], tmp_path: Path) -> None:
    import zstandard

    plain = kg("export", "--graph", "graph:comparisons").out.encode()
    for name in ("a.nq.gz", "a.nq.zst"):
        assert kg("export", "--graph", "graph:comparisons", "-o", str(tmp_path / name)).code == 0
    packed = (tmp_path / "a.nq.gz").read_bytes()
    assert gzip.decompress(packed) == plain
    assert packed[3:8] == bytes(5)  # neither a name nor a time (RFC 1952, 2.3)
    with (tmp_path / "a.nq.zst").open("rb") as file:
        assert zstandard.ZstdDecompressor().stream_reader(file).read() == plain
    assert kg("export", "--compress", "zip").code == 2


def test_without_zstandard_there_is_a_sentence(
    kg: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    done = kg("export", "-o", str(tmp_path / "a.nq.zst"))
    assert (done.code, list(tmp_path.iterdir())) == (2, [])
    assert done.err.startswith("error[usage]: Zstandard is not installed here\n  hint: pip install ")


@pytest.mark.parametrize("form", ["nquads", "turtle"])
def test_parts_make_the_whole_and_keep_a_thing_together(kg: Callable[..., Outcome], tmp_path: Path, form: str) -> None:
    target = tmp_path / "graph.rdf.gz"
    assert kg("export", "--format", form, "--split", "3", "-o", str(target)).code == 0
    manifest = json.loads((tmp_path / "graph.rdf.gz.manifest.json").read_bytes())
    names = [f"graph-{number}-of-3.rdf.gz" for number in (1, 2, 3)]
    assert [part["file"] for part in manifest["parts"]] == names
    whole = set(kg("export", "--format", "ntriples").out.splitlines())
    seen: set[str] = set()
    subjects: list[set[object]] = []
    for part in manifest["parts"]:
        packed = (tmp_path / part["file"]).read_bytes()
        assert (part["bytes"], part["sha256"]) == (len(packed), hashlib.sha256(packed).hexdigest())
        form_of = pyoxigraph.RdfFormat.N_QUADS if form == "nquads" else pyoxigraph.RdfFormat.TURTLE
        quads = list(pyoxigraph.parse(gzip.decompress(packed), format=form_of))
        assert part["statements"] == len(quads)
        triples = pyoxigraph.serialize((quad.triple for quad in quads), format=pyoxigraph.RdfFormat.N_TRIPLES)
        assert triples is not None
        seen |= set(triples.decode().splitlines())
        subjects.append({quad.subject for quad in quads})
    assert seen == whole
    assert not subjects[0] & subjects[1]
    assert not subjects[1] & subjects[2]
    sizes = [part["statements"] for part in manifest["parts"]]
    assert max(sizes) < 1.2 * min(sizes)
    nquads = kg("export").out.encode()
    assert manifest["rdfc10-sha256"] == hashlib.sha256(nquads).hexdigest()
    assert kg("export", "--split", "2").code == 2


def test_the_canonical_form_is_that_of_others(kg: Callable[..., Outcome]) -> None:
    """PyLD's URDNA2015, which RDFC-1.0 standardises, on a part of the graph in another order."""
    from pyld import jsonld

    ours = kg("export", "--graph", "graph:comparisons").out
    shuffled = ours.splitlines(keepends=True)
    random.Random(1).shuffle(shuffled)
    options = {"algorithm": "URDNA2015", "inputFormat": "application/n-quads", "format": "application/n-quads"}
    assert "".join(shuffled) != ours
    assert jsonld.normalize("".join(shuffled), options) == ours


def test_awkward_characters_are_in_canonical_form() -> None:
    """https://www.w3.org/TR/rdf-canon/#canonical-quads: what is escaped, and how; all else stands as it is."""
    canonical = (
        b'<urn:a> <urn:p> "\\b\\t\\n\\f\\r\\"\\\\ \\u0000\\u0007\\u000B\\u000E\\u001F\\u007F '
        + "é\u0080\u2028新𠀀".encode()
        + b'"@zh-hans <urn:g> .'
    )
    assert rdf.canonical_lines(parse_lines(canonical)) == [canonical]


def test_json_ld_reads_well_and_means_the_same(kg: Callable[..., Outcome], nquads: list[bytes]) -> None:
    body = kg("export", "--format", "jsonld").out
    graphs = {graph["id"]: graph["@graph"] for graph in json.loads(body)["@graph"]}
    nodes = {node["id"]: node for node in graphs["graph:doc/scmp-2020-03-25"]}
    claim = nodes["thing:claim/scmp-2020-03-25/cloud-sme-restart-rate-tuesday"]
    assert claim["type"] == "icr:Measurement"
    assert claim["measuredEntity"] == "id-population:cn-smes-on-cloud-platforms"
    quantity = nodes["id-quantity:scmp-2020-03-25/cloud-sme-restart-rate-tuesday"]
    assert (quantity["numericValue"], quantity["printedForm"]) == ("71.7", "71.7 per cent")
    assert set(pyoxigraph.parse(body.encode(), format=pyoxigraph.RdfFormat.JSON_LD)) == set(
        parse_lines(b"\n".join(nquads))
    )


@pytest.mark.parametrize("run", [1, 7, 10_000])
def test_sorting_through_files_is_sorting(run: int) -> None:
    lines = [f"{random.Random(n).randrange(300)} é新𠀀"[: n % 9].encode() for n in range(2000)]
    assert list(sorting.sorted_lines(lines, run)) == sorted(set(lines))
