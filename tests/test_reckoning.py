"""kg sum and kg difference: what the texts' figures make together, and what cannot be reckoned, with the reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from tests.conftest import Outcome

Kg = Callable[..., Outcome]
BRIEFING = "scio-2020-04-23/"


def rows(kg: Kg, *words: str) -> list[dict[str, str]]:
    done = kg(*words, "--format", "csv", "--quiet")
    assert (done.code, done.err) == (0, "")
    return list(csv.DictReader(io.StringIO(done.out)))


@pytest.mark.parametrize(
    ("operation", "claims", "interval", "compared"),
    [
        # the ministry prints 51, 41 and 92
        ("sum", ("leading-51-count", "leading-41-count"), "[92, 92]", "51 and 41 make the 92"),
        ("difference", ("leading-92-count", "leading-41-count"), "[51, 51]", "51 and 41 make the 92"),
        # more than 7,300 and 379: that they make more than 7,679 is printed nowhere
        (
            "sum",
            ("supporting-7300-count", "supporting-379-count"),
            "(7679, ∞)",
            "over 7,600 (Xinhua) fits the sum of more than 7,300 and 379 (briefing)",
        ),
    ],
)
def test_figures_of_the_ministry(kg: Kg, operation: str, claims: tuple[str, ...], interval: str, compared: str) -> None:
    result, *parts = rows(kg, operation, *(BRIEFING + claim for claim in claims))
    assert (result["role"], result["interval"], result["compared"]) == (operation, interval, compared)
    assert result["claim"] == result["printed"] == ""
    # each claim stands with its evidence: the official speaks for the ministry in paragraph 7
    assert [part["claim"].rpartition("/")[2] for part in parts] == list(claims)
    assert {part["saidBy"] for part in parts} == {"Huang Libin, for Ministry of Industry and Information Technology"}
    assert {part["where"].split()[0] for part in parts} == {"¶7"}


def test_a_change_between_two_days(kg: Kg) -> None:
    """71.7 per cent of SMEs on cloud platforms on the Tuesday, 29.6 a month before."""
    names = "scmp-2020-03-25/cloud-sme-restart-rate-tuesday", "scmp-2020-03-25/cloud-sme-restart-rate-month-earlier"
    result, later, earlier = rows(kg, "difference", *names)
    assert (result["interval"], result["unit"], result["basis"]) == ("[42.1, 42.1]", "PERCENT", "stated")
    assert (later["printed"], earlier["printed"]) == ("71.7 per cent", "29.6 per cent")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        # another unit
        (
            ("sum", BRIEFING + "leading-92-count", "xinhua-2020-04-23/manufacturing-pmi-march-2020"),
            "the units differ: NUM and UNITLESS",
        ),
        # another population: almost 72 of all SMEs, 71.7 of those on cloud platforms
        (
            (
                "difference",
                "xinhua-2020-04-23/sme-restart-rate-april-15",
                "scmp-2020-03-25/cloud-sme-restart-rate-tuesday",
            ),
            "the share of a part cannot be taken from the share of the whole",
        ),
        # the rates of two provinces
        (
            (
                "sum",
                "economic-daily-2020-03/industrial-operating-rate-hunan",
                "economic-daily-2020-03/industrial-operating-rate-jiangsu",
            ),
            "shares of different sets do not add up",
        ),
        # sets of which one is a part of the other
        (
            ("sum", BRIEFING + "leading-92-count", BRIEFING + "leading-41-count"),
            "the 92 leading enterprises and the 41 leading enterprises listed later overlap",
        ),
        # sets that may be one: both stand beside the same 51
        (
            (
                "sum",
                BRIEFING + "supporting-7300-count",
                "economic-daily-2020-03/sorted-out-supporting-enterprises-count",
            ),
            "may count the same members: 938 (Economic Daily) and more than 7,300 (briefing)",
        ),
        # what is aimed at beside what was reached
        (
            ("sum", "scmp-2023-05-12/small-businesses-target", BRIEFING + "leading-92-count"),
            "a Measurement and a Target cannot be reckoned together",
        ),
        # one set on one day, told twice
        (
            ("difference", BRIEFING + "leading-92-count", BRIEFING + "leading-92-count"),
            "a change needs two different days",
        ),
        (
            ("difference", BRIEFING + "leading-41-count", BRIEFING + "supporting-379-count"),
            "the 379 core supporting partners added later is not a part of the 41 leading enterprises listed later",
        ),
        (("sum", BRIEFING + "leading-92-count", BRIEFING + "leading-41-part-of-92"), "has no figure to reckon with"),
    ],
)
def test_what_is_refused_says_why(kg: Kg, words: tuple[str, ...], reason: str) -> None:
    done = kg(*words, "--quiet")
    assert (done.code, done.out) == (3, "")
    assert reason in done.err


@pytest.mark.parametrize(
    "words", [("sum", BRIEFING + "leading-92-count"), ("difference", *[BRIEFING + "leading-92-count"] * 3)]
)
def test_too_few_and_too_many(kg: Kg, words: tuple[str, ...]) -> None:
    done = kg(*words)
    assert done.code == 2
    assert f"a {words[0]} of {len(words) - 1} claims cannot be reckoned" in done.err


def test_a_sum_says_that_no_source_prints_it(kg: Kg) -> None:
    done = kg("sum", BRIEFING + "leading-51-count", BRIEFING + "leading-41-count")
    assert done.err == "kg: reckoned by kg, from no source; the graph knows of no member that the sets share\n"
