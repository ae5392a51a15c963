"""Every passage, paragraph and rendition of the graph, computed anew from the texts."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from kg.store import Session
from kg.texts import PRINTED_MAXIMUM, SourceText, digest
from tests.conftest import ROOT

DOCUMENTS = sorted(path.name for path in (ROOT / "seeds/documents").iterdir())
HEAD = "PREFIX icr: <https://w3id.org/icr/ns#> PREFIX id-doc: <https://w3id.org/icr/id/doc/> PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX spdx: <http://spdx.org/rdf/terms#> "


def ask(store: str, query: str) -> list[list[str]]:
    _, rows = Session(store).ask(HEAD + query).rows()
    return [[getattr(term, "value", "") for term in row] for row in rows]


@pytest.mark.texts
@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_rendition_is_the_file(document: str, texts: Path, store: str) -> None:
    body = (texts / f"{document}.txt").read_bytes()
    rows = ask(
        store,
        f"""SELECT ?name ?sha ?characters ?bytes {{ id-doc:{document} icr:hasRendition ?r . ?r icr:fileName ?name ;
        icr:sha256 ?sha ; icr:lengthInCharacters ?characters ; icr:lengthInBytes ?bytes }}""",
    )
    expected = [f"{document}.txt", hashlib.sha256(body).hexdigest(), str(len(body.decode())), str(len(body))]
    assert rows == [expected]


@pytest.mark.texts
@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_paragraphs_are_all_the_non_empty_lines(document: str, texts: Path, store: str) -> None:
    text = SourceText.read(texts, document)
    rows = ask(
        store,
        f"""SELECT ?n ?s ?e ?sha {{ ?p icr:inRendition/^icr:hasRendition id-doc:{document} ; icr:paragraphNumber ?n ;
        icr:startChar ?s ; icr:endChar ?e ; icr:sha256 ?sha ; icr:paragraphRole ?role }}""",
    )
    expected = {
        (str(p.number), str(p.start), str(p.end), digest(text.text[p.start : p.end])) for p in text.paragraphs()
    }
    assert {tuple(row) for row in rows} == expected
    assert len(rows) == len(expected)


@pytest.mark.texts
@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_passage_holds_what_the_graph_says(document: str, texts: Path, store: str) -> None:
    text = SourceText.read(texts, document)
    rows = ask(
        store,
        f"""SELECT ?passage ?s ?e ?sha ?form ?ps ?pe {{ ?passage icr:inParagraph ?p ; oa:hasSelector ?selector ;
        oa:hasSource/^icr:hasRendition id-doc:{document} ; spdx:checksum/spdx:checksumValue ?sha ; icr:printedForm ?form .
        ?selector oa:start ?s ; oa:end ?e . ?p icr:startChar ?ps ; icr:endChar ?pe }}""",
    )
    assert len({row[0] for row in rows}) >= 30
    for passage, start, end, sha, form, paragraph_start, paragraph_end in rows:
        span = text.text[int(start) : int(end)]
        assert digest(span) == sha, passage
        assert form in span, passage
        assert len(form) <= PRINTED_MAXIMUM, passage
        assert int(paragraph_start) <= int(start) < int(end) <= int(paragraph_end), passage
        assert passage.endswith(f"/c{start}-{end}")


def test_no_passage_escapes_the_checks_above(store: str) -> None:
    whole = ask(store, "SELECT ?p { ?p a icr:Passage }")
    checked = ask(
        store,
        "SELECT DISTINCT ?p { ?p oa:hasSelector/oa:start ?s ; spdx:checksum/spdx:checksumValue ?c ; icr:printedForm ?f }",
    )
    assert sorted(whole) == sorted(checked)
    assert len(whole) >= 400
