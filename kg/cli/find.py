"""The commands that find things by name and show all that is known of one."""

from __future__ import annotations

from typing import Annotated

import typer

from kg import store
from kg.cli import ask, complete
from kg.cli.options import EndpointUrl, Quiet, RowFormat, StoreDir, checked_row_format
from kg.errors import Exit, InputError, UnknownName, UsageError, nearest


def show(
    thing: Annotated[
        str,
        typer.Argument(
            help="A name in either language, a slug, a compact name or an IRI.", autocompletion=complete.things
        ),
    ],
    form: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
    directory: StoreDir = None,
    endpoint: EndpointUrl = None,
    quiet: Quiet = False,
) -> int:
    """Show all about one thing: names, how it stands to other things, and what is said of it, with evidence."""
    from kg import render, showing

    if form not in {"text", "json"}:
        raise UsageError(f"a thing is not shown as {form}", hint="text or json; `kg query about` has the other formats")
    found = showing.profile(store.opened(directory, endpoint, quiet=quiet), thing)
    ask.write(render.indented_json(found.data()) if form == "json" else showing.text(found).encode())
    if not (found.names or found.facts or found.said):
        store.say(f"it has no name of its own; its triples: echo 'DESCRIBE <{found.thing}>' | kg sparql -", quiet=quiet)
    return Exit.OK


def search(
    words: Annotated[
        list[str] | None,
        typer.Argument(help="A name or a part of one, in English or Chinese; none for all of a --kind."),
    ] = None,
    kind: Annotated[
        str, typer.Option("--kind", help="Only things of this kind or concept scheme, such as indicator or instrument.")
    ] = "",
    form: RowFormat = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="At most so many things [default: 20; all of a kind].")
    ] = None,
    directory: StoreDir = None,
    endpoint: EndpointUrl = None,
    quiet: Quiet = False,
) -> int:
    """Find things by name: in either language, without accents and case, in part, misspelt or misprinted."""
    from kg import lookup, render, terms

    chosen = checked_row_format(form, "what is found is")
    if kind and kind not in lookup.searchable():
        raise UnknownName(f"there is no kind {kind!r} to search", hint=nearest(kind, lookup.searchable()))
    if not words and not kind:
        raise UsageError("there is nothing to search for", hint="give words, or --kind KIND for all of a kind")
    session = store.opened(directory, endpoint, quiet=quiet)
    hits = lookup.search(session, " ".join(words)) if words else lookup.listed(session, kind)
    spaces = tuple(lookup.spaces(kind)) or ("",)
    hits = [hit for hit in hits if hit.thing.startswith(spaces)][: limit or (20 if words else None)]
    if not hits:
        hint = "try fewer or other words; --kind lists all of a kind, and what is new is described in seeds/things"
        raise InputError(f"nothing is called {lookup.shortened(' '.join(words or [kind]))} or nearly so", hint=hint)
    rows = []
    for hit in hits:
        label, kinds, documents = lookup.described(session, hit.thing)
        rows.append([label, kinds, hit.name, hit.kind, documents, terms.compact(hit.thing)])
    ask.write(render.records(["label", "kind", "matched", "as", "documents", "thing"], rows, chosen))
    return Exit.OK
