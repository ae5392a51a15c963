"""The redirects of the site, asked of an Apache that the tests start on loopback."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import templating
from tests.conftest import IN_CI

MODULES = Path("/usr/lib/apache2/modules")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
RDFLIB = "application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5, */*;q=0.1"
SITE, NAMES = "/icr", "/w3id/icr"
"""Where the site itself stands, and the folder that w3id.org has for the names."""

CONFIGURATION = """
ServerRoot {root}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {root}/pid
ErrorLog {root}/error.log
Mutex pthread
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule dir_module {modules}/mod_dir.so
LoadModule mime_module {modules}/mod_mime.so
LoadModule negotiation_module {modules}/mod_negotiation.so
LoadModule rewrite_module {modules}/mod_rewrite.so
TypesConfig /etc/mime.types
{user}
DocumentRoot {root}/htdocs
<Directory {root}/htdocs>
  AllowOverride All
  Options +Indexes +MultiViews +FollowSymLinks
  Require all granted
</Directory>
"""

FILES = (
    "index.html",
    "dataset.ttl",
    "dataset/graph.nq",
    "ns.html",
    "ns.ttl",
    "ns/0.1.0.html",
    "ns/0.1.0.ttl",
    "shapes.html",
    "shapes.ttl",
    "id/org/index.html",
    "id/org/miit.html",
    "id/org/miit.ttl",
    "id/org/miit/sme-bureau.html",
    "id/org/miit/sme-bureau.ttl",
    "scheme/hedge/almost.html",
    "scheme/hedge/almost.ttl",
)


def lay_out(root: Path, port: int) -> None:
    """The site of a few empty documents, the folder of the names, and the configuration."""
    template = templating.environment(html=False).get_template("htaccess")
    for name in FILES:
        path = root / "htdocs/icr" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    for folder, host in ((SITE, ""), (NAMES, f"http://127.0.0.1:{port}{SITE}")):
        path = root / "htdocs" / folder.lstrip("/") / ".htaccess"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(template.render(host=host), encoding="utf-8")
    user = f"LoadModule unixd_module {MODULES}/mod_unixd.so\n" if (MODULES / "mod_unixd.so").exists() else ""
    user += "User www-data\nGroup www-data" if os.getuid() == 0 else ""
    text = CONFIGURATION.format(root=root, port=port, modules=MODULES, user=user)
    (root / "httpd.conf").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of an Apache with the redirects."""
    apache = shutil.which("apache2") or "/usr/sbin/apache2"
    if not os.path.exists(apache):
        reason = "Apache is not installed (Debian package apache2)"
        pytest.fail(reason) if IN_CI else pytest.skip(reason)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    root = Path(tempfile.mkdtemp(prefix="kg-redirects-"))
    root.chmod(0o755)  # Apache gives up root, and then reads as somebody else
    lay_out(root, number)
    server = subprocess.Popen([apache, "-f", str(root / "httpd.conf"), "-DFOREGROUND"], stderr=subprocess.PIPE)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", number)) == 0:
                    break
            assert server.poll() is None, (server.stderr.read() if server.stderr else b"").decode()
            time.sleep(0.1)
        yield number
    finally:
        server.terminate()
        server.communicate(timeout=30)
        shutil.rmtree(root, ignore_errors=True)


def ask(port: int, path: str, accept: str | None) -> tuple[int, str, str, str]:
    """Status, redirection without the host, type of the content, and the content."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={} if accept is None else {"Accept": accept})
    answer = connection.getresponse()
    body = answer.read().decode(errors="replace")
    connection.close()
    location = (answer.headers["Location"] or "").removeprefix(f"http://127.0.0.1:{port}")
    return answer.status, location, answer.headers["Content-Type"] or "", body


@pytest.mark.parametrize(
    ("accept", "ending"),
    [
        (None, "html"),
        ("*/*", "html"),
        (BROWSER, "html"),
        ("text/turtle", "ttl"),
        ("text/turtle, */*;q=0.1", "ttl"),
        ("text/turtle;q=1.0, text/html;q=0.9", "ttl"),
        ("TEXT/TURTLE", "ttl"),
        ("application/x-turtle, text/turtle;q=0.5", "ttl"),
        ("text/html;q=0.8, text/turtle;q=0.9", "ttl"),
        ("text/turtle;q=0.9, text/html;q=0.5", "ttl"),
        ("text/turtle;q=0.4, application/json;q=0.2", "ttl"),
        (RDFLIB, "ttl"),
        ("text/turtle;q=0.5, text/html;q=0.9", "html"),
        ("text/html;q=0.9, text/turtle;q=0.5", "html"),
        ("text/html, text/turtle;q=0.9", "html"),
        ("text/html;q=0.7, text/turtle;q=0", "html"),
        ("text/turtle;q=0.5, */*", "html"),
        ("text/*", "html"),
    ],
)
@pytest.mark.parametrize("folder", [SITE, NAMES])
def test_a_name_leads_to_the_document_that_is_asked_for(
    port: int, folder: str, accept: str | None, ending: str
) -> None:
    status, location, _, _ = ask(port, f"{folder}/id/org/miit", accept)
    assert (status, location) == (303, f"{SITE}/id/org/miit.{ending}")


@pytest.mark.parametrize("accept", ["application/pdf", "application/rdf+xml", "image/png, application/json"])
@pytest.mark.parametrize("folder", [SITE, NAMES])
def test_who_takes_neither_is_told_so(port: int, folder: str, accept: str) -> None:
    assert ask(port, f"{folder}/id/org/miit", accept)[0] == 406


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("ns", "ns"),
        ("ns/0.1.0", "ns/0.1.0"),
        ("shapes", "shapes"),
        ("scheme/hedge/almost", "scheme/hedge/almost"),
        ("id/org/miit/sme-bureau", "id/org/miit/sme-bureau"),
    ],
)
@pytest.mark.parametrize("folder", [SITE, NAMES])
def test_every_kind_of_name_leads_to_a_document(port: int, folder: str, name: str, ending: str) -> None:
    for accept, form, kind in ((BROWSER, "html", "text/html"), ("text/turtle", "ttl", "text/turtle")):
        status, location, _, _ = ask(port, f"{folder}/{name}", accept)
        assert (status, location) == (303, f"{SITE}/{ending}.{form}")
        status, _, content, body = ask(port, location, accept)
        assert (status, content.lower(), body) == (200, f"{kind}; charset=utf-8".lower(), f"{ending}.{form}")


@pytest.mark.parametrize("name", ["", "dataset", "catalog", "project", "graph/doc/some-paper", "dataset/class/x"])
def test_the_data_set_leads_to_the_start_page_and_its_description(port: int, name: str) -> None:
    for folder in (SITE, NAMES):
        assert ask(port, f"{folder}/{name}", "text/turtle")[:2] == (303, f"{SITE}/dataset.ttl")
        if name or folder == NAMES:
            assert ask(port, f"{folder}/{name}", BROWSER)[:2] == (303, f"{SITE}/")
    assert ask(port, f"{SITE}/", BROWSER)[::3] == (200, "index.html")


def test_documents_and_lists_are_no_names(port: int) -> None:
    assert ask(port, f"{SITE}/id/org/miit.ttl", BROWSER)[::3] == (200, "id/org/miit.ttl")
    assert ask(port, f"{SITE}/id/org/", BROWSER)[::3] == (200, "id/org/index.html")
    assert ask(port, f"{NAMES}/id/org/miit.ttl", BROWSER)[:2] == (302, f"{SITE}/id/org/miit.ttl")
    assert ask(port, f"{SITE}/dataset/graph.nq", "*/*")[::2] == (200, "application/n-quads; charset=utf-8")
    assert ask(port, f"{NAMES}/id/org/", BROWSER)[:2] == (302, f"{SITE}/id/org/")


def test_what_has_no_document_is_not_found(port: int) -> None:
    status, location, _, _ = ask(port, f"{SITE}/id/org/nobody", BROWSER)
    assert (status, location) == (303, f"{SITE}/id/org/nobody.html")
    assert ask(port, location, BROWSER)[0] == 404
