"""What is drawn of an answer: which queries have a chart, and the marks that their rows make.

How a query is drawn follows from its columns, by one rule:

- a query with `interval` or `atLeast` and `atMost` gives *figures*: each row with such a cell is an interval;
- else a query with `earliest` and `latest`, or with `on`, gives a *time line*: each row with a day is a span of days;
- no other query has a chart.

Figures stand in one panel for each indicator and unit. A panel has *lines* over time where a line has figures of two
times or more and the lines can be told apart (seven at most), else *bars*. A time line has one panel for each year.
A row is called by its first column that tells it from others, and by more of them where one does not.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from textwrap import shorten

from kg import lookup, queries, terms, units
from kg.engine import Engine, records
from kg.errors import InputError, UsageError
from kg.marks import Basis, Bound, Chart, Form, Mark, Panel, Standing
from kg.model import Query

INTERVALS = {"interval", "atLeast", "atMost"}
DAYS = (("since", "until"), ("earliest", "latest"))
"""Pairs of columns that hold the first and the last day."""
TIMES = ("asOf", "on", "deadline", "time")
"""Columns that hold the name of a time."""
KINDS = {"kind", "statedAs", "status", "dateBasis", "basis", "unit", "in"}
EVIDENCE = {"saidBy", "source", "published", "where", "printed", "claim", "compared", "result", "resultClaim"}
UNNAMING = INTERVALS | KINDS | EVIDENCE | {*TIMES, *(column for pair in DAYS for column in pair)}
"""Columns that do not say what a row is about."""

STANDINGS = {
    "measurement": Standing.MEASURED,
    "change": Standing.CHANGE,
    "target": Standing.TARGET,
    "pledge": Standing.WANTED,
    "request": Standing.WANTED,
    "provision": Standing.WANTED,
    "situation claim": Standing.CRITERION,
}
"""Kind of claim to how its figure stands; a situation has one where it is a threshold. All others are reported."""
BASES = {"set by convention": Basis.CONVENTION, "true by definition": Basis.DEFINITION}
MOST_LINES = 7
"""As many as there are colours that a colour-blind reader can tell apart (Okabe and Ito), black left out."""

Cells = dict[str, str]


def form(query: Query) -> str:
    """How a query is drawn, by its columns: "figures", "time line", or empty when it has no chart."""
    columns = set(query.columns)
    if "interval" in columns or {"atLeast", "atMost"} <= columns:
        return "figures"
    return Form.TIME_LINE if {"earliest", "latest"} <= columns or "on" in columns else ""


def drawable() -> list[Query]:
    """The queries that have a chart."""
    return [query for query in map(queries.read, queries.names()) if form(query)]


def checked(name: str) -> Query:
    """A query that has a chart. Raises UsageError for one without, UnknownName where there is none."""
    query = queries.read(name)
    if not form(query):
        having = ", ".join(query.name for query in drawable())
        raise UsageError(f"{name} has neither figures nor days, so it has no chart", hint=f"these have one: {having}")
    return query


def chart(session: Engine, name: str, params: dict[str, str]) -> Chart:
    """The chart of an answer.

    Raises what `checked` and `lookup.bound` raise, and InputError when no row has anything to draw.
    """
    query = checked(name)
    rows = _rows(session, lookup.bound(session, name, params))
    spans = _Spans(session, rows)
    panels = _figures(session, rows, spans) if form(query) == "figures" else _time_line(session, rows, spans)
    if not panels:
        raise InputError(f"none of the {len(rows)} rows has anything to draw", hint="ask with other parameters")
    marks = [mark for panel in panels for mark in panel.marks]
    drawn = {mark.claim for mark in marks}
    sources = tuple(dict.fromkeys(row["source"] for row in rows if {row["claim"], row.get("resultClaim")} & drawn))
    undrawn = sum(not {row["claim"], row.get("resultClaim")} & drawn for row in rows)
    return Chart(query, params, tuple(panels), sources, len(rows), undrawn)


def _rows(session: Engine, text: str) -> list[Cells]:
    return records(*session.ask(text).rows())


class _Spans:
    """The days of rows: written in the row, or those of the time that it names."""

    def __init__(self, session: Engine, rows: list[Cells]) -> None:
        columns = set(rows[0]) if rows else set()
        self.days = next((pair for pair in DAYS if columns >= set(pair)), None)
        self.column = next((column for column in TIMES if column in columns), "")
        self.named: dict[str, Cells] = {}
        if self.column:
            named = _rows(session, queries.read("times", "lookup").body)
            self.named = {row["label"]: row for row in named}

    def of(self, row: Cells) -> tuple[date | None, date | None]:
        """First and last day; None where they are open or not known."""
        first, last = self.days or ("earliest", "latest")
        cells = row if self.days else self.named.get(row.get(self.column, ""), {})
        return _day(cells.get(first, "")), _day(cells.get(last, ""))

    def worked_out(self, row: Cells) -> bool:
        """Whether the day is not stated where the fact is, but inferred."""
        basis = self.named.get(row.get(self.column, ""), {}).get("basis", "") or row.get("dateBasis", row.get("basis"))
        return basis != "stated"


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


# ---- figures ----


def _figures(session: Engine, rows: list[Cells], spans: _Spans) -> list[Panel]:
    facts = _facts(session)
    groups: dict[tuple[str, str], list[tuple[Cells, Mark]]] = {}
    for row in rows:
        own = [fact for fact in facts.get(row["claim"], []) if _gives(row, fact)]
        beside = facts.get(row.get("resultClaim", ""), [])
        for fact in [*own[:1], *beside[:1]]:
            since, until = spans.of(row) if fact in own else (None, None)
            mark = replace(_figure(fact, row), since=since, until=until)
            groups.setdefault((fact["indicator"], _unit(fact)), []).append((row, mark))
    return [_panel(title, unit, _unique(group)) for (title, unit), group in groups.items()]


def _facts(session: Engine) -> dict[str, list[Cells]]:
    """What there is to draw of each claim: one entry for each of its figures, without bounds where it has none."""
    found: dict[str, list[Cells]] = {}
    for row in _rows(session, queries.read("drawn", "lookup").body):
        found.setdefault(row["claim"], []).append(row)
    return found


def _gives(row: Cells, fact: Cells) -> bool:
    """Whether a row of the answer gives this figure of its claim."""
    if not (fact["lower"] or fact["upper"]) or not any(row.get(column) for column in INTERVALS):
        return False
    pairs = (("atLeast", "lower"), ("atMost", "upper"))
    return all(_number(row[column]) == _number(fact[bound]) for column, bound in pairs if column in row)


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _unique(group: list[tuple[Cells, Mark]]) -> list[tuple[Cells, Mark]]:
    """One entry for each claim: rows may differ in what is not drawn."""
    return list({mark.claim: (row, mark) for row, mark in reversed(group)}.values())[::-1]


def _unit(fact: Cells) -> str:
    if fact["kind"] == "change" and fact["unit"].endswith("/PERCENT"):
        return "percentage points"
    code = terms.local(fact["unit"])
    return units.ON_AXES.get(code, code)


def _figure(fact: Cells, row: Cells) -> Mark:
    rounded = fact["status"] == "headline rounding"
    standing = Standing.ROUNDED if rounded else STANDINGS.get(fact["kind"], Standing.REPORTED)
    return Mark(
        label="",
        standing=standing,
        low=_end(fact, "lower", "withLower"),
        high=_end(fact, "upper", "withUpper"),
        printed=fact["printed"],
        source=row["source"],
        claim=fact["claim"],
    )


def _end(fact: Cells, bound: str, included: str) -> Bound:
    if not fact[bound]:
        return Bound(None, included=False)
    return Bound(float(fact[bound]), fact[included] == "true", BASES.get(fact[f"{bound}Basis"], Basis.STATED))


def _panel(title: str, unit: str, group: list[tuple[Cells, Mark]]) -> Panel:
    marks = [mark for _, mark in group]
    rows = [{column: cell for column, cell in row.items() if cell != title} for row, _ in group]
    labels = _labels(rows, [str(mark.day) for mark in marks])
    named = [replace(mark, label=label) for mark, label in zip(marks, labels, strict=True)]
    times: dict[str, set[date]] = {}
    for mark in named:
        if mark.standing != Standing.ROUNDED and mark.day:
            times.setdefault(mark.label, set()).add(mark.day)
    over_time = all(mark.day for mark in named) and any(len(days) > 1 for days in times.values())
    if over_time and len(set(labels)) <= MOST_LINES:
        return Panel(Form.LINES, title, unit, tuple(named))
    labels = _labels(rows)
    named = [
        replace(mark, label=label if mark.claim == row["claim"] else f"result beside: {label}")
        for (row, mark), label in zip(group, labels, strict=True)
    ]
    return Panel(Form.BARS, title, unit, tuple(named))


def _labels(rows: list[Cells], unlike: list[str] | None = None, least: int = 1) -> list[str]:
    """What each row is called: as many of its columns as tell the rows apart, and no fewer than `least`.

    With `unlike`, rows that differ in that need not differ in their labels.
    """
    others = unlike or [""] * len(rows)
    last = [] if unlike else [*TIMES, "source", "claim"]
    own = [column for column in dict.fromkeys(c for row in rows for c in row) if column not in UNNAMING]
    naming = [column for column in own + last if any(row.get(column) for row in rows)]
    varying = [c for c in naming if len({row.get(c) for row in rows}) > 1]
    varying = [c for c in varying if any(row.get(c) != row["printed"] for row in rows)]
    used: list[str] = []
    for column in varying or naming[:1]:
        used.append(column)
        labels = [" · ".join(filter(None, (row.get(c, "").removeprefix(terms.CLAIMS) for c in used))) for row in rows]
        if len(used) >= least and len(set(zip(labels, others, strict=True))) == len(rows):
            break
    return [label or row["claim"].removeprefix(terms.CLAIMS) for label, row in zip(labels, rows, strict=True)]


# ---- time lines ----


def _time_line(session: Engine, rows: list[Cells], spans: _Spans) -> list[Panel]:
    facts = _facts(session)
    dated = [(row, span) for row in rows if any(span := spans.of(row))]
    if not dated:
        return []
    labels = _labels([row for row, _ in dated], [str(span) for _, span in dated], least=1 if spans.days else 2)
    years: dict[int, list[Mark]] = {}
    for (row, (first, last)), label in zip(dated, labels, strict=True):
        standing = STANDINGS.get(facts.get(row["claim"], [{"kind": ""}])[0]["kind"], Standing.REPORTED)
        basis = Basis.CONVENTION if spans.worked_out(row) else Basis.STATED
        mark = Mark(
            label=shorten(label, 140, placeholder=" …"),
            standing=standing if standing in {Standing.TARGET, Standing.WANTED} else Standing.REPORTED,
            low=Bound(first.toordinal() if first else None, first is not None, basis),
            high=Bound(last.toordinal() if last else None, last is not None, basis),
            printed=_days(first, last),
            source=row["source"],
            claim=row["claim"],
            since=first,
            until=last,
        )
        years.setdefault((first or last or date.min).year, [])
        if mark not in years[(first or last or date.min).year]:
            years[(first or last or date.min).year].append(mark)
    return [
        Panel(Form.TIME_LINE, str(year), "", tuple(sorted(marks, key=lambda mark: str(mark.since or mark.until))))
        for year, marks in sorted(years.items())
    ]


def _days(first: date | None, last: date | None) -> str:
    """A span of days as people read it (ISO 8601 for each day)."""
    if first == last:
        return str(first)
    return f"{first or '…'} – {last or '…'}"
