"""What follows, made in the store: the same as by owlrl, the same as in memory; and what a large build refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import assembly, inferring
from kg.errors import FindingsError, InconsistencyError


@pytest.fixture
def copy(project_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project's data, of which every graph counts as large."""
    monkeypatch.setattr(inferring, "LARGEST_FOR_OWLRL", 0)
    monkeypatch.setattr(inferring, "LARGEST_IN_MEMORY", 0)
    return project_data


@pytest.fixture
def scratch(tmp_path: Path) -> str:
    (tmp_path / "scratch").mkdir()
    return str(tmp_path / "scratch")


def test_the_rules_in_the_store_give_what_owlrl_gives(copy: Path, scratch: str, nquads: list[bytes]) -> None:
    """The real graph both ways, to the byte: owlrl in memory made the one, the rules in a store on the disk this."""
    lines = assembly.assemble(quiet=True, validate=False, scratch=scratch)
    assert not isinstance(lines, list)
    assert list(lines) == nquads
    assert sum(b"/graph/inferred>" in line for line in nquads) > 12_000


def written(copy: Path, turtle: str) -> None:
    with (copy / "seeds/things/places.ttl").open("a", encoding="utf-8") as file:
        file.write(turtle)


@pytest.mark.parametrize(
    ("turtle", "error", "said"),
    [
        ("id-place:hubei icr:within id-place:hubei .", FindingsError, "1 violation"),
        ("id-place:hubei icr:earliestDay 1 .", FindingsError, "violation"),
        ("id-place:hubei a icr:Claim , icr:Event .", InconsistencyError, "cax-dw"),
    ],
)
def test_a_large_build_checks_as_a_small_one(
    copy: Path, scratch: str, turtle: str, error: type[FindingsError], said: str
) -> None:
    written(copy, f"\n{turtle}\n")
    with pytest.raises(error, match=said):
        assembly.assemble(quiet=True, scratch=scratch)


def test_a_triple_in_two_graphs_is_refused(copy: Path, scratch: str) -> None:
    triple = "<urn:a> <http://www.w3.org/2000/01/rdf-schema#seeAlso> <urn:b> .\n"
    written(copy, triple)
    with (copy / "seeds/comparisons/ministry-measures.ttl").open("a", encoding="utf-8") as file:
        file.write(triple)
    with pytest.raises(FindingsError, match="1 triples stand in two graphs: <urn:a> "):
        assembly.assemble(quiet=True, scratch=scratch)


def test_a_node_without_a_name_is_refused_with_its_file(copy: Path, scratch: str) -> None:
    written(copy, "id-place:hubei icr:within [] .\n")
    with pytest.raises(FindingsError, match="has no IRI") as caught:
        assembly.assemble(quiet=True, scratch=scratch)
    assert (caught.value.at or "").endswith("seeds/things/places.ttl")
