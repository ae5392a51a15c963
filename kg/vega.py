"""Charts as Vega-Lite (version 6), PNG and SVG. Owns altair and vl-convert, imported only when a chart is made.

The data stand in the specification, and nothing is fetched when it is rendered. Colours are those of Okabe and Ito.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from datetime import date
from textwrap import wrap
from typing import TYPE_CHECKING, Any, TypeAlias

from kg.errors import UsageError
from kg.marks import COLOURS, Basis, Chart, Form, Mark, Panel, Standing

if TYPE_CHECKING:
    import altair

    AltairChart: TypeAlias = altair.VConcatChart

WIDTH, LABELS, LINE_HEIGHT = 460, 48, 13
"""Width of the axis in pixels, of the labels beside it in characters, and height of one of their lines in pixels."""
SHAPES = {
    Standing.MEASURED: "circle",
    Standing.ROUNDED: "triangle-up",
    Standing.CHANGE: "cross",
    Standing.TARGET: "diamond",
    Standing.WANTED: "square",
    Standing.CRITERION: "triangle-down",
    Standing.REPORTED: "circle",
}
STYLES = {standing: (COLOURS[standing], shape) for standing, shape in SHAPES.items()}
"""How a claim stands to its colour and shape."""
SERIES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DASHES = {Basis.STATED: [1, 0], Basis.DEFINITION: [1, 0], Basis.CONVENTION: [4, 3]}
PALE = {Basis.STATED: 1.0, Basis.DEFINITION: 1.0, Basis.CONVENTION: 0.7}
THICK = {Basis.STATED: 5, Basis.DEFINITION: 2, Basis.CONVENTION: 5}
"""How a half of an interval is drawn, by where its end comes from."""
ARROWS = {"x": {"above": "right", "below": "left"}, "y": {"above": "up", "below": "down"}}
"""Where the arrow of an open end points, by the axis."""
FONT = "Noto Sans CJK SC, Noto Sans, DejaVu Sans, Helvetica, Arial, sans-serif"
LARGE = "replace(replace(replace(format(datum.value, '~s'), 'G', ' bn'), 'M', ' m'), 'T', ' tn')"
NUMBERS = f"datum.value < 1000 ? format(datum.value, '~f') : {LARGE}"
"""Numbers on an axis: short, without the prefixes of SI for large sums (Vega expressions)."""


def vega_lite(chart: Chart) -> AltairChart:
    """The chart as an Altair object, which checks itself against the Vega-Lite schema.

    Raises UsageError when altair is not installed.
    """
    alt = _library("altair")
    parts = [_panel(alt, chart, panel, first=n == 0) for n, panel in enumerate(chart.panels)]
    notes = [line for note in chart.notes for line in wrap(note, 150)]
    caption = alt.Chart(_data(alt, [{"text": notes}])).mark_text(
        align="left", baseline="top", color="#555555", fontSize=11, lineHeight=15
    )
    caption = caption.encode(text="text:N", x=alt.value(-LABELS * 6), y=alt.value(0))
    title = alt.TitleParams(wrap(chart.query.question, 100), anchor="start", fontSize=15, offset=14)
    whole: AltairChart = (
        alt.vconcat(*parts, caption.properties(width=WIDTH, height=len(notes) * 15), title=title, spacing=18)
        .resolve_scale(color="independent", shape="independent", y="independent")
        .configure(font=FONT, background="white", padding=16)
        .configure_view(stroke=None)
        .configure_axis(grid=True, gridColor="#e6e6e6", domainColor="#888888", tickColor="#888888")
        .configure_legend(orient="bottom", direction="vertical", labelLimit=0, titleLimit=0)
    )
    return whole


def specification(chart: Chart) -> bytes:
    """The chart as Vega-Lite JSON. Raises UsageError when altair is not installed."""
    return (json.dumps(vega_lite(chart).to_dict(), ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def image(chart: Chart, form: str) -> bytes:
    """The chart as PNG (twice its nominal size, for sharp print) or SVG. Raises UsageError without the libraries."""
    alt, converter = _library("altair"), _library("vl_convert")
    spec = vega_lite(chart).to_dict()
    version = alt.SCHEMA_VERSION.removeprefix("v").rsplit(".", 1)[0]
    if form == "svg":
        drawn: str = converter.vegalite_to_svg(spec, vl_version=version, allowed_base_urls=[])
        return drawn.encode()
    body: bytes = converter.vegalite_to_png(spec, vl_version=version, scale=2, allowed_base_urls=[])
    return body


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        package = name.replace("vl_convert", "vl-convert-python")
        raise UsageError(f"{package} is not installed", hint="pip install 'industrial-chain-kg[charts]'") from None


def _data(alt: Any, values: list[dict[str, Any]]) -> Any:
    return alt.Data(values=values)


# ---- panels ----


def _panel(alt: Any, chart: Chart, panel: Panel, *, first: bool) -> Any:
    legend = first and (len(chart.standings) > 1 or chart.standings[0] in {Standing.TARGET, Standing.WANTED})
    layers = _lines(alt, chart, panel) if panel.form == Form.LINES else _bars(alt, chart, panel, legend=legend)
    return alt.layer(*layers).properties(width=WIDTH, height=300 if panel.form == Form.LINES else _height(panel))


def _height(panel: Panel) -> int:
    lines = [len(wrap(mark.label, LABELS)) for mark in panel.marks]
    return len(lines) * (max(lines) * LINE_HEIGHT + 9)


def _value(panel: Panel, number: float) -> float | str:
    return date.fromordinal(round(number)).isoformat() if panel.form == Form.TIME_LINE else number


def _halves(panel: Panel, mark: Mark) -> list[dict[str, Any]]:
    """An interval as its lower and its upper half, each with the basis of its own end."""
    if mark.exact:
        return []
    low, high = panel.shown(mark)
    middle = panel.middle(mark)
    halves = ((low, middle, mark.low), (middle, high, mark.high))
    return [{"from": _value(panel, a), "to": _value(panel, b), "basis": end.basis} for a, b, end in halves]


def _ends(panel: Panel, mark: Mark) -> list[dict[str, Any]]:
    """The points at the ends of an interval, one for an exact figure; an open end is an arrow."""
    low, high = panel.shown(mark)
    if mark.exact:
        return [{"at": _value(panel, low), "end": "in"}]
    points = [(low, mark.low, "below"), (high, mark.high, "above")]
    return [
        {"at": _value(panel, at), "end": arrow if end.value is None else "in" if end.included else "out"}
        for at, end, arrow in points
    ]


def _common(mark: Mark, row: int) -> dict[str, Any]:
    return {
        "row": f"{row:04d}",
        "label": mark.label,
        "standing": mark.standing,
        "printed": mark.printed,
        "day": str(mark.day or ""),
        "since": str(mark.since or mark.until or ""),
        "until": str(mark.until or mark.since or ""),
        "source": mark.source,
        "claim": mark.claim,
    }


def _layer(alt: Any, panel: Panel, parts: str) -> Any:
    """A layer over the halves or ends of the marks of a panel."""
    make = _halves if parts == "halves" else _ends
    dodges = _dodges(panel) if panel.form == Form.LINES else [0] * len(panel.marks)
    values = [
        {**_common(mark, n), "dodge": dodges[n], **part}
        for n, mark in enumerate(panel.marks)
        for part in make(panel, mark)
    ]
    return alt.Chart(_data(alt, values))


def _dodges(panel: Panel) -> list[int]:
    """By how many pixels each mark steps aside, so that marks of one day stand beside each other."""
    days = [mark.day for mark in panel.marks]
    return [12 * days[:n].count(day) - 6 * (days.count(day) - 1) for n, day in enumerate(days)]


def _scale(alt: Any, panel: Panel) -> Any:
    if panel.form == Form.TIME_LINE:
        return alt.Scale(domain=[_value(panel, end) for end in panel.domain], type="utc")
    return alt.Scale(domain=list(panel.domain), nice=False, type="log" if panel.logarithmic else "linear")


def _values_axis(alt: Any, panel: Panel) -> Any:
    if panel.form == Form.TIME_LINE:
        return alt.Axis(title=panel.heading, format="%-d %b", labelOverlap=True, values=_days(panel))
    if panel.logarithmic:
        low, high = panel.domain
        powers = [low]
        while powers[-1] * 10 <= high:
            powers.append(powers[-1] * 10)
        return alt.Axis(title=panel.heading, values=powers, labelExpr=NUMBERS)
    return alt.Axis(title=panel.heading, tickCount=6, labelExpr=NUMBERS, labelOverlap=True)


def _days(panel: Panel) -> list[int]:
    """Some whole days along the axis, in milliseconds since 1970, as Vega counts time."""
    first, last = (round(end) for end in panel.domain)
    step = max((last - first) // 7, 1)
    return [(day - date(1970, 1, 1).toordinal()) * 86_400_000 for day in range(first, last + 1, step)]


def _standing(alt: Any, chart: Chart, channel: str, *, legend: bool) -> Any:
    """Colour or shape by how the claims stand, the same in all panels."""
    which = 0 if channel == "color" else 1
    scale = alt.Scale(domain=chart.standings, range=[STYLES[s][which] for s in chart.standings])
    kind = alt.Color if channel == "color" else alt.Shape
    shown = alt.Legend(title=None, symbolSize=90, symbolOpacity=1, direction="horizontal") if legend else None
    return kind("standing:N", scale=scale, legend=shown)


def _drawn(alt: Any) -> dict[str, Any]:
    """How a half is drawn, by the basis of its end: the channels for dashes, thickness and opacity."""

    def channel(kind: Any, looks: Mapping[Basis, Any]) -> Any:
        scale = alt.Scale(type="ordinal", domain=list(looks), range=list(looks.values()))
        return kind("basis:N", scale=scale, legend=None)

    return {
        "strokeDash": channel(alt.StrokeDash, DASHES),
        "strokeWidth": channel(alt.StrokeWidth, THICK),
        "opacity": channel(alt.Opacity, PALE),
    }


def _tooltip() -> list[str]:
    return ["label:N", "printed:N", "since:N", "until:N", "source:N", "claim:N"]


def _bars(alt: Any, chart: Chart, panel: Panel, *, legend: bool) -> list[Any]:
    """One line for each mark: a pale bar up to the lower end, the interval, its ends, and the printed figure."""
    kind = "T" if panel.form == Form.TIME_LINE else "Q"
    axis = alt.Axis(
        title=None,
        labelExpr=_label_expression(panel),
        labelLimit=0,
        labelLineHeight=LINE_HEIGHT,
        labelOffset=_label_offset(panel),
        minExtent=LABELS * 6,
        grid=False,
        ticks=False,
        domain=False,
        labelPadding=10,
    )
    y = alt.Y("row:O", axis=axis, scale=alt.Scale(domain=[f"{n:04d}" for n in range(len(panel.marks))]))
    x = {"scale": _scale(alt, panel), "axis": _values_axis(alt, panel)}
    colour = _standing(alt, chart, "color", legend=legend)
    layers = []
    if panel.form == Form.BARS and not panel.logarithmic:
        values = [{**_common(m, n), "to": panel.shown(m)[0]} for n, m in enumerate(panel.marks) if m.low.value]
        bars = alt.Chart(_data(alt, values)).mark_bar(opacity=0.16, height=12)
        layers.append(bars.encode(y=y, x=alt.X("to:Q", **x), color=colour))
    halves = _layer(alt, panel, "halves").mark_rule()
    layers.append(
        halves.encode(
            y=y,
            x=alt.X(f"from:{kind}", **x),
            x2="to",
            color=colour,
            **_drawn(alt),
            tooltip=_tooltip(),
        )
    )
    layers += _end_points(alt, chart, panel, {"y": y}, alt.X(f"at:{kind}", **x), "x", legend=legend)
    values = [_common(mark, n) for n, mark in enumerate(panel.marks)]
    printed = alt.Chart(_data(alt, values)).mark_text(align="left", baseline="middle", fontSize=11, color="#333333")
    layers.append(printed.encode(y=y, x=alt.value(WIDTH + 10), text="printed:N"))
    return layers


def _label_expression(panel: Panel) -> str:
    labels = {f"{n:04d}": wrap(mark.label, LABELS) for n, mark in enumerate(panel.marks)}
    return f"{json.dumps(labels, ensure_ascii=False)}[datum.value]"


def _label_offset(panel: Panel) -> dict[str, Any]:
    """Half the height of the further lines of a label, upwards: its middle stands at the height of its mark."""
    by_lines: dict[int, list[str]] = {}
    for n, mark in enumerate(panel.marks):
        by_lines.setdefault(len(wrap(mark.label, LABELS)), []).append(f"{n:04d}")
    conditions = [
        {"test": f"indexof({json.dumps(rows)}, datum.value) >= 0", "value": -(lines - 1) * LINE_HEIGHT / 2}
        for lines, rows in sorted(by_lines.items())
    ]
    return {"condition": conditions, "value": 0}


def _end_points(
    alt: Any, chart: Chart, panel: Panel, encoding: dict[str, Any], at: Any, axis: str, *, legend: bool
) -> list[Any]:
    """Filled points for ends that belong to the interval, hollow ones for ends that do not, arrows for open ends."""
    colour = encoding.get("color", _standing(alt, chart, "color", legend=legend))
    offset = {"xOffset": {"expr": "datum.dodge"}} if axis == "y" else {}
    shared = {**encoding, axis: at, "color": colour, "tooltip": _tooltip()}
    points = _layer(alt, panel, "ends")
    shape = _standing(alt, chart, "shape", legend=legend)
    filled = points.transform_filter("datum.end == 'in'").mark_point(size=60, filled=True, opacity=1, **offset)
    hollow = points.transform_filter("datum.end == 'out'").mark_point(
        size=50, filled=False, fill="white", opacity=1, strokeWidth=2, **offset
    )
    found = [filled.encode(**shared, shape=shape), hollow.encode(**shared, shape=shape)]
    for end, direction in ARROWS[axis].items():
        arrow = points.transform_filter(f"datum.end == '{end}'").mark_point(
            shape=f"triangle-{direction}", size=120, filled=True, opacity=1, **offset
        )
        found.append(arrow.encode(**shared))
    return found


def _lines(alt: Any, chart: Chart, panel: Panel) -> list[Any]:
    """Figures over time: intervals upright, the days that they are for across, lines through what was measured."""
    names = list(dict.fromkeys(mark.label for mark in panel.marks))
    colour = alt.Color(
        "label:N",
        scale=alt.Scale(domain=names, range=list(SERIES[: len(names)])),
        legend=alt.Legend(title=None, orient="left", symbolType="stroke", symbolStrokeWidth=4, symbolOpacity=1),
    )
    days = alt.X(
        "day:T",
        scale=alt.Scale(type="utc", padding=30),
        axis=alt.Axis(title=None, format="%-d %b %Y", labelOverlap=True, tickCount=6),
    )
    y = {"scale": _scale(alt, panel), "axis": _values_axis(alt, panel)}
    middles = [{**_common(mark, n), "middle": panel.middle(mark)} for n, mark in enumerate(panel.marks)]
    joined = alt.Chart(_data(alt, [value for value in middles if value["standing"] == Standing.MEASURED]))
    spans = alt.Chart(_data(alt, middles)).mark_rule(strokeWidth=1.5, opacity=0.8)
    halves = _layer(alt, panel, "halves").mark_rule(xOffset={"expr": "datum.dodge"})
    upright = halves.encode(
        x=days,
        y=alt.Y("from:Q", **y),
        y2="to",
        color=colour,
        **_drawn(alt),
        tooltip=_tooltip(),
    )
    legend = len({mark.standing for mark in panel.marks}) > 1
    return [
        joined.mark_line(strokeWidth=1.5, opacity=0.6).encode(x=days, y=alt.Y("middle:Q", **y), color=colour),
        spans.encode(x=alt.X("since:T"), x2="until", y=alt.Y("middle:Q", **y), color=colour),
        upright,
        *_end_points(alt, chart, panel, {"x": days, "color": colour}, alt.Y("at:Q", **y), "y", legend=legend),
    ]
