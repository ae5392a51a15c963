"""SELECT queries to other people's SPARQL endpoints (SPARQL 1.1 Protocol): sent as a form, answers read whole."""

from __future__ import annotations

from urllib.parse import urlencode

import pyoxigraph

from kg import credentials, web
from kg.errors import EndpointError, UsageError
from kg.store import Term

LONGEST_SECONDS = 3_600
RESULTS = "application/sparql-results+json"


def client(url: str, seconds: float) -> tuple[str, web.Client]:
    """The address of somebody's server, and a client for it. Raises UsageError.

    It has no credentials: those of the environment are for a server of our own, and a token would be sent unasked.
    """
    address, user = credentials.address(url)
    if not 0 < seconds <= LONGEST_SECONDS:
        raise UsageError(f"--timeout wants seconds above 0 and up to {LONGEST_SECONDS}, not {seconds:g}")
    if user:
        raise UsageError("others are asked without a name or password", hint="take the name out of the URL")
    return address, web.Client(seconds=seconds)


def select(http: web.Client, url: str, text: str) -> tuple[list[str], list[list[Term | None]]]:
    """The columns and rows of a SELECT. Raises EndpointError, also for an answer that is no table of results."""
    headers = {"Accept": RESULTS, "Content-Type": "application/x-www-form-urlencoded"}
    answer = http.send(web.Request("POST", url, headers, urlencode({"query": text}).encode()))
    if answer.content_type not in {RESULTS, "application/json"}:
        what = f"the server answered with {answer.content_type or 'something unnamed'} where results were asked for"
        raise EndpointError(what, at=url, hint="is it the URL of a SPARQL endpoint?")
    try:
        results = pyoxigraph.parse_query_results(answer.body, format=pyoxigraph.QueryResultsFormat.JSON)
        assert isinstance(results, pyoxigraph.QuerySolutions)
        names = [variable.value for variable in results.variables]
        return names, [[row[name] for name in names] for row in results]
    except (SyntaxError, AssertionError):
        raise EndpointError("the server's answer is not a table of SPARQL results", at=url) from None
