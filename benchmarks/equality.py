"""Whether every engine gives the same rows: each canned query, with its golden parameters, as a table.

    python -m benchmarks.equality

Rows are compared in their order, by the normalisation of literals that kg/normal.py documents. The tests hold the same
(tests/test_equality.py, tests/test_every_query.py, tests/test_third_engine.py); this prints it. Servers take part where
they are installed, Apache Jena as well (see benchmarks/engines.py).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pyoxigraph
import rdflib

from benchmarks.engines import KG, started
from benchmarks.scale import machine
from benchmarks.validate import JENA_CORE, jena_classpath
from kg import lookup
from kg.endpoint import Endpoint
from kg.normal import normalised
from kg.store import Session
from tests.test_equality import CASES

Rows = list[list[str]]
Asked = Callable[[str], Rows]
"""The rows that an engine gives to the text of a query."""


def rows_of(body: bytes, form: pyoxigraph.QueryResultsFormat) -> Rows:
    """The rows of a result as an engine writes it."""
    found = pyoxigraph.parse_query_results(body, form)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    return [[normalised(row[variable]) for variable in found.variables] for row in found]


def embedded(session: Session | Endpoint) -> Asked:
    """What kg asks, here or at an endpoint."""
    return lambda text: [[normalised(term) for term in row] for row in session.ask(text).rows()[1]]


def by_rdflib(data: Path) -> Asked:
    """rdflib, with the graph in memory."""
    graph = rdflib.Graph().parse(data, format="nt")
    json = pyoxigraph.QueryResultsFormat.JSON
    return lambda text: rows_of(graph.query(text).serialize(format="json") or b"", json)


def by_jena(data: Path, scratch: Path) -> Asked:
    """Apache Jena, a process for each query."""
    java = ["java", "-cp", jena_classpath(scratch)]
    place = str(scratch / "tdb")
    subprocess.run([*java, "tdb2.tdbloader", "--loc", place, str(data)], check=True, capture_output=True)
    file = scratch / "query.rq"

    def ask(text: str) -> Rows:
        file.write_text(text, encoding="utf-8")
        command = [*java, "tdb2.tdbquery", "--loc", place, "--results", "TSV", "--query", str(file)]
        done = subprocess.run(command, check=True, capture_output=True)
        return rows_of(done.stdout, pyoxigraph.QueryResultsFormat.TSV)

    return ask


def compare(every: dict[str, Asked], session: Session) -> int:
    """Print a line for each case, and return in how many an engine gives other rows."""
    print(f"| query | rows | {' | '.join(every)} |\n|---|---|{'---|' * len(every)}")
    here, different, same = embedded(session), 0, dict.fromkeys(every, 0)
    for name, params in CASES:
        text = lookup.bound(session, name, params)
        expected = here(text)
        cells = []
        for engine, ask in every.items():
            found = ask(text)
            same[engine] += found == expected
            cells.append("same" if found == expected else f"**other** ({len(found)} rows)")
        different += any(cell != "same" for cell in cells)
        given = "".join(f" --{key.replace('_', '-')} {value}" for key, value in params.items())
        print(f"| {name}{given} | {len(expected)} | {' | '.join(cells)} |", flush=True)
    print(f"\nthe same rows in {len(CASES)} cases: {', '.join(f'{engine} {count}' for engine, count in same.items())}")
    return different


def main() -> int:
    """Compare the engines that are installed; 1 when one gives other rows."""
    print(f"{machine()}\n")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        scratch = Path(folder)
        data = scratch / "graph.nt"
        subprocess.run([KG, "export", "--format", "ntriples", "--output", str(data), "--quiet"], check=True)
        every = {"rdflib": by_rdflib(data)}
        if JENA_CORE.exists():
            every["Jena"] = by_jena(data, scratch)
        every |= {name: embedded(Endpoint(server.query)) for name, server in started(stack, scratch).items()}
        return int(compare(every, Session(quiet=True)) > 0)


if __name__ == "__main__":
    sys.exit(main())
