"""The one way to a server over HTTP: one deadline for all of an exchange, no redirects, secrets that stay secret.

A request is tried again with growing pauses when the server asks for it (429, 503), and when it failed (500, 502, 504,
a lost connection) and may be sent twice. A redirect is an error and not followed: the answer would come from somebody
else, and our credentials would go there. Owns httpx.
"""

from __future__ import annotations

import contextlib
import email.utils
import re
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx

import kg
from kg.credentials import HINT, Credentials
from kg.errors import EndpointError

SILENT_HINT = "is the server running, and is the URL right, with its host and port?"
TRUST_HINT = "is it http, not https, or does the server have a certificate that this machine does not trust?"

ASKED_TO_WAIT = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
FAILED = frozenset({HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT})
TRIES = 5
FIRST_PAUSE_SECONDS = 0.5
LARGEST_BYTES = 512 * 2**20
"""Most of an answer that is held in memory."""
EXCERPT = 200
"""Characters that are shown of what a server says about an error."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent: `content` is text already encoded, or an iterable that can be gone through again."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | Iterable[bytes] = b""
    repeatable: bool = True
    """Whether the server is left the same when the request reaches it twice."""


@dataclass(frozen=True, slots=True)
class Response:
    """What came back with a status of success."""

    status: int
    content_type: str
    """The media type alone, in lower case."""
    headers: dict[str, str]
    """By names in lower case."""
    body: bytes


class _Late(Exception):
    """The deadline has passed."""


class Client:
    """A connection to the servers that one command talks to; use as a context manager, by one thread."""

    def __init__(
        self,
        credentials: Credentials | None = None,
        *,
        seconds: float = 60.0,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._credentials, self._seconds, self._wait = credentials or Credentials(), seconds, wait
        self._socket: socket.socket | None = None
        self._is_cut = False
        self._http = httpx.Client(
            auth=_Authentication(self._credentials),
            follow_redirects=False,
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),  # so that _socket is the one in use
            headers={"User-Agent": f"kg/{kg.__version__}"},
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def send(self, request: Request, *, seconds: float | None = None) -> Response:
        """Send a request and read its whole answer. Raises EndpointError for whatever is no success."""
        with self.stream(request, seconds=seconds) as (answer, chunks):
            body = bytearray()
            for chunk in chunks:
                body += chunk
                if len(body) > LARGEST_BYTES:
                    raise EndpointError(f"the answer is larger than {LARGEST_BYTES >> 20} MiB", at=request.url)
            return Response(answer.status, answer.content_type, answer.headers, bytes(body))

    def server(self, url: str) -> str:
        """What a server calls itself (RFC 9110, 10.2.4), whatever it answers; empty when it does not say.

        Raises EndpointError when nothing answers.
        """
        end = time.monotonic() + self._seconds
        try:
            with self._deadline(end), contextlib.closing(self._try(Request("GET", url), end)) as response:
                return str(response.headers.get("server", ""))
        except (httpx.TransportError, _Late) as error:
            raise self._broken(error, url, self._seconds) from None

    @contextlib.contextmanager
    def stream(self, request: Request, *, seconds: float | None = None) -> Iterator[tuple[Response, Iterator[bytes]]]:
        """Send a request; its answer, still without the body, and the pieces of the body as they come.

        `seconds` is the deadline for all of it, repetitions and reading included. Raises EndpointError.
        """
        total = seconds or self._seconds
        end = time.monotonic() + total
        try:
            with self._deadline(end), contextlib.closing(self._answered(request, end)) as response:
                content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
                yield Response(response.status_code, content_type, dict(response.headers), b""), response.iter_bytes()
                if self._is_cut:  # a body without a length seems to end there
                    raise _Late
        except (httpx.TransportError, httpx.StreamError, httpx.DecodingError, _Late) as error:
            raise self._broken(error, request.url, total) from None

    def _broken(self, error: Exception, url: str, seconds: float) -> EndpointError:
        """An exchange that did not come to its end, as a sentence."""
        if self._is_cut or isinstance(error, (httpx.TimeoutException, _Late)):
            what = f"no whole answer came within {seconds:g} seconds"
            hint = "--timeout SECONDS gives it longer; where a command has no such option, KG_ENDPOINT_SECONDS does"
            return EndpointError(what, at=url, hint=hint)
        if isinstance(error, httpx.ConnectError):
            reason = re.sub(r"^\[Errno -?\d+\] ", "", str(error))
            if "SSL" in reason:
                return EndpointError(f"the connection cannot be secured ({reason})", at=url, hint=TRUST_HINT)
            return EndpointError(f"nothing answers there ({reason})", at=url, hint=SILENT_HINT)
        if isinstance(error, httpx.DecodingError):
            return EndpointError("the answer cannot be unpacked", at=url)
        return EndpointError("the connection broke before the answer was whole", at=url)

    @contextlib.contextmanager
    def _deadline(self, end: float) -> Iterator[None]:
        """Cut the connection at the deadline: time-outs of sockets begin anew with each byte."""
        self._is_cut = False
        timer = threading.Timer(max(end - time.monotonic(), 0), self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _cut(self) -> None:
        self._is_cut = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        # TLS puts a socket in the place of the first
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")

    def _answered(self, request: Request, end: float) -> httpx.Response:
        """The first success, with its body still to be read."""
        for attempt in range(TRIES):
            pause = FIRST_PAUSE_SECONDS * 2**attempt
            try:
                response = self._try(request, end)
            except httpx.TransportError:
                if not request.repeatable or not _worth_waiting(attempt, pause, end):
                    raise
            else:
                if response.is_success:
                    return response
                with contextlib.closing(response):
                    pause = max(pause, _retry_after(response.headers.get("retry-after", "")))
                    again = ASKED_TO_WAIT | (FAILED if request.repeatable else frozenset())
                    if response.status_code not in again or not _worth_waiting(attempt, pause, end):
                        raise self._refused(request, response)
            self._wait(pause)
        raise AssertionError("the last try returns or raises")

    def _try(self, request: Request, end: float) -> httpx.Response:
        remaining = end - time.monotonic()
        if remaining <= 0:
            raise _Late
        sent = self._http.build_request(
            request.method,
            request.url,
            headers=request.headers,
            content=request.content or None,
            timeout=remaining,
            extensions={"trace": self._trace},
        )
        return self._http.send(sent, stream=True)

    def _refused(self, request: Request, response: httpx.Response) -> EndpointError:
        """A status that is no success, as a sentence."""
        status = response.status_code
        if response.is_redirect or response.has_redirect_location:
            target = response.headers.get("location", "")
            hint = f"if you trust it, give its own URL: {target}"
            return EndpointError("the server sends us elsewhere, which is not followed", at=request.url, hint=hint)
        if status == HTTPStatus.UNAUTHORIZED:
            known = self._credentials.user or self._credentials.token
            what = "the server does not accept our name and password" if known else "the server wants a password"
            return EndpointError(what, at=request.url, hint=HINT)
        if status == HTTPStatus.FORBIDDEN:
            return EndpointError("the server does not allow this to us", at=request.url, hint=HINT)
        reason = response.reason_phrase or "no reason given"
        said = self._credentials.hidden_in(_excerpt(response))
        return EndpointError(f"the server answered {status} ({reason})" + (f": {said}" if said else ""), at=request.url)


class _Authentication(httpx.Auth):
    """A bearer token at once; a name and password in the way that the server asks for, digest before basic."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._chosen: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """As httpx asks for it."""
        who = self._credentials
        if who.token:
            request.headers["Authorization"] = f"Bearer {who.token}"
        elif who.user and self._chosen:
            yield from self._chosen.auth_flow(request)
            return
        response = yield request
        if response.status_code != HTTPStatus.UNAUTHORIZED or not who.user or who.token:
            return
        wanted = {scheme.partition(" ")[0].lower() for scheme in response.headers.get_list("www-authenticate")}
        if "digest" in wanted:
            self._chosen = httpx.DigestAuth(who.user, who.password)
            flow = self._chosen.auth_flow(request)
            next(flow)  # the request that was just refused
            yield flow.send(response)
        elif "basic" in wanted:
            self._chosen = httpx.BasicAuth(who.user, who.password)
            yield from self._chosen.auth_flow(request)


def _worth_waiting(attempt: int, pause: float, end: float) -> bool:
    """Whether there is another try, and time for it."""
    return attempt < TRIES - 1 and pause < end - time.monotonic()


def _retry_after(value: str) -> float:
    """Seconds that Retry-After asks for (RFC 9110, 10.2.3: seconds or a date); 0 when it does not."""
    if value.isdecimal():
        return float(value)
    try:
        return max(email.utils.parsedate_to_datetime(value).timestamp() - time.time(), 0.0)
    except ValueError:
        return 0.0


def _excerpt(response: httpx.Response) -> str:
    """The beginning of what the server says, on one line; a page of HTML says nothing to people."""
    if "html" in response.headers.get("content-type", ""):
        return ""
    said = b""
    with contextlib.suppress(httpx.HTTPError):
        for chunk in response.iter_bytes():
            said += chunk
            if len(said) > 4 * EXCERPT:
                break
    return " ".join(said.decode(errors="replace").split())[:EXCERPT]
