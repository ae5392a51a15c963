"""What the page of a thing says, as values: names, facts, links both ways, and claims with their evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg import lookup, terms
from kg.site_claims import ShownClaim, SiteClaims
from kg.site_graph import SiteGraph, spelled
from kg.triples import Object

DEFINITIONS = ("skos:definition", "dcterms:description")
SHOWN_ELSEWHERE = {
    *map(terms.expand, DEFINITIONS),
    *map(terms.expand, ("icr:keyForm", "icr:keyPassage", "sh:select", "prov:hadPrimarySource")),
}
"""Properties whose values another part of the page gives."""

EVIDENCE = set(map(terms.expand, ("prov:wasDerivedFrom", "icr:refersBackTo", "icr:quantity", "dcterms:source")))
"""The same, of claims."""

CLAIM_WAYS = ("icr:claimSubject", "icr:claimPredicate", "icr:claimObject")


@dataclass(frozen=True, slots=True)
class Value:
    """A thing or a literal as a page shows it."""

    text: str
    language: str
    iri: str = ""
    """Empty for a literal."""
    claims: tuple[str, ...] = ()
    """Those that state the fact of which this is the value."""


@dataclass(frozen=True, slots=True)
class PageFact:
    """A property with its values, or with the things that point here by it."""

    label: str
    property: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """All that the page of one thing says."""

    iri: str
    title: str
    language: str
    """Of the title."""
    chinese: str
    kinds: tuple[Value, ...]
    names: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """Kind of name, with texts and languages."""
    definitions: tuple[tuple[str, str], ...]
    facts: tuple[PageFact, ...]
    parts: tuple[tuple[Value, tuple[PageFact, ...]], ...]
    """The quantities that it has, with their facts."""
    links: tuple[PageFact, ...]
    """To things of other graphs."""
    incoming: tuple[PageFact, ...]
    about: tuple[ShownClaim, ...]
    said: tuple[ShownClaim, ...]
    claim: ShownClaim | None
    """The thing itself, when it is a claim."""


class Describer:
    """Makes the pages of things from the graph."""

    def __init__(self, graph: SiteGraph) -> None:
        self.graph, self.site_claims = graph, SiteClaims(graph)
        self._stated: dict[tuple[str, str, str], list[str]] = {}
        for claim in self.site_claims.claims:
            ends = [graph.triples.iris(claim, way) for way in CLAIM_WAYS]
            if all(ends):
                self._stated.setdefault((ends[0][0], ends[1][0], ends[2][0]), []).append(claim)

    def page(self, iri: str) -> Page:
        """The page of one thing."""
        title, language = self.graph.name(iri)
        about, said = self.site_claims.about(iri), self.site_claims.said_by(iri)
        listed = {claim.iri for claim in (*about, *said)}
        facts = list(self._facts(iri))
        outer = [(predicate, value) for predicate, value in facts if value.iri and not value.iri.startswith(terms.BASE)]
        incoming = [(p, self.value(s)) for p, s in self.graph.incoming(iri) if s not in listed]
        return Page(
            iri,
            title,
            language,
            self.graph.label(iri, "zh"),
            tuple(map(self.value, self.graph.kinds(iri))),
            tuple(self._names(iri, title)),
            tuple(name for predicate in DEFINITIONS for name in self.graph.names(iri, predicate)),
            self._grouped([fact for fact in facts if fact not in outer]),
            tuple(self._parts(iri)),
            self._grouped(outer),
            self._grouped(incoming),
            tuple(about),
            tuple(said),
            self.site_claims.claims.get(iri),
        )

    def value(self, iri: str, claims: Iterable[str] = ()) -> Value:
        """A thing as a page shows it."""
        return Value(*self.graph.name(iri), iri, tuple(claims))

    def _names(self, iri: str, title: str) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
        printed = {
            (form, "")
            for predicate, mention in self.graph.incoming(iri)
            if predicate == terms.expand("icr:mentions")
            for form, _ in self.graph.names(mention, "icr:printedForm")
        }
        labels = {n for predicate in ("skos:prefLabel", "rdfs:label") for n in self.graph.names(iri, predicate)}
        chinese = self.graph.label(iri, "zh")
        for kind, found in (
            ("names in other languages", {n for n in labels if n[0] not in {title, chinese}}),
            ("also called", set(self.graph.names(iri, "skos:altLabel"))),
            ("misprinted or varied as", set(self.graph.names(iri, "skos:hiddenLabel"))),
            ("printed as", printed),
        ):
            if found:
                yield kind, tuple(sorted(found))

    def _facts(self, iri: str) -> Iterator[tuple[str, Value]]:
        elsewhere = SHOWN_ELSEWHERE | (EVIDENCE if iri in self.site_claims.claims else set())
        for predicate, obj in self.graph.facts(iri):
            if predicate not in elsewhere:
                yield predicate, self._object(iri, predicate, obj)

    def _object(self, iri: str, predicate: str, obj: Object) -> Value:
        if isinstance(obj, NamedNode):
            return self.value(obj.value, self._stated.get((iri, predicate, obj.value), ()))
        return Value(obj.value, obj.language or "")

    def _parts(self, iri: str) -> Iterator[tuple[Value, tuple[PageFact, ...]]]:
        """The quantities of a claim or threshold: what they say belongs to its page."""
        for _, obj in self.graph.facts(iri):
            if isinstance(obj, NamedNode) and lookup.kind_of(obj.value) == "quantity":
                yield self.value(obj.value), self._grouped(list(self._facts(obj.value)))

    def _grouped(self, said: list[tuple[str, Value]]) -> tuple[PageFact, ...]:
        """Facts by property, in the order of labels."""
        found: dict[str, list[Value]] = {}
        for predicate, value in said:
            found.setdefault(predicate, []).append(value)
        facts = [
            PageFact(
                self.graph.label(predicate) or spelled(terms.compact(predicate)),
                predicate,
                tuple(sorted(values, key=_order)),
            )
            for predicate, values in found.items()
        ]
        return tuple(sorted(facts, key=lambda fact: (fact.label, fact.property)))


def _order(value: Value) -> tuple[str, str, str]:
    return lookup.fold(value.text), value.text, value.iri
