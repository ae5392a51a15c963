"""Real triple stores on loopback, started for the tests and stopped after: Virtuoso 7 and the Oxigraph server."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from kg.credentials import Credentials
from kg.web import Client, Request
from tests.conftest import tool

VIRTUOSO_INI = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx

[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
; the search for the best plan of a canned query takes longer than any plan
StopCompilerWhenXOverRunTime = 1
MaxOptimizeLayouts = 20

[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 10
MaxClientConnections = 10

[SPARQL]
; the package allows 10,000 rows and 60 seconds, too little for the canned queries, and an estimate of 400: where a
; pattern finds nothing, Virtuoso may estimate more than any limit
ResultSetMaxRows = 10000000
MaxQueryExecutionTime = 600
"""
STARTS_WITHIN_SECONDS = 60


@dataclass
class Server:
    """A store that runs: its endpoints, and who may write."""

    name: str
    folder: Path
    port: int
    query: str
    update: str
    graph_store: str
    user: str
    password: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        """Where `kg` finds the password."""
        return {"KG_ENDPOINT_USER": self.user, "KG_ENDPOINT_PASSWORD": self.password} if self.user else {}

    def start(self) -> None:
        """Start the server and wait until it answers; also after `kill`."""
        with (self.folder / "output").open("ab") as output:
            self.process = subprocess.Popen(self.command, cwd=self.folder, stdout=output, stderr=output)
        end = time.monotonic() + STARTS_WITHIN_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{self.name} does not start: {(self.folder / 'output').read_text()[-2000:]}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.query}?query=ASK%7B%7D", timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """End the server as a power failure would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the server in good order."""
        self._end(signal.SIGTERM)

    def _end(self, how: int) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=STARTS_WITHIN_SECONDS)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        server.kill()


def oxigraph(folder: Path, *, read_only: bool = False, union: bool = False) -> Server:
    """An Oxigraph server over a database in `folder`; skips the test where it is not installed."""
    beside = Path(sys.executable).with_name("oxigraph")
    program = str(beside) if beside.exists() else tool("oxigraph", "none; PyPI oxigraph")
    port = free_port()
    place = ["--location", str(folder / "data"), "--bind", f"127.0.0.1:{port}"]
    command = [program, "serve-read-only" if read_only else "serve", *place]
    base = f"http://127.0.0.1:{port}"
    return Server(
        "oxigraph",
        folder,
        port,
        f"{base}/query",
        f"{base}/update",
        f"{base}/store",
        "",
        "",
        [*command, *(["--union-default-graph"] if union else [])],
    )


def virtuoso(folder: Path) -> Server:
    """A Virtuoso over a new database in `folder`; skips the test where it is not installed."""
    program = tool("virtuoso-t", "virtuoso-opensource")
    port, password = free_port(), "ein Wort: 9!"
    (folder / "virtuoso.ini").write_text(VIRTUOSO_INI.format(port=port, sql_port=free_port()), encoding="ascii")
    command = [program, "+foreground", "+configfile", "virtuoso.ini"]
    first = [*command, "+checkpoint-only", "+pwdold", "dba", "+pwddba", password, "+pwddav", password]
    subprocess.run(first, cwd=folder, check=True, capture_output=True)
    base = f"http://127.0.0.1:{port}"
    return Server(
        "virtuoso",
        folder,
        port,
        f"{base}/sparql",
        f"{base}/sparql-auth",
        f"{base}/sparql-graph-crud-auth",
        "dba",
        password,
        command,
    )


def fill(server: Server, lines: list[bytes]) -> None:
    """Put each graph into the server by the Graph Store Protocol."""
    graphs: dict[bytes, list[bytes]] = {}
    for line in lines:
        triple, _, graph = line.removesuffix(b" .").rpartition(b" ")
        graphs.setdefault(graph[1:-1], []).append(triple + b" .")
    with Client(Credentials(server.user, server.password)) as client:
        # Virtuoso hangs up on a large body that comes without its digest, so that a small one goes first
        for graph, triples in sorted(graphs.items(), key=lambda item: len(item[1])):
            url = f"{server.graph_store}?graph={quote(graph, safe='')}"
            client.send(Request("PUT", url, {"Content-Type": "text/turtle"}, b"\n".join(triples)))
