"""The words around a claim, and the register of all names: what the subject guards look at."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from kg import label_words
from kg.evidence import OWN_VOICE, Claim, Evidence
from kg.guards import FURNITURE, Located, Reading
from kg.terms import local

COMMON = 3
"""In the names of so many things of a kind a word tells none of them apart."""
WITH_COMMON_WORDS = {"org", "place", "person"}
"""Kinds whose names are full of words such as group, ministry and province."""


@dataclass(frozen=True)
class Scene:
    """The words around a claim: the spans and those that they refer back to, their paragraphs, and all before."""

    evidence: Evidence
    own: list[Located]
    spans: str
    paragraphs: str
    before: str
    document: str
    speaker_label: str
    """The last paragraph before the claim that is nothing but the name of who speaks."""

    @classmethod
    def of(cls, claim: Claim, own: list[Located], evidence: Evidence, reading: Reading) -> Scene:
        """The scene of a claim whose passages are `own`; what it refers back to belongs to it."""
        there = [*own, *(reading.located[p] for p in claim.back if p in reading.located)]
        first = min(place.number for place in own)
        content = [leaf for leaf in reading.leaves if leaf.role not in FURNITURE]
        before = [leaf for leaf in content if leaf.number < first]
        ahead = own[0].role in {"headline", "standfirst"}  # they are about what follows
        labels = [leaf.words for leaf in before if leaf.role == "speaker-label"]
        return cls(
            evidence,
            own,
            "\n".join(place.span for place in there),
            "\n".join(dict.fromkeys(place.words for place in there)),
            "\n".join(leaf.words for leaf in (content if ahead else before)),
            "\n".join(leaf.words for leaf in content),
            labels[-1] if labels else "",
        )

    def names(self, thing: str) -> tuple[str, ...]:
        """The names of a thing."""
        return self.evidence.names.get(thing, ())

    def fit(self, thing: str, words: str, *, apart: bool = False) -> float:
        """How well a thing is named in some words, from 0 to 1; with `apart`, words of many names do not count."""
        kind = kind_of(thing)
        common = Register.of(self.evidence).common(kind) if apart or kind in WITH_COMMON_WORDS else frozenset()
        return label_words.named(self.names(thing), words, common)

    def shown(self, thing: str) -> str:
        """A thing as people know it."""
        return repr(min(self.names(thing), key=len, default=local(thing)))


def kind_of(iri: str) -> str:
    """The kind of a thing, from its IRI: id/<kind>/….

    >>> kind_of("https://w3id.org/icr/id/place/hubei")
    'place'
    """
    return iri.partition("/id/")[2].partition("/")[0]


def _common_words(evidence: Evidence) -> dict[str, frozenset[str]]:
    """For each kind the words that stand in the names of COMMON things or more."""
    counts: dict[str, Counter[str]] = {}
    for thing, names in evidence.names.items():
        counts.setdefault(kind_of(thing), Counter()).update({w for name in names for w in label_words.key_words(name)})
    return {kind: frozenset(w for w, n in count.items() if n >= COMMON) for kind, count in counts.items()}


class Register:
    """The names of all things, for finding the longest that stand in a text, and the voices of each document."""

    _known: tuple[Evidence, Register] | None = None

    def __init__(self, evidence: Evidence) -> None:
        self._names: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for thing, names in evidence.names.items():
            for name in names:
                if stems := label_words.stems(name):
                    self._names.setdefault(stems[0], []).append((stems, thing))
        self._common = _common_words(evidence)
        self._voices: dict[str, set[str]] = {}
        for claim in evidence.claims.values():
            if claim.attribution not in OWN_VOICE:
                voices = {thing for role, thing in claim.subjects if role == "speaker"}
                self._voices.setdefault(claim.document, set()).update(voices)
        self._topics: dict[str, str] = {}

    @classmethod
    def of(cls, evidence: Evidence) -> Register:
        """The register of some evidence; kept until another is asked for."""
        if cls._known is None or cls._known[0] is not evidence:
            cls._known = (evidence, cls(evidence))
        return cls._known[1]

    def common(self, kind: str) -> frozenset[str]:
        """The words that stand in the names of several things of a kind, and so tell none of them."""
        return self._common.get(kind, frozenset())

    def voices(self, document: str) -> set[str]:
        """Who speaks in a document, apart from the outlet itself."""
        return self._voices.get(document, set())

    def longest(self, text: str) -> set[str]:
        """The things named in a text by a name that is not part of a longer one."""
        words = label_words.stems(text)
        hits = [
            (i, i + len(stems), thing)
            for i, word in enumerate(words)
            for stems, thing in self._names.get(word, ())
            if words[i : i + len(stems)] == stems
        ]
        return {t for a, b, t in hits if not any(c <= a and b <= d and d - c > b - a for c, d, _ in hits)}

    def topic(self, scene: Scene) -> str:
        """The place that a document names most often: it is meant where no other is named."""
        text = scene.document
        if text not in self._topics:
            count: Counter[str] = Counter()
            for thing, names in scene.evidence.names.items():
                if kind_of(thing) == "place":
                    count[thing] = sum(len(re.findall(rf"\b{re.escape(name)}\b", text)) for name in names)
            self._topics[text] = max(count, key=lambda thing: (count[thing], thing), default="")
        return self._topics[text]
