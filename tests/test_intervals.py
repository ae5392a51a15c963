"""Interval arithmetic, held against the values that the intervals allow."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.intervals import (
    CONVENTIONAL,
    DEFINITION,
    STATED,
    Amount,
    Days,
    End,
    Interval,
    Relation,
    Unlike,
    difference,
    total,
)

# the same examples on every run, none kept on disk, and a slow machine is no failure
settings.register_profile("kg", deadline=None, derandomize=True, database=None)
settings.load_profile("kg")

UNBOUNDED = End()


def interval(text: str) -> Interval:
    """An interval from its brackets, such as "[83, 85]" or "(7300, )"."""
    low, high = (part.strip() for part in text[1:-1].split(","))
    lower = End(Decimal(low), text[0] == "[") if low else UNBOUNDED
    upper = End(Decimal(high), text[-1] == "]") if high else UNBOUNDED
    return Interval(lower, upper)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    """Intervals with whole ends from -3 to 3, open, closed or unbounded, that hold a value."""
    ends = st.one_of(st.none(), st.integers(-3, 3))
    low, high = draw(ends), draw(ends)
    if low is not None and high is not None and low > high:
        low, high = high, low
    point = low is not None and low == high
    flags = st.just(True) if point else st.booleans()
    lower = UNBOUNDED if low is None else End(Decimal(low), draw(flags))
    upper = UNBOUNDED if high is None else End(Decimal(high), draw(flags))
    return Interval(lower, upper)


WITNESSES = [Decimal(n) / 2 for n in range(-16, 17)]
"""Halves: between two whole ends lies one, and beyond all ends lie some, so they tell any two of the intervals apart."""


def holds(of: Interval, value: Decimal | Fraction) -> bool:
    """Membership by its definition, without the code under test."""
    low, high = of.lower, of.upper
    above = low.value is None or low.value < value or (low.closed and low.value == value)
    return above and (high.value is None or value < high.value or (high.closed and high.value == value))


def members(of: Interval) -> set[Decimal]:
    return {value for value in WITNESSES if holds(of, value)}


# ---- what an interval holds ----


@given(intervals())
def test_membership_is_that_of_the_ends(one: Interval) -> None:
    assert {value for value in WITNESSES if value in one} == members(one)


@given(intervals(), intervals())
def test_the_relation_is_that_of_the_sets(one: Interval, other: Interval) -> None:
    here, there = members(one), members(other)
    expected = (
        Relation.EQUAL
        if here == there
        else Relation.WITHIN
        if here < there
        else Relation.AROUND
        if here > there
        else Relation.OVERLAPPING
        if here & there
        else Relation.DISJOINT
    )
    assert one.relation(other) is expected


@given(intervals(), intervals())
def test_below_means_every_value_is_less(one: Interval, other: Interval) -> None:
    assert one.below(other) == all(a < b for a, b in product(members(one), members(other)))


@pytest.mark.parametrize("text", ["(1, 1]", "[1, 1)", "[2, 1]"])
def test_an_interval_without_values_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no value lies"):
        interval(text)


def test_an_unbounded_end_is_open_and_a_basis_is_known() -> None:
    with pytest.raises(ValueError, match="unbounded"):
        End(None, closed=True)
    with pytest.raises(ValueError, match="no basis 'guessed'"):
        End(Decimal(1), basis="guessed")


# ---- sums and differences ----


@given(intervals(), intervals())
def test_every_sum_of_two_values_lies_in_the_sum(one: Interval, other: Interval) -> None:
    assert all(holds(one + other, a + b) for a, b in product(members(one), members(other)))


@given(intervals(), intervals())
def test_every_value_of_the_sum_is_a_sum_of_two_values(one: Interval, other: Interval) -> None:
    """A value v of the sum needs an a here with v - a there: the middle of what both allow, found with fractions."""
    for value in members(one + other):
        low = [Fraction(e) for e in (one.lower.value, _turned(value, other.upper)) if e is not None]
        high = [Fraction(e) for e in (one.upper.value, _turned(value, other.lower)) if e is not None]
        first = max(low) if low else min(high) - 1 if high else Fraction(0)
        last = min(high) if high else max(low) + 1 if low else Fraction(0)
        middle = (first + last) / 2
        assert holds(one, middle)
        assert holds(other, Fraction(value) - middle)


def _turned(value: Decimal, end: End) -> Decimal | None:
    return None if end.value is None else value - end.value


@given(intervals(), intervals())
def test_a_difference_is_the_sum_with_the_negative(one: Interval, other: Interval) -> None:
    assert all(holds(one - other, a - b) for a, b in product(members(one), members(other)))
    assert one - other == one + -other
    turned = -one
    assert -turned == one


@given(intervals(), intervals(), intervals())
def test_the_order_of_adding_does_not_matter(one: Interval, other: Interval, third: Interval) -> None:
    assert one + other == other + one
    assert (one + other) + third == one + (other + third)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (("[51, 51]", "[41, 41]"), "[92, 92]"),
        (("(7300, )", "[379, 379]"), "(7679, )"),
        (("[90, 100)", "[2, 2]"), "[92, 102)"),
        (("(1, 2]", "[3, 4)"), "(4, 6)"),
    ],
)
def test_sums_by_hand(parts: tuple[str, str], whole: str) -> None:
    assert interval(parts[0]) + interval(parts[1]) == interval(whole)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (STATED, STATED, STATED),
        (STATED, DEFINITION, DEFINITION),
        (DEFINITION, CONVENTIONAL, CONVENTIONAL),
        (CONVENTIONAL, STATED, CONVENTIONAL),
    ],
)
def test_a_reckoned_end_is_as_firm_as_its_weakest_part(one: str, other: str, expected: str) -> None:
    assert (End(Decimal(1), True, one) + End(Decimal(2), True, other)).basis == expected


def test_an_interval_is_shown_with_its_brackets() -> None:
    assert [str(interval(t)) for t in ("[83, 85]", "(7300, )", "( , 5)")] == ["[83, 85]", "(7300, ∞)", "(-∞, 5)"]


# ---- what may be reckoned together ----

MARCH, APRIL = Days("2031-03-01", "2031-03-31"), Days("2031-04-01", "2031-04-30")


def amount(of: str, value: int = 5, **more: object) -> Amount:
    facts: dict[str, object] = {"unit": "NUM", "indicator": "members", **more}
    return Amount(Interval.point(value), of=of, **facts)  # type: ignore[arg-type]


def test_disjoint_sets_add_up() -> None:
    assert total([amount("mills", 3), amount("yards", 4), amount("docks", 5)]) == Interval.point(12)
    assert total([amount("mills", 3)]) == Interval.point(3)
    assert total([amount("mills", 3, when=MARCH), amount("yards", 4)]) == Interval.point(7)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (amount("mills"), amount("yards", unit="TONNE"), "units differ"),
        (amount("mills"), amount("yards", indicator="workers"), "indicators differ"),
        (amount("mills"), amount("mills"), "counted twice"),
        (amount("old-mills", larger=frozenset({"mills"})), amount("mills"), "counted twice"),
        (amount("mills"), amount("old-mills", larger=frozenset({"mills"})), "counted twice"),
        (amount("mills", when=MARCH), amount("yards", when=APRIL), "different days"),
        (amount("mills", unit="PERCENT"), amount("yards", unit="PERCENT"), "shares"),
    ],
)
def test_unlike_amounts_are_not_added(one: Amount, other: Amount, why: str) -> None:
    with pytest.raises(Unlike, match=why):
        total([one, other])


def test_nothing_has_no_sum() -> None:
    with pytest.raises(Unlike, match="nothing to add"):
        total([])


def test_a_part_leaves_a_remainder_and_two_days_a_change() -> None:
    old = amount("old-mills", 2, larger=frozenset({"mills"}))
    assert difference(amount("mills", 9), old) == Interval.point(7)
    assert difference(amount("mills", 9, when=APRIL), amount("mills", 4, when=MARCH)) == Interval.point(5)
    share = amount("mills", 72, unit="PERCENT", when=APRIL)
    assert difference(share, amount("mills", 30, unit="PERCENT", when=MARCH)) == Interval.point(42)


@pytest.mark.parametrize(
    ("whole", "less", "why"),
    [
        (amount("mills"), amount("yards"), "not a part of"),
        (amount("mills"), amount("mills"), "two different days"),
        (amount("mills", when=MARCH), amount("mills"), "two different days"),
        (amount("mills"), amount("old-mills", unit="TONNE", larger=frozenset({"mills"})), "units differ"),
        (amount("mills", when=APRIL), amount("old-mills", larger=frozenset({"mills"}), when=MARCH), "different days"),
        (
            amount("mills", unit="PERCENT"),
            amount("old-mills", unit="PERCENT", larger=frozenset({"mills"})),
            "share of a part",
        ),
    ],
)
def test_unlike_amounts_are_not_subtracted(whole: Amount, less: Amount, why: str) -> None:
    with pytest.raises(Unlike, match=why):
        difference(whole, less)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        (MARCH, APRIL, True),
        (APRIL, MARCH, True),
        (MARCH, MARCH, False),
        (Days("", "2031-03-05"), APRIL, True),
        (Days("", "2031-04-01"), APRIL, False),
        (Days("2031-03-31", ""), MARCH, False),
        (Days(), MARCH, False),
    ],
)
def test_days_are_apart_when_no_day_is_in_both(one: Days, other: Days, apart: bool) -> None:
    assert one.apart(other) is apart
