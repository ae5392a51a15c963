"""Finding things by name: as a parameter, where one name must mean one thing, and as a search, where any may match."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from kg import lookup
from kg.errors import InputError, UnknownName
from kg.store import Session
from tests.conftest import ROOT, Outcome

GUANGDONG = "https://w3id.org/icr/id/place/guangdong"
MIIT = "https://w3id.org/icr/id/org/miit"


@pytest.fixture(scope="module")
def session(store: str) -> Session:
    return Session(store, quiet=True)


@pytest.mark.parametrize(
    "value",
    [
        "Guangdong", "guangdong", "GUANGDONG", " Guangdong ", "Guǎngdōng", "广东省", "id-place:guangdong",
        "https://w3id.org/icr/id/place/guangdong",
    ],
)  # fmt: skip
def test_a_place_is_known_by_any_of_its_names(session: Session, value: str) -> None:
    assert lookup.resolve(session, value, "place") == GUANGDONG


@pytest.mark.parametrize(
    ("value", "values", "thing"),
    [
        ("MIIT", "org", MIIT),
        ("工业和信息化部", "org", MIIT),
        ("Ministry of Industry and Information", "", MIIT),  # the name that a translation has lost a part of
        ("miit/sme-bureau", "org", "https://w3id.org/icr/id/org/miit/sme-bureau"),
        ("Beijing", "place", "https://w3id.org/icr/id/place/beijing"),
        (
            "SMEs",
            "",
            "https://w3id.org/icr/id/population/cn-smes",
        ),  # what it means beside Jiangsu's plans does not count
        ("labour", "obstacle", "https://w3id.org/icr/scheme/obstacle/labour"),
        ("Washington", "org place", "https://w3id.org/icr/id/org/us-government"),
    ],
)
def test_kinds_and_schemes_say_what_is_asked_for(session: Session, value: str, values: str, thing: str) -> None:
    assert lookup.resolve(session, value, values) == thing


def test_a_name_of_several_things_is_never_picked(session: Session) -> None:
    with pytest.raises(InputError, match="means 2 things: id-org:central-government, id-place:beijing") as caught:
        lookup.resolve(session, "Beijing")
    assert caught.value.hint == "write one of these"


@pytest.mark.parametrize(
    ("value", "nearest"),
    [
        ("Guangdnog", "did you mean Guangdong (id-place:guangdong)?"),
        ("Guangdong province", "did you mean Guangdong (id-place:guangdong)?"),
        ("id-place:gunagdong", "did you mean Guangdong (id-place:guangdong)?"),
        ("http://example.com/guangdong", "`kg search --kind place` lists them"),
        ("", "`kg search --kind place` lists them"),
    ],
)
def test_an_unknown_name_gets_the_nearest(session: Session, value: str, nearest: str) -> None:
    with pytest.raises(UnknownName, match="knows nothing by the name") as caught:
        lookup.resolve(session, value, "place")
    assert caught.value.hint == nearest


def test_a_name_of_another_kind_is_told_as_one(session: Session) -> None:
    for value, but in (("Weichai", " but id-org:weichai-group"), ("id-org:weichai-group", "")):
        with pytest.raises(UnknownName) as caught:
            lookup.resolve(session, value, "place person")
        assert caught.value.what == f"'{value}' is no place or person{but}"
        assert caught.value.hint == "`kg search --kind place` and `kg search --kind person` list them"


HOSTILE = [
    '"', "'", "\\", "}", "{ ?s ?p ?o }", '" } UNION { ?s ?p ?o', "<x>", "id-place:<x>", "id-place:x> ?p ?o . <y",
    "a\nb", "a\tb", "\0", "\u202eGuangdong", "Guang\u200bdong", "x" * 10_000, "VALUES ?x { UNDEF }", "?province", "#",
    "http://a b/", "id-place:a b", "://", ":", "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value[:20]))
def test_hostile_values_change_nothing_but_the_lookup(session: Session, value: str) -> None:
    if "Guang" in value and value.isprintable() is False:  # what folds to the name finds it
        assert lookup.resolve(session, value, "place") == GUANGDONG
        return
    with pytest.raises(UnknownName) as caught:
        lookup.resolve(session, value, "place")
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("words", "thing"),
    [
        ("weichai", "id-org:weichai-group"),
        ("潍柴", "id-org:weichai-group"),
        ("工信部", "id-org:miit"),  # as 工业和信息化部 is called for short
        ("wechai", "id-org:weichai-group"),
        ("face masks", "id-product:face-mask"),
        ("MASKS, FACE", "id-product:face-mask"),
        ("new crown pneumonia", "id-event:covid-19-pandemic"),
        ("Hunan Ministry of Industry", "id-org:hunan-diit"),
    ],
)
def test_a_search_finds_the_best_first(kg: Callable[..., Outcome], words: str, thing: str) -> None:
    done = kg("search", words, "--format", "tsv")
    assert done.code == 0
    lines = [line.split("\t") for line in done.out.splitlines()]
    assert lines[0] == ["label", "kind", "matched", "as", "documents", "thing"]
    assert lines[1][-1] == thing


def test_a_search_tells_which_text_speaks_of_it_and_by_which_name(kg: Callable[..., Outcome]) -> None:
    row = kg("search", "new crown pneumonia", "--format", "tsv").out.splitlines()[1].split("\t")
    assert row[2:4] == ["new crown pneumonia epidemic", "as printed"]
    assert "economic-daily-2020-03" in row[4]


def test_a_search_without_hits_is_an_error(kg: Callable[..., Outcome]) -> None:
    done = kg("search", "zzzz", "qqqq")
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith(
        "error[input]: nothing is called 'zzzz qqqq' or nearly so\n  hint: try fewer or other words"
    )
    assert kg("search", "weichai", "--format", "xml").code == 2


def test_all_of_a_kind_are_listed(kg: Callable[..., Outcome]) -> None:
    def things(*argv: str) -> list[str]:
        return [line.split("\t")[-1] for line in kg("search", *argv, "--format", "tsv").out.splitlines()[1:]]

    indicators = re.findall(
        r"^(id-indicator:[\w-]+) a ", (ROOT / "seeds/things/indicators.ttl").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(things("--kind", "indicator")) == sorted(indicators)
    assert len(indicators) > 20
    assert things("--kind", "comparator", "nearly") == ["sch-comparator:nearly"]
    assert len(things("--kind", "indicator", "--limit", "3")) == 3
    assert (
        "there is no kind 'indicater' to search\n  hint: did you mean indicator"
        in kg("search", "--kind", "indicater").err
    )
    assert kg("search").code == 2


def test_a_search_is_as_long_as_wanted(kg: Callable[..., Outcome]) -> None:
    assert len(kg("search", "enterprise", "--limit", "3", "--format", "csv").out.splitlines()) == 4


def test_a_thing_is_shown_with_names_relations_and_evidence(kg: Callable[..., Outcome]) -> None:
    done = kg("show", "湖北省")
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == "Hubei (id-place:hubei), administrative area"
    assert "  湖北省 (label)" in lines
    assert (
        "  → produces: phosphate fertiliser (id-product:phosphate-fertilizer)"
        "  [economic-daily-2020-03/hubei-produces-phosphate-fertilizer]" in lines
    )
    # that Hefeng lies there is told by Xinhua, and by the project's own knowledge, which is marked
    assert (
        "  ← within: Hefeng County (id-place:hefeng)  [external/hefeng-in-hubei, xinhua-2020-04-23/hefeng-in-hubei]"
        in lines
    )
    i = lines.index("  Hubei is a province in central China")
    assert "Xinhua, April 2020, 2020-04-23, ¶21 3129–3174: “central China's Hubei province”" in lines[i + 1]
    assert lines[i + 2] == "    id:claim/xinhua-2020-04-23/hubei-in-china"


def test_a_node_without_a_name_leads_to_its_triples(kg: Callable[..., Outcome]) -> None:
    shown = kg("show", "id-doc:scio-2020-04-23/c3042-3137")
    assert shown.err == (
        "kg: it has no name of its own; its triples: "
        "echo 'DESCRIBE <https://w3id.org/icr/id/doc/scio-2020-04-23/c3042-3137>' | kg sparql -\n"
    )
    assert kg("show", "Weichai").err == ""


def test_a_thing_as_json(kg: Callable[..., Outcome]) -> None:
    data = json.loads(kg("show", "foxconn", "--format", "json").out)
    assert data["thing"] == "https://w3id.org/icr/id/org/foxconn"
    assert ["富士康", "label"] in data["names"]
    assert [row["printed"] for row in data["said"]] == ["a number of companies", "Foxconn"]


def test_what_cannot_be_shown_is_said(kg: Callable[..., Outcome]) -> None:
    assert kg("show", "Beijing").err == (
        "error[input]: 'Beijing' means 2 things: id-org:central-government, id-place:beijing\n"
        "  hint: write one of these\n"
    )
    assert kg("show", "Foxcon").err.startswith(
        "error[unknown]: the graph knows nothing by the name 'Foxcon'\n  hint: did you mean Foxconn"
    )
    assert kg("show", "Foxconn", "--format", "csv").code == 2


def test_a_plural_finds_the_thing(session: Session) -> None:
    """As people ask: who makes face masks?"""
    assert lookup.resolve(session, "face masks", "product") == lookup.resolve(session, "id-product:face-mask")
    with pytest.raises(UnknownName):
        lookup.resolve(session, "faces masks of", "product")
