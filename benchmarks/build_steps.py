"""The steps of a cold build without shapes, each with its time and memory, as JSON; for the other benchmarks.

    PYTHONPATH=PROJECT python benchmarks/build_steps.py FOLDER [--reasoner owlrl] [--rounds N]

The project is one that benchmarks/generate.py --turtle made. FOLDER, which must not be there, then holds graph.nq and
index, as a generation of the store does. The steps are those of `kg build`, which runs some of them at once. With
`--rounds`, the load step and bare bulk loading of the same file are run so often, in turn.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pyoxigraph import RdfFormat, Store

from kg import checking, engine, executables, generations, inferring, layout, rdf
from kg.sorting import lines_of, merged, sorted_lines, write_lines

Made = TypeVar("Made")


class Steps:
    """Wall time, processor time, and the most memory, of each step."""

    def __init__(self) -> None:
        self.table: dict[str, dict[str, float]] = {}

    def __call__(self, name: str, work: Callable[[], Made]) -> Made:
        """Run a step and note what it took."""
        with contextlib.suppress(OSError):  # on Linux the peak begins anew; elsewhere it is that of all steps so far
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        before, start = os.times(), time.perf_counter()
        made = work()
        wall, after = time.perf_counter() - start, os.times()
        self.table[name] = {
            "wall": wall,
            "processor": after.user + after.system - before.user - before.system,
            "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
        print(name, self.table[name], file=sys.stderr, flush=True)  # a large build takes an hour
        return made


def bare(graph: Path, index: Path) -> None:
    """Bulk loading with pyoxigraph alone."""
    store = Store(str(index))
    store.bulk_load(path=str(graph), format=RdfFormat.N_QUADS)
    store.flush()


def loads(folder: Path, graph: Path, rounds: int, quads: int) -> list[dict[str, float]]:
    """The load step of kg build and bare loading, in turn: wall and processor seconds of both."""
    found = []
    for _ in range(rounds):
        shutil.rmtree(folder / "index")
        step = Steps()
        step("step", lambda: generations.make_index(folder, quads))
        step("bare", lambda: bare(graph, folder / "bare"))
        shutil.rmtree(folder / "bare")
        found.append({f"{name} {kind}": row[kind] for name, row in step.table.items() for kind in row})
    return found


def size_of(folder: Path) -> int:
    """The bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def worked_out(step: Steps, number: int, reasoner: str, scratch: Path) -> None:
    """Make in a store what follows from the facts, check it there, and write what follows."""
    facts, inferred = scratch / "facts.nq", scratch / "inferred.nq"
    store = step("load the facts", lambda: inferring.work_store(str(facts), number, str(scratch)))
    step("derive", lambda: inferring.to_the_end(store, "derive"))
    if reasoner == "rules" or (not reasoner and number > inferring.LARGEST_FOR_OWLRL):
        step("reason", lambda: inferring.to_the_end(store, "entail"))
    else:
        step("reason", lambda: inferring.by_owlrl(store))
    step("sort what follows", lambda: write_lines(inferring.inferred_lines(store, str(scratch)), inferred))
    step("contradictions", lambda: checking.refuse_contradictions(engine.asking_store(store)))
    step("checks", lambda: checking.findings_in(store, merged(lines_of(facts), lines_of(inferred))))


def run(folder: Path, reasoner: str, rounds: int) -> dict[str, object]:
    """Run the steps and return what they took."""
    step = Steps()
    folder.mkdir(parents=True)
    scratch = folder / "scratch"
    scratch.mkdir()
    facts, inferred, graph = scratch / "facts.nq", scratch / "inferred.nq", folder / "graph.nq"
    files = [path for name in ("ontology", "seeds") for path in layout.walk(layout.data_path(name), ".ttl")]
    step("parse", lambda: write_lines(rdf.project_lines(files), scratch / "parsed.nq"))
    lines = sorted_lines(lines_of(scratch / "parsed.nq"), folder=str(scratch))
    number = step("sort", lambda: write_lines(lines, facts))
    worked_out(step, number, reasoner, scratch)
    whole = merged(lines_of(facts), lines_of(inferred), executables.lines())
    written = step("write", lambda: generations.write_graph(graph, whole))
    shutil.rmtree(scratch)
    step("load and verify", lambda: generations.make_index(folder, int(written["quads"])))
    table = dict(step.table)
    return {
        "facts": number,
        "quads": int(written["quads"]),
        "sha256": written["sha256"],
        "steps": table,
        "peak MB": max(row["peak MB"] for row in table.values()),
        "bytes": {"graph.nq": graph.stat().st_size, "index": size_of(folder / "index")},
        "loads": loads(folder, graph, rounds, int(written["quads"])),
    }


def main() -> None:
    """Read the arguments, run the steps, print what they took."""
    parser = argparse.ArgumentParser(description="Run the steps of a cold build without shapes.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reasoner", choices=["owlrl", "rules"], default="", help="left out, as kg build chooses")
    parser.add_argument("--rounds", type=int, default=0)
    given = parser.parse_args()
    json.dump(run(given.folder, given.reasoner, given.rounds), sys.stdout)


if __name__ == "__main__":
    main()
