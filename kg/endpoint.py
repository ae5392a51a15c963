"""A SPARQL 1.1 endpoint, asked like the embedded store: the same queries, the same terms. Owns SPARQLWrapper.

SPARQLWrapper makes the requests of the protocol; they are sent by kg.web, as its own sender has no deadline for a whole
answer, follows redirects with a password, and takes any page for an answer. What engines do differently is evened out
here, and in the normal form of kg.normal where answers are compared:

    language tags    stores keep or lower their case; here in lower case, as RDF 1.1 compares them
    xsd:string       Virtuoso calls such literals typed-literal and names the datatype; here plain strings
    xsd:decimal      Virtuoso gives whole ones as xsd:integer; in whole graphs they are decimals again
    xsd:boolean      Virtuoso writes true as 1; here true and false
    truth of an ASK  Virtuoso may answer with a table of one row or none; here a truth value
    blank nodes      Virtuoso labels them nodeID://b1, which is no label; here other characters are underscores
    base IRI         a graph exported with --base has its own; queries go out under it, IRIs come back under ours
    partial answers  Virtuoso cuts at a number of rows or seconds with a status of success; here an error
"""

from __future__ import annotations

import copy
import json
import os
import re
import weakref
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, QueryResultsFormat, QuerySolutions, Triple
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

from kg import credentials, protocol, queries, sandbox, store, terms, web
from kg.engine import table
from kg.errors import EndpointError, UsageError

if TYPE_CHECKING:
    from kg.engine import Engine

LONGEST_GET = 1500
"""Characters of a query that still go into a URL: percent-encoded, it stays below the 8,000 that servers take."""

SECONDS, SECONDS_VARIABLE = 60.0, "KG_ENDPOINT_SECONDS"
"""For all of an answer, repetitions included, and what sets another number."""

FORM = re.compile(r"\b(?:SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
GRAPH_FORMS = ("CONSTRUCT", "DESCRIBE")
BOOLEAN = terms.STANDARD["xsd"] + "boolean"
DECIMAL, INTEGER = NamedNode(terms.STANDARD["xsd"] + "decimal"), NamedNode(terms.STANDARD["xsd"] + "integer")
RANGE = NamedNode(terms.STANDARD["rdfs"] + "range")
VIRTUOSO_TRUTH = "__ASK_RETVAL"
"""The column, with a row or none, by which Virtuoso answers an ASK."""
GRAPH_TYPES = {
    "text/turtle": pyoxigraph.RdfFormat.TURTLE,
    "application/x-turtle": pyoxigraph.RdfFormat.TURTLE,
    "application/turtle": pyoxigraph.RdfFormat.TURTLE,
    "application/n-triples": pyoxigraph.RdfFormat.N_TRIPLES,
}

LOAD_HINT = "load the graph, and let the default graph be the union of all graphs (Oxigraph: ?union-default-graph)"


class Requests(SPARQLWrapper):
    """The requests of the SPARQL 1.1 Protocol."""

    def _parseQueryType(self, query: str) -> str:  # noqa: N802
        """The form of a query; SPARQLWrapper's own guess takes words of comments for keywords."""
        found = FORM.search(sandbox.code_of(query))
        return found[0].upper() if found else "SELECT"


class Endpoint:
    """An endpoint that is asked; satisfies kg.engine.Engine."""

    _kept: Endpoint

    def __init__(self, url: str, *, seconds: float | None = None) -> None:
        """Raises UsageError for what is no URL of an endpoint, or one with a password in it, and for no seconds."""
        self.address, user = credentials.address(url)
        self._client = web.Client(credentials.find(self.address, user), seconds=seconds or patience())
        weakref.finalize(self, self._client.__exit__)
        self._under_own_base = False
        self._graphs: tuple[str, ...] = ()

    def ask(self, text: str, prefixes: dict[str, str] | None = None) -> store.Answer:
        """The answer to a query; `prefixes` are those that it need not declare. Raises EndpointError, SyntaxProblem."""
        return store.Answer(self, text, prefixes)

    def as_stored(self) -> Engine:
        """The same endpoint, whose answers have IRIs under its own base."""
        other = copy.copy(self)
        other._under_own_base = True
        other._kept = self  # whose connection it shares
        return other

    def ours(self, iri: str) -> str:
        """An IRI under the store's own base as the project writes it; any other as it is."""
        return _ours(iri, self.base)

    def digest(self) -> str:
        """Nothing: the store behind an endpoint may change at any time, and no digest of it is kept."""
        return ""

    @cached_property
    def base(self) -> str:
        """The base IRI under which the store has the graph. Raises EndpointError when it has none."""
        found = self._solutions(queries.read("base", "lookup").body)
        bases = [str(row["ontology"].value).removesuffix("ns") for row in found]
        if not bases:
            raise EndpointError("this store holds no graph of the project", at=self.address, hint=LOAD_HINT)
        if len(bases) > 1 and terms.BASE not in bases:
            raise EndpointError(f"this store holds the graph under {len(bases)} base IRIs", at=self.address)
        return terms.BASE if terms.BASE in bases else bases[0]

    def own_graphs(self) -> Endpoint:
        """The same endpoint, asked over the graphs of the project alone, should the store have others."""
        other = copy.copy(self)
        other._kept, other._graphs = self, tuple(self._counts())
        return other

    def _counts(self) -> dict[str, int]:
        """The number of triples of each graph of the project, by the names that the store has for them."""
        return protocol.graph_sizes(lambda text: table(self._solutions(text)), f"{self.base}graph/")

    def _solutions(self, text: str) -> QuerySolutions:
        """The answer to a SELECT with the store's own names."""
        found = self._query(text)
        assert isinstance(found, QuerySolutions)
        return found

    def quads(self) -> list[Quad]:
        """The quads of the graph, each named graph fetched whole. Raises EndpointError when one comes in part."""
        return with_decimals(list(self._quads()))

    def _quads(self) -> Iterator[Quad]:
        for name, number in self._counts().items():
            triples = self.ask(queries.bind(queries.read("triples", "load"), {"graph": name})).triples()
            if len(triples) != number:
                what = f"the server gives {len(triples)} of the {number} triples of {name}"
                raise self._unusable(what, "raise its limit of rows")
            graph = NamedNode(self.ours(name))
            yield from (Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples)

    def run(self, text: str, prefixes: dict[str, str] | None = None) -> store.Results:
        """What a query gives, with the differences between engines evened out."""
        return self._query(terms.rebased(declared(text, prefixes or {}), self.base), self.base)

    def mend(self, error: Exception) -> None:
        """Nothing here can be mended from outside."""
        raise error

    def _query(self, text: str, base: str = terms.BASE) -> store.Results:
        wrapper = self._request(text)
        try:
            answer = self._client.send(_as_web_request(wrapper))
        except EndpointError as error:
            error.at = self.address  # without the query, which a GET has in its URL
            if error.what.startswith("the server answered 400") and (problem := store.syntax_problem(text)):
                raise problem from None
            raise
        moved = terms.BASE if self._under_own_base else base
        if wrapper.queryType in GRAPH_FORMS:
            protocol.check(answer, GRAPH_TYPES, "triples", self.address)
            return self._triples(answer, moved)
        protocol.check(answer, protocol.RESULTS, "results", self.address)
        return self._rows(answer, moved)

    def _request(self, text: str) -> Requests:
        url, _, given = self.address.partition("?")
        wrapper = Requests(url)
        for pair in filter(None, given.split("&")):
            name, _, value = pair.partition("=")
            wrapper.addParameter(name, value)
        for graph in self._graphs:
            wrapper.addParameter("default-graph-uri", graph)
            wrapper.addParameter("named-graph-uri", graph)
        wrapper.setOnlyConneg(True)
        wrapper.setQuery(text)
        wrapper.setReturnFormat(TURTLE if wrapper.queryType in GRAPH_FORMS else JSON)
        if len(text) > LONGEST_GET:
            wrapper.setMethod(POST)
        return wrapper

    def _rows(self, answer: web.Response, base: str) -> QuerySolutions | QueryBoolean:
        try:
            body = json.loads(answer.body)
            bindings = body.get("results", {}).get("bindings", [])
            if VIRTUOSO_TRUTH in body["head"].get("vars", []):
                body = {"head": {}, "boolean": bool(bindings)}
            for row in bindings:
                row.update({name: _evened(cell, base) for name, cell in row.items()})
            results = pyoxigraph.parse_query_results(json.dumps(body).encode(), format=QueryResultsFormat.JSON)
        except (ValueError, SyntaxError, AttributeError, KeyError, TypeError):
            raise self._unusable("the server's results are broken off, or no SPARQL 1.1 results in JSON") from None
        most = answer.headers.get("x-sparql-maxrows", "")
        if most.isdecimal() and len(bindings) >= int(most):
            raise self._unusable(f"the server gives {most} rows at most", "ask for less, or raise its limit")
        assert isinstance(results, (QuerySolutions, QueryBoolean))
        return results

    def _triples(self, answer: web.Response, base: str) -> list[Triple]:
        form = GRAPH_TYPES[answer.content_type]
        try:
            found = [quad.triple for quad in pyoxigraph.parse(answer.body, format=form, rename_blank_nodes=True)]
        except SyntaxError:
            raise self._unusable("the server's triples are broken off, or no Turtle") from None
        return [Triple(*(_moved(term, base) for term in triple)) for triple in found]

    def _unusable(self, what: str, hint: str = "is that the URL of a SPARQL endpoint?") -> EndpointError:
        return EndpointError(what, at=self.address, hint=hint)


def patience() -> float:
    """The seconds that the user allows an answer. Raises UsageError."""
    given = os.environ.get(SECONDS_VARIABLE, "")
    if not given:
        return SECONDS
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= sandbox.LONGEST_SECONDS:
        wanted = f"seconds above 0 and up to {sandbox.LONGEST_SECONDS}"
        raise UsageError(f"{SECONDS_VARIABLE} wants {wanted}, not {given[:60]!r}", hint="for example 120")
    return seconds


def declared(text: str, prefixes: dict[str, str]) -> str:
    """The query with declarations of those prefixes that it uses without one, before its first line.

    >>> declared("ASK { ?s a icr:Claim }", {"icr": "https://w3id.org/icr/ns#", "id": "https://w3id.org/icr/id/"})
    'PREFIX icr: <https://w3id.org/icr/ns#> ASK { ?s a icr:Claim }'
    """
    own = set(re.findall(r"PREFIX\s+([\w.-]*)\s*:", text, re.IGNORECASE))
    used = set(re.findall(r"(?<![\w?$<:])([A-Za-z][\w.-]*):", text))
    return "".join(f"PREFIX {name}: <{prefixes[name]}> " for name in sorted(used & prefixes.keys() - own)) + text


def with_decimals(quads: list[Quad]) -> list[Quad]:
    """The quads with decimals for integers, where the property's range is xsd:decimal and all whole ones are integers.

    A store that keeps datatypes has some whole decimal as such: there, an integer is somebody's mistake.
    """
    ranged = {quad.subject for quad in quads if quad.predicate == RANGE and quad.object == DECIMAL}
    kept = {quad.predicate for quad in quads if quad.predicate in ranged and _is_whole_decimal(quad.object)}
    return [_with_decimal(quad) if quad.predicate in ranged - kept else quad for quad in quads]


def _is_whole_decimal(term: Any) -> bool:
    return isinstance(term, Literal) and term.datatype == DECIMAL and not term.value.partition(".")[2].strip("0")


def _with_decimal(quad: Quad) -> Quad:
    number = quad.object
    if not (isinstance(number, Literal) and number.datatype == INTEGER):
        return quad
    return Quad(quad.subject, quad.predicate, Literal(f"{number.value}.0", datatype=DECIMAL), quad.graph_name)


def _as_web_request(wrapper: Requests) -> web.Request:
    """What SPARQLWrapper would send."""
    built = wrapper._createRequest()
    headers = {name: value for name, value in built.header_items() if name != "User-agent"}
    assert built.data is None or isinstance(built.data, bytes)
    return web.Request(built.get_method(), built.full_url, headers, built.data or b"")


def _evened(cell: dict[str, Any], base: str) -> dict[str, Any]:
    """A cell of SPARQL 1.1 results in JSON as every engine would give it."""
    kind, value = cell["type"], cell["value"]
    if kind == "uri":
        return {"type": kind, "value": _ours(value, base)}
    if kind == "bnode":
        return {"type": kind, "value": re.sub(r"\W+", "_", value)}
    if cell.get("datatype") == BOOLEAN:
        value = {"1": "true", "0": "false"}.get(value, value)
    lowered = {"xml:lang": cell["xml:lang"].lower()} if "xml:lang" in cell else {}
    return {**cell, "type": "literal", "value": value, **lowered}


def _moved(term: Any, base: str) -> Any:
    """A term of a triple as every engine would give it."""
    if isinstance(term, NamedNode):
        return NamedNode(_ours(term.value, base))
    if isinstance(term, Literal) and term.language:
        return Literal(term.value, language=term.language.lower())
    return term


def _ours(iri: str, base: str) -> str:
    """An IRI under a base of the store's own as the project writes it; any other as it is."""
    return terms.BASE + iri[len(base) :] if iri.startswith(base) else iri
