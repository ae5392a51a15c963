"""A server on loopback that behaves as badly as a test wants, alone or in front of a real one."""

from __future__ import annotations

import http.client
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.servers import Server

Behaviour = Callable[["Handler"], None]
PASSED_ON = ("Accept", "Authorization", "Content-Type")
PASSED_BACK = ("Content-Type", "WWW-Authenticate")


class Handler(BaseHTTPRequestHandler):
    """Does what its server's behaviour says, and notes what came."""

    server: Hostile
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        body = self._body()
        self.server.seen.append((self.command, self.headers.get("Authorization", ""), body))
        self.server.behaviour(self)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    do_GET = do_POST = do_PUT = answer  # noqa: N815 - the names that the library looks for

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Type": "text/plain", "Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


class Hostile(ThreadingHTTPServer):
    daemon_threads = True
    behaviour: Behaviour

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[tuple[str, str, bytes]] = []
        self.url = f"http://127.0.0.1:{self.server_port}/query"
        self.closing = threading.Event()

    def handle_error(self, *_: object) -> None:
        """A client that left is no news."""


@contextmanager
def hostile(behaviour: Behaviour, secured: ssl.SSLContext | None = None) -> Iterator[Hostile]:
    with Hostile() as server:
        server.behaviour = behaviour
        if secured:
            server.socket = secured.wrap_socket(server.socket, server_side=True)
            server.url = f"https://localhost:{server.server_port}/query"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()


def in_turn(*behaviours: Behaviour) -> Behaviour:
    rest = list(behaviours)
    return lambda handler: (rest.pop(0) if len(rest) > 1 else rest[0])(handler)


def drip(handler: Handler) -> None:
    """One byte at a time, for ever: no read ever takes long."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/plain")
    handler.send_header("Connection", "close")
    handler.end_headers()
    while not handler.server.closing.wait(0.02):
        handler.wfile.write(b"x")


def drip_head(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not handler.server.closing.wait(0.02):
        handler.wfile.write(b"x")


def hang(handler: Handler) -> None:
    handler.server.closing.wait(20)


def half(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"x" * 500)
    handler.close_connection = True


def half_head(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 O")
    handler.close_connection = True


def fine(handler: Handler) -> None:
    handler.reply(200, b"fine")


def forward(handler: Handler, to: Server) -> None:
    """What a real server answers to the request."""
    headers = {name: value for name in PASSED_ON if (value := handler.headers.get(name))}
    with closing(http.client.HTTPConnection("127.0.0.1", to.port, timeout=60)) as connection:
        connection.request(handler.command, handler.path, handler.server.seen[-1][2], headers)
        response = connection.getresponse()
        body = response.read()
    kept = {name.replace("-", "_"): value for name in PASSED_BACK if (value := response.getheader(name))}
    handler.reply(response.status, body, **kept)


def in_front_of(to: Server, fault: Behaviour, wrong: Callable[[Handler, int], bool]) -> Behaviour:
    """A real server, but for the requests that are `wrong`: by what they are, and their number from 1."""

    def behaviour(handler: Handler) -> None:
        if wrong(handler, len(handler.server.seen)):
            fault(handler)
        else:
            forward(handler, to)

    return behaviour
