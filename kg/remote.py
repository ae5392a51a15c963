"""A store over HTTP: counting, reading and writing its graphs by SPARQL 1.1 and the Graph Store Protocol.

What comes back is N-Triples or results in JSON, checked by media type and parsed whole: no other format is read, so
that no entity is expanded and no page of HTML is taken for an answer.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Triple

from kg import normal, profiles, protocol, queries, web
from kg.errors import EndpointError, UsageError
from kg.profiles import Endpoints, Profile
from kg.record import Part

N_TRIPLES = "application/n-triples"
HEX = "0123456789abcdef"


class Remote:
    """A store of a known kind, reached by a client."""

    def __init__(self, client: web.Client, endpoints: Endpoints) -> None:
        self._client, self.endpoints = client, endpoints

    @property
    def profile(self) -> Profile:
        """The kind of the store."""
        return self.endpoints.profile

    @property
    def takes_quads(self) -> bool:
        """Whether N-Quads of many graphs may go in one request."""
        return bool(self.endpoints.dataset)

    # ---- reading ----

    def counts(self, base: str) -> dict[str, int]:
        """The number of triples of each graph whose name begins with `base`. Raises EndpointError."""
        return protocol.graph_sizes(lambda text: protocol.select(self._client, self.endpoints.query, text), base)

    def keys(self, graph: str, count: int) -> set[int]:
        """The keys (kg.normal) of the `count` triples of a graph. Raises EndpointError when not all are given.

        A store that gives no more than so many rows is asked for sixteen slices.
        """
        if not count:
            return set()
        found, number = self._keys("triples", graph=graph)
        if number < count:
            slices = [self._keys("slice", graph=graph, start=digit) for digit in HEX]
            found, number = set().union(*(keys for keys, _ in slices)), sum(part for _, part in slices)
        if number != count:
            what = f"the store gives {number} of the {count} triples that it counts in {graph}"
            raise EndpointError(what, at=self.endpoints.query, hint=self.profile.note or None)
        return found

    def _keys(self, name: str, **params: str) -> tuple[set[int], int]:
        """The keys and the number of the triples that a query constructs."""
        found: set[int] = set()
        number = 0
        for triple in self._triples(queries.bind(queries.read(name, "load"), params)):
            found.add(normal.key(triple))
            number += 1
        return found, number

    def _triples(self, query: str) -> Iterator[Triple]:
        with self._client.stream(protocol.query(self.endpoints.query, query, N_TRIPLES)) as (answer, chunks):
            protocol.check(answer, (N_TRIPLES, "text/plain"), "triples", self.endpoints.query)
            try:
                for quad in pyoxigraph.parse(io.BufferedReader(_Chunks(chunks)), format=RdfFormat.N_TRIPLES):
                    yield quad.triple
            except SyntaxError as error:
                raise EndpointError(f"the answer is not N-Triples: {error.msg}", at=self.endpoints.query) from None

    # ---- writing ----

    def add(self, part: Part) -> None:
        """Add triples; those that are there already stay as they are. Raises EndpointError."""
        if part.graph:
            self._write("POST", part.graph, part.body)
            return
        headers = {"Content-Type": self.profile.quads}
        self._client.send(web.Request("POST", self.endpoints.dataset, headers, part.body))

    def put(self, graph: str, body: bytes | Iterable[bytes]) -> None:
        """Put triples in the place of a graph. Raises EndpointError."""
        self._write("PUT", graph, body)

    def _write(self, method: str, graph: str, body: bytes | Iterable[bytes]) -> None:
        joined = "&" if "?" in self.endpoints.graph_store else "?"
        url = self.endpoints.graph_store + joined + urlencode({self.profile.graph: graph})
        self._client.send(web.Request(method, url, {"Content-Type": N_TRIPLES}, body))

    def drop(self, graph: str) -> None:
        """Remove a graph, should it be there. Raises EndpointError."""
        self._update(f"DROP SILENT GRAPH {NamedNode(graph)}")

    def move(self, source: str, target: str) -> None:
        """Put one graph in the place of another. Raises EndpointError.

        Never sent twice: the second time the source is gone, and some stores would empty the target.
        """
        self._update(f"MOVE GRAPH {NamedNode(source)} TO GRAPH {NamedNode(target)}", repeatable=False)

    def _update(self, text: str, *, repeatable: bool = True) -> None:
        body = urlencode({"update": text}).encode()
        self._client.send(web.Request("POST", self.endpoints.update, {"Content-Type": protocol.FORM}, body, repeatable))


class _Chunks(io.RawIOBase):
    """Pieces of an answer as a file, for the parser."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest = chunks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            piece = next(self._chunks, None)
            if piece is None:
                return 0
            self._rest = piece
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def recognised(client: web.Client, url: str, name: str = "") -> Endpoints:
    """The endpoints of the store at a URL: of the profile named, else told by the URL itself, else by the server.

    Raises UnknownName for a profile that is not there, UsageError for a store that does not tell what it is,
    EndpointError when nothing answers.
    """
    profile = profiles.named(name) if name else profiles.by_url(url)
    if profile is None:
        profile = profiles.by_server(client.server(url))
    if profile is None:
        known = ", ".join(sorted(profiles.profiles()))
        raise UsageError(f"what kind of store is at {url} cannot be told", hint=f"--profile NAME, one of {known}")
    return profiles.endpoints(profile, url)
