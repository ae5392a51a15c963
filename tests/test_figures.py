"""Every figure of the five texts, listed by hand from reading them, against what the graph holds.

tests/data/figures/DOCUMENT.tsv was written token by token from the texts, before and apart from the facts.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from kg.store import Session
from kg.texts import SourceText
from tests.conftest import ROOT

FIGURES = sorted((ROOT / "tests/data/figures").glob("*.tsv"))
NOT_FIGURES = {"name-part", "list-marker", "idiom"}
UNITS = {
    "number": "NUM",
    "percent": "PERCENT",
    "percentage points": "PERCENT",
    "yuan": "CCY_CNY",
    "US dollar": "CCY_USD",
    "tonne": "TONNE",
    "day": "DAY",
    "year": "YR",
    "index": "UNITLESS",
    "": "UNITLESS",
}
CLASSES = {"change": "Change", "target": "Target"}

SPANS = """
PREFIX icr: <https://w3id.org/icr/ns#>
PREFIX prov: <http://www.w3.org/ns/prov#>
SELECT ?document ?start ?end ?form ?claim ?class ?reason ?value ?comparator ?unit ?edtf ?figure WHERE {
  ?passage icr:inParagraph/icr:inRendition/^icr:hasRendition ?document ;
    icr:startChar ?start ; icr:endChar ?end ; icr:printedForm ?form .
  OPTIONAL { ?passage icr:setAsideReason ?reason }
  OPTIONAL {
    ?claim prov:wasDerivedFrom ?passage ; a ?class ; icr:saidIn ?utterance .
    FILTER(?class IN (icr:Measurement, icr:Change, icr:Target, icr:Provision, icr:SituationClaim, icr:Assertion,
      icr:Request, icr:RelationClaim, icr:Ranking, icr:Definition, icr:Pledge))
    OPTIONAL {
      { ?claim icr:quantity ?quantity } UNION { ?claim icr:claimsSituation/icr:quantity ?quantity }
      UNION { ?claim icr:claimsSituation/icr:quantity ?main . ?quantity icr:conversionOf ?main }
      ?quantity icr:printedForm ?figure ; icr:numericValue ?value ; icr:comparator ?comparator ; icr:unit ?unit .
    }
    OPTIONAL {
      ?claim icr:referenceTime|icr:deadline|icr:about|icr:claimsSituation/icr:eventTime|icr:claimsSituation/icr:announcedTime ?time .
      ?time icr:edtf ?edtf .
    }
  }
}
"""


@dataclass(frozen=True)
class Span:
    """One printed form of one passage, with what the graph makes of it."""

    document: str
    start: int
    end: int
    form: str
    claim: str
    kind: str
    reason: str
    value: str
    comparator: str
    unit: str
    edtf: str


def local(term: object) -> str:
    return re.split("[/#]", getattr(term, "value", ""))[-1]


@cache
def spans(store: str) -> list[Span]:
    _, rows = Session(store, quiet=True).ask(SPANS).rows()
    found = []
    for document, start, end, form, claim, kind, reason, value, comparator, unit, edtf, figure in rows:
        of_this_form = getattr(figure, "value", "") == form.value  # type: ignore[union-attr]
        found.append(
            Span(
                local(document),
                int(start.value),  # type: ignore[union-attr]
                int(end.value),  # type: ignore[union-attr]
                form.value,  # type: ignore[union-attr]
                getattr(claim, "value", ""),
                local(kind),
                local(reason),
                getattr(value, "value", "") if of_this_form else "",
                local(comparator),
                local(unit),
                getattr(edtf, "value", ""),
            )
        )
    return found


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def position(text: SourceText, row: dict[str, str]) -> tuple[int, int]:
    """Where the token stands: the nth place in its paragraph on the borders of a figure."""
    paragraph = next(p for p in text.paragraphs() if p.number == int(row["paragraph"]))
    token = row["token"]
    words = "" if any(c.isdigit() for c in token) else r"\w"
    border = rf"(?<![\d{words}])(?<!\d[.,]){re.escape(token)}(?![\d{words}])(?![.,]\d)(?! (?:million|billion|trillion))"
    hits = [m.start() for m in re.finditer(border, text.text[paragraph.start : paragraph.end])]
    assert len(hits) >= int(row["occurrence"]), f"{token!r} stands {len(hits)} times"
    start = paragraph.start + hits[int(row["occurrence"]) - 1]
    return start, start + len(token)


def covering(text: SourceText, all_spans: list[Span], start: int, end: int) -> list[Span]:
    """The printed forms, as they lie in the text, that hold the characters from start to end."""
    found = []
    for span in all_spans:
        if span.document == text.document and span.start <= start and end <= span.end:
            inside = text.text[span.start : span.end]
            places = [span.start + m.start() for m in re.finditer(f"(?={re.escape(span.form)})", inside)]
            if any(place <= start and end <= place + len(span.form) for place in places):
                found.append(span)
    return found


def cases() -> list[tuple[str, dict[str, str]]]:
    return [(path.stem, row) for path in FIGURES for row in rows_of(path)]


def same_day(edtf: str, expected: str) -> bool:
    """Whether the graph's date is the expected one, or a period that ends with it."""
    return expected in edtf.replace("~", "").replace("?", "") or (expected == "2020-01/2020-03" and edtf == "2020-Q1")


@pytest.mark.texts
@pytest.mark.parametrize(
    ("document", "row"),
    cases(),
    ids=lambda v: v if isinstance(v, str) else f"p{v['paragraph']}-{v['token']}-{v['occurrence']}",
)
def test_each_figure_is_carried_or_set_aside(document: str, row: dict[str, str], texts: Path, store: str) -> None:
    text = SourceText.read(texts, document)
    found = covering(text, spans(store), *position(text, row))
    if row["kind"] in NOT_FIGURES:
        assert any(span.reason for span in found), "neither carried nor set aside"
        return
    carried = [span for span in found if span.claim]
    assert carried, "no claim carries the figure"
    if row["kind"] == "date":
        assert any(same_day(span.edtf, row["value"]) for span in carried), {span.edtf for span in carried}
        return
    same = [span for span in carried if span.value and Decimal(span.value) == Decimal(row["value"])]
    assert same, {(span.claim, span.value) for span in carried}
    assert {span.comparator for span in same} == {row["comparator"]}
    assert {span.unit for span in same} == {UNITS[row["unit"]]}
    if row["kind"] in CLASSES:
        assert {span.kind for span in same} == {CLASSES[row["kind"]]}
    else:
        assert not {span.kind for span in same} & set(CLASSES.values())


@pytest.mark.texts
@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.stem)
def test_nothing_with_a_digit_is_left_over(path: Path, texts: Path, store: str) -> None:
    """The other way round: each digit of a content paragraph lies in a printed form; the count is printed."""
    text = SourceText.read(texts, path.stem)
    all_spans = spans(store)
    content = content_paragraphs(store, path.stem)
    open_places = [
        (paragraph.number, match[0])
        for paragraph in text.paragraphs()
        if paragraph.number in content
        for match in re.finditer(r"\d[\d,.]*", text.text[paragraph.start : paragraph.end])
        if not covering(
            text, all_spans, paragraph.start + match.start(), paragraph.start + match.end(0) - len(match[0]) + 1
        )
    ]
    counts = Counter("not a figure" if row["kind"] in NOT_FIGURES else "carried" for row in rows_of(path))
    print(
        f"{path.stem}: {sum(counts.values())} figures, {counts['carried']} carried, {counts['not a figure']} not figures"
    )
    assert not open_places


def content_paragraphs(store: str, document: str) -> set[int]:
    query = """PREFIX icr: <https://w3id.org/icr/ns#> SELECT ?document ?number ?role WHERE {
      ?paragraph icr:inRendition/^icr:hasRendition ?document ; icr:paragraphNumber ?number ; icr:paragraphRole ?role }"""
    _, rows = Session(store, quiet=True).ask(query).rows()
    return {
        int(getattr(number, "value", ""))
        for where, number, role in rows
        if local(where) == document and local(role) not in {"teaser", "boilerplate"}
    }


def test_the_list_is_whole() -> None:
    assert [path.stem for path in FIGURES] == sorted(path.name for path in (ROOT / "seeds/documents").iterdir())
    assert len(cases()) == 111
