"""Golden answers: CSV files written by a reader of the texts, with the parameters of the query in the file's name.

A golden row names the document and the paragraph, and what the reader expects in columns of the answer: NAME.csv, or
NAME.PARAM=VALUE&….csv, percent-encoded. Each golden row is one row of the answer, and each row of the answer is golden.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

import kg
from kg import queries
from tests.conftest import ROOT

GOLDEN = ROOT / "tests/data/answer"
ANSWERS = queries.names("answer")
IN_PARTS = {"external-facts", "figures", "links", "statements", "technologies", "timeline"}
"""Answers that are long: readers wrote parts, and each golden file has parameters in its name."""
OTHERWISE = {"enterprises", "policies", "sources", "supporting-firms"}
"""Answers whose golden files tell less than a row, compared by tests of their own below."""
FILES = sorted(path for path in GOLDEN.glob("*.csv") if path.name.split(".")[0] not in OTHERWISE)

TELLING = {
    "about",
    "business-lines",
    "clusters",
    "conflicts",
    "corroborations",
    "definitions",
    "external-facts",
    "figures",
    "leading-firms",
    "links",
    "mentions",
    "niche-champions",
    "officials",
    "organisations",
    "priority-areas",
    "production-output",
    "rankings",
    "smart-factories",
    "statements",
    "technologies",
    "timeline",
}
"""Answers whose readers filled in what they were sure of: an empty cell of words says nothing there, and of some
columns the cell has words that must be among the answer's. Elsewhere an empty cell means that nothing is there."""
WORDED = {"comparison", "post", "says", "what"}
NUMBERS = {"atLeast", "atMost"}
PRINTED = {"amount", "howMany", "howManyLed", "printed", "result"}
"""Columns that hold the figure or name as printed, sometimes with words around it."""


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def document(row: dict[str, str]) -> str:
    return row.get("claim", row.get("mention", "")).split("/")[-2]


def paragraph(row: dict[str, str]) -> str:
    return row["where"].split()[0].removeprefix("¶")


def holds(whole: str, part: str) -> bool:
    """Whether a printed form holds a figure on its borders: 51 in "51 large-scale enterprises", not in 510."""
    return re.search(rf"(?<![\w.,]){re.escape(part)}(?![\w])", whole) is not None


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w-]+(?:[.,]\d+)*", text.lower()))


def same(column: str, ours: str, theirs: str, *, telling: bool) -> bool:
    """Whether a cell of the answer is what the reader wrote for it."""
    if column in NUMBERS:
        return float(ours) == float(theirs) if ours and theirs else ours == theirs
    if not theirs and (telling or column == "printed"):
        return True
    if theirs and (column in PRINTED or (telling and column == "to" and theirs[0].isdigit())):
        return holds(ours, theirs)
    return words(theirs) <= words(ours) if telling and column in WORDED else ours == theirs


def first_of_each(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Golden officials has one row for each person, post and document; the answer has each place."""
    firsts: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        firsts.setdefault((row["person"], row.get("post", ""), document(row)), row)
    return list(firsts.values())


def test_every_answer_has_golden_rows() -> None:
    assert {path.stem for path in GOLDEN.glob("*.csv") if "." not in path.stem} == set(ANSWERS) - IN_PARTS
    parts = [path.stem.split(".")[0] for path in GOLDEN.glob("*.csv") if "." in path.stem]
    assert all(parts.count(name) >= 4 for name in IN_PARTS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_answer_is_what_a_reader_found(path: Path) -> None:
    name, _, given = path.name.removesuffix(".csv").partition(".")
    rows = kg.query(name, **dict(parse_qsl(given, strict_parsing=True) if given else []))
    unmatched = [
        row | ({"document": document(row), "paragraph": paragraph(row)} if "where" in row else {})
        for row in (first_of_each(rows) if name == "officials" else rows)
    ]
    missing = []
    # what says most goes first, so that a row that says little does not take its place
    for golden in sorted(read(path), key=lambda row: -len("".join(row.values()))):
        fits = [
            row
            for row in unmatched
            if all(same(c, row.get(c) or "", golden[c], telling=name in TELLING) for c in golden)
        ]
        if fits:
            unmatched.remove(fits[0])
        else:
            missing.append(golden)
    assert (missing, unmatched) == ([], [])


@pytest.mark.parametrize(("name", "column"), [("calendar", "earliest"), ("resumption-by-time", "asOf")])
def test_answers_in_order_of_time(name: str, column: str) -> None:
    """The rows come in the order in which the golden file has them, as far as it sets a time."""
    expected = [row[column] for row in read(GOLDEN / f"{name}.csv")]
    assert [row.get(column) or "" for row in kg.query(name)] == expected


def test_every_named_enterprise_is_found() -> None:
    expected = {(row["document"], row["name"]) for row in read(GOLDEN / "enterprises.csv")}
    found = {(document(row), row["enterprise"]) for row in kg.query("enterprises")}
    assert expected <= found
    # what is beyond the list is an enterprise that the text speaks of without naming it
    assert {name for _, name in found - expected} <= {"photoinitiator firm in China (not named)"}


def test_the_sources_are_those_that_were_read() -> None:
    expected = {
        (row["title"], row["published"].rstrip("~"), row["characters"], row["sha256"])
        for row in read(GOLDEN / "sources.csv")
    }
    rows = kg.query("sources")
    assert {(row["title"], row["published"], row["characters"], row["sha256"]) for row in rows} == expected


@pytest.mark.parametrize(
    ("document_name", "paragraph_number", "amount", "on", "by"),
    [
        ("economic-daily-2020-03", "15", "50%", None, None),
        ("economic-daily-2020-03", "20", None, "24 February 2020", "Ministry of Industry and Information Technology"),
        ("economic-daily-2020-03", "28", None, "19 February 2020", "Ministry of Industry and Information Technology"),
        ("economic-daily-2020-03", "33", None, None, "Inspur Group"),
        ("scio-2020-04-23", "9", "two-year", None, None),
        ("scio-2020-04-23", "9", None, None, "State Council of the People's Republic of China"),
        ("scmp-2023-05-12", "26", None, "March 2023", "Government of Jiangsu Province"),
    ],
)
def test_policies_with_what_the_text_says_of_them(
    document_name: str, paragraph_number: str, amount: str | None, on: str | None, by: str | None
) -> None:
    rows = [r for r in kg.query("policies") if (document(r), paragraph(r)) == (document_name, paragraph_number)]
    wanted = {key: value for key, value in (("amount", amount), ("on", on), ("by", by)) if value}
    assert any(wanted.items() <= row.items() for row in rows), rows


def test_suppliers_by_name() -> None:
    rows = kg.query("supporting-firms")
    pairs = {(row["firms"], row["supports"], row.get("product")) for row in rows}
    assert (
        "Dongguan Haihe Automation Equipment Factory",
        "Jiangxi 3L Medical Products Group",
        "raw materials for N95 masks",
    ) in pairs
    counts = {(document(row), row["howMany"].split()[0], row.get("atLeast"), row.get("atMost")) for row in rows}
    assert ("economic-daily-2020-03", "938", "938", "938") in counts
    assert ("scio-2020-04-23", "379", "379", "379") in counts
    assert ("scio-2020-04-23", "more", "7300", None) in counts
    assert ("xinhua-2020-04-23", "over", "7600", None) in counts


def test_the_leading_firms_explain_themselves() -> None:
    """What a reader must see from the table alone."""
    rows = kg.query("leading-firms")
    by_figure = {(row["howMany"].split()[0], row.get("howManyLed", "").split(" ")[0]): row for row in rows}
    assert by_figure["51", "more"]["partOf"] == by_figure["41", "379"]["partOf"] == "the 92 leading enterprises"
    assert "51 and 41 make the 92" in by_figure["41", "379"]["compared"]
    assert "another outlet's wording of the 92" in by_figure["nearly", "over"]["compared"]
    for key in (("51", "938"), ("51", "more")):
        assert "stand beside the same 51: unresolved" in by_figure[key]["compared"]
        assert by_figure[key]["firms"] == "the 51 leading enterprises listed first"
    assert by_figure["51", "938"]["field"] == "25 subdivided industries"
