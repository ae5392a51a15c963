"""The places of terms in Turtle: the same triples as the strict parser, each where it stands."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import BlankNode, Dataset, Quad

from kg import turtle
from tests.conftest import ROOT

FILES = sorted(path for folder in ("ontology", "seeds", "shapes") for path in (ROOT / folder).rglob("*.ttl"))

TRICKY = {
    "hash in a string": '<urn:a> <urn:b> "# no comment" . # a comment "with" <urn:marks>',
    "hash in an IRI": "<urn:a#x> <urn:b> <urn:c#y> .",
    "long strings": '<urn:a> <urn:b> """one\n"two" \\"\\"\\" three""" , \'\'\'it\'s\n''\'\'\' .',
    "escapes": r"""<urn:a> <urn:b> "tab\t \u00e9 \U0001F600 \"q\"" , <urn:\u00e9> .""",
    "late prefixes": "@prefix p: <urn:one:> . p:a a p:b .\nPREFIX p: <urn:two:>\np:a a p:b .",
    "empty prefix": "PREFIX : <urn:e:> :a :b :c .",
    "base": "@base <http://e/x/y> . <z> <../p> <#q> .\nBASE <other/> <z> a <> .",
    "names with dots and escapes": r"@prefix p: <urn:p:> . p:a.b p:c\/d p:%41.b.c , p:1 , p:x:y .",
    "blank nodes": "_:a <urn:b> [ <urn:c> [] ; <urn:d> _:a.b ] .\n[ <urn:e> 1 ] .",
    "collections": "<urn:a> <urn:b> ( 1 [ <urn:c> () ] ( <urn:d> 'x' ) ) .",
    "numbers": "<urn:a> <urn:b> 1, -1.5, +.5, 1e5, -1.E-3, .5e1 .",
    "booleans and languages": "<urn:a> <urn:b> true, false, 'x'@en-GB, 'y'@zh-Hans .",
    "datatypes": "@prefix x: <http://www.w3.org/2001/XMLSchema#> . <urn:a> <urn:b> '1'^^x:byte, '2' ^^ <urn:t> .",
    "semicolons": "<urn:a> a <urn:b> ; ; <urn:c> <urn:d> ; .",
    "windows": "<urn:a> <urn:b> <urn:c> ;\r\n  <urn:d> <urn:e> .\r\n",
    "other scripts": "@prefix 产: <urn:产业/> . 产:链 <urn:b> '新' .",
}  # fmt: skip


def triples(text: str) -> Dataset:
    """The triples of the strict parser, with blank nodes named by their structure."""
    found = Dataset(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE))
    found.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return found


def scanned(text: str) -> Dataset:
    quads = []
    for statement in turtle.scan(text).statements:
        assert not isinstance(statement.subject, pyoxigraph.Literal)
        assert isinstance(statement.predicate, pyoxigraph.NamedNode)
        quads.append(Quad(statement.subject, statement.predicate, statement.object))
    found = Dataset(quads)
    found.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_triple_of_the_project_is_found(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert scanned(text) == triples(text)
    for statement in turtle.scan(text).statements:
        for term, at in zip((statement.subject, statement.predicate, statement.object), statement.at, strict=True):
            assert _begins(term, text[at : at + 3]), (term, at)


def _begins(term: object, there: str) -> bool:
    """Whether a term can begin with these characters in a file of the project."""
    if isinstance(term, pyoxigraph.Literal):
        return there[0] in "\"'+-0123456789tf"
    return there[0] == "<" or there[:2] == "a " or there[0].isalpha() or isinstance(term, BlankNode)


@pytest.mark.parametrize("what", TRICKY)
def test_legal_turtle_is_read_as_the_parser_reads_it(what: str) -> None:
    found = triples(TRICKY[what])
    assert len(found) > 0
    assert scanned(TRICKY[what]) == found


def test_places_are_lines_and_columns_of_characters() -> None:
    scan = turtle.scan("# 产业链\n<urn:a> <urn:b> '新新' , [ a <urn:c> ] ;\n\t<urn:d> ( <urn:e> ) .\n")
    places = {str(s.object): [scan.place(at) for at in s.at] for s in scan.statements if "urn" in str(s.predicate)}
    assert places['"新新"'] == [(2, 1), (2, 9), (2, 17)]
    by_predicate = {str(s.predicate): [scan.place(at) for at in s.at] for s in scan.statements}
    assert by_predicate["<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"] == [(2, 24), (2, 26), (2, 28)]
    assert by_predicate["<urn:d>"] == [(2, 1), (3, 2), (3, 10)]


def test_prefixes_that_are_not_declared_are_found_where_they_first_stand() -> None:
    scan = turtle.scan("@prefix a: <urn:a:> .\na:x b:y c:z .\n# d:none\nb:x a:y 'e:none' .")
    assert {prefix: scan.place(at) for prefix, at in scan.undeclared.items()} == {"b": (2, 5), "c": (2, 9)}


def test_the_places_of_quads_and_named_graphs_are_found() -> None:
    quads = turtle.scan("<urn:a> <urn:b> <urn:c> <urn:g> .\n<urn:d> <urn:e> 'f' <urn:g> .\n")
    assert [(str(s.subject), quads.place(s.at[2])) for s in quads.statements] == [
        ("<urn:a>", (1, 17)),
        ("<urn:d>", (2, 17)),
    ]
    trig = turtle.scan("<urn:g> { <urn:a> <urn:b> <urn:c> }\nGRAPH <urn:h> { <urn:d> <urn:e> 1 , 2 . }")
    assert [(str(s.subject), trig.place(s.at[0])) for s in trig.statements] == [
        ("<urn:a>", (1, 11)),
        ("<urn:d>", (2, 17)),
        ("<urn:d>", (2, 17)),
    ]


@pytest.mark.parametrize(
    "text", ["", "@prefix", "<urn:a> <urn:b> '''", "((((", "]]))", '"\\', "\0\x1f" * 50, "@base <", "^^ ^^ a"]
)
def test_no_text_crashes_the_scan(text: str) -> None:
    assert all(at < len(text) for statement in turtle.scan(text).statements for at in statement.at)
