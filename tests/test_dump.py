"""The dump for publishing: its description counts what is there, its digests hold, and it comes out the same twice."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest
import rdflib

from kg import packing, rdf, terms
from kg.errors import UsageError
from tests.conftest import Outcome, process

Run = Callable[..., Outcome]
DATASET = terms.BASE + "dataset"


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory, store: str) -> Path:
    folder = tmp_path_factory.mktemp("dump") / "out"
    done = process("export", "--dump", str(folder), "--split", "3", "--quiet", env={"KG_STORE": store})
    assert (done.code, done.err) == (0, "")
    assert sorted(done.out.split()) == sorted(
        str(path) for path in folder.iterdir() if not path.name.endswith(".manifest.json")
    )
    return folder


@pytest.fixture(scope="module")
def described(dump: Path) -> dict[str, dict[str, list[str]]]:
    """What the description says: subject to property to values."""
    found: dict[str, dict[str, list[str]]] = {}
    for triple in rdf.read_turtle(dump / "dataset.ttl"):
        about = found.setdefault(triple.subject.value, {})  # type: ignore[union-attr]
        about.setdefault(terms.compact(triple.predicate.value), []).append(triple.object.value)  # type: ignore[union-attr]
    return found


def parts_of(line: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Subject, property, object and graph of an N-Quads line."""
    subject, predicate, rest = line.split(b" ", 2)
    obj, graph, _ = rest.rsplit(b" ", 2)
    return subject, predicate, obj, graph


def test_the_counts_of_the_description_are_those_of_the_lines(
    described: dict[str, dict[str, list[str]]], nquads: list[bytes]
) -> None:
    """VoID (https://www.w3.org/TR/void/), counted again in the text of the record."""
    rows = [parts_of(line) for line in nquads]
    kind = f"<{terms.expand('rdf:type')}>".encode()
    subjects = {row[0] for row in rows}
    expected = {
        "void:triples": len(rows),
        "void:distinctSubjects": len(subjects),
        "void:properties": len({row[1] for row in rows}),
        "void:classes": len({row[2] for row in rows if row[1] == kind}),
        "void:entities": sum(subject.startswith(f"<{terms.BASE}id/".encode()) for subject in subjects),
    }
    said = described[DATASET]
    assert {name: [str(number)] for name, number in expected.items()} == {name: said[name] for name in expected}

    def partition(kind_of_part: str, key: str, number: str) -> dict[str, int]:
        return {described[part][key][0]: int(described[part][number][0]) for part in said[kind_of_part]}

    def counted(values: list[bytes]) -> dict[str, int]:
        return {value.decode()[1:-1]: number for value, number in Counter(values).items()}

    assert partition("void:propertyPartition", "void:property", "void:triples") == counted([row[1] for row in rows])
    things = {(row[0], row[2]) for row in rows if row[1] == kind}
    assert partition("void:classPartition", "void:class", "void:entities") == counted([obj for _, obj in things])
    graphs = {graph: int(described[graph]["void:triples"][0]) for graph in said["void:subset"]}
    assert graphs == counted([row[3] for row in rows])


def test_every_file_is_described_with_its_size_and_digest(
    dump: Path, described: dict[str, dict[str, list[str]]]
) -> None:
    """DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/#Class:Distribution)."""
    files = {path.name for path in dump.iterdir()} - {"README.md", "dataset.ttl", "graph.nq.gz.manifest.json"}
    assert len(files) == 9
    readme = (dump / "README.md").read_text(encoding="utf-8")
    found = set()
    for node in described[DATASET]["dcat:distribution"]:
        about = described[node]
        (name,) = about["dcterms:identifier"]
        body = (dump / name).read_bytes()
        (checksum,) = about["spdx:checksum"]
        assert about["dcat:byteSize"] == [str(len(body))]
        assert described[checksum]["spdx:checksumValue"] == [hashlib.sha256(body).hexdigest()]
        assert about["dcat:compressFormat"] == ["https://www.iana.org/assignments/media-types/application/gzip"]
        assert f"| {len(body):,} | `{hashlib.sha256(body).hexdigest()}` |" in readme
        found.add(name)
    assert found == files


def test_the_digest_of_the_data_set_is_that_of_its_canonical_lines(
    dump: Path, described: dict[str, dict[str, list[str]]], nquads: list[bytes]
) -> None:
    body = b"".join(gzip.decompress(path.read_bytes()) for path in sorted(dump.glob("graph-*.nq.gz")))
    assert sorted(body.splitlines()) == nquads
    digest = hashlib.sha256(b"".join(line + b"\n" for line in sorted(body.splitlines()))).hexdigest()
    (node,) = described[DATASET]["spdx:checksum"]
    assert described[node]["spdx:checksumValue"] == [digest]
    assert re.search(rf"^    {digest}$", (dump / "README.md").read_text(encoding="utf-8"), re.MULTILINE)


def test_every_file_of_the_dump_can_be_read(dump: Path) -> None:
    forms = {".trig": "trig", ".jsonld": "jsonld", ".ttl": "turtle", ".nt": "ntriples"}
    read = {}
    for path in dump.glob("*.gz"):
        form = forms.get(Path(path.stem).suffix)
        if form:
            body = gzip.decompress(path.read_bytes())
            read[path.name] = sum(1 for _ in pyoxigraph.parse(body, format=rdf.GRAPH_FORMATS[form]))
    assert len(read) == 6
    assert all(read.values())
    assert rdflib.Graph().parse(dump / "dataset.ttl")


def test_twice_the_same_bytes(dump: Path, tmp_path: Path, store: str) -> None:
    again = process(
        "export", "--dump", str(tmp_path / "again"), "--split", "3", env={"KG_STORE": store, "PYTHONHASHSEED": "7"}
    )
    assert again.code == 0
    first = {path.name: path.read_bytes() for path in dump.iterdir()}
    assert {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()} == first


def test_the_description_has_the_base_of_the_files(kg: Run, tmp_path: Path) -> None:
    base = "https://data.example.org/chains/"
    assert kg("export", "--dump", str(tmp_path), "--base", base).code == 0
    about = {triple.subject.value for triple in rdf.read_turtle(tmp_path / "dataset.ttl")}  # type: ignore[union-attr]
    assert {f"{base}dataset", f"{base}dataset/graph.nq.gz", f"{base}graph/entities"} <= about
    assert terms.BASE not in (tmp_path / "dataset.ttl").read_text(encoding="utf-8")


def test_a_dump_is_whole(kg: Run, tmp_path: Path) -> None:
    refused = kg("export", "--dump", str(tmp_path / "d"), "--kind", "claims")
    assert (refused.code, list(tmp_path.iterdir())) == (2, [])
    assert "a dump is of the whole graph" in refused.err
    (tmp_path / "file").write_text("")
    assert kg("export", "--dump", str(tmp_path / "file")).code == 4


def test_packing_goes_by_the_name_or_as_asked() -> None:
    assert [packing.packing_of(name, None) for name in ("a.nq.zst", "a.gz.nq", "-")] == ["zstd", "none", "none"]
    assert packing.packing_of("a.nq.gz", "none") == "none"
    with pytest.raises(UsageError, match="nothing is packed as 'zip'"):
        packing.packing_of("a.nq", "zip")
