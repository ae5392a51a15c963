"""How long each canned query takes: as a whole process against `kg query leading-firms`, and on larger graphs.

    python benchmarks/queries.py                      # the real graph, whole processes, as ratios
    python benchmarks/queries.py --sizes 1,10,100     # generated graphs so many times as large, in one process

On the real graph each round runs every query once, in turn, and the ratio is to leading-firms of the same round. On
generated graphs (benchmarks/generate.py) the columns are milliseconds, the least of three runs, and how the time grew
against how the rows grew. Look-ups, which ask for one thing by its name, come last: their rows do not grow.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyoxigraph

from kg import lookup, queries
from kg.store import Session

HERE = Path(__file__).parent
KG = str(Path(sys.executable).with_name("kg"))
BASELINE = "leading-firms"
CLAIMS_OF_THE_REAL_GRAPH = 500
LOOK_UPS = {"about": "thing", "enterprises": "thing", "statements": "speaker", "organisations": "organisation"}


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
    project, folder = scratch / f"project-{size}", scratch / f"store-{size}"
    claims = str(size * CLAIMS_OF_THE_REAL_GRAPH)
    subprocess.run([sys.executable, HERE / "generate.py", "--claims", claims, "--turtle", project], check=True)
    environment = {**os.environ, "PYTHONPATH": str(project)}
    subprocess.run([sys.executable, HERE / "build_steps.py", folder], check=True, env=environment, capture_output=True)
    larger = Larger(folder / "index")
    print(f"size {size}: {len(larger._store)} quads", file=sys.stderr)
    return larger


def first_thing(session: Session, name: str) -> str:
    """The IRI of one thing that the query may be asked for: it lies in one world and has one row at least."""
    values = queries.read(name).params[LOOK_UPS[name]].values
    kinds = [kind for kind in values.split() if lookup.spaces(kind)] or ["org"]
    for space in lookup.spaces(" ".join(kinds)):
        query = f'SELECT DISTINCT ?t {{ ?t a ?c FILTER(STRSTARTS(STR(?t), "{space}")) }} ORDER BY ?t'
        for row in session.ask(query).rows()[1]:
            iri = getattr(row[0], "value", "")
            if session.ask(queries.bind(queries.read(name), {LOOK_UPS[name]: iri})).rows()[1]:
                return iri
    raise SystemExit(f"nothing to look up with {name}")


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


def growth(sizes: list[int], output: Path | None) -> None:
    """Print how the time of each query grows with the graph."""
    table: dict[str, list[tuple[float, int]]] = {}
    things: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            session = made(size, Path(folder))
            for name in queries.names():
                table.setdefault(name, []).append(timed(session, queries.text(name)))
            for name, param in LOOK_UPS.items():
                things.setdefault(name, first_thing(session, name))
                text = queries.bind(queries.read(name), {param: things[name]})
                table.setdefault(f"{name} --{param}", []).append(timed(session, text))
            timed_ = timed(session, queries.bind(queries.read("named", "lookup"), {"name": "China"}))
            table.setdefault("(a thing by its exact name)", []).append(timed_)
    print("milliseconds (rows) at sizes " + ", ".join(map(str, sizes)) + "; time and rows grew by, first to last")
    for name, cells in table.items():
        (first, rows), (last, more) = cells[0], cells[-1]
        shown = "".join(f"{seconds * 1000:10.1f} ({count})".ljust(20) for seconds, count in cells)
        print(f"  {name:32}{shown}×{last / first:6.1f}  ×{more / max(rows, 1):6.1f}")
    if output:
        output.write_text(json.dumps(table, indent=1), encoding="utf-8")


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="rounds on the real graph")
    parser.add_argument("--sizes", default="", help="generated graphs, in multiples of the real one: 1,10,100")
    parser.add_argument("--json", type=Path, help="write the growth table here as well")
    given = parser.parse_args()
    if given.sizes:
        growth([int(word) for word in given.sizes.split(",")], given.json)
    else:
        whole_processes(given.rounds)


if __name__ == "__main__":
    main()
