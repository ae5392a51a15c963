"""Why the graph says so: the whole chain from a claim to the span of a text, its speaker, and the claims beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg import evidence, proof, terms, units, wording
from kg.engine import Ask, Row
from kg.errors import InputError, TextProblem, UnknownName, nearest
from kg.proof import Proof, Prover, Triple
from kg.sentences import sentences
from kg.terms import local
from kg.texts import SourceText, digest

PARTS = ("figures", "times", "statements", "passages", "documents", "voices", "comparisons", "related")
"""The queries why-….rq that make up a chain; all take the claim as their parameter."""


@dataclass(frozen=True, slots=True)
class Chain:
    """All that stands behind one claim, as rows of text by part."""

    claim: str
    label: str
    kind: str
    notes: tuple[str, ...]
    parts: dict[str, list[Row]]

    @property
    def name(self) -> str:
        """The compact name of the claim."""
        return short(self.claim)

    def data(self) -> dict[str, object]:
        """The chain as plain data, for JSON: what is not known is left out, forms are lists."""
        known: dict[str, object] = {
            part: [{key: value for key, value in row.items() if value} for row in rows]
            for part, rows in self.parts.items()
        }
        known["passages"] = [{**dict(pairs), "forms": list(forms)} for pairs, forms in passages(self)]
        head = {"claim": self.claim, "name": self.name, "label": self.label, "class": self.kind}
        return {**head, "notes": list(self.notes), **known}


def chain(ask: Ask, claim: str) -> Chain:
    """The chain of the claim with this name: an IRI, a compact name, or an ending that only one claim has.

    Raises UnknownName or InputError as `resolve` does.
    """
    iri = resolve(ask, claim)
    kinds = evidence.rows_of(ask, "why-kind", {"claim": iri})
    parts = {part: evidence.rows_of(ask, f"why-{part}", {"claim": iri}) for part in PARTS}
    for figure in parts["figures"]:
        figure["unitLabel"] = figure["unitLabel"] or units.IN_WORDS.get(local(figure["unit"]), local(figure["unit"]))
    notes = tuple(dict.fromkeys(row["note"] for row in kinds if row["note"]))
    return Chain(iri, kinds[0]["label"], ", ".join(dict.fromkeys(row["kind"] for row in kinds)), notes, parts)


def resolve(ask: Ask, name: str) -> str:
    """The IRI of the claim meant. Raises UnknownName with the nearest names, InputError when it is ambiguous."""
    known = {short(row["claim"]): row["claim"] for row in evidence.rows_of(ask, "why-names")}
    wanted = short(terms.expand(name)).removeprefix("claim/").strip("/")
    if wanted in known:
        return known[wanted]
    ends = sorted(full for full in known if full.endswith("/" + wanted))
    if not ends and wanted:
        ends = sorted(full for full in known if full.endswith(wanted))
    if len(ends) == 1:
        return known[ends[0]]
    if ends and wanted:
        raise InputError(f"{name!r} is the ending of {len(ends)} claims", hint="name one: " + ", ".join(ends))
    raise UnknownName(f"there is no claim {name!r}", hint=_nearest(wanted, sorted(known)))


def short(iri: str) -> str:
    """The name of a claim without the part that all claims share.

    >>> short("https://w3id.org/icr/id/claim/scio-2020-04-23/leading-51-count")
    'scio-2020-04-23/leading-51-count'
    """
    return iri.removeprefix(terms.CLAIMS).removeprefix("claim:")


def _nearest(wanted: str, known: list[str]) -> str:
    """Names that are like the one asked for, by the whole or by the last part."""
    hint = nearest(wanted, known)
    if hint.startswith("did you mean"):
        return hint
    ends: dict[str, str] = {}
    for full in known:
        ends.setdefault(full.rpartition("/")[2], full)
    hint = nearest(wanted.rpartition("/")[2], sorted(ends))
    if not hint.startswith("did you mean"):
        return "a claim is named DOCUMENT/WORDS, such as scio-2020-04-23/leading-51-count"
    found = hint.removeprefix("did you mean ").removesuffix("?").split(", ")
    return "did you mean " + ", ".join(ends[end] for end in found) + "?"


def named(ask: Ask, subject: str, predicate: str, object_: str) -> Triple:
    """The triple of the graph that three names mean. Raises UnknownName when the graph has none."""
    triple = proof.find(ask, subject, predicate, object_)
    if triple is None:
        raise UnknownName(
            f"the triple {' '.join((subject, predicate, object_))} is not in the graph",
            hint="write compact names, such as id-org:miit org:unitOf",
        )
    return triple


def behind(ask: Ask, triple: Triple) -> tuple[list[str], str]:
    """The claims behind a plain triple, and how they stand to it: "stated" or "follows"."""
    if not triple[2].startswith("<"):
        return [], ""  # claims state relations between things
    names = dict(zip(("subject", "predicate", "object"), (term[1:-1] for term in triple), strict=True))
    rows = evidence.rows_of(ask, "why-relation", names)
    stated = [row["claim"] for row in rows if row["how"] == "stated"]
    return (stated, "stated") if stated else ([row["claim"] for row in rows], "follows")


def inferred(ask: Ask, triple: Triple) -> Proof:
    """The proof of a triple behind which no claim stands. Raises UnknownName when it is not inferred."""
    found = Prover(ask).prove(triple)
    if found is None or not found.rule:
        raise UnknownName(
            f"no claim stands behind the triple {' '.join(wording.compact(term) for term in triple)}",
            at=", ".join(sorted(terms.compact(graph) for graph in proof.graphs(ask, triple))),
            hint="it is part of the model" if found else "no rule of queries/explain leads to it",
        )
    return found


def passages(of: Chain) -> list[tuple[Row, tuple[str, ...]]]:
    """The passages of a chain, each with its printed forms."""
    found: dict[str, tuple[Row, list[str]]] = {}
    for row in of.parts["passages"]:
        facts = {key: value for key, value in row.items() if key != "form"}
        found.setdefault(row["passage"], (facts, []))[1].append(row["form"])
    return [(facts, tuple(forms)) for facts, forms in found.values()]


def marked(passage: Row, folder: Path) -> str:
    """The sentence or sentences of a passage, with the span between >> and <<.

    For the eyes of somebody who holds the text. Raises TextProblem when the text has other words there.
    """
    text = SourceText.read(folder, local(passage["document"]), file=folder / passage["file"])
    start, end = int(passage["start"]), int(passage["end"])
    if digest(text.text[start:end]) != passage["sha256"]:
        raise TextProblem(
            f"{text.file} has other words at {start}–{end} than those that the claim rests on",
            at=str(folder / passage["file"]),
            hint="`kg verify --texts DIR` finds passages that have moved",
        )
    paragraph = next(p for p in text.paragraphs() if p.start <= start < p.end)
    spans = sentences(text.text[paragraph.start : paragraph.end])
    here = [(s + paragraph.start, e + paragraph.start) for s, e in spans]
    first = min((s for s, e in here if e > start), default=paragraph.start)
    last = max((e for s, e in here if s < end), default=paragraph.end)
    first, last = min(first, start), max(last, end)
    return f"{text.text[first:start]}>>{text.text[start:end]}<<{text.text[end:last]}"
