"""How long each canned query takes: as a whole process against `kg query leading-firms`, and on larger graphs.

    python benchmarks/queries.py                      # the real graph, whole processes, as ratios
    python benchmarks/queries.py --sizes 1,10,100     # generated graphs so many times as large, in one process
    python benchmarks/queries.py --sizes 1,100,1000 --look-ups      # without the lists, which take their time

On the real graph each round runs every query once, in turn, and the ratio is to leading-firms of the same round. On
generated graphs (benchmarks/generate.py) the columns are milliseconds, the least of three runs, and how the time grew
against how the rows grew. A query with a thing as parameter is asked for one thing of one world as well: where its
rows do not grow, its time should not. Worlds share places, industries, technologies and indicators: what is asked of
those grows with the worlds, as lists do. What is larger than a hundred times is not built anew: the worlds of the
graph of a hundred are copied under other numbers, with all that follows from them.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyoxigraph

from kg import bulk, lookup, queries
from kg.store import Session

HERE = Path(__file__).parent
KG = str(Path(sys.executable).with_name("kg"))
BASELINE = "leading-firms"
CLAIMS_OF_THE_REAL_GRAPH = 500
LARGEST_BUILT = 100
NUMBER = re.compile(rb"(?<=[a-z]-)([0-9]+)(?=[/>])")
"""The number of a world in the name of a thing or a graph."""
OF_ONE_WORLD = re.compile(r"-[0-9]+(/|$)")
"""How the name of a thing ends that only one world has (benchmarks/generate.py)."""


def whole_processes(rounds: int) -> None:
    """Print the ratio of each query to the baseline, worst last."""
    names = queries.names()
    taken: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds + 1):  # the first warms up
        for name in names:
            start = time.perf_counter()
            subprocess.run([KG, "query", name, "--format", "tsv"], check=True, capture_output=True)
            taken[name].append(time.perf_counter() - start)
    base = taken[BASELINE]
    ratios = {
        name: statistics.median(mine / other for mine, other in list(zip(taken[name], base, strict=True))[1:])
        for name in names
    }
    print(f"whole process, TSV, median of {rounds} rounds; {BASELINE} = 1 ({min(base) * 1000:.0f} ms at best)")
    for name, ratio in sorted(ratios.items(), key=lambda item: item[1]):
        print(f"  {name:22}{ratio:6.2f}")


class Larger(Session):
    """A session on a store that this benchmark made."""

    def __init__(self, directory: Path) -> None:
        self.directory, self.quiet = str(directory), True
        self._store = pyoxigraph.Store.read_only(str(directory))


def made(size: int, scratch: Path) -> Larger:
    """The generated graph of this size in a store on the disk, with what follows from it."""
    folder = built(min(size, LARGEST_BUILT), scratch)
    if size > LARGEST_BUILT:
        folder = multiplied(folder, -(-size // LARGEST_BUILT))
    larger = Larger(folder / "index")
    print(f"size {size}: {len(larger._store)} quads", file=sys.stderr)
    return larger


def built(size: int, scratch: Path) -> Path:
    """The folder with the graph of this size and its index, which are made unless they are there."""
    project, folder = scratch / f"project-{size}", scratch / f"store-{size}"
    if not folder.exists():
        claims = str(size * CLAIMS_OF_THE_REAL_GRAPH)
        subprocess.run([sys.executable, HERE / "generate.py", "--claims", claims, "--turtle", project], check=True)
        environment = {**os.environ, "PYTHONPATH": str(project)}
        subprocess.run(
            [sys.executable, HERE / "build_steps.py", folder], check=True, env=environment, capture_output=True
        )
    return folder


def multiplied(folder: Path, times: int) -> Path:
    """A folder with an index of so many copies of the worlds of a graph.

    No two worlds have a thing in common that is not common to all, and rules follow from what is said of things: what
    follows in a copy is a copy of what follows.
    """
    many = folder.with_name(f"{folder.name}-times-{times}")
    many.mkdir()
    lines = many / "graph.nq"
    with (folder / "graph.nq").open("rb") as one, lines.open("wb") as copies:
        for line in one:
            copies.write(line)
            if NUMBER.search(line):
                copies.writelines(renumbered(line, copy) for copy in range(1, times))
    store = pyoxigraph.Store(str(many / "index"))
    bulk.load(store, lines)
    store.optimize()
    lines.unlink()
    return many


def renumbered(line: bytes, copy: int) -> bytes:
    """A line of a world as the copy of this number has it."""
    return NUMBER.sub(rb"%d0000\1" % copy, line)


THINGS = "SELECT DISTINCT ?t { ?t a ?class FILTER(STRSTARTS(STR(?t), 'https://w3id.org/icr/')) }"


def look_ups() -> list[tuple[str, str]]:
    """Each query with each of its parameters that is a thing."""
    return [
        (n, param.name) for n in queries.names() for param in queries.read(n).params.values() if param.type == "iri"
    ]


def thing_asked_for(session: Session, name: str, param: str) -> str | None:
    """The IRI of a thing for which the query has a row: of one world where there is such a thing; None without any."""
    found = (getattr(row[0], "value", "") for row in session.ask(THINGS).rows()[1])
    things = [thing for thing in found if lookup.is_thing(thing)]
    query = queries.read(name)
    kinds = tuple(lookup.spaces(query.params[param].values))
    asked = [thing for thing in things if thing.startswith(kinds)] if kinds else things
    for thing in sorted(asked, key=lambda thing: (not OF_ONE_WORLD.search(thing), thing)):
        if session.ask(queries.bind(query, {param: thing})).rows()[1]:
            return thing
    return None


def timed(session: Session, text: str) -> tuple[float, int]:
    """The least of three times in seconds, and the number of rows."""
    best, rows = float("inf"), 0
    for _ in range(3):
        start = time.perf_counter()
        rows = len(session.ask(text).rows()[1])
        best = min(best, time.perf_counter() - start)
        if best > 20:
            break
    return best, rows


Timings = dict[str, tuple[float, int]]
"""Seconds and number of rows of what was asked."""


def timings(session: Session, things: dict[str, str | None], lists: bool = True) -> Timings:
    """How long each canned query takes (if lists are wanted), each look-up of one thing, and one by an exact name.

    `things` keeps which thing a look-up asks for, so that all sizes are asked for the same.
    """
    found = {name: timed(session, queries.text(name)) for name in queries.names()} if lists else {}
    for name, param in look_ups():
        asked = f"{name} --{param}"
        if asked not in things:
            things[asked] = thing_asked_for(session, name, param)
        if thing := things[asked]:
            found[asked] = timed(session, queries.bind(queries.read(name), {param: thing}))
    by_name = queries.bind(queries.read("named", "lookup"), {"name": "China"})
    return {**found, "(a thing by its exact name)": timed(session, by_name)}


def show_growth(table: dict[int, Timings]) -> None:
    """Print how time and rows of each query grow with the graph; the sizes of the table begin with the smallest."""
    print("milliseconds (rows) at sizes " + ", ".join(f"{size:,}" for size in table), end="")
    print("; time and rows grew by, first to last")
    for name in table[max(table)]:
        cells = [asked[name] for asked in table.values()]
        shown = "".join(f"{seconds * 1000:10.1f} ({rows})".ljust(20) for seconds, rows in cells)
        (first, rows), (last, more) = cells[0], cells[-1]
        print(f"  {name:32}{shown}×{last / first:6.1f}  ×{more / max(rows, 1):6.1f}")


def growth(sizes: list[int], lists: bool, output: Path | None) -> None:
    """Measure how the time of each query grows with the graph, and print it."""
    things: dict[str, str | None] = {}
    with tempfile.TemporaryDirectory() as folder:
        table = {size: timings(made(size, Path(folder)), things, lists) for size in sizes}
    show_growth(table)
    if output:
        output.write_text(json.dumps(table, indent=1), encoding="utf-8")


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="rounds on the real graph")
    parser.add_argument("--sizes", default="", help="generated graphs, in multiples of the real one: 1,10,100")
    parser.add_argument("--look-ups", action="store_true", help="on generated graphs, leave the lists out")
    parser.add_argument("--json", type=Path, help="write the growth table here as well")
    given = parser.parse_args()
    if given.sizes:
        growth([int(word) for word in given.sizes.split(",")], not given.look_ups, given.json)
    else:
        whole_processes(given.rounds)


if __name__ == "__main__":
    main()
