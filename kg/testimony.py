"""How much evidence the rows of an answer carry: none, short as the query gives it, or all that stands behind a claim.

Rows are never added or left out: columns are, after the query has run.
"""

from __future__ import annotations

from functools import cache

from pyoxigraph import Literal, NamedNode

from kg import engine, evidence
from kg.engine import Answer, Ask, Engine, Row
from kg.errors import InputError, UsageError, nearest
from kg.store import Term, table

LEVELS = ("none", "short", "full")
SHORT = ("saidBy", "source", "published", "where", "printed", "claim")
"""The columns with which the queries end whose rows rest on claims."""
FULL = ("documentTitle", "outlet", "passages", "digests", "speaker", "inPost", "spokenFor", "onOccasion", "comparisons")
"""What full evidence adds: the document, its passages in order, who speaks, other claims; no query has such columns."""
BETWEEN = " | "
"""What stands between several values of a cell."""


def with_evidence(session: Engine, answer: Answer, level: str, known_by: str = "") -> Answer:
    """The answer with the evidence columns of one of LEVELS, the same rows in the same order.

    With `known_by`, a day, comparisons with what came out later are left out. Raises UsageError for another level,
    InputError for full evidence of an answer whose rows rest on no claim.
    """
    if level not in LEVELS:
        raise UsageError(f"there is no evidence {level!r}", hint=nearest(level, list(LEVELS)))
    if level == "short":
        return answer
    names, rows = answer.rows()
    if level == "none":
        kept = [i for i, name in enumerate(names) if name not in SHORT or "claim" not in names]
        return table([names[i] for i in kept], [[row[i] for i in kept] for row in rows])
    if "claim" not in names:
        raise InputError("the rows of this answer rest on no claim", hint="leave --evidence out, or write short")

    @cache
    def behind(claim: str) -> list[Term | None]:
        return [Literal(text) if text else None for text in full(engine.asking(session), claim, known_by)]

    position = names.index("claim")
    return table([*names, *FULL], [[*row, *behind(_iri(row[position]))] for row in rows])


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def full(ask: Ask, claim: str, known_by: str = "") -> list[str]:
    """What stands behind a claim, by the columns of FULL, and had been published by a day."""
    documents, passages, voices, comparisons = (
        evidence.rows_of(ask, f"why-{part}", {"claim": claim})
        for part in ("documents", "passages", "voices", "comparisons")
    )
    places = [f"¶{row['paragraph']} {row['start']}–{row['end']}" for row in passages]
    known = [row for row in comparisons if not known_by or row["knownFrom"] <= known_by]
    return [
        _joined(documents, "title"),
        _joined(documents, "publisher"),
        BETWEEN.join(dict.fromkeys(places)),
        _joined(passages, "sha256"),
        *(_joined(voices, column) for column in ("speaker", "post", "body", "occasion")),
        BETWEEN.join(dict.fromkeys(f"{row['result']}: {row['label']}" for row in known)),
    ]


def _joined(rows: list[Row], column: str) -> str:
    return BETWEEN.join(dict.fromkeys(row[column] for row in rows if row[column]))
