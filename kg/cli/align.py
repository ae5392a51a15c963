"""The command that brings the supply-chain graphs of others into our terms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg import store
from kg.cli import ask
from kg.cli.options import Quiet
from kg.errors import Exit, StoreError, UsageError

FORMATS = ("turtle", "nquads")


def align(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE…",
            help="IOF Supply Chain instances or schema.org in RDF (.ttl, .jsonld …), or rows of ChainKnowledgeGraph "
            "(.json, .jsonl).",
        ),
    ],
    name: Annotated[
        str, typer.Option("--name", help="What the graph is called here [default: the name of the first file].")
    ] = "",
    form: Annotated[str, typer.Option("--format", help="turtle, or nquads with the named graph.")] = "turtle",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="DIR", help="Write NAME/record.ttl below this folder, for build --with."
        ),
    ] = None,
    quiet: Quiet = False,
) -> int:
    """Map supply-chain graphs of others to our terms: no passage, but the file and its SHA-256 behind each claim.

    Built in, `kg query supply-relations` answers over both, and says of each row whose it is. What is one thing in
    both has our IRI in the file, as `kg search NAME` finds it.
    """
    from kg import aligning, packing, rdf

    if form not in FORMATS:
        raise UsageError(f"a mapped graph is not written as {form!r}", hint="turtle or nquads")
    called = aligning.slug(name or Path(files[0]).stem)
    graph = aligning.graph(called)
    quads = [rdf.quad_in(graph, triple) for triple in aligning.align(files, called)]
    if output is None:
        ask.write(rdf.turtle(quads) if form == "turtle" else rdf.serialise(quads, form, {}))
        return Exit.OK
    record = output / called / "record.ttl"
    try:
        record.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{record.parent} cannot be made: {error.strerror}", hint="name another folder") from None
    packing.write_whole(record, rdf.turtle(quads))
    typer.echo(record)
    store.say(f"`kg build --with {output} --store DIR` builds it in beside the project's own graph", quiet=quiet)
    return Exit.OK
