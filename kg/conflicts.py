"""The comparisons that people made and those that the engine proposes, with the sides that stand behind each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg import comparable, comparing, vocabulary
from kg.comparable import Matter, Statement
from kg.engine import Ask, Row
from kg.errors import UsageError, nearest
from kg.evidence import rows_of
from kg.proposals import MATTERS, REASONS, Proposal
from kg.terms import local

COLUMNS = (
    "comparison",
    "status",
    "result",
    "reason",
    "grounds",
    "origins",
    "side",
    "behind",
    "says",
    "printed",
    "asOf",
    "saidBy",
    "source",
    "published",
    "where",
    "claim",
)
OF_THE_WHOLE = 6
"""The first columns, which are alike in all rows of one comparison."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Claims on one matter and how they stand to each other."""

    label: str
    curated: bool
    result: str
    reason: str
    grounds: str
    independent: bool
    claims: tuple[str, ...]
    goes_back_to: frozenset[str]
    """The claims, and in place of computed ones those that they were computed from."""
    iri: str = ""
    """Of a curated one."""
    reservation: str = ""
    """Why a person concludes otherwise than the engine."""


@dataclass(frozen=True)
class Comparisons:
    """All comparisons, with what is needed to show them."""

    matter: Matter
    every: list[Comparison]
    sides: dict[str, Row]
    sources: dict[str, frozenset[str]]

    def rows(self, chosen: Iterable[Comparison]) -> list[list[str]]:
        """A row for each claim of each comparison, in the order of COLUMNS; claims on one side stand together."""
        return [row for comparison in chosen for row in self._rows(comparison)]

    def _rows(self, comparison: Comparison) -> list[list[str]]:
        head = [
            comparison.label,
            "curated" if comparison.curated else "proposed",
            comparison.result,
            comparison.reason,
            comparison.grounds,
            "independent" if comparison.independent else "one",
        ]
        rows = []
        for number, side in enumerate(self._sides(comparison), 1):
            behind = comparable.origin_count(s for claim in side for s in self._statements(claim))
            for claim in side:
                shown = self.sides[claim]
                facts = [shown[key] for key in ("label", "printed", "asOf", "saidBy", "source", "published", "where")]
                rows.append([*head, str(number), str(behind), *facts, claim])
        return rows

    def _sides(self, comparison: Comparison) -> list[list[str]]:
        """The claims of a comparison, those that say the same together."""
        found: dict[object, list[str]] = {}
        for claim in comparison.claims:
            statement = self.matter.statements.get(claim)
            found.setdefault(_content(statement) if statement else claim, []).append(claim)
        return list(found.values())

    def _statements(self, claim: str) -> list[Statement]:
        """The claim itself, or those that it was computed from."""
        return [
            self.matter.statements[c] for c in sorted(self.sources.get(claim, {claim})) if c in self.matter.statements
        ]


def _content(statement: Statement) -> object:
    """What a claim says, so that claims that say the same are on one side."""
    if statement.figure:
        amount = statement.figure.amount
        return amount.indicator, amount.of, amount.interval, amount.when
    return statement.situation or statement.relation or statement.iri


def load(ask: Ask) -> Comparisons:
    """The curated comparisons, then the proposals that nobody has judged yet.

    A proposal counts as judged when a curated comparison holds two of its claims.
    """
    matter = comparable.load(ask)
    proposed = comparing.propose(matter)
    rows = rows_of(ask, "curated-comparisons")
    sources = _sources(rows)
    concluded = curated(rows, proposed)
    unjudged = [p for p in proposed if not any(len(set(p.claims) & c.goes_back_to) > 1 for c in concluded)]
    proposals = [_unjudged(matter, proposal) for proposal in unjudged]
    sides: dict[str, Row] = {}
    for row in rows_of(ask, "conflict-sides"):
        sides.setdefault(row["claim"], row)
    return Comparisons(matter, [*concluded, *proposals], sides, sources)


def _sources(rows: list[Row]) -> dict[str, frozenset[str]]:
    """The claims from which each computed one was computed."""
    found: dict[str, frozenset[str]] = {}
    for row in rows:
        if row["source"]:
            found[row["claim"]] = found.get(row["claim"], frozenset()) | {row["source"]}
    return found


def curated(rows: list[Row], proposed: Sequence[Proposal] = ()) -> list[Comparison]:
    """What people concluded, from the rows of curated-comparisons; the reason is the engine's where it agrees."""
    found, sources = [], _sources(rows)
    for iri in dict.fromkeys(row["comparison"] for row in rows):
        own = [row for row in rows if row["comparison"] == iri]
        claims = tuple(dict.fromkeys(row["claim"] for row in own))
        behind = frozenset().union(*(sources.get(claim, frozenset({claim})) for claim in claims))
        first = own[0]
        result = local(first["result"])
        reason = next((p.reason for p in proposed if behind <= set(p.claims) and p.result == result), "")
        independent = first["independent"] == "true"
        notes = (iri, first["reservation"])
        found.append(
            Comparison(first["label"], True, result, reason, first["grounds"], independent, claims, behind, *notes)
        )
    return found


def _unjudged(matter: Matter, proposal: Proposal) -> Comparison:
    """A proposal as a comparison, labelled by what its claims are about."""
    statements = [matter.statements[claim] for claim in proposal.claims]
    label = " / ".join(dict.fromkeys(_subject(matter, statement) for statement in statements))
    apart, claims = proposal.independent(matter), proposal.claims
    reasons = (proposal.result, proposal.reason, proposal.grounds)
    return Comparison(label, False, *reasons, apart, claims, frozenset(claims))


def _subject(matter: Matter, statement: Statement) -> str:
    """What a claim is about, in words."""
    if statement.figure:
        return f"{matter.label(statement.figure.amount.indicator)}, {matter.label(statement.figure.amount.of)}"
    return matter.label(statement.situation) if statement.situation else statement.label


# ---- choosing ----


def choose(
    ask: Ask, found: Comparisons, about: str | None = None, reason: str | None = None, *, everything: bool = False
) -> list[Comparison]:
    """The comparisons asked for: curated ones, and of the proposals those that matter, or all.

    `about` is the IRI of a thing. What has the reason or result asked for is shown whatever it is. Raises UsageError
    for an unknown reason.
    """
    chosen = found.every
    if reason is not None:
        known = [*REASONS, *vocabulary.concepts("comparison-result")]
        if reason not in known:
            raise UsageError(f"there is no reason {reason!r}", hint=nearest(reason, known))
        chosen = [c for c in chosen if reason in {c.reason, c.result}]
    elif not everything:
        chosen = [c for c in chosen if c.curated or c.result in MATTERS]
    if about is not None:
        claims = {row["claim"] for row in rows_of(ask, "claims-about", {"thing": about})}
        chosen = [c for c in chosen if c.goes_back_to.union(c.claims) & claims]
    return chosen
