"""The command that writes the reference for people."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from kg import layout
from kg.cli.options import Quiet, StoreDir
from kg.errors import Exit, StoreError, UsageError


def reference(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the HTML pages.")] = Path("reference"),
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Write the READMEs of ontology, shapes and queries in the checkout.")
    ] = False,
    directory: StoreDir = None,
    quiet: Quiet = False,
) -> int:
    """Write the reference of ontology, concept schemes, shapes and queries: HTML pages, or the READMEs."""
    from kg import packing
    from kg import reference as pages

    if markdown and layout.data_root() == layout.WHEEL_DATA:
        raise UsageError("the READMEs belong to a checkout, not to an installed kg", hint="kg reference --output DIR")
    folder = Path(layout.data_root()) if markdown else output
    written = pages.readmes(directory, quiet=quiet) if markdown else pages.pages(directory, quiet=quiet)
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder} cannot be made: {error.strerror}", hint="name another folder") from None
    for name, text in written.items():
        packing.write_whole(folder / name, text.encode())
        typer.echo(layout.shown(folder / name))
    return Exit.OK
