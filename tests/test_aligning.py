"""Supply-chain graphs of others: what is read of each form, whose it is, and what is refused. All names are invented."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest

from kg import aligning, build, queries, rdf, terms
from kg.errors import InputError, SyntaxProblem
from tests.conftest import ROOT, Outcome

Run = Callable[..., Outcome]
DATA = ROOT / "tests/data/align"
CHAIN = [str(DATA / "company_product.json"), str(DATA / "product_product.json")]
NO_ENGLISH = " (no English name given)"

GOLDEN = {
    # supplier, customer, product, file or graph that says so: read off the sample files by eye
    ("Quillfeather Tyres", "Saltmarsh Motor Works", "tyre QF 12", "iof.ttl"),
    ("Tarnhelm Castings", "Quillfeather Tyres", "cast rim", "iof.ttl"),
    ("Tarnhelm Castings", "Saltmarsh Motor Works", "", "iof.ttl"),
    ("Yarrow Membranes", "Pellworth Filters", "hollow-fibre membrane", "schema-org.jsonld"),
    ("Thistledown Yarns", "Larkrise Looms", "combed yarn", "schema-org.jsonld"),
    ("", "Yarrow Membranes", "polysulfone", "schema-org.jsonld"),
    ("", "Larkrise Looms", "loom oil", "schema-org.jsonld"),
    ("", f"云杉材料{NO_ENGLISH}", f"光引发剂{NO_ENGLISH}", "ckg"),
    ("", f"石榴涂料{NO_ENGLISH}", f"钛白粉{NO_ENGLISH}", "ckg"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for `kg build --with`, with the three samples."""
    place = tmp_path_factory.mktemp("aligned")
    for files, name in (
        ([str(DATA / "iof.ttl")], "iof"),
        ([str(DATA / "schema-org.jsonld")], "schema"),
        (CHAIN, "ckg"),
    ):
        record = place / name / "record.ttl"
        record.parent.mkdir()
        quads = [rdf.quad_in(aligning.graph(name), triple) for triple in aligning.align(files, name)]
        record.write_bytes(rdf.turtle(quads))
    return place


@pytest.fixture(scope="module")
def both(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store of the real graph with the samples: they pass every shape and check."""
    directory = str(tmp_path_factory.mktemp("both"))
    build.build(directory, [str(folder)], quiet=True)
    return directory


def test_the_query_answers_over_both_and_says_which_is_whose(kg: Run, both: str) -> None:
    def rows(*more: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(kg("query", "supply-relations", "--format", "csv", *more).out)))

    ours, all_of_them = rows(), rows("--store", both)
    theirs = [row for row in all_of_them if row not in ours]
    assert len(all_of_them) == len(ours) + len(theirs)
    assert len(theirs) == len(GOLDEN)
    found = {
        (r["supplier"], r["customer"], r["product"], r["source"].removesuffix(" (graph of others)")) for r in theirs
    }
    assert found == GOLDEN
    assert {(row["saidBy"], row["where"], row["printed"], row["published"]) for row in theirs} == {
        ("another graph, no text read here", "", "", "")
    }
    assert all(row["where"] for row in ours)


def test_a_claim_names_its_file_by_digest_in_a_graph_of_its_own(both: str, kg: Run) -> None:
    ask = """SELECT ?graph ?sha WHERE {
      GRAPH ?graph { ?claim a icr:SituationClaim ; dcterms:source ?file . ?file icr:sha256 ?sha }
      FILTER(STRSTARTS(STR(?claim), "https://w3id.org/icr/id/claim/external/iof/"))
    }"""
    (both_path := Path(both) / "ask.rq").write_text(ask, encoding="utf-8")
    try:
        answer = kg("sparql", str(both_path), "--store", both, "--format", "csv").out.split()
    finally:
        both_path.unlink()
    digest = hashlib.sha256((DATA / "iof.ttl").read_bytes()).hexdigest()
    assert set(answer[1:]) == {f"{terms.BASE}graph/doc/iof,{digest}"}
    assert len(answer) == 4


def test_what_is_computed_names_the_claims_it_was_computed_from(both: str, kg: Run) -> None:
    (name,) = re.findall(r"claim/(external/ckg/need-\w+)", kg("export", "--store", both).out)[:1]
    told = kg("why", name, "--store", both).out
    assert "云杉材料 makes 光敏树脂, by ckg" in told or "石榴涂料 makes 木器漆, by ckg" in told
    assert "computed" in told


def test_the_same_files_give_the_same_bytes_on_stdout(kg: Run) -> None:
    first, again = (kg("align", *CHAIN, "--name", "ckg") for _ in range(2))
    assert (first.code, first.out) == (0, again.out)
    lines = kg("align", *CHAIN, "--name", "ckg", "--format", "nquads").out.splitlines()
    assert all(line.endswith(f"<{terms.BASE}graph/doc/ckg> .") for line in lines)
    turtle = {quad.triple for quad in pyoxigraph.parse(first.out.encode(), format=pyoxigraph.RdfFormat.TURTLE)}
    assert turtle == {quad.triple for quad in rdf.parse_lines("\n".join(lines).encode())}


def test_output_is_a_folder_that_can_be_built_in(kg: Run, tmp_path: Path, folder: Path) -> None:
    done = kg("align", str(DATA / "iof.ttl"), "--output", str(tmp_path))
    assert (done.code, done.out) == (0, f"{tmp_path / 'iof' / 'record.ttl'}\n")
    assert (tmp_path / "iof/record.ttl").read_bytes() == (folder / "iof/record.ttl").read_bytes()
    assert "kg build --with" in done.err


def test_people_are_in_no_chain(folder: Path) -> None:
    """Neither who buys for himself nor who looks for work."""
    said = (folder / "schema/record.ttl").read_text(encoding="utf-8")
    assert "Thistledown" in said
    assert "Featherby" not in said
    assert "mending kit" not in said


def test_who_has_no_iri_of_its_own_is_known_by_the_name() -> None:
    """A page tells its parts apart by #names that mean nothing outside, or repeats an organisation without any."""
    made = aligning.align([str(DATA / "schema-org.jsonld")], "schema")
    iris = {node.value for t in made for node in (t.subject, t.object) if isinstance(node, pyoxigraph.NamedNode)}
    assert not [iri for iri in iris if iri.startswith(aligning.HERE) or "/node-" in iri]
    assert {iri.rsplit("/", 1)[1] for iri in iris if "/id/org/" in iri} == {
        "Larkrise%20Looms", "Pellworth%20Filters", "Thistledown%20Yarns",
    }  # fmt: skip
    assert "https://example.org/yarrow" in iris


@pytest.mark.parametrize("order", [1, -1], ids=["as written", "the other way"])
def test_of_names_in_several_languages_the_english_one_counts(tmp_path: Path, order: int) -> None:
    names = ['"Saltmarsh Motor Works"@en-GB', '"盐沼汽车"@zh', '"Salzwiesen-Motoren"@de'][::order]
    (tmp_path / "iof.ttl").write_text(
        "@prefix c: <https://spec.industrialontologies.org/ontology/construct/> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        f"<urn:a> rdfs:label {', '.join(names)} ; c:suppliesToAtSomeTime <urn:b> .\n"
        '<urn:b> rdfs:label "羽毛轮胎"@zh , "Quillfeather Tyres" .\n',
        encoding="utf-8",
    )
    made = aligning.align([str(tmp_path / "iof.ttl")], "iof")
    english = {t.object for t in made if t.predicate.value == terms.expand("skos:prefLabel")}
    assert {str(name) for name in english} == {'"Saltmarsh Motor Works"@en', '"Quillfeather Tyres"@en'}


def test_a_thing_with_an_iri_of_ours_is_that_thing(kg: Run, tmp_path: Path) -> None:
    """It keeps the name and the class that it has, and the graph can be built in."""
    weichai = terms.expand("id-org:weichai-group")
    (tmp_path / "iof.ttl").write_text(
        "@prefix c: <https://spec.industrialontologies.org/ontology/construct/> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        f'<urn:b> rdfs:label "Quillfeather Tyres" ; c:suppliesToAtSomeTime <{weichai}> .\n'
        f'<{weichai}> rdfs:label "Weichai" .\n',
        encoding="utf-8",
    )
    made = aligning.align([str(tmp_path / "iof.ttl")], "theirs")
    about = [t for t in made if weichai in str(t)]
    assert [(t.predicate.value, str(t.object)) for t in about] == [(terms.expand("icr:customer"), f"<{weichai}>")]
    record = tmp_path / "theirs" / "record.ttl"
    record.parent.mkdir()
    record.write_bytes(rdf.turtle([rdf.quad_in(aligning.graph("theirs"), triple) for triple in made]))
    done = kg("validate", str(record.parent))
    assert (done.code, done.err.partition(":")[2].strip()) == (0, "0 violations, 1 warning, 1 info"), done.out


def test_copies_of_the_chain_graph_are_read_as_well(tmp_path: Path) -> None:
    """They end in .jsonl, and call the relation relation_type."""
    row = '{"company_name": "云杉材料", "relation_type": "主营产品", "product_name": "光敏树脂"}\n'
    (tmp_path / "rows.jsonl").write_text(row, encoding="utf-8")
    (tmp_path / "rows.json").write_text(row.replace("relation_type", "rel"), encoding="utf-8")
    one, other = ({str(t) for t in aligning.align([str(tmp_path / f"rows.{end}")], "x")} for end in ("jsonl", "json"))
    assert len(one) == len(other) > 10
    assert sum("云杉材料 makes 光敏树脂" in text for text in one) == 1


@pytest.mark.parametrize(
    ("context", "left"),
    [
        ('"http://schema.org"', ""),
        ('"https://www.schema.org/"', ""),
        ('"https://schema.org/docs/jsonldcontext.jsonld"', ""),
        ('[ "https://schema.org", {"s": "https://schema.org/"} ]', '{"s": "https://schema.org/"}'),
        ('[{"s": "urn:s:"},\n"http://schema.org/"]', '{"s": "urn:s:"}'),
        ('{"@vocab": "https://schema.org/"}', '{"@vocab": "https://schema.org/"}'),
        ('"https://example.org/context"', '"https://example.org/context"'),
    ],
)
def test_only_the_context_of_schema_org_is_put_in(context: str, left: str) -> None:
    known = aligning.with_vocabulary(f'{{"@context": {context}, "sameAs": "https://schema.org/"}}')
    assert known.endswith('"sameAs": "https://schema.org/"}')
    assert left in known
    assert (aligning.HERE in known) == ("schema.org" in context and "@vocab" not in context)


def test_a_subcategory_is_no_supply(folder: Path) -> None:
    assert "水性木器漆" not in (folder / "ckg/record.ttl").read_text(encoding="utf-8")


def test_every_mapping_is_used(folder: Path) -> None:
    """Each query of queries/align makes something of the samples that no other makes."""
    said = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.ttl"))
    signs = {
        "iof-supply-chain": "Quillfeather",
        "schema-org-orders": "Pellworth",
        "schema-org-demands": "polysulfone",
        "chain-knowledge-graph-products": " makes ",
        "chain-knowledge-graph-materials": " goes into ",
        "needs-of-makers": "since it makes what that goes into",
    }
    assert sorted(signs) == queries.names("align")
    assert all(sign in said for sign in signs.values())


@pytest.mark.parametrize(
    ("name", "body", "complaint", "place"),
    [
        ("a.json", b'{"company_name": "x"', "this is not JSON: ", "a.json:1:21"),
        ("a.json", b'{"a": "b"}\n[1, 2]', "this row is no JSON object", "a.json:2"),
        ("a.json", b"[" * 100_000, "this JSON is nested too deeply", "a.json:1"),
        ("a.json", b'{"company_name": "\\ud800"}', "half a character", "a.json:1"),
        ("a.ttl", b"<urn:a> <urn:b> .", "This is not Turtle: ", "a.ttl:1:17"),
        ("a.ttl", b"\xff", "The file is not text in UTF-8", "a.ttl:1:1"),
        ("a.jsonld", b'{"@context": "http://127.0.0.1:9/c", "a": 1}', "This is not JSON-LD: ", "a.jsonld"),
        ("a.jsonld", b'{"@context": "https://schema.org", ', "This is not JSON-LD: ", "a.jsonld"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    tmp_path: Path, name: str, body: bytes, complaint: str, place: str
) -> None:
    file = tmp_path / name
    file.write_bytes(body)
    with pytest.raises(SyntaxProblem) as caught:
        aligning.align([str(file)], "a")
    assert complaint in caught.value.what
    assert "\n" not in caught.value.what
    assert (caught.value.at or "").startswith(str(tmp_path / place))


def test_what_says_nothing_of_supply_is_told(tmp_path: Path, kg: Run) -> None:
    file = tmp_path / "other.ttl"
    file.write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    with pytest.raises(InputError, match="of a form that kg knows"):
        aligning.align([str(file)], "other")
    assert kg("align", str(file)).code == 3
    assert kg("align", str(tmp_path / "missing.ttl")).code == 3
    assert kg("align", str(file), "--format", "xml").code == 2


@pytest.mark.parametrize("name", ['"><script>', "../../etc", "x\ny", "\u202e", "名"])
def test_names_of_others_stay_names(tmp_path: Path, name: str) -> None:
    """What a row says can neither leave its literal nor make an IRI of another kind, nor can the name of the graph."""
    import json

    file = tmp_path / "rows.json"
    file.write_text(
        json.dumps({"company_name": name, "rel": "主营产品", "product_name": name + "x", 'k"> <': "v"}),
        encoding="utf-8",
    )
    made = aligning.align([str(file)], name)
    labels = {t.object.value for t in made if t.predicate.value.endswith("#prefLabel")}  # type: ignore[union-attr]
    assert any(" ".join(name.split()) in label for label in labels)
    iris = {node.value for t in made for node in (t.subject, t.object) if isinstance(node, pyoxigraph.NamedNode)}
    assert all(re.fullmatch(r"[!-~]+", iri) and "/../" not in iri for iri in iris)
