"""What the engine proposes: a comparison with its reason, and the words and questions that all rules share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from kg.comparable import Figure, Matter, Statement, independent
from kg.intervals import Days

REASONS = {
    "true-conflict": "one thing, one day, figures that exclude each other",
    "revised": "one body gave another figure for the same thing and day later on",
    "date-open": "figures that exclude each other, and the sources leave open whether the days differ",
    "open": "the same place beside the same party, with other figures or parties: the sources leave it open",
    "different-population": "shares of two sets, one inside the other",
    "different-event": "events of one kind and one actor with figures that exclude each other",
    "different-post": "two documents name one person by different posts",
    "two-documents": "documents of one issuer with like names and different dates",
    "call-and-result": "something asked for, pledged or aimed at, and what came of it",
    "later-date": "one measure of one set on different days",
    "headline": "a headline rounds, or leaves out, what the body gives in full",
    "sum-of-parts": "the parts add up to the whole",
    "compatible-hedge": "the wordings allow the same values",
    "same-figure": "the same figure for the same thing, or for two things in the same place",
    "like-event": "events of one kind and one actor with the same figure",
    "same-event": "the same event, post or measure",
    "posts-together": "one document names both posts of one person",
    "same-relation": "the same relation",
}
"""The reasons that the engine gives, with their meaning; those that people should look at first stand first."""
MATTERS = frozenset({"contradicts", "differs-in-definition", "supersedes", "unresolved"})
"""The results that a reader should know of without asking."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Claims on one matter, with the result that the engine would give."""

    claims: tuple[str, ...]
    result: str
    reason: str
    grounds: str

    def independent(self, matter: Matter) -> bool:
        """Whether the claims have independent origins."""
        return independent(matter.statements[claim] for claim in self.claims)


Rule = Callable[[Matter], Iterator[Proposal]]
"""Looks for one ground through all claims."""


def proposal(statements: Iterable[Statement], result: str, reason: str, grounds: str) -> Proposal:
    """The proposal for some claims, each once and sorted."""
    return Proposal(tuple(sorted({statement.iri for statement in statements})), result, reason, grounds)


def measurements(matter: Matter) -> list[tuple[Statement, Figure]]:
    """The measurements with a figure, but for headlines: theirs is no second data point and has a rule of its own."""
    return [
        (statement, statement.figure)
        for _, statement in sorted(matter.statements.items())
        if statement.figure and statement.kind == "Measurement" and not (statement.rounds or statement.headline)
    ]


def one_measure(one: Figure, other: Figure) -> bool:
    """Whether two figures have one indicator, unit, product and industry, and places that do not exclude each other."""
    measures = (
        (figure.amount.indicator, figure.amount.unit, figure.products, figure.industries) for figure in (one, other)
    )
    return len(set(measures)) == 1 and (one.places == other.places or not (one.places and other.places))


def before(one: Statement, other: Statement) -> bool:
    """Whether a claim is over before another was made; where no day is given, the day of print counts."""
    return (one.when.latest or one.issued) < other.issued


# ---- words ----


def described(matter: Matter, figure: Figure) -> str:
    """A figure as printed, of whom and when."""
    return f"{figure.printed} of {matter.label(figure.amount.of)} {days_words(figure.amount.when)}".rstrip()


def sourced(matter: Matter, statement: Statement) -> str:
    """The figure of a claim as printed, from which document and of when."""
    assert statement.figure is not None
    when = days_words(statement.figure.amount.when)
    return f"{statement.figure.printed} ({matter.label(statement.document)}{', ' + when if when else ''})"


def days_words(days: Days) -> str:
    """Days in words.

    >>> days_words(Days("2020-03-05", "2020-03-05")), days_words(Days("", "2020-03-05")), days_words(Days())
    ('on 2020-03-05', 'up to 2020-03-05', '')
    """
    if days.earliest and days.latest:
        return f"on {days.latest}" if days.earliest == days.latest else f"from {days.earliest} to {days.latest}"
    return f"up to {days.latest}" if days.latest else f"from {days.earliest} on" if days.earliest else ""
