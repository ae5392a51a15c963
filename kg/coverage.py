"""What each text still has that the graph has not: its sentences, figures and names, carried, declared or open.

Carried is a sentence when a printed form of a passage of a claim stands in it; a figure when it lies inside such a
form; a name when it lies inside a passage of a claim that concerns the thing, or of a mention of the thing. Declared
is what lies in a span that is set aside with a reason. All else is open. Positions are code points of the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kg import evidence, phrases, terms
from kg.engine import Ask
from kg.errors import TextProblem, UnknownName, nearest
from kg.evidence import Evidence, ParagraphRecord
from kg.guards import FURNITURE
from kg.sentences import sentences
from kg.spotting import Namer
from kg.terms import local
from kg.texts import SourceText, digest

KINDS = ("sentence", "figure", "name")
STATES = ("carried", "declared", "open")
RECORDED = ("document", "paragraphs", "passages", "claims", "mentions", "setAsides")
"""What the graph counts of each document by itself."""

STEPS = 3
"""How many properties may lie between a claim and a thing that it concerns: situation, tenure, post."""
MOST = 0.8
"""The part of a sentence that a span has to cover to set the sentence aside."""
DIGITS = re.compile(r"\d+(?:[.,]\d+)*")

CLOSE_SENTENCE = "write a claim whose passage has a printed form in it, or set it aside"
CLOSE_FIGURE = "make it a printed form of a claim's passage, with its hedge, or set it aside"
CLOSE_NAME = "write a claim that concerns {things}, or a mention"
CLOSE_NAME_BESIDE = "say that {claims} is about {things} (icr:about), when it is, or write a mention"
"""What to do about an open name, where no passage holds it, and where one of a claim does."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Item:
    """One sentence, figure or name of a text, and what the graph makes of it."""

    kind: str
    document: str
    paragraph: int
    start: int
    end: int
    state: str
    by: tuple[str, ...]
    """The claims or mentions that carry it, or the reasons for setting it aside."""
    words: str
    """The figure or the name; empty for a sentence, whose words stay in the text."""
    fix: str = ""
    """What closes it, when it is open."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A passage of the graph as it lies in the text."""

    start: int
    end: int
    forms: tuple[Span, ...]
    """Where its printed forms stand."""
    claims: tuple[str, ...]
    reasons: tuple[str, ...]
    mentions: tuple[tuple[str, str], ...]
    """Pairs of mention and thing."""


@dataclass(slots=True)
class Graph:
    """What the graph holds that coverage asks for."""

    evidence: Evidence
    claims: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By passage."""
    reasons: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By passage that is set aside."""
    mentions: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """By passage."""
    concerned: dict[str, frozenset[str]] = field(default_factory=dict)
    """Things that each claim concerns."""
    names: dict[str, frozenset[str]] = field(default_factory=dict)
    """Things by name."""
    printed: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)
    """Things by the forms that mentions print, for each document."""


def measure(ask: Ask, folder: Path, document: str | None = None) -> list[Item]:
    """The items of one document or of all, in the order of the texts.

    Raises UnknownName for a document that the graph has not, TextProblem for a text that is missing or differs.
    """
    graph = read(ask)
    found: list[Item] = []
    for iri in chosen(graph.evidence, document):
        rendition = graph.evidence.renditions[iri]
        text = SourceText.read(folder, local(iri), file=folder / rendition.file)
        if digest(text.text) != rendition.sha256:
            raise TextProblem(
                f"the text of {local(iri)} is not the one in which the graph counts positions",
                at=str(folder / rendition.file),
                hint="`kg verify --texts DIR` says where it differs and which passages have moved",
            )
        found += items(graph, iri, text)
    return found


def chosen(known: Evidence, document: str | None) -> list[str]:
    """IRIs of the documents asked for. Raises UnknownName."""
    names = {local(iri): iri for iri in known.renditions}
    if document is None:
        return [names[name] for name in sorted(names)]
    if document not in names:
        raise UnknownName(f"there is no document {document!r}", hint=nearest(document, sorted(names)))
    return [names[document]]


def counts(ask: Ask, document: str | None = None) -> list[dict[str, str]]:
    """What the graph records of each document, for those who have no texts."""
    rows = evidence.rows_of(ask, "coverage-counts")
    wanted = {row["document"] for row in rows} if document is None else {chosen(evidence.load(ask), document)[0]}
    return [{**row, "document": local(row["document"])} for row in rows if row["document"] in wanted]


def totals(found: list[Item]) -> dict[str, Counter[tuple[str, str]]]:
    """How many items of each kind and state there are, by document, in the order of the items."""
    table: dict[str, Counter[tuple[str, str]]] = {}
    for item in found:
        table.setdefault(item.document, Counter())[item.kind, item.state] += 1
    return table


def table(found: list[Item]) -> tuple[list[str], list[list[str]]]:
    """The totals as columns and rows: each document and kind, and all documents together."""
    by_document = totals(found)
    everything: Counter[tuple[str, str]] = sum(by_document.values(), Counter())
    rows = []
    for document, tally in [*by_document.items(), *([("all", everything)] if len(by_document) > 1 else [])]:
        for kind in KINDS:
            numbers = [tally[kind, state] for state in STATES]
            rows.append([document, f"{kind}s", *map(str, [sum(numbers), *numbers])])
    return ["document", "kind", "total", *STATES], rows


def read(ask: Ask) -> Graph:
    """Everything that coverage needs of the graph."""
    graph = Graph(evidence.load(ask))
    for claim in graph.evidence.claims.values():
        for passage in claim.passages:
            graph.claims[passage] = (*graph.claims.get(passage, ()), claim.iri)
    for row in evidence.rows_of(ask, "coverage-set-asides"):
        graph.reasons[row["passage"]] = (*graph.reasons.get(row["passage"], ()), row["reason"])
    documents = {key: p.document for key, p in graph.evidence.paragraphs.items()}
    for row in evidence.rows_of(ask, "coverage-mentions"):
        pair = (row["mention"], row["thing"])
        graph.mentions[row["passage"]] = (*graph.mentions.get(row["passage"], ()), pair)
        forms = graph.printed.setdefault(documents[graph.evidence.passages[row["passage"]].paragraph], {})
        forms[row["form"]] = forms.get(row["form"], frozenset()) | {row["thing"]}
    for row in evidence.rows_of(ask, "coverage-names"):
        graph.names[row["name"]] = graph.names.get(row["name"], frozenset()) | {row["thing"]}
    steps: dict[str, set[str]] = {}
    for row in evidence.rows_of(ask, "coverage-links"):
        steps.setdefault(row["from"], set()).add(row["to"])
    graph.concerned = {claim: _reached(claim, steps) for claim in graph.evidence.claims}
    return graph


def _reached(claim: str, steps: dict[str, set[str]]) -> frozenset[str]:
    """The things that lie at most STEPS properties from a claim."""
    found: set[str] = set()
    edge = {claim}
    for _ in range(STEPS):
        edge = {to for node in edge for to in steps.get(node, ())} - found
        found |= edge
    return frozenset(found)


def items(graph: Graph, document: str, text: SourceText) -> list[Item]:
    """The items of the content paragraphs of one text, in order."""
    namer = Namer(_joined(graph.names, graph.printed.get(document, {})))
    found: list[Item] = []
    content = [p for p in graph.evidence.paragraphs.values() if p.document == document and p.role not in FURNITURE]
    for paragraph in sorted(content, key=lambda p: p.start):
        marks = _marks(graph, paragraph, text)
        words = text.text[paragraph.start : paragraph.end]
        where = (local(document), paragraph.number)
        for start, end in _moved(sentences(words), paragraph.start):
            found.append(_item("sentence", where, start, end, _sentence(marks, text, start, end), "", CLOSE_SENTENCE))
        for start, end in _moved(figures(words), paragraph.start):
            printed = text.text[start:end]
            found.append(_item("figure", where, start, end, _figure(marks, start, end), printed, CLOSE_FIGURE))
        for name in namer.names(words):
            start, end = paragraph.start + name.start, paragraph.start + name.end
            state = _name(graph, marks, name.things, start, end)
            close = _close_name(marks, name.things, start, end)
            found.append(_item("name", where, start, end, state, text.text[start:end], close))
    return found


def _item(
    kind: str, where: tuple[str, int], start: int, end: int, state: tuple[str, tuple[str, ...]], words: str, close: str
) -> Item:
    """An item, with what closes it where it is open."""
    return Item(kind, *where, start, end, *state, words, close if state[0] == "open" else "")


def _close_name(marks: list[Marked], things: frozenset[str], start: int, end: int) -> str:
    """What to do about a name that nothing carries."""
    beside = sorted({local(claim) for mark in _around(marks, start, end) for claim in mark.claims})
    named = " or ".join(map(terms.compact, sorted(things)))
    if not beside:
        return CLOSE_NAME.format(things=named)
    return CLOSE_NAME_BESIDE.format(claims=" or ".join(f"claim:{claim}" for claim in beside), things=named)


def _joined(one: dict[str, frozenset[str]], other: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    return {name: one.get(name, frozenset()) | other.get(name, frozenset()) for name in [*one, *other]}


def _moved(spans: list[Span], offset: int) -> list[Span]:
    return [(start + offset, end + offset) for start, end in spans]


def figures(words: str) -> list[Span]:
    """Where the numbers of a paragraph stand: in digits, in words, ordinals, and digits inside names."""
    found = [(match.start(), match.end()) for match in phrases.NUMBER.finditer(words)]
    rest = [(match.start(), match.end()) for match in DIGITS.finditer(words)]
    found += [(s, e) for s, e in rest if not any(start < e and s < end for start, end in found)]
    return sorted(found)


def _marks(graph: Graph, paragraph: ParagraphRecord, text: SourceText) -> list[Marked]:
    """The passages of a paragraph, with the places of their printed forms."""
    return [
        Marked(
            passage.start,
            passage.end,
            tuple(_places(text.text, passage.start, passage.end, passage.forms)),
            graph.claims.get(passage.iri, ()),
            graph.reasons.get(passage.iri, ()),
            graph.mentions.get(passage.iri, ()),
        )
        for passage in graph.evidence.passages.values()
        if passage.paragraph == paragraph.iri
    ]


def _places(text: str, start: int, end: int, forms: tuple[str, ...]) -> Iterator[Span]:
    for form in forms:
        for match in re.finditer(f"(?={re.escape(form)})", text[start:end]):
            yield start + match.start(), start + match.start() + len(form)


def _inside(start: int, end: int, spans: tuple[Span, ...]) -> bool:
    return any(first <= start and end <= last for first, last in spans)


def _state(carried: list[str], declared: list[str]) -> tuple[str, tuple[str, ...]]:
    """Carried goes before declared, declared before open."""
    if carried:
        return "carried", tuple(sorted(set(carried)))
    return ("declared", tuple(sorted(set(declared)))) if declared else ("open", ())


def _sentence(marks: list[Marked], text: SourceText, start: int, end: int) -> tuple[str, tuple[str, ...]]:
    carried = [c for mark in marks if any(start <= s and e <= end for s, e in mark.forms) for c in mark.claims]
    aside = [mark for mark in marks if mark.reasons and mark.start < end and start < mark.end]
    letters = [i for i in range(start, end) if text.text[i].isalnum()]
    covered = sum(any(mark.start <= i < mark.end for mark in aside) for i in letters)
    enough = bool(aside) and covered >= MOST * len(letters)
    return _state(carried, [reason for mark in aside for reason in mark.reasons] if enough else [])


def _figure(marks: list[Marked], start: int, end: int) -> tuple[str, tuple[str, ...]]:
    here = [mark for mark in marks if _inside(start, end, mark.forms)]
    return _state([c for mark in here for c in mark.claims], [r for mark in here for r in mark.reasons])


def _around(marks: list[Marked], start: int, end: int) -> list[Marked]:
    """The passages that hold a name, or of which a printed form is a part of it."""
    return [m for m in marks if (m.start <= start and end <= m.end) or any(start <= s and e <= end for s, e in m.forms)]


def _name(
    graph: Graph, marks: list[Marked], things: frozenset[str], start: int, end: int
) -> tuple[str, tuple[str, ...]]:
    """A long title is carried by a passage around it, or by one whose printed form is a part of it."""
    here = _around(marks, start, end)
    carried = [c for mark in here for c in mark.claims if things & graph.concerned[c]]
    carried += [mention for mark in here for mention, thing in mark.mentions if thing in things]
    return _state(carried, [reason for mark in here for reason in mark.reasons])
