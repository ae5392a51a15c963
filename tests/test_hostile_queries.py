"""Queries that would never end, take all memory or break the engine; and queries that would reach the network."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg import sandbox
from kg.errors import EndpointError, Exit, InputError, KgError, StoreError
from kg.store import Session
from tests.conftest import Outcome
from tests.hostile import hostile

# ---- the end of every query ----

PRODUCT = " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(8))
"""Some 10^34 solutions on the real graph."""
BIG = 'BIND("aaaaaaaaaaaaaaaa" AS ?x0) ' + " ".join(
    f"BIND(CONCAT(?x{i}, ?x{i}, ?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(20)
)
"""A string of 4^20 times 16 characters."""

ENDLESS = {
    "count of a product": f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} }}",
    "distinct count of a product": f"SELECT (COUNT(DISTINCT ?a0) AS ?n) {{ {PRODUCT} }}",
    "rows of a product": f"SELECT * {{ {PRODUCT} }}",
    "distinct rows of a product": f"SELECT DISTINCT * {{ {PRODUCT} }}",
    "order over a product": f"SELECT * {{ {PRODUCT} }} ORDER BY ?c7 ?c3 LIMIT 1",
    "group over a product": f"SELECT ?a0 (SUM(?c1) AS ?n) {{ {PRODUCT} }} GROUP BY ?a0",
    "group_concat of a product": f"SELECT (GROUP_CONCAT(STR(?c0)) AS ?n) {{ {PRODUCT} }}",
    "sample and max of a product": f"SELECT (SAMPLE(?c0) AS ?n) (MAX(?c7) AS ?m) {{ {PRODUCT} }}",
    "construct of a product": f"CONSTRUCT {{ ?a0 ?b1 ?c2 }} {{ {PRODUCT} }}",
    "describe of a product": f"DESCRIBE ?a0 {{ {PRODUCT} }}",
    "ask for what no product holds": f"ASK {{ {PRODUCT} FILTER(STRLEN(STR(?a3)) + STRLEN(STR(?c7)) > 1000000) }}",
    "offset beyond a product": f"SELECT * {{ {PRODUCT} }} OFFSET 1000000000000000",
    "filter exists over a product": f"SELECT * {{ ?s ?p ?o FILTER NOT EXISTS {{ {PRODUCT} FILTER(?c0 = 'none') }} }}",
    "minus of products": f"SELECT (COUNT(*) AS ?n) {{ {{ {PRODUCT} }} MINUS {{ {PRODUCT} }} }}",
    "products in graphs": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"GRAPH ?g{i} {{ ?a{i} ?b{i} ?c{i} }}" for i in range(6))
    + " }",
    "paths of any length": "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>|!^<urn:x>)* ?b . ?b (!<urn:x>|!^<urn:x>)* ?c }",
    "nested path closures": "SELECT (COUNT(*) AS ?n) { ?a ((!<urn:x>)*/(^!<urn:x>)*)+ ?b . ?c ((!<urn:x>)+)* ?d }",
    "sub-selects of products": "SELECT (COUNT(*) AS ?n) { "
    + "{ SELECT * { " * 5
    + PRODUCT
    + " } ORDER BY ?c1 }" * 5
    + " }",
    "product of values": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(100)))} }}" for i in range(10))
    + " }",
    "union of products": "SELECT (COUNT(*) AS ?n) { " + " UNION ".join(f"{{ {PRODUCT} }}" for _ in range(20)) + " }",
}  # fmt: skip
"""Nobody waits for these: they are stopped at the deadline, or when they have taken their memory."""

HEAVY = {
    "doubling strings": f"SELECT (STRLEN(?x20) AS ?n) {{ {BIG} }}",
    "replacing into doubles": 'SELECT ?x24 { BIND("aa" AS ?x0) '
    + " ".join(f'BIND(REPLACE(?x{i}, "a", "aaaa") AS ?x{i + 1})' for i in range(24))
    + " }",
    "deep groups": "SELECT * { " + "{" * 20_000 + "}" * 20_000 + " }",
    "deep parentheses": "SELECT (" + "(" * 5_000 + "1" + ")" * 5_000 + " AS ?x) {}",
    "deep functions": "SELECT (" + "STR(" * 3_000 + "1" + ")" * 3_000 + " AS ?x) {}",
    "deep negations": "SELECT * { FILTER(" + "!" * 50_000 + "true) }",
    "deep optionals": "SELECT * { " + "OPTIONAL { ?s ?p ?o " * 1_000 + "}" * 1_000 + " }",
    "deep lists": "SELECT * { ?s ?p " + "(" * 3_000 + ")" * 3_000 + " }",
    "deep blank nodes": "SELECT * { ?s ?p " + "[ ?p " * 3_000 + "1" + "]" * 3_000 + " }",
    "deep not-exists": "ASK { " + "FILTER NOT EXISTS { ?s ?p ?o " * 500 + "}" * 500 + " }",
    "deep sub-selects": "SELECT * { " + "{ SELECT * { " * 1_000 + "?s ?p ?o" + "} }" * 1_000 + " }",
    "deep paths": "SELECT * { ?s " + "(" * 3_000 + "<urn:p>" + ")*" * 3_000 + " ?o }",
    "many optionals": "SELECT * { " + "OPTIONAL { ?s ?p ?o } " * 800 + " }",
    "many optionals apart": "SELECT * { " + " ".join(f"OPTIONAL {{ ?s{i} ?p{i} ?o{i} }}" for i in range(300)) + " }",
    "tower of unions": "SELECT * { " + " UNION ".join("{ ?s ?p ?o }" for _ in range(2_000)) + " } ORDER BY ?o",
    "many patterns": "SELECT * { " + " ".join(f"?s{i} ?p ?s{i + 1} ." for i in range(1_000)) + " }",
    "chain of binds": "SELECT * { BIND(1 AS ?x0) "
    + " ".join(f"BIND(?x{i} + ?x{i} AS ?x{i + 1})" for i in range(2_000))
    + " }",
    "many values": "SELECT (COUNT(*) AS ?n) { VALUES ?x { " + " ".join(map(str, range(300_000))) + " } }",
    "a long list to be in": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(?o IN (" + ", ".join(map(str, range(50_000))) + ")) }",
    "a long sum": "SELECT (" + "1+" * 20_000 + "1 AS ?x) {}",
    "a long literal": 'SELECT ("' + "a" * 5_000_000 + '" AS ?x) {}',
    "a long name": "SELECT ?" + "a" * 1_000_000 + " {}",
    "a long IRI": "SELECT * { ?s <urn:" + "a" * 1_000_000 + "> ?o }",
    "a backtracking regex": 'SELECT * { ?s ?p ?o FILTER(REGEX(CONCAT(STR(?o), "' + "a" * 10_000 + '!"), "^(a+)+$")) }',
    "a regex that grows": 'SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), "((((a{1,100}){1,100}){1,100}){1,100})")) }',
    "a long regex": 'SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), "' + "(a|b)?" * 20_000 + '")) }',
    "another regex for each row": 'SELECT * { ?s ?p ?o . ?t ?q ?r FILTER(REGEX(STR(?r), CONCAT("(", STR(?s), ")*"))) }',
    "a function that is not there": "SELECT (<urn:f>(1) AS ?x) {}",
    "unclosed": "SELECT * { " * 10_000,
    "nothing but braces": "}" * 100_000,
    "no characters": "SELECT * { ?s ?p '\ud800' }",
}  # fmt: skip
"""The engine may manage some of these; whatever it does, it is a bounded answer or one sentence."""


def children() -> set[int]:
    """The processes that this one has started and that still run."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,comm="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    return {int(pid) for pid, parent, name in rows if int(parent) == os.getpid() and name != "ps"}


def files(folder: str | Path) -> dict[str, int]:
    """The files below a folder with their sizes."""
    return {str(path): path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()}


@pytest.fixture
def nothing_left(store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Holds that no process and no file is left behind, in the temporary folder or in the store."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = children(), files(store)
    yield
    assert (children(), files(store)) == before
    assert files(tmp_path) == {}


def end_of(text: str, store: str, seconds: float) -> KgError | None:
    """How a query ends: nothing when it is answered."""
    try:
        sandbox.run(text, "tsv", store, seconds=seconds, quiet=True, at="-")
    except KgError as error:
        return error
    return None


def test_there_are_enough_ways_to_die() -> None:
    assert len(ENDLESS) >= 20
    assert len(ENDLESS) + len(HEAVY) >= 50


@pytest.mark.slow
@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_an_endless_query_is_stopped(text: str, store: str) -> None:
    error = end_of(text, store, 1)
    assert isinstance(error, StoreError)
    assert error.exit == Exit.STORE
    assert error.what in {
        "the query was stopped after 1 seconds",
        "the query needed more memory than it may have, or broke the engine",
    }


def test_the_deadline_comes_before_the_limits_of_the_child(store: str) -> None:
    error = end_of(ENDLESS["count of a product"], store, 1)
    assert error is not None
    assert error.what == "the query was stopped after 1 seconds"


@pytest.mark.slow
@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("text", HEAVY.values(), ids=HEAVY)
def test_a_heavy_query_is_answered_or_ends_in_one_sentence(text: str, store: str) -> None:
    error = end_of(text, store, 1)
    if error is not None:
        assert error.exit in {Exit.STORE, Exit.INPUT}
        assert "\n" not in error.what
        assert len(error.what) < 1_000
        assert "Traceback" not in str(error)


@pytest.mark.usefixtures("nothing_left")
def test_a_query_for_what_the_engine_cannot_do_says_so(store: str) -> None:
    with pytest.raises(InputError, match="the query cannot be run: The custom function <urn:f> is not supported"):
        sandbox.run("SELECT (<urn:f>(1) AS ?x) {}", "tsv", store, seconds=60, quiet=True, at="-")


# ---- the network ----


class Listener:
    """A server on loopback that knows whether anybody has connected."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.reached.set()
            connection.close()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    yield server
    server.close()


GROUP = "{ ?s ?p ?o }"
REACHING = [
    "SELECT * { SERVICE <U> G }",
    "SELECT * { service <U> G }",
    "SELECT * { sErViCe SILENT <U> G }",
    "SELECT * { SERVICE<U>G }",
    "SELECT * { SERVICESILENT<U>G }",
    "SELECT * { SERVICE\n\tSILENT\r\n<U>\nG }",
    "SELECT * { SERVICE # a comment\n<U> G }",
    "SELECT * { ?a ?b ?c # a comment that ends with a carriage return\rSERVICE<U> G }",
    "SELECT * { SERVICE :x G }",
    "SELECT * { SERVICE:x G }",
    "SELECT * { SERVICEe:x G }",
    "SELECT * { SERVICESILENTe:x G }",
    "SELECT * { BIND(1 AS ?z) service:x G }",
    "SELECT * { service:x # a comment\n G }",
    "SELECT * { SERVICE <x> G }",
    "SELECT * { VALUES ?e { <U> } SERVICE ?e G }",
    "SELECT * { VALUES ?e { <U> } SERVICE?e G }",
    "SELECT * { VALUES ?e { <U> } SERVICE $e G }",
    "SELECT * { { { OPTIONAL { SERVICE <U> G } } } }",
    "SELECT * { { ?a ?b ?c } UNION { SERVICE <U> G } }",
    "SELECT * { ?a ?b ?c MINUS { SERVICE <U> G } }",
    "SELECT * { ?a ?b ?c FILTER EXISTS { SERVICE <U> G } }",
    "SELECT * { ?a ?b ?c FILTER(!EXISTS { SERVICE SILENT <U> G }) }",
    "SELECT * { { SELECT * { SERVICE <U> G } } }",
    "SELECT * { GRAPH ?g { SERVICE <U> G } }",
    "SELECT * { GRAPH ?g { ?a ?b ?c } SERVICE:x G }",
    "SELECT * { SERVICE:x· G }",
    "SELECT * { SERVICEe:x‿、 G }",
    "SELECT * { OPTIONAL { ?a ?b 1SERVICE<U> G } }",
    "SELECT * { OPTIONAL { ?a ?b trueSERVICE<U> G } }",
    "SELECT * { OPTIONAL { ?a ?b e:a\\# . SERVICE <U> G } }",
    "SELECT * { OPTIONAL { ?a ?b e:a\\' . SERVICE <U> G FILTER(?s = 'x') } }",
    "SELECT * { OPTIONAL { ?a ?b e:.SERVICE <U> G } }",
    "SELECT * { OPTIONAL { ?a ?b 'x\\\\'SERVICE<U> G } } # '",
    'SELECT * { OPTIONAL { ?a ?b """x\\\\"""SERVICE<U> G } } # """',
    "SELECT * { OPTIONAL { ?a ?b '# no comment' . SERVICE<U> G } }",
    "SELECT * { FILTER(1 <2) SERVICE <U> G FILTER(3> 2) }",
    "SELECT * { \\u0053ERVICE <U> G }",
    "SELECT * { SER\\U00000056ICE <U> G }",
    "CONSTRUCT { ?s ?p ?o } { SERVICE <U> G }",
    "ASK { SERVICE <U> G }",
    "DESCRIBE ?s { SERVICE <U> G }",
    "SELECT * FROM <U> G",
    "SELECT * from <U> G",
    "SELECT *FROM<U>G",
    "SELECT * FROM:x G",
    "SELECT * FROM:x WHERE G",
    "SELECT * FROM NAMED <U> { GRAPH ?g G }",
    "SELECT * FROMNAMED<U> { GRAPH ?g G }",
    "SELECT * FROM#\n<file:///etc/passwd> G",
    "SELECT * FROM <file:///etc/passwd> G",
    "SELECT (1 AS ?x)FROM<U>G",
    "CONSTRUCT FROM <U> WHERE G",
    "DESCRIBE <U> FROM <U>",
    "ASK FROM <U> G",
    "LOAD <U>",
    "load silent <U> into graph <urn:g>",
]
HARMLESS = [
    "SELECT * { ?s ?p 'SERVICE <U> G' }",
    'SELECT * { ?s ?p "FROM <U>" }',
    "SELECT * { ?s ?p '''\nSERVICE <U> G\n''' }",
    'SELECT * { ?s ?p """a "SERVICE" <U>""" }',
    "SELECT * { ?s ?p 'a \\u0022service\\u0022 from' }",
    "SELECT * { ?s ?p 'it\\'s a SERVICE <U> G' }",
    "SELECT * { ?s <USERVICE> <ufrom> }",
    "SELECT * { ?s ?p ?o } # SERVICE <U> G",
    "# FROM <U>\nSELECT * { ?s ?p ?o }",
    "SELECT ?service ?from $load { ?service ?from $load }",
    "SELECT * { ?s e:service ?o ; e:from ?from ; e:LOAD 1 }",
    "SELECT * { ?s service:from service:load , ?o.service:x service:y 1 }",
    "SELECT * { ?s e:self-service ?o . ?o e:web.service 1 ; e:from_here 2 }",
    "SELECT * { ?s e:service\\# ?o . ?s e:\\'from ?o }",
    "SELECT * { GRAPH service:x { ?s ?p ?o } }",
    "SELECT * { GRAPH ?service { ?s ?p ?o } }",
    "SELECT * { ?s e:service ?o { ?s ?p ?o } UNION { ?o ?p ?s } }",
    "SELECT * { ?s a e:Service { ?s ?p ?o } }",
    "SELECT * { ?s ?p 'x'@from , 'service'@load-service }",
    "SELECT * { _:service ?p _:from }",
    "SELECT * { ?s service:a/service:b+ ?o FILTER(?o != service:c && STR(?s) < 'from') }",
    "SELECT * { ?s ?p ?o FILTER(CONTAINS(STR(?o), 'load') || service:x = ?o) }",
]
PROLOGUE = "BASE <U> PREFIX : <U> PREFIX e: <U> PREFIX service: <U> PREFIX from: <U> "


def spelt(text: str, address: str) -> str:
    """A query of the lists above with its prologue, the address in place of U, the group in place of G."""
    prologue = "" if text.lower().startswith("load") else PROLOGUE
    return (prologue + re.sub(r"\bG\b", GROUP, text)).replace("<U", f"<{address}")


@pytest.mark.parametrize("text", REACHING)
def test_what_would_reach_out_is_refused(text: str, listener: Listener, store: str) -> None:
    with pytest.raises(InputError, match=r"(SERVICE|FROM|LOAD) is not allowed: queries run here without the network"):
        sandbox.run(spelt(text, listener.address), "tsv", store, seconds=60, quiet=True, at="-")
    assert not listener.reached.is_set()


@pytest.mark.parametrize("text", HARMLESS)
def test_words_in_names_strings_and_comments_are_allowed_and_reach_nothing(
    text: str, listener: Listener, session: Session
) -> None:
    query = spelt(text, listener.address)
    sandbox.refuse_reaching_out(query, "-")
    session.ask(query + " LIMIT 1" * ("#" not in query.splitlines()[-1])).rows()
    assert not listener.reached.is_set()


@pytest.fixture(scope="module")
def session(store: str) -> Session:
    return Session(store, quiet=True)


@pytest.mark.parametrize("text", [text for text in REACHING if text.startswith("SELECT * { SERVICE")])
def test_the_listener_would_be_reached_but_for_the_refusal(text: str, listener: Listener, session: Session) -> None:
    with contextlib.suppress(OSError):  # it hangs up
        list(session.run(spelt(text, listener.address), None))  # type: ignore[arg-type]
    assert listener.reached.wait(10)


# ---- services that the user allows ----

OTHERS = [
    "SELECT * { SERVICE <http://elsewhere.example/> G }",
    "SELECT * { SERVICE <H> G SERVICE <http://elsewhere.example/> G }",
    "SELECT * { SERVICE <http://elsewhere.example/> { SERVICE <H> G } }",
    "SELECT * { SERVICE <http://127.0.0.1.elsewhere.example/> G }",
    "SELECT * { SERVICE <http://127.0.0.1@elsewhere.example/> G }",
    "SELECT * { SERVICE <http://elsewhere.example/?127.0.0.1> G }",
    "SELECT * { SERVICE <http://elsewhere.example/#@127.0.0.1/> G }",
    "SELECT * { SERVICE <http://user@127.0.0.1/> G }",
    "SELECT * { SERVICE <http://127.0.0.1:x/> G }",
    "SELECT * { SERVICE <//127.0.0.1/> G }",
    "SELECT * { SERVICE <x> G }",
    "SELECT * { SERVICE <file://127.0.0.1/etc/passwd> G }",
    "SELECT * { SERVICE :x G }",
    "SELECT * { SERVICE:x G }",
    "SELECT * { VALUES ?e { <H> } SERVICE ?e G }",
    "SELECT * { <H> a <H> . SERVICE # <H> {\n<http://elsewhere.example/> G }",
    "SELECT * { ?a ?b 'SERVICE <H> {' . SERVICE <http://elsewhere.example/> G }",
    "SELECT * { SERVICE <http://elsewhere.example/SERVICE/127.0.0.1/> G }",
    "SELECT * FROM <H> G",
    "SELECT * FROM <H> { SERVICE <H> G }",
    "LOAD <H>",
]


@pytest.mark.parametrize("text", OTHERS)
def test_an_allowed_host_lets_no_other_through(text: str, listener: Listener, store: str) -> None:
    query = re.sub(r"\bG\b", GROUP, text).replace("<H>", f"<{listener.address}>")
    query = query if text.startswith("LOAD") else "PREFIX : <http://127.0.0.1/>\nBASE <http://127.0.0.1/>\n" + query
    with pytest.raises(InputError, match=r"(SERVICE|FROM|LOAD) is not allowed"):
        sandbox.run(query, "tsv", store, seconds=60, quiet=True, at="-", hosts=["127.0.0.1"])
    assert not listener.reached.is_set()


@pytest.mark.parametrize("text", REACHING)
def test_what_would_reach_out_is_refused_though_another_host_is_allowed(text: str) -> None:
    with pytest.raises(InputError, match="is not allowed|no codepoint escapes"):
        sandbox.refuse_reaching_out(spelt(text, "http://127.0.0.1/"), "-", ["elsewhere.example"])


def test_a_codepoint_escape_cannot_hide_a_service(store: str) -> None:
    query = "SELECT * { SERVICE <http\\u003A//elsewhere.example/> { ?s ?p ?o } }"
    with pytest.raises(InputError, match="no codepoint escapes"):
        sandbox.run(query, "tsv", store, seconds=60, quiet=True, at="-", hosts=["elsewhere.example"])


@pytest.mark.parametrize("host", ["127.0.0.1", "PORT", "127.0.0.1:1"])
def test_an_allowed_host_is_reached_by_its_name_or_with_its_port(host: str, listener: Listener, store: str) -> None:
    """It hangs up; the store is not taken for damaged and not built anew."""
    before = files(store)
    host = host.replace("PORT", listener.address.split("/")[2])
    query = f"SELECT * {{ SERVICE <{listener.address}> {GROUP} }}"
    if host == "127.0.0.1:1":
        with pytest.raises(InputError, match="SERVICE is not allowed"):
            sandbox.run(query, "tsv", store, seconds=60, quiet=True, at="-", hosts=[host])
        assert not listener.reached.is_set()
        return
    with pytest.raises(EndpointError, match="the service does not answer") as caught:
        sandbox.run(query, "tsv", store, seconds=60, quiet=True, at="-", hosts=[host])
    assert caught.value.exit == Exit.STORE
    assert listener.reached.wait(10)
    assert files(store) == before


def test_a_service_that_sends_elsewhere_is_not_followed(listener: Listener, store: str) -> None:
    target = listener.address.replace("127.0.0.1", "localhost")
    with hostile(lambda handler: handler.reply(302, Location=target)) as server:
        query = f"SELECT * {{ SERVICE <{server.url}> {GROUP} }}"
        with pytest.raises(EndpointError, match="the service does not answer"):
            sandbox.run(query, "tsv", store, seconds=60, quiet=True, at="-", hosts=["127.0.0.1"])
    assert not listener.reached.is_set()


def test_a_refused_service_tells_how_to_allow_it(kg: Callable[..., Outcome], tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text("SELECT * { SERVICE <http://elsewhere.example/> { ?s ?p ?o } }")
    assert "--allow-host HOST" in kg("sparql", str(file)).err


def test_a_refusal_names_the_line(kg: Callable[..., Outcome], tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text('SELECT *\n# SERVICE\n{ ?s ?p """\n"""\n  SERVICE <http://127.0.0.1:9/> { } }\n')
    done = kg("sparql", str(tmp_path / "q.rq"))
    assert (done.code, done.out) == (3, "")
    assert f"  at: {tmp_path / 'q.rq'}:5\n" in done.err
