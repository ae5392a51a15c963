"""The walk from a thing along claimed steps, as a tree: policy, measures, leading firms, those they lead, results."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from kg import lookup, queries, terms, weakness
from kg.engine import Engine, records
from kg.errors import InputError
from kg.weakness import WeighedClaim

SUGGESTED = 3
"""How many things with a chain are named beside one that has none."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A node of the walk."""

    iri: str
    name: str
    instruments: tuple[str, ...] = ()
    """The means by which a measure works."""


@dataclass(frozen=True, slots=True)
class Step:
    """A relation that claims state, in the direction from policy to result."""

    start: str
    relation: str
    end: str
    claims: tuple[WeighedClaim, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """All that can be walked: steps by where they start, results by what they are about, and names."""

    steps: dict[str, tuple[Step, ...]]
    results: dict[str, tuple[WeighedClaim, ...]]
    things: dict[str, Thing]

    def thing(self, iri: str) -> Thing:
        """The thing with its name; one without a name goes by its IRI."""
        return self.things.get(iri) or Thing(iri, iri)


@dataclass(frozen=True, slots=True)
class Branch:
    """A place in the tree."""

    depth: int
    thing: Thing
    step: Step | None
    """How the walk came here; None at the start."""
    results: tuple[WeighedClaim, ...] = ()
    elsewhere: bool = False
    """Whether the thing has its own entry in another place."""
    cut: int = 0
    """How many steps on are left out for the depth."""


@dataclass(frozen=True, slots=True)
class Link:
    """A step or a result, with the claims that carry it."""

    thing: Thing
    """Where the step ends, or what the result is about."""
    claims: tuple[WeighedClaim, ...]
    start: Thing | None = None
    """Where the step begins; None for a result."""
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """The tree in the order in which it is read, and what is weakest in it."""

    before: tuple[tuple[Thing, Step], ...]
    """The things with a step to the start."""
    entries: tuple[Branch, ...]
    weakest: Link | None
    others: tuple[Thing, ...]
    """Things that have a chain, named when nothing comes after the start."""


def walk(session: Engine, start: str, depth: int | None = None) -> Walk:
    """The walk from the thing with this name, slug or IRI, over at most `depth` steps.

    Raises what `lookup.resolve` raises, and InputError for a thing that no chain runs through.
    """
    iri = lookup.resolve(session, start)
    name, _, _ = lookup.described(session, iri)
    return along(read(session), iri, name, depth)


def read(session: Engine) -> Graph:
    """The graph to be walked, by the queries of queries/walk."""
    claims = {row["claim"]: WeighedClaim.read(row) for row in _rows(session, "evidence")}
    found: dict[str, list[Step]] = {}
    for (source, relation, target), rows in groupby(
        _rows(session, "steps"), key=lambda row: (row["from"], row["relation"], row["to"])
    ):
        carrying = tuple(claims[row["claim"]] for row in rows)
        found.setdefault(source, []).append(Step(source, relation, target, carrying))
    results = {
        thing: tuple(claims[row["claim"]] for row in rows)
        for thing, rows in groupby(_rows(session, "results"), key=lambda row: row["thing"])
    }
    things = {}
    for thing, group in groupby(_rows(session, "things"), key=lambda row: row["thing"]):
        same = list(group)
        things[thing] = Thing(thing, same[0]["name"], tuple(r["instrument"] for r in same if r["instrument"]))
    return Graph({source: tuple(steps) for source, steps in found.items()}, results, things)


def _rows(session: Engine, name: str) -> list[dict[str, str]]:
    return records(*session.ask(queries.read(name, "walk").body).rows())


def along(graph: Graph, start: str, name: str, depth: int | None = None) -> Walk:
    """The walk over a graph from the thing `start`, which is called `name`. Raises InputError as `walk` does."""
    before = tuple(
        (graph.thing(step.start), step) for steps in graph.steps.values() for step in steps if step.end == start
    )
    entries = tuple(_entries(graph, start, depth))
    goes_on = bool(graph.steps.get(start) or graph.results.get(start))
    others = () if goes_on else tuple(map(graph.thing, _longest(graph)))
    if not goes_on and not before:
        hint = "there is one for " + ", ".join(terms.compact(thing.iri) for thing in others) if others else ""
        raise InputError(f"no text says what comes before or after {name} in a chain", hint=hint)
    return Walk(before, entries, _weakest(graph, entries), others)


def _entries(graph: Graph, start: str, depth: int | None) -> Iterable[Branch]:
    """The tree: each thing is followed where the fewest steps lead to it, so that no depth hides what another shows."""
    homes = _homes(graph, start)
    ahead: list[tuple[int, Step | None, str]] = [(0, None, start)]
    while ahead:
        level, step, iri = ahead.pop()
        thing = graph.thing(iri)
        if homes[iri] is not step:
            yield Branch(level, thing, step, elsewhere=True)
            continue
        steps, results = graph.steps.get(iri, ()), graph.results.get(iri, ())
        cut = level == depth
        yield Branch(level, thing, step, results, cut=len(steps) if cut else 0)
        ahead += [] if cut else [(level + 1, onward, onward.end) for onward in reversed(steps)]


def _homes(graph: Graph, start: str) -> dict[str, Step | None]:
    """The things that are reached, each with the step to its own entry: the first of the shortest ways."""
    homes: dict[str, Step | None] = {start: None}
    ahead = deque([start])
    while ahead:
        for step in graph.steps.get(ahead.popleft(), ()):
            if step.end not in homes:
                homes[step.end] = step
                ahead.append(step.end)
    return homes


def _weakest(graph: Graph, entries: tuple[Branch, ...]) -> Link | None:
    links: list[Link] = []
    for entry in entries:
        if step := entry.step:
            links.append(Link(entry.thing, step.claims, graph.thing(step.start), step))
        links += [Link(entry.thing, (result,)) for result in entry.results]
    return links[weakness.weakest([link.claims for link in links])] if links else None


def _longest(graph: Graph) -> list[str]:
    """The things from which most others are reached."""
    reach = {iri: len(_homes(graph, iri)) for iri in graph.steps}
    return sorted(reach, key=lambda iri: (-reach[iri], iri))[:SUGGESTED]
