"""Loading the graph into a store elsewhere: compare with what is there, send only what is missing, check all.

`add` adds triples, in requests of bounded size, to graphs that hold nothing or a part of ours. So a load that was
interrupted, however often, is completed by the next, and a second load sends nothing. A graph that holds other triples
as well is refused before anything is written.

`replace` makes every graph that is not the same ours at once. Where a PUT of a graph is one transaction of the store,
that is what is sent. Elsewhere the graphs are loaded beside (their name and STAGED), compared, and moved when all are
there, one request each.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, replace
from enum import StrEnum

from kg import normal, rdf, record
from kg.errors import EndpointError, FindingsError
from kg.record import Part, Record
from kg.remote import Remote

STAGED = "/loading"
"""What the name of a graph is followed by while it is loaded beside."""
SAMPLE_TRIPLES = 10_000
"""Triples of the graphs that are compared after they were sent, where not all are asked for."""
PART_BYTES = 32 * 2**20
MOVES, DROPS = "move", "drop-move"
"""How a profile says that graphs are moved, and whether what they take the place of is dropped by a request before."""

Tell = Callable[[int, int], None]
"""Is told how many triples were sent, of how many."""


class State(StrEnum):
    """What a store holds under the name of one of our graphs."""

    ABSENT = "absent"
    PART = "a part"
    OTHER = "others"
    SAME = "the same"


@dataclass(frozen=True, slots=True)
class Graph:
    """One of our graphs, and what the store holds of it."""

    name: str
    triples: int
    there: int
    """Triples that the store holds under the name."""
    state: State
    present: Set[int] = frozenset()
    """The keys of those that are there, of a part."""
    compared: bool = False
    """Whether the triples are known to be the same, and not only as many."""

    @property
    def missing(self) -> int:
        """The number of triples that the store lacks, of a graph that holds no others."""
        return 0 if self.state is State.SAME else self.triples - len(self.present)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a load found and did."""

    graphs: list[Graph]
    """In the state before the load."""
    sent: int
    """Triples."""
    strangers: tuple[str, ...]
    """Graphs of the store whose names begin as ours do, and that we have not."""


@dataclass(frozen=True, slots=True)
class Load:
    """One load: what, whereto, and how."""

    record: Record
    remote: Remote
    base: str
    """How the names of all our graphs begin."""
    part_bytes: int = PART_BYTES
    compare_all: bool = False
    tell: Tell = lambda sent, total: None

    def look(self) -> Outcome:
        """What is there and what would be sent; nothing is written. Raises EndpointError."""
        there = self.remote.counts(self.base)
        graphs = self._states(self.record.counts(), there)
        ours = self.record.counts(whole=True)
        strangers = tuple(sorted(name for name in there if name not in ours and name.removesuffix(STAGED) not in ours))
        return Outcome(graphs, 0, strangers)

    def add(self) -> Outcome:
        """Add what is missing. Raises FindingsError for graphs with other triples, EndpointError."""
        before = self.look()
        refuse_others(before.graphs, at=self.remote.endpoints.query)
        sent = self._send(before.graphs)
        return self._checked(replace(before, sent=sent))

    def replace(self) -> Outcome:
        """Put our graphs in the place of those that are not the same. Raises EndpointError."""
        before = self.look()
        different = {graph.name: graph.triples for graph in before.graphs if graph.state is not State.SAME}
        if self.remote.profile.replace in (MOVES, DROPS):
            self._move(different)
        else:
            self._put(different)
        return self._checked(replace(before, sent=sum(different.values())))

    # ---- before ----

    def _states(self, ours: dict[str, int], there: dict[str, int], suffix: str = "") -> list[Graph]:
        """What is there of each of our graphs, by name; `suffix` is what their names end with in the store."""
        held = {name: there.get(name + suffix, 0) for name in ours}
        sizes = sorted((name, count) for name, count in ours.items() if 0 < held[name] <= count)
        found = {}
        for names in record.batches(sizes):
            keys = self.record.keys(names)
            for name in names:
                theirs = self.remote.keys(name + suffix, held[name])
                found[name] = _state(name, ours[name], theirs, keys.pop(name))
        for name in ours.keys() - found.keys():
            found[name] = Graph(name, ours[name], held[name], State.OTHER if held[name] else State.ABSENT)
        return [found[name] for name in sorted(found)]

    # ---- adding ----

    def _send(self, graphs: list[Graph]) -> int:
        """Send what is missing; the number of triples."""
        total = sum(graph.missing for graph in graphs)
        sent = 0
        for part in self._parts(graphs):
            self.remote.add(part)
            sent += part.triples
            self.tell(sent, total)
        return sent

    def _parts(self, graphs: list[Graph]) -> Iterator[Part]:
        """What is missing, in requests."""
        if self.remote.takes_quads and not self.record.only and all(graph.state is State.ABSENT for graph in graphs):
            return self.record.blocks(self.part_bytes)
        missing = {graph.name: graph for graph in graphs if graph.missing}
        lines = self.record.lines(missing)
        rest = ((name, line) for name, line in lines if not _is_there(line, missing[name].present))
        return record.parts(rest, self.part_bytes, by_graph=not self.remote.takes_quads)

    # ---- replacing ----

    def _put(self, different: dict[str, int]) -> None:
        total, sent = sum(different.values()), 0
        for names in record.batches(sorted(different.items())):
            for name, body in self._bodies(names, different):
                self.remote.put(name, body)
                sent += different[name]
                self.tell(sent, total)

    def _bodies(self, names: list[str], sizes: dict[str, int]) -> Iterator[tuple[str, bytes | Iterable[bytes]]]:
        """The graphs of a batch as they are sent: one by one from the file when it is large, else read at once."""
        if sizes[names[0]] > record.AT_ONCE:
            yield names[0], self.record.body(names[0])
            return
        for part in record.parts(self.record.lines(names), sys.maxsize, by_graph=True):
            yield part.graph, part.body

    def _move(self, different: dict[str, int]) -> None:
        there = self.remote.counts(self.base)
        beside = self._states(different, there, STAGED)
        ready = {graph.name for graph in beside if graph.state is State.SAME}
        for name in sorted(there):
            if name.endswith(STAGED) and name.removesuffix(STAGED) not in ready:
                self.remote.drop(name)
        lines = self.record.lines()
        self._stage(((name, line) for name, line in lines if name in different and name not in ready), different)
        self._verify(beside, STAGED)
        for name in sorted(different):
            if self.remote.profile.replace == DROPS:
                self.remote.drop(name)
            self.remote.move(name + STAGED, name)

    def _stage(self, lines: Iterable[tuple[str, bytes]], different: dict[str, int]) -> None:
        sent = 0
        for part in record.parts(lines, self.part_bytes, by_graph=True):
            self.remote.add(Part(part.graph + STAGED, part.body, part.triples))
            sent += part.triples
            self.tell(sent, sum(different.values()))

    # ---- after ----

    def _checked(self, outcome: Outcome) -> Outcome:
        """The outcome, when the store holds what it should. Raises EndpointError."""
        written = [graph for graph in outcome.graphs if graph.state is not State.SAME]
        compared = self._verify(written, "")
        graphs = [replace(graph, compared=graph.compared or graph.name in compared) for graph in outcome.graphs]
        return replace(outcome, graphs=graphs)

    def _verify(self, graphs: list[Graph], suffix: str) -> set[str]:
        """Count some graphs and compare a sample of them, whose names it returns. Raises EndpointError."""
        there = self.remote.counts(self.base)
        held = {graph.name: there.get(graph.name + suffix, 0) for graph in graphs}
        chosen = {graph.name for graph in graphs if self.compare_all or held[graph.name] != graph.triples}
        chosen |= _sample(graphs)
        sizes = sorted((graph.name, graph.triples) for graph in graphs if graph.name in chosen)
        for names in record.batches(sizes):
            keys = self.record.keys(names)
            for name in names:
                self._same(name, keys.pop(name), self.remote.keys(name + suffix, held[name]))
        return chosen

    def _same(self, name: str, ours: set[int], theirs: set[int]) -> None:
        if theirs != ours:
            lacking, others = len(ours - theirs), len(theirs - ours)
            raise EndpointError(
                f"the server took all, but {name} lacks {lacking} triples and has {others} others",
                at=self.remote.endpoints.query,
                hint="run it again: only what is missing is sent",
            )


def _state(name: str, triples: int, theirs: set[int], ours: set[int]) -> Graph:
    if theirs == ours:
        return Graph(name, triples, len(theirs), State.SAME, compared=True)
    if theirs < ours:
        return Graph(name, triples, len(theirs), State.PART, theirs)
    return Graph(name, triples, len(theirs), State.OTHER)


def _is_there(line: bytes, present: Set[int]) -> bool:
    return bool(present) and normal.key(next(rdf.parse_lines(line))) in present


def _sample(graphs: list[Graph]) -> set[str]:
    """Graphs of no more than SAMPLE_TRIPLES in all, spread by a digest of their names; at least the smallest."""
    chosen, total = set(), 0
    for graph in sorted(graphs, key=lambda graph: hashlib.sha256(graph.name.encode()).digest()):
        if total + graph.triples <= SAMPLE_TRIPLES:
            chosen.add(graph.name)
            total += graph.triples
    return chosen or {min(graphs, key=lambda graph: graph.triples).name for _ in graphs[:1]}


def refuse_others(graphs: Iterable[Graph], *, at: str) -> None:
    """Raise FindingsError when a store holds other triples than ours in some graphs, which a load adds nothing to."""
    if others := [graph.name for graph in graphs if graph.state is State.OTHER]:
        what = f"the store holds other triples in {_named(others)}"
        raise FindingsError(what, at=at, hint="--replace puts ours in their place; nothing was sent")


def _named(names: list[str]) -> str:
    """The first of some names, and how many more there are."""
    return names[0] + (f" and {len(names) - 1} more graphs" if len(names) > 1 else "")
