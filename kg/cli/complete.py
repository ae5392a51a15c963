"""What the shell offers after TAB: names of queries, their parameters with their values, things, claims, documents.

Completion must be quick and silent: it answers from the store that is there and never builds one.
"""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperOption

from kg import identifiers, layout, lookup, queries, store
from kg.engine import records
from kg.errors import KgError
from kg.model import Param

Offers = list[tuple[str, str]]
"""Pairs of a word and what it means."""


def names(incomplete: str) -> Offers:
    """Names of answer queries with their titles."""
    return [(name, queries.read(name).title) for name in queries.names() if name.startswith(incomplete)]


def charts(incomplete: str) -> Offers:
    """Names of the queries that have a chart, with their titles."""
    from kg import charts

    return [(query.name, query.title) for query in charts.drawable() if query.name.startswith(incomplete)]


def things(context: typer.Context, incomplete: str) -> Offers:
    """Slugs and names of the things and concepts of the graph."""
    return _named(_session(context.params), "", incomplete)


def datasets(context: typer.Context, incomplete: str) -> Offers:
    """Slugs of the data sets that things are linked to, and the word for all of them."""
    every = [(identifiers.ALL, "all data sets")] if identifiers.ALL.startswith(incomplete) else []
    return every + _named(_session(context.params), "dataset", incomplete)


def claims(context: typer.Context, incomplete: str) -> Offers:
    """Claims, as DOCUMENT/CLAIM, with what they say."""
    found = _column_pairs(_session(context.params), queries.read("claims", "evidence").body, "claim", "label")
    return [(lookup.slug(claim), label) for claim, label in found if lookup.slug(claim).startswith(incomplete)]


def documents(context: typer.Context, incomplete: str) -> Offers:
    """Names of the documents with their titles."""
    found = _column_pairs(_session(context.params), queries.text("sources"), "name", "title")
    return [(name, title) for name, title in found if name.startswith(incomplete)]


class AnswerCommand(TyperCommand):
    """A command on a canned query: once the query is named, its parameters are offered like options."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters of the command, and while the shell completes, those of the query."""
        own: list[Any] = super().get_params(ctx)
        name = ctx.params.get("name")
        if not ctx.resilient_parsing or name not in queries.names():
            return own
        return own + [_option(param) for param in queries.read(name).params.values()]


def _option(param: Param) -> TyperOption:
    """A parameter of a query as an option whose values can be completed."""

    def offered(ctx: Any, args: list[str], incomplete: str) -> Offers:
        return values(_session(ctx.params), param, incomplete)

    return TyperOption(param_decls=[queries.option(param.name)], help=param.meaning, autocompletion=offered)


def values(session: store.Session | None, param: Param, incomplete: str) -> Offers:
    """The values of a parameter: things of the kinds or schemes that it names, or those that a query lists."""
    if param.type == "boolean":
        return [("true", ""), ("false", "")]
    if param.type != "iri" or session is None:
        return []
    if param.values in queries.names():
        _, rows = session.ask(queries.text(param.values)).rows()
        listed = {str(getattr(row[0], "value", "")) for row in rows}
        return _named(session, "", incomplete, listed)
    return _named(session, param.values, incomplete)


def _named(session: store.Session | None, values: str, incomplete: str, listed: set[str] | None = None) -> Offers:
    """Slugs that begin so, with a label; and names that do, where they are one word."""
    if session is None:
        return []
    found: dict[str, str] = {}
    asked = tuple(lookup.spaces(values))
    for name in sorted(lookup.names(session), key=lambda name: name.kind != "label"):
        if (asked and not name.thing.startswith(asked)) or (listed is not None and name.text not in listed):
            continue
        for word in (lookup.slug(name.thing), name.text if incomplete else ""):
            if word and word.startswith(incomplete) and not any(c.isspace() for c in word):
                found.setdefault(word, name.text)
    return sorted(found.items())


def _session(params: dict[str, Any]) -> store.Session | None:
    """The store, where it can be used as it is; completion does not build one."""
    directory = params.get("directory") or params.get("store") or layout.default_store()
    try:
        return None if store.trouble(directory) else store.Session(directory, quiet=True)
    except KgError:
        return None


def _column_pairs(session: store.Session | None, text: str, first: str, second: str) -> list[tuple[str, str]]:
    """Two columns of an answer, as text, each pair once."""
    if session is None:
        return []
    return sorted({(row[first], row[second]) for row in records(*session.ask(text).rows())})
