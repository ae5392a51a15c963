"""Charts as text, for the terminal: one line for each mark, between its label and its figure as printed."""

from __future__ import annotations

import math
from datetime import date

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from kg.marks import COLOURS, Basis, Chart, Form, Mark, Panel, Standing

SIGNS = {
    Standing.MEASURED: ("●", "○"),
    Standing.ROUNDED: ("▲", "△"),
    Standing.CHANGE: ("✚", "✛"),
    Standing.TARGET: ("◆", "◇"),
    Standing.WANTED: ("■", "□"),
    Standing.CRITERION: ("▼", "▽"),
    Standing.REPORTED: ("●", "○"),
}
"""The end that belongs to the interval, and the one that does not, by how the claim stands."""
STROKES = {Basis.STATED: "━", Basis.CONVENTION: "╌", Basis.DEFINITION: "─"}
LEAST = 10
"""Columns that the axis has at the least."""


def text(chart: Chart, width: int, *, colour: bool) -> str:
    """The chart in lines of at most `width` columns; with `colour`, ANSI escape sequences."""
    console = Console(
        width=width,
        color_system="256" if colour else None,
        force_terminal=colour,
        no_color=not colour,
        highlight=False,
        markup=False,
        legacy_windows=False,
    )
    with console.capture() as capture:
        console.print(Text(chart.query.question, style="bold"))
        for panel in chart.panels:
            console.print()
            for line in _panel(panel, width):
                console.print(line)
        console.print()
        if len(chart.standings) > 1:
            signs = (Text(f"{SIGNS[s][0]} {s}", style=COLOURS[s]) for s in chart.standings)
            console.print(Text("   ").join(signs))
        for note in chart.notes:
            console.print(Text(note, style="dim"))
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def _panel(panel: Panel, width: int) -> list[Text]:
    marks = sorted(panel.marks, key=lambda mark: str(mark.day)) if panel.form == Form.LINES else list(panel.marks)
    labels = [_label(panel, mark) for mark in marks]
    beside = min(max(cell_len(label) for label in labels), max(width * 2 // 5, 10))
    printed = min(max(cell_len(mark.printed) for mark in marks), max(width // 4, 8))
    axis = max(width - beside - printed - 4, LEAST)
    lines = [Text(" " * (beside + 2)).append(panel.heading, style="bold")]
    for mark, label in zip(marks, labels, strict=True):
        lefts, rights = _wrapped(label, beside), _wrapped(mark.printed, printed)
        for n in range(max(len(lefts), len(rights))):
            line = Text(lefts[n] if n < len(lefts) else "")
            line.pad_right(beside + 2 - line.cell_len)
            line.append_text(_drawn(panel, mark, axis) if n == 0 else Text(" " * axis))
            lines.append(line.append("  " + (rights[n] if n < len(rights) else "")))
    return [*lines, _axis(panel, axis, beside + 2)]


def _label(panel: Panel, mark: Mark) -> str:
    return f"{mark.day} {mark.label}" if panel.form == Form.LINES else mark.label


def _wrapped(words: str, width: int) -> list[str]:
    """A text in lines of at most so many columns; wide characters count as two (Unicode Standard Annex 11)."""
    return [line.plain.rstrip() for line in Text(words).wrap(Console(width=width), width)] or [""]


def _drawn(panel: Panel, mark: Mark, width: int) -> Text:
    """One mark on its axis."""
    low, high = (_column(panel, value, width) for value in panel.shown(mark))
    cells = [" "] * width
    if panel.form == Form.BARS and not panel.logarithmic:
        zero = _column(panel, 0, width)
        cells[min(zero, low) : max(zero, low)] = "·" * abs(low - zero)
    middle = _column(panel, panel.middle(mark), width)
    cells[low:middle] = STROKES[mark.low.basis] * (middle - low)
    cells[middle:high] = STROKES[mark.high.basis] * (high - middle)
    inside, outside = SIGNS[mark.standing]
    cells[high] = "▶" if mark.high.value is None else inside if mark.high.included else outside
    if not mark.exact and low != high:
        cells[low] = "◀" if mark.low.value is None else inside if mark.low.included else outside
    return Text("".join(cells), style=COLOURS[mark.standing])


def _column(panel: Panel, value: float, width: int) -> int:
    start, stop = panel.domain
    if panel.logarithmic:
        start, stop, value = math.log10(start), math.log10(stop), math.log10(value)
    return min(max(round((value - start) / (stop - start) * (width - 1)), 0), width - 1)


def _axis(panel: Panel, width: int, indent: int) -> Text:
    """The two ends of the axis, with a line between them."""
    first, last = (_number(panel, end) for end in panel.domain)
    return Text(" " * indent + f"{first} " + "─" * (width - len(first) - len(last) - 2) + f" {last}", style="dim")


def _number(panel: Panel, value: float) -> str:
    if panel.form == Form.TIME_LINE:
        return date.fromordinal(round(value)).isoformat()
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
