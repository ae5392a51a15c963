"""What a chart consists of: ends of intervals, marks, panels; where its axes begin and end, and its notes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kg.model import Query

WIDE = 100
"""From this ratio of the largest to the smallest number on, the scale is logarithmic."""


class Standing(StrEnum):
    """How a claim stands, in the order of legends."""

    MEASURED = "measured"
    ROUNDED = "rounded in a headline"
    CHANGE = "change"
    TARGET = "target"
    WANTED = "pledge, request or provision"
    CRITERION = "threshold"
    REPORTED = "reported"


COLOURS = {
    Standing.MEASURED: "#0072B2",
    Standing.ROUNDED: "#767676",
    Standing.CHANGE: "#009E73",
    Standing.TARGET: "#D55E00",
    Standing.WANTED: "#CC79A7",
    Standing.CRITERION: "#E69F00",
    Standing.REPORTED: "#0072B2",
}
"""The colour of each standing in any drawing: those of Okabe and Ito, which colour-blind people tell apart."""


class Basis(StrEnum):
    """Where the end of an interval comes from."""

    STATED = "stated"
    CONVENTION = "convention"
    DEFINITION = "definition"


class Form(StrEnum):
    """How the marks of a panel are drawn."""

    BARS = "bars"
    LINES = "lines"
    TIME_LINE = "time line"


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of an interval: a number, or a day as its proleptic Gregorian ordinal; None where it is open."""

    value: float | None
    included: bool = True
    basis: Basis = Basis.STATED


@dataclass(frozen=True, slots=True)
class Mark:
    """One row as it is drawn."""

    label: str
    standing: Standing
    low: Bound
    high: Bound
    printed: str
    source: str
    claim: str
    since: date | None = None
    """First day of the time that a figure is for, where the words give one."""
    until: date | None = None

    @property
    def exact(self) -> bool:
        """Whether the two ends are one point."""
        return self.low.value is not None and self.low.value == self.high.value

    @property
    def day(self) -> date | None:
        """The day at which a figure stands on an axis of time: the middle of its span."""
        if self.since and self.until:
            return date.fromordinal((self.since.toordinal() + self.until.toordinal()) // 2)
        return self.until or self.since


@dataclass(frozen=True, slots=True)
class Panel:
    """The marks that share an axis."""

    form: Form
    title: str
    unit: str
    marks: tuple[Mark, ...]

    @property
    def heading(self) -> str:
        """What is drawn, as it stands on the axis."""
        title = f"change in {self.title}" if self.unit == "percentage points" else self.title
        title = f"{title} ({self.unit})" if self.unit else title
        return f"{title}, logarithmic scale" if self.logarithmic else title

    @property
    def numbers(self) -> list[float]:
        """All ends that are not open."""
        return [end.value for mark in self.marks for end in (mark.low, mark.high) if end.value is not None]

    @property
    def logarithmic(self) -> bool:
        """Whether the numbers lie so far apart that only a logarithmic scale shows all of them."""
        low = min(self.numbers)
        return self.form != Form.TIME_LINE and low > 0 and max(self.numbers) / low >= WIDE

    @property
    def domain(self) -> tuple[float, float]:
        """The ends of the axis: from zero, to 100 for percent, and with room for open ends."""
        low, high = min(self.numbers), max(self.numbers)
        if self.form == Form.TIME_LINE:
            room = max((high - low) * 0.05, 4)
            return low - room, high + room
        if self.logarithmic:
            return 10 ** math.floor(math.log10(low)), 10 ** math.ceil(math.log10(high) + 0.1)
        if self.unit == "percent" and low >= 0 and high <= 100:
            return 0, 100
        return -_rounded_up(-low), _rounded_up(high) or 1

    def middle(self, mark: Mark) -> float:
        """The point of an interval where its lower half meets the upper one, on the scale of the panel."""
        low, high = self.shown(mark)
        return math.sqrt(low * high) if self.logarithmic else (low + high) / 2

    def shown(self, mark: Mark) -> tuple[float, float]:
        """From where to where a mark is drawn: an open end goes as far as the axis does."""
        start, stop = self.domain
        low, high = mark.low.value, mark.high.value
        return start if low is None else low, stop if high is None else high


@dataclass(frozen=True, slots=True)
class Chart:
    """An answer as it is drawn."""

    query: Query
    params: dict[str, str]
    panels: tuple[Panel, ...]
    sources: tuple[str, ...]
    rows: int
    undrawn: int
    """Rows without a figure or day."""

    @property
    def standings(self) -> list[Standing]:
        """How the claims that are drawn stand, in the order of legends."""
        present = {mark.standing for panel in self.panels for mark in panel.marks}
        return [standing for standing in Standing if standing in present]

    @property
    def notes(self) -> list[str]:
        """What stands under the chart."""
        asked = "".join(f", {name} {value}" for name, value in self.params.items())
        sources = " · ".join(self.sources)
        missing = "a day" if self.panels[0].form == Form.TIME_LINE else "a figure"
        left = f" {self.undrawn} of {self.rows} rows are without {missing}." if self.undrawn else ""
        lines = [f"Sources: {sources}.", f"industrial-chain-kg, query {self.query.name}{asked}.{left}"]
        return lines + ([self.key] if self.key else [])

    @property
    def key(self) -> str:
        """How to read the signs for intervals that this chart has; empty when it has none."""
        marks = [mark for panel in self.panels for mark in panel.marks if not mark.exact]
        ends = [end for mark in marks for end in (mark.low, mark.high)]
        dashed = "a day that was worked out" if self.panels[0].form == Form.TIME_LINE else "an end set by convention"
        signs = [
            (bool(marks), "A thick line runs over all that the words allow"),
            (any(end.value is not None and not end.included for end in ends), "a hollow end is itself left out"),
            (any(end.basis == Basis.DEFINITION for end in ends), "a thin half has an end that is true by definition"),
            (any(end.basis == Basis.CONVENTION for end in ends), f"a dashed half has {dashed}"),
            (any(end.value is None for end in ends), "an arrow points where the words set no end"),
        ]
        return "".join(f"{text}, " for there, text in signs if there).removesuffix(", ") + ("." if marks else "")


def _rounded_up(number: float) -> float:
    """A round number somewhat above a positive one; 0 for others."""
    if number <= 0:
        return 0
    step: float = 10.0 ** math.floor(math.log10(number)) / 5
    return math.ceil(number * 1.1 / step) * step
