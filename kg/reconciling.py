"""Asking others for entries by name: reconciliation services (W3C Reconciliation Service API 0.2) and SPARQL endpoints.

The API: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

from kg import protocol, queries, web
from kg.engine import records
from kg.errors import EndpointError
from kg.matching import Candidate, Sought

BATCH = 10
"""Queries in one request, unless the manifest asks for fewer (batchSize)."""
VERSION = "0.2"
NAMES_ASKED = 4
"""Names of a thing that are asked for: the label, the other language, and the first aliases."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a user asks of the entries beside their names, in the terms of the service."""

    type: str = ""
    """Identifier of the one type that entries may have."""
    place_property: str = ""
    """Identifier of the property by which the service says where an entry is."""
    limit: int = 5
    """Most entries for each name."""


class Service(Protocol):
    """Somebody who knows entries by name."""

    name: str
    """As the grounds of a link tell it."""
    space: str
    """What the IRIs of the entries begin with; empty when the entries tell."""

    def entries(self, things: Sequence[Sought]) -> dict[str, list[Candidate]]:
        """The entries that may stand for the things, by their IRIs. Raises EndpointError."""


class Reconciliation:
    """A reconciliation service."""

    def __init__(self, http: web.Client, url: str, narrowing: Narrowing) -> None:
        self._http, self._url, self._narrowing = http, url, narrowing
        manifest = _json(http.send(web.Request("GET", url, {"Accept": "application/json"})), url)
        known = isinstance(manifest, dict) and {"name", "identifierSpace", "schemaSpace"} <= manifest.keys()
        if not known or VERSION not in manifest.get("versions", [VERSION]):  # 0.1 has no list of versions
            what = f"that is no reconciliation service of version {VERSION}"
            raise EndpointError(what, at=url, hint="--sparql for a SPARQL endpoint")
        self.name = f"reconciliation service {manifest['name']}"
        self.space = str(manifest["identifierSpace"])
        size = manifest.get("batchSize")
        self._batch = min(size, BATCH) if isinstance(size, int) and size > 0 else BATCH

    def entries(self, things: Sequence[Sought]) -> dict[str, list[Candidate]]:
        """One query for each name of each thing; an entry that answers to several comes once, with all its scores."""
        asked = [(thing, name) for thing in things for name in thing.names[:NAMES_ASKED]]
        found: dict[str, dict[str, Candidate]] = {thing.iri: {} for thing in things}
        for start in range(0, len(asked), self._batch):
            part = asked[start : start + self._batch]
            results = self._ask({f"q{number}": self._query(*each) for number, each in enumerate(part)})
            for number, (thing, _) in enumerate(part):
                for entry in _entries(results.get(f"q{number}"), self._url):
                    best = found[thing.iri].setdefault(entry.id, entry)
                    if entry.score > best.score:
                        found[thing.iri][entry.id] = entry
        return {iri: list(entries.values()) for iri, entries in found.items()}

    def _query(self, thing: Sought, name: str) -> dict[str, Any]:
        query: dict[str, Any] = {"query": name, "limit": self._narrowing.limit}
        if self._narrowing.type:
            query["type"] = self._narrowing.type
        if self._narrowing.place_property and thing.places:
            query["properties"] = [{"pid": self._narrowing.place_property, "v": list(thing.places)}]
        return query

    def _ask(self, asked: dict[str, dict[str, Any]]) -> dict[str, Any]:
        headers = {"Accept": "application/json", "Content-Type": protocol.FORM}
        body = urlencode({"queries": json.dumps(asked, ensure_ascii=False)}).encode()
        results = _json(self._http.send(web.Request("POST", self._url, headers, body)), self._url)
        if not isinstance(results, dict) or not results.keys() >= asked.keys():
            raise EndpointError("the service did not answer all queries of a batch", at=self._url)
        return results


class Endpoint:
    """A SPARQL endpoint that labels its entries; it knows exact names only."""

    space = ""

    def __init__(self, http: web.Client, url: str) -> None:
        self._http, self._url = http, url
        self.name = "SPARQL endpoint"

    def entries(self, things: Sequence[Sought]) -> dict[str, list[Candidate]]:
        """One query for each name of each thing."""
        return {thing.iri: self._of(thing) for thing in things}

    def _of(self, thing: Sought) -> list[Candidate]:
        query = queries.read("candidates", "lookup")
        found: dict[str, list[dict[str, str]]] = {}
        for name in thing.names[:NAMES_ASKED]:
            for cells in records(*protocol.select(self._http, self._url, queries.bind(query, {"name": name}))):
                found.setdefault(cells["entry"], []).append({**cells, "asked": name})
        return [
            Candidate(
                iri,
                _each(row[key] for row in rows for key in ("label", "asked")),
                _each(row.get("type", "") for row in rows),
                rows[0].get("about", ""),
            )
            for iri, rows in found.items()
        ]


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _json(answer: web.Response, url: str) -> Any:
    try:
        return json.loads(answer.body)
    except ValueError:
        hint = "is it the URL of a reconciliation service?"
        raise EndpointError("the service's answer is not JSON", at=url, hint=hint) from None


def _entries(result: Any, url: str) -> list[Candidate]:
    """The candidates of one query (section 4.3 of the API)."""
    try:
        return [
            Candidate(
                str(candidate["id"]),
                (str(candidate["name"]),),
                _each(kind if isinstance(kind, str) else kind.get("name", "") for kind in candidate.get("type", ())),
                str(candidate.get("description") or ""),
                float(candidate["score"]),
            )
            for candidate in result["result"]
        ]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise EndpointError("the service answered with what are no candidates", at=url) from None
