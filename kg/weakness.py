"""Which link of a chain is the weakest, by one rule: what a claim is, how vague its figure, whose voice, how old."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from kg.terms import local

RULE = (
    "of the steps and results shown, the first in this order: only planned, only implied, a vague figure (an open end, "
    "then the width against its size, then ends set by convention), one outlet's own voice, the older source, the "
    "place in the tree; a step is as strong as the best of its claims"
)
"""The rule as answers print it."""

PLANNED = {"Pledge", "Request", "Target"}
"""Classes of claims that speak of what is still to be done."""
NOT_IN_WORDS = {"computed", "implied"}
"""Assertion statuses of what no source says in so many words."""


class Grade(IntEnum):
    """How a claim is weak, from the weakest on."""

    PLANNED = 0
    IMPLIED = 1
    VAGUE = 2
    OUTLET = 3
    SAID = 4


@dataclass(frozen=True, slots=True)
class WeighedClaim:
    """What one claim says, what it rests on, and what decides how strong it is."""

    claim: str
    says: str
    kind: str
    """Local name of its class, such as Measurement."""
    status: str
    voice: str
    """Local name of the attribution, such as outlet."""
    value: Decimal | None
    lower: Decimal | None
    upper: Decimal | None
    conventional: bool
    """Whether an end of the figure is set by the project's convention."""
    said_by: str
    source: str
    published: str
    """Day of publication, ISO 8601."""
    where: str
    printed: str

    @classmethod
    def read(cls, row: dict[str, str]) -> WeighedClaim:
        """The evidence in a row of queries/walk/evidence.rq."""
        value, lower, upper = (Decimal(row[key]) if row[key] else None for key in ("value", "lower", "upper"))
        bases = {local(row["lowerBasis"]), local(row["upperBasis"])}
        return cls(
            row["claim"],
            row["says"],
            local(row["kind"]),
            local(row["status"]),
            local(row["voice"]),
            value,
            lower,
            upper,
            "conventional" in bases,
            *(row[key] for key in ("saidBy", "source", "published", "where", "printed")),
        )

    @property
    def open_end(self) -> bool:
        """Whether the claim has a figure of which an end is not known."""
        known = [bound for bound in (self.lower, self.upper) if bound is not None]
        return len(known) == 1 or (not known and self.value is not None)

    @property
    def width(self) -> Decimal:
        """The distance between the ends of the figure as a share of its size; 0 without two ends."""
        if self.lower is None or self.upper is None:
            return Decimal(0)
        return (self.upper - self.lower) / (self.size or 1)

    @property
    def size(self) -> Decimal:
        """The number without its sign, or the middle between the ends where there is no one number."""
        if self.value is None and self.lower is not None and self.upper is not None:
            return abs(self.lower + self.upper) / 2
        return abs(self.value or Decimal(0))


Key = tuple[Grade, bool, Decimal, bool, str]


def grade(claim: WeighedClaim, *, alone: bool = True) -> Grade:
    """In which way a claim is weak; `alone` says whether no other document states the same."""
    if claim.kind in PLANNED:
        return Grade.PLANNED
    if claim.status in NOT_IN_WORDS:
        return Grade.IMPLIED
    if claim.open_end or claim.width:
        return Grade.VAGUE
    return Grade.OUTLET if alone and claim.voice == "outlet" else Grade.SAID


def strongest(claims: tuple[WeighedClaim, ...]) -> tuple[Key, WeighedClaim]:
    """The best of the claims that carry one link, with its place in the order of the rule: the least is the weakest."""
    alone = len({claim.source for claim in claims}) == 1
    return max(((_key(claim, alone), claim) for claim in claims), key=lambda pair: pair[0])


def weakest(links: list[tuple[WeighedClaim, ...]]) -> int:
    """The number of the weakest of some links, each given by its claims; the first of equals."""
    return min(range(len(links)), key=lambda number: strongest(links[number])[0])


def _key(claim: WeighedClaim, alone: bool) -> Key:
    vague = not claim.open_end, -claim.width, not claim.conventional
    return grade(claim, alone=alone), *vague, claim.published


def reason(claims: tuple[WeighedClaim, ...]) -> str:
    """Why a link is weak, in words."""
    key, claim = strongest(claims)
    match key[0]:
        case Grade.PLANNED:
            return f"only planned: a {claim.kind.lower()}"
        case Grade.IMPLIED:
            return f"only {claim.status}: no text says it in so many words"
        case Grade.VAGUE:
            return f"a vague figure: {_vagueness(claim)}"
        case Grade.OUTLET:
            return f"only {claim.said_by} says it, in its own voice"
        case Grade.SAID:
            return f"no link is weak in kind, and this one rests on the oldest source, of {claim.published}"


def _vagueness(claim: WeighedClaim) -> str:
    basis = ", by this project's convention" if claim.conventional else ""
    if claim.open_end:
        side = "upper" if claim.upper is None else "lower"
        return f"“{claim.printed}” has no {side} end"
    if not claim.size:
        return f"“{claim.printed}” leaves {claim.width} around nought open{basis}"
    return f"“{claim.printed}” leaves {float(claim.width * 100):.3g} percent of its size open{basis}"
