"""Loading into stores elsewhere: real ones, and ones that fail in every way; afterwards nothing is lost or doubled."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import random
import shutil
import subprocess
import sys
import threading
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph
import pytest

from kg import profiles, record, terms, web
from kg.credentials import Credentials
from kg.errors import EndpointError, FindingsError, InputError, KgError, UnknownName, UsageError
from kg.loading import STAGED, Load, Outcome, State
from kg.record import Record
from kg.remote import Remote, recognised
from kg.store import current_generation
from tests import servers
from tests.conftest import Outcome as Ran
from tests.conftest import process
from tests.hostile import Behaviour, Handler, drip, forward, half, hang, hostile, in_front_of, in_turn
from tests.servers import Server

BASE = terms.PREFIXES["graph"]
AWKWARD = f"{BASE}awkward"
HOSTILE = '} } ; DROP ALL # <urn:x> "'
LITERALS: list[pyoxigraph.Literal | pyoxigraph.NamedNode] = [
    pyoxigraph.Literal(HOSTILE),
    pyoxigraph.Literal("'\\ \n\t\r é e\u0301 广东 😀"),
    pyoxigraph.Literal("x", language="zh-hans"),
    *(
        pyoxigraph.Literal(text, datatype=pyoxigraph.NamedNode(terms.STANDARD["xsd"] + kind))
        for text, kind in (("1.00", "decimal"), ("+007", "integer"), ("1", "boolean"), ("2023", "gYear"))
    ),
    pyoxigraph.NamedNode("http://e.example/%7D%20é'()?a=b&c"),
]


@pytest.fixture(scope="session")
def small(nquads: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> Record:
    """Three graphs of the real one, and one of literals that stores rewrite or might take for code."""
    kept = {f"<{BASE}{name}>".encode() for name in ("comparisons", "doc/scmp-2020-03-25", "doc/scio-2020-04-23")}
    quads = [
        pyoxigraph.Quad(
            pyoxigraph.NamedNode(f"urn:s{number}"),
            pyoxigraph.NamedNode("urn:p"),
            literal,
            pyoxigraph.NamedNode(AWKWARD),
        )
        for number, literal in enumerate(LITERALS)
    ]
    awkward = pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_QUADS)
    assert awkward is not None
    lines = sorted([line for line in nquads if line.rsplit(b" ", 2)[1] in kept] + awkward.splitlines())
    path = tmp_path_factory.mktemp("small") / "graph.nq"
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return Record(path)


def normal(quads: Iterator[pyoxigraph.Quad]) -> set[str]:
    """Quads as an embedded store keeps them, so that what servers rewrite is alike."""
    store = pyoxigraph.Store()
    store.extend(quads)
    return {str(quad) for quad in store}


def ours(source: Record) -> set[str]:
    return normal(iter(pyoxigraph.parse(source.path.read_bytes(), format=pyoxigraph.RdfFormat.N_QUADS)))


def held(server: Server) -> set[str]:
    """All that a server holds in graphs whose names begin as ours."""
    query = f"SELECT ?s ?p ?o ?g {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), '{BASE}')) }}"
    body = urllib.parse.urlencode({"query": query}).encode()
    request = urllib.request.Request(server.query, body, {"Accept": "application/sparql-results+json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        rows = pyoxigraph.parse_query_results(answer.read(), format=pyoxigraph.QueryResultsFormat.JSON)
        assert isinstance(rows, pyoxigraph.QuerySolutions)
        return normal(pyoxigraph.Quad(row["s"], row["p"], row["o"], row["g"]) for row in rows)


def update(server: Server, text: str) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    with web.Client(Credentials(server.user, server.password)) as client:
        client.send(web.Request("POST", server.update, form, urllib.parse.urlencode({"update": text}).encode()))


def empty(server: Server) -> Server:
    for graph in {line.rsplit(" ", 1)[1] for line in held(server)}:
        update(server, f"DROP SILENT GRAPH {graph}")
    assert not held(server)
    return server


@pytest.fixture(params=["oxigraph", "virtuoso"])
def server(request: pytest.FixtureRequest) -> Server:
    """Each real server in turn, with none of our graphs."""
    found = request.getfixturevalue(f"{request.param}_server")
    assert isinstance(found, Server)
    return empty(found)


@pytest.fixture
def oxigraph(oxigraph_server: Server) -> Server:
    return empty(oxigraph_server)


@contextmanager
def load(
    source: Record, server: Server, *, url: str = "", seconds: float = 60, part_bytes: int = 40_000
) -> Iterator[Load]:
    """A load into a server, or into what stands in front of it, that does not wait between tries."""
    who = Credentials(server.user, server.password)
    with web.Client(who, seconds=seconds, wait=lambda seconds: None) as client:
        target = Remote(client, profiles.endpoints(profiles.named(server.name), url or server.query))
        yield Load(source, target, BASE, part_bytes=part_bytes)


def added(source: Record, server: Server, *, url: str = "", seconds: float = 60) -> Outcome:
    with load(source, server, url=url, seconds=seconds) as work:
        return work.add()


# ---- in good order ----


def test_a_second_load_sends_nothing(small: Record, server: Server) -> None:
    first = added(small, server)
    assert first.sent == sum(small.counts().values())
    assert {graph.state for graph in first.graphs} == {State.ABSENT}
    assert held(server) == ours(small)
    second = added(small, server)
    assert (second.sent, {graph.state for graph in second.graphs}) == (0, {State.SAME})
    assert held(server) == ours(small)


def test_a_look_writes_nothing(small: Record, server: Server) -> None:
    with load(small, server) as work:
        assert {graph.state for graph in work.look().graphs} == {State.ABSENT}
    assert not held(server)


def test_only_what_is_missing_is_sent(small: Record, server: Server, tmp_path: Path) -> None:
    lines = small.path.read_bytes().splitlines(keepends=True)
    there = Record(tmp_path / "part.nq")
    there.path.write_bytes(b"".join(lines[::2]))
    added(there, server)
    outcome = added(small, server)
    assert outcome.sent == len(lines) // 2
    assert State.PART in {graph.state for graph in outcome.graphs}
    assert held(server) == ours(small)


def test_a_graph_with_other_triples_is_refused_and_nothing_is_sent(small: Record, server: Server) -> None:
    update(server, f"INSERT DATA {{ GRAPH <{AWKWARD}> {{ <urn:mine> <urn:p> <urn:o> }} }}")
    before = held(server)
    with pytest.raises(FindingsError, match=f"other triples in {AWKWARD}"):
        added(small, server)
    assert held(server) == before


def test_replacing_puts_ours_in_the_place_of_others(small: Record, server: Server) -> None:
    added(small, server)
    update(server, f"INSERT DATA {{ GRAPH <{AWKWARD}> {{ <urn:mine> <urn:p> <urn:o> }} }}")
    update(server, f"DELETE WHERE {{ GRAPH <{BASE}comparisons> {{ ?s ?p ?o }} }}")
    if server.name == "virtuoso":  # a load that was interrupted left something beside
        update(server, f"INSERT DATA {{ GRAPH <{BASE}comparisons{STAGED}> {{ <urn:left> <urn:p> <urn:o> }} }}")
    with load(small, server) as work:
        outcome = work.replace()
    different = {graph.name for graph in outcome.graphs if graph.state is not State.SAME}
    assert different == {AWKWARD, f"{BASE}comparisons"}
    assert outcome.sent == sum(small.counts()[name] for name in different)
    assert held(server) == ours(small)


def test_graphs_of_somebody_else_are_named_and_left_alone(small: Record, oxigraph: Server) -> None:
    update(oxigraph, f"INSERT DATA {{ GRAPH <{BASE}theirs> {{ <urn:s> <urn:p> <urn:o> }} }}")
    outcome = added(small, oxigraph)
    assert outcome.strangers == (f"{BASE}theirs",)
    assert held(oxigraph) == ours(small) | {f"<urn:s> <urn:p> <urn:o> <{BASE}theirs>"}


def test_graphs_that_are_left_out_are_not_those_of_somebody_else(small: Record, oxigraph: Server) -> None:
    added(small, oxigraph)
    outcome = added(dataclasses.replace(small, only=frozenset({AWKWARD})), oxigraph)
    assert (len(outcome.graphs), outcome.strangers) == (1, ())


def test_readers_never_see_half_of_a_graph_that_is_replaced(small: Record, oxigraph: Server) -> None:
    """A reader that asks all the time meets the old graph or the new one."""
    graph = f"{BASE}doc/scio-2020-04-23"
    update(
        oxigraph,
        f"INSERT DATA {{ GRAPH <{graph}> {{ {' '.join(f'<urn:{i}> <urn:p> <urn:o> .' for i in range(99))} }} }}",
    )
    seen, done = set(), threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(sum(quad.endswith(f"<{graph}>") for quad in held(oxigraph)))

    reader = threading.Thread(target=read)
    reader.start()
    with load(small, oxigraph) as work:
        work.replace()
    done.set()
    reader.join()
    assert seen <= {99, small.counts()[graph]}


def test_some_graphs_alone(small: Record, oxigraph: Server) -> None:
    chosen = Record(small.path, frozenset({AWKWARD}))
    assert added(chosen, oxigraph).sent == len(LITERALS)
    assert held(oxigraph) == {quad for quad in ours(small) if quad.endswith(f"<{AWKWARD}>")}


def test_a_store_that_gives_few_rows_is_asked_for_slices(small: Record, oxigraph: Server) -> None:
    def cut(handler: Handler) -> None:
        """No more than 200 triples, as a store with a limit of rows gives them."""
        whole = ask(oxigraph, handler)
        handler.reply(200, b"".join(whole.splitlines(keepends=True)[:200]), Content_Type="application/n-triples")

    added(small, oxigraph)
    with hostile(in_front_of(oxigraph, cut, lambda handler, _: "n-triples" in handler.headers["Accept"])) as front:
        assert added(small, oxigraph, url=front.url).sent == 0
        assert any(b"MD5" in body for _, _, body in front.seen)
    with (
        hostile(
            in_front_of(oxigraph, nothing_at_all, lambda handler, _: "n-triples" in handler.headers["Accept"])
        ) as front,
        pytest.raises(EndpointError, match="gives 0 of the 8 triples that it counts"),
    ):
        added(small, oxigraph, url=front.url)


def ask(server: Server, handler: Handler) -> bytes:
    headers = {name: handler.headers[name] for name in ("Accept", "Content-Type")}
    request = urllib.request.Request(server.query, handler.server.seen[-1][2], headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        body: bytes = answer.read()
        return body


def nothing_at_all(handler: Handler) -> None:
    handler.reply(200, Content_Type="application/n-triples")


# ---- faults ----


def is_write(handler: Handler, number: int) -> bool:
    return handler.path.startswith("/store")


def is_query(handler: Handler, number: int) -> bool:
    return handler.path.startswith("/query")


def every_third(handler: Handler, number: int) -> bool:
    return number % 3 == 0


def lie(handler: Handler) -> None:
    handler.reply(200, b"Error 22023: out of memory")


def page(handler: Handler) -> None:
    handler.reply(200, b"<html>Please log in</html>", Content_Type="text/html")


def refuse(handler: Handler) -> None:
    handler.reply(500, b"out of order")


def elsewhere(handler: Handler) -> None:
    handler.reply(307, Location=handler.server.url.replace("127.0.0.1", "localhost"))


def hang_up(handler: Handler) -> None:
    handler.close_connection = True


def hostile_datatype(handler: Handler) -> None:
    body = b'<urn:s> <urn:p> "1"^^<http://e/d> } } ; DROP ALL #> .\n'
    handler.reply(200, body, Content_Type="application/n-triples")


def hostile_results(handler: Handler) -> None:
    row = {
        "graph": {"type": "uri", "value": f"{BASE}x> }} }} ; DROP ALL #"},
        "triples": {"type": "literal", "value": "1"},
    }
    body = json.dumps({"head": {"vars": ["graph", "triples"]}, "results": {"bindings": [row]}}).encode()
    handler.reply(200, body, Content_Type="application/sparql-results+json")


BOMB = b"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a0 "aaaaaaaaaaaaaaaaaaaa">%s]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="&a29;"/></rdf:RDF>""" % b"".join(
    b'<!ENTITY a%d "&a%d;&a%d;">' % (i, i - 1, i - 1) for i in range(1, 30)
)


def bomb(kind: str) -> Behaviour:
    return lambda handler: handler.reply(200, BOMB, Content_Type=kind)


def begun(body: bytes, *, length: int) -> Behaviour:
    """The beginning of an answer that says how long it would have been."""

    def behaviour(handler: Handler) -> None:
        handler.reply(200, body, Content_Type="application/n-triples", Content_Length=str(length))
        handler.close_connection = True

    return behaviour


FAULTS: list[tuple[str, Behaviour, Callable[[Handler, int], bool], str]] = [
    ("success with an error text", lie, is_write, "the server took all, but .* lacks [0-9]+ triples and has 0 others"),
    ("a page for an answer", page, is_query, "answered with text/html instead of results"),
    ("every write fails", refuse, is_write, "answered 500 .Internal Server Error.: out of order"),
    ("hangs at a write", hang, is_write, "no whole answer came within 0.5 seconds"),
    ("hangs at a query", hang, is_query, "no whole answer came within 0.5 seconds"),
    ("drips at a query", drip, is_query, "answered with text/plain|no whole answer came"),
    ("half an answer", half, is_query, "answered with no media type|the connection broke"),
    ("hangs up at a write", hang_up, is_write, "the connection broke before the answer was whole"),
    ("redirects a write", elsewhere, is_write, "sends us elsewhere, which is not followed"),
    ("redirects a query", elsewhere, is_query, "sends us elsewhere, which is not followed"),
    ("a hostile name of a graph", hostile_results, is_query, "not a table of SPARQL results|the store holds other"),
    ("an entity bomb for results", bomb("application/sparql-results+json"), is_query, "not a table of SPARQL results"),
    ("an entity bomb as RDF/XML", bomb("application/rdf+xml"), is_query, "answered with application/rdf.xml"),
]


@pytest.mark.parametrize(("fault", "wrong", "said"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS])
def test_after_a_fault_a_second_run_completes(
    fault: Behaviour, wrong: Callable[[Handler, int], bool], said: str, small: Record, oxigraph: Server
) -> None:
    with hostile(in_front_of(oxigraph, fault, wrong)) as front:
        with pytest.raises(KgError, match=said) as caught:
            added(small, oxigraph, url=front.url, seconds=0.5)
        assert caught.value.exit == 4
        assert "\n" not in caught.value.what
    assert held(oxigraph) <= ours(small)
    added(small, oxigraph)
    assert held(oxigraph) == ours(small)


def test_every_third_request_may_fail(small: Record, oxigraph: Server) -> None:
    with hostile(in_front_of(oxigraph, refuse, every_third)) as front:
        added(small, oxigraph, url=front.url)
        assert len(front.seen) > 6
    assert held(oxigraph) == ours(small)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (hostile_datatype, "the answer is not N-Triples"),
        (bomb("application/n-triples"), "the answer is not N-Triples"),
        (half, "answered with no media type"),
        (begun(b"<urn:s> <urn:p> <urn:o> .\n<urn:s> <ur", length=1000), "the connection broke"),
        (begun(b"<urn:s> <urn:p> <urn:o> .\n", length=1000), "the connection broke"),
    ],
    ids=["datatype", "bomb", "half", "half a triple", "half of the triples"],
)
def test_hostile_triples_that_come_back_are_an_error(
    fault: Behaviour, said: str, small: Record, oxigraph: Server
) -> None:
    added(small, oxigraph)
    with hostile(in_front_of(oxigraph, fault, lambda handler, _: "n-triples" in handler.headers["Accept"])) as front:
        with pytest.raises(EndpointError, match=said):
            added(small, oxigraph, url=front.url)
        assert not any(is_write for is_write in front.seen if b"DROP" in is_write[2])
    assert held(oxigraph) == ours(small)


def test_a_redirect_gets_neither_data_nor_password(small: Record, virtuoso_server: Server) -> None:
    """The load goes to the update endpoint, which asks for the password first; then it is sent elsewhere."""
    with hostile(lambda handler: handler.reply(200)) as other:
        target = other.url.replace("127.0.0.1", "localhost")
        asks: list[Behaviour] = [
            lambda handler: handler.reply(401, WWW_Authenticate='Digest realm="r", nonce="n", qop="auth"'),
            lambda handler: handler.reply(308, Location=target),
        ]
        fault = in_turn(*asks)
        front_of = in_front_of(
            empty(virtuoso_server), fault, lambda handler, _: handler.command == "POST" and "crud" in handler.path
        )
        with hostile(front_of) as front, pytest.raises(EndpointError, match="sends us elsewhere") as caught:
            added(small, virtuoso_server, url=front.url.replace("/query", "/sparql"))
        assert other.seen == []
    assert virtuoso_server.password not in str(caught.value)
    assert not held(virtuoso_server)


def test_a_move_whose_answer_is_lost_is_not_sent_again(small: Record, virtuoso_server: Server) -> None:
    """The second time the source would be gone, and the target emptied."""

    def no_answer(handler: Handler) -> None:
        handler.wfile = io.BytesIO()
        forward(handler, virtuoso_server)
        handler.close_connection = True

    empty(virtuoso_server)
    with hostile(in_front_of(virtuoso_server, no_answer, lambda handler, _: is_move(handler))) as front:
        with (
            load(small, virtuoso_server, url=front.url.replace("/query", "/sparql")) as work,
            pytest.raises(EndpointError, match="the connection broke"),
        ):
            work.replace()
        assert sum(b"MOVE" in body for _, _, body in front.seen) == 1
    assert held(virtuoso_server) <= ours(small) | staged(small)
    with load(small, virtuoso_server) as work:
        work.replace()
    assert held(virtuoso_server) == ours(small)


def is_move(handler: Handler) -> bool:
    """With the credentials: the first try, without them, is refused."""
    return b"MOVE" in handler.server.seen[-1][2] and bool(handler.headers.get("Authorization"))


def test_a_wrong_password_is_one_sentence(small: Record, virtuoso_server: Server) -> None:
    empty(virtuoso_server)
    wrong = dataclasses.replace(virtuoso_server, password="wrong")
    with pytest.raises(EndpointError, match="does not accept our name and password"):
        added(small, wrong)
    assert not held(virtuoso_server)
    assert added(small, virtuoso_server).sent == sum(small.counts().values())


def test_a_store_that_only_reads_says_so(small: Record, virtuoso_server: Server, tmp_path: Path) -> None:
    nobody = dataclasses.replace(empty(virtuoso_server), user="", password="")
    with pytest.raises(EndpointError, match="wants a password"):
        added(small, nobody)
    assert not held(virtuoso_server)
    with servers.running(servers.oxigraph(tmp_path)) as writable:
        added(small, writable)
    with servers.running(dataclasses.replace(writable, command=read_only(writable.command))) as reader:
        assert added(small, reader).sent == 0
        more = Record(tmp_path / "more.nq")
        more.path.write_bytes(small.path.read_bytes() + f"<urn:s> <urn:p> <urn:o> <{BASE}more> .\n".encode())
        with pytest.raises(EndpointError, match="the server does not allow this to us"):
            added(more, reader)
        assert held(reader) == ours(small)


def read_only(command: list[str]) -> list[str]:
    return ["serve-read-only" if word == "serve" else word for word in command]


# ---- servers and clients that die ----


def server_of(name: str, folder: Path) -> Server:
    return servers.oxigraph(folder) if name == "oxigraph" else servers.virtuoso(folder)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["oxigraph", "virtuoso"])
@pytest.mark.parametrize("replacing", [False, True], ids=["add", "replace"])
def test_a_server_that_is_killed_in_the_middle(name: str, replacing: bool, small: Record, tmp_path: Path) -> None:
    with servers.running(server_of(name, tmp_path)) as server:
        with load(small, server, part_bytes=100_000) as work:
            dying = dataclasses.replace(work, tell=lambda sent, total: server.kill())
            with pytest.raises(EndpointError, match="nothing answers there|the connection broke"):
                dying.replace() if replacing else dying.add()
        server.start()
        assert held(server) <= ours(small) | staged(small)
        with load(small, server) as work:
            work.replace() if replacing else work.add()
        assert held(server) == ours(small)


@pytest.mark.slow
def test_what_took_the_place_of_others_is_there_after_a_restart(nquads: list[bytes], tmp_path: Path) -> None:
    """Virtuoso brings back a part only of what one transaction has deleted and inserted, where there is some data."""
    older, newer = Record(tmp_path / "older.nq"), Record(tmp_path / "newer.nq")
    graphs = {line.rsplit(b" ", 2)[1] for line in nquads}
    others = [b"<urn:s> <urn:p> <urn:o> %s ." % graph for graph in graphs]
    newer.path.write_bytes(b"\n".join(nquads))
    older.path.write_bytes(b"\n".join(sorted([*nquads, *others])))
    with servers.running(servers.virtuoso(tmp_path)) as server:
        added(older, server)
        with load(newer, server) as work:
            work.replace()
        server.stop()
        server.start()
        assert held(server) == ours(newer)


def staged(source: Record) -> set[str]:
    return {quad[:-1] + STAGED + ">" for quad in ours(source)}


@pytest.mark.slow
@pytest.mark.parametrize("small_disk", [64], indirect=True)  # a database has little room on it
def test_a_server_whose_disk_is_full(small: Record, small_disk: Path) -> None:
    with servers.running(servers.oxigraph(small_disk)) as server:
        free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_bsize
        (small_disk / "ballast").write_bytes(bytes(free - 100_000))
        with pytest.raises(EndpointError) as caught:
            added(small, server)
        assert "No space left" in caught.value.what or "the server took all, but" in caught.value.what, caught.value
        (small_disk / "ballast").unlink()
        server.stop()
        server.start()
        assert held(server) <= ours(small)
        added(small, server)
        assert held(server) == ours(small)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_a_client_that_is_killed_and_started_again(seed: int, small: Record, oxigraph: Server) -> None:
    """Killed before, during or after a request, drawn by chance, up to five times in a row."""
    chance = random.Random(seed)
    replacing = seed % 2 == 1
    for _ in range(chance.randint(1, 5)):
        fatal, late = chance.randint(1, 24), chance.random() < 0.5
        command = [sys.executable, "-c", CHILD, str(small.path), "add", ""]
        command[4] = "replace" if replacing else "add"
        with hostile(dies_at(oxigraph, fatal, late, child := [])) as front:
            command[5] = front.url
            child.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            child[0].wait(timeout=60)
        assert held(oxigraph) <= ours(small)
    with load(small, oxigraph) as work:
        work.replace() if replacing else work.add()
    assert held(oxigraph) == ours(small)


CHILD = f"""
import sys
from pathlib import Path
from kg import profiles, web
from kg.loading import Load
from kg.record import Record
from kg.remote import Remote
with web.Client() as client:
    remote = Remote(client, profiles.endpoints(profiles.named("oxigraph"), sys.argv[3]))
    getattr(Load(Record(Path(sys.argv[1])), remote, {BASE!r}, part_bytes=20_000), sys.argv[2])()
"""


def dies_at(server: Server, fatal: int, late: bool, child: list[subprocess.Popen[bytes]]) -> Behaviour:
    """A server whose client is killed at the request of this number, before or after it is carried out."""

    def kill(handler: Handler) -> None:
        if late:
            forward(handler, server)
        child[0].kill()
        handler.close_connection = True

    return in_front_of(server, kill, lambda handler, number: number == fatal)


def test_triples_that_drip_are_cut_at_the_deadline(small: Record, oxigraph: Server) -> None:
    def drip_comment(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/n-triples")
        handler.end_headers()
        while not handler.server.closing.wait(0.02):
            handler.wfile.write(b"#")

    added(small, oxigraph)
    with (
        hostile(
            in_front_of(oxigraph, drip_comment, lambda handler, _: "n-triples" in handler.headers["Accept"])
        ) as front,
        pytest.raises(EndpointError, match="no whole answer came within 0.5 seconds"),
    ):
        added(small, oxigraph, url=front.url, seconds=0.5)


# ---- kinds of stores ----


@pytest.mark.parametrize(
    ("url", "name", "query", "update", "graph_store"),
    [
        # as the documentation of each has them
        ("http://h:8890/sparql", "virtuoso", ":8890/sparql", ":8890/sparql-auth", ":8890/sparql-graph-crud-auth"),
        ("https://h/sparql-auth", "virtuoso", "/sparql", "/sparql-auth", "/sparql-graph-crud-auth"),
        ("http://h:7878", "oxigraph", ":7878/query", ":7878/update", ":7878/store"),
        ("http://h:3030/ds", "fuseki", ":3030/ds/query", ":3030/ds/update", ":3030/ds/data"),
        ("http://h:3030/ds/sparql", "fuseki", ":3030/ds/query", ":3030/ds/update", ":3030/ds/data"),
        ("http://h:7200/repositories/r", "graphdb", ":7200/repositories/r", ":7200/repositories/r/statements", ":7200/repositories/r/rdf-graphs/service"),
        ("http://h:7001/", "qlever", ":7001", ":7001", ":7001"),
        ("http://h:9999/bigdata/namespace/kb/sparql", "blazegraph", *[":9999/bigdata/namespace/kb/sparql"] * 3),
        ("https://c.eu.neptune.amazonaws.com:8182/sparql", "neptune", ".eu.neptune.amazonaws.com:8182/sparql", ".eu.neptune.amazonaws.com:8182/sparql", ".eu.neptune.amazonaws.com:8182/sparql/gsp/"),
    ],
)  # fmt: skip
def test_a_store_is_known_by_its_url(url: str, name: str, query: str, update: str, graph_store: str) -> None:
    found = profiles.by_url(url)
    assert found is not None
    assert found.name == name
    where = profiles.endpoints(found, url)
    assert (where.query.endswith(query), where.update.endswith(update), where.graph_store.endswith(graph_store)) == (
        True,
    ) * 3


def test_profiles_say_what_was_tried() -> None:
    told = {name: profile.told for name, profile in profiles.profiles().items()}
    assert {name for name, text in told.items() if "tried with" in text} == {"virtuoso", "oxigraph"}
    assert {name for name, text in told.items() if "untried" in text} == {
        "fuseki",
        "graphdb",
        "qlever",
        "blazegraph",
        "neptune",
    }
    assert {profile.replace for profile in profiles.profiles().values()} <= {"put", "move", "drop-move"}


def test_a_store_says_itself_what_it_is(oxigraph: Server, virtuoso_server: Server) -> None:
    with web.Client() as client:
        for server in (oxigraph, virtuoso_server):
            assert recognised(client, server.query).profile.name == server.name
        with hostile(nothing_at_all) as unknown, pytest.raises(UsageError, match="cannot be told") as caught:
            recognised(client, unknown.url)
        assert "--profile NAME, one of blazegraph, fuseki" in str(caught.value)


def test_a_profile_of_ones_own(tmp_path: Path) -> None:
    text = profiles.FILE.read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(
        text[text.index("[fuseki]") : text.index("[graphdb]")].replace('"/update"', '"/change"'), encoding="utf-8"
    )
    assert profiles.endpoints(profiles.named(str(own)), "http://h:3030/ds").update == "http://h:3030/ds/change"
    own.write_text("[x]\ntitle = 1\n", encoding="utf-8")
    with pytest.raises(InputError, match="that is no profile"):
        profiles.named(str(own))
    with pytest.raises(UnknownName, match="no profile 'fusek'") as caught:
        profiles.named("fusek")
    assert caught.value.hint == "did you mean fuseki?"


# ---- parts ----


@pytest.mark.parametrize("by_graph", [True, False])
@pytest.mark.parametrize("size", [1, 5_000, 10**9])
def test_parts_hold_every_line_once(by_graph: bool, size: int, small: Record) -> None:
    lines = list(small.lines())
    parts = list(record.parts(lines, size, by_graph=by_graph))
    whole = sorted(line for part in parts for line in part.body.splitlines(keepends=True))
    assert whole == sorted(record.without_graph(line) if by_graph else line for _, line in lines)
    assert sum(part.triples for part in parts) == len(lines)
    assert all(len(part.body) < size + 5_000 or part.triples == 1 for part in parts)


def test_blocks_are_the_file(small: Record) -> None:
    for size in (1, 5_000, 10**9):
        parts = list(small.blocks(size))
        assert b"".join(part.body for part in parts) == small.path.read_bytes()
        assert sum(part.triples for part in parts) == sum(small.counts().values())
        assert all(part.body.endswith(b"\n") for part in parts)


def test_no_graphs_have_no_lines(small: Record) -> None:
    assert (list(small.lines(())), {name for name, _ in small.lines({AWKWARD})}) == ([], {AWKWARD})


# ---- the command ----


def command(server: Server, *options: str, **environment: str) -> Ran:
    return process("load", server.query, *options, env={**server.environment(), **environment})


def test_the_command_loads_compares_and_says_so(oxigraph: Server, nquads: list[bytes]) -> None:
    looked = command(oxigraph, "--dry-run")
    assert (looked.code, held(oxigraph)) == (0, set())
    assert f"{len(nquads):,} would be sent" in looked.err
    loaded = command(oxigraph)
    assert loaded.code == 0
    rows = [line.split("\t") for line in loaded.out.splitlines()]
    assert sum(int(row[1]) for row in rows) == len(nquads)
    assert {row[2] for row in rows} == {"absent"}
    assert {row[3] for row in rows} == {"compared", "counted"}
    assert "Oxigraph server (tried with" in loaded.err
    again = command(oxigraph, "--quiet")
    assert (again.code, again.err) == (0, "")
    assert {tuple(line.split("\t")[2:]) for line in again.out.splitlines()} == {("the same", "compared")}


def test_a_trial_tells_what_a_load_would_refuse(oxigraph: Server) -> None:
    update(oxigraph, f"INSERT DATA {{ GRAPH <{BASE}comparisons> {{ <urn:s> <urn:p> <urn:o> }} }}")
    for options in (("--dry-run",), ()):
        done = command(oxigraph, *options)
        assert done.code == 1
        assert f"the store holds other triples in {BASE}comparisons\n" in done.err
    assert command(oxigraph, "--dry-run", "--replace").code == 0
    assert len(held(oxigraph)) == 1


def test_the_command_takes_the_password_from_the_environment(virtuoso_server: Server) -> None:
    empty(virtuoso_server)
    graph = f"{BASE}comparisons"
    loaded = command(virtuoso_server, "--graph", "comparisons")
    assert (loaded.code, loaded.out.split("\t")[0]) == (0, graph)
    assert virtuoso_server.password not in loaded.err + loaded.out
    refused = command(virtuoso_server, "--graph", "graph:entities", KG_ENDPOINT_PASSWORD="wrong one")
    assert refused.code == 4
    assert refused.err.splitlines()[1].startswith("error[endpoint]: the server does not accept our name and password")
    assert "wrong one" not in refused.err


def test_a_record_that_was_changed_is_not_sent(oxigraph: Server, store: str, tmp_path: Path) -> None:
    """A datatype that would end the triple and go on in SPARQL, in a file of the same size."""
    own = tmp_path / "own"
    shutil.copytree(store, own)
    graph = Path(current_generation(str(own)), "graph.nq")
    body = graph.read_bytes()
    wanted = b'"1"^^<http://e/d> } } ; DROP ALL #> .'
    line = next(line for line in body.splitlines() if len(line) > 200)
    graph.write_bytes(body.replace(line, line[: len(line) - len(wanted)] + wanted, 1))
    refused = command(oxigraph, "--store", str(own))
    assert (refused.code, refused.out) == (4, "")
    assert refused.err.startswith("error[store]: the store is damaged (graph.nq has changed)")
    assert not held(oxigraph)


def test_a_dry_run_tells_what_the_store_needs(kg: Callable[..., Ran], oxigraph: Server) -> None:
    told = kg("load", oxigraph.query, "--dry-run").err
    assert "default graph as the union: oxigraph serve --union-default-graph" in told
    assert f"graph store: {oxigraph.graph_store}" in told


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["http://ada:pw@h/"], 2, "error[usage]: the URL holds a password"),
        (["nowhere"], 2, "error[usage]: that is not the URL of an endpoint"),
        (["http://127.0.0.1:9/"], 4, "error[endpoint]: nothing answers there"),
        (["http://127.0.0.1:9/", "--profile", "fusek"], 3, "error[unknown]: there is no profile 'fusek'"),
        (["http://127.0.0.1:9/", "--graph", "graph:entitie"], 3, "error[unknown]: there is no graph"),
        (["http://127.0.0.1:9/", "--timeout", "0"], 2, "error[usage]: --timeout wants seconds above 0 and up to 86400"),
        (["http://127.0.0.1:9/", "--timeout", "nan"], 2, "error[usage]: --timeout wants seconds above 0"),
        (["http://127.0.0.1:9/", "--timeout", "1e300"], 2, "error[usage]: --timeout wants seconds above 0"),
        (["http://127.0.0.1:9/", "--part", "inf"], 2, "error[usage]: --part wants MiB above 0 and up to 1024, not inf"),
        (["http://127.0.0.1:9/", "--part", "nan"], 2, "error[usage]: --part wants MiB above 0"),
    ],
)
def test_mistakes_are_one_sentence(options: list[str], code: int, said: str, kg: Callable[..., Ran]) -> None:
    outcome = kg("load", *options, "--quiet")
    assert (outcome.code, outcome.out) == (code, "")
    assert outcome.err.startswith(said)
