"""Options that several commands have, each with its help, and the checks of their values."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli import ask
from kg.errors import InputError, UsageError, nearest

ROW_FORMATS = ("csv", "json", "jsonl", "markdown", "table", "tsv")
"""What `kg.render.records` writes."""

StoreDir = Annotated[str | None, typer.Option("--store", help="Directory of the store [default: the user's cache].")]
EndpointUrl = Annotated[
    str | None,
    typer.Option(
        "--endpoint",
        metavar="URL",
        help="Ask this SPARQL 1.1 endpoint instead of the embedded store [default: the variable KG_ENDPOINT]. "
        "Name and password come from KG_ENDPOINT_USER and KG_ENDPOINT_PASSWORD, KG_ENDPOINT_TOKEN, or netrc; "
        "KG_ENDPOINT_SECONDS says how long an answer may take [default: 60].",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing on stderr unless something is wrong.")]
QuietCounts = Annotated[bool, typer.Option("--quiet", help="Say nothing on stderr, not even the counts.")]
RowFormat = Annotated[
    str | None,
    typer.Option("--format", help="table, csv, tsv, json, jsonl or markdown; a table on a terminal, else tsv."),
]
_TEXTS = typer.Option("--texts", readable=False, help="Directory that holds the source texts as DOCUMENT.txt.")
"""Whether it can be read is found by reading it: what cannot is bad input, not bad usage."""
TextsDir = Annotated[Path, _TEXTS]
OptionalTextsDir = Annotated[Path | None, _TEXTS]


def checked_row_format(form: str | None, rows: str) -> str:
    """One of ROW_FORMATS: as `ask.asked_format` finds it. Raises UsageError.

    `rows` begins the sentence of the error: "findings are".
    """
    chosen = ask.checked_format(form)
    if chosen not in ROW_FORMATS:
        raise UsageError(f"{rows} not written as {chosen}", hint=nearest(chosen, list(ROW_FORMATS)))
    return chosen


def checked_texts(texts: Path) -> Path:
    """The folder of the source texts. Raises InputError when it is none."""
    if not texts.is_dir():
        raise InputError(f"{texts} is not a directory", hint="--texts names the folder that holds the texts")
    return texts
