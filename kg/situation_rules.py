"""Rules for what is reported: one event or relation twice, posts, policy documents, like events, calls and results."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations, product

from kg import label_words
from kg.comparable import Figure, Matter, Situation, Statement
from kg.intervals import Relation
from kg.proposals import Proposal, before, days_words, described, measurements, one_measure, proposal, sourced

RESULTS_OF_CALLS = frozenset({"Measurement", "SituationClaim"})
CALLS = frozenset({"Request", "Pledge", "Target"})
PARTIES = (
    "actor",
    "beneficiary",
    "chairedBy",
    "customer",
    "destination",
    "follower",
    "leader",
    "participant",
    "supplier",
)
"""Roles of those who take part; method, product and the like are too common to tie two situations."""
OWN_RULES = frozenset({"Tenure", "PolicyIssuance", "Policy", "PolicyMeasure", "Programme", "ChainParticipation"})
"""Kinds of situations that "like events" leaves to other rules, or that are no events."""


def _reported(matter: Matter) -> dict[str, list[Statement]]:
    """The claims on each situation: those that report it."""
    found: dict[str, list[Statement]] = defaultdict(list)
    for _, statement in sorted(matter.statements.items()):
        if statement.situation:
            found[statement.situation].append(statement)
    return found


def same_event(matter: Matter) -> Iterator[Proposal]:
    """One event, post or measure that two utterances report."""
    for situation, statements in _reported(matter).items():
        if _voices(statements) > 1:
            grounds = f"{len(statements)} claims report {matter.label(situation)}."
            yield proposal(statements, "agrees", "same-event", grounds)


def same_relation(matter: Matter) -> Iterator[Proposal]:
    """One relation that two utterances state."""
    found: dict[tuple[str, str, str], list[Statement]] = defaultdict(list)
    for statement in matter.statements.values():
        if statement.relation:
            found[statement.relation].append(statement)
    for (subject, predicate, object_), statements in found.items():
        if _voices(statements) > 1:
            grounds = f"{matter.label(subject)}: {matter.label(predicate)} {matter.label(object_)}."
            yield proposal(statements, "agrees", "same-relation", grounds)


def _voices(statements: list[Statement]) -> int:
    return len({utterance for statement in statements for utterance in statement.utterances})


def posts(matter: Matter) -> Iterator[Proposal]:
    """Posts of one person: named together by one document, or each by another."""
    held: dict[str, dict[str, list[Statement]]] = defaultdict(lambda: defaultdict(list))
    for situation, statements in _reported(matter).items():
        tenure = matter.situations.get(situation)
        if tenure and tenure.kind == "Tenure":
            for holder in tenure.role("holder"):
                for statement in statements:
                    held[holder][statement.document].append(statement)
    for holder, documents in held.items():
        for statements in documents.values():
            if len(_posts_of(statements, matter)) > 1:
                grounds = f"One document names {matter.label(holder)} by {_named(statements, matter)}."
                yield proposal(statements, "agrees", "posts-together", grounds)
        for one, other in combinations(documents.values(), 2):
            if not _posts_of(one, matter) & _posts_of(other, matter):
                grounds = (
                    f"{matter.label(holder)} is {_named(one, matter)} in one document and {_named(other, matter)} in "
                    "the other; neither says that the other post is not held."
                )
                yield proposal([*one, *other], "differs-in-definition", "different-post", grounds)


def _posts_of(statements: list[Statement], matter: Matter) -> frozenset[str]:
    return frozenset().union(*(matter.situations[s.situation].role("heldPost") for s in statements))


def _named(statements: list[Statement], matter: Matter) -> str:
    return " and ".join(sorted(matter.label(post) for post in _posts_of(statements, matter)))


def policy_documents(matter: Matter) -> Iterator[Proposal]:
    """Issues of policy documents of one issuer and with like names that different sources report."""
    reported = _reported(matter)
    issued = [s for s in matter.situations.values() if s.kind == "PolicyIssuance" and s.iri in reported]
    for one, other in combinations(sorted(issued, key=lambda s: s.iri), 2):
        texts = one.role("setOutIn"), other.role("setOutIn")
        if texts[0] & texts[1] or not one.role("actor") & other.role("actor"):
            continue
        if not _apart_in_documents(reported[one.iri], reported[other.iri]):
            continue
        words = _words(texts[0], matter) & _words(texts[1], matter)
        if words:
            apart = one.when.apart(other.when)
            grounds = (
                f"{_names(texts[0], matter)} ({days_words(one.when)}) and {_names(texts[1], matter)} "
                f"({days_words(other.when)}) are of one issuer and alike in name; "
                f"{'the dates set them apart' if apart else 'no source says whether they are one'}."
            )
            result, reason = ("differs-in-date", "two-documents") if apart else ("unresolved", "open")
            yield proposal([*reported[one.iri], *reported[other.iri]], result, reason, grounds)


def _words(things: frozenset[str], matter: Matter) -> frozenset[str]:
    return frozenset().union(*(label_words.key_words(matter.label(thing)) for thing in things))


def _names(things: frozenset[str], matter: Matter) -> str:
    return ", ".join(sorted(matter.label(thing) for thing in things))


def like_events(matter: Matter) -> Iterator[Proposal]:
    """Two situations of one kind, in different documents, that share a party and may be of one day.

    A party that takes part in nothing else of the kind is a ground by itself; one that is everywhere needs a figure.
    """
    reported, figures = _reported(matter), _figures_by_thing(matter)
    parties = frozenset().union(*(s.role(role) for s in matter.situations.values() for role in PARTIES))
    by_kind: dict[str, list[Situation]] = defaultdict(list)
    for situation in sorted(matter.situations.values(), key=lambda s: s.iri):
        if situation.kind not in OWN_RULES and situation.iri in reported:
            by_kind[situation.kind].append(situation)
    for alike in by_kind.values():
        involved = {s.iri: parties.intersection(_involved(s, reported[s.iri])) for s in alike}
        spread = Counter(thing for things in involved.values() for thing in things)
        for one, other in combinations(alike, 2):
            here, there = reported[one.iri], reported[other.iri]
            if one.when.apart(other.when) or not _apart_in_documents(here, there):
                continue
            shared = involved[one.iri] & involved[other.iri]
            if not shared:
                continue
            pairs = list(product(figures.get(one.iri, []), figures.get(other.iri, [])))
            only = sorted(thing for thing in shared if spread[thing] == 2)
            yield from _like(matter, [*here, *there], shared, only, pairs)


def _figures_by_thing(matter: Matter) -> dict[str, list[tuple[Statement, Figure]]]:
    found: dict[str, list[tuple[Statement, Figure]]] = defaultdict(list)
    for statement, figure in measurements(matter):
        found[figure.amount.of].append((statement, figure))
    return found


def _involved(situation: Situation, statements: list[Statement]) -> frozenset[str]:
    """Who and what takes part in a situation, or is named by the claims that report it."""
    return situation.all_parties().union(*(statement.about for statement in statements))


def _like(
    matter: Matter,
    statements: list[Statement],
    shared: frozenset[str],
    only: list[str],
    pairs: list[tuple[tuple[Statement, Figure], tuple[Statement, Figure]]],
) -> Iterator[Proposal]:
    """The proposal for two like situations, by their figures or by the party that only they have."""
    equal = [(a, b) for a, b in pairs if _relation(a[1], b[1]) is Relation.EQUAL]
    excluded = [(a, b) for a, b in pairs if one_measure(a[1], b[1]) and _relation(a[1], b[1]) is Relation.DISJOINT]
    parties = _names(shared, matter)
    if equal:
        (one, here), (other, there) = equal[0]
        grounds = (
            f"{described(matter, here)} and {described(matter, there)}: events of one kind, both with {parties}; "
            "no source says that they are one."
        )
        yield proposal([*statements, one, other], "agrees", "like-event", grounds)
    elif excluded:
        (one, here), (other, there) = excluded[0]
        words = f"{sourced(matter, one)} and {sourced(matter, other)}"
        grounds = f"{words}: events of one kind, both with {parties}, but not one."
        yield proposal([*statements, one, other], "differs-in-definition", "different-event", grounds)
    elif only:
        grounds = (
            f"Only these two of their kind have {_names(frozenset(only), matter)}; no source says whether they are one."
        )
        yield proposal(statements, "unresolved", "open", grounds)


def _relation(one: Figure, other: Figure) -> Relation | None:
    """How two figures lie to each other; None for other units."""
    return one.amount.interval.relation(other.amount.interval) if one.amount.unit == other.amount.unit else None


def calls(matter: Matter) -> Iterator[Proposal]:
    """What was asked for, pledged or aimed at, with what later came of the same or of a like measure."""
    measured = [s for s in matter.statements.values() if s.kind in RESULTS_OF_CALLS]
    found: dict[tuple[str, str], set[Statement]] = defaultdict(set)
    for call in (s for s in matter.statements.values() if s.kind in CALLS):
        for result in measured:
            if call.utterances & result.utterances or before(result, call):
                continue
            for pair in product(_measures(call, matter), _measures(result, matter)):
                if _one_purpose(*pair):
                    found[pair[0].iri, pair[1].iri] |= {call, result}
    for (asked, done), statements in found.items():
        same = "it" if asked == done else matter.label(done)
        grounds = f"{matter.label(asked)} was called for, and {same} is reported later or of a later day."
        yield proposal(statements, "differs-in-date", "call-and-result", grounds)


def _measures(statement: Statement, matter: Matter) -> list[Situation]:
    """The policy measures that a claim speaks of."""
    things = statement.about | {statement.situation}
    found = (matter.situations.get(thing) for thing in sorted(things))
    return [situation for situation in found if situation and situation.kind == "PolicyMeasure"]


def _one_purpose(one: Situation, other: Situation) -> bool:
    """Whether two measures are one, or use one instrument for one group."""
    if one.iri == other.iri:
        return True
    return bool(
        one.role("instrument") & other.role("instrument") and one.role("targetGroup") & other.role("targetGroup")
    )


def _apart_in_documents(one: list[Statement], other: list[Statement]) -> bool:
    """Whether no document reports both: one that does keeps them apart itself."""
    return not {s.document for s in one} & {s.document for s in other}
