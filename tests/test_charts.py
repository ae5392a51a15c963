"""Charts: the marks hold the bounds of the rows, the specification is Vega-Lite, and what is drawn can be seen."""

from __future__ import annotations

import json
import os
import re
import struct
import sys
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import altair
import pytest

from kg import charts, queries, sketch, terms, vega
from kg.cli import plot
from kg.errors import UsageError
from kg.marks import Basis, Bound, Chart, Form, Mark, Panel, Standing
from kg.store import Session
from tests.conftest import Outcome, process

Kg = Callable[..., Outcome]
DRAWN = [query.name for query in charts.drawable()]
FIGURES = [query.name for query in charts.drawable() if charts.form(query) == "figures"]


@pytest.fixture(scope="session")
def drawn(store: str) -> dict[str, Chart]:
    """The charts of all queries that have one."""
    session = Session(store)
    return {name: charts.chart(session, name, {}) for name in DRAWN}


def marks(chart: Chart) -> dict[str, Mark]:
    return {mark.claim.rpartition("/id/claim/")[2]: mark for panel in chart.panels for mark in panel.marks}


def panel(*made: Mark, form: Form = Form.BARS, unit: str = "number") -> Panel:
    return Panel(form, "looms", unit, made)


def mark(low: float | None, high: float | None, **more: Any) -> Mark:
    facts: dict[str, Any] = {
        "label": "mills",
        "standing": Standing.MEASURED,
        "printed": "",
        "source": "",
        "claim": "",
    }
    return Mark(low=Bound(low), high=Bound(high), **{**facts, **more})


# ---- what is drawn ----


def test_the_columns_decide_which_queries_have_a_chart_and_which() -> None:
    kinds = {query.name: charts.form(query) for query in map(queries.read, queries.names())}
    expected = {
        "figures": {"operating-rates", "sme-resumption", "resumption-by-time", "production-output", "materials", "pmi"},
        "time line": {"calendar", "dispatches"},
        "": {"leading-firms", "sources", "officials", "chains", "supply-relations", "obstacles"},
    }
    for kind, names in expected.items():
        assert {name for name in names if kinds[name] != kind} == set()


@pytest.mark.parametrize("name", FIGURES)
def test_intervals_are_the_bounds_of_the_rows(name: str, store: str, drawn: dict[str, Chart]) -> None:
    columns, rows = Session(store).ask(queries.text(name)).rows()
    shown = {(found.claim, found.low.value, found.high.value): found for p in drawn[name].panels for found in p.marks}
    bounds = 0
    for row in rows:
        cells = {column: getattr(term, "value", "") for column, term in zip(columns, row, strict=True)}
        if "atLeast" not in cells and cells["interval"]:
            cells["atLeast"], cells["atMost"] = cells["interval"][1:-1].replace("∞", "").split(", ")
        if not (cells.get("atLeast") or cells.get("atMost")):
            continue
        low, high = (float(cells[column]) if cells[column] else None for column in ("atLeast", "atMost"))
        found = shown[cells["claim"], low, high]
        if "interval" in cells:
            brackets = ("[" if found.low.included else "(") + ("]" if found.high.included else ")")
            assert brackets == cells["interval"][0] + cells["interval"][-1]
        if "basis" in cells:
            bases = [{"stated": "stated", "set": "convention", "true": "definition"}.get(part.split()[0], "open")
                     for part in cells["basis"].split("; ")]  # fmt: skip
            stood = ["open" if end.value is None else end.basis for end in (found.low, found.high)]
            assert [bases[0], bases[-1]] == stood
        bounds += 1
    assert bounds >= 1


def test_hedges_as_they_are_drawn(drawn: dict[str, Chart]) -> None:
    """Read from the texts: about 84 percent, almost 72 per cent, exceeded 95%, over 7,600."""
    rates, firms = marks(drawn["sme-resumption"]), marks(drawn["supporting-firms"])
    about = rates["xinhua-2020-04-23/sme-restart-rate-april-15"]
    assert (about.low, about.high) == (Bound(83, True, Basis.CONVENTION), Bound(85, True, Basis.CONVENTION))
    almost = rates["scmp-2020-03-25/headline-sme-restart-rate"]
    assert (almost.low, almost.high) == (Bound(64.8, True, Basis.CONVENTION), Bound(72, False, Basis.STATED))
    assert almost.standing == Standing.ROUNDED
    over = marks(drawn["operating-rates"])["economic-daily-2020-03/industrial-operating-rate-hunan"]
    assert (over.low, over.high) == (Bound(95, False, Basis.STATED), Bound(100, True, Basis.DEFINITION))
    partners = next(found for found in firms.values() if found.printed == "over 7,600")
    assert (partners.low, partners.high) == (Bound(7600, False), Bound(None, False))


def test_targets_stand_apart_from_results(drawn: dict[str, Chart]) -> None:
    shown = marks(drawn["targets"])
    standings = {found.printed: found.standing for found in shown.values()}
    assert standings == {
        "nearly 100": Standing.TARGET,
        "more than 90,000": Standing.TARGET,
        "10,800": Standing.TARGET,
        "28.8 billion yuan": Standing.MEASURED,
    }
    spec = vega.vega_lite(drawn["targets"]).to_dict()
    scales = [layer["encoding"]["color"]["scale"] for part in spec["vconcat"][:-1] for layer in part["layer"]
              if "color" in layer["encoding"]]  # fmt: skip
    assert {tuple(scale["domain"]) for scale in scales} == {(Standing.MEASURED, Standing.TARGET)}
    assert {len(set(scale["range"])) for scale in scales} == {2}
    assert vega.STYLES[Standing.TARGET][1] != vega.STYLES[Standing.MEASURED][1]
    text = sketch.text(drawn["targets"], 100, colour=False)
    assert "● measured   ◆ target" in text
    assert re.search(r"◆╌*━+◇ +nearly 100", text)
    assert "result beside: Xin Guobin" in text


def test_a_change_is_not_on_the_axis_of_the_levels(drawn: dict[str, Chart]) -> None:
    levels, change = drawn["sme-resumption"].panels
    assert (levels.form, levels.unit, len(levels.marks)) == (Form.LINES, "percent", 6)
    assert (change.form, change.heading, change.numbers) == (
        Form.BARS, "change in work resumption rate (percentage points)", [2.2, 2.2],
    )  # fmt: skip


def test_the_days_of_a_time_line(drawn: dict[str, Chart]) -> None:
    shown = {found.label: found for found in marks(drawn["calendar"]).values()}
    resumed = shown["resumption of production at Xinfengming Group"]
    assert (resumed.since, resumed.until) == (date(2020, 2, 21), date(2020, 2, 29))
    unbroken = next(found for label, found in shown.items() if label.startswith("production without stop at Weichai"))
    assert (unbroken.low.value, unbroken.high.value) == (date(2020, 1, 27).toordinal(), None)
    assert [panel.title for panel in drawn["calendar"].panels] == ["2020", "2022", "2023"]


def test_rows_that_are_not_drawn_are_counted(drawn: dict[str, Chart]) -> None:
    chart = drawn["dispatches"]
    assert (chart.rows, chart.undrawn) == (15, 9)
    assert "9 of 15 rows are without a day." in "".join(chart.notes)


@pytest.mark.parametrize("name", DRAWN)
def test_no_two_bars_of_a_panel_have_one_label(name: str, drawn: dict[str, Chart]) -> None:
    for part in drawn[name].panels:
        if part.form == Form.BARS:
            assert len({found.label for found in part.marks}) == len(part.marks), part.title


def test_labels_tell_rows_apart_by_as_few_columns_as_they_can() -> None:
    rows = [
        {"of": "mills", "place": place, "asOf": "2031", "printed": "7", "source": source, "claim": terms.CLAIMS + name}
        for place, source, name in (("Ely", "Gazette", "g/a"), ("Rye", "Gazette", "g/b"), ("Rye", "Courier", "c/c"))
    ]
    assert charts._labels(rows[:2]) == ["Ely", "Rye"]
    assert charts._labels(rows) == ["Ely · Gazette", "Rye · Gazette", "Rye · Courier"]
    assert charts._labels([rows[1], {**rows[1], "claim": terms.CLAIMS + "g/d"}]) == ["g/b", "g/d"]
    assert charts._labels(rows, ["1", "1", "2"]) == ["Ely", "Rye", "Rye"]
    assert charts._labels(rows[:1], least=1) == ["mills"]


def test_chinese_labels_are_drawn_with_a_chinese_font() -> None:
    """Two different signs give two different pictures; missing ones would both be the same empty box."""
    query = queries.read("pmi")
    drawn = [Chart(query, {}, (panel(mark(50, 50, label=name)),), ("x",), 1, 0) for name in ("湖南省", "广东省")]
    one, other = (vega.image(chart, "png") for chart in drawn)
    assert one != other


def test_the_axis() -> None:
    assert panel(mark(52, 52), unit="percent").domain == (0, 100)
    assert panel(mark(120, 120), unit="percent").domain[1] > 120
    assert panel(mark(-3, 4)).domain[0] < -3
    assert panel(mark(0, 0)).domain == (0, 1)
    wide = panel(mark(731, 731), mark(5_300_000, None))
    assert (wide.logarithmic, wide.domain) == (True, (100, 10_000_000))
    assert wide.shown(wide.marks[1]) == (5_300_000, 10_000_000)
    assert panel(mark(100, 10_000)).middle(mark(100, 10_000)) == pytest.approx(1000)
    assert panel(mark(10, 20)).middle(mark(10, 20)) == 15


# ---- Vega-Lite, PNG, SVG ----


@pytest.mark.parametrize("name", DRAWN)
def test_every_chart_is_vega_lite_with_its_data_inside(name: str, drawn: dict[str, Chart]) -> None:
    chart = drawn[name]
    spec = json.loads(vega.specification(chart))
    altair.VConcatChart.from_dict(spec, validate=True)
    assert "url" not in set(re.findall(r'"(\w+)":', json.dumps(spec)))
    assert " ".join(spec["title"]["text"]) == chart.query.question
    caption = " ".join(spec["vconcat"][-1]["data"]["values"][0]["text"])
    assert all(source in caption for source in chart.sources)
    claims = {value["claim"] for part in spec["vconcat"][:-1] for layer in part["layer"]
              for value in layer["data"]["values"]}  # fmt: skip
    assert claims == {found.claim for part in chart.panels for found in part.marks}


def test_the_specification_of_a_hedge(drawn: dict[str, Chart]) -> None:
    spec = json.loads(vega.specification(drawn["targets"]))
    values = [value for part in spec["vconcat"][:-1] for layer in part["layer"] for value in layer["data"]["values"]]
    nearly = [value for value in values if value["printed"] == "nearly 100"]
    assert [(v["from"], v["to"], v["basis"]) for v in nearly if "basis" in v] == [
        (90, 95, "convention"), (95, 100, "stated"),
    ]  # fmt: skip
    assert {(v["at"], v["end"]) for v in nearly if "end" in v} == {(90, "in"), (100, "out")}
    more = {(v["at"], v["end"]) for v in values if v["printed"] == "more than 90,000" and "end" in v}
    assert (90_000, "out") in more
    assert [end for at, end in more if at > 90_000] == ["above"]


def pixels(png: bytes) -> tuple[int, int, int]:
    """Width, height, and how many different rows of pixels a PNG has (PNG specification, 11.2)."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    data, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += length + 12
    raw = zlib.decompress(data)
    line = len(raw) // height
    return width, height, len({raw[n * line : (n + 1) * line] for n in range(height)})


@pytest.mark.slow
@pytest.mark.parametrize("name", DRAWN)
def test_every_chart_can_be_seen(name: str, drawn: dict[str, Chart]) -> None:
    width, height, lines = pixels(vega.image(drawn[name], "png"))
    assert 1200 <= width <= 4000
    assert 200 <= height <= 40_000
    assert lines > 40
    root = ET.fromstring(vega.image(drawn[name], "svg"))
    words = "".join(root.itertext())
    assert drawn[name].sources[0] in words
    assert words.count("NaN") == 0


def test_the_same_chart_has_the_same_bytes(drawn: dict[str, Chart]) -> None:
    chart = drawn["pmi"]
    assert vega.image(chart, "svg") == vega.image(chart, "svg")
    assert vega.specification(chart) == vega.specification(chart)


def test_a_missing_library_is_named(drawn: dict[str, Chart], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(UsageError, match="vl-convert-python is not installed") as caught:
        vega.image(drawn["pmi"], "png")
    assert caught.value.hint == "pip install 'industrial-chain-kg[charts]'"


# ---- the terminal ----


@pytest.mark.parametrize("name", DRAWN)
def test_every_chart_fits_the_terminal(name: str, drawn: dict[str, Chart]) -> None:
    for width in (60, 100, 160):
        lines = sketch.text(drawn[name], width, colour=False).splitlines()
        assert max(map(len, lines)) <= width
        assert all(found.printed.split()[0] in "\n".join(lines) for found in marks(drawn[name]).values())


def test_signs_of_the_terminal() -> None:
    query = queries.read("pmi")
    made = panel(mark(50, 50), mark(40, 60), mark(30, None), mark(None, 20))
    chart = Chart(query, {}, (made,), ("Gazette",), 4, 0)
    lines = [
        line[7:].rstrip() for line in sketch.text(chart, 60, colour=False).splitlines() if line.startswith("mills")
    ]
    assert re.fullmatch(r"·+●", lines[0])
    assert re.fullmatch(r"·+●━+●", lines[1])
    assert re.fullmatch(r"·+●━+▶", lines[2])
    assert re.fullmatch(r"◀━+●", lines[3])


def test_colours_only_where_they_are_wanted(drawn: dict[str, Chart], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert b"\x1b[" in plot.rendered(drawn["pmi"], "terminal", terminal=True)
    assert b"\x1b" not in plot.rendered(drawn["pmi"], "terminal", terminal=False)
    monkeypatch.setenv("NO_COLOR", "1")
    assert b"\x1b" not in plot.rendered(drawn["pmi"], "terminal", terminal=True)
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert b"\x1b" not in plot.rendered(drawn["pmi"], "terminal", terminal=True)


# ---- the command ----


def test_the_list_of_charts(kg: Kg) -> None:
    listed = kg("plot")
    assert [line.split()[0] for line in listed.out.splitlines()] == DRAWN
    assert re.search(r"^calendar +time line +What happened when", listed.out, re.MULTILINE)


def test_files_by_their_endings(kg: Kg, tmp_path: Path) -> None:
    begins = {"a.png": b"\x89PNG", "a.svg": b"<svg", "a.json": b"{", "a.txt": b"What was the purchasing"}
    for name, start in begins.items():
        assert kg("plot", "pmi", "--output", str(tmp_path / name)) == Outcome(0, "", "")
        assert (tmp_path / name).read_bytes().startswith(start)


def test_parameters_are_those_of_the_query(kg: Kg) -> None:
    done = kg("plot", "operating-rates", "--province", "Guangdong", "--format", "terminal")
    assert done.code == 0
    assert "query operating-rates, province Guangdong." in done.out
    assert "Hunan" not in done.out


@pytest.mark.parametrize(("columns", "width"), [("abc", 100), ("0", 100), ("-5", 100), ("72", 72), ("99999999", 1000)])
def test_a_width_that_is_none_draws_as_without_one(
    columns: str, width: int, kg: Kg, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_terminal(_: int) -> os.terminal_size:
        raise OSError

    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr("os.get_terminal_size", no_terminal)
    done = kg("plot", "pmi", "--format", "terminal")
    assert (done.code, done.err) == (0, "")
    longest = max(map(len, done.out.splitlines()))
    assert 0.8 * width < longest <= width


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (["sources", "--format", "svg"], 2, "sources has neither figures nor days, so it has no chart\n  hint: these have"),
        (["pmi", "--format", "gif"], 2, "there is no chart as 'gif'"),
        (["pmi", "--output", "a.gif"], 2, "no chart is written as a.gif"),
        (["pmi"], 2, "where is the chart to go?"),
        (["pmi", "--output", "a.png", "--format", "svg"], 2, "a.png would hold svg, which its ending does not say"),
        (["pmj", "--format", "svg"], 3, "there is no query 'pmj'\n  hint: did you mean pmi?"),
        (["calendar", "--from", "2024-01-01", "--format", "svg"], 3, "none of the 0 rows has anything to draw"),
        (["operating-rates", "--place", "x", "--format", "svg"], 3, "operating-rates has no parameter 'place'"),
        (["pmi", "--output", "/nowhere/a.svg"], 4, "error[store]"),
    ],
)  # fmt: skip
def test_mistakes(argv: list[str], code: int, said: str, kg: Kg) -> None:
    done = kg("plot", *argv)
    assert (done.code, done.out) == (code, "")
    assert said in done.err


def test_nothing_is_fetched_and_nothing_else_is_written(tmp_path: Path) -> None:
    done = process("plot", "pmi", "--output", "chart.png", cwd=tmp_path, env={"http_proxy": "http://127.0.0.1:9"})
    assert done == Outcome(0, "", "")
    assert [path.name for path in tmp_path.iterdir()] == ["chart.png"]
