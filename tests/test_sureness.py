"""Filters that mind the hedge: what the bounds guarantee, what they allow, what held on a day, what was known by one.

The expected figures were read from the texts, and their bounds follow the published conventions.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

import kg as library
from kg import queries
from kg.errors import InputError, UnknownName
from tests.conftest import Outcome

MEMBERS = "id-indicator:number-of-members"


def figures(name: str, **params: str) -> list[tuple[str, str]]:
    """The printed figures of an answer, each with how it matches."""
    return sorted((row["printed"], row.get("match", "")) for row in library.query(name, **params))


def test_above_keeps_what_is_certainly_above() -> None:
    assert figures("sme-resumption", above="71") == [("71.7 per cent", "certain"), ("About 84 percent", "certain")]


def test_possible_adds_what_the_bounds_allow() -> None:
    assert figures("sme-resumption", above="71", sure="possible") == [
        ("71.7 per cent", "certain"),
        ("About 84 percent", "certain"),
        ("Almost 72 per cent", "possible"),  # [64.8, 72)
    ]


def test_over_7600_is_certainly_more_than_7000_possibly_more_than_8000_and_not_below_7500() -> None:
    def rows(**params: str) -> dict[str, str]:
        return dict(figures("figures", indicator=MEMBERS, **params))

    assert rows(above="7000")["over 7,600"] == "certain"
    assert rows(above="7600")["over 7,600"] == "certain"  # "over" leaves 7,600 itself out
    assert "over 7,600" not in rows(above="8000")
    assert rows(above="8000", sure="possible")["over 7,600"] == "possible"
    assert "over 7,600" not in rows(below="7500", sure="possible")


def test_what_has_no_figure_is_not_possibly_above_one() -> None:
    assert set(figures("niche-champions", above="75", sure="possible")) == {
        ("more than 70 per cent", "possible"),
        ("More than 80 per cent", "certain"),
        ("more than 4,700", "certain"),
        ("more than 10 million yuan", "certain"),
    }


def test_the_whole_list_above_7500() -> None:
    assert [printed for printed, _ in figures("figures", indicator=MEMBERS, above="7500")] == [
        "10,800", "2.2 million SMEs", "Over 400,000", "more than 400,000", "more than 90,000", "over 7,600",
    ]  # fmt: skip
    possible = dict(figures("figures", indicator=MEMBERS, above="7500", sure="possible"))
    assert {p for p, match in possible.items() if match == "possible"} == {"more than 7,300", "more than 4,700"}


def test_below_minds_the_open_end() -> None:
    found = dict(figures("figures", indicator=MEMBERS, below="100", sure="possible"))
    assert found["nearly 100"] == "certain"  # below 100 by its wording
    assert found["92"] == "certain"
    assert not any(printed.startswith("hundreds") for printed in found)
    between = dict(figures("figures", indicator=MEMBERS, above="90", below="1000", sure="possible"))
    assert between["nearly 100"] == "possible"  # [90, 100): 90 itself is not above 90
    assert [match for printed, match in between.items() if printed.startswith("hundreds")] == ["certain"]  # [200, 1000)


def test_an_exact_figure_is_neither_above_nor_below_itself() -> None:
    for sure in ("certain", "possible"):
        assert "92" not in dict(figures("figures", indicator=MEMBERS, above="92", sure=sure))
        assert "92" not in dict(figures("figures", indicator=MEMBERS, below="92", sure=sure))


def test_without_a_bound_nothing_is_left_out_or_marked() -> None:
    assert {match for _, match in figures("figures", indicator=MEMBERS)} == {""}
    assert figures("figures", indicator=MEMBERS) == figures("figures", indicator=MEMBERS, sure="possible")


@pytest.mark.parametrize("unit", ["CCY_CNY", "ccy_cny", "CNY", "cny"])
def test_a_unit_is_known_by_its_code_in_any_case(unit: str) -> None:
    assert figures("figures", unit=unit) == [("19 trillion yuan", ""), ("28.8 billion yuan", "")]
    assert figures("figures", unit="percent") == figures("figures", unit="PERCENT") != []


def test_what_had_been_published_by_a_day() -> None:
    assert figures("sme-resumption", known_by="2020-03-10") == [
        ("2.2 percentage points", ""), ("52%", ""), ("52%", ""),
    ]  # fmt: skip
    assert len(figures("sme-resumption", known_by="2020-03-25")) == 6
    assert len(figures("sme-resumption", known_by="2020-04-22")) == 6
    assert len(figures("sme-resumption", known_by="2020-04-23")) == 7
    assert figures("sme-resumption", known_by="2019-12-31") == []


@pytest.mark.parametrize("name", [name for name in queries.names() if "known_by" in queries.read(name).params])
def test_every_answer_knows_nothing_before_the_first_document(name: str) -> None:
    assert library.query(name, known_by="2020-03-05") == []
    assert {row["published"] for row in library.query(name, known_by="2020-03-06")} <= {"2020-03-06"}


@pytest.mark.parametrize("day", ["2020-03-06", "2020-03-25", "2020-04-23", "2020-04-26"])
@pytest.mark.parametrize("name", ["conflicts", "corroborations"])
def test_a_comparison_is_known_when_all_that_it_compares_is(name: str, day: str) -> None:
    rows = library.query(name)
    later = {row["comparison"] for row in rows if row["published"] > day}
    assert library.query(name, known_by=day) == [row for row in rows if row["comparison"] not in later]
    assert later or day == "2020-04-26"


def test_no_later_document_shows_in_what_was_known() -> None:
    march = library.query("leading-firms", known_by="2020-03-25")
    assert {(row["firms"], row.get("partOf", ""), row.get("compared", "")) for row in march} == {
        ("the 51 leading enterprises listed first", "", ""),  # that they are part of the 92 was said in April
        ("Weichai Group", "", ""),
    }
    full = library.query("sme-resumption", known_by="2020-03-24", evidence="full")
    assert {row.get("comparisons", "") for row in full} == {
        "", "refines: 52 percent in the headline is the 52 percent of the body, and its SMEs are the monitored ones",
    }  # fmt: skip
    briefing = library.query("leading-firms", known_by="2020-04-26")[0]
    assert briefing["partOf"] == "the 92 leading enterprises"
    assert "938 (Economic Daily) and more than 7,300 (briefing)" in briefing["compared"]
    assert {row.get("compared", "") for row in library.query("supporting-firms", known_by="2020-04-23")} == {""}
    assert "28.8 billion yuan" in {row.get("result") for row in library.query("targets", known_by="2020-04-26")}
    assert {row.get("result", "") for row in library.query("targets", known_by="2020-04-25")} == {""}


def test_what_held_on_a_day() -> None:
    assert figures("sme-resumption", as_of="2020-04-15") == [("About 84 percent", "")]
    assert figures("sme-resumption", as_of="2020-04-16") == []


def test_the_command_says_which_it_used(kg: Callable[..., Outcome]) -> None:
    certain = kg("query", "sme-resumption", "--above", "71", "--format", "csv")
    assert certain.err == "kg: the rows are certain, by their bounds; --possible gives those that the bounds allow\n"
    assert certain.out == kg("query", "sme-resumption", "--above", "71", "--certain", "--format", "csv").out
    possible = kg("query", "sme-resumption", "--above", "71", "--possible", "--format", "csv")
    assert possible.err == ""
    assert len(possible.out.splitlines()) == len(certain.out.splitlines()) + 1
    assert kg("query", "sme-resumption", "--known-by", "2020-03-10", "--format", "csv").out.count("\n") == 4


@pytest.mark.parametrize(
    ("argv", "start"),
    [
        (("--above", "many"), "error[input]: --above wants a value of type decimal, not 'many'"),
        (("--as-of", "2020-02-30"), "error[input]: --as-of wants a value of type date, not '2020-02-30'"),
        (("--sure", "perhaps"), "error[unknown]: --sure is not 'perhaps'\n  hint: there are: certain, possible"),
        (("--possible", "--certain"), "error[usage]: --certain, --possible and --sure answer one question"),
    ],
)
def test_mistakes_are_said(kg: Callable[..., Outcome], argv: tuple[str, ...], start: str) -> None:
    done = kg("query", "sme-resumption", *argv)
    assert done.out == ""
    assert done.err.startswith(start)


def test_the_library_refuses_the_same() -> None:
    with pytest.raises(UnknownName, match="--sure is not"):
        library.query("sme-resumption", above="71", sure="perhaps")
    with pytest.raises(InputError, match="type decimal"):
        library.query("sme-resumption", above="x")


def test_sureness_without_a_bound_is_told_to_say_nothing(kg: Callable[..., Outcome]) -> None:
    plain, sure = kg("query", "pmi"), kg("query", "pmi", "--possible")
    assert (sure.code, sure.out, plain.err) == (0, plain.out, "")
    assert sure.err == "kg: --certain and --possible say nothing without --above or --below: all rows are here\n"
