"""The commands that find things by name and show all that is known of one."""

from __future__ import annotations

from typing import Annotated

import typer

from kg import store
from kg.cli import ask
from kg.errors import Exit, InputError, UsageError, nearest

FORMATS = ("csv", "json", "jsonl", "markdown", "table", "tsv")
Format = Annotated[
    str | None,
    typer.Option("--format", help="table, csv, tsv, json, jsonl or markdown; a table on a terminal, else tsv."),
]
StoreDir = Annotated[str | None, typer.Option("--store", help="Directory of the store [default: the user's cache].")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing on stderr unless something is wrong.")]


def search(
    words: Annotated[list[str], typer.Argument(help="A name or a part of one, in English or Chinese.")],
    form: Format = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many things.")] = 20,
    directory: StoreDir = None,
    quiet: Quiet = False,
) -> int:
    """Find things by name: in either language, without accents and case, in part, misspelt or misprinted."""
    from kg import lookup, render, terms

    chosen = ask.checked_format(form)
    if chosen not in FORMATS:
        raise UsageError(f"what is found is not written as {chosen}", hint=nearest(chosen, list(FORMATS)))
    session = store.Session(directory, quiet=quiet)
    hits = lookup.search(session, " ".join(words))[:limit]
    if not hits:
        raise InputError(f"nothing is called {' '.join(words)!r} or nearly so", hint="try fewer or other words")
    rows = []
    for hit in hits:
        label, kinds, documents = lookup.described(session, hit.thing)
        rows.append([label, kinds, hit.name, hit.kind, documents, terms.compact(hit.thing)])
    ask.write(render.records(["label", "kind", "matched", "as", "documents", "thing"], rows, chosen))
    return Exit.OK
