"""The command that walks from a policy, a firm or any thing to those whom it reaches and what is reported of them."""

from __future__ import annotations

from typing import Annotated

import typer

from kg import store
from kg.cli import ask
from kg.cli.options import EndpointUrl, Quiet, StoreDir
from kg.errors import Exit, UsageError

FORMATS = ("json", "mermaid", "text")


def chain(
    start: Annotated[str, typer.Argument(help="A name in either language, a slug, a compact name or an IRI.")],
    depth: Annotated[int | None, typer.Option("--depth", min=1, help="At most so many steps from the start.")] = None,
    form: Annotated[str, typer.Option("--format", help="text, json or mermaid.")] = "text",
    directory: StoreDir = None,
    endpoint: EndpointUrl = None,
    quiet: Quiet = False,
) -> int:
    """Walk from a policy, agency, firm or any thing to firms, those they lead and results; name the weakest link.

    Each step and each result stands with its claim. Only what a text asserts is a step; each thing is followed
    once, where the fewest steps lead to it.
    """
    from kg import render, render_walk, walking

    if form not in FORMATS:
        raise UsageError(f"a chain is not written as {form}", hint=", ".join(FORMATS))
    found = walking.walk(store.opened(directory, endpoint, quiet=quiet), start, depth)
    if form == "json":
        ask.write(render.indented_json(render_walk.data(found)))
    else:
        ask.write((render_walk.mermaid(found) if form == "mermaid" else render_walk.text(found)).encode())
    return Exit.OK
