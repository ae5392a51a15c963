"""The engine that proposes comparisons: each rule on invented claims, then all of them against what people concluded."""

from __future__ import annotations

import csv
import re
from decimal import Decimal

import pytest

from kg import comparable, comparing, engine, figure_rules, situation_rules, vocabulary
from kg.comparable import Figure, Matter, Situation, Statement
from kg.engine import Ask
from kg.evidence import rows_of
from kg.intervals import Amount, Days, End, Interval
from kg.proposals import REASONS, Proposal, Rule, days_words
from kg.terms import BASE, GRAPH_COMPARISONS, local
from tests.conftest import ROOT

MARCH_5, MARCH_24, APRIL_15 = (Days(day, day) for day in ("2031-03-05", "2031-03-24", "2031-04-15"))
MILLS = {"old-mills": frozenset({"mills"}), "new-mills": frozenset({"mills"})}
"""Sets of an invented town: which is a part of which."""


def over(value: str) -> Interval:
    return Interval(End(Decimal(value)))


def span(low: str, high: str) -> Interval:
    return Interval(End(Decimal(low), closed=True), End(Decimal(high), closed=True))


def said(name: str, document: str = "gazette", **more: object) -> Statement:
    """A claim of a document, by default in the voice of its own."""
    facts: dict[str, object] = {"kind": "Measurement", "issued": "2031-05-01", **more}
    facts.setdefault("utterances", frozenset({f"{document}-voice"}))
    facts.setdefault("origins", frozenset({document}))
    return Statement(name, name, document=document, **facts)  # type: ignore[arg-type]


def count(
    name: str, of: str, value: int | Interval, document: str = "gazette", *, when: Days | None = None, **more: object
) -> Statement:
    """A claim with a figure; what is not a part of the figure is one of the claim."""
    own = {key: more.pop(key) for key in ("products", "industries", "places") if key in more}
    unit, indicator = str(more.pop("unit", "NUM")), str(more.pop("indicator", "members"))
    interval = Interval.point(value) if isinstance(value, int) else value
    number = interval.lower.value or interval.upper.value or Decimal(0)
    when = when or Days()
    amount = Amount(interval, unit, indicator, of, MILLS.get(of, frozenset()), when)
    figure = Figure(amount, str(interval), number, **own)  # type: ignore[arg-type]
    return said(name, document, figure=figure, when=when, **more)


def share(name: str, of: str, value: int, document: str = "gazette", **more: object) -> Statement:
    return count(name, of, value, document, unit="PERCENT", indicator="at work", **more)  # type: ignore[arg-type]


def report(name: str, situation: str, document: str = "gazette", **more: object) -> Statement:
    return said(name, document, situation=situation, **{"kind": "SituationClaim", **more})


def situation(name: str, kind: str, when: Days | None = None, **parties: str) -> Situation:
    found = {role: frozenset(things.split()) for role, things in parties.items()}
    return Situation(name, kind, found, when or Days())


def matter(*statements: Statement, situations: tuple[Situation, ...] = (), **more: dict[str, str]) -> Matter:
    return Matter(
        {s.iri: s for s in statements},
        {s.iri: s for s in situations},
        MILLS,
        more.get("samples", {}),
        more.get("categories", {}),
        more.get("labels", {}),
    )


def found(rule: Rule, of: Matter) -> list[tuple[str, str, str]]:
    """What a rule proposes: result, reason and the claims."""
    return [(p.result, p.reason, " ".join(p.claims)) for p in rule(of)]


# ---- one thing twice ----


@pytest.mark.parametrize(
    ("one", "other", "result", "reason"),
    [
        (count("a", "mills", 51), count("b", "mills", 51, "herald"), "agrees", "same-figure"),
        (count("a", "mills", over("400")), count("b", "mills", over("400"), "herald"), "agrees", "same-figure"),
        (count("a", "mills", 92), count("b", "mills", span("90", "99"), "herald"), "refines", "compatible-hedge"),
        (count("a", "mills", over("7300")), count("b", "mills", over("7600"), "herald"), "refines", "compatible-hedge"),
        (
            count("a", "mills", span("5", "8")),
            count("b", "mills", span("7", "9"), "herald"),
            "agrees",
            "compatible-hedge",
        ),
        (count("a", "mills", 51), count("b", "mills", 52, "herald"), "unresolved", "date-open"),
        (count("a", "mills", 51, when=MARCH_5), count("b", "mills", 52, "herald"), "unresolved", "date-open"),
        (
            count("a", "mills", 51, when=MARCH_5),
            count("b", "mills", 52, "herald", when=MARCH_5),
            "contradicts",
            "true-conflict",
        ),
        (
            count("a", "mills", 51, when=MARCH_5),
            count("b", "mills", 52, "herald", when=MARCH_5, issued="2031-06-01"),
            "contradicts",
            "true-conflict",
        ),
        (
            count("a", "mills", 51, when=MARCH_5, origins=frozenset({"guild"})),
            count("b", "mills", 52, when=MARCH_5, origins=frozenset({"guild"})),
            "contradicts",
            "true-conflict",
        ),
        (
            count("a", "mills", 51, when=MARCH_5, origins=frozenset({"guild"})),
            count("b", "mills", 52, "herald", when=MARCH_5, origins=frozenset({"guild"}), issued="2031-06-01"),
            "supersedes",
            "revised",
        ),
    ],
)
def test_two_figures_of_one_thing(one: Statement, other: Statement, result: str, reason: str) -> None:
    assert found(figure_rules.same_thing, matter(one, other)) == [(result, reason, "a b")]


@pytest.mark.parametrize(
    "other",
    [
        count("b", "yards", 51, "herald"),
        count("b", "mills", 51, "herald", unit="TONNE"),
        count("b", "mills", 51, "herald", indicator="workers"),
        count("b", "mills", 51, "herald", products=frozenset({"rope"})),
        count("b", "mills", 51, "herald", industries=frozenset({"weaving"})),
        count("b", "mills", 51, "herald", places=frozenset({"harbour"})),
        count("b", "mills", 52, "herald", when=MARCH_24),
        count("b", "mills", 51, "herald", kind="Target"),
        count("b", "mills", 51, "herald", rounds="c"),
    ],
)
def test_figures_of_other_things_or_days_are_left_alone(other: Statement) -> None:
    one = count("a", "mills", 51, when=MARCH_5, places=frozenset({"old town"}))
    assert found(figure_rules.same_thing, matter(one, other)) == []


def test_a_place_that_one_source_leaves_out_does_not_keep_figures_apart() -> None:
    one = count("a", "mills", 51, places=frozenset({"old town"}))
    assert found(figure_rules.same_thing, matter(one, count("b", "mills", 51, "herald")))


# ---- headlines ----


def test_a_headline_goes_with_the_figure_that_it_is_said_to_round() -> None:
    of = matter(
        share("head", "mills", 52, headline=True, rounds="body", when=MARCH_5),
        share("body", "old-mills", 52, when=MARCH_5),
        share("other", "old-mills", 52, when=MARCH_5),
    )
    assert found(figure_rules.headlines, of) == [("refines", "headline", "body head")]
    assert found(figure_rules.same_thing, of) == [("agrees", "same-figure", "body other")]


def test_a_headline_goes_with_the_only_figure_that_fits() -> None:
    head = count("head", "mills", span("64", "72"), headline=True, unit="PERCENT", indicator="at work")
    body = share("body", "old-mills", 71)
    assert found(figure_rules.headlines, matter(head, body)) == [("refines", "headline", "body head")]
    for other in (share("body", "yards", 71), share("body", "mills", 73), share("body", "mills", 71, "herald")):
        assert found(figure_rules.headlines, matter(head, other)) == []
    assert found(figure_rules.headlines, matter(head, body, share("too", "mills", 70))) == []


# ---- series ----


def test_one_measure_on_different_days_is_a_series() -> None:
    of = matter(
        share("c", "mills", 84, "herald", when=APRIL_15),
        share("a", "mills", 52, when=MARCH_5),
        share("b", "mills", 71, when=MARCH_24),
    )
    assert found(figure_rules.later_dates, of) == [("differs-in-date", "later-date", "a b c")]


def test_a_sample_is_in_the_series_of_the_set_that_it_stands_for() -> None:
    claims = share("a", "old-mills", 52, when=MARCH_5), share("b", "mills", 71, when=MARCH_24)
    assert found(figure_rules.later_dates, matter(*claims)) == []
    of = matter(*claims, samples={"old-mills": "mills"})
    assert found(figure_rules.later_dates, of) == [("differs-in-date", "later-date", "a b")]
    assert found(figure_rules.different_populations, of) == []
    assert [p.grounds for p in figure_rules.later_dates(of)] == [
        "at work of mills: [52, 52] on 2031-03-05, [71, 71] on 2031-03-24; old-mills are a sample of mills."
    ]


@pytest.mark.parametrize(
    "other",
    [
        share("b", "mills", 71, when=MARCH_5),
        share("b", "mills", 71),
        share("b", "yards", 71, when=MARCH_24),
        share("b", "mills", 71, when=MARCH_24, products=frozenset({"rope"})),
        share("b", "mills", 71, when=MARCH_24, industries=frozenset({"weaving"})),
        share("b", "mills", 71, when=MARCH_24, places=frozenset({"harbour"})),
    ],
)
def test_no_series_without_a_second_day_of_the_same_measure(other: Statement) -> None:
    assert found(figure_rules.later_dates, matter(share("a", "mills", 52, when=MARCH_5), other)) == []


# ---- sets inside one another ----


def test_shares_of_a_set_and_a_part_of_it_are_two_populations_and_the_nearest_days_are_taken() -> None:
    of = matter(
        share("old", "old-mills", 29, when=MARCH_5),
        share("new", "old-mills", 71, when=MARCH_24),
        share("all", "mills", 84, "herald", when=APRIL_15),
    )
    assert found(figure_rules.different_populations, of) == [
        ("differs-in-definition", "different-population", "all new")
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (share("a", "old-mills", 71, when=MARCH_5), share("b", "new-mills", 84, when=MARCH_5)),
        (count("a", "old-mills", 71, when=MARCH_5), count("b", "mills", 84, when=MARCH_5)),
        (share("a", "mills", 71, when=MARCH_5), share("b", "mills", 84, when=MARCH_24)),
    ],
    ids=["two parts", "counts", "one set"],
)
def test_no_two_populations_without_shares_of_a_set_and_its_part(one: Statement, other: Statement) -> None:
    assert found(figure_rules.different_populations, matter(one, other)) == []


# ---- sums ----


def test_parts_that_add_up_agree_with_the_whole() -> None:
    of = matter(count("all", "mills", 92), count("one", "old-mills", 51), count("two", "new-mills", 41))
    assert found(figure_rules.sums, of) == [("agrees", "sum-of-parts", "all one two")]


def test_parts_that_exceed_the_whole_contradict_it() -> None:
    parts = count("one", "old-mills", 51), count("two", "new-mills", over("41"))
    assert found(figure_rules.sums, matter(count("all", "mills", 91), *parts)) == [
        ("contradicts", "true-conflict", "all one two")
    ]
    assert found(figure_rules.sums, matter(count("all", "mills", 50), parts[0])) == [
        ("contradicts", "true-conflict", "all one")
    ]


@pytest.mark.parametrize(
    "second",
    [
        count("two", "new-mills", 20),
        count("two", "new-mills", 41, "herald"),
        count("two", "new-mills", 41, unit="TONNE"),
        count("two", "yards", 41),
        count("two", "old-mills", 41),
        count("two", "new-mills", 41, when=MARCH_24),
    ],
    ids=["too few", "another document", "another unit", "no part", "one set twice", "another day"],
)
def test_what_does_not_add_up_is_left_alone(second: Statement) -> None:
    of = matter(count("all", "mills", 92), count("one", "old-mills", 51, when=MARCH_5), second)
    assert found(figure_rules.sums, of) == []


SUPPORTERS = tuple(
    situation(f"{of}-support", "ChainParticipation", participant=of, chainRole="scheme/chain-role/supporter")
    for of in ("spinners", "dyers", "partners", "carters")
)


def test_the_sets_in_one_place_of_a_chain_add_up_to_the_count_of_another_document() -> None:
    parts = count("one", "spinners", over("7300")), count("two", "dyers", 379)
    of = matter(*parts, count("all", "partners", over("7600"), "herald"), situations=SUPPORTERS)
    assert found(figure_rules.sums, of) == [("agrees", "sum-of-parts", "all one two")]
    # the pair is not proposed beside the sum
    assert [p.reason for p in comparing.propose(of)] == ["sum-of-parts"]
    (proposal,) = comparing.propose(of)
    assert "make (7679, ∞), which (7600, ∞) (partners) allows" in proposal.grounds


@pytest.mark.parametrize(
    ("whole", "situations"),
    [
        (count("all", "partners", over("7700"), "herald"), SUPPORTERS),
        (count("all", "partners", over("400"), "herald"), SUPPORTERS),
        (count("all", "partners", over("7600")), SUPPORTERS),
        (count("all", "partners", over("7600"), "herald"), SUPPORTERS[:2]),
    ],
    ids=["not allowed", "not near", "one document", "another place"],
)
def test_sets_whose_sum_says_nothing_are_left_alone(whole: Statement, situations: tuple[Situation, ...]) -> None:
    of = matter(count("one", "spinners", over("7300")), count("two", "dyers", 379), whole, situations=situations)
    assert found(figure_rules.sums, of) == []


# ---- sets in the same place ----


def led(leader: str, follower: str) -> Situation:
    return situation(f"{leader}-{follower}", "Leadership", leader=leader, follower=follower)


@pytest.mark.parametrize(
    ("here", "there", "result", "reason"),
    [
        (over("400000"), over("400000"), "agrees", "same-figure"),
        (Interval.point(92), span("90", "99"), "refines", "compatible-hedge"),
        (over("7300"), over("7600"), "refines", "compatible-hedge"),
        (Interval.point(938), over("7300"), "unresolved", "open"),
    ],
)
def test_counts_of_sets_beside_one_party(here: Interval, there: Interval, result: str, reason: str) -> None:
    of = matter(
        count("a", "spinners", here),
        count("b", "dyers", there, "herald"),
        situations=(led("mills", "spinners"), led("mills", "dyers")),
    )
    assert found(figure_rules.counterparts, of) == [(result, reason, "a b")]


def test_counts_beside_one_party_that_differ_on_different_days_are_a_later_state() -> None:
    of = matter(
        count("a", "spinners", 938, when=MARCH_5),
        count("b", "dyers", over("7300"), "herald", when=APRIL_15),
        situations=(led("mills", "spinners"), led("mills", "dyers")),
    )
    assert found(figure_rules.counterparts, of) == [("differs-in-date", "later-date", "a b")]


@pytest.mark.parametrize(
    ("other", "situations", "categories"),
    [
        (count("b", "dyers", 938), (led("mills", "spinners"), led("mills", "dyers")), {}),
        (count("b", "dyers", 51, "herald"), (led("mills", "spinners"), led("docks", "dyers")), {}),
        (count("b", "dyers", 938, "herald"), (led("mills", "spinners"), led("dyers", "carters")), {}),
        (count("b", "dyers", over("5"), "herald"), (led("mills", "spinners"), led("docks", "dyers")), {}),
        (
            count("b", "dyers", 938, "herald"),
            (led("mills", "spinners"), led("mills", "dyers")),
            {"dyers": "sme", "spinners": "enterprise"},
        ),
    ],
    ids=["one document", "apart beside two parties", "other roles", "allowed but not near", "other categories"],
)
def test_sets_that_nothing_ties_are_left_alone(
    other: Statement, situations: tuple[Situation, ...], categories: dict[str, str]
) -> None:
    of = matter(count("a", "spinners", 938), other, situations=situations, categories=categories)
    assert found(figure_rules.counterparts, of) == []


def test_of_a_set_and_its_part_only_the_whole_is_compared() -> None:
    leaders = tuple(led(leader, f"those of {leader}") for leader in ("mills", "old-mills", "top-mills"))
    of = matter(
        count("all", "mills", 92),
        count("part", "old-mills", 91),
        count("round", "top-mills", span("90", "99"), "herald"),
        situations=leaders,
    )
    assert found(figure_rules.counterparts, of) == [("refines", "compatible-hedge", "all round")]


# ---- situations ----


def test_one_event_in_two_voices_and_not_in_one() -> None:
    fire = report("a", "fire"), report("b", "fire", "herald"), report("c", "flood")
    assert found(situation_rules.same_event, matter(*fire)) == [("agrees", "same-event", "a b")]
    assert found(situation_rules.same_event, matter(fire[0], report("d", "fire"), fire[2])) == []


def test_one_relation_in_two_voices_and_not_in_one() -> None:
    relation = ("bureau", "unitOf", "guild")
    one, other = said("a", relation=relation), said("b", "herald", relation=relation)
    assert found(situation_rules.same_relation, matter(one, other)) == [("agrees", "same-relation", "a b")]
    assert found(situation_rules.same_relation, matter(one, said("b", relation=relation))) == []
    assert found(situation_rules.same_relation, matter(one, said("b", "herald", relation=("bureau", "in", "x")))) == []


MAYOR, CONSUL, CLERK = (
    situation(name, "Tenure", holder=holder, heldPost=post)
    for name, holder, post in (("mayor", "ann", "mayor"), ("consul", "ann", "consul"), ("clerk", "bob", "clerk"))
)


def test_two_posts_of_one_person_in_one_document_are_held_together() -> None:
    of = matter(report("a", "mayor"), report("b", "consul"), report("c", "clerk"), situations=(MAYOR, CONSUL, CLERK))
    assert found(situation_rules.posts, of) == [("agrees", "posts-together", "a b")]


def test_two_posts_of_one_person_in_two_documents_differ() -> None:
    of = matter(report("a", "mayor"), report("b", "consul", "herald"), situations=(MAYOR, CONSUL))
    assert found(situation_rules.posts, of) == [("differs-in-definition", "different-post", "a b")]


def test_one_post_or_two_persons_are_no_two_posts() -> None:
    same = matter(report("a", "mayor"), report("b", "mayor", "herald"), situations=(MAYOR,))
    others = matter(report("a", "mayor"), report("b", "clerk", "herald"), situations=(MAYOR, CLERK))
    assert found(situation_rules.posts, same) == found(situation_rules.posts, others) == []


NAMES = {"first": "Notice on looms", "second": "Notice on digital looms", "third": "Guiding opinions on wharves"}


def issue(name: str, text: str, when: Days, actor: str = "guild") -> Situation:
    return situation(name, "PolicyIssuance", when, actor=actor, setOutIn=text)


@pytest.mark.parametrize(
    ("other", "document", "expected"),
    [
        (issue("y", "second", MARCH_24), "herald", [("differs-in-date", "two-documents", "a b")]),
        (issue("y", "second", Days()), "herald", [("unresolved", "open", "a b")]),
        (issue("y", "second", MARCH_24), "gazette", []),
        (issue("y", "second", MARCH_24, "crown"), "herald", []),
        (issue("y", "third", MARCH_24), "herald", []),
        (issue("y", "first", MARCH_24), "herald", []),
    ],
    ids=["two dates", "no date", "one source", "another issuer", "another name", "one text"],
)
def test_like_policy_documents(other: Situation, document: str, expected: list[tuple[str, str, str]]) -> None:
    of = matter(
        report("a", "x"),
        report("b", "y", document),
        situations=(issue("x", "first", MARCH_5), other),
        labels=NAMES,
    )
    assert found(situation_rules.policy_documents, of) == expected


TEAMS, GROUPS = (situation(name, "Dispatch", actor="guild") for name in ("teams", "groups"))
THIRD = situation("scouts", "Dispatch", actor="guild")


def sent(*more: Statement, document: str = "herald", others: tuple[Situation, ...] = (THIRD,)) -> Matter:
    """Two dispatches of one actor, in two documents, and a third of it."""
    claims = report("a", "teams"), report("b", "groups", document), report("c", "scouts")
    return matter(*claims, *more, situations=(TEAMS, GROUPS, *others))


def test_like_events_with_one_figure_may_be_one() -> None:
    figures = count("n", "teams", 7), count("m", "groups", 7, "herald", indicator="groups")
    assert found(situation_rules.like_events, sent(*figures)) == [("agrees", "like-event", "a b m n")]


def test_like_events_with_figures_that_exclude_each_other_are_two() -> None:
    figures = count("n", "teams", 7), count("m", "groups", 16, "herald")
    assert found(situation_rules.like_events, sent(*figures)) == [
        ("differs-in-definition", "different-event", "a b m n")
    ]


def test_like_events_whose_party_is_everywhere_are_left_alone() -> None:
    assert found(situation_rules.like_events, sent()) == []
    figures = count("n", "teams", 7), count("m", "groups", 16, "herald", indicator="groups")
    assert found(situation_rules.like_events, sent(*figures)) == []


def test_a_party_that_only_two_events_have_ties_them() -> None:
    assert found(situation_rules.like_events, sent(others=())) == [("unresolved", "open", "a b")]
    assert found(situation_rules.like_events, sent(others=(), document="gazette")) == []


def test_a_means_or_a_product_in_common_ties_nothing() -> None:
    events = situation("teams", "Dispatch", method="cart"), situation("groups", "Dispatch", method="cart")
    of = matter(report("a", "teams"), report("b", "groups", "herald"), situations=events)
    assert found(situation_rules.like_events, of) == []


def test_events_of_days_apart_are_not_one() -> None:
    events = (
        situation("teams", "Dispatch", MARCH_5, actor="guild"),
        situation("groups", "Dispatch", MARCH_24, actor="guild"),
    )
    of = matter(report("a", "teams"), report("b", "groups", "herald"), situations=events)
    assert found(situation_rules.like_events, of) == []


DEBTS, DUES, ROADS, LOANS = (
    situation(name, "PolicyMeasure", instrument=instrument, targetGroup=group)
    for name, instrument, group in (
        ("debts", "clearing", "spinners dyers"),
        ("dues", "clearing", "dyers"),
        ("roads", "building", "dyers"),
        ("loans", "clearing", "carters"),
    )
)


def call(about: str = "debts", **more: object) -> Statement:
    facts: dict[str, object] = {"kind": "Request", "about": frozenset({about}), "issued": "2031-03-06", **more}
    return said("a", "gazette", **facts)


@pytest.mark.parametrize("kind", ["Request", "Pledge", "Target"])
@pytest.mark.parametrize("measure", ["debts", "dues"])
def test_a_call_goes_with_what_came_of_it(kind: str, measure: str) -> None:
    result = count("b", "dyers", 28, "herald", about=frozenset({measure}), when=APRIL_15)
    of = matter(call(kind=kind), result, situations=(DEBTS, DUES))
    assert found(situation_rules.calls, of) == [("differs-in-date", "call-and-result", "a b")]


@pytest.mark.parametrize(
    "result",
    [
        count("b", "dyers", 28, "herald", about=frozenset({"roads"}), when=APRIL_15),
        count("b", "dyers", 28, "herald", about=frozenset({"loans"}), when=APRIL_15),
        count("b", "dyers", 28, "herald", about=frozenset({"debts"}), when=MARCH_5),
        count("b", "dyers", 28, "gazette", about=frozenset({"debts"}), when=APRIL_15),
        said("b", "herald", kind="Assertion", about=frozenset({"debts"}), when=APRIL_15),
    ],
    ids=["another instrument", "another group", "before the call", "one voice", "mere words"],
)
def test_what_is_no_result_of_a_call_is_left_alone(result: Statement) -> None:
    assert found(situation_rules.calls, matter(call(), result, situations=(DEBTS, ROADS, LOANS))) == []


@pytest.mark.parametrize(
    ("of", "when", "more", "fires"),
    [
        ("mills", APRIL_15, {}, True),
        ("old-mills", APRIL_15, {}, True),
        ("mills", None, {}, True),
        ("yards", APRIL_15, {}, False),
        ("mills", MARCH_5, {}, False),
        ("mills", APRIL_15, {"indicator": "workers"}, False),
    ],
    ids=["the same", "a part", "no day", "another set", "before", "another measure"],
)
def test_a_target_goes_with_a_later_measure_of_the_same(
    of: str, when: Days | None, more: dict[str, object], fires: bool
) -> None:
    aim = count("a", "mills", 90, kind="Target", issued="2031-03-06", when=Days("2031-12-31", "2031-12-31"))
    measured = count("b", of, 85, "herald", when=when, **more)
    expected = [("differs-in-date", "call-and-result", "a b")] if fires else []
    assert found(figure_rules.targets, matter(aim, measured)) == expected


# ---- origins, order, words ----


def test_origins_that_share_a_body_count_once() -> None:
    one = said("a", origins=frozenset({"gazette", "guild"}))
    other = said("b", origins=frozenset({"guild"}))
    third = said("c", origins=frozenset({"herald"}))
    bridge = said("d", origins=frozenset({"guild", "herald"}))
    assert comparable.origin_count([one]) == comparable.origin_count([one, other]) == 1
    assert comparable.origin_count([one, other, third]) == 2
    assert comparable.origin_count([one, third, bridge]) == 1
    assert comparable.origin_count([]) == 0
    assert (comparable.independent([one, other]), comparable.independent([one, third])) == (False, True)


def test_a_claim_without_any_origin_is_one_of_its_own() -> None:
    assert comparable.origin_count([said("a", origins=frozenset()), said("b", origins=frozenset())]) == 2


def test_what_people_should_look_at_first_stands_first() -> None:
    of = matter(
        count("a", "mills", 51, when=MARCH_5),
        count("b", "mills", 52, "herald", when=MARCH_5),
        count("c", "yards", 5),
        count("d", "yards", 5, "herald"),
    )
    assert [p.reason for p in comparing.propose(of)] == ["true-conflict", "same-figure"]


def test_days_with_one_end_are_worded() -> None:
    assert days_words(Days("2031-03-05", "")) == "from 2031-03-05 on"
    assert days_words(Days("2031-03-05", "2031-03-24")) == "from 2031-03-05 to 2031-03-24"


# ---- the real graph ----


@pytest.fixture(scope="module")
def everything(nquads: list[bytes]) -> Ask:
    return engine.asking_lines(nquads)


@pytest.fixture(scope="module")
def proposals(nquads: list[bytes]) -> tuple[Matter, list[Proposal]]:
    """What the engine proposes from a graph without the curated comparisons, and without what follows from them."""
    in_comparisons = f"<{GRAPH_COMPARISONS}> .".encode()
    subjects = {line.split(b" ")[0] for line in nquads if line.endswith(in_comparisons)}
    left = [
        line
        for line in nquads
        if not line.endswith(in_comparisons) and not subjects & {line.split(b" ")[0], line.split(b" ")[2]}
    ]
    assert len(subjects) > 16
    assert not any(b"ClaimComparison>" in line and b"/id/" in line for line in left)
    matter = comparable.load(engine.asking_lines(left))
    return matter, comparing.propose(matter)


def test_curated_comparisons_do_not_steer_the_engine(everything: Ask, proposals: tuple[Matter, list[Proposal]]) -> None:
    assert comparing.propose(comparable.load(everything)) == proposals[1]


Curated = dict[str, tuple[str, bool, set[str]]]


@pytest.fixture(scope="module")
def curated(everything: Ask) -> Curated:
    """Result, independence and claims of each curated comparison; of a computed claim those that it goes back to."""
    rows = rows_of(everything, "curated-comparisons")
    found: Curated = {}
    for row in rows:
        fact = local(row["result"]), row["independent"] == "true"
        claims = found.setdefault(local(row["comparison"]), (*fact, set()))[2]
        claims.add(row["source"] or row["claim"])
    return found


NOT_FOUND: dict[str, str] = {}
"""Curated comparisons that no rule finds, by name, with the reason."""


def test_the_engine_finds_what_people_concluded(curated: Curated, proposals: tuple[Matter, list[Proposal]]) -> None:
    missed = {
        name
        for name, (result, _, claims) in curated.items()
        if not any(claims <= set(p.claims) and p.result == result for p in proposals[1])
    }
    assert len(curated) >= 16
    assert len(missed) <= 0.1 * len(curated)
    assert missed == set(NOT_FOUND)


def test_the_engine_judges_origins_as_people_do(curated: Curated, proposals: tuple[Matter, list[Proposal]]) -> None:
    matter, proposed = proposals
    wrong = {
        name
        for name, (result, independent, claims) in curated.items()
        if any(
            claims <= set(p.claims) and p.result == result and p.independent(matter) != independent for p in proposed
        )
    }
    assert wrong == set()


def test_most_proposals_are_worth_a_look(proposals: tuple[Matter, list[Proposal]]) -> None:
    """Judged by a reader of the texts; a proposal that nobody has judged counts as not worth it."""
    with (ROOT / "tests/data/comparing/judged.csv").open(encoding="utf-8", newline="") as file:
        judged = {(row["reason"], row["claims"]): row["worth"] for row in csv.DictReader(file)}
    assert set(judged.values()) == {"yes", "no"}
    keys = [(p.reason, " ".join(c.removeprefix(BASE + "id/claim/") for c in p.claims)) for p in proposals[1]]
    assert set(judged) <= set(keys), "judged, but no longer proposed"
    assert sum(judged.get(key) == "yes" for key in keys) >= 0.8 * len(keys)


def test_every_reason_is_one_that_is_explained(proposals: tuple[Matter, list[Proposal]]) -> None:
    assert {p.reason for p in proposals[1]} <= set(REASONS)
    assert all(len(p.claims) > 1 and p.grounds.endswith(".") for p in proposals[1])


def test_results_are_those_of_the_scheme(proposals: tuple[Matter, list[Proposal]]) -> None:
    scheme = (ROOT / "ontology/schemes/comparison-result.ttl").read_text("utf-8")
    results = re.findall(r'skos:notation "([^"]+)"', scheme)
    assert vocabulary.concepts("comparison-result") == results
    assert {p.result for p in proposals[1]} <= set(results)
