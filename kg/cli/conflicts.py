"""The command that lists the claims on one matter side by side: what people concluded, and what the engine proposes."""

from __future__ import annotations

from typing import Annotated

import typer

from kg import engine, store
from kg.cli import ask
from kg.cli.options import EndpointUrl, Quiet, RowFormat, StoreDir, checked_row_format
from kg.errors import Exit


def conflicts(
    about: Annotated[
        str | None, typer.Option("--about", help="Only what concerns this thing: a name, an IRI or a compact name.")
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option("--reason", help="Only this reason or result, such as later-date or contradicts."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every proposal, also where the claims agree or differ in date only.")
    ] = False,
    form: RowFormat = None,
    directory: StoreDir = None,
    endpoint: EndpointUrl = None,
    quiet: Quiet = False,
) -> int:
    """List claims on the same matter side by side, with the reason and the independent origins behind each side.

    Curated comparisons come first, then the engine's proposals that nobody has judged: those that matter, or --all.
    """
    from kg import conflicts, lookup, render, terms

    chosen = checked_row_format(form, "comparisons are")
    session = store.opened(directory, endpoint, quiet=quiet)
    asking = engine.asking(session)
    thing = None if about is None else lookup.resolve(session, about)
    found = conflicts.load(asking)
    shown = conflicts.choose(asking, found, thing, reason, everything=everything)
    rows = found.rows(shown)
    if chosen in {"table", "markdown"}:
        rows = [[*row[:-1], terms.compact(row[-1])] for row in rows]
    if chosen == "table":
        rows = _heads_once(rows, conflicts.OF_THE_WHOLE)
    ask.write(render.records(list(conflicts.COLUMNS), rows, chosen))
    curated = sum(comparison.curated for comparison in shown)
    store.say(f"curated comparisons: {curated}; proposals: {len(shown) - curated}", quiet=quiet)
    return Exit.OK


def _heads_once(rows: list[list[str]], width: int) -> list[list[str]]:
    """The rows with what is alike in all rows of a comparison in the first of them only."""
    before: list[list[str]] = [[], *(row[:width] for row in rows)]
    return [[""] * width + row[width:] if row[:width] == last else row for row, last in zip(rows, before, strict=False)]
