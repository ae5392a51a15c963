"""The canned queries on the embedded store and in other engines: whole processes, and warm where an engine can be.

    python -m benchmarks.engines [--queries leading-firms,pmi] [--rounds 3] [--limit 60] [--node DIR]

The data are the real graph: for kg the store as it lies, for the servers what was loaded before, for the others one
file of N-Triples, which each reads anew in every process (Jena: a TDB2 store made before). Whole process: median wall
seconds of the rounds, in turn; a server is asked by `kg query --endpoint`. Warm: the least time of the query alone,
data loaded, in the same process, over HTTP for a server. `rows` says whether an engine gives as many rows as kg; that
they are the same is for benchmarks/equality.py. `plain` is benchmarks/plain.rq, for engines without property paths.

Others take part where they are installed: the Oxigraph server (PyPI oxigraph), Virtuoso (Debian virtuoso-opensource),
Apache Jena (Debian libapache-jena-java), roqet (Debian rasqal-utils), and Comunica (npm install
@comunica/query-sparql-file@4.5 in DIR; 5 needs Node 22).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import rdflib

from benchmarks.scale import machine
from benchmarks.validate import JENA_CORE, jena_classpath
from kg import queries
from kg.endpoint import Endpoint
from kg.store import Session
from tests import servers
from tests.servers import Server

KG = str(Path(sys.executable).with_name("kg"))
PLAIN = str(Path(__file__).with_name("plain.rq"))
QUERIES = "plain,leading-firms,pmi,sme-resumption,operating-rates,organisations,statements,figures,about"
RDFLIB = """
import sys, rdflib
graph = rdflib.Graph().parse(sys.argv[1], format="nt")
for row in graph.query(open(sys.argv[2], encoding="utf-8").read()):
    print("\\t".join("" if term is None else term.n3().replace("\\n", "\\\\n") for term in row))
"""
ROUNDS_WARM = 5
SERVERS: dict[str, Callable[[Path], Server]] = {
    "Oxigraph server": lambda folder: servers.oxigraph(folder, union=True),
    "Virtuoso": servers.virtuoso,
}


@dataclass(frozen=True, slots=True)
class Engine:
    """How an engine is asked."""

    command: Callable[[str], list[str]]
    """The process that prints the rows of the query of this name."""
    heads: int
    """Lines of its output before the rows."""
    warm: Callable[[str], float] | None = None
    """Seconds of the query alone."""


def least(ask: Callable[[], object]) -> float:
    """The least of some times, in seconds."""
    taken = []
    for _ in range(ROUNDS_WARM):
        start = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - start)
    return min(taken)


def file_of(name: str) -> str:
    """The file of a query."""
    return PLAIN if name == "plain" else queries.path(name)


def text_of(name: str) -> str:
    """The text of a query."""
    return Path(file_of(name)).read_text(encoding="utf-8")


def with_kg(name: str, *options: str) -> list[str]:
    """The command that answers a canned query, or any other."""
    given = ["sparql", PLAIN] if name == "plain" else ["query", name]
    return [KG, *given, "--format", "tsv", *options]


def asking(engine: Session | Endpoint, *options: str) -> Engine:
    """An engine that kg asks, with the options that name it."""
    warm = lambda name: least(lambda: engine.ask(text_of(name)).serialise("tsv"))  # noqa: E731
    return Engine(lambda name: with_kg(name, *options), 1, warm)


def started(stack: ExitStack, scratch: Path) -> dict[str, Server]:
    """The servers that are installed, each with the graph in it; the stack stops them."""
    lines = subprocess.run([KG, "export", "--format", "nquads"], check=True, capture_output=True).stdout.splitlines()
    found = {}
    for name, make in SERVERS.items():
        folder = scratch / name
        folder.mkdir()
        try:
            server = make(folder)
        except (pytest.skip.Exception, pytest.fail.Exception) as missing:  # as a test is skipped, or fails in CI
            print(f"{name} takes no part: {missing}", file=sys.stderr)
            continue
        stack.enter_context(servers.running(server))
        servers.fill(server, lines)
        found[name] = server
    return found


def here(data: Path, scratch: Path, node: Path | None) -> dict[str, Engine]:
    """The engines that are installed; the data are N-Triples."""
    graph = rdflib.Graph().parse(data, format="nt")
    found = {
        "kg": asking(Session(quiet=True)),
        "rdflib": Engine(
            lambda name: [sys.executable, "-c", RDFLIB, str(data), file_of(name)],
            0,
            lambda name: least(lambda: list(graph.query(text_of(name)))),
        ),
    }
    if JENA_CORE.exists():
        java = ["java", "-cp", jena_classpath(scratch)]
        place = str(scratch / "tdb")
        subprocess.run([*java, "tdb2.tdbloader", "--loc", place, str(data)], check=True, capture_output=True)
        jena = [*java, "tdb2.tdbquery", "--loc", place, "--results", "TSV", "--query"]
        found["Jena"] = Engine(lambda name: [*jena, file_of(name)], 1, lambda name: repeated(jena, name))
    if roqet := shutil.which("roqet"):
        options = [roqet, "-q", "-i", "sparql", "-r", "tsv", "-F", "ntriples", "-D", str(data)]
        found["roqet"] = Engine(lambda name: [*options, file_of(name)], 1)
    comunica = Path(node or "", "node_modules/.bin/comunica-sparql-file")
    if comunica.exists():
        options_of = ["-t", "text/tab-separated-values"]
        found["Comunica"] = Engine(lambda name: [str(comunica), str(data), "-f", file_of(name), *options_of], 1)
    return found


def repeated(jena: list[str], name: str) -> float:
    """Jena's own time for a query that it runs again and again in one process."""
    command = [*jena, file_of(name), "--time", f"--repeat=2,{ROUNDS_WARM}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    times = re.findall(r"Time: ([\d.]+) sec", done.stdout + done.stderr)
    return min(map(float, times)) if times else float("nan")


def asked(engine: Engine, name: str, limit: float) -> tuple[float, int | None]:
    """Seconds of a whole process, and the number of its rows; None when it failed or took too long."""
    start = time.perf_counter()
    try:
        done = subprocess.run(engine.command(name), capture_output=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return limit, None
    taken = time.perf_counter() - start
    rows = len(done.stdout.splitlines()) - engine.heads
    return taken, None if done.returncode or rows < 0 else rows


def compare(name: str, every: dict[str, Engine], rounds: int, limit: float) -> None:
    """Print how long each engine takes for a query, the quickest first."""
    taken: dict[str, list[float]] = {engine: [] for engine in every}
    rows: dict[str, int | None] = {}
    for _ in range(rounds):
        for engine, how in every.items():
            if engine not in rows or rows[engine] is not None:  # what cannot do it is not asked again
                seconds, rows[engine] = asked(how, name, limit)
                taken[engine].append(seconds)
    print(f"\n{name}: {rows['kg']} rows\n  {'':16}{'process s':>10}{'/ kg':>8}{'warm ms':>10}  rows")
    base = statistics.median(taken["kg"])
    for engine in sorted(every, key=lambda engine: (rows[engine] is None, statistics.median(taken[engine]))):
        if rows[engine] is None:
            print(f"  {engine:16}{'-':>10}{'-':>8}{'-':>10}  it cannot, or not within {limit:.0f} s")
            continue
        median, warm = statistics.median(taken[engine]), every[engine].warm
        shown = f"{warm(name) * 1000:10.1f}" if warm else f"{'-':>10}"
        agrees = "as kg" if rows[engine] == rows["kg"] else f"{rows[engine]}"
        print(f"  {engine:16}{median:10.2f}{median / base:8.1f}{shown}  {agrees}", flush=True)


def main() -> None:
    """Read the arguments and compare the engines."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--queries", default=QUERIES, help="names of canned queries, with commas between")
    parser.add_argument("--rounds", type=int, default=3, help="whole processes of each, in turn")
    parser.add_argument("--limit", type=float, default=60, help="seconds that a process may take")
    parser.add_argument("--node", type=Path, help="folder with node_modules")
    given = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        data = Path(folder, "graph.nt")
        subprocess.run([KG, "export", "--format", "ntriples", "--output", str(data), "--quiet"], check=True)
        every = here(data, Path(folder), given.node)
        for name, server in started(stack, Path(folder)).items():
            every[name] = asking(Endpoint(server.query), "--endpoint", server.query)
        print(f"{os.path.getsize(data) / 2**20:.0f} MB of N-Triples; engines: {', '.join(every)}")
        for name in given.queries.split(","):
            compare(name, every, given.rounds, given.limit)


if __name__ == "__main__":
    main()
