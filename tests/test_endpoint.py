"""Asking an endpoint: what goes out, what comes back, and what servers do wrong, each told in one sentence."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pyoxigraph
import pytest

from kg import terms
from kg.endpoint import LONGEST_GET, Endpoint, declared, with_decimals
from kg.errors import EndpointError, SyntaxProblem
from tests.conftest import Outcome
from tests.hostile import Behaviour, Handler, Hostile, hostile

Kg = Callable[..., Outcome]
JSON = "application/sparql-results+json"
BOOLEAN, INTEGER = (terms.STANDARD["xsd"] + name for name in ("boolean", "integer"))
ASK = "ASK { ?s ?p ?o }"
SELECT = "SELECT ?x { ?x ?p ?o }"
OTHER = "https://data.example.org/chains/"


def results(*rows: dict[str, object]) -> bytes:
    return json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": rows}}).encode()


def root(base: str) -> bytes:
    cell = {"ontology": {"type": "uri", "value": f"{base}ns"}}
    return json.dumps({"head": {"vars": ["ontology"]}, "results": {"bindings": [cell]}}).encode()


def holding(then: Behaviour, base: str = terms.BASE) -> Behaviour:
    """A server that has the graph under a base, and does `then` for every other query."""

    def behave(handler: Handler) -> None:
        if "Industrial+chain+resilience+ontology" in handler.path:
            handler.reply(200, root(base), Content_Type=JSON)
        else:
            then(handler)

    return behave


def giving(body: bytes, status: int = 200, content_type: str = JSON, **headers: str) -> Behaviour:
    return lambda handler: handler.reply(status, body, **{"Content_Type": content_type, **headers})


def sent(server: Hostile, then: list[str]) -> Behaviour:
    def behave(handler: Handler) -> None:
        body = server.seen[-1][2].decode()
        then.append(parse_qs(body or urlsplit(handler.path).query)["query"][0])
        handler.reply(200, results(), Content_Type=JSON)

    return behave


# ---- what goes out ----


def test_short_queries_go_by_get_and_long_ones_by_post() -> None:
    with hostile(holding(giving(results()))) as server:
        endpoint = Endpoint(server.url)
        endpoint.ask(SELECT)
        endpoint.ask(SELECT + " " * LONGEST_GET)
        assert [method for method, _, _ in server.seen] == ["GET", "GET", "POST"]


def test_a_query_is_read_by_its_keywords_not_by_its_comments() -> None:
    queries: list[str] = []
    with hostile(giving(b"")) as server:
        server.behaviour = holding(sent(server, queries))
        text = '#+ title = "Add, then clear: DROP ALL"\n' + SELECT
        assert Endpoint(server.url).ask(text).rows() == (["x"], [])
    assert queries == [text]


def test_a_parameter_of_the_url_goes_with_each_query() -> None:
    paths = []

    def note(handler: Handler) -> None:
        paths.append(handler.path)
        handler.reply(200, results(), Content_Type=JSON)

    with hostile(holding(note)) as server:
        Endpoint(f"{server.url}?union-default-graph=1").ask(SELECT)
    assert parse_qs(urlsplit(paths[0]).query) == {"union-default-graph": ["1"], "query": [SELECT]}


def test_prefixes_that_a_query_uses_and_does_not_declare_are_declared_without_moving_its_lines() -> None:
    prefixes = {"a": "urn:a:", "b": "urn:b:", "c": "urn:c:"}
    text = "PREFIX b: <urn:own:>\nSELECT * { ?a a:x b:y }"
    assert declared(text, prefixes) == "PREFIX a: <urn:a:> " + text


def test_a_store_with_another_base_is_asked_under_it_and_answers_under_ours() -> None:
    queries: list[str] = []
    thing, foreign = {"type": "uri", "value": OTHER + "id/org/miit"}, {"type": "uri", "value": "urn:x"}
    with hostile(giving(b"")) as server:
        server.behaviour = holding(sent(server, queries), OTHER)
        endpoint = Endpoint(server.url)
        endpoint.ask(f"ASK {{ <{terms.BASE}id/org/miit> ?p '{terms.BASE}' }}".replace("ASK", "SELECT * "))
        server.behaviour = holding(giving(results({"x": thing}, {"x": foreign})), OTHER)
        ours = [str(row[0]) for row in endpoint.ask(SELECT).rows()[1]]
        theirs = [str(row[0]) for row in endpoint.as_stored().ask(SELECT).rows()[1]]
        assert endpoint.ours(OTHER + "id/org/miit") == terms.BASE + "id/org/miit"
        assert endpoint.ours("urn:x") == "urn:x"
    assert queries == [f"SELECT *  {{ <{OTHER}id/org/miit> ?p '{terms.BASE}' }}"]
    assert ours == [f"<{terms.BASE}id/org/miit>", "<urn:x>"]
    assert theirs == [f"<{OTHER}id/org/miit>", "<urn:x>"]


# ---- what comes back ----


@pytest.mark.parametrize(
    ("cell", "term"),
    [
        ({"type": "literal", "value": "部", "xml:lang": "zh-Hans"}, '"部"@zh-hans'),
        ({"type": "typed-literal", "value": "a", "datatype": terms.STANDARD["xsd"] + "string"}, '"a"'),
        ({"type": "typed-literal", "value": "1", "datatype": BOOLEAN}, f'"true"^^<{BOOLEAN}>'),
        ({"type": "typed-literal", "value": "1", "datatype": INTEGER}, f'"1"^^<{INTEGER}>'),
        ({"type": "bnode", "value": "nodeID://b10"}, "_:nodeID_b10"),
    ],
)
def test_what_engines_write_differently_is_evened_out(cell: dict[str, object], term: str) -> None:
    with hostile(holding(giving(results({"x": cell})))) as server:
        assert str(Endpoint(server.url).ask(SELECT).rows()[1][0][0]) == term


@pytest.mark.parametrize(
    ("body", "truth"),
    [
        ({"head": {}, "boolean": True}, True),
        ({"head": {}, "boolean": False}, False),
        ({"head": {"vars": ["__ASK_RETVAL"]}, "results": {"bindings": []}}, False),
        (
            {
                "head": {"vars": ["__ASK_RETVAL"]},
                "results": {"bindings": [{"__ASK_RETVAL": {"type": "typed-literal", "value": "1"}}]},
            },
            True,
        ),
    ],
)
def test_the_truth_of_an_ask(body: object, truth: bool) -> None:
    with hostile(holding(giving(json.dumps(body).encode()))) as server:
        assert Endpoint(server.url).ask(ASK).truth() is truth


def test_triples_come_under_our_base_and_in_turtle_only() -> None:
    turtle = f'<{OTHER}id/org/miit> <urn:p> "部"@zh-Hans .'.encode()
    text = "CONSTRUCT WHERE { ?s ?p ?o }"
    with hostile(holding(giving(turtle, content_type="text/turtle"), OTHER)) as server:
        (triple,) = Endpoint(server.url).ask(text).triples()
        assert str(triple) == f'<{terms.BASE}id/org/miit> <urn:p> "部"@zh-hans'
        server.behaviour = holding(giving(turtle[:-9], content_type="text/turtle"))
        with pytest.raises(EndpointError, match="broken off"):
            Endpoint(server.url).ask(text)
        server.behaviour = holding(giving(turtle, content_type="application/rdf+xml"))
        with pytest.raises(EndpointError, match="instead of triples"):
            Endpoint(server.url).ask(text)


# ---- what servers do wrong ----

ONE = results({"x": {"type": "literal", "value": "a"}})
WRONG: list[tuple[str, Behaviour, str]] = [
    (
        "a page",
        giving(b"<p>Welcome</p>", content_type="text/html"),
        "answered with text/html instead of results",
    ),
    ("half", giving(ONE[:-5]), "broken off"),
    ("other JSON", giving(b"[]"), "no SPARQL 1.1 results"),
    ("no value", giving(results({"x": {"type": "literal"}})), "no SPARQL 1.1 results"),
    ("206", giving(ONE, 206), "only a part of the answer"),
    ("cut by time", giving(ONE, X_SQL_State="S1TAT"), "only a part of the answer"),
    ("cut by rows", giving(ONE, X_SPARQL_MaxRows="1"), "gives 1 rows at most"),
    ("elsewhere", giving(b"", 302, Location="http://127.0.0.1:9/"), "sends us elsewhere, which is not followed"),
    (
        "a failure",
        giving(b"no memory", 501, content_type="text/plain"),
        r"answered 501 \(Not Implemented\): no memory",
    ),
]


@pytest.mark.parametrize(("behaviour", "says"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_what_is_no_whole_answer_is_an_error(behaviour: Behaviour, says: str) -> None:
    with hostile(holding(behaviour)) as server, pytest.raises(EndpointError, match=says) as caught:
        Endpoint(server.url).ask(SELECT)
    assert caught.value.at == server.url


def test_a_busy_server_is_asked_again() -> None:
    waits = iter([503, 429])

    def busy(handler: Handler) -> None:
        status = next(waits, 200)
        handler.reply(status, ONE, Content_Type=JSON)

    with hostile(holding(busy)) as server:
        assert len(Endpoint(server.url).ask(SELECT).rows()[1]) == 1


def test_the_query_is_blamed_when_it_is_wrong_and_the_server_when_it_is_not() -> None:
    refusing = giving(b"syntax error", 400, content_type="text/plain")
    with hostile(holding(refusing)) as server:
        with pytest.raises(SyntaxProblem) as caught:
            Endpoint(server.url).ask("SELECT ?x {\n ?x ?p }")
        assert (caught.value.at or "").startswith("query:2:")
        with pytest.raises(EndpointError, match="answered 400"):
            Endpoint(server.url).ask(SELECT)


def test_a_store_without_the_graph_says_what_to_do() -> None:
    with hostile(giving(results())) as server, pytest.raises(EndpointError, match="no graph of the project") as caught:
        Endpoint(server.url).ask(SELECT)
    assert "union" in (caught.value.hint or "")


# ---- the command ----


def test_an_endpoint_that_is_not_there_is_one_sentence_and_status_4(kg: Kg) -> None:
    outcome = kg("query", "pmi", "--endpoint", "http://127.0.0.1:9/sparql")
    assert (outcome.code, outcome.out) == (4, "")
    assert outcome.err.startswith("error[endpoint]: nothing answers there")
    assert "  at: http://127.0.0.1:9/sparql\n" in outcome.err


def test_the_environment_names_an_endpoint_and_a_store_that_is_named_goes_before(
    kg: Kg, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_ENDPOINT", "http://127.0.0.1:9/sparql")
    assert kg("query", "pmi").code == 4
    assert kg("query", "pmi", "--store", store).code == 0
    outcome = kg("query", "pmi", "--store", store, "--endpoint", "http://127.0.0.1:9/sparql")
    assert (outcome.code, outcome.out) == (2, "")
    assert "contradict" in outcome.err


def test_a_password_in_the_url_is_refused_and_not_repeated(kg: Kg) -> None:
    outcome = kg("search", "Weichai", "--endpoint", "http://me:sesame@127.0.0.1:9/sparql")
    assert outcome.code == 2
    assert "sesame" not in outcome.err


@pytest.mark.parametrize("words", [("sparql", "queries/answer/pmi.rq", "--timeout", "0.6"), ("query", "pmi")])
def test_a_server_that_drips_is_cut_at_the_deadline(
    words: tuple[str, ...], kg: Kg, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drip(handler: Handler) -> None:
        handler.reply(200, b"", **{"Content_Type": JSON, "Content_Length": "100"})
        while not handler.server.closing.wait(0.05):
            handler.wfile.write(b" ")

    with hostile(holding(drip)) as server:
        monkeypatch.setattr("sys.stdin", None)
        monkeypatch.setenv("KG_ENDPOINT_SECONDS", "0.6")
        begun = time.monotonic()
        outcome = kg(*words, "--endpoint", server.url)
        assert time.monotonic() - begun < 30  # it would drip for ever
    assert (outcome.code, outcome.out) == (4, "")
    assert "no whole answer came within 0.6 seconds" in outcome.err


@pytest.mark.parametrize("given", ["0", "-1", "nan", "inf", "1e300", "soon", "1 s"])
def test_seconds_that_are_none_are_refused(given: str, kg: Kg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_ENDPOINT_SECONDS", given)
    outcome = kg("query", "pmi", "--endpoint", "http://127.0.0.1:9/query")
    assert (outcome.code, outcome.out) == (2, "")
    assert f"KG_ENDPOINT_SECONDS wants seconds above 0 and up to 86400, not '{given}'" in outcome.err


WHOLE = "<urn:weight> <http://www.w3.org/2000/01/rdf-schema#range> <http://www.w3.org/2001/XMLSchema#decimal> ."
INTEGERS = ['<urn:a> <urn:weight> "7"^^<http://www.w3.org/2001/XMLSchema#integer> .', "<urn:b> <urn:weight> 2.5 ."]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (["<urn:a> <urn:age> 7 ."], "7.0"),  # as Virtuoso gives 7.0
        (["<urn:c> <urn:weight> 8.0 ."], "7"),  # a store that knows decimals: the 7 is a mistake
    ],
)
def test_whole_decimals_that_a_store_made_integers_are_decimals_again(more: list[str], expected: str) -> None:
    text = "\n".join([WHOLE, *INTEGERS, *more])
    quads = with_decimals(list(pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.TURTLE)))
    decimal = f"^^<{terms.STANDARD['xsd']}decimal>"
    integer = f"^^<{terms.STANDARD['xsd']}integer>"
    said = {(str(quad.subject), str(quad.predicate)): str(quad.object) for quad in quads}
    assert said["<urn:a>", "<urn:weight>"] == (f'"7.0"{decimal}' if expected == "7.0" else f'"7"{integer}')
    assert said["<urn:b>", "<urn:weight>"] == f'"2.5"{decimal}'
    assert said.get(("<urn:a>", "<urn:age>"), f'"7"{integer}') == f'"7"{integer}'
