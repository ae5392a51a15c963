"""The guards: whether the words under a claim carry it. One function each; a guard returns what troubles it.

The figure guard reads each figure where it stands, the modality guard the clause around it, the role guard the role of
its paragraph; the subject guard is in kg.subjects.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from kg import label_words, phrases, units
from kg.evidence import Claim, Evidence, Quantity
from kg.phrases import Figure
from kg.terms import local

FURNITURE = {"teaser", "boilerplate"}
FUTURE = (
    r"\b(?:will|shall|won['’]t|would|should|must|aim(?:s|ed|ing)? (?:to|at|for)|plan(?:s|ned|ning)? (?:to|on)|"
    r"intend(?:s|ed|ing)? to|hop(?:es|ed|ing) to|to be|expected to|about to|pledg(?:es|ed|ing) to|vow(?:s|ed|ing)? to|"
    r"(?:is|are|was|were) (?:due |expected |set |likely |scheduled |slated )?to|promis(?:es|ed|ing) to|going to|"
    r"target of|goal of|if|unless)\b"
)
NEGATED = (
    r"\b(?:not(?! only| just)|never|no longer|neither|nor|hardly|fail(?:s|ed)? to|yet to|denied|"
    r"(?:is|are|was|were|has|have|had|do|does|did|ca|could|would|wo)n['’]t)\b"
)
CUE = re.compile(f"(?P<future>{FUTURE})|(?P<negated>{NEGATED})", re.IGNORECASE)
BORDER = re.compile(r"[.;:!?]\s|,\s|\s[-–—]+\s|[()“”\"]")
NEXT_PREDICATE = re.compile(
    r"\s(?:and|but)\s+(?:will|would|shall|should|must|can|could|is|are|was|were|has|have|had|do|does|did|"
    r"aims?|plans?|intends?|hopes?|pledge[sd]|vow(?:s|ed)|promise[sd]|fail(?:s|ed))\b",
    re.IGNORECASE,
)
"""Where a further predicate of the same subject begins: its mood is not that of the one before it."""
ARTICLE = re.compile(r"\b(?P<article>a|an|the|its|their|his|her|this|of)\s+(?:(?P<word>[\w-]+)\s+)?$", re.IGNORECASE)
OWNERS = {"its", "their", "his", "her", "of"}
FACTUAL = {"Measurement", "Change"}


@dataclass(frozen=True, slots=True)
class Located:
    """A passage where it stands in the text at hand."""

    passage: str
    document: str
    number: int
    """Of the paragraph; 0 when the span crosses the end of one."""
    role: str
    words: str
    """The whole paragraph."""
    start: int
    """Of the span, in the paragraph."""
    end: int
    at: int
    """Of the span, in the text."""

    @property
    def span(self) -> str:
        """The words of the span."""
        return self.words[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A paragraph of the text at hand."""

    number: int
    role: str
    words: str


@dataclass(slots=True)
class Reading:
    """One text, read: its paragraphs in order, and the passages that were found in it."""

    leaves: list[Leaf]
    located: dict[str, Located]
    _paragraphs: Counter[str] = field(default_factory=Counter)
    """In how many paragraphs each stem stands; counted when first asked for."""

    def rarity(self, stem: str) -> float:
        """The inverse document frequency of a stem, with the paragraphs as documents; above 0."""
        if not self._paragraphs:
            self._paragraphs.update(word for leaf in self.leaves for word in set(label_words.stems(leaf.words)))
        return math.log((len(self.leaves) + 1) / (self._paragraphs[stem] + 0.5))


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a claim is not carried by its words."""

    guard: str
    message: str
    fix: str
    located: Located | None = None


def check(claim: Claim, evidence: Evidence, located: dict[str, Located]) -> list[Trouble]:
    """What these guards have to say of a claim; `located` holds the passages that were found in the text."""
    own = [located[p] for p in claim.passages if p in located]
    found = documents(claim, evidence) + missing(claim, evidence, located)
    if not own:
        return found or [Trouble("passage", "the claim has no passage", "add prov:wasDerivedFrom")]
    for guard in (role, figure, modality):
        found += guard(claim, own, evidence)
    return found


def positions(form: str, text: str) -> list[int]:
    """Where a printed form stands in a text on token borders: 600 does not stand in 7,600.

    >>> positions("600", "over 7,600 of 600")
    [14]
    """
    before = r"(?<!\w)(?<!\d[.,])" if form[:1].isalnum() else ""
    after = r"(?!\w)(?![.,]\d)" if form[-1:].isalnum() else ""
    return [m.start() for m in re.finditer(f"(?={before}{re.escape(form)}{after})", text)] if form else []


def documents(claim: Claim, evidence: Evidence) -> list[Trouble]:
    """Passages of another document than the one that reports the utterance."""
    found = []
    for passage in claim.passages:
        record = evidence.passages.get(passage)
        paragraph = evidence.paragraphs.get(record.paragraph) if record else None
        if paragraph and paragraph.document != claim.document:
            there, here = local(paragraph.document), local(claim.document)
            message = f"the passage c{local(passage)[1:]} is of {there}, the utterance is reported in {here}"
            found.append(Trouble("document", message, "take a passage of the document that reports the utterance"))
    return found


def missing(claim: Claim, evidence: Evidence, located: dict[str, Located]) -> list[Trouble]:
    """Passages of the claim that the graph does not describe, or that do not stand in the text."""
    found = []
    for passage in claim.passages:
        if passage not in evidence.passages:
            found.append(
                Trouble("passage", f"the graph does not describe the passage {local(passage)}", "add the passage")
            )
        elif passage not in located and not documents(claim, evidence):
            found.append(Trouble("passage", f"its passage {local(passage)} was not found", "mend the passage"))
    return found


def role(claim: Claim, own: list[Located], evidence: Evidence) -> list[Trouble]:
    """No claim rests on the furniture of the page."""
    fix = "take the passage from the article itself, or drop the claim"
    return [
        Trouble("role", f"the passage stands in a {place.role} paragraph", fix, place)
        for place in own
        if place.role in FURNITURE
    ]


def figure(claim: Claim, own: list[Located], evidence: Evidence) -> list[Trouble]:
    """Each figure is what its printed form says where it stands."""
    found = []
    for quantity in claim.quantities:
        index = any(re.search("index|rank", name, re.I) for name in evidence.names.get(quantity.indicator, ()))
        troubles = [
            _misread(claim, quantity, place, at, index) for place in own for at in positions(quantity.form, place.span)
        ]
        if not troubles:
            message = f"{quantity.form!r} does not stand in a passage of the claim"
            fix = "copy the figure with its hedge exactly, or take the passage that prints it"
            found.append(Trouble("figure", message, fix, own[0]))
        elif all(troubles):
            found.append(next(t for t in troubles if t))
    return found


def _misread(claim: Claim, quantity: Quantity, place: Located, at: int, index: bool) -> Trouble | None:
    """What is wrong with reading a quantity from the figure that stands at a place of a span."""
    start = place.start + at
    end = start + len(quantity.form)
    inside = [f for f in figures_of(place.words) if start <= f.number < end]
    if not inside:
        return Trouble("figure", f"{quantity.form!r} is read as no number", "print the figure with its hedge", place)
    read = inside[0]
    what = ""
    if read.start < start or read.stop > end:
        what = f"{quantity.form!r} stands there as {place.words[read.start : read.end]!r}"
    elif fault := _differs(claim, quantity, read, index):
        what = f"{place.words[read.start : max(read.end, end)]!r} says {fault}"
    fix = "make the printed form, the comparator, the number and the unit what the text says"
    return Trouble("figure", what, fix, place) if what else None


def _differs(claim: Claim, quantity: Quantity, read: Figure, index: bool) -> str:
    """In what a quantity differs from the figure read, in words; empty when in nothing."""
    if quantity.comparator != read.comparator:
        return f"{read.comparator}, the graph {quantity.comparator}"
    if read.comparator == "range":
        ends = (quantity.lower, quantity.upper)
        return (
            ""
            if ends == (read.value, read.upper)
            else f"{read.value} to {read.upper}, the graph {ends[0]} to {ends[1]}"
        )
    value = quantity.value if quantity.value is not None else Decimal("NaN")
    expected = abs(value) if claim.kind == "Change" or read.sign < 0 else value
    if expected != read.value:
        return f"{read.value.normalize():f}, the graph {value:f}"
    if claim.kind == "Change" and read.sign and (value > 0) != (read.sign > 0):
        return f"a {'rise' if read.sign > 0 else 'fall'}, the graph the opposite"
    return _unit_differs(claim, quantity, read, index)


def _unit_differs(claim: Claim, quantity: Quantity, read: Figure, index: bool) -> str:
    """How the unit of a quantity differs from what is printed, in words; empty when not at all."""
    if quantity.unit not in units.MEANT_BY[read.family]:
        return f"{read.family or 'a plain number'}, the graph has the unit {quantity.unit}"
    if read.family == "percentage points" and claim.kind != "Change":
        return "a difference in percentage points, the graph takes it for a level"
    if claim.kind == "Change" and read.family == "percent" and not read.sign:
        return "a level in percent, the graph takes it for a difference"
    if not read.family and quantity.unit == "UNITLESS" and not index:
        return "a count, the graph has no unit (UNITLESS is for ranks and indices)"
    return ""


@cache
def figures_of(words: str) -> list[Figure]:
    """The figures of a paragraph."""
    return phrases.figures(words)


def modality(claim: Claim, own: list[Located], evidence: Evidence) -> list[Trouble]:
    """What is only wanted, planned, expected or denied is no measurement and has not happened."""
    happened = claim.kind == "SituationClaim" and any(_past(claim, evidence, t.latest) for t in claim.times)
    if claim.kind not in FACTUAL and not happened:
        return []
    forms = {q.form for q in claim.quantities}
    found = []
    for place in own:
        ends = [place.start + at + len(form) for form in forms for at in positions(form, place.span)]
        if forms and not ends:
            continue
        start, end = clause(place, max(ends, default=place.end))
        cue = next((c for c in CUE.finditer(place.words, start, end) if not _noun(c)), None)
        if cue and not (claim.announces and cue["future"]):
            kind = "of what is to come" if cue["future"] else "denied"
            message = (
                f"the words stand under {cue[0]!r}: they speak {kind}" if cue["future"] else f"it is {kind}: {cue[0]!r}"
            )
            fix = "make it a target, pledge or request, or take the passage that states it"
            found.append(Trouble("modality", message, fix, place))
    return found


def _noun(cue: re.Match[str]) -> bool:
    """Whether "plan to" and the like is a noun: "an ambitious plan to upgrade", but "the firm plans to upgrade"."""
    before = ARTICLE.search(cue.string[max(0, cue.start() - 40) : cue.start()])
    if before is None or cue[0].casefold() not in {"plan to", "aim to", "hope to", "plans to"}:
        return False
    if before["word"] is None or before["article"].casefold() in OWNERS:
        return True
    several = before["word"].endswith("s") and not before["word"].endswith("ous")
    return cue[0].casefold() != "plans to" and not several


def _past(claim: Claim, evidence: Evidence, latest: str) -> bool:
    """Whether a day lies before the document came out, or on that day."""
    rendition = evidence.renditions.get(claim.document)
    return bool(latest and rendition and rendition.issued and latest <= rendition.issued)


def clause(place: Located, said_at: int) -> tuple[int, int]:
    """Where the clause around a span begins and ends in its paragraph; `said_at` is where what counts of it ends.

    A figure that the next predicate has nothing to do with is not under it: "employs 900 people and plans to move".
    """
    start, end = place.start, place.end
    left = [m.end() for m in BORDER.finditer(place.words, 0, start + 1) if m.end() <= start]
    right = BORDER.search(place.words, max(start, end - 1))
    stop = right.start() if right else len(place.words)
    following = NEXT_PREDICATE.search(place.words, said_at, stop)
    return (left[-1] if left else 0), (following.start() if following else stop)
