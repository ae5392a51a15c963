"""Claims as values that can be compared: figures, days, situations, voices; read from the documents' own graphs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from kg.engine import Ask, Row
from kg.evidence import OWN_VOICE, grouped, rows_of
from kg.intervals import Amount, Days, End, Interval
from kg.terms import local

ACTING = ("actor", "issuedBy")
"""Roles of those who do what a situation reports."""
SETS = ("leader", "follower", "participant")
"""Roles of sets that somebody may have picked out."""


@dataclass(frozen=True, slots=True)
class Figure:
    """The figure of a claim, with what it may be reckoned with."""

    amount: Amount
    printed: str
    number: Decimal
    """The number as printed, scaled to 1."""
    products: frozenset[str] = frozenset()
    industries: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Situation:
    """An event, tenure, measure or other thing that claims report: its kind, and its parties by role."""

    iri: str
    kind: str
    parties: dict[str, frozenset[str]] = field(default_factory=dict)
    when: Days = field(default_factory=Days)

    def all_parties(self) -> frozenset[str]:
        """Those who and that which take part, in whatever role."""
        return frozenset().union(*self.parties.values())

    def role(self, name: str) -> frozenset[str]:
        """Those in one role."""
        return self.parties.get(name, frozenset())


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim of one document."""

    iri: str
    label: str
    kind: str
    document: str
    issued: str
    utterances: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    """The bodies that the words, or what they report, go back to."""
    when: Days = field(default_factory=Days)
    headline: bool = False
    rounds: str = ""
    """The claim that this one rounds."""
    figure: Figure | None = None
    situation: str = ""
    relation: tuple[str, str, str] | None = None
    about: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Matter:
    """All that comparing looks at."""

    statements: dict[str, Statement] = field(default_factory=dict)
    situations: dict[str, Situation] = field(default_factory=dict)
    larger: dict[str, frozenset[str]] = field(default_factory=dict)
    """The sets that a set is a part of."""
    samples: dict[str, str] = field(default_factory=dict)
    """The set that a sample stands for."""
    categories: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def label(self, thing: str) -> str:
        """A thing in words."""
        return self.labels.get(thing) or local(thing)

    def within(self, documents: frozenset[str]) -> Matter:
        """The same with the claims of some documents alone."""
        there = {iri: statement for iri, statement in self.statements.items() if statement.document in documents}
        return replace(self, statements=there)

    def observed(self, population: str) -> str:
        """The set that a figure speaks for: of a sample, the set that it is drawn from."""
        return self.samples.get(population, population)


def origin_count(statements: Iterable[Statement]) -> int:
    """How many independent origins stand behind some claims: those that share a body count once."""
    groups: list[frozenset[str]] = []
    for statement in statements:
        bodies = statement.origins or frozenset({statement.iri})
        joined = [group for group in groups if group & bodies]
        groups = [group for group in groups if not group & bodies] + [bodies.union(*joined)]
    return len(groups)


def independent(statements: Iterable[Statement]) -> bool:
    """Whether the claims have at least two origins that have nothing to do with each other."""
    return origin_count(statements) > 1


# ---- reading ----


def load(ask: Ask) -> Matter:
    """What the graph offers for comparing. Nothing is read from the curated comparisons."""
    larger: dict[str, set[str]] = defaultdict(set)
    samples = {}
    for row in rows_of(ask, "compare-populations"):
        larger[row["narrower"]].add(row["broader"])
        if row["sample"] == "true":
            samples[row["narrower"]] = row["broader"]
    parts = {narrower: frozenset(broader) for narrower, broader in larger.items()}
    situations = _situations(rows_of(ask, "compare-situations"))
    days = _days(rows_of(ask, "times"))
    return Matter(
        _statements(ask, situations, parts, days),
        situations,
        parts,
        samples,
        {row["set"]: local(row["category"]) for row in rows_of(ask, "compare-categories")},
        {row["thing"]: row["label"] for row in rows_of(ask, "compare-labels")},
    )


def _situations(rows: list[Row]) -> dict[str, Situation]:
    parties: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        if row["party"]:
            parties[row["situation"]][local(row["role"])].add(row["party"])
    return {
        row["situation"]: Situation(
            row["situation"],
            local(row["kind"]),
            {role: frozenset(found) for role, found in sorted(parties[row["situation"]].items())},
            Days(row["earliest"], row["latest"]),
        )
        for row in rows
    }


def _days(rows: list[Row]) -> dict[str, Days]:
    """The days of each claim: its own reference time or deadline, else the time of what it reports."""
    found: dict[str, Days] = {}
    for row in sorted(rows, key=lambda row: local(row["role"]) != "eventTime"):
        found[row["claim"]] = Days(row["earliest"], row["latest"])
    return found


def _statements(
    ask: Ask, situations: dict[str, Situation], larger: dict[str, frozenset[str]], days: dict[str, Days]
) -> dict[str, Statement]:
    figures = _figures(rows_of(ask, "compare-figures"), larger, days, situations)
    voices = grouped(rows_of(ask, "compare-voices"), "claim")
    found = {}
    for iri, rows in grouped(rows_of(ask, "compare-claims"), "claim").items():
        first = rows[0]
        figure = figures.get(iri)
        found[iri] = Statement(
            iri=iri,
            label=first["label"],
            kind=local(first["kind"]),
            document=first["document"],
            issued=first["issued"],
            utterances=frozenset(row["utterance"] for row in voices.get(iri, [])),
            when=figure.amount.when if figure else days.get(iri, Days()),
            headline={local(row["role"]) for row in rows} == {"headline"},
            rounds=first["rounds"],
            figure=figure,
            situation=first["situation"],
            relation=(first["subject"], first["predicate"], first["object"]) if first["subject"] else None,
            about=frozenset(row["about"] for row in rows if row["about"]),
        )
    acts = _acts(found.values(), situations)
    origins = {iri: _origins(statement, voices.get(iri, []), situations, acts) for iri, statement in found.items()}
    # a headline goes back to what its body says
    return {
        iri: replace(statement, origins=origins[iri] | origins.get(statement.rounds, frozenset()))
        for iri, statement in found.items()
    }


def _figures(
    rows: list[Row], larger: dict[str, frozenset[str]], days: dict[str, Days], situations: dict[str, Situation]
) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for row in rows:
        before = found.get(row["claim"])
        entity = row["entity"]
        when = days.get(row["claim"]) or (situations[entity].when if entity in situations else Days())
        interval = Interval(_end(row, "lower"), _end(row, "upper"))
        found[row["claim"]] = Figure(
            Amount(interval, local(row["unit"]), row["indicator"], entity, larger.get(entity, frozenset()), when),
            row["form"],
            Decimal(row["value"]),
            (before.products if before else frozenset()) | {p for p in [row["product"]] if p},
            (before.industries if before else frozenset()) | {i for i in [row["industry"]] if i},
            (before.places if before else frozenset()) | {p for p in [row["place"]] if p},
        )
    return found


def _end(row: Row, side: str) -> End:
    if not row[side]:
        return End()
    return End(Decimal(row[side]), row[f"{side}Inclusive"] == "true", local(row[f"{side}Basis"]))


def _acts(statements: Iterable[Statement], situations: dict[str, Situation]) -> dict[tuple[str, str], frozenset[str]]:
    """Who acts, in each document, in what is reported of a thing: a count of what a body picked out is its count."""
    found: dict[tuple[str, str], frozenset[str]] = defaultdict(frozenset)
    for statement in statements:
        actors = _actors(situations.get(statement.situation))
        for thing in statement.about | {statement.situation}:
            found[statement.document, thing] |= actors
    return found


def _actors(situation: Situation | None) -> frozenset[str]:
    return frozenset().union(*(situation.role(role) for role in ACTING)) if situation else frozenset()


def _origins(
    statement: Statement,
    voices: list[Row],
    situations: dict[str, Situation],
    acts: dict[tuple[str, str], frozenset[str]],
) -> frozenset[str]:
    """The origins of a claim: the body spoken for, else the speaker; and of an outlet's own words those who act."""
    origins = frozenset(row["body"] or row["speaker"] or row["publisher"] for row in voices)
    if any(local(row["attribution"]) in OWN_VOICE for row in voices):
        situation = situations.get(statement.situation)
        origins |= _actors(situation)
        sets = {statement.figure.amount.of} if statement.figure else set()
        sets |= {party for role in SETS for party in (situation.role(role) if situation else ())}
        for thing in sets:
            origins |= _actors(situations.get(thing)) | acts.get((statement.document, thing), frozenset())
    return origins
