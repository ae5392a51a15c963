"""Golden answers by column: CSV files written by a reader of the texts, with the parameters in the file's name.

A golden row names the document and the paragraph, and what the reader expects in columns of the answer. An empty
cell of a number says that there is none; any other empty cell says nothing.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

import kg
from tests.test_every_query import GOLDEN, IN_READERS_WORDS, holds, paragraph, same_number

FILES = sorted(path for path in GOLDEN.glob("*.csv") if path.name.split(".")[0] in IN_READERS_WORDS)
NUMBERS = {"atLeast", "atMost"}
# columns in the project's own words: a reader gives words that must be among them
WORDED = {"comparison", "says", "what"}


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w-]+(?:[.,]\d+)*", text.lower()))


def fits(row: dict[str, str], golden: dict[str, str]) -> bool:
    """Whether a row of the answer is the one that a golden row describes."""
    for column, expected in golden.items():
        value = row.get(column, "")
        if column == "document":
            same = f"/{expected}/" in row.get("claim", row.get("mention", ""))
        elif column == "paragraph":
            same = paragraph(row) == expected
        elif column in NUMBERS:
            same = same_number(row.get(column), expected)
        elif column in WORDED:
            same = words(expected) <= words(value)
        elif column == "printed" or (column == "to" and expected[:1].isdigit()):
            same = holds(value, expected)
        else:
            same = expected in ("", value)
        if not same:
            return False
    return True


def test_every_query_of_this_kind_has_a_golden_answer() -> None:
    assert {path.name.split(".")[0] for path in FILES} == IN_READERS_WORDS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_answer_is_what_a_reader_expects(path: Path) -> None:
    """Each golden row is one row of the answer, and each row of the answer is golden."""
    name, _, arguments = path.stem.partition(".")
    with path.open(encoding="utf-8", newline="") as lines:
        expected = list(csv.DictReader(lines))
    assert expected
    unmatched = kg.query(name, **dict(parse_qsl(arguments, strict_parsing=True) if arguments else []))
    # what says most goes first, so that a row that says little does not take its place
    for golden in sorted(expected, key=lambda row: -len("".join(row.values()))):
        found = [row for row in unmatched if fits(row, golden)]
        assert found, f"no row for {golden}"
        unmatched.remove(found[0])
    assert not unmatched, f"rows that no reader found: {unmatched}"
