"""Figures as they stand in print. The expected values were written down by reading the phrases."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg import phrases

# phrase, comparator, value, family
READINGS = [
    ("7,600", "eq", "7600", ""),
    ("7600", "eq", "7600", ""),
    ("over 7,600", "gt", "7600", ""),
    ("Over 400,000", "gt", "400000", ""),
    ("more than 4,700", "gt", "4700", ""),
    ("just over 50 percent", "gt", "50", "percent"),
    ("in excess of 12 tons", "gt", "12", "tonne"),
    ("exceeds 90%", "gt", "90", "percent"),
    ("exceeded 95%", "gt", "95", "percent"),
    ("surpassed 3 million", "gt", "3000000", ""),
    ("upwards of 30 days", "gt", "30", "day"),
    ("7,300+", "gt", "7300", ""),
    ("nearly 100", "nearly", "100", ""),
    ("Almost 72 per cent", "nearly", "72", "percent"),
    ("Nearly five years", "nearly", "5", "year"),
    ("close to 800 robots", "nearly", "800", ""),
    ("just under 20 percent", "nearly", "20", "percent"),
    ("about 84 percent", "approx", "84", "percent"),
    ("About 84 percent", "approx", "84", "percent"),
    ("around 50", "approx", "50", ""),
    ("roughly two thousand", "approx", "2000", ""),
    ("some 600", "approx", "600", ""),
    ("30 or so", "approx", "30", ""),
    ("at least 12", "ge", "12", ""),
    ("no fewer than 45", "ge", "45", ""),
    ("10 or more", "ge", "10", ""),
    ("at most 8 weeks", "le", "8", "week"),
    ("up to 20 million yuan", "le", "20000000", "yuan"),
    ("no more than 9 months", "le", "9", "month"),
    ("less than 5 percent", "lt", "5", "percent"),
    ("fewer than 300", "lt", "300", ""),
    ("below 50", "lt", "50", ""),
    ("just 8 days", "eq", "8", "day"),
    ("only 8 days", "eq", "8", "day"),
    ("28.8 billion yuan", "eq", "28800000000", "yuan"),
    ("19 trillion", "eq", "19000000000000", ""),
    ("19 trillion yuan", "eq", "19000000000000", "yuan"),
    ("2.066 million", "eq", "2066000", ""),
    ("2.2 million SMEs", "eq", "2200000", ""),
    ("US$1.44 million", "eq", "1440000", "US dollar"),
    ("RMB 5 billion", "eq", "5000000000", "yuan"),
    ("3 million dollars", "eq", "3000000", "US dollar"),
    ("968 tons", "eq", "968", "tonne"),
    ("2.2 percentage points", "eq", "2.2", "percentage points"),
    ("52%", "eq", "52", "percent"),
    ("35.7", "eq", "35.7", ""),
    ("two-year", "eq", "2", "year"),
    ("six business segments", "eq", "6", ""),
    ("seven", "eq", "7", ""),
    ("twenty-one", "eq", "21", ""),
    ("two hundred and fifty thousand", "eq", "250000", ""),
    ("a hundred", "eq", "100", ""),
    ("first", "eq", "1", "ordinal"),
    ("second-largest", "eq", "2", "ordinal"),
    ("25th", "eq", "25", "ordinal"),
    ("hundreds of companies", "multiple", "100", ""),
    ("thousands of firms", "multiple", "1000", ""),
    ("tens of thousands of workers", "multiple", "10000", ""),
    ("dozens of mills", "multiple", "10", ""),
]


@pytest.mark.parametrize(("phrase", "comparator", "value", "family"), READINGS, ids=[r[0] for r in READINGS])
def test_a_phrase_is_read(phrase: str, comparator: str, value: str, family: str) -> None:
    found = phrases.figures(phrase)
    assert [(f.comparator, f.value, f.family) for f in found] == [(comparator, Decimal(value), family)]


@pytest.mark.parametrize(
    "phrase",
    ["COVID-19", "N95", "5G", "3L", "no figure", "", "Q1", "overtime", "anyone", "a billionaire", "sixth-form2"],
)
def test_a_part_of_a_name_is_no_figure(phrase: str) -> None:
    assert [f for f in phrases.figures(phrase) if f.family != "ordinal"] == []


@pytest.mark.parametrize(
    ("phrase", "low", "high", "family"),
    [
        ("between 50 and 60 percent", "50", "60", "percent"),
        ("50-60 per cent", "50", "60", "percent"),
        ("10 to 20 days", "10", "20", "day"),
    ],
)
def test_a_range_has_two_ends(phrase: str, low: str, high: str, family: str) -> None:
    (found,) = phrases.figures(phrase)
    assert (found.comparator, found.value, found.upper, found.family) == ("range", Decimal(low), Decimal(high), family)


@pytest.mark.parametrize(
    ("phrase", "sign"),
    [
        ("an increase of 2.2 percentage points", 1),
        ("rose by 12 percent", 1),
        ("up 5%", 1),
        ("output fell by 12 percent", -1),
        ("down 4.3%", -1),
        ("declined 4.3%", -1),
        ("3 points lower", -1),
        ("stood at 52", 0),
    ],
)
def test_the_direction_of_a_change_is_read(phrase: str, sign: int) -> None:
    assert [f.sign for f in phrases.figures(phrase)] == [sign]


def test_places_cover_hedge_number_and_unit() -> None:
    text = "It led over 7,600 mills, nearly 100 of them big."
    first, second = phrases.figures(text)
    assert text[first.start : first.end] == "over 7,600"
    assert text[first.number : first.end] == "7,600"
    assert text[second.start : second.end] == "nearly 100"


def test_a_number_is_not_found_inside_a_longer_one() -> None:
    assert [f.value for f in phrases.figures("7,600 and 1.600 and 600")] == [
        Decimal("7600"),
        Decimal("1.600"),
        Decimal("600"),
    ]


def test_a_movement_up_to_a_number_is_no_limit() -> None:
    found = phrases.figures("climbing up to 52 from 35.7")
    assert [(f.comparator, f.value) for f in found] == [("eq", Decimal("52")), ("eq", Decimal("35.7"))]


def test_a_conversion_in_brackets_shares_the_hedge() -> None:
    found = phrases.figures("more than 40 million yuan (US$5.8 million)")
    assert [(f.comparator, f.value, f.family) for f in found] == [
        ("gt", Decimal("40000000"), "yuan"),
        ("gt", Decimal("5800000"), "US dollar"),
    ]


def test_what_rose_from_one_to_another_is_no_range() -> None:
    assert [f.comparator for f in phrases.figures("rose from 30 to 40 percent")] == ["eq", "eq"]


def test_values_are_exact() -> None:
    found = phrases.read("2.066 million pieces")
    assert found is not None
    assert found.value == 2066000
    assert phrases.read("nothing") is None
