"""The whole graph with links both ways: the names of things, their narrowest classes, and the facts between them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar

from pyoxigraph import Quad

from kg import lookup, terms
from kg.triples import Object, Triples

LABELS = ("skos:prefLabel", "rdfs:label", "dcterms:title")
NAMES = (*LABELS, "skos:altLabel", "skos:hiddenLabel")
HEAD = {terms.expand(name) for name in ("rdf:type", *NAMES) if name != "dcterms:title"}
"""Predicates that the head of a page shows."""
End = TypeVar("End", str, Object)


def spelled(name: str) -> str:
    """The words of a compact name, for terms that have no label here.

    >>> spelled("dcterms:issued"), spelled("prov:wasDerivedFrom"), spelled("http://www.example.org/x")
    ('issued', 'was derived from', 'http://www.example.org/x')
    """
    if "://" in name:
        return name
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.partition(":")[2]).lower() or name


class SiteGraph:
    """An index of the graph that is read once and asked many times."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.triples = Triples(quad.triple for quad in quads)
        self._broader = {relation: self._closure(relation) for relation in ("rdfs:subClassOf", "rdfs:subPropertyOf")}

    def _closure(self, relation: str) -> dict[str, set[str]]:
        """Each class or property with all those above it, itself left out."""
        predicate = terms.expand(relation)
        parents = {
            subject: set(self.triples.iris(subject, relation)) - {subject}
            for subject in self.triples.described()
            if any(found == predicate for found, _ in self.triples.about(subject))
        }
        above: dict[str, set[str]] = {}
        for term in parents:
            seen: set[str] = set()
            waiting = [term]
            while waiting:
                fresh = parents.get(waiting.pop(), set()) - seen
                seen |= fresh
                waiting += fresh
            above[term] = seen - {term}
        return above

    def label(self, iri: str, language: str = "en") -> str:
        """The name of a thing in a language; empty when it has none."""
        return next(filter(None, (self.triples.text(iri, label, language) for label in LABELS)), "")

    def name(self, iri: str) -> tuple[str, str]:
        """What to call a thing, and the language of that: its English name, another, or its class and short name."""
        if label := self.label(iri):
            return label, "en"
        for predicate in LABELS:
            for obj in self.triples.objects(iri, predicate):
                return obj.value, str(getattr(obj, "language", None) or "en")
        if not iri.startswith(terms.BASE + "id/"):
            return terms.compact(iri), ""
        kinds = [self.label(kind) for kind in self.kinds(iri)]
        return " ".join([*filter(None, kinds[:1]), lookup.slug(iri)]), "en"

    def names(self, iri: str, predicate: str) -> list[tuple[str, str]]:
        """Text and language of the names that a thing has by a predicate (compact name), in order."""
        found = [(obj.value, str(getattr(obj, "language", None) or "")) for obj in self.triples.objects(iri, predicate)]
        return sorted(found)

    def kinds(self, iri: str) -> list[str]:
        """The narrowest of the classes of a thing; those of others when it has none of ours."""
        found = set(self.triples.iris(iri, "rdf:type"))
        above = set().union(*(self._broader["rdfs:subClassOf"].get(kind, set()) for kind in found))
        narrowest = sorted(found - above)
        return [kind for kind in narrowest if kind.startswith(terms.BASE)] or narrowest

    def above(self, kind: str) -> list[str]:
        """The classes above a class, the nearest first."""
        broader = self._broader["rdfs:subClassOf"]
        return sorted(broader.get(kind, set()), key=lambda term: (-len(broader.get(term, set())), term))

    def facts(self, iri: str) -> list[tuple[str, Object]]:
        """The properties and values of a thing, its names and classes left out, each by its narrowest property."""
        return self._narrowest((predicate, obj) for predicate, obj in self.triples.about(iri))

    def incoming(self, iri: str) -> list[tuple[str, str]]:
        """The properties by which others point at a thing, and their IRIs, each by its narrowest property."""
        return self._narrowest((predicate, subject) for subject, predicate in self.triples.pointing(iri))

    def _narrowest(self, said: Iterable[tuple[str, End]]) -> list[tuple[str, End]]:
        """Properties and other ends, without those that a narrower property says of the same end."""
        by_end: dict[End, dict[str, None]] = {}
        for predicate, end in said:
            if predicate not in HEAD:
                by_end.setdefault(end, {})[predicate] = None
        broader = self._broader["rdfs:subPropertyOf"]
        return [
            (predicate, end)
            for end, predicates in by_end.items()
            for predicate in predicates
            if not any(predicate in broader.get(other, ()) for other in predicates)
        ]
