"""The command that proposes links to other data sets, and keeps those that are accepted."""

from __future__ import annotations

import datetime
import math
from typing import Annotated

import typer

from kg import store, terms
from kg.cli import ask, complete
from kg.cli.options import Quiet, StoreDir, checked_row_format
from kg.errors import Exit, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.link_proposals import Proposal

COLUMNS = ("name", "entry", "label", "score", "verdict", "nameScore", "by", "type", "place", "types", "about", "thing")


def link(
    thing: Annotated[
        str | None,
        typer.Argument(
            help="A thing by name, slug or IRI; none for all that have no link.", autocompletion=complete.things
        ),
    ] = None,
    service: Annotated[
        str, typer.Option("--service", metavar="URL", help="Reconciliation service (W3C API 0.2), or SPARQL endpoint.")
    ] = "",
    sparql: Annotated[bool, typer.Option("--sparql", help="The service is a SPARQL endpoint.")] = False,
    target: Annotated[
        str, typer.Option("--target", help="Data set of the entries [default: the one with the IRIs of the service].")
    ] = "",
    kind: Annotated[str, typer.Option("--kind", help="Only things of this kind, such as org or place.")] = "",
    again: Annotated[bool, typer.Option("--again", help="Also what was looked for in vain before.")] = False,
    type_: Annotated[str, typer.Option("--type", help="Only entries of this type, as the service names it.")] = "",
    place_property: Annotated[
        str, typer.Option("--place-property", help="Send where a thing is, by this property of the service.")
    ] = "",
    least: Annotated[float, typer.Option("--least", min=0, max=1, help="Score from which a link is good.")] = 0.85,
    entry: Annotated[
        str, typer.Option("--entry", metavar="ID", help="Take this entry for THING, whatever its score.")
    ] = "",
    accept: Annotated[bool, typer.Option("--accept", help="Write the good ones into the mapping set.")] = False,
    output: Annotated[
        str | None, typer.Option("--output", help="Mapping set to write into [default: that of seeds/links].")
    ] = None,
    date: Annotated[
        datetime.datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="Day of the judgement [default: today]."),
    ] = None,
    seconds: Annotated[float, typer.Option("--timeout", help="Seconds after which a request is given up.")] = 60.0,
    form: Annotated[str | None, typer.Option("--format", help="table, csv, tsv, json, jsonl or markdown.")] = None,
    directory: StoreDir = None,
    quiet: Quiet = False,
) -> int:
    """Propose links for things that have none, by asking a service that the user names; write only with --accept.

    An entry is scored by its names against ours in both languages, aliases and legal forms counted in, by its type
    and by its place. Good is what reaches --least alone; two that do are ambiguous, and nobody picks one of them.
    """
    from kg import link_proposals, lookup, protocol, reconciling, render

    chosen = checked_row_format(form, "proposals are")
    if not service:
        raise UsageError("there is no service to ask", hint="--service URL names one")
    if math.isnan(least):  # which no range shuts out
        raise UsageError("--least wants a score from 0 to 1, not nan", hint="for example 0.85")
    if entry and not thing:
        raise UsageError("--entry is for one thing", hint="kg link THING --entry ID")
    session = store.Session(directory, quiet=quiet)
    url, client = protocol.strangers_client(service, seconds)
    with client as http:
        narrowing = reconciling.Narrowing(type_, place_property)
        asked = reconciling.Endpoint(http, url) if sparql else reconciling.Reconciliation(http, url, narrowing)
        goal = link_proposals.target_of(session, target, asked.space)
        iri = lookup.resolve(session, thing) if thing else ""
        things = link_proposals.sought(session, goal, iri, kind=kind, again=again)
        found = link_proposals.propose(session, asked, things, least, everything=bool(thing))
    found = link_proposals.chosen(found, entry) if entry else found
    ask.write(render.records(list(COLUMNS), [_cells(each) for each in found], chosen))
    good = link_proposals.rows(found, goal, asked, url, date.date() if date else datetime.date.today())
    store.say(f"{len(things)} looked for, {len(good)} good", quiet=quiet)
    if accept and good:
        path = output or link_proposals.file_of(goal)
        link_proposals.accept(path, good)
        store.say(f"{len(good)} written into {path}", quiet=quiet)
    return Exit.OK


def _cells(each: Proposal) -> list[str]:
    fit = each.fit
    return [
        each.thing.names[0],
        fit.entry.id,
        fit.entry.names[0],
        f"{fit.score:.2f}",
        each.verdict,
        f"{fit.name:.2f}",
        fit.ours,
        fit.type,
        fit.place,
        "; ".join(fit.entry.types),
        fit.entry.description,
        terms.compact(each.thing.iri),
    ]
