"""Servers on loopback for tests: one that answers SPARQL over a store in memory, and ones that misbehave."""

from __future__ import annotations

import contextlib
import http.server
import threading
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs

import pyoxigraph

Answer = tuple[int, str, bytes]
"""Status, content type, body."""
JSON = "application/sparql-results+json"


@contextlib.contextmanager
def serving(answer: Callable[[str, bytes, str], Answer]) -> Iterator[str]:
    """The address of a server that answers each request by a function of path, body and content type."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, kind, out = answer(self.path, body, self.headers.get("Content-Type") or "")
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(out)))
            self.end_headers()
            with contextlib.suppress(OSError):  # the client has given up
                self.wfile.write(out)

        do_GET = do_POST  # noqa: N815 - the names that the library looks for

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def sparql(store: pyoxigraph.Store, asked: list[str]) -> Callable[[str, bytes, str], Answer]:
    """Answers to SELECT queries over a store, sent as a form or as they are; each is kept in `asked`."""

    def answer(_: str, body: bytes, kind: str) -> Answer:
        text = body.decode()
        asked.append(parse_qs(text)["query"][0] if "form-urlencoded" in kind else text)
        results = store.query(asked[-1])
        assert isinstance(results, pyoxigraph.QuerySolutions)
        return 200, JSON, results.serialize(format=pyoxigraph.QueryResultsFormat.JSON) or b""

    return answer
