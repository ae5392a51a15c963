"""The N-Quads of a generation as they go to another store: counted, chosen and cut, never whole in memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from kg import normal, rdf

AT_ONCE = 300_000
"""Triples that are compared, or held as the bodies of requests, at one time: about 60 MB of text."""
CHUNK_LINES = 5_000
HELD_PARTS = 4
"""How many parts' worth of lines wait for their graph to be enough for a request."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one request takes: lines of N-Quads, or of N-Triples when it names their graph."""

    graph: str
    """Empty for N-Quads."""
    body: bytes
    triples: int


@dataclass(frozen=True, slots=True)
class Record:
    """A file of N-Quads in which every triple stands in a named graph, on one line (as `kg build` writes it)."""

    path: Path
    only: frozenset[str] = frozenset()
    """The graphs that count; empty for all."""

    def lines(self, graphs: Collection[str] | None = None) -> Iterator[tuple[str, bytes]]:
        """Each line with its graph; with `graphs`, those of these graphs alone."""
        wanted = (self.only or None) if graphs is None else frozenset(graphs)
        names: dict[bytes, str] = {}
        with self.path.open("rb") as file:
            for line in file:
                raw = line.rsplit(b" ", 2)[1]
                name = names.get(raw) or names.setdefault(raw, raw[1:-1].decode())
                if wanted is None or name in wanted:
                    yield name, line

    def blocks(self, size: int) -> Iterator[Part]:
        """All lines as they stand, in parts of about `size` bytes: what `parts` gives, at a third of its cost."""
        with self.path.open("rb") as file:
            while lines := file.readlines(size):
                yield _part("", lines)

    def counts(self, *, whole: bool = False) -> Counter[str]:
        """The number of triples of each graph that counts; with `whole`, of the others as well."""
        return Counter(name for name, _ in (replace(self, only=frozenset()) if whole else self).lines())

    def keys(self, graphs: Collection[str]) -> dict[str, set[int]]:
        """The keys (kg.normal) of the triples of some graphs."""
        found: dict[str, set[int]] = {name: set() for name in graphs}
        lines = self.lines(graphs)
        while chunk := list(islice(lines, CHUNK_LINES)):
            quads = rdf.parse_lines(b"".join(line for _, line in chunk))
            for (name, _), quad in zip(chunk, quads, strict=True):
                found[name].add(normal.key(quad))
        return found

    def body(self, graph: str) -> Iterable[bytes]:
        """The triples of one graph as N-Triples, in pieces; may be gone through again."""
        return _Body(self, graph)


@dataclass(frozen=True, slots=True)
class _Body:
    record: Record
    graph: str

    def __iter__(self) -> Iterator[bytes]:
        lines = (without_graph(line) for _, line in self.record.lines((self.graph,)))
        while chunk := b"".join(islice(lines, CHUNK_LINES)):
            yield chunk


def without_graph(line: bytes) -> bytes:
    r"""A line of N-Quads as one of N-Triples.

    >>> without_graph(b'<urn:s> <urn:p> "a b" <urn:g> .\n')
    b'<urn:s> <urn:p> "a b" .\n'
    """
    return line.rsplit(b" ", 2)[0] + b" .\n"


def parts(lines: Iterable[tuple[str, bytes]], size: int, *, by_graph: bool) -> Iterator[Part]:
    """The lines cut into parts of about `size` bytes; by graph, where a store does not take N-Quads.

    By graph, parts are held until they are full, but in all no more than HELD_PARTS of that size.
    """
    waiting: dict[str, list[bytes]] = defaultdict(list)
    held: Counter[str] = Counter()
    total = 0
    for graph, line in lines:
        name, text = (graph, without_graph(line)) if by_graph else ("", line)
        waiting[name].append(text)
        held[name] += len(text)
        total += len(text)
        if held[name] >= size or total >= HELD_PARTS * size:
            largest = max(held, key=held.__getitem__) if total >= HELD_PARTS * size else name
            yield _part(largest, waiting.pop(largest))
            total -= held.pop(largest)
    for name in sorted(waiting):
        yield _part(name, waiting[name])


def _part(graph: str, lines: list[bytes]) -> Part:
    return Part(graph, b"".join(lines), len(lines))


def batches(sizes: Iterable[tuple[str, int]]) -> Iterator[list[str]]:
    """Graphs in groups of no more than AT_ONCE triples, each at least one graph; `sizes` are its triples."""
    group: list[str] = []
    total = 0
    for name, size in sizes:
        if group and total + size > AT_ONCE:
            yield group
            group, total = [], 0
        group.append(name)
        total += size
    if group:
        yield group
