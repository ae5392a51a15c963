"""The one way to a server, held against servers that behave badly."""

from __future__ import annotations

import base64
import logging
import ssl
import subprocess
from pathlib import Path

import pytest

from kg import credentials, web
from kg.credentials import Credentials
from kg.errors import EndpointError, InputError, UsageError
from tests.conftest import tool
from tests.hostile import Behaviour, Hostile, drip, drip_head, fine, half, half_head, hang, hostile, in_turn
from tests.servers import Server

SECRET = "sesame/öffne"


def send(
    server: Hostile, who: Credentials | None = None, *, seconds: float = 5, repeatable: bool = True
) -> tuple[web.Response, list[float]]:
    """The answer to a request, and the pauses between the tries (which are not waited for)."""
    pauses: list[float] = []
    with web.Client(who, seconds=seconds, wait=pauses.append) as client:
        return client.send(web.Request("POST", server.url, content=b"hello", repeatable=repeatable)), pauses


def refused(
    behaviour: Behaviour, who: Credentials | None = None, *, seconds: float = 5, repeatable: bool = True
) -> str:
    with hostile(behaviour) as server, pytest.raises(EndpointError) as caught:
        send(server, who, seconds=seconds, repeatable=repeatable)
    assert caught.value.exit == 4
    assert SECRET not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("behaviour", [drip, drip_head, hang])
def test_the_deadline_holds_for_the_whole_exchange(behaviour: Behaviour) -> None:
    assert "no whole answer came within 0.4 seconds" in refused(behaviour, seconds=0.4)


def test_the_deadline_and_the_certificate_hold_over_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = tmp_path / "certificate.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    make = [tool("openssl", "openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    issued = subprocess.run([*make, "-keyout", str(tmp_path / "key.pem")], check=True, capture_output=True).stdout
    certificate.write_bytes(issued)
    secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secured.load_cert_chain(certificate, tmp_path / "key.pem")
    with hostile(drip, secured) as server:
        with pytest.raises(EndpointError, match="the connection cannot be secured"):
            send(server)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with pytest.raises(EndpointError, match=r"no whole answer came within 0\.5 seconds"):
            send(server, seconds=0.5)


def test_half_an_answer_is_no_answer() -> None:
    assert "the connection broke before the answer was whole" in refused(half)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_error_and_nothing_goes_there(status: int) -> None:
    with hostile(lambda handler: handler.reply(200, b"caught")) as other:
        to = other.url.replace("127.0.0.1", "localhost")
        said = refused(lambda handler: handler.reply(status, Location=to), Credentials("ada", SECRET))
        assert other.seen == []
    assert "elsewhere" in said
    assert to in said


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("repeatable", [True, False])
def test_a_server_that_asks_for_a_pause_gets_it(status: int, repeatable: bool) -> None:
    wait = in_turn(lambda handler: handler.reply(status), lambda handler: handler.reply(status, Retry_After="2"), fine)
    with hostile(wait) as server:
        answer, pauses = send(server, repeatable=repeatable)
    assert (answer.body, pauses) == (b"fine", [0.5, 2.0])
    assert [body for _, _, body in server.seen] == [b"hello"] * 3


def test_a_pause_beyond_the_deadline_is_not_waited_for() -> None:
    assert "answered 503" in refused(lambda handler: handler.reply(503, Retry_After="3600"))


def test_a_failure_is_tried_again_only_when_it_may_arrive_twice() -> None:
    fails: list[Behaviour] = [lambda handler: handler.reply(500), half_head, fine]
    with hostile(in_turn(*fails)) as server:
        assert send(server)[0].body == b"fine"
    assert "answered 500" in refused(in_turn(*fails), repeatable=False)
    assert "the connection broke" in refused(in_turn(*fails[1:]), repeatable=False)


def test_a_server_that_always_fails_is_left_after_some_tries() -> None:
    with hostile(lambda handler: handler.reply(500, b"no\x1b[31m room")) as server:
        with pytest.raises(EndpointError, match="answered 500 .Internal Server Error.: no"):
            send(server, seconds=60)
        assert len(server.seen) == web.TRIES


def test_nothing_there_is_one_sentence() -> None:
    with hostile(fine) as server:
        pass
    with pytest.raises(EndpointError, match=r"nothing answers there \(Connection refused\)") as caught:
        send(server, repeatable=False)
    assert caught.value.hint == web.SILENT_HINT


def test_basic_credentials_go_only_when_asked_for() -> None:
    asks = in_turn(lambda handler: handler.reply(401, WWW_Authenticate='Basic realm="r"'), fine)
    with hostile(asks) as server:
        assert send(server, Credentials("ada", SECRET))[0].body == b"fine"
    assert [bool(header) for _, header, _ in server.seen] == [False, True]


def test_a_digest_never_shows_the_password() -> None:
    challenge = 'Digest realm="r", nonce="n", qop="auth", algorithm=MD5'
    asks = in_turn(lambda handler: handler.reply(401, WWW_Authenticate=challenge), fine)
    with hostile(asks) as server:
        send(server, Credentials("ada", SECRET))
    assert server.seen[1][1].startswith('Digest username="ada"')
    assert [body for _, _, body in server.seen] == [b"hello"] * 2


def test_a_token_goes_at_once() -> None:
    with hostile(fine) as server:
        send(server, Credentials(token=SECRET.encode("ascii", "ignore").decode()))
    assert server.seen[0][1] == "Bearer sesame/ffne"


def test_a_wrong_password_is_said_and_not_repeated() -> None:
    with hostile(lambda handler: handler.reply(401, WWW_Authenticate='Basic realm="r"')) as server:
        with pytest.raises(EndpointError, match="does not accept our name and password"):
            send(server, Credentials("ada", SECRET))
        assert len(server.seen) == 2
    assert "wants a password" in refused(lambda handler: handler.reply(401, WWW_Authenticate='Basic realm="r"'))


def test_a_server_that_echoes_the_password_is_not_quoted() -> None:
    said = refused(lambda handler: handler.reply(400, f"bad {SECRET}".encode()), Credentials("ada", SECRET))
    assert "bad …" in said


def test_virtuoso_takes_the_password_and_refuses_another(virtuoso_server: Server) -> None:
    request = web.Request("GET", f"{virtuoso_server.update}?query=ASK%7B%7D", {"Accept": "text/plain"})
    with web.Client(Credentials("dba", virtuoso_server.password)) as client:
        assert client.send(request).status == 200
    with web.Client(Credentials("dba", "wrong")) as client, pytest.raises(EndpointError, match="does not accept"):
        client.send(request)


# ---- where credentials come from ----


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (credentials.USER, credentials.PASSWORD, credentials.TOKEN):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "none"))


def test_the_environment_goes_before_netrc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "netrc"
    file.write_text("machine e.example login grace password navy\n")
    file.chmod(0o600)
    monkeypatch.setenv("NETRC", str(file))
    assert credentials.find("http://e.example/q") == Credentials("grace", "navy")
    assert credentials.find("http://other.example/q") == Credentials()
    monkeypatch.setenv(credentials.USER, "ada")
    monkeypatch.setenv(credentials.PASSWORD, SECRET)
    assert credentials.find("http://e.example/q") == Credentials("ada", SECRET)
    asked = credentials.find("http://e.example/q", "bob", lambda text: f"answer to {text}")
    assert asked == Credentials("bob", "answer to Password of bob at http://e.example/q: ")


def test_a_broken_netrc_is_named_and_not_quoted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "netrc"
    file.write_text(f"machine e.example login grace passwort {SECRET}\n")
    monkeypatch.setenv("NETRC", str(file))
    with pytest.raises(InputError) as caught:
        credentials.find("http://e.example/q")
    assert f"at: {file}:1" in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("url", ["http://ada:pw@e.example/", "https://:pw@e.example/"])
def test_a_password_in_the_url_is_refused_and_not_quoted(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        credentials.address(url)
    assert "pw" not in str(caught.value).replace("KG_ENDPOINT", "")


@pytest.mark.parametrize(
    "url", ["ftp://e.example/", "e.example", "http://", "http://e:x/", "http://e/ a", "http://[::1"]
)
def test_what_is_no_endpoint_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="not the URL of an endpoint"):
        credentials.address(url)


def test_credentials_do_not_show() -> None:
    assert SECRET not in repr(Credentials("ada", SECRET, SECRET))


@pytest.mark.parametrize("challenge", ['Basic realm="r"', 'Digest realm="r", nonce="n", qop="auth"'])
def test_no_log_holds_the_password(challenge: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    asks = in_turn(lambda handler: handler.reply(401, WWW_Authenticate=challenge), fine)
    with hostile(asks) as server:
        send(server, Credentials("ada", SECRET))
    assert "127.0.0.1" in caplog.text  # there is a log
    for secret in (SECRET, base64.b64encode(f"ada:{SECRET}".encode()).decode()):
        assert secret not in caplog.text
