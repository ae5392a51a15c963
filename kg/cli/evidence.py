"""The commands that hold the graph against the source texts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg import store
from kg.cli import ask, complete
from kg.errors import Exit, InputError, UsageError, nearest

FORMATS = ("csv", "json", "jsonl", "markdown", "table", "tsv")


def verify(
    texts: Annotated[Path, typer.Option("--texts", help="Directory that holds the source texts as DOCUMENT.txt.")],
    documents: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[DOCUMENT]…", help="Documents to check; left out, all.", autocompletion=complete.documents
        ),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", help="table, csv, tsv, json, jsonl or markdown; a table on a terminal, else tsv."),
    ] = None,
    directory: Annotated[
        str | None, typer.Option("--store", help="Directory of the store [default: the user's cache].")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing on stderr, not even the counts.")] = False,
) -> int:
    """Re-read the texts: renditions, paragraphs, passages, and whether the words carry each claim.

    Findings go to stdout, the counts to stderr. Exits 1 unless everything was checked and nothing failed.
    """
    from kg import evidence, verify

    chosen = ask.checked_format(form)
    if chosen not in FORMATS:
        raise UsageError(f"findings are not written as {chosen}", hint=nearest(chosen, list(FORMATS)))
    if not texts.is_dir():
        raise InputError(f"{texts} is not a directory", hint="--texts names the folder that holds the texts")
    session = store.Session(directory, quiet=quiet)
    report = verify.verify(
        evidence.load(lambda text: session.ask(text).rows()),
        texts,
        documents or (),
        added=store.added_folders(session.directory),
    )
    if report.findings or chosen != "table":
        from kg import render

        ask.write(render.records(list(verify.COLUMNS), [verify.row(found) for found in report.findings], chosen))
    if not quiet:
        sys.stdout.flush()
        print(report.summary(), file=sys.stderr)
    return Exit.OK if report.good else Exit.FOUND
