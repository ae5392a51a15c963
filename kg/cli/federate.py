"""The command that joins our facts with those of another SPARQL endpoint."""

from __future__ import annotations

from typing import Annotated

import typer

from kg import queries, store
from kg.cli import ask
from kg.cli.options import Quiet, StoreDir
from kg.errors import Exit


def federate(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="Name of the query; left out, all are listed.")] = None,
    service: Annotated[
        str | None, typer.Option("--service", metavar="URL", help="The other endpoint [default: that of the file].")
    ] = None,
    seconds: Annotated[float, typer.Option("--timeout", help="Seconds after which a request is given up.")] = 60.0,
    form: Annotated[
        str | None, typer.Option("--format", help="table, csv, tsv, json, jsonl, markdown, xml, xlsx or parquet.")
    ] = None,
    directory: StoreDir = None,
    quiet: Quiet = False,
) -> int:
    """Join our facts with those of Wikidata, or of any endpoint with its terms; without a name, list the queries.

    Goes to the network: to the endpoint alone, and with nothing but the IRIs of the entries that we link to.
    """
    from kg import federating

    if name is None:
        for each in (queries.read(known, federating.KIND) for known in queries.names(federating.KIND)):
            typer.echo(f"{each.name:12}  {each.question}")
        return Exit.OK
    chosen = ask.checked_format(form)
    url = service or federating.service_of(queries.read(name, federating.KIND))
    session = store.Session(directory, quiet=quiet)
    answer = federating.ask(session, name, ask.params(context.args), url, seconds)
    ask.write(ask.rendered(answer, chosen))
    return Exit.OK
