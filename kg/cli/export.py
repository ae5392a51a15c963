"""`kg export`: the graph, parts of it, or its claims in another form, as files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.cli import complete
from kg.cli.options import Quiet, StoreDir
from kg.errors import Exit, UsageError


def export(
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="nquads, trig, ntriples, turtle, jsonld or rdfxml; left out, as the file's name says, else nquads.",
        ),
    ] = None,
    graph: Annotated[
        list[str] | None, typer.Option("--graph", help="Only this named graph, such as entities; may be given again.")
    ] = None,
    document: Annotated[
        list[str] | None,
        typer.Option(
            "--document",
            help="Only what is said of the things that this document describes; may be given again.",
            autocompletion=complete.documents,
        ),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", help="Only what is said of things of a class, such as claims; may be given again."),
    ] = None,
    claims_as: Annotated[
        str,
        typer.Option(
            "--claims-as",
            metavar="FORM",
            help="The claims as nanopublications, reification (RDF 1.1), reifiers (RDF 1.2) or cube (W3C Data Cube).",
        ),
    ] = "",
    base: Annotated[str | None, typer.Option("--base", help="Put this IRI in place of the project's base.")] = None,
    compress: Annotated[
        str | None,
        typer.Option("--compress", help="gzip, zstd or none; left out, as the name of the file says (.gz, .zst)."),
    ] = None,
    output: Annotated[str, typer.Option("--output", "-o", help="File to write; - is stdout.")] = "-",
    split: Annotated[
        int, typer.Option("--split", min=1, help="Write so many files, and a manifest, for bulk loaders.")
    ] = 1,
    dump: Annotated[
        Path | None,
        typer.Option(
            "--dump",
            metavar="DIR",
            help="Write a folder for publishing: graph, claims in every form, README, description (DCAT, VoID).",
        ),
    ] = None,
    store: StoreDir = None,
    quiet: Quiet = False,
) -> int:
    """Write the graph as it stands in the record: sorted, literals as written, the same bytes every time."""
    from kg import export as exporter
    from kg import packing, rdf, terms
    from kg.store import Session

    how = packing.packing_of(output, compress)
    form = form or rdf.format_of(output.removesuffix(packing.ENDINGS[how])) or "nquads"
    request = exporter.Request(
        form, tuple(graph or ()), tuple(document or ()), tuple(kind or ()), claims_as, base or terms.BASE
    )
    if dump is not None:
        if request != exporter.Request(base=request.base) or output != "-":
            raise UsageError(
                "a dump is of the whole graph in every form", hint="beside --dump give only --base, --compress, --split"
            )
        from kg import dump as dumper

        for path in dumper.dump(dump, Session(store, quiet=quiet), request.base, compress or "gzip", split):
            typer.echo(path)
        return Exit.OK
    lines = exporter.canonical(request, Session(store, quiet=quiet))
    if output == "-":
        if split > 1:
            raise UsageError("standard output is one file", hint="name the files with --output FILE")
        with packing.packed(sys.stdout.buffer, how) as sink:
            exporter.write(lines, request, sink)
    elif split > 1:
        exporter.to_parts(lines, request, Path(output), how, split)
    else:
        exporter.to_file(lines, request, Path(output), how)
    return Exit.OK
