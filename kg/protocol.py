"""The SPARQL 1.1 Protocol: queries sent as forms; answers checked by media type, and read whole or not at all."""

from __future__ import annotations

from collections.abc import Container
from http import HTTPStatus
from urllib.parse import urlencode

import pyoxigraph
from pyoxigraph import Literal, NamedNode

from kg import credentials, engine, queries, web
from kg.engine import Ask
from kg.errors import EndpointError, UsageError, check_seconds
from kg.store import Term

LONGEST_SECONDS = 3_600
FORM = "application/x-www-form-urlencoded"
RESULTS = ("application/sparql-results+json", "application/json")


def strangers_client(url: str, seconds: float) -> tuple[str, web.Client]:
    """The address of somebody else's server, and a client for it. Raises UsageError.

    It has no credentials: those of the environment are for a server of our own, and a token would be sent unasked.
    """
    address, user = credentials.address(url)
    check_seconds(seconds, LONGEST_SECONDS)
    if user:
        raise UsageError("others are asked without a name or password", hint="take the name out of the URL")
    return address, web.Client(seconds=seconds)


def query(url: str, text: str, accept: str) -> web.Request:
    """The request of a query."""
    return web.Request("POST", url, {"Accept": accept, "Content-Type": FORM}, urlencode({"query": text}).encode())


def select(http: web.Client, url: str, text: str) -> tuple[list[str], list[list[Term | None]]]:
    """The columns and rows of a SELECT. Raises EndpointError, also for an answer that is no table of results."""
    answer = http.send(query(url, text, RESULTS[0]))
    check(answer, RESULTS, "results", url)
    try:
        results = pyoxigraph.parse_query_results(answer.body, format=pyoxigraph.QueryResultsFormat.JSON)
        assert isinstance(results, pyoxigraph.QuerySolutions)
        return engine.table(results)
    except (SyntaxError, AssertionError):
        raise EndpointError("the server's answer is not a table of SPARQL results", at=url) from None


def graph_sizes(ask: Ask, base: str) -> dict[str, int]:
    """The number of triples of each named graph whose name begins with `base`."""
    _, rows = ask(queries.bind(queries.read("counts", "load"), {"base": base}))
    return {
        graph.value: int(number.value)
        for graph, number in rows
        if isinstance(graph, NamedNode) and isinstance(number, Literal)
    }


def check(answer: web.Response, types: Container[str], expected: str, url: str) -> None:
    """Raise EndpointError for an answer of no such media type, or for one that the server says is a part."""
    if answer.content_type not in types:
        what = f"the server answered with {answer.content_type or 'no media type'} instead of {expected}"
        raise EndpointError(what, at=url, hint="is it the URL of a SPARQL endpoint?")
    if answer.status == HTTPStatus.PARTIAL_CONTENT or "x-sql-state" in answer.headers:
        what = "the server gave only a part of the answer"
        raise EndpointError(what, at=url, hint="ask for less, or raise its limits of time and rows")
