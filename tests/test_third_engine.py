"""The canned queries in a third engine: Apache Jena, as Debian packages it."""

from __future__ import annotations

import subprocess

import pyoxigraph
import pytest

from benchmarks.validate import JENA_CORE, jena_classpath
from kg import queries
from kg.rdf import parse_lines, serialise
from kg.store import Session
from tests.conftest import IN_CI, tool


@pytest.fixture(scope="session")
def jena(tmp_path_factory: pytest.TempPathFactory, nquads: list[bytes]) -> list[str]:
    """The start of a command line that queries the real graph in a TDB2 store."""
    java = tool("java", "default-jre-headless")
    if not JENA_CORE.exists():
        reason = "Apache Jena is not installed (Debian package libapache-jena-java)"
        if IN_CI:
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("jena")
    command = [java, "-cp", jena_classpath(folder)]
    (folder / "graph.nt").write_bytes(serialise(parse_lines(b"\n".join(nquads)), "ntriples", {}))
    load = [*command, "tdb2.tdbloader", "--loc", str(folder / "tdb"), str(folder / "graph.nt")]
    subprocess.run(load, check=True, capture_output=True)
    return [*command, "tdb2.tdbquery", "--loc", str(folder / "tdb"), "--results", "TSV", "--query"]


def values(rows: object) -> list[list[str | None]]:
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    names = [variable.value for variable in rows.variables]
    return [[None if row[name] is None else str(getattr(row[name], "value", "")) for name in names] for row in rows]


@pytest.mark.slow
@pytest.mark.parametrize("name", queries.names())
def test_jena_gives_the_same_rows(name: str, jena: list[str], store: str) -> None:
    done = subprocess.run([*jena, queries.path(name)], capture_output=True, check=True)
    tsv = pyoxigraph.QueryResultsFormat.TSV
    theirs = values(pyoxigraph.parse_query_results(done.stdout, format=tsv))
    ours = values(
        pyoxigraph.parse_query_results(Session(store).ask(queries.read(name).body).serialise("tsv"), format=tsv)
    )
    assert ours
    assert theirs == ours
