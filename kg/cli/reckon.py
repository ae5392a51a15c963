"""The commands that add and subtract the figures of claims."""

from __future__ import annotations

from typing import Annotated

import typer

from kg import engine, store
from kg.cli import ask, complete
from kg.cli.options import Quiet, RowFormat, StoreDir, checked_row_format
from kg.errors import Exit

Claims = Annotated[
    list[str],
    typer.Argument(
        metavar="CLAIM CLAIM…",
        help="Claims with figures, such as scio-2020-04-23/leading-51-count.",
        autocompletion=complete.claims,
    ),
]


def sum_(claims: Claims, form: RowFormat = None, directory: StoreDir = None, quiet: Quiet = False) -> int:
    """Add the figures of claims: an interval that the wordings allow, with the evidence of each claim.

    Refused with the reason: other units, indicators or days, shares, sets that overlap or may be one, targets beside
    results.
    """
    return _print("sum", claims, form, directory, quiet)


def difference(claims: Claims, form: RowFormat = None, directory: StoreDir = None, quiet: Quiet = False) -> int:
    """Subtract the second claim's figure from the first's: a part from its whole, or an earlier day from a later one.

    Refused with the reason, as for `kg sum`.
    """
    return _print("difference", claims, form, directory, quiet)


def _print(operation: str, claims: list[str], form: str | None, directory: str | None, quiet: bool) -> int:
    from kg import reckoning, render, terms

    chosen = checked_row_format(form, f"a {operation} is")
    session = store.Session(directory, quiet=quiet)
    rows = reckoning.reckoned(engine.asking(session), operation, claims)
    if chosen in {"table", "markdown"}:
        rows = [[*row[:-1], terms.compact(row[-1])] for row in rows]
    ask.write(render.records(list(reckoning.COLUMNS), rows, chosen))
    if operation == "sum":
        store.say("reckoned by kg, from no source; the graph knows of no member that the sets share", quiet=quiet)
    return Exit.OK
