"""What changed between two releases: each kind of change on an invented pair, and the patch that leads across."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kg import changes, packing
from tests.conftest import Outcome

Kg = Callable[..., Outcome]
PREFIXES = """\
@prefix icr: <https://w3id.org/icr/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sch-assertion-status: <https://w3id.org/icr/scheme/assertion-status/> .
@prefix c: <https://w3id.org/icr/id/claim/gazette/> .
@prefix v: <https://w3id.org/icr/id/quantity/gazette/> .
@prefix graph: <https://w3id.org/icr/graph/> .
"""
OLD = (
    PREFIXES
    + """
<https://w3id.org/icr/graph/doc/gazette> {
  c:as-it-was rdfs:label "Osiers are grey"@en .
  c:other-figure rdfs:label "Mills are many"@en ; icr:quantity v:other-figure .
  v:other-figure icr:numericValue 7.0 .
  c:misread rdfs:label "Looms are few"@en .
  c:doubtful rdfs:label "Rafts are fast"@en .
  c:dropped rdfs:label "Ferries are slow"@en .
}
"""
)
NEW = (
    PREFIXES
    + """
<https://w3id.org/icr/graph/doc/gazette> {
  c:as-it-was rdfs:label "Osiers are grey"@en .
  c:other-figure rdfs:label "Mills are many"@en ; icr:quantity v:other-figure .
  v:other-figure icr:numericValue 8.0 .
  c:misread rdfs:label "Looms are few"@en ; icr:withdrawalReason "It took mills for looms."@en .
  c:corrected rdfs:label "Mills are few"@en ; icr:supersedes c:misread .
  c:doubtful rdfs:label "Rafts are fast"@en ; icr:assertionStatus sch-assertion-status:retracted ;
    icr:withdrawalReason "The words are about ferries."@en , "原文说的是渡船。"@zh-Hans .
}
graph:inferred { c:as-it-was icr:keyForm "grey" . }
"""
)


@pytest.fixture
def releases(tmp_path: Path) -> tuple[str, str]:
    for name, text in (("old.trig", OLD), ("new.trig", NEW)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return str(tmp_path / "old.trig"), str(tmp_path / "new.trig")


def test_each_change_is_told_by_document_with_its_reason(releases: tuple[str, str], kg: Kg) -> None:
    outcome = kg("diff", *releases)
    assert outcome.out == (
        "gazette\n"
        "  added      corrected: Mills are few\n"
        "  withdrawn  doubtful: Rafts are fast\n"
        "             because: The words are about ferries.\n"
        "  gone       dropped: Ferries are slow\n"
        "  replaced   misread: Looms are few\n"
        "             by gazette/corrected\n"
        "             because: It took mills for looms.\n"
        "  changed    other-figure: Mills are many\n"
    )
    assert outcome.code == 1  # a claim is gone
    assert outcome.err == ("claims: 1 added, 1 changed, 1 replaced, 1 withdrawn, 1 gone; quads: 8 added, 2 removed\n")


def test_json_holds_the_same(releases: tuple[str, str], kg: Kg) -> None:
    found = json.loads(kg("diff", *releases, "--format", "json").out)
    assert found["claims"] == {"added": 1, "changed": 1, "replaced": 1, "withdrawn": 1, "gone": 1}
    assert found["quads"] == {"added": 8, "removed": 2}
    changed = {entry["claim"].rpartition("/")[2]: entry for entry in found["documents"]["gazette"]}
    assert changed["misread"]["by"] == "https://w3id.org/icr/id/claim/gazette/corrected"
    assert changed["doubtful"]["reason"] == "The words are about ferries."


def test_the_patch_leads_from_the_old_quads_to_the_new(releases: tuple[str, str], kg: Kg) -> None:
    """Rows as https://jena.apache.org/documentation/rdf-patch has them: header, transaction, changes of N-Quads."""
    patch = kg("diff", *releases, "--format", "patch").out
    head, begin, *rows, end = patch.splitlines()
    assert re.fullmatch(r"H id <urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}> \.", head)
    assert (begin, end) == ("TX .", "TC .")
    quads = {f"{quad} ." for quad in changes.release(releases[0]).quads}
    for row in rows:
        operation, _, quad = row.partition(" ")
        if operation == "D":
            quads.remove(quad)
        else:
            assert operation == "A"
            assert quad not in quads
            quads.add(quad)
    assert quads == {f"{quad} ." for quad in changes.release(releases[1]).quads}
    assert patch == kg("diff", *releases, "--format", "patch").out


def test_a_release_does_not_differ_from_itself(releases: tuple[str, str], kg: Kg) -> None:
    outcome = kg("diff", releases[0], releases[0])
    assert (outcome.code, outcome.out) == (0, "")


def test_the_store_is_the_new_release_when_none_is_named(store: str, kg: Kg) -> None:
    generation = Path(store, "generations", Path(store, "current").read_text())
    outcome = kg("diff", str(generation / "graph.nq"))
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err.endswith("quads: 0 added, 0 removed\n")
    assert changes.release(store).quads == changes.release(str(generation)).quads != ()


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_a_packed_release_is_unpacked(ending: str, releases: tuple[str, str], kg: Kg, tmp_path: Path) -> None:
    packed = tmp_path / f"old.trig.{ending}"
    with packing.whole(packed) as sink, packing.packed(sink, packing.packing_of(packed.name, None)) as file:
        file.write(Path(releases[0]).read_bytes())
    assert kg("diff", str(packed), releases[0]).code == 0
    packed.write_bytes(packed.read_bytes()[:20])
    cut = kg("diff", str(packed), releases[0])
    assert (cut.code, cut.out) == (3, "")
    assert cut.err.startswith(f"error[input]: {packed} cannot be read: ")


@pytest.mark.parametrize("name", ["nothing.nq", "a.txt", "."])
def test_what_is_no_release_is_refused(
    name: str, releases: tuple[str, str], kg: Kg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("a")
    monkeypatch.chdir(tmp_path)
    outcome = kg("diff", name, releases[0])
    assert (outcome.code, outcome.out) == (3, "")
    assert f"{name} is no release of the graph" in outcome.err


def test_a_broken_file_is_told_with_its_place(releases: tuple[str, str], kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "broken.nq").write_text("<urn:a> <urn:b>\n<urn:c> .\n")
    outcome = kg("diff", str(tmp_path / "broken.nq"), releases[0])
    assert (outcome.code, outcome.out) == (3, "")
    assert "broken.nq:2:1" in outcome.err
