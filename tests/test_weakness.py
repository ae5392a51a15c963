"""The rule by which the weakest link is found, on invented claims."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg import weakness
from kg.weakness import WeighedClaim


def claim(
    kind: str = "Assertion",
    *,
    status: str = "",
    voice: str = "named-official",
    ends: tuple[str, str, str] = ("", "", ""),
    conventional: bool = False,
    published: str = "2031-04-02",
    source: str = "Harbour Gazette",
) -> WeighedClaim:
    """A claim; `ends` are value, lower and upper bound."""
    value, lower, upper = (Decimal(end) if end else None for end in ends)
    return WeighedClaim(
        "id:claim/x", "it is so", kind, status, voice, value, lower, upper, conventional, "A. Speaker", source,
        published, "¶1 0–9", "word",
    )  # fmt: skip


PLAIN = claim()
FIGURE = "Measurement"
WEAKEST_FIRST = [
    claim("Target", ends=("7", "7", "")),
    claim("Request"),
    claim(status="implied", published="2030-01-01"),
    claim(status="computed"),
    claim(FIGURE, ends=("7300", "7300", "")),
    claim(FIGURE, ends=("100", "50", "150")),
    claim(FIGURE, ends=("84", "83", "85"), conventional=True),
    claim(FIGURE, ends=("84", "83", "85")),
    claim(FIGURE, ends=("840", "839", "841"), conventional=True),
    claim(voice="outlet", published="2030-01-01"),
    claim(voice="outlet"),
    claim(published="2030-01-01"),
    PLAIN,
]


@pytest.mark.parametrize("place", range(len(WEAKEST_FIRST) - 1))
def test_each_is_weaker_than_the_next(place: int) -> None:
    weaker, stronger = WEAKEST_FIRST[place : place + 2]
    assert weakness.weakest([(weaker,), (stronger,)]) == 0
    assert weakness.weakest([(stronger,), (weaker,)]) == 1


def test_the_first_of_equals() -> None:
    assert weakness.weakest([(PLAIN,), (PLAIN,)]) == 0


def test_a_pledge_is_planned_and_a_provision_is_not() -> None:
    assert weakness.grade(claim("Pledge")) is weakness.Grade.PLANNED
    assert weakness.grade(claim("Provision", ends=("2", "2", "2"))) is weakness.Grade.SAID


def test_a_step_is_as_strong_as_the_best_of_its_claims() -> None:
    assert weakness.weakest([(claim("Request"), PLAIN), (claim(voice="outlet"),)]) == 1
    assert weakness.reason((claim("Request"), claim(status="implied"))).startswith("only implied")


def test_two_outlets_are_not_one() -> None:
    """What two documents say in their own voices rests on more than one; twice in one document does not."""
    outlet = claim(voice="outlet")
    assert weakness.strongest((outlet, outlet))[0][0] is weakness.Grade.OUTLET
    assert weakness.strongest((outlet, claim(voice="outlet", source="Tide Post")))[0][0] is weakness.Grade.SAID


@pytest.mark.parametrize(
    ("evidence", "reason"),
    [
        (claim("Target"), "only planned: a target"),
        (claim(status="computed"), "only computed: no text says it in so many words"),
        (claim(FIGURE, ends=("7", "7", "")), "a vague figure: “word” has no upper end"),
        (claim(FIGURE, ends=("7", "", "7")), "a vague figure: “word” has no lower end"),
        (claim(FIGURE, ends=("50", "49", "51")), "a vague figure: “word” leaves 4 percent of its size open"),
        (
            claim(FIGURE, ends=("", "90", "110"), conventional=True),
            "a vague figure: “word” leaves 20 percent of its size open, by this project's convention",
        ),
        (claim(FIGURE, ends=("0", "-1", "1")), "a vague figure: “word” leaves 2 around nought open"),
        (claim(voice="outlet"), "only A. Speaker says it, in its own voice"),
        (PLAIN, "no link is weak in kind, and this one rests on the oldest source, of 2031-04-02"),
    ],
)
def test_the_reason_in_words(evidence: WeighedClaim, reason: str) -> None:
    assert weakness.reason((evidence,)) == reason
