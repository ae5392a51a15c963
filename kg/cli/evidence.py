"""The commands that hold the graph against the source texts."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from kg import store
from kg.cli import ask, complete
from kg.cli.options import QuietCounts, RowFormat, StoreDir, TextsDir, checked_row_format, checked_texts
from kg.errors import Exit


def verify(
    texts: TextsDir,
    documents: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[DOCUMENT]…", help="Documents to check; left out, all.", autocompletion=complete.documents
        ),
    ] = None,
    form: RowFormat = None,
    directory: StoreDir = None,
    quiet: QuietCounts = False,
) -> int:
    """Re-read the texts: renditions, paragraphs, passages, and whether the words carry each claim.

    Findings go to stdout, the counts to stderr. Exits 1 unless everything was checked and nothing failed.
    """
    from kg import evidence, verify

    chosen = checked_row_format(form, "findings are")
    folder = checked_texts(texts)
    session = store.Session(directory, quiet=quiet)
    report = verify.verify(
        evidence.load(evidence.asking(session)),
        folder,
        documents or (),
        added=store.added_folders(session.directory),
    )
    if report.findings or chosen != "table":
        from kg import render

        ask.write(render.records(list(verify.COLUMNS), [verify.row(found) for found in report.findings], chosen))
    if not quiet:
        print(report.summary(), file=sys.stderr)
    return Exit.OK if report.good else Exit.FOUND
