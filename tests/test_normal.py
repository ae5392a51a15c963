"""One form for what stores write differently, as the head of kg/normal.py lists it; the rest stays different."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from kg import terms
from kg.normal import key

S, P = NamedNode("urn:s"), NamedNode("urn:p")


def typed(text: str, kind: str) -> Literal:
    return Literal(text, datatype=NamedNode(terms.STANDARD["xsd"] + kind))


def key_of(term: Literal | NamedNode) -> int:
    return key(Triple(S, P, term))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (typed("1.00", "decimal"), typed("1", "decimal")),
        (typed("+007", "integer"), typed("7", "integer")),
        (typed("5", "int"), typed("5", "integer")),
        (typed("5", "unsignedShort"), typed("5", "integer")),
        (typed("99999999999999999999", "integer"), typed("99999999999999999999", "decimal")),
        (typed("1", "boolean"), typed("true", "boolean")),
        (typed("1.0E0", "double"), typed("1.0", "double")),
        (typed("2020-04-15Z", "date"), typed("2020-04-15", "date")),
        (Literal("a", language="zh-Hans"), Literal("a", language="zh-hans")),
        (typed("a", "string"), Literal("a")),
    ],
    ids=str,
)
def test_what_keeps_its_value_is_the_same(written: Literal, kept: Literal) -> None:
    assert key_of(written) == key_of(kept)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (typed("1.00", "decimal"), typed("1.01", "decimal")),
        (typed("1", "integer"), Literal("1")),
        (typed("1", "boolean"), typed("1", "integer")),
        (typed("2023", "gYear"), typed("2023", "integer")),
        (typed("2023", "gYear"), Literal("2023")),
        (Literal("2020?", datatype=NamedNode(terms.STANDARD["edtf"] + "EDTF")), Literal("2020?")),
        (Literal("a", language="en"), Literal("a")),
        (Literal("a", language="en"), Literal("a", language="en-gb")),
        (Literal("é"), Literal("e\u0301")),
        (Literal("urn:o"), NamedNode("urn:o")),
        (Literal("a "), Literal("a")),
    ],
    ids=str,
)
def test_what_changes_the_value_is_found(one: Literal | NamedNode, other: Literal | NamedNode) -> None:
    assert key_of(one) != key_of(other)


def test_a_number_too_large_to_write_out_is_left_as_it_is() -> None:
    assert key_of(typed("1e999999999", "double")) != key_of(typed("1e999999998", "double"))
