"""Interval arithmetic of quantities: ends that are open or closed and know their basis, sums and differences.

An end that is not known is unbounded. What cannot be reckoned together (other units, sets that overlap, other days)
is refused with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from itertools import combinations

STATED, DEFINITION, CONVENTIONAL = "stated", "definition", "conventional"
BASES = (STATED, DEFINITION, CONVENTIONAL)
"""How an end is known (scheme bound-basis), the firmest first: what is reckoned is as firm as its weakest part."""
SHARES = frozenset({"PERCENT"})
"""Units of shares: those of two sets do not add up to one of both."""


class Unlike(ValueError):
    """Two amounts cannot be reckoned together; the message says why."""


class Relation(Enum):
    """How one interval lies to another."""

    EQUAL = "equal"
    WITHIN = "within"
    AROUND = "around"
    OVERLAPPING = "overlapping"
    DISJOINT = "disjoint"


@dataclass(frozen=True, slots=True)
class End:
    """One end of an interval; without a value it is unbounded, and then open."""

    value: Decimal | None = None
    closed: bool = False
    basis: str = STATED

    def __post_init__(self) -> None:
        if self.value is None and self.closed:
            raise ValueError("an unbounded end is open")
        if self.basis not in BASES:
            raise ValueError(f"there is no basis {self.basis!r}")

    def __neg__(self) -> End:
        return End(None if self.value is None else -self.value, self.closed, self.basis)

    def __add__(self, other: End) -> End:
        """The end of a sum: open unless both ends are closed, unbounded when one is."""
        if self.value is None or other.value is None:
            return End()
        basis = max(self.basis, other.basis, key=BASES.index)
        return End(self.value + other.value, self.closed and other.closed, basis)


@dataclass(frozen=True, slots=True)
class Interval:
    """The values that a wording allows. Raises ValueError when there are none."""

    lower: End = End()
    upper: End = End()

    def __post_init__(self) -> None:
        low, high = self.lower, self.upper
        if low.value is None or high.value is None:
            return
        if low.value > high.value or (low.value == high.value and not (low.closed and high.closed)):
            raise ValueError(f"no value lies in {self}")

    @classmethod
    def point(cls, value: Decimal | int) -> Interval:
        """The interval that holds one value."""
        end = End(Decimal(value), closed=True)
        return cls(end, end)

    @property
    def bounded(self) -> bool:
        """Whether both ends are known."""
        return self.lower.value is not None and self.upper.value is not None

    def __contains__(self, value: Decimal) -> bool:
        return Interval.point(value).within(self)

    def __add__(self, other: Interval) -> Interval:
        """All sums of a value here and a value there."""
        return Interval(self.lower + other.lower, self.upper + other.upper)

    def __neg__(self) -> Interval:
        return Interval(-self.upper, -self.lower)

    def __sub__(self, other: Interval) -> Interval:
        """All differences of a value here and a value there."""
        return self + -other

    def within(self, other: Interval) -> bool:
        """Whether every value here is allowed there."""
        return _reaches(other.lower, self.lower) and _reaches(-other.upper, -self.upper)

    def below(self, other: Interval) -> bool:
        """Whether every value here is less than every value there."""
        if self.upper.value is None or other.lower.value is None:
            return False
        touching = self.upper.value == other.lower.value
        return self.upper.value < other.lower.value or (touching and not (self.upper.closed and other.lower.closed))

    def relation(self, other: Interval) -> Relation:
        """How this interval lies to the other; the basis of the ends is not looked at."""
        here, there = self.within(other), other.within(self)
        if here or there:
            return Relation.EQUAL if here and there else Relation.WITHIN if here else Relation.AROUND
        return Relation.DISJOINT if self.below(other) or other.below(self) else Relation.OVERLAPPING

    def __str__(self) -> str:
        """The interval in brackets, as in the answers: round ones where the end is left out.

        >>> print(Interval(End(Decimal("64.8"), True), End(Decimal(72))))
        [64.8, 72)
        """
        low = "(-∞" if self.lower.value is None else f"{'[' if self.lower.closed else '('}{self.lower.value:f}"
        high = "∞)" if self.upper.value is None else f"{self.upper.value:f}{']' if self.upper.closed else ')'}"
        return f"{low}, {high}"


def _reaches(outer: End, inner: End) -> bool:
    """Whether a lower end leaves out nothing that another lower end lets in."""
    if outer.value is None or inner.value is None:
        return outer.value is None
    return outer.value < inner.value or (outer.value == inner.value and (outer.closed or not inner.closed))


@dataclass(frozen=True, slots=True)
class Days:
    """The days in which something held, in ISO 8601; an empty end is not known."""

    earliest: str = ""
    latest: str = ""

    @property
    def known(self) -> bool:
        """Whether there is a day at all."""
        return bool(self.earliest or self.latest)

    def apart(self, other: Days) -> bool:
        """Whether no day is in both."""
        return bool(
            (self.latest and other.earliest and self.latest < other.earliest)
            or (other.latest and self.earliest and other.latest < self.earliest)
        )


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure with all that decides what it may be reckoned with."""

    interval: Interval
    unit: str
    indicator: str
    of: str
    """What is counted or measured."""
    larger: frozenset[str] = frozenset()
    """The sets that `of` is a part of."""
    when: Days = field(default_factory=Days)

    def overlaps(self, other: Amount) -> bool:
        """Whether the two sets are one, or one is a part of the other."""
        return self.of == other.of or self.of in other.larger or other.of in self.larger


def total(parts: Sequence[Amount]) -> Interval:
    """The sum of amounts of sets that have no member in common.

    Raises Unlike for other units or indicators, shares, sets that overlap, and days that differ.
    """
    if not parts:
        raise Unlike("there is nothing to add")
    for one, other in combinations(parts, 2):
        _same_measure(one, other)
        if one.overlaps(other):
            raise Unlike(f"{one.of} and {other.of} overlap: members would be counted twice")
        if one.when.apart(other.when):
            raise Unlike("the amounts are of different days")
    if len(parts) > 1 and parts[0].unit in SHARES:
        raise Unlike("shares of different sets do not add up")
    found = parts[0].interval
    for part in parts[1:]:
        found += part.interval
    return found


def difference(whole: Amount, less: Amount) -> Interval:
    """What is left of a set without a part of it on the same day, or the change of one set from `less` to `whole`.

    Raises Unlike for other units or indicators, a part that is not in the whole or is of another day, one set on one
    day, and the share of a part.
    """
    _same_measure(whole, less)
    if whole.of == less.of:
        if not whole.when.apart(less.when):
            raise Unlike("a change needs two different days")
    elif whole.of not in less.larger:
        raise Unlike(f"{less.of} is not a part of {whole.of}")
    elif whole.unit in SHARES:
        raise Unlike("the share of a part cannot be taken from the share of the whole")
    elif whole.when.apart(less.when):
        raise Unlike("the amounts are of different days")
    return whole.interval - less.interval


def _same_measure(one: Amount, other: Amount) -> None:
    if one.unit != other.unit:
        raise Unlike(f"the units differ: {one.unit} and {other.unit}")
    if one.indicator != other.indicator:
        raise Unlike(f"the indicators differ: {one.indicator} and {other.indicator}")
