"""The command that cites an answer, and says whether a cited one still holds."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from kg import store
from kg.cli import ask, complete
from kg.cli.options import EndpointUrl, Quiet, StoreDir
from kg.errors import Exit, UsageError, nearest

FORMATS = ("text", "bibtex", "csl")


def cite(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            help="Name of the query; its parameters follow as --PARAM VALUE.", autocompletion=complete.names
        ),
    ],
    form: Annotated[str, typer.Option("--format", help="text, bibtex or csl (CSL-JSON).")] = "text",
    holds: Annotated[
        str | None, typer.Option("--holds", help="Digest of a cited result: say whether it still comes out.")
    ] = None,
    directory: StoreDir = None,
    endpoint: EndpointUrl = None,
    quiet: Quiet = False,
) -> int:
    """Cite the answer to a canned query: question, data, result and sources, with the command that checks it.

    With --holds, exits 0 when the result is the one that was cited and 1 when it is not.
    """
    from kg import citing

    if form not in FORMATS:
        raise UsageError(f"there is no citation as {form!r}", hint=nearest(form, list(FORMATS)))
    if holds is not None and not re.fullmatch("[0-9a-fA-F]{64}", holds):
        raise UsageError(f"--holds wants the SHA-256 of a result, not {holds[:70]!r}", hint="kg cite NAME prints it")
    found = citing.cite(store.opened(directory, endpoint, quiet=quiet), name, ask.params(context.args))
    if holds is None:
        ask.write({"text": citing.text, "bibtex": citing.bibtex, "csl": citing.csl}[form](found).encode())
        return Exit.OK
    same = holds.lower() == found.result
    said = "holds: the result is the one that was cited" if same else f"does not hold: the result is now {found.result}"
    typer.echo(f"{name} {said}")
    return Exit.OK if same else Exit.FOUND
