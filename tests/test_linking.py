"""Proposals for links: the scores, the services that are asked, and what is written when it is accepted."""

from __future__ import annotations

import csv
import datetime
import json
import shutil
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pyoxigraph
import pytest

from kg import link_proposals, links, matching, protocol, reconciling, sssom, terms
from kg.errors import EndpointError, Exit, InputError, UnknownName
from kg.matching import Candidate, Sought, likeness
from kg.store import Session
from tests.conftest import ROOT, Outcome
from tests.loopback import JSON, Answer, serving, sparql

TABLE = ROOT / "tests/data/reconcile/entries.tsv"
SPACE = "http://dbpedia.org/resource/"
MANIFEST = {
    "versions": ["0.1", "0.2"],
    "name": "Registry of the tests",
    "identifierSpace": SPACE,
    "schemaSpace": "http://registry.example/types/",
    "defaultTypes": [],
    "view": {"url": SPACE + "{{id}}"},
    "batchSize": 7,
}

# ---- names ----


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("Hitachi", "HITACHI", 1, 1),
        ("FAW-Volkswagen", "FAW Volkswagen", 1, 1),
        ("Xinfengming Group", "Xinfengming Group Co., Ltd.", 0.97, 0.97),
        ("新凤鸣集团股份有限公司", "新凤鸣集团有限公司", 0.97, 0.97),
        ("株式会社日立製作所", "日立製作所", 0.97, 0.97),
        ("Yichang", "Yichang City", 0.9, 0.9),
        ("北京市", "北京", 0.9, 0.9),
        ("Guangdong Bobaolon", "Guangdong Bobaolong", 0.9, 0.95),
        ("Government of Jiangsu Province", "Jiangsu Province Government", 0.85, 0.95),
        ("Weichai Group", "Weichai Power", 0, 0.8),
        ("Weichai Group", "Weichai", 0, 0.8),
        ("浪潮集团有限公司", "浪潮软件股份有限公司", 0, 0.8),
        ("Beijing", "Beijing Automotive", 0, 0.6),
        ("Beijing", "Government of Beijing", 0, 0.6),
        ("Foxconn", "Foxconn Industrial Internet", 0, 0.6),
        ("", "", 0, 0),
    ],
)
def test_names_are_compared_as_people_do(one: str, other: str, least: float, most: float) -> None:
    assert least <= likeness(one, other) <= most
    assert likeness(one, other) == likeness(other, one)


# ---- type and place ----

CITY = Sought("urn:city", ("Beijing", "北京市"), ("AdministrativeArea", "Place"), ("China", "中国"))
PLACES = frozenset({"beijing", "hubei", "sichuan", "china", "中国", "湖北省"})


@pytest.mark.parametrize(
    ("types", "verdict"),
    [
        (("municipality",), "agrees"),
        (("Chinese municipality", "company"), "agrees"),
        (("automaker",), "differs"),
        (("government of a city",), "agrees"),
        (("film",), "unknown"),
        ((), "unknown"),
    ],
)
def test_types_are_told_by_the_words_of_their_names(types: tuple[str, ...], verdict: str) -> None:
    assert matching.fit(CITY, Candidate("x", ("Beijing",), types), PLACES).type == verdict


@pytest.mark.parametrize(
    ("description", "verdict"),
    [
        ("capital of China", "agrees"),
        ("中国首都", "agrees"),
        ("town in Sichuan, China", "differs"),
        ("town in Hubei", "differs"),
        ("a city called Beijing", "unknown"),
        ("", "unknown"),
    ],
)
def test_places_are_told_by_the_description(description: str, verdict: str) -> None:
    assert matching.fit(CITY, Candidate("x", ("Beijing",), (), description), PLACES).place == verdict


def test_a_place_is_not_held_against_what_lies_nowhere() -> None:
    firm = Sought("urn:firm", ("Foxconn",), ("Enterprise",), ())
    assert matching.fit(firm, Candidate("x", ("Foxconn",), (), "firm in Hubei"), PLACES).place == "unknown"


# ---- the service ----


def table() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


def candidates(query: dict[str, Any]) -> list[dict[str, Any]]:
    """As a service may do it: by the letters in common, with no idea of what is meant."""
    assert query.keys() <= {"query", "type", "limit", "properties", "type_strict"}
    found = []
    for row in table():
        names = [row["name"], *row["aliases"].split("|")]
        score = max(SequenceMatcher(None, query["query"], name).ratio() for name in names)
        types = [{"id": kind, "name": kind} for kind in row["types"].split("|")]
        if score > 0.4 and query.get("type", types[0]["id"]) in {kind["id"] for kind in types}:
            found.append(
                {
                    "id": row["id"], "name": row["name"], "type": types, "score": round(100 * score, 1),
                    "match": score == 1, "description": row["description"],
                }
            )  # fmt: skip
    return sorted(found, key=lambda each: float(str(each["score"])), reverse=True)[: query["limit"]]


@pytest.fixture
def batches() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def registry(batches: list[dict[str, Any]]) -> Iterator[str]:
    """A reconciliation service (API 0.2) over the table."""

    def answer(_: str, body: bytes, kind: str) -> Answer:
        if not body:
            return 200, "application/json", json.dumps(MANIFEST).encode()
        assert kind == "application/x-www-form-urlencoded"
        (asked,) = parse_qs(body.decode())["queries"]
        batches.append(json.loads(asked))
        found = {key: {"result": candidates(query)} for key, query in batches[-1].items()}
        return 200, "application/json", json.dumps(found).encode()

    with serving(answer) as address:
        yield address


def proposals(store: str, url: str, *slugs: str, **settings: Any) -> dict[str, list[tuple[str, str]]]:
    """Thing to the entries proposed for it, each with its verdict."""
    session = Session(store)
    address, client = protocol.strangers_client(url, 30)
    with client as http:
        service = reconciling.Reconciliation(http, address, reconciling.Narrowing(**settings))
        target = link_proposals.target_of(session, "", service.space)
        things = link_proposals.sought(session, target)
        wanted = [each for each in things if each.iri.rsplit("/", 1)[1] in slugs]
        assert len(wanted) == len(slugs)
        found = link_proposals.propose(session, service, wanted)
    by_thing: dict[str, list[tuple[str, str]]] = {slug: [] for slug in slugs}
    for each in found:
        by_thing[each.thing.iri.rsplit("/", 1)[1]].append((each.fit.entry.id, each.verdict))
    return by_thing


def test_namesakes_are_told_apart(store: str, registry: str) -> None:
    """The city, its government and its car maker; the province and its city; the two towns; the man and the film."""
    found = proposals(
        store, registry, "beijing", "jilin", "yichang", "tan-xuguang", "foxconn", "weichai-group", "xinfengming-group"
    )
    assert {thing: rows[0] for thing, rows in found.items()} == {
        "beijing": ("Beijing", "good"),
        "jilin": ("Jilin", "good"),
        "yichang": ("Yichang", "good"),
        "tan-xuguang": ("Tan_Xuguang", "good"),
        "foxconn": ("Foxconn", "good"),
        "weichai-group": ("Weichai_Group", "doubtful"),
        "xinfengming-group": ("Xinfengming", "good"),
    }
    assert found["jilin"][1] == ("Jilin_City", "doubtful")
    assert not {entry for entry, verdict in found["beijing"] if verdict != "doubtful"} & {
        "Government_of_Beijing", "BAIC_Group",
    }  # fmt: skip


def test_of_two_that_fit_alike_none_is_picked(store: str, registry: str) -> None:
    assert proposals(store, registry, "huang-xin")["huang-xin"] == [
        ("Huang_Xin_1", "ambiguous"),
        ("Huang_Xin_2", "ambiguous"),
    ]


def test_what_was_rejected_is_not_proposed_again(store: str, registry: str) -> None:
    """Weichai Power is a rejected link of Weichai Group in the mapping set of DBpedia."""
    assert "Weichai_Power" not in dict(proposals(store, registry, "weichai-group")["weichai-group"])


def test_names_in_both_languages_are_asked_for_in_batches(
    store: str, registry: str, batches: list[dict[str, Any]]
) -> None:
    proposals(store, registry, "beijing", "jilin", "foxconn", limit=3)
    assert max(map(len, batches)) <= MANIFEST["batchSize"]  # type: ignore[operator]
    asked = [query["query"] for batch in batches for query in batch.values()]
    assert {"Beijing", "北京市", "Foxconn", "富士康", "鸿海精密工业股份有限公司"} <= set(asked)
    assert {query["limit"] for batch in batches for query in batch.values()} == {3}


def test_a_type_and_a_place_are_sent_when_asked_for(store: str, registry: str, batches: list[dict[str, Any]]) -> None:
    found = proposals(store, registry, "yichang", type="city", place_property="isIn")
    assert found["yichang"][0] == ("Yichang", "good")
    assert "Yichang_Sichuan" not in dict(found["yichang"])  # a town
    query = batches[0]["q0"]
    assert query["type"] == "city"
    ((given),) = query["properties"]
    assert given["pid"] == "isIn"
    assert {"Hubei", "China", "湖北省"} <= set(given["v"])


def test_what_is_linked_or_was_sought_in_vain_is_left_alone(store: str) -> None:
    session = Session(store)
    wikidata = link_proposals.target_of(session, "wikidata", "")
    dbpedia = link_proposals.target_of(session, "", SPACE)
    assert (wikidata.space, dbpedia.iri) == ("http://www.wikidata.org/entity/", terms.expand("id-dataset:dbpedia"))
    slugs = {each.iri.rsplit("/", 1)[1] for each in link_proposals.sought(session, wikidata)}
    assert not slugs & {"hubei", "miit", "hefeng", "weichai-group"}
    assert "shanghai-government" in slugs
    again = {each.iri.rsplit("/", 1)[1] for each in link_proposals.sought(session, wikidata, again=True)}
    assert {"hefeng", "weichai-group"} <= again
    assert "hubei" not in again
    (hefeng,) = link_proposals.sought(session, wikidata, terms.expand("id-place:hefeng"))
    assert hefeng.sought == "2026-11-22"
    assert hefeng.names[:2] == ("Hefeng County", "鹤峰县")
    assert {"Hubei", "湖北省", "China"} <= set(hefeng.places)
    only = link_proposals.sought(session, dbpedia, kind="place")
    assert {each.iri.split("/")[-2] for each in only} == {"place"}


@pytest.mark.parametrize(
    ("name", "space", "error"),
    [
        ("", "http://other.example/", UnknownName),
        ("", "", UnknownName),
        ("iso-3166-2", "", InputError),
        ("no-such", "", UnknownName),
        ("", terms.BASE, UnknownName),
    ],
)
def test_a_target_must_be_known_and_have_iris(name: str, space: str, error: type[Exception], store: str) -> None:
    with pytest.raises(error):
        link_proposals.target_of(Session(store), name, space)


@pytest.mark.parametrize(
    ("manifest", "results", "sentence"),
    [
        (b"<html>", b"", "the service's answer is not JSON"),
        (b'{"name": "x"}', b"", "that is no reconciliation service of version 0.2"),
        (
            json.dumps({**MANIFEST, "versions": ["1.0"]}).encode(),
            b"",
            "that is no reconciliation service of version 0.2",
        ),
        (json.dumps(MANIFEST).encode(), b"{}", "the service did not answer all queries of a batch"),
        (
            json.dumps(MANIFEST).encode(),
            b'{"q0": {"result": [{"id": "x"}]}, "q1": {}, "q2": {}}',
            "what are no candidates",
        ),
        (json.dumps(MANIFEST).encode(), b'{"q0": [], "q1": [], "q2": []}', "what are no candidates"),
    ],
)
def test_a_service_that_talks_nonsense_is_one_sentence(
    manifest: bytes, results: bytes, sentence: str, store: str
) -> None:
    def answer(_: str, body: bytes, __: str) -> Answer:
        return 200, "application/json", results if body else manifest

    with serving(answer) as address, pytest.raises(EndpointError, match=sentence) as caught:
        proposals(store, address, "jilin")
    assert caught.value.exit == Exit.STORE


def test_a_sparql_endpoint_is_asked_for_exact_names(store: str) -> None:
    graph = pyoxigraph.Store()
    for row in table():
        subject = SPACE + row["id"]
        names = "".join(f' ; <{terms.STANDARD["skos"]}altLabel> "{name}"@zh' for name in row["aliases"].split("|"))
        text = f'<{subject}> <{terms.STANDARD["rdfs"]}label> "{row["name"]}"@en{names} ; <{terms.STANDARD["wdt"]}P31> <urn:{row["types"].split("|")[0]}> .'
        text += (
            f'<urn:{row["types"].split("|")[0]}> <{terms.STANDARD["rdfs"]}label> "{row["types"].split("|")[0]}"@en .'
        )
        text = text.replace("(film)", "film")
        graph.load(text.encode(), format=pyoxigraph.RdfFormat.TURTLE)
    session, asked = Session(store), list[str]()
    with serving(sparql(graph, asked)) as address:
        url, client = protocol.strangers_client(address, 30)
        with client as http:
            service = reconciling.Endpoint(http, url)
            target = link_proposals.target_of(session, "dbpedia", "")
            things = [
                each
                for name in ("id-place:jilin", "id-org:gac-group", "id-place:fujian")
                for each in link_proposals.sought(session, target, terms.expand(name))
            ]
            found = link_proposals.propose(session, service, things)
    best = {each.thing.iri.rsplit("/", 1)[1]: (each.fit.entry.id, each.fit.name, each.fit.type) for each in found}
    assert best == {"jilin": (SPACE + "Jilin", 1.0, "agrees"), "gac-group": (SPACE + "GAC_Group", 1.0, "agrees")}


# ---- the command, and what it writes ----


def test_nothing_is_written_unless_it_is_accepted(kg: Callable[..., Outcome], registry: str) -> None:
    before = {path: path.read_bytes() for path in (ROOT / "seeds/links").iterdir()}
    told = kg("link", "id-place:beijing", "--service", registry, "--format", "csv")
    assert told.code == 0
    first = dict(zip(*(line.split(",") for line in told.out.splitlines()[:2]), strict=True))
    assert (first["name"], first["entry"], first["verdict"], first["type"], first["place"]) == (
        "Beijing", "Beijing", "good", "agrees", "agrees",
    )  # fmt: skip
    assert "1 looked for, 1 good" in told.err
    assert {path: path.read_bytes() for path in (ROOT / "seeds/links").iterdir()} == before


def test_what_is_accepted_is_a_row_with_its_grounds(kg: Callable[..., Outcome], registry: str, tmp_path: Path) -> None:
    file = tmp_path / "dbpedia.sssom.tsv"
    shutil.copy(links.file_of("dbpedia"), file)
    before = sssom.read(str(file)).mappings
    told = kg(
        "link", "--service", registry, "--kind", "org", "--accept", "--output", str(file), "--date", "2026-11-23"
    )  # fmt: skip
    assert told.code == 0, told.err
    added = [each for each in sssom.read(str(file)).mappings if each not in before]
    assert {links.identifier(each): terms.compact(each.subject) for each in added} == {
        "Foxconn": "id-org:foxconn",
        "Foxconn_Industrial_Internet": "id-org:foxconn-industrial-internet",
        "Inspur": "id-org:inspur-group",
        "Xinfengming": "id-org:xinfengming-group",
    }
    foxconn = next(each for each in added if links.identifier(each) == "Foxconn")
    assert foxconn.predicate == terms.expand("schema:sameAs")
    assert foxconn.justification == terms.expand("semapv:LexicalMatching")
    assert (foxconn.date, foxconn.tool.split()[:2]) == ("2026-11-23", ["kg", "link"])
    assert 0.85 <= float(foxconn.confidence) <= 1
    assert foxconn.comment.startswith("reconciliation service Registry of the tests at http://127.0.0.1:")
    assert "type agrees, place unknown" in foxconn.comment
    similar = next(each for each in added if links.identifier(each) == "Xinfengming")
    assert similar.justification == terms.expand("semapv:LexicalSimilarityThresholdMatching")


def test_people_may_choose_what_no_score_tells(kg: Callable[..., Outcome], registry: str, tmp_path: Path) -> None:
    """GAC Group is there as Guangzhou Automobile Group, which its letters do not show."""
    file = tmp_path / "dbpedia.sssom.tsv"
    shutil.copy(links.file_of("dbpedia"), file)
    asked = ("link", "gac-group", "--service", registry, "--accept", "--output", str(file))
    assert "0 good" in kg(*asked).err
    assert sssom.read(str(file)).mappings == sssom.read(links.file_of("dbpedia")).mappings
    told = kg(*asked, "--entry", "GAC_Group")
    assert "1 written" in told.err
    (found,) = [each for each in sssom.read(str(file)).mappings if each.subject.endswith("/gac-group")]
    assert found.justification == terms.expand("semapv:ManualMappingCuration")
    assert kg(*asked, "--entry", "Gac").code == Exit.INPUT
    assert kg("link", "--service", registry, "--entry", "GAC_Group").code == Exit.USAGE


def test_a_link_takes_the_place_of_a_search_in_vain(tmp_path: Path) -> None:
    file = tmp_path / "wikidata.sssom.tsv"
    shutil.copy(links.file_of("wikidata"), file)
    row = {
        "subject_id": "id-org:gac-group", "predicate_id": "schema:sameAs", "comment": "x", "confidence": "0.9",
        "object_id": "http://www.wikidata.org/entity/Q1", "mapping_justification": "semapv:LexicalMatching",
        "mapping_date": datetime.date(2026, 11, 23).isoformat(),
    }  # fmt: skip
    link_proposals.accept(str(file), [row])
    found = [each for each in sssom.read(str(file)).mappings if each.subject.endswith("/gac-group")]
    assert [(each.object, each.confidence) for each in found] == [("http://www.wikidata.org/entity/Q1", "0.9")]
    with pytest.raises(InputError, match="no prefix for http://other.example/1"):
        link_proposals.accept(str(file), [{**row, "object_id": "http://other.example/1"}])


def test_a_service_must_be_named_and_a_kind_known(kg: Callable[..., Outcome], registry: str) -> None:
    assert kg("link", "Beijing").code == Exit.USAGE
    assert kg("link", "--service", registry, "--timeout", "nan").code == Exit.USAGE
    assert kg("link", "--service", registry, "--least", "nan").code == Exit.USAGE
    told = kg("link", "--service", registry, "--kind", "orgs")
    assert (told.code, told.err.splitlines()[-1]) == (Exit.INPUT, "  hint: did you mean org?")


def test_an_endpoint_where_a_service_is_asked_for_is_told(kg: Callable[..., Outcome]) -> None:
    with serving(lambda *_: (200, JSON, b'{"head": {"vars": []}, "results": {"bindings": []}}')) as address:
        told = kg("link", "Beijing", "--service", address, "--quiet")
    assert told.code == Exit.STORE
    assert "--sparql for a SPARQL endpoint" in told.err
