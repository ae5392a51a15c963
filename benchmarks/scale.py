"""How a build and the canned queries grow with the graph, step by step, and the load step against bare bulk loading.

    python -m benchmarks.scale [--quads 10000,100000,1000000] [--rounds 3] [--scratch DIR]

For each size a project is generated (benchmarks/generate.py) and built in a process of its own, without the shapes
(benchmarks/build_steps.py). A size is the number of facts; with what follows from them the finished graph, which the
load step loads, has some 2.1 times as many quads. Times are wall and processor seconds; memory is the most that the
whole process held during a step, the operating system's cache of files left out. `bare / step` is the time of bare
pyoxigraph bulk loading of the same file over that of the load step, which also orders the index anew and counts it;
the median of the rounds, in turn. Canned queries run on the index as it lies on the disk, each three times, the least
counts.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.queries import Larger, Timings, show_growth, timings

HERE = Path(__file__).parent
ADVICE = {
    "parse": "a parser that writes N-Quads without making Python objects",
    "sort": "the sort of the operating system, on both processors",
    "load the facts": "none: bare bulk loading, in memory on one processor",
    "derive": "rounds that look only at what the round before made",
    "reason": "rounds that look only at what the round before made",
    "sort what follows": "as sort",
    "contradictions": "none: a fraction of a second for each million",
    "checks": "checks side by side, on both processors",
    "write": "as sort",
    "load and verify": "leaving out the new order of the index: queries then take longer",
}
"""What would make each step faster."""


def machine() -> str:
    """The machine and the versions that the numbers come from."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} processors, {memory:.0f} GB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, pyoxigraph {version('pyoxigraph')}; load at the start {load:.1f}"
    )


def built(quads: int, rounds: int, scratch: Path) -> dict[str, Any]:
    """The report of the steps of a build of this size, and the folder that it made."""
    project, folder = scratch / f"project-{quads}", scratch / f"store-{quads}"
    generate = [sys.executable, str(HERE / "generate.py"), "--quads", str(quads), "--turtle", str(project)]
    subprocess.run(generate, check=True)
    steps = [sys.executable, str(HERE / "build_steps.py"), str(folder), "--rounds", str(rounds)]
    done = subprocess.run(steps, check=True, capture_output=True, env={**os.environ, "PYTHONPATH": str(project)})
    report: dict[str, Any] = json.loads(done.stdout)
    return {**report, "folder": folder}


def show(quads: int, report: dict[str, Any]) -> None:
    """Print the table of one size."""
    steps = report["steps"]
    total = sum(row["wall"] for row in steps.values())
    print(f"\n## {quads:,} quads asked for: {report['facts']:,} facts, {report['quads']:,} quads with what follows\n")
    print(f"  {'step':20}{'wall s':>9}{'share':>7}{'processor s':>13}{'peak MB':>9}  what would make it faster")
    for name, row in steps.items():
        share = row["wall"] / total
        numbers = f"{row['wall']:9.1f}{share:7.2f}{row['processor']:13.1f}{row['peak MB']:9,.0f}"
        print(f"  {name:20}{numbers}  {ADVICE[name]}")
    processor = sum(row["processor"] for row in steps.values())
    print(f"  {'whole build':20}{total:9.1f}{1:7.2f}{processor:13.1f}{report['peak MB']:9,.0f}")
    size = report["bytes"]
    print(f"  on the disk: graph.nq {size['graph.nq'] / 2**20:,.0f} MB, index {size['index'] / 2**20:,.0f} MB")
    if report["loads"]:
        show_loads(report["loads"])


def show_loads(rounds: list[dict[str, float]]) -> None:
    """Print how bare bulk loading stands to the load step."""
    for kind in ("wall", "processor"):
        bare, step = (statistics.median(row[f"{which} {kind}"] for row in rounds) for which in ("bare", "step"))
        ratio = statistics.median(row[f"bare {kind}"] / row[f"step {kind}"] for row in rounds)
        print(f"  load step, {kind}: bare pyoxigraph {bare:.1f} s, step {step:.1f} s, bare / step {ratio:.2f}")


def main() -> None:
    """Read the arguments, build each size, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quads", default="10000,100000,1000000", help="sizes, in facts: 10000,100000,1000000")
    parser.add_argument("--rounds", type=int, default=3, help="how often the load step and bare loading run, in turn")
    parser.add_argument("--scratch", type=Path, help="where the graphs are made [default: the temporary folder]")
    parser.add_argument("--no-queries", action="store_true", help="leave the canned queries out")
    given = parser.parse_args()
    print(machine())
    table: dict[int, Timings] = {}
    things: dict[str, str | None] = {}
    with tempfile.TemporaryDirectory(dir=given.scratch) as folder:
        for quads in map(int, given.quads.split(",")):
            report = built(quads, given.rounds, Path(folder))
            show(quads, report)
            if not given.no_queries:
                table[quads] = timings(Larger(report["folder"] / "index"), things)
    if table:
        print("\n## Canned queries on the index\n")
        show_growth(table)


if __name__ == "__main__":
    main()
