"""Wrong changes to the seeds are caught, and changes to the shapes are noticed by their fixtures: samples of both.

The full runs are `python -m benchmarks.mutate` and `python -m benchmarks.mutate_shapes`.
"""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import pytest

from benchmarks import mutate, mutate_shapes
from benchmarks.curation import COMMANDS, SAME
from benchmarks.mutants import ALTERS, BEYOND, HARMLESS, KINDS, World
from tests.conftest import ROOT

SHAPES = sorted(path.stem for path in (ROOT / "shapes").glob("*.ttl"))
SAMPLE = 150
LEAST = 0.9
"""The least share that is caught of one change of each kind; the full run says how much it is of more."""

SURE = {
    *("misspelt term", "misspelt concept", "link to a missing thing", "wrong datatype", "wrong class", "second value"),
    *("target as measurement", "value times ten", "value times a thousand", "other hedge", "bound against the hedge"),
    *("shifted offsets", "wrong digest", "wrong paragraph", "passage of another document", "printed figure dropped"),
    *("comparison without grounds", "needed property dropped", "triple in another graph", "document swapped"),
    *("result of a comparison swapped", "compared claim swapped", "origin flipped", "limits of an indicator"),
}
"""Kinds of which everything is caught."""


@cache
def outcomes(texts: Path) -> tuple[mutate.Outcome, ...]:
    """One mutant of each kind, judged."""
    return tuple(mutate.judged((mutant, texts)) for mutant in mutate.sample(World.of_project(), 1, 1))


def test_every_kind_of_change_says_whether_and_why_it_alters_meaning() -> None:
    assert len(KINDS) >= 60
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert {kind.effect for kind in KINDS} == {ALTERS, BEYOND, HARMLESS}
    assert all(kind.reason for kind in KINDS)
    assert {kind.name for kind in KINDS if kind.effect == ALTERS} >= SURE


def test_the_same_seed_gives_the_same_mutants() -> None:
    world = World.of_project()
    first, again, other = (list(mutate.sample(world, 1, seed)) for seed in (1, 1, 2))
    assert first == again != other
    assert {mutant.kind for mutant in first} == {kind.name for kind in KINDS}


@pytest.mark.slow
@pytest.mark.texts
def test_changes_of_the_sure_kinds_are_caught_and_most_others(texts: Path) -> None:
    found = outcomes(texts)
    assert {
        mutant.kind for mutant, catch in found if mutant.kind in SURE and catch.by not in (*COMMANDS, SAME)
    } == set()
    assert mutate.rate(list(found)) >= LEAST


@pytest.mark.slow
@pytest.mark.texts
def test_what_changes_nothing_raises_no_alarm(texts: Path) -> None:
    assert [catch.by for mutant, catch in outcomes(texts) if mutant.effect == HARMLESS] == [SAME]


@pytest.mark.slow
@pytest.mark.texts
@pytest.mark.parametrize("kind", ["value times ten", "result of a comparison swapped"])
def test_the_commands_themselves_say_the_same(kind: str, texts: Path) -> None:
    (mutant,) = mutate.sample(World.of_project(), 1, 1, [kind])
    _, catch = mutate.judged((mutant, texts))
    assert mutate.by_commands(mutant, texts) == (catch.by if catch.by in COMMANDS else "")


def test_the_fixtures_notice_changes_to_the_shapes() -> None:
    mutants = [mutant for file in SHAPES for mutant in mutate_shapes.mutants(file)]
    assert len(mutants) > 2500
    sample = random.Random(1).sample(mutants, SAMPLE)
    assert [str(mutant) for mutant in sample if not mutate_shapes.killed(mutant)] == []
