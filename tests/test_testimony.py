"""How much evidence an answer carries: columns more or fewer, never rows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest

import kg as library
from kg import queries, testimony
from tests.conftest import Outcome, process

Kg = Callable[..., Outcome]
BY_CLAIM = [name for name in queries.names() if tuple(queries.read(name).columns)[-6:] == testimony.SHORT]


def test_most_queries_end_in_the_columns_of_short_evidence() -> None:
    assert len(BY_CLAIM) >= 38


@pytest.mark.parametrize("name", BY_CLAIM)
def test_none_leaves_out_the_evidence_columns_and_no_row(name: str) -> None:
    whole, bare = library.query(name), library.query(name, evidence="none")
    assert [*bare.columns, *testimony.SHORT] == whole.columns
    assert bare == [{c: cell for c, cell in row.items() if c not in testimony.SHORT} for row in whole]


@pytest.mark.parametrize("name", BY_CLAIM)
def test_full_adds_columns_that_no_query_has(name: str) -> None:
    assert not set(testimony.FULL) & set(queries.read(name).columns)


def test_short_is_the_answer_as_the_query_gives_it(kg: Kg) -> None:
    assert kg("query", "pmi", "--evidence", "short").out == kg("query", "pmi").out


def test_full_evidence_of_a_figure_of_the_ministry(kg: Kg) -> None:
    """The briefing of 23 April, paragraph 7: Huang Libin, for the ministry, on 51 firms."""
    done = kg("query", "leading-firms", "--evidence", "full", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert len(rows) == len(library.query("leading-firms"))
    row = next(row for row in rows if row["claim"].endswith("/scio-2020-04-23/leading-51-count"))
    assert row["speaker"] == "Huang Libin"
    assert row["spokenFor"] == "Ministry of Industry and Information Technology"
    assert row["passages"] == row["where"]
    assert len(row["digests"]) == 64
    assert "agrees: 51 and 41 make the 92" in row["comparisons"].split(testimony.BETWEEN)
    assert row["outlet"] == "China.org.cn"


@pytest.mark.parametrize("form", ["json", "xml", "tsv", "markdown", "jsonl", "table"])
def test_every_format_writes_it(kg: Kg, form: str) -> None:
    done = kg("query", "pmi", "--evidence", "full", "--format", form)
    assert (done.code, done.err) == (0, "")
    assert "7f4ad7c4f715727" in done.out  # the digest of a passage of the second paragraph of figures


def test_terms_keep_their_types(kg: Kg) -> None:
    done = kg("query", "pmi", "--evidence", "none", "--format", "json")
    cell = json.loads(done.out)["results"]["bindings"][0]["atLeast"]
    assert cell == {"type": "literal", "value": "52", "datatype": "http://www.w3.org/2001/XMLSchema#decimal"}


def test_rows_without_a_claim_have_no_full_evidence(kg: Kg) -> None:
    assert kg("query", "sources", "--evidence", "none").out == kg("query", "sources").out
    done = kg("query", "sources", "--evidence", "full")
    assert done.code == 3
    assert "the rows of this answer rest on no claim" in done.err


def test_an_unknown_level_names_the_nearest(kg: Kg) -> None:
    done = kg("query", "pmi", "--evidence=ful")
    assert done.code == 2
    assert "did you mean full?" in done.err


def test_the_full_command_line_gives_the_same(kg: Kg, store: str) -> None:
    """Words that the quick path does not understand go the other way."""
    quick = kg("query", "pmi", "--evidence", "full")
    assert process("query", "--evidence", "full", "pmi", env={"KG_STORE": store}).out == quick.out
