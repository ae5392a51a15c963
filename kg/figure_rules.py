"""Rules for figures: headlines, one thing twice, series, shares of nested sets, sums, and sets in the same place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations, product

from kg import intervals
from kg.comparable import Figure, Matter, Statement, independent
from kg.intervals import SHARES, Days, Relation, Unlike
from kg.proposals import Proposal, before, days_words, described, measurements, one_measure, proposal, sourced
from kg.terms import local

NEAR = Decimal("0.9")
"""Two numbers are near when the smaller is at least this share of the larger: the convention for "nearly"."""
MOST_PARTS = 4
"""More parts than these are not tried as a sum: chance would add up."""


def headlines(matter: Matter) -> Iterator[Proposal]:
    """A headline's figure with the figure of the body that it rounds: the one said to be, or the only one that fits."""
    for statement in matter.statements.values():
        if not (statement.headline and statement.figure):
            continue
        body = matter.statements.get(statement.rounds)
        bodies = [body] if body else _rounded(statement, statement.figure, matter)
        if len(bodies) == 1 and (figure := bodies[0].figure):
            grounds = (
                f"One article: the headline prints {described(matter, statement.figure)}, the body "
                f"{described(matter, figure)}; it is no second data point."
            )
            yield proposal([statement, bodies[0]], "refines", "headline", grounds)


def _rounded(headline: Statement, figure: Figure, matter: Matter) -> list[Statement]:
    """The figures of the same document's body that a headline's figure allows."""
    return [
        other
        for other, found in measurements(matter)
        if other.document == headline.document
        and one_measure(figure, found)
        and figure.amount.overlaps(found.amount)
        and not figure.amount.when.apart(found.amount.when)
        and figure.amount.interval.relation(found.amount.interval) is not Relation.DISJOINT
    ]


def same_thing(matter: Matter) -> Iterator[Proposal]:
    """Two figures of one thing that may be of one day."""
    for (one, here), (other, there) in combinations(measurements(matter), 2):
        if here.amount.of != there.amount.of or not one_measure(here, there):
            continue
        if here.amount.when.apart(there.amount.when):
            continue
        result, reason = _stand(one, here, other, there)
        words = _of_whom(matter, here.amount.indicator, here.amount.of)
        grounds = f"{words}: {sourced(matter, one)} and {sourced(matter, other)}."
        yield proposal([one, other], result, reason, grounds)


def _of_whom(matter: Matter, indicator: str, population: str) -> str:
    return f"{matter.label(indicator)} of {matter.label(population)}"


def _stand(one: Statement, here: Figure, other: Statement, there: Figure) -> tuple[str, str]:
    """Result and reason for two figures of one thing whose days are not known to differ."""
    relation = here.amount.interval.relation(there.amount.interval)
    if relation is not Relation.DISJOINT:
        return _compatible(relation)
    if here.amount.when != there.amount.when or not here.amount.when.known:
        return "unresolved", "date-open"
    later = one.issued != other.issued
    return ("contradicts", "true-conflict") if independent((one, other)) or not later else ("supersedes", "revised")


def _compatible(relation: Relation) -> tuple[str, str]:
    if relation is Relation.EQUAL:
        return "agrees", "same-figure"
    return ("agrees" if relation is Relation.OVERLAPPING else "refines"), "compatible-hedge"


def _series(matter: Matter) -> dict[tuple[str, str, str], list[tuple[Statement, Figure]]]:
    """The dated measurements by indicator, unit and the set that they speak for."""
    found: dict[tuple[str, str, str], list[tuple[Statement, Figure]]] = defaultdict(list)
    for statement, figure in measurements(matter):
        if figure.amount.when.known:
            key = figure.amount.indicator, figure.amount.unit, matter.observed(figure.amount.of)
            found[key].append((statement, figure))
    return found


def later_dates(matter: Matter) -> Iterator[Proposal]:
    """Measures of one set, or of a sample of it, on days of which at least two lie apart."""
    for (_, _, population), every in _series(matter).items():
        for members in _by_kind(every):
            if not any(a.amount.when.apart(b.amount.when) for (_, a), (_, b) in combinations(members, 2)):
                continue
            members.sort(key=lambda pair: (pair[1].amount.when.latest, pair[0].iri))
            grounds = f"{_of_whom(matter, members[0][1].amount.indicator, population)}: " + ", ".join(
                f"{figure.printed} {days_words(figure.amount.when)}" for _, figure in members
            )
            sampled = sorted({f.amount.of for _, f in members} - {population})
            for part in sampled:
                grounds += f"; {matter.label(part)} are a sample of {matter.label(population)}"
            yield proposal((s for s, _ in members), "differs-in-date", "later-date", grounds + ".")


def _by_kind(members: list[tuple[Statement, Figure]]) -> list[list[tuple[Statement, Figure]]]:
    """Those of one product, industry and place together."""
    found: dict[tuple[frozenset[str], ...], list[tuple[Statement, Figure]]] = defaultdict(list)
    for statement, figure in members:
        found[figure.products, figure.industries, figure.places].append((statement, figure))
    return list(found.values())


def different_populations(matter: Matter) -> Iterator[Proposal]:
    """Shares of a set and of a part of it; of two series, the two that lie nearest in time."""
    series = _series(matter)
    for (one, here), (other, there) in combinations(sorted(series.items()), 2):
        nested = one[2] in matter.larger.get(other[2], ()) or other[2] in matter.larger.get(one[2], ())
        if one[:2] != other[:2] or one[1] not in SHARES or not nested:
            continue
        pairs = [(a, b) for a, b in product(here, there) if one_measure(a[1], b[1])]
        if pairs:
            (s, f), (t, g) = min(pairs, key=lambda p: (_gap(p[0][1].amount.when, p[1][1].amount.when), p[0][0].iri))
            grounds = (
                f"{matter.label(f.amount.indicator)}: {described(matter, f)}, {described(matter, g)}: "
                "two populations, one inside the other."
            )
            yield proposal([s, t], "differs-in-definition", "different-population", grounds)


def _gap(one: Days, other: Days) -> int:
    """How many days lie between two times, by the end of each."""
    first, second = (date.fromisoformat(days.latest or days.earliest) for days in (one, other))
    return abs((first - second).days)


def targets(matter: Matter) -> Iterator[Proposal]:
    """What was aimed at, with a later measure of the same, or of a set around or inside it."""
    aims = [(s, s.figure) for _, s in sorted(matter.statements.items()) if s.kind == "Target" and s.figure]
    for (aim, wanted), (result, reached) in product(aims, measurements(matter)):
        if one_measure(wanted, reached) and wanted.amount.overlaps(reached.amount) and not before(result, aim):
            grounds = f"{described(matter, wanted)} was aimed at; {described(matter, reached)} is reported."
            yield proposal([aim, result], "differs-in-date", "call-and-result", grounds)


# ---- sets in the same place of a chain ----


@dataclass(frozen=True, slots=True)
class Position:
    """Where a set stands: its role, for followers the category of its members, and beside whom."""

    role: str
    category: str
    beside: str


def _positions(matter: Matter) -> dict[str, set[Position]]:
    """The positions of each set in leaderships and chains."""
    found: dict[str, set[Position]] = defaultdict(set)
    for situation in matter.situations.values():
        if situation.kind == "Leadership":
            for leader, follower in product(situation.role("leader"), situation.role("follower")):
                found[leader].add(Position("leader", "", follower))
                found[follower].add(Position("follower", matter.categories.get(follower, ""), leader))
        elif situation.kind == "ChainParticipation":
            for party, role in product(situation.role("participant"), situation.role("chainRole")):
                found[party].add(Position(local(role), "", ""))
    return found


def _amounts(matter: Matter) -> list[tuple[Statement, Figure]]:
    """The measurements that can be added: counts, money and the like, not shares."""
    return [(s, f) for s, f in measurements(matter) if f.amount.unit not in SHARES]


def _alike(one: set[Position], other: set[Position]) -> bool:
    return bool({(p.role, p.category) for p in one} & {(p.role, p.category) for p in other})


def counterparts(matter: Matter) -> Iterator[Proposal]:
    """Counts, in two documents, of two sets in the same place: how near they are, or that they stand by one party."""
    positions, counts = _positions(matter), _amounts(matter)
    for (one, here), (other, there) in combinations(counts, 2):
        if one.document == other.document or here.amount.overlaps(there.amount) or not one_measure(here, there):
            continue
        if not _alike(positions[here.amount.of], positions[there.amount.of]):
            continue
        if _in_a_larger(here, counts, positions) or _in_a_larger(there, counts, positions):
            continue
        stand = _beside(here, there, positions)
        if stand:
            grounds = (
                f"{sourced(matter, one)} for {matter.label(here.amount.of)}, {sourced(matter, other)} for "
                f"{matter.label(there.amount.of)}: {stand[2]}; no source says whether the two sets are one."
            )
            yield proposal([one, other], stand[0], stand[1], grounds)


def _in_a_larger(figure: Figure, counts: list[tuple[Statement, Figure]], positions: dict[str, set[Position]]) -> bool:
    """Whether a set is a part of a counted set in the same place: then the whole is to be compared."""
    return any(
        f.amount.of in figure.amount.larger and _alike(positions[f.amount.of], positions[figure.amount.of])
        for _, f in counts
    )


def _beside(here: Figure, there: Figure, positions: dict[str, set[Position]]) -> tuple[str, str, str] | None:
    """Result, reason and words for counts of two sets in the same place; None when nothing ties them."""
    relation = here.amount.interval.relation(there.amount.interval)
    if relation is Relation.DISJOINT:
        if not {p for p in positions[here.amount.of] if p.beside} & positions[there.amount.of]:
            return None
        later = here.amount.when.apart(there.amount.when)
        stand = ("differs-in-date", "later-date") if later else ("unresolved", "open")
        return *stand, "both stand beside the same party"
    bounded = here.amount.interval.bounded and there.amount.interval.bounded
    if relation is Relation.EQUAL or bounded or _near(here.number, there.number):
        return *_compatible(relation), "both sets have the same place, and the wordings allow the same number"
    return None


def _near(one: Decimal, other: Decimal) -> bool:
    return min(one, other) >= NEAR * max(one, other)


def sums(matter: Matter) -> Iterator[Proposal]:
    """A count and, in one document, the counts of its parts or of the sets in its place, that add up to it."""
    positions, amounts = _positions(matter), _amounts(matter)
    documents = sorted({s.document for s, _ in amounts})
    for whole, figure in amounts:
        for document in documents:
            there = [(s, f) for s, f in amounts if s.document == document and s is not whole and one_measure(figure, f)]
            parts = [(s, f) for s, f in there if figure.amount.of in f.amount.larger]
            stated = bool(parts)
            if not stated and document != whole.document:
                parts = [(s, f) for s, f in there if _alike(positions[f.amount.of], positions[figure.amount.of])]
                parts = [(s, f) for s, f in parts if not _in_a_larger(f, parts, positions)]
            yield from _sum(matter, whole, figure, parts, stated=stated)


def _sum(
    matter: Matter, whole: Statement, figure: Figure, parts: list[tuple[Statement, Figure]], *, stated: bool
) -> Iterator[Proposal]:
    """The proposal for a whole and its parts, where they add up; parts that exceed the whole contradict it."""
    if not 1 <= len(parts) <= MOST_PARTS:
        return
    try:
        reckoned = intervals.total([f.amount for _, f in parts])
    except Unlike:
        return
    number = sum((f.number for _, f in parts), Decimal(0))
    words = " and ".join(f.printed for _, f in parts)
    everybody = [whole, *(s for s, _ in parts)]
    if len(parts) > 1 and reckoned.within(figure.amount.interval) and _near(number, figure.number):
        tie = "they are its parts" if stated else "the sets have the same place; no source says that they are one"
        grounds = f"{words} make {reckoned}, which {figure.printed} ({matter.label(figure.amount.of)}) allows; {tie}."
        yield proposal(everybody, "agrees", "sum-of-parts", grounds)
    elif stated and figure.amount.interval.below(reckoned):
        grounds = f"{words} make {reckoned}, more than the whole, {figure.printed}."
        yield proposal(everybody, "contradicts", "true-conflict", grounds)
