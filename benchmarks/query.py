"""How long `kg query leading-firms` takes as a whole process, against an empty Python and against rdflib.

    python benchmarks/query.py [ROUNDS]

Every round runs each command once, in turn, so that a slow moment of the machine strikes all of them alike.
What counts is the ratio to `python -c pass` of the same round; its median is printed, and the quietest time.
"""

from __future__ import annotations

import argparse
import os
import pty
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

QUERY = Path(__file__).parent.parent / "queries/answer/leading-firms.rq"
KG = str(Path(sys.executable).with_name("kg"))
RDFLIB = """
import sys, rdflib
graph = rdflib.Graph()
graph.parse(sys.argv[1], format="turtle")
for row in graph.query(open(sys.argv[2], encoding="utf-8").read()):
    print("\\t".join("" if term is None else term.n3() for term in row))
"""


def seconds(command: list[str], *, terminal: bool = False) -> float:
    """Seconds of one run of a command from start to end, its output read and thrown away."""
    if not terminal:
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        return time.perf_counter() - start
    leader, follower = pty.openpty()
    reader = threading.Thread(target=drain, args=(leader,), daemon=True)
    reader.start()
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=follower, env={**os.environ, "COLUMNS": "400"})
    taken = time.perf_counter() - start
    os.close(follower)
    reader.join(timeout=5)
    return taken


def drain(handle: int) -> None:
    """Read a terminal until it closes."""
    try:
        while os.read(handle, 65536):
            pass
    except OSError:
        os.close(handle)


def main() -> None:
    """Run the rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rounds", nargs="?", type=int, default=15, help="how often each command runs (15)")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        turtle = str(Path(folder, "graph.ttl"))
        subprocess.run([KG, "export", "--format", "turtle", "--output", turtle, "--quiet"], check=True)
        commands: dict[str, tuple[list[str], bool]] = {
            "python -c pass": ([sys.executable, "-c", "pass"], False),
            "kg query leading-firms --format tsv": ([KG, "query", "leading-firms", "--format", "tsv"], False),
            "kg query leading-firms, a table on a wide terminal": ([KG, "query", "leading-firms"], True),
            "the same query by rdflib from Turtle": ([sys.executable, "-c", RDFLIB, turtle, str(QUERY)], False),
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for number in range(rounds + 1):
            for name, (command, terminal) in commands.items():
                taken = seconds(command, terminal=terminal)
                if number:  # the first round only warms the caches
                    times[name].append(taken)
    empty = times["python -c pass"]
    print(f"{rounds} rounds; ratio to python -c pass of the same round\n")
    print(f"{'':48}{'median ratio':>14}{'least ms':>10}")
    for name, taken in times.items():
        ratio = statistics.median(t / e for t, e in zip(taken, empty, strict=True))
        print(f"{name:48}{ratio:14.1f}{min(taken) * 1000:10.0f}")
    ours, theirs = times["kg query leading-firms --format tsv"], times["the same query by rdflib from Turtle"]
    print(f"\nrdflib / kg: {statistics.median(t / o for t, o in zip(theirs, ours, strict=True)):.1f}")


if __name__ == "__main__":
    main()
