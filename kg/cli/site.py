"""The command that writes the site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg import layout, visible
from kg.cli.options import Quiet, StoreDir
from kg.errors import Exit


def site(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder to write: a new or empty one, or one that kg site wrote.")
    ],
    host: Annotated[
        str,
        typer.Option("--host", help="Where the site will stand; .htaccess then redirects there, as w3id.org needs it."),
    ] = "",
    directory: StoreDir = None,
    quiet: Quiet = False,
) -> int:
    """Write a static site: a page and a Turtle file for each thing, with facts, evidence and links both ways."""
    from kg import folders
    from kg.site import Site

    number, size = folders.replace(folder, Site(directory, host=host, quiet=quiet).files())
    typer.echo(visible.lines(f"{number} files, {size / 1e6:.1f} million bytes\n{layout.shown(folder)}"))
    return Exit.OK
