"""The command that says what is wrong in Turtle before it becomes part of the graph."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from kg import layout, store
from kg.cli import ask
from kg.errors import Exit, UsageError, nearest

FORMATS = ("csv", "json", "jsonl", "markdown", "sarif", "table", "tsv", "turtle")
SEVERITIES = ("violation", "warning", "info")


def validate(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE]…", help="RDF files, folders of Turtle, or - for Turtle on standard input."),
    ] = None,
    severity: Annotated[
        str, typer.Option("--severity", help="The least severe that is told: violation, warning or info.")
    ] = "warning",
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="table, csv, tsv, json, jsonl, markdown, turtle (a SHACL validation report) or sarif; "
            "a table on a terminal, else tsv.",
        ),
    ] = None,
    directory: Annotated[
        str | None, typer.Option("--store", help="Directory of the store [default: the user's cache].")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing on stderr, not even the counts.")] = False,
) -> int:
    """Find what is wrong in RDF files together with the graph, or in the whole graph: syntax, names, ontology, shapes.

    Findings go to stdout with file, line and column, the counts to stderr. Exits 1 when there is a violation.
    """
    chosen = form or os.environ.get("KG_FORMAT") or ("table" if sys.stdout.isatty() else "tsv")
    if chosen not in FORMATS:
        raise UsageError(f"findings are not written as {chosen}", hint=nearest(chosen, list(FORMATS)))
    if severity not in SEVERITIES:
        raise UsageError(f"there is no severity {severity!r}", hint=nearest(severity, list(SEVERITIES)))
    from kg import reports
    from kg import validate as validating

    directory = directory or layout.default_store()
    if reason := store.trouble(directory):
        store.say(f"{reason}, so that this may take longer; kg build helps", quiet=quiet)
    report = validating.validate(files or (), directory)
    told = report.least(severity)
    if chosen == "table":
        ask.write(reports.text(told).encode())
    elif chosen == "sarif":
        ask.write(reports.sarif(told).encode())
    elif chosen == "turtle":
        ask.write(reports.turtle(told))
    else:
        from kg import render

        ask.write(render.records(list(reports.COLUMNS), reports.rows(told), chosen))
    if not quiet:
        sys.stdout.flush()
        print(report.summary(), file=sys.stderr)
    return Exit.FOUND if report.counts()["violation"] else Exit.OK
