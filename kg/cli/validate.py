"""The command that says what is wrong in Turtle before it becomes part of the graph."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from kg import layout, store
from kg.cli import ask
from kg.cli.options import EndpointUrl, QuietCounts, StoreDir
from kg.errors import Exit, UsageError, nearest
from kg.model import SEVERITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.validate import Report

FORMATS = ("csv", "json", "jsonl", "markdown", "sarif", "table", "tsv", "turtle")


def validate(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE]…",
            help="RDF files, mapping sets (.sssom.tsv), folders of them, or - for Turtle on standard input.",
        ),
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
    directory: StoreDir = None,
    endpoint: EndpointUrl = None,
    quiet: QuietCounts = False,
) -> int:
    """Find what is wrong in RDF files together with the graph, or in the whole graph: syntax, names, ontology, shapes.

    Findings go to stdout with file, line and column, the counts to stderr. Exits 1 when there is a violation.
    """
    chosen = ask.asked_format(form)
    if chosen not in FORMATS:
        raise UsageError(f"findings are not written as {chosen}", hint=nearest(chosen, list(FORMATS)))
    if severity not in SEVERITIES:
        raise UsageError(f"there is no severity {severity!r}", hint=nearest(severity, list(SEVERITIES)))
    from kg import reports

    report = _report(files or [], directory, endpoint, quiet)
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
        print(report.summary(), file=sys.stderr)
    return Exit.FOUND if report.counts()["violation"] else Exit.OK


def _report(files: list[str], directory: str | None, endpoint: str | None, quiet: bool) -> Report:
    from kg import validate as validating

    if endpoint and files:
        raise UsageError("files are looked at together with the embedded graph", hint="leave out --endpoint, or FILE")
    url = "" if files else store.endpoint_url(directory, endpoint)
    if url:
        from kg.endpoint import Endpoint

        return validating.validate_endpoint(Endpoint(url))
    directory = directory or layout.default_store()
    if reason := store.trouble(directory):
        store.say(f"{reason}, so that this may take longer; kg build helps", quiet=quiet)
    return validating.validate(files, directory)
