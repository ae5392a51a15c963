"""The canned queries in a third engine: Apache Jena, as Debian packages it."""

from __future__ import annotations

import re
import subprocess
import zipfile
from pathlib import Path

import pyoxigraph
import pytest

from kg import queries
from kg.rdf import parse_lines, serialise
from kg.store import Session
from tests.conftest import IN_CI, tool

JARS = Path("/usr/share/java")
NEEDED = re.compile(
    r"(jena-[a-z0-9-]+|guava|failureaccess|slf4j-(api|simple)|commons-[a-z0-9]+|thrift|dexx\.collection|caffeine"
    r"|protobuf[a-z-]*|jsonld-java|gson|jackson-[a-z]+|httpclient[a-z5]*|httpcore[a-z5]*)\.jar"
)


@pytest.fixture(scope="session")
def jena(tmp_path_factory: pytest.TempPathFactory, nquads: list[bytes]) -> list[str]:
    """The start of a command line that queries the real graph in a TDB2 store."""
    java = tool("java", "default-jre-headless")
    core = JARS / "jena-core.jar"
    if not core.exists():
        reason = "Apache Jena is not installed (Debian package libapache-jena-java)"
        if IN_CI:
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("jena")
    # Debian's jar keeps the messages of its XML parser where the parser does not look
    with zipfile.ZipFile(core) as archive:
        for name in archive.namelist():
            if name.startswith("org/apache/jena/ext/xerces/") and not name.endswith("/"):
                target = folder / name.replace("org/apache/jena/ext/", "")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(name))
    jars = [str(path) for path in sorted(JARS.glob("*.jar")) if NEEDED.fullmatch(path.name)]
    command = [java, "-cp", ":".join([*jars, str(folder)])]
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
