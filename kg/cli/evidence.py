"""The commands that hold the graph against the source texts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg import engine, store
from kg.cli import ask, complete
from kg.cli.options import (
    OptionalTextsDir,
    Quiet,
    QuietCounts,
    RowFormat,
    StoreDir,
    TextsDir,
    checked_row_format,
    checked_texts,
)
from kg.errors import Exit, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.coverage import Item


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
        evidence.load(engine.asking(session)),
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


def coverage(
    document: Annotated[
        str | None, typer.Argument(help="Name of a document; left out, all.", autocompletion=complete.documents)
    ] = None,
    texts: OptionalTextsDir = None,
    show_open: Annotated[bool, typer.Option("--open", help="List what is open instead of the counts.")] = False,
    form: RowFormat = None,
    directory: StoreDir = None,
    quiet: Quiet = False,
) -> int:
    """Count the sentences, figures and names of the texts: carried by claims, declared as not used, or open.

    Exits 1 when something is open. Without --texts, prints how much the graph records of each document.
    """
    from kg import coverage as counting
    from kg import render

    chosen = checked_row_format(form, "counts are")
    if show_open and texts is None:
        raise UsageError("--open needs the texts", hint="--texts names the folder that holds them")
    asking = engine.asking(store.Session(directory, quiet=quiet))
    if texts is None:
        recorded = counting.counts(asking, document)
        store.say("these are the counts that the graph records; with --texts DIR the texts are counted", quiet=quiet)
        columns = list(counting.RECORDED)
        ask.write(render.records(columns, [[row[c] for c in columns] for row in recorded], chosen))
        return Exit.OK
    found = counting.measure(asking, checked_texts(texts), document)
    left = [item for item in found if item.state == "open"]
    if show_open:
        columns, rows = _open_rows(left, texts)
    else:
        columns, rows = counting.table(found)
    ask.write(render.records(columns, rows, chosen))
    store.say(f"{len(found)} sentences, figures and names, {len(left)} of them open", quiet=quiet)
    return Exit.FOUND if left else Exit.OK


def _open_rows(left: list[Item], folder: Path) -> tuple[list[str], list[list[str]]]:
    """What is open; sentences in words only on a terminal, where the reader holds the text."""
    from kg.texts import SourceText

    show = sys.stdout.isatty()
    texts = {item.document: SourceText.read(folder, item.document).text for item in left} if show else {}
    rows = []
    for item in left:
        words = item.words or (texts[item.document][item.start : item.end] if show else "")
        rows.append([item.document, str(item.paragraph), str(item.start), str(item.end), item.kind, words, item.fix])
    return ["document", "paragraph", "start", "end", "kind", "words", "fix"], rows
