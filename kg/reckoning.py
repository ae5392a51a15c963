"""Sums and differences of the figures of claims, by interval arithmetic, with the evidence of each claim.

What cannot be reckoned together is refused with the reason: other units, indicators or days, sets that overlap or
that a comparison holds for one, a target beside a result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg import conflicts, intervals, why
from kg.comparable import Figure, Matter, Statement
from kg.conflicts import Comparisons
from kg.engine import Ask
from kg.errors import InputError, UsageError
from kg.intervals import Amount, End, Unlike

EVIDENCE = ("printed", "asOf", "saidBy", "source", "published", "where")
COLUMNS = ("role", "interval", "basis", "unit", "indicator", "of", "compared", *EVIDENCE, "claim")
"""Columns of an answer: what is reckoned in the first row, then a row for each claim."""
SUM, DIFFERENCE = "sum", "difference"
ROLES = {SUM: ("sum", "part", "part"), DIFFERENCE: ("difference", "whole or later", "part or earlier")}
"""What a row is: the result, the first claim, each further claim."""


def reckoned(ask: Ask, operation: str, names: Sequence[str]) -> list[list[str]]:
    """The result of SUM or DIFFERENCE over the claims of these names, and the claims, as rows of COLUMNS.

    Raises UsageError when there are too few claims or too many, InputError when a claim has no figure or the figures
    cannot be reckoned together, and what `why.resolve` raises.
    """
    if len(names) < 2 or (operation == DIFFERENCE and len(names) > 2):
        raise UsageError(
            f"a {operation} of {len(names)} claims cannot be reckoned",
            hint="name two claims or more" if operation == SUM else "name two claims: the whole and the part",
        )
    claims = [why.resolve(ask, name) for name in names]
    known = conflicts.load(ask)
    figures = [_figure(known.matter, claim) for claim in claims]
    _refuse_other_kinds([known.matter.statements[claim] for claim in claims])
    if operation == SUM:
        _refuse_one_matter(known, claims)
    amounts = [_in_words(known.matter, figure.amount) for figure in figures]
    try:
        interval = intervals.total(amounts) if operation == SUM else intervals.difference(*amounts)
    except Unlike as error:
        raise InputError(
            f"no {operation} can be reckoned: {error}", hint="`kg why CLAIM` shows what it counts"
        ) from None
    first, *_ = amounts
    result = [str(interval), _basis(interval.lower, interval.upper), first.unit, first.indicator]
    whole = [ROLES[operation][0], *result, "", _compared(known, claims), *[""] * len(EVIDENCE), ""]
    return [
        whole,
        *(
            _row(known, ROLES[operation][min(i, 1) + 1], c, a)
            for i, (c, a) in enumerate(zip(claims, amounts, strict=True))
        ),
    ]


def _row(known: Comparisons, role: str, claim: str, amount: Amount) -> list[str]:
    interval = amount.interval
    head = [role, str(interval), _basis(interval.lower, interval.upper), amount.unit, amount.indicator, amount.of]
    return [*head, "", *(known.sides[claim][column] for column in EVIDENCE), claim]


def _basis(lower: End, upper: End) -> str:
    """How the ends are known, lower and upper, as in the answers; an unbounded end is open."""
    ends = [end.basis if end.value is not None else "open" for end in (lower, upper)]
    return "; ".join(dict.fromkeys(ends))


def _figure(matter: Matter, claim: str) -> Figure:
    """The figure of a claim. Raises InputError when it has none."""
    statement = matter.statements.get(claim)
    if statement is None or statement.figure is None:
        raise InputError(
            f"{why.short(claim)} has no figure to reckon with", hint="`kg query figures` lists the claims with figures"
        )
    return statement.figure


def _in_words(matter: Matter, amount: Amount) -> Amount:
    """The amount with things by their labels, as a reason names them."""
    larger = frozenset(map(matter.label, amount.larger))
    return replace(amount, indicator=matter.label(amount.indicator), of=matter.label(amount.of), larger=larger)


def _refuse_other_kinds(statements: Sequence[Statement]) -> None:
    """Raise InputError unless all are of one kind: what is aimed at is no result, and a change no level."""
    kinds = sorted({statement.kind for statement in statements})
    if len(kinds) > 1:
        named = " and ".join(f"{'an' if kind[0] in 'AEIOU' else 'a'} {kind}" for kind in kinds)
        raise InputError(
            f"{named} cannot be reckoned together", hint="what is aimed at is no result, a change no level"
        )
    rounded = [statement for statement in statements if statement.headline and statement.rounds]
    if rounded:
        raise InputError(
            f"{why.short(rounded[0].iri)} is a headline that rounds a figure",
            hint=f"take {why.short(rounded[0].rounds)}",
        )


def _refuse_one_matter(known: Comparisons, claims: Sequence[str]) -> None:
    """Raise InputError when a comparison is of claims all of which are to be added: they may count the same members."""
    for comparison in known.every:
        if len(comparison.claims) > 1 and set(comparison.claims) <= set(claims):
            reason = comparison.label if comparison.curated else comparison.grounds
            raise InputError(f"the claims may count the same members: {reason}", hint="`kg conflicts` lists both sides")


def _compared(known: Comparisons, claims: Sequence[str]) -> str:
    """The comparisons that people made of all these claims with another, such as the whole that the parts make."""
    wider = [c for c in known.every if c.curated and set(claims) < c.goes_back_to.union(c.claims)]
    return "; ".join(comparison.label for comparison in wider)
