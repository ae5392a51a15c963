"""The command that says what changed from one release of the graph to another."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from kg import layout, store
from kg.cli import ask
from kg.cli.options import QuietCounts, StoreDir
from kg.errors import Exit, UsageError, nearest

FORMATS = ("json", "patch", "text")
RELEASE = "A file of N-Quads or TriG, a store or a generation of one, or the URL of an endpoint"


def diff(
    old: Annotated[str, typer.Argument(help=f"{RELEASE}.")],
    new: Annotated[str | None, typer.Argument(help=f"{RELEASE}; left out, the store.")] = None,
    form: Annotated[
        str, typer.Option("--format", help="text, json, or patch (RDF Patch: the quads, to be applied to a store).")
    ] = "text",
    directory: StoreDir = None,
    quiet: QuietCounts = False,
) -> int:
    """Say which claims were added, changed, replaced or withdrawn between two releases, by document, with the reason.

    Exits 1 when a claim is gone without a trace: what is published stays, withdrawn claims with their reason.
    """
    from kg import changes, render

    if form not in FORMATS:
        raise UsageError(f"a difference is not written as {form!r}", hint=nearest(form, list(FORMATS)))
    if new is None:
        new = directory or layout.default_store()
        store.Session(new, quiet=quiet)
    found = changes.difference(changes.release(old), changes.release(new))
    if form == "patch":
        ask.write(changes.patch(found))
    elif form == "json":
        ask.write(render.indented_json(changes.data(found)))
    else:
        ask.write(changes.text(found).encode())
    if not quiet:
        print(changes.summary(found), file=sys.stderr)
    return Exit.FOUND if found.count("gone") else Exit.OK
