"""Links to other data sets: the mapping sets are SSSOM, the graph holds what they say, and the traps stay shut."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
import yaml
from pyoxigraph import Literal, NamedNode, Store

import kg
from kg import engine, foreign, layout, links, places, rdf, sssom, terms
from kg.errors import SyntaxProblem
from kg.model import Finding, Place
from tests.conftest import ROOT, Outcome

FILES = sorted((ROOT / "seeds/links").glob("*.sssom.tsv"))
STANDARD = json.loads((ROOT / "tests/data/sssom/sssom-schema-1.1.0a5.json").read_text(encoding="utf-8"))
"""The JSON Schema of SSSOM, as gen-json-schema makes it of the LinkML in PyPI sssom-schema 1.1.0a5 (MIT licence)."""

TARGETS = {
    "dbpedia", "eu-country", "geonames", "gb-t-2260", "hs", "isic", "iso-3166-1", "iso-3166-2", "lei", "ror",
    "stock-exchange", "wikidata",
}  # fmt: skip
GROUP_OF = {"weichai-group", "ansteel-group", "inspur-group"}
"""Groups of which a company is listed and they themselves are not."""


def mappings() -> list[tuple[str, sssom.Mapping]]:
    return [(sssom.target(str(path)), mapping) for path in FILES for mapping in sssom.read(str(path)).mappings]


def thing(name: str) -> str:
    return terms.expand(name)


def test_each_target_has_its_file() -> None:
    assert {sssom.target(str(path)) for path in FILES} == TARGETS


# ---- the files ----


def slots(path: Path) -> dict[str, object]:
    """The mapping set as the standard's JSON has it: slots without a value are left out."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    head = yaml.safe_load("".join(line[1:] for line in lines if line.startswith("#")))
    rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
    prefixes = {f"{prefix}": {"prefix_name": prefix, "prefix_url": url} for prefix, url in head["curie_map"].items()}
    found = [{slot: cell for slot, cell in row.items() if cell} for row in rows]
    numbered = [{**row, "confidence": float(row["confidence"])} if "confidence" in row else row for row in found]
    return {**head, "curie_map": prefixes, "mappings": numbered}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_file_is_as_the_standard_wants_it(path: Path) -> None:
    validator = jsonschema.Draft201909Validator({**STANDARD, "$ref": "#/$defs/MappingSet"})
    assert [error.message for error in validator.iter_errors(slots(path))] == []


@pytest.mark.parametrize(
    ("slot", "value"), [("confidence", 1.5), ("predicate_modifier", "No"), ("mapping_date", "April"), ("colour", "red")]
)
def test_the_standard_refuses_what_is_wrong(slot: str, value: object) -> None:
    found = slots(FILES[0])
    rows = found["mappings"]
    assert isinstance(rows, list)
    rows[0][slot] = value
    validator = jsonschema.Draft201909Validator({**STANDARD, "$ref": "#/$defs/MappingSet"})
    validator = validator.evolve(format_checker=jsonschema.FormatChecker())
    assert len(list(validator.iter_errors(found))) == 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_prefixes_are_those_of_the_project_and_used(path: Path) -> None:
    head = slots(path)
    prefixes = sssom.read(str(path)).prefixes
    ours = {prefix: url for prefix, url in prefixes.items() if prefix in terms.PREFIXES}
    assert ours.items() <= terms.PREFIXES.items()
    assert head["mapping_set_id"] == f"{terms.BASE}id/linkset/{sssom.target(str(path))}"
    text = path.read_text(encoding="utf-8")
    assert [prefix for prefix in set(prefixes) - set(sssom.BUILT_IN) if text.count(f"{prefix}:") < 2] == ["id-linkset"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_rows_are_sorted_and_each_is_said_once(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert sssom.with_rows(text, []) == text
    target = sssom.target(str(path))
    assert Counter(links.iri(m, target) for m in sssom.read(str(path)).mappings).most_common(1)[0][1] == 1


HEAD = "#curie_map:\n#  id-org: https://w3id.org/icr/id/org/\n#  wd: http://www.wikidata.org/entity/\n#mapping_set_id: https://w3id.org/icr/id/linkset/x\n#mapping_set_title: X\n#license: https://creativecommons.org/licenses/by/4.0/\n#object_source: id-org:x\n"
COLUMNS = "subject_id\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\tmapping_date\tcomment\n"
ROW = "id-org:miit\tskos:exactMatch\t\twd:Q1\tsemapv:LexicalMatching\t2026-11-22\tx\n"


@pytest.mark.parametrize(
    ("text", "complaint", "line"),
    [
        (HEAD.replace("curie_map:", "curie_map: ["), "the head is not YAML", 3),
        (HEAD.replace("#license: https://creativecommons.org/licenses/by/4.0/\n", "") + COLUMNS, "has no license", 1),
        ("subject_id\n", "the head has no curie_map", 1),
        (HEAD + COLUMNS.replace("comment", "coment"), "the column 'coment' is not known here", 8),
        (HEAD + COLUMNS.replace("\tcomment", ""), "the column comment is missing", 8),
        (HEAD + COLUMNS.replace("comment", "object_id\tcomment"), "the column object_id stands twice", 8),
        (HEAD + COLUMNS + ROW + ROW.replace("id-org:miit", "id-orgs:miit"), "'id-orgs:miit' has a prefix", 10),
        (HEAD + COLUMNS + ROW.replace("\tx\n", "\n"), "another number of cells", 9),
        (HEAD + COLUMNS + ROW.replace("\tx\n", "\tx\ty\n"), "another number of cells", 9),
        (HEAD + COLUMNS + ROW.replace("2026-11-22", ""), "the row has no mapping_date", 9),
        (HEAD + COLUMNS + ROW.replace("wd:Q1", ""), "the row has no object_id", 9),
        (HEAD + COLUMNS + ROW.replace("\t\twd", "\tNever\twd"), "neither empty nor Not", 9),
        (HEAD + COLUMNS + ROW.replace("wd:Q1", "wd:Q 1"), "is not the name of anything", 9),
        (HEAD + COLUMNS + ROW.replace("2026-11-22", "April"), "mapping_date is not a day", 9),
        (
            HEAD + COLUMNS.replace("comment", "comment\tconfidence") + ROW.replace("x\n", "x\t1.5\n"),
            "confidence is not",
            9,
        ),
        (HEAD + COLUMNS + ROW.replace("\tx\n", '\t"x"y\n'), "expected after", 9),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_place(text: str, complaint: str, line: int) -> None:
    with pytest.raises(SyntaxProblem, match=complaint) as caught:
        sssom.parse(text, "x.sssom.tsv")
    assert caught.value.at == f"x.sssom.tsv:{line}"


def test_a_file_that_a_spreadsheet_saved_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.sssom.tsv"
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + COLUMNS + ROW).replace("\n", "\r\n").encode())
    assert sssom.read(str(path)) == sssom.parse(HEAD + COLUMNS + ROW, "x")


def test_rows_are_added_in_their_place_with_the_prefixes_that_they_need() -> None:
    row = {
        "subject_id": "id-place:hubei", "predicate_id": "schema:sameAs", "object_id": "wd:Q46862", "confidence": "0.9",
        "mapping_justification": "semapv:LexicalMatching", "mapping_date": "2026-11-22", "comment": "y",
    }  # fmt: skip
    text = sssom.with_rows(HEAD + COLUMNS + ROW, [row, {**row, "subject_id": "id-org:a"}])
    found = sssom.parse(text, "x")
    assert [terms.compact(m.subject) for m in found.mappings] == ["id-org:a", "id-org:miit", "id-place:hubei"]
    assert [m.confidence for m in found.mappings] == ["0.9", "", "0.9"]
    assert text.startswith(
        "#curie_map:\n#  id-org: https://w3id.org/icr/id/org/\n#  id-place: https://w3id.org/icr/id/place/\n"
        "#  schema: http://schema.org/\n#  wd: "
    )


OWN_HEAD = (
    HEAD.replace("linkset/x", "linkset/own")
    .replace("_source: id-org:x", "_source: id-dataset:wikidata")
    .replace(
        "#mapping_set_id",
        "#  id-dataset: https://w3id.org/icr/id/dataset/\n#  schema: http://schema.org/\n#mapping_set_id",
    )
)
OWN_ROWS = (
    ("id-org:hitachi", "schema:sameAs", "wd:Q53238", "ManualMappingCuration"),  # as it should be
    ("id-org:hitachy", "schema:sameAs", "wd:Q53239", "ManualMappingCuration"),  # misspelt
    ("id-org:pboc", "skos:closeMatch", "wd:Q249203", "ManualMappingCuration"),  # a thing is no concept
    ("id-org:xinhua", "schema:sameAs", "wd:Q204839", "Guessing"),  # no term of SEMAPV
)


@pytest.fixture
def own_set(tmp_path: Path) -> str:
    """A mapping set of somebody's own, with three rows that are wrong."""
    rows = [f"{s}\t{p}\t\t{o}\t0.9\tsemapv:{how}\t2026-11-22\tx\n" for s, p, o, how in OWN_ROWS]
    text = OWN_HEAD + COLUMNS.replace("object_id", "object_id\tconfidence") + "".join(rows)
    (path := tmp_path / "own.sssom.tsv").write_text(text, encoding="utf-8")
    return str(path)


FIRST_WRONG = 12
"""Ten lines of head and names of columns, and the row that is right, go before."""


def test_what_is_wrong_in_a_row_is_told_with_its_line(own_set: str, kg: Callable[..., Outcome]) -> None:
    done = kg("validate", own_set, "--severity", "violation", "--format", "csv", "--quiet")
    assert done.code == 1
    found = {(Path(row["file"]).name, row["line"], row["source"]) for row in csv.DictReader(io.StringIO(done.out))}
    first = FIRST_WRONG
    assert {
        ("own.sssom.tsv", str(first), "link-of-unknown-thing"),
        ("own.sssom.tsv", str(first + 1), "match-between-things"),
        ("own.sssom.tsv", str(first + 2), "shp:Link-justification"),
    } <= found
    assert {(file, int(line) in range(first, first + 3)) for file, line, _ in found} == {("own.sssom.tsv", True)}


def test_a_mapping_set_that_cannot_be_read_is_one_finding(tmp_path: Path) -> None:
    (path := tmp_path / "x.sssom.tsv").write_text(HEAD + COLUMNS + ROW.replace("wd:Q1", ""), encoding="utf-8")
    (finding,) = foreign.read(str(path)).findings
    assert (finding.source, finding.place) == ("syntax", Place(layout.shown(path), 9))
    assert "the row has no object_id" in finding.message


def test_the_builder_knows_the_rows_of_added_folders(tmp_path: Path, own_set: str) -> None:
    assert rdf.graph_of(own_set) == terms.GRAPH_LINKS
    link = thing("id:link/own/org/hitachy/Q53239")
    for finding in (Finding("violation", "x", thing("id-org:hitachy"), ""), Finding("violation", "x", link, "")):
        (located,) = places.project([str(tmp_path)]).located([finding])
        assert located.place == Place(layout.shown(own_set), FIRST_WRONG, 1)
    assert places.index([str(tmp_path)])[link] == f"{layout.shown(own_set)}:{FIRST_WRONG}"


# ---- the graph ----


@pytest.fixture(scope="module")
def graph(nquads: list[bytes]) -> Store:
    """graph/links alone."""
    return engine.in_memory([line for line in nquads if line.endswith(f"<{terms.GRAPH_LINKS}> .".encode())])


def test_what_is_linked_is_a_plain_triple_and_what_is_not_is_none(graph: Store) -> None:
    for target, mapping in mappings():
        entry = Literal(mapping.code) if mapping.code else NamedNode(mapping.object)
        pattern = (NamedNode(mapping.subject), NamedNode(mapping.predicate), entry, None)
        asserted = next(graph.quads_for_pattern(*pattern), None) is not None
        found = not mapping.negated and mapping.object != sssom.NOTHING_FOUND
        assert asserted == found, (target, mapping)


def test_the_sets_count_what_they_hold(graph: Store) -> None:
    """By rows of the files: the rows that are neither Not nor without an entry."""
    expected = Counter(target for target, m in mappings() if not m.negated and m.object != sssom.NOTHING_FOUND)
    said = {
        quad.subject.value.rsplit("/", 1)[1]: int(quad.object.value)  # type: ignore[union-attr]
        for quad in graph.quads_for_pattern(None, NamedNode(thing("void:triples")), None, None)
    }
    assert said == {target: expected[target] for target in TARGETS}
    assert said["wikidata"] >= 36
    assert said["lei"] == 0


def test_the_sets_name_both_their_ends(graph: Store) -> None:
    """VoID, 5.1: the data set whose things are linked, which is ours in every set, and the one that is linked to."""
    sets = {quad.subject for quad in graph.quads_for_pattern(None, NamedNode(thing("rdf:type")), None, None)}
    sets = {node for node in sets if "/id/linkset/" in str(node)}
    ends = {
        end: {q.subject: q.object for q in graph.quads_for_pattern(None, NamedNode(thing(f"void:{end}")), None, None)}
        for end in ("subjectsTarget", "objectsTarget")
    }
    assert len(sets) == len(TARGETS)
    assert ends["subjectsTarget"] == dict.fromkeys(sets, NamedNode(f"{terms.BASE}dataset"))
    assert ends["objectsTarget"] == {
        node: NamedNode(str(node)[1:-1].replace("/linkset/", "/dataset/")) for node in sets
    }


def test_nothing_is_one_with_anything_by_owl(nquads: list[bytes]) -> None:
    assert [line for line in nquads if b"owl#sameAs>" in line and b"/graph/ontology>" not in line] == []


def test_a_group_is_not_its_listed_company() -> None:
    listed = {m.subject.rsplit("/", 1)[1]: m for t, m in mappings() if t == "stock-exchange" and not m.negated}
    assert not GROUP_OF & set(listed)
    rejected = {(m.subject.rsplit("/", 1)[1], m.code) for t, m in mappings() if t == "stock-exchange" and m.negated}
    assert {("weichai-group", "000338.SZ"), ("ansteel-group", "000898.SZ"), ("foxconn", "601138.SH")} <= rejected


def test_what_the_texts_leave_open_is_not_linked() -> None:
    """How strong the alcohol is, and what the power systems of Weichai Group drive; 2811 leaves out vehicles."""
    rejected = {(m.subject.rsplit("/", 1)[1], links.identifier(m)) for _, m in mappings() if m.negated}
    assert {("alcohol", "2207.10"), ("power-systems", "2811")} <= rejected


def test_places_are_their_administrative_areas() -> None:
    """Yichang is 1786761 (ADM2), not 1786764 (PPL); Hefeng is not its seat, Rongmei."""
    found = {(m.subject.rsplit("/", 1)[1], links.identifier(m)): m.negated for t, m in mappings() if t == "geonames"}
    assert found["yichang", "1786761"] is False
    assert found["yichang", "1786764"] is True
    assert found["hefeng", "1797099"] is True


def test_concepts_are_matched_and_things_are_not(graph: Store) -> None:
    matches = {t for t, m in mappings() if m.predicate.startswith(terms.STANDARD["skos"])}
    assert matches == {"isic"}
    assert all("/id/industry/" in m.subject for t, m in mappings() if t == "isic")


# ---- answers ----


def test_show_tells_what_others_call_a_thing(kg: Callable[..., Outcome]) -> None:
    shown = kg("show", "Hubei", "--quiet").out
    assert "  Wikidata: Q46862 http://www.wikidata.org/entity/Q46862 (confidence 0.95)\n" in shown
    assert "  ISO 3166-2: CN-HB (confidence 0.95)\n" in shown
    hefeng = kg("show", "hefeng", "--quiet").out
    assert "  GeoNames: not 1797099 (Rongmei, " in hefeng
    assert "  GeoNames: not found (only the seat" in hefeng
    assert "(broadMatch, confidence 0.95)" in kg("show", "id-industry:toys", "--quiet").out


def test_a_target_is_asked_for_by_slug_or_name() -> None:
    rows = kg.query("links", target="wikidata")
    assert rows == kg.query("links", target="Wikidata")
    assert {row["outcome"] for row in rows} == {"linked"}
    assert {"Q46862", "Q1002010", "Q15031"} <= {row["identifier"] for row in rows}
    assert not {row["identifier"] for row in kg.query("links", target="wikidata", result="rejected")} & {
        row["identifier"] for row in rows if row["name"] != "Beijing"
    }
    assert len(kg.query("links", target="wikidata", result="not-found")) == 41
