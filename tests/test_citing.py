"""Citations: digests that hold on every engine, sources with places, and the check of a citation."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable

import pytest
from pyoxigraph import Literal, NamedNode

from kg import citing
from kg.normal import normalised
from kg.store import Session, Term
from tests.conftest import Outcome

XSD = "http://www.w3.org/2001/XMLSchema#"


def typed(text: str, kind: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + kind))


@pytest.mark.parametrize(
    ("terms", "normal"),
    [
        ((typed("1.00", "decimal"), typed("1", "integer"), typed("1.0E0", "double"), typed("+01", "integer")), "1"),
        ((typed("-0.0", "decimal"), typed("0", "integer")), "0"),
        ((typed("28800000000.0", "decimal"), typed("2.88E10", "double")), "28800000000"),
        ((typed("71.70", "decimal"), typed("71.7", "decimal")), "71.7"),
        ((typed("INF", "double"),), "INF"),
        ((typed("1", "boolean"), typed("true", "boolean")), "true"),
        ((typed("0", "boolean"), typed("false", "boolean")), "false"),
        ((typed("2020-04-15", "date"), typed("2020-04-15Z", "date"), typed("2020-04-15+08:00", "date")), "2020-04-15"),
        ((Literal("over 7,600"), typed("over 7,600", "string")), '"over 7,600"'),
        ((Literal("广东", language="zh-Hans"), Literal("广东", language="zh-hans")), '"广东"@zh-hans'),
        ((Literal('a\t"b"\n'),), '"a\\t\\"b\\"\\n"'),
        ((NamedNode("https://w3id.org/icr/id/org/miit"),), "<https://w3id.org/icr/id/org/miit>"),
        ((None,), ""),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_engines_write_differently_is_one(terms: tuple[Term | None, ...], normal: str) -> None:
    assert {normalised(term) for term in terms} == {normal}


def test_the_digest_is_that_of_the_documented_lines() -> None:
    lines = 'share\tword\n71.7\t"SMEs"@en\n\t<https://w3id.org/icr/id/org/miit>\n'
    rows: list[list[Term | None]] = [
        [typed("71.70", "decimal"), Literal("SMEs", language="en")],
        [None, NamedNode("https://w3id.org/icr/id/org/miit")],
    ]
    assert citing.result_digest(["share", "word"], rows) == hashlib.sha256(lines.encode()).hexdigest()
    assert citing.result_digest(["share", "word"], rows[::-1]) != hashlib.sha256(lines.encode()).hexdigest()


def test_a_citation_names_question_data_result_and_sources(kg: Callable[..., Outcome], store: str) -> None:
    done = kg("cite", "operating-rates", "--province", "Guangdong")
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0].startswith("industrial-chain-kg 0.1.0, query operating-rates: Which share of ")
    assert lines[1] == "Parameters: province Guangdong. 1 row."
    assert lines[2] == f"Data: sha256 {Session(store).digest()}"
    assert '"World Factory" revives. Economic Daily, 2020-03-06 (date inferred from the document).' in lines
    assert "  ¶4 729–796  economic-daily-2020-03/industrial-operating-rate-guangdong" in lines
    assert lines[-1] == f"To check: kg cite operating-rates --province Guangdong --holds {lines[3].split()[-1]}"


def test_the_check_says_whether_it_holds(kg: Callable[..., Outcome]) -> None:
    command = kg("cite", "pmi").out.splitlines()[-1].removeprefix("To check: kg ").split()
    assert (kg(*command).code, kg(*command).out) == (0, "pmi holds: the result is the one that was cited\n")
    other = kg("cite", "pmi", "--holds", "0" * 64)
    assert other.code == 1
    assert other.out == f"pmi does not hold: the result is now {command[-1]}\n"


def test_csl_and_bibtex_hold_the_answer_and_its_sources(kg: Callable[..., Outcome]) -> None:
    answer, source = json.loads(kg("cite", "pmi", "--format", "csl").out)
    assert (answer["type"], answer["version"]) == ("dataset", "0.1.0")
    assert (source["id"], source["issued"]) == ("xinhua-2020-04-23", {"date-parts": [[2020, 4, 23]]})
    assert "manufacturing-pmi-march-2020" in source["note"]
    bibtex = kg("cite", "pmi", "--format", "bibtex").out
    assert re.findall(r"^@(\w+)\{([\w-]+),$", bibtex, re.MULTILINE) == [
        ("misc", "industrial-chain-kg-pmi"),
        ("article", "xinhua-2020-04-23"),
    ]
    assert bibtex.count("{") == bibtex.count("}")


@pytest.mark.parametrize(
    ("argv", "code", "start"),
    [
        (("cite", "pmy"), 3, "error[unknown]: there is no query 'pmy'"),
        (("cite", "pmi", "--format", "ris"), 2, "error[usage]: there is no citation as 'ris'"),
        (("cite", "pmi", "--province", "Hubei"), 3, "error[unknown]: pmi has no parameter 'province'"),
        (("cite", "pmi", "--holds", "0" * 63), 2, "error[usage]: --holds wants the SHA-256 of a result, not '000"),
        (("cite", "pmi", "stray"), 2, "error[usage]: 'stray' is not --PARAM VALUE"),
    ],
)
def test_mistakes_are_said(kg: Callable[..., Outcome], argv: tuple[str, ...], code: int, start: str) -> None:
    done = kg(*argv)
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith(start)
