"""The command that draws answers."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from kg import store
from kg.cli import ask, complete
from kg.cli.options import EndpointUrl, Quiet, StoreDir
from kg.errors import Exit, UsageError, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.marks import Chart

FORMATS = ("terminal", "png", "svg", "vega")
ENDINGS = {".png": "png", ".svg": "svg", ".json": "vega", ".txt": "terminal"}
WIDEST = 1000
"""Characters of a line on the terminal, whatever the environment says."""


def plot(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            help="Name of the query; its parameters follow as --PARAM VALUE. Left out, those with a chart are listed.",
            autocompletion=complete.charts,
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", help="File to write: .png, .svg, .json (Vega-Lite) or .txt.")
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", help="terminal, png, svg or vega; by the file's ending, else for the terminal."),
    ] = None,
    directory: StoreDir = None,
    endpoint: EndpointUrl = None,
    quiet: Quiet = False,
) -> int:
    """Draw the answer to a canned query: figures as intervals, events on a time line, targets apart from results.

    Without a name, lists the queries that have a chart, and of which kind: the columns of a query decide.
    """
    from kg import charts

    if name is None:
        drawn = [(query, charts.form(query)) for query in charts.drawable()]
        width = max(len(query.name) for query, _ in drawn)
        typer.echo("\n".join(f"{query.name:{width}}  {kind:9}  {query.question}" for query, kind in drawn))
        return Exit.OK
    charts.checked(name)
    chosen = checked_form(form, output)
    found = charts.chart(store.opened(directory, endpoint, quiet=quiet), name, ask.params(context.args))
    body = rendered(found, chosen, terminal=output in {None, "-"})
    if output in {None, "-"}:
        ask.write(body)
    else:
        from kg import packing

        packing.write_whole(Path(str(output)), body)
    return Exit.OK


def checked_form(form: str | None, output: str | None) -> str:
    """One of FORMATS: as asked, by the ending of the file, or for the terminal. Raises UsageError."""
    to_file = output not in {None, "-"}
    ending = Path(str(output)).suffix.lower() if to_file else ""
    if form is None and to_file and ending not in ENDINGS:
        raise UsageError(f"no chart is written as {output}", hint="end the name in " + ", ".join(ENDINGS))
    if form is None and not to_file and not sys.stdout.isatty():
        raise UsageError("where is the chart to go?", hint="--output FILE.png, or --format terminal, png, svg or vega")
    form = form or ENDINGS.get(ending, "terminal")
    if form not in FORMATS:
        raise UsageError(f"there is no chart as {form!r}", hint=nearest(form, list(FORMATS)))
    if ENDINGS.get(ending, form) != form:
        raise UsageError(f"{output} would hold {form}, which its ending does not say", hint="leave out --format")
    if form == "png" and not to_file and sys.stdout.isatty():
        raise UsageError("png is not for a terminal", hint="--output FILE.png")
    return form


def rendered(chart: Chart, form: str, *, terminal: bool) -> bytes:
    """A chart as bytes in one of FORMATS; `terminal` is whether it goes to stdout, where colours may be welcome."""
    if form == "terminal":
        from kg import sketch

        width = min(shutil.get_terminal_size((100, 24)).columns, WIDEST)
        return sketch.text(chart, width, colour=terminal and ask.coloured()).encode()
    from kg import vega

    return vega.specification(chart) if form == "vega" else vega.image(chart, form)
