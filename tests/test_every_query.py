"""Over every query file: heads, engines, order, parameters."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from rdflib.plugins.sparql import prepareQuery

import kg
from kg import queries, terms
from kg.errors import InputError, SyntaxProblem, UnknownName
from kg.rdf import parse_lines, read_turtle, serialise
from kg.store import Session
from tests.conftest import ROOT

FILES = sorted((ROOT / "queries").rglob("*.rq"))
ELSEWHERE = [path for path in FILES if path.parent.name not in {"align", "derive", "describe", "entail", "export"}]
"""Queries that an endpoint may be asked; the others are asked of the embedded engine alone."""
ANSWERS = queries.names("answer")
EVIDENCE = ["saidBy", "source", "published", "where", "printed", "claim"]
# rows of documents, of names, and of facts that no passage says
WITHOUT_CLAIM = {"sources", "mentions", "external-facts", "links"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT / "queries"))


def test_there_is_something_to_test() -> None:
    assert len(ANSWERS) >= 42
    kinds = {
        "align",
        "answer",
        "check",
        "contradiction",
        "derive",
        "describe",
        "entail",
        "evidence",
        "explain",
        "export",
        "federate",
        "load",
        "lookup",
        "walk",
    }
    assert {path.parent.name for path in FILES} == kinds


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_head_prefixes_and_both_parsers(path: Path) -> None:
    query = queries.read(path.stem, path.parent.name)
    assert query.title == query.title.strip()
    declared = dict(re.findall(r"^PREFIX ([\w-]+): <([^>]+)>$", query.body, re.MULTILINE))
    assert list(declared) == sorted(declared)
    assert declared.items() <= terms.PREFIXES.items()
    body = re.sub(r'"(?:[^"\\]|\\.)*"|<[^<>\s]*>|^#.*$|\s#\s.*$|^PREFIX.*$', "", query.body, flags=re.MULTILINE)
    used = set(re.findall(r"(?<![\w?:-])([a-z][\w-]*):[\w)]", body))
    assert used == set(declared)
    # a query that is good ends in ValueError here, one that is not in SyntaxError: nothing is run
    with pytest.raises(ValueError, match="union"):
        pyoxigraph.Store().query(query.body, use_default_graph_as_union=True, default_graph=pyoxigraph.DefaultGraph())
    prepareQuery(query.body)


@pytest.mark.parametrize("path", ELSEWHERE, ids=name_of)
def test_bound_is_asked_in_filters_only(path: Path) -> None:
    """In a BIND, Virtuoso 7 may take BOUND for true of what an OPTIONAL, a UNION or UNDEF left unbound, so that
    COALESCE(STR(?x), "") is compared with the empty string instead."""
    binds = expressions(path.read_text(encoding="utf-8"), "BIND")
    assert not [bind for bind in binds if "BOUND(" in bind]


@pytest.mark.parametrize("path", ELSEWHERE, ids=name_of)
def test_joined_text_survives_virtuoso(path: Path) -> None:
    """Virtuoso 7 sorts what CONCAT makes with a character beyond ASCII as question marks, unless SUBSTR took it; it
    joins on where a part has no value, so that nothing may rest on the error of SPARQL 1.1, 17.4.3.12."""
    body = path.read_text(encoding="utf-8")
    wide = [text for text in expressions(body, "CONCAT") if not text.isascii()]
    assert wide == [text for text in expressions(body, "SUBSTR(CONCAT") if not text.isascii()]
    assert "COALESCE(CONCAT(" not in body


def expressions(body: str, function: str) -> list[str]:
    """The arguments of each call of a function in a query, up to the bracket that closes it."""
    found = []
    for start in (match.end() for match in re.finditer(re.escape(function) + r"\(", body)):
        depth, end = 1, start
        while depth:
            depth += {"(": 1, ")": -1}.get(body[end], 0)
            end += 1
        found.append(body[start : end - 1])
    return found


def test_titles_are_unique() -> None:
    titles = [queries.read(path.stem, path.parent.name).title for path in FILES]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", ANSWERS)
def test_columns_are_described_in_order(name: str, store: str) -> None:
    query = queries.read(name)
    names, rows = Session(store).ask(query.body).rows()
    assert names == list(query.columns)
    assert rows
    if name not in WITHOUT_CLAIM:
        assert names[-len(EVIDENCE) :] == EVIDENCE
        assert all(row[names.index(column)] is not None for row in rows for column in EVIDENCE)
    assert not any(isinstance(term, pyoxigraph.BlankNode) for row in rows for term in row)


EVIDENCE_BLOCK = """\
# the passage that answers show
?claim icr:keyPassage ?passage ;
icr:keyForm ?printed .
# who says it
?claim icr:saidIn ?utterance .
?utterance icr:attributionType/skos:prefLabel ?attribution .
FILTER(LANGMATCHES(LANG(?attribution), "en"))
# where it stands
?passage icr:inParagraph ?paragraph ;
icr:startChar ?start ;
icr:endChar ?end .
?paragraph icr:paragraphNumber ?number ;
icr:inRendition ?rendition .
?document icr:hasRendition ?rendition ;
rdfs:label ?source ;
dcterms:issued ?published .
"""


@pytest.mark.parametrize("name", [name for name in ANSWERS if name not in WITHOUT_CLAIM])
def test_the_evidence_block_is_the_same_in_every_file(name: str) -> None:
    """Each file must run as it stands, so the block is repeated: a reader knows it again by its lines."""
    lines = "".join(line.strip() + "\n" for line in queries.read(name).body.splitlines())
    assert lines.count(EVIDENCE_BLOCK) == lines.count("?passage icr:inParagraph") >= 1


@pytest.mark.parametrize("name", ANSWERS)
def test_the_order_is_total(name: str, store: str, nquads: list[bytes]) -> None:
    """The same rows in the same order from a store loaded the other way round."""
    turned = pyoxigraph.Store()
    turned.extend(reversed(list(parse_lines(b"\n".join(nquads)))))
    query = queries.read(name).body
    names, rows = Session(store).ask(query).rows()
    other = turned.query(query, use_default_graph_as_union=True)
    assert isinstance(other, pyoxigraph.QuerySolutions)
    assert [[solution[column] for column in names] for solution in other] == rows
    # no two rows are alike in all that they are ordered by, so that every engine has but one order
    (order,) = re.findall(r"^ORDER BY (.*)$", query, re.MULTILINE)
    keys = re.findall(r"\?(\w+)", order)
    wider = re.sub(
        r"^SELECT ((?:DISTINCT )?).*$",
        lambda m: f"SELECT {m[1]}" + " ".join(f"?{n}" for n in {*keys, *names}),
        query,
        flags=re.MULTILINE,
        count=1,
    )
    columns, wide = Session(store).ask(wider).rows()
    assert len({tuple(str(row[columns.index(key)]) for key in keys) for row in wide}) == len(wide) == len(rows)


LOOK_UPS = [n for n in ANSWERS if any(param.type == "iri" for param in queries.read(n).params.values())]
WITHOUT_OPTIONALS = {"external-facts"}


@pytest.mark.parametrize("name", [name for name in LOOK_UPS if name not in WITHOUT_OPTIONALS])
def test_a_look_up_hangs_what_is_optional_on_few_rows(name: str) -> None:
    """The rule of CONTRIBUTING.md by which Oxigraph looks up each OPTIONAL instead of reading it whole."""
    every_row, limit, rest = queries.read(name).body.partition("\n    }\n    LIMIT 1000000\n  }\n")
    assert limit
    assert "OPTIONAL" in every_row + rest
    # in the sub-select an OPTIONAL stands in braces of its own, with the pattern that it hangs on
    assert not re.search(r"^ {6}OPTIONAL", every_row, re.MULTILINE)


@pytest.fixture(scope="session")
def graph(nquads: list[bytes]) -> rdflib.Graph:
    """The union of the graphs in rdflib."""
    union = rdflib.Graph()
    union.parse(data=serialise(parse_lines(b"\n".join(nquads)), "ntriples", {}), format="nt")
    return union


@pytest.mark.slow
@pytest.mark.parametrize("name", ANSWERS)
def test_rdflib_gives_the_same_rows(name: str, store: str, graph: rdflib.Graph) -> None:
    query = queries.read(name).body
    _, rows = Session(store).ask(query).rows()
    ours = [[None if term is None else plain(term) for term in row] for row in rows]
    theirs = [[None if term is None else str(term) for term in row] for row in graph.query(query)]  # type: ignore[union-attr]
    assert ours == theirs


def plain(term: object) -> str:
    return str(getattr(term, "value", term))


# ---- parameters ----


def test_a_parameter_narrows_the_answer() -> None:
    everything = kg.query("operating-rates")
    one = kg.query("operating-rates", province="id-place:guangdong")
    assert [row for row in everything if row["place"] == "Guangdong"] == one
    assert len(one) == 1


# days after and before all that the texts tell of
NOTHING_THEN = {
    "from": "9999-12-31",
    "until": "0001-01-01",
    "known_by": "0001-01-01",
    "as_of": "0001-01-01",
    "above": "99999999999999",
    "below": "-99999999999999",
}


@pytest.mark.parametrize("name", [n for n in ANSWERS if queries.read(n).params])
def test_every_parameter_has_its_lines_and_can_be_empty(name: str, store: str) -> None:
    query = queries.read(name)
    for param in query.params:
        assert len(set(re.findall(rf"VALUES \?{param} \{{ (.*) \}}$", query.body, re.MULTILINE))) == 1
        if param == "sure":  # says how above and below are meant, and leaves nothing out by itself
            continue
        bound = queries.bind(query, {param: NOTHING_THEN.get(param, "urn:nothing:there")})
        assert Session(store).ask(bound).rows()[1] == []


HOSTILE = [
    "> } DROP ALL #",
    'x" } ?s ?p ?o . { "',
    "a b",
    "<urn:x>",
    "",
    "urn:x>",
    "id-place:\u202e}",
    "no-colon",
    "urn:\x00",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_are_refused_or_find_nothing(value: str) -> None:
    with contextlib.suppress(InputError):
        assert kg.query("operating-rates", province=value) == []


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(UnknownName, match="has no parameter 'provinse'") as caught:
        kg.query("operating-rates", provinse="id-place:hunan")
    assert caught.value.hint == "did you mean province?"
    with pytest.raises(UnknownName) as none:
        kg.query("sources", province="id-place:hunan")
    assert none.value.hint == "sources takes no parameters"


@pytest.mark.parametrize(
    ("value", "type_", "good"),
    [
        ("12", "integer", True),
        ("1.5", "integer", False),
        ("-.5", "decimal", True),
        ("1e5", "decimal", False),
        ("٣", "integer", False),
        ("2020-02-30", "date", False),
        ("2020-02-29", "date", True),
        ("yes", "boolean", False),
        ("true", "boolean", True),
    ],
)
def test_values_are_checked_by_their_type(value: str, type_: str, good: bool) -> None:
    if good:
        assert value in queries.serialised(value, type_, "x")
    else:
        with pytest.raises(InputError, match=f"wants a value of type {type_}"):
            queries.serialised(value, type_, "x")


@pytest.mark.parametrize("value", ['a"b', "a\\", "a\nb", "}", "\u202e", "x" * 10000])
def test_a_string_comes_back_as_it_went_in(value: str) -> None:
    term = queries.serialised(value, "string", "x")
    rows = pyoxigraph.Store().query(f"SELECT ?x {{ VALUES ?x {{ {term} }} }}")
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    assert [row["x"].value for row in rows] == [value]


# ---- heads ----


@pytest.mark.parametrize(
    ("head", "complaint"),
    [
        ('#+ title = "T"\n#+ question = "Q"\n#+ tagz = []', "unknown key 'tagz'"),
        ('#+ title = "T', "not TOML"),
        ('#+ title = "T"', "has no question"),
        ('#+ title = "T"\n#+ question = "Q"\n#+ [columns.a]\n#+ meening = "m"', "unknown key 'meening'"),
        ('#+ title = "T"\n#+ question = "Q"\n#+ [params.a]\n#+ type = "wire"\n#+ meaning = "m"', "unknown type 'wire'"),
    ],
)
def test_a_bad_head_is_an_error_with_its_place(head: str, complaint: str) -> None:
    with pytest.raises(SyntaxProblem, match=complaint) as caught:
        queries.parse("q", f"{head}\nSELECT * {{}}", "q.rq")
    assert (caught.value.at or "").startswith("q.rq")


def test_every_term_of_ours_in_a_query_is_declared() -> None:
    declared = {
        triple.subject.value  # type: ignore[union-attr]
        for path in (ROOT / "ontology").rglob("*.ttl")
        for triple in read_turtle(path)
    }
    for path in FILES:
        body = path.read_text(encoding="utf-8")
        for prefix, name in re.findall(r"\b(icr|sch-[\w-]+):([A-Za-z][\w-]*)", body):
            assert terms.PREFIXES[prefix] + name in declared, f"{name_of(path)} uses {prefix}:{name}"
