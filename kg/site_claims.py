"""The claims of the graph with their evidence, read once for all pages: who says what where, and of which things."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg import terms
from kg.site_graph import SiteGraph

SAYING = ("icr:speaker", "icr:speakingAs", "icr:onBehalfOf", "icr:occasion", "icr:reportedIn")
"""What an utterance has to do with: by whom, in which post, for whom, when, in which document."""


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage on which a claim rests."""

    passage: str
    document: str
    paragraph: str
    """Its IRI."""
    number: int
    start: int
    end: int
    forms: tuple[str, ...]
    """The figures and names as printed."""
    digest: str
    back: bool
    """Whether the words of the claim only take it up again."""


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """A claim with what stands behind it."""

    iri: str
    printed: str
    time: str
    voice: str
    """Who says it and for whom, or the kind of voice; empty for what no text says."""
    places: tuple[ShownPassage, ...]
    sources: tuple[str, ...]
    """IRIs of what it was computed from or is known from, when no text says it."""


class SiteClaims:
    """All claims, and for each thing those that speak of it and those that it makes."""

    def __init__(self, graph: SiteGraph) -> None:
        self.graph = graph
        found = sorted(graph.triples.subjects("rdf:type", terms.expand("icr:Claim")))
        self.claims = {iri: self._claim(iri) for iri in found}
        self._of: dict[str, dict[str, None]] = {}
        self._by: dict[str, dict[str, None]] = {}
        for iri in found:
            for thing in self._matters(iri):
                self._of.setdefault(thing, {})[iri] = None
            for thing in self._voices(iri):
                self._by.setdefault(thing, {})[iri] = None

    def about(self, thing: str) -> list[ShownClaim]:
        """The claims that speak of a thing, or rest on it, by document and place."""
        return self._ordered(self._of.get(thing, {}))

    def said_by(self, thing: str) -> list[ShownClaim]:
        """The claims that a person, body, document, occasion or utterance makes, by document and place."""
        return self._ordered(self._by.get(thing, {}))

    def _ordered(self, iris: dict[str, None]) -> list[ShownClaim]:
        claims = [self.claims[iri] for iri in iris]
        return sorted(claims, key=lambda c: ([(p.document, p.start) for p in c.places if not p.back], c.iri))

    def _matters(self, claim: str) -> list[str]:
        """The things that a claim or the situation that it claims points at."""
        ends = self._things(claim, without=terms.expand("icr:saidIn"))
        situations = self.graph.triples.iris(claim, "icr:claimsSituation")
        return ends + [end for situation in situations for end in self._things(situation)]

    def _things(self, subject: str, without: str = "") -> list[str]:
        said = set(self.graph.triples.iris(subject, "icr:saidIn")) if without else set()
        return [
            obj.value
            for _, obj in self.graph.triples.about(subject)
            if isinstance(obj, NamedNode) and obj.value.startswith(terms.PREFIXES["id"]) and obj.value not in said
        ]

    def _voices(self, claim: str) -> list[str]:
        utterances = self.graph.triples.iris(claim, "icr:saidIn")
        ends = [end for said in utterances for way in SAYING for end in self.graph.triples.iris(said, way)]
        return utterances + ends

    def _claim(self, iri: str) -> ShownClaim:
        triples = self.graph.triples
        back = set(triples.iris(iri, "icr:refersBackTo"))
        sources = dict.fromkeys((*triples.iris(iri, "prov:wasDerivedFrom"), *triples.iris(iri, "dcterms:source")))
        passages = [p for p in {**sources, **dict.fromkeys(back)} if triples.iris(p, "icr:inParagraph")]
        places = sorted((self._place(p, back=p in back) for p in passages), key=lambda p: (p.back, p.document, p.start))
        utterances = triples.iris(iri, "icr:saidIn")
        others = () if utterances else tuple(source for source in sources if source not in passages)
        voice = " / ".join(sorted(map(self._voice, utterances)))
        return ShownClaim(iri, self._printed(iri), self._time(iri), voice, tuple(places), others)

    def _printed(self, iri: str) -> str:
        (form, *_) = (*(form for form, _ in self.graph.names(iri, "icr:keyForm")), "")
        return form

    def _time(self, iri: str) -> str:
        triples = self.graph.triples
        situations = triples.iris(iri, "icr:claimsSituation")
        happened = [time for situation in situations for time in triples.iris(situation, "icr:eventTime")]
        times = (*triples.iris(iri, "icr:referenceTime"), *triples.iris(iri, "icr:deadline"), *happened, "")
        return self.graph.name(times[0])[0] if times[0] else ""

    def _voice(self, utterance: str) -> str:
        speakers, bodies, kinds = (
            [self.graph.name(iri)[0] for iri in self.graph.triples.iris(utterance, predicate)]
            for predicate in ("icr:speaker", "icr:onBehalfOf", "icr:attributionType")
        )
        speaker = ", ".join(sorted(speakers or kinds))
        return f"{speaker}, for {', '.join(sorted(bodies))}" if bodies and speakers else speaker

    def _place(self, passage: str, *, back: bool) -> ShownPassage:
        triples = self.graph.triples
        (paragraph,) = triples.iris(passage, "icr:inParagraph")
        renditions = triples.iris(paragraph, "icr:inRendition")
        return ShownPassage(
            passage,
            next((document for r in renditions for document in triples.subjects("icr:hasRendition", r)), ""),
            paragraph,
            int(triples.text(paragraph, "icr:paragraphNumber") or 0),
            int(triples.text(passage, "icr:startChar") or 0),
            int(triples.text(passage, "icr:endChar") or 0),
            tuple(form for form, _ in self.graph.names(passage, "icr:printedForm")),
            triples.text(passage, "icr:sha256"),
            back,
        )
