"""kg validate: wrong files as a newcomer writes them, bad input, formats, and verdicts like those over the whole.

A file of tests/data/validate gives exactly the findings of its `# expect: LINE:COLUMN severity source words` lines;
the words stand in the message or in the fix.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import Quad, RdfFormat
from rdflib import RDF, SH, Graph

from kg import assembly, closure, foreign, layout, rdf, reports, shapes, terms, validate, verdicts
from kg.errors import FindingsError
from kg.model import SEVERITIES, Finding, Place
from tests.conftest import ROOT, Outcome, process

Kg = Callable[..., Outcome]

FILES = sorted((ROOT / "tests" / "data" / "validate").glob("*.ttl"))
INCONSISTENT = [path for path in FILES if "owl-rl" in path.read_text(encoding="utf-8")]
SHAPE_FIXTURES = sorted((ROOT / "tests" / "data" / "shapes").glob("*/*.ttl"))
PREFIX = "@prefix icr: <https://w3id.org/icr/ns#> .\n@prefix id-place: <https://w3id.org/icr/id/place/> .\n"
WRONG = PREFIX + "id-place:nameless a icr:Place .\n"


@pytest.fixture(scope="module")
def found(store: str) -> dict[str, list[Finding]]:
    """The findings in each file; what is inconsistent is looked at apart, as it keeps the others from being reasoned."""
    sound = [str(path) for path in FILES if path not in INCONSISTENT]
    told = [f for group in (sound, map(str, INCONSISTENT)) for f in validate.validate(group, store).findings]
    by_file: dict[str, list[Finding]] = {layout.shown(path): [] for path in FILES}
    for finding in told:
        assert finding.place, finding
        by_file.setdefault(finding.place.file, []).append(finding)
    return by_file


def expected(path: Path) -> list[list[str]]:
    lines = re.findall(r"^# expect: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return [line.split(" ", 3) for line in lines]


def test_there_are_wrong_files_of_every_kind(found: dict[str, list[Finding]]) -> None:
    assert len(FILES) >= 28
    assert set(found) == {layout.shown(path) for path in FILES}
    assert sum(not expected(path) for path in FILES) == 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_wrong_file_gives_exactly_what_it_says(path: Path, found: dict[str, list[Finding]]) -> None:
    told = [f for f in found[layout.shown(path)] if f.severity != "info"]
    wanted = expected(path)
    assert sorted(
        [f"{f.place.line}:{f.place.column}", f.severity, reports.source(f)] for f in told if f.place
    ) == sorted(line[:3] for line in wanted)
    for where, _, source, words in wanted:
        (finding,) = [f for f in told if str(f.place).endswith(f":{where}") and reports.source(f) == source]
        assert words in f"{finding.message} {finding.fix}"


# ---- verdicts


def facts_of(paths: list[Path], base: set[pyoxigraph.Triple]) -> list[Quad]:
    """The triples of fixtures that are not in the graph, each once."""
    new = dict.fromkeys(t for path in paths for t in rdf.read_turtle(path) if t not in base)
    return [rdf.quad_in(validate.GIVEN, triple) for triple in new if validate._sound(triple)]


@pytest.mark.slow
def test_verdicts_over_some_nodes_are_those_over_the_whole(nquads: list[bytes]) -> None:
    """All fixtures of the shapes at once beside the real graph."""
    base = {quad.triple for quad in rdf.parse_lines(b"\n".join(nquads))}
    given = facts_of(SHAPE_FIXTURES, base)
    lines = sorted({*nquads, *rdf.canonical_lines(given)})
    subjects = {quad.subject.value for quad in given if isinstance(quad.subject, pyoxigraph.NamedNode)}
    graph = shapes.shapes_graph()
    before, after = (set(shapes.validate(rdf.ntriples(each), graph)) for each in (nquads, lines))
    told = {f for f in verdicts.brought_about(lines, nquads, subjects) if f.source.startswith(terms.PREFIXES["shp"])}
    assert len(told) > 200
    assert told == {f for f in after if f.node in subjects or f not in before}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["claims", "events"])
def test_what_follows_from_further_facts_is_the_same_in_steps_and_at_once(name: str, graph: list[bytes]) -> None:
    project, _ = rdf.read_project(assembly.project_files())
    paths = [path for path in SHAPE_FIXTURES if path.parent.name == name and path.name.startswith("valid.")]
    facts = [*project, *facts_of(paths, {quad.triple for quad in project})]
    stepwise = closure.extended(facts, graph)
    assert stepwise == closure.closed(rdf.canonical_lines(facts))
    assert len(stepwise) > len(graph) + 30


def test_facts_that_are_gone_are_not_built_upon(graph: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    project, _ = rdf.read_project(assembly.project_files())
    assert closure.extended(project, graph) == graph
    monkeypatch.setattr(closure, "closed", lambda lines: [b"anew"])
    assert closure.extended(project[1:], graph) == [b"anew"]
    assert closure.extended(project, []) == [b"anew"]
    axiom = f"<{terms.expand('icr:Place')}> <{terms.expand('rdfs:subClassOf')}> <{terms.expand('icr:Claim')}> ."
    (new,) = pyoxigraph.parse(axiom, format=RdfFormat.N_QUADS)
    assert closure.extended([*project, new], graph) == [b"anew"]


def test_an_inconsistency_is_told_of_each_thing() -> None:
    error = FindingsError(
        "the graph is inconsistent under OWL 2 RL: Disjoint classes https://w3id.org/icr/ns#Place and "
        "https://w3id.org/icr/ns#Claim have a common individual https://w3id.org/icr/id/place/x; "
        "https://w3id.org/icr/id/place/x and https://w3id.org/icr/id/place/y would be one thing"
    )
    first, second = validate._inconsistencies(error)
    assert first.message == "Disjoint classes icr:Place and icr:Claim have a common individual id-place:x."
    assert (first.node, second.node) == (terms.expand("id-place:x"), terms.expand("id-place:y"))


def test_paths_of_shapes_are_single_properties() -> None:
    """What kg.validate says of the nodes whose verdict may change rests on this."""
    graph = shapes.shapes_graph()
    paths = set(graph.objects(None, SH.path))
    assert len(paths) > 50
    assert not [path for path in paths if (path, None, None) in graph]
    assert not set(graph.predicates()) & {SH.sparql, SH.closed}


def test_a_shape_that_looks_at_nothing_is_told() -> None:
    graph = Graph().parse(ROOT / "shapes" / "events.ttl")
    told = shapes.without_focus(
        b"<urn:a> a <https://w3id.org/icr/ns#Event> .".replace(b" a ", b" <%s> " % RDF.type.encode()), graph
    )
    assert terms.PREFIXES["shp"] + "Dispatch" in {finding.node for finding in told}
    assert terms.PREFIXES["shp"] + "Event" not in {finding.node for finding in told}
    assert {finding.severity for finding in told} == {"warning"}


@pytest.mark.slow
def test_the_whole_graph_has_no_violation_and_every_finding_its_place(store: str) -> None:
    report = validate.validate((), store)
    assert report.counts()["violation"] == 0
    assert report.counts()["info"] > 0
    assert report.files == len(assembly.project_files())
    assert [f for f in report.findings if f.place is None or not f.place.line] == []
    assert shapes.WITHOUT_FOCUS not in {f.source for f in report.findings}


def test_a_file_of_the_project_is_not_added_twice(store: str) -> None:
    report = validate.validate([layout.data_path("seeds", "things", "places.ttl")], store)
    assert report.counts()["violation"] == 0
    assert {f.place.file for f in report.findings if f.place} <= {layout.shown(ROOT / "seeds/things/places.ttl")}


# ---- bad input


def written(folder: Path, name: str, body: bytes | str) -> str:
    path = folder / name
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    return str(path)


def entities(levels: int) -> str:
    """RDF/XML whose entities grow tenfold with each level."""
    lines = [f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "x" * 10}">' for i in range(levels)]
    return (
        f'<!DOCTYPE rdf:RDF [{"".join(lines)}]><rdf:RDF xmlns:rdf="{RDF}" xmlns:e="urn:e:">'
        f'<rdf:Description rdf:about="urn:a"><e:p>&e{levels - 1};</e:p></rdf:Description></rdf:RDF>'
    )


@pytest.mark.parametrize(
    ("name", "body", "source", "said"),
    [
        ("a.ttl", WRONG.encode("utf-16"), "encoding", "The file is in UTF-16."),
        ("a.ttl", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "encoding", "The file is not text in UTF-8."),
        ("a.ttl", b"\0" * 1000, "encoding", "The file holds zero bytes: it is not text."),
        ("a.ttl", b"", "empty-file", "The file is empty."),
        ("a.ttl", b" \n\n", "empty-file", "The file is empty."),
        ("a.ttl", "# only a comment\n", "empty-file", "The file says nothing."),
        ("a.ttl", "<#here> a <urn:b> .", "syntax", "This is not Turtle: No scheme found in an absolute IRI."),
        ("a.jsonld", '{"@context": "http://127.0.0.1:9/c", "a": 1}', "syntax", "This is not JSON-LD: "),
        ("a.jsonld", '{"a": ', "syntax", "This is not JSON-LD: "),
        ("a.rdf", "<rdf:RDF", "syntax", "This is not RDF/XML: "),
        ("a.ttl", "<urn:a> <urn:b> 'x'@en--ltr .", "rdf-1.2", "The file uses what only RDF 1.2 has."),
        ("a.ttl", "<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .", "rdf-1.2", "The file uses what only RDF 1.2 has."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_one_finding(
    name: str, body: bytes | str, source: str, said: str, tmp_path: Path
) -> None:
    read = foreign.read(written(tmp_path, name, body))
    (finding,) = read.findings
    assert (finding.severity, finding.source) == ("violation", source)
    assert finding.message.startswith(said)
    assert finding.fix.endswith(".")
    assert read.triples == []


@pytest.mark.parametrize("body", [entities(9), f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="urn:e:">' + "<e:a><e:b>" * 50_000])
def test_a_hostile_file_is_stopped(body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "SECONDS", 3.0)
    (finding,) = foreign.read(written(tmp_path, "bomb.rdf", body)).findings
    assert finding.source == "syntax"
    assert foreign.read(written(tmp_path, "bomb.rdf", entities(2))).findings == []


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("bom.ttl", b"\xef\xbb\xbf" + WRONG.encode()),
        ("windows.ttl", WRONG.replace("\n", "\r\n")),
        ("a.trig", WRONG.replace("id-place:nameless a", "<urn:g> { id-place:nameless a").replace("Place .", "Place }")),
        ("a.nt", f"\n\n<{terms.expand('id-place:nameless')}> <{RDF.type}> <{terms.expand('icr:Place')}> .\n"),
        ("a.nq", f"\n\n<{terms.expand('id-place:nameless')}> <{RDF.type}> <{terms.expand('icr:Place')}> <urn:g> .\n"),
        ("a.jsonld", json.dumps({"@id": terms.expand("id-place:nameless"), "@type": terms.expand("icr:Place")})),
        ("a.rdf", f'<rdf:RDF xmlns:rdf="{RDF}"><i:Place xmlns:i="{terms.expand("icr:")}" '
                  f'rdf:about="{terms.expand("id-place:nameless")}"/></rdf:RDF>'),
    ],
)  # fmt: skip
def test_every_format_is_read_with_places_where_it_has_lines(name: str, body: bytes | str, tmp_path: Path) -> None:
    read = foreign.read(written(tmp_path, name, body))
    assert read.findings == []
    assert [terms.compact(str(getattr(t.object, "value", ""))) for t in read.triples] == ["icr:Place"]
    if read.scan is not None:
        assert [read.scan.place(s.at[0])[0] for s in read.scan.statements] == [3]
    assert (read.scan is None) == name.endswith(("jsonld", "rdf"))


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("none.ttl", 3, "none.ttl cannot be read: No such file or directory"),
        ("void", 3, "void is a directory without Turtle"),
        ("notes.txt", 2, "notes.txt has no ending that names a format"),
        ("huge.ttl", 3, "huge.ttl is larger than 50 million bytes"),
    ],
)
def test_what_is_no_file_of_rdf_is_an_error(name: str, code: int, said: str, tmp_path: Path, kg: Kg) -> None:
    written(tmp_path, "notes.txt", WRONG)
    (tmp_path / "void").mkdir()
    with (tmp_path / "huge.ttl").open("wb") as file:
        file.truncate(foreign.LARGEST_BYTES + 1)
    done = kg("validate", str(tmp_path / name))
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert "hint: " in done.err


def test_one_file_that_does_not_parse_leaves_the_others_checked(tmp_path: Path, kg: Kg) -> None:
    names = [written(tmp_path, "broken.ttl", "<urn:a> <urn:b> .\n"), written(tmp_path, "wrong.ttl", WRONG)]
    done = kg("validate", *names, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert done.code == 1
    assert [(Path(r["file"]).name, r["line"], r["column"], r["source"]) for r in rows] == [
        ("broken.ttl", "1", "17", "syntax"),
        ("wrong.ttl", "3", "1", "shp:Named-english"),
    ]


def test_a_folder_stands_for_the_turtle_in_it(tmp_path: Path, kg: Kg) -> None:
    (tmp_path / "below").mkdir()
    names = [written(tmp_path, "below/wrong.ttl", WRONG), written(tmp_path, "broken.ttl", "<urn:a> <urn:b> .\n")]
    written(tmp_path, "notes.txt", "no Turtle")
    done = kg("validate", str(tmp_path), names[0], "--format", "csv")
    assert done.code == 1
    assert {row["file"] for row in csv.DictReader(io.StringIO(done.out))} == set(names)
    assert done.err.startswith("2 files: ")


def test_standard_input_is_turtle() -> None:
    done = process("validate", "-", "--format", "jsonl", stdin=WRONG + "id-place:nameless a icr:Plaice .")
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 1
    assert {(row["file"], row["line"], row["source"]) for row in rows} == {
        ("standard input", "3", "shp:Named-english"),
        ("standard input", "4", "unknown-term"),
    }
    assert done.err == "1 file: 2 violations, 0 warnings, 1 info\n"


# ---- formats

REPORT = validate.Report(
    [
        Finding("violation", "syntax", "", "This is not Turtle.", fix="Mend it.", place=Place("a b/ü.ttl", 3, 7)),
        Finding(
            "warning",
            terms.PREFIXES["shp"] + "Named-english",
            terms.expand("id-place:x"),
            "skos:prefLabel is missing.",
            '"\x1b[31mX"@en',
            "Give a name.",
            terms.expand("skos:prefLabel"),
            str(SH.MinCountConstraintComponent),
            Place("b.ttl", 1, 2),
        ),
        Finding("info", "blank-node", "_:", "A node has no name.", "_:", "Give it one."),
        Finding("info", "shape", "yesterday", "A time is a text.", fix="Name the time."),
        Finding("info", "same-label", terms.expand("id-place:y"), "Two are alike.", fix="Tell them apart."),
    ],
    files=2,
    labels={terms.expand("id-place:x"): "The X"},
)


def test_sarif_has_what_the_standard_demands() -> None:
    """SARIF 2.1.0: 3.13 (log), 3.14 (run), 3.18 (tool), 3.27 (result), 3.28 (location), 3.30 (region)."""
    log = json.loads(reports.sarif(REPORT))
    assert (log["version"], log["$schema"].rsplit("/", 1)[1]) == ("2.1.0", "sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    driver = run["tool"]["driver"]
    assert driver["name"] == "kg validate"
    assert [rule["id"] for rule in driver["rules"]] == [
        "syntax",
        "shp:Named-english",
        "blank-node",
        "shape",
        "same-label",
    ]
    assert all(rule["help"]["text"] for rule in driver["rules"])
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note", "note", "note"]
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"].endswith(".")
    first, second, third, *_ = run["results"]
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "a%20b/%C3%BC.ttl"},
                "region": {"startLine": 3, "startColumn": 7},
            }
        }
    ]
    assert second["locations"][0]["physicalLocation"]["region"] == {"startLine": 1, "startColumn": 2}
    assert "locations" not in third


def test_the_turtle_is_a_shacl_validation_report() -> None:
    graph = Graph().parse(data=reports.turtle(REPORT), format="turtle")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    results = list(graph.objects(report, SH.result))
    assert len(results) == len(REPORT.findings)
    assert str(graph.value(report, SH.conforms)) == "false"
    for result in results:
        assert (result, RDF.type, SH.ValidationResult) in graph
        for part in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent, SH.resultMessage):
            assert len(list(graph.objects(result, part))) == 1
    severities = sorted(str(graph.value(result, SH.resultSeverity)).rsplit("#", 1)[1] for result in results)
    assert severities == ["Info", "Info", "Info", "Violation", "Warning"]
    empty = reports.turtle(validate.Report([], 1))
    assert [str(o) for o in Graph().parse(data=empty, format="turtle").objects(None, SH.conforms)] == ["true"]
    pyoxigraph.parse(reports.turtle(REPORT), format=RdfFormat.TURTLE)


def test_the_text_groups_by_file_and_thing() -> None:
    lines = reports.text(REPORT).splitlines()
    assert lines[:3] == ["a b/ü.ttl", "         3:7  violation: This is not Turtle.", "              Mend it. [syntax]"]
    assert lines[4:6] == ["b.ttl", "  id-place:x  “The X”"]
    assert lines[-3:-1] == ["  id-place:y", "           -  info: Two are alike."]
    assert "\x1b" not in reports.text(REPORT)


def test_the_least_severe_that_is_told_is_chosen(kg: Kg) -> None:
    assert [len(REPORT.least(severity).findings) for severity in SEVERITIES] == [1, 2, 5]
    assert REPORT.summary() == "2 files: 1 violation, 1 warning, 3 infos"
    assert kg("validate", "--severity", "error").code == 2
    assert kg("validate", "--format", "xml").code == 2
