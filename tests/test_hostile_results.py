"""Hostile data: what an answer shows steers no terminal, turns no text around, and is no formula, HTML or link."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pyoxigraph
import pytest
from markdown_it import MarkdownIt
from pyoxigraph import Literal, NamedNode, Quad

from kg import citing, engine, evidence, lookup, render, store
from kg.cli import ask
from kg.model import Query
from tests.conftest import Outcome

RTL, LTR = "\u202e", "\u2066"
LITERALS = [
    "\x1b[31mred\x1b[0m", "\x1b]8;;http://evil.example/\x1b\\click\x1b]8;;\x1b\\", "\x1b]0;title\x07", "\x07\x08\x7f",
    "one\rtwo", "one\ntwo", "one\r\n| two | three |\n", "tab\tbed", "\x85\x9b31m\x90\x9d", "\x00nul", "\x0b\x0c\x1c",
    f"{RTL}gnodgnauG\u202c", "\u202a\u202b\u202d", f"{LTR}a\u2067b\u2068c\u2069", "\u200e\u200f\u061c", "a\u200bb\ufeff",
    "a\u2028b\u2029c", "\U000e0041\U000e007f", "\xad", "=HYPERLINK(\"http://evil.example\")", "=1+1", "+1+1", "-1+1",
    "@SUM(A1)", "\t=1+1", f"{RTL}=1+1", "\r\n=1", "＝1+1", "-5", "+5", "-1.5", "a | b", "a \\| b", "\\", "a\\",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</td></tr></table>", "&lt;b&gt; &amp;", "<!-- -->",
    "[click](http://evil.example/)", "![x](http://evil.example/x.png)", "[a][b]", "[b]: http://evil.example/", "[x]",
    "<http://evil.example/>", "<a@evil.example>", "`code", "`a` ``b``", "*bold* **x** _it_ __x__ a_b_c", "~~gone~~ ~x~",
    "# title", "- item", "---", "> quote", "1. item", "{{ x }} ${x}", "[bold]x[/bold]", ":smile:", "中文，「引号」", "",
    "[52, 52]", "over 7,600", "x" * 12_000, "word " * 3_000, '"quoted", and "\'"', "\\n", "\ufffe\uffff",
]  # fmt: skip
IRIS = [f"urn:{RTL}x", "urn:a\u200bb", "http://e.example/a_b_c?x=1&amp;y", "urn:(x)", "urn:*a*~b~", "urn:_a_$x$"]
FORMATS = ("csv", "json", "jsonl", "markdown", "table", "tsv", "xml")
BREAKS = {"csv": "\r\n", "json": "\n", "jsonl": "\n", "markdown": "\n", "table": "\n", "tsv": "\t\n", "xml": "\t\n"}
"""What separates cells and rows in each format: of all that steers, only this may stand in it."""

Asking = Callable[[str], store.Answer]


def steering(text: str, form: str) -> set[str]:
    """Control and format characters, and line and paragraph separators, beside those that the format is made of."""
    return {c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}} - set(BREAKS[form])


@pytest.fixture(scope="module")
def asking() -> Asking:
    """Asks a store of hostile literals and IRIs."""

    class Hostile(store.Session):
        def __init__(self) -> None:
            self._store = pyoxigraph.Store()
            for i, text in enumerate(LITERALS):
                subject = NamedNode(f"urn:s{i:03}")
                self._store.add(Quad(subject, NamedNode("urn:text"), Literal(text)))
                self._store.add(Quad(subject, NamedNode("urn:tagged"), Literal(text, language="en")))
                self._store.add(Quad(subject, NamedNode("urn:thing"), NamedNode(IRIS[i % len(IRIS)])))
                self._store.add(Quad(subject, NamedNode("urn:typed"), Literal(text, datatype=NamedNode(IRIS[0]))))

    return Hostile().ask


ROWS = """SELECT ?s ?text ?tagged ?typed ?thing ?none {
  ?s <urn:text> ?text ; <urn:tagged> ?tagged ; <urn:typed> ?typed ; <urn:thing> ?thing
} ORDER BY ?s"""


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_steers(form: str, asking: Asking) -> None:
    text = ask.rendered(asking(ROWS), form).decode()
    assert steering(text, form) == set()
    assert len(text) > 50_000


def test_triples_steer_nothing_and_say_the_same(asking: Asking) -> None:
    text = ask.rendered(asking("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"), "table").decode()
    assert steering(text, "tsv") == set()
    parsed = pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert {t.object.value for t in parsed if t.predicate.value == "urn:text"} == set(LITERALS)


def test_formats_for_programs_lose_nothing(asking: Asking) -> None:
    bindings = json.loads(ask.rendered(asking(ROWS), "json"))["results"]["bindings"]
    assert [row["text"]["value"] for row in bindings] == LITERALS
    lines = [json.loads(line) for line in ask.rendered(asking(ROWS), "jsonl").decode().split("\n")[:-1]]
    assert [row["text"] for row in lines] == LITERALS
    assert [row["thing"] for row in lines] == [IRIS[i % len(IRIS)] for i in range(len(LITERALS))]
    tsv = pyoxigraph.parse_query_results(ask.rendered(asking(ROWS), "tsv"), format=pyoxigraph.QueryResultsFormat.TSV)
    assert isinstance(tsv, pyoxigraph.QuerySolutions)
    assert [row["text"].value for row in tsv] == LITERALS


def test_xml_is_xml_and_says_what_xml_can_say(asking: Asking) -> None:
    space = "{http://www.w3.org/2005/sparql-results#}"
    root = ET.fromstring(ask.rendered(asking(ROWS), "xml"))
    found = [b.findtext(f"{space}literal") for b in root.iter(f"{space}binding") if b.get("name") == "text"]
    cannot = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF], "\ufffd")
    assert [text or "" for text in found] == [text.translate(cannot) for text in LITERALS]


def test_csv_has_one_line_a_row_and_no_formula(asking: Asking) -> None:
    body = ask.rendered(asking(ROWS), "csv").decode()
    assert body.count("\r\n") == body.count("\n") == body.count("\r") == len(LITERALS) + 1
    csv.field_size_limit(10**6)
    rows = list(csv.reader(io.StringIO(body, newline="")))
    assert {len(row) for row in rows} == {6}
    cells = [cell for row in rows for cell in row]
    assert [
        c for c in cells if c.strip()[:1] in set("=+-@＝＋－＠") and c.strip()[:1] and c not in {"-5", "+5", "-1.5"}
    ] == []
    assert {"-5", "+5", "-1.5", "'=1+1", "'---"} <= set(cells)


def test_markdown_shows_the_cells_and_nothing_else(asking: Asking) -> None:
    names, rows = asking(ROWS).rows()
    tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(render.markdown(names, rows))
    kinds = {token.type for token in tokens}
    assert kinds <= {
        f"{part}_{side}" for part in ("table", "thead", "tbody", "tr", "th", "td") for side in ("open", "close")
    } | {"inline"}
    cells = [token for token in tokens if token.type == "inline"]
    assert len(cells) == len(names) * (len(rows) + 1)
    inside = [child.type for cell in cells for child in cell.children or ()]
    assert set(inside) <= {"text", "text_special"}
    shown = ["".join(child.content for child in cell.children or ()) for cell in cells]
    assert shown == [*names, *(render.plain(term).strip() for row in rows for term in row)]


@pytest.mark.parametrize("columns", ["60", "200", "100000", "abc"])
def test_a_table_shows_all_of_a_cell(columns: str, asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    text = ask.rendered(asking("SELECT ?text { ?s <urn:text> ?text } ORDER BY ?s"), "table").decode()
    assert steering(text, "table") == set()
    assert text.count("word") == 3_000
    assert text.count("x" * 40) > 0
    assert "[bold]x[/bold]" in text


def test_names_of_columns_steer_nothing(asking: Asking) -> None:
    for form in ("table", "markdown", "csv"):
        text = ask.rendered(asking("SELECT (1 AS ?a\u200cb\u200d) {}"), form).decode()
        assert steering(text, form) == set()


@pytest.mark.parametrize("form", [*FORMATS[:3], "markdown", "table", "tsv", "parquet", "xlsx"])
def test_what_is_no_value_of_its_type_is_text(form: str, asking: Asking) -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    cells = " ".join(
        f'("{text}"^^<{xsd}{kind}> AS ?{kind}{i})'
        for kind in ("integer", "decimal", "boolean", "date")
        for i, text in enumerate(("abc", "[1]", "", "1_0", "2020-02-30", "٣"))
    )
    body = ask.rendered(asking(f"SELECT {cells} {{}}"), form)
    if form == "jsonl":
        assert set(json.loads(body).values()) == {"abc", "[1]", "", "1_0", "2020-02-30", "٣"}


HOSTILE = "\x1b[31m" + RTL + "\x9b<b>\r\nx\u2028{}\\input~^"


def test_found_names_steer_nothing(kg: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.model import Hit

    monkeypatch.setattr(lookup, "search", lambda session, words: [Hit("urn:x", HOSTILE, HOSTILE, 1.0)])
    monkeypatch.setattr(lookup, "described", lambda session, thing: (HOSTILE, HOSTILE, "=1"))
    for form in ("csv", "json", "jsonl", "markdown", "table", "tsv"):
        done = kg("search", "x", "--format", form)
        assert done.code == 0
        assert steering(done.out, form) == set()
        assert done.out.count("\n") <= 3 + 6 * (form == "table")


def test_messages_with_names_of_the_graph_steer_nothing(
    kg: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg.model import Hit

    monkeypatch.setattr(
        lookup, "search", lambda session, words: [Hit("id-place:x", HOSTILE.replace("\n", ""), "", 1.0)]
    )
    monkeypatch.setattr(lookup, "_asked_for", lambda thing, values: True)
    done = kg("query", "operating-rates", "--province", "nowhere at all")
    assert "did you mean [31m" in done.err
    assert steering(done.err, "table") == set()
    store.say(HOSTILE)
    assert steering(kg("--version").err, "table") == set()


def test_a_chain_of_evidence_steers_nothing(kg: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch) -> None:
    rows = evidence.rows_of

    def hostile(asking: engine.Ask, name: str, params: dict[str, str] | None = None) -> list[engine.Row]:
        found = rows(asking, name, params)
        told = {"label", "title", "note", "name", "otherLabel", "grounds", "speaker", "post"}
        return [{key: value + HOSTILE * (key in told) for key, value in row.items()} for row in found]

    plain = kg("why", "leading-51-count")
    monkeypatch.setattr(evidence, "rows_of", hostile)
    shown = kg("why", "leading-51-count")
    assert "[31m" in shown.out
    assert steering(shown.out, "table") == set()
    assert shown.out.count("\n") <= plain.out.count("\n") + 40
    assert steering(kg("why", "leading-51-count", "--format", "json").out, "json") == set()


def test_a_citation_steers_nothing_and_runs_nothing() -> None:
    source = citing.Source(
        HOSTILE, HOSTILE, HOSTILE, "2020-03-06", HOSTILE, "http://e/}{" + HOSTILE, ((HOSTILE, HOSTILE),)
    )
    query = Query("q", HOSTILE, HOSTILE, "", "", (), {}, {}, "", "")
    found = citing.Citation(query, {"x": HOSTILE}, "a", "b", 1, (source,), (HOSTILE,))
    for written in (citing.text(found), citing.bibtex(found), citing.csl(found)):
        assert steering(written, "table") == set()
    assert "\\input" not in citing.bibtex(found)
    assert citing.text(found).count("\n") == 11
    for entry in citing.bibtex(found).split("\n@"):
        bare = re.sub(r"\\[{}]|\\text\w+\{\}", "", entry)
        assert bare.count("{") == bare.count("}") == len(re.findall(r"= \{", bare)) + 1
