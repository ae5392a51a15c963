"""The command as people meet it: formats, streams, statuses, mistakes."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import kg as package
from kg import queries
from kg.cli import ask
from kg.errors import InputError
from tests.conftest import Outcome, process

Kg = Callable[..., Outcome]


def test_every_format_gives_the_same_rows(kg: Kg) -> None:
    expected = [["52", "March 2020"], ["35.7", "February 2020"]]
    as_json = json.loads(kg("query", "pmi", "--format", "json").out)
    assert [[b["printed"]["value"], b["asOf"]["value"]] for b in as_json["results"]["bindings"]] == expected
    lines = [json.loads(line) for line in kg("query", "pmi", "--format", "jsonl").out.splitlines()]
    assert [[line["printed"], line["asOf"]] for line in lines] == expected
    rows = list(csv.DictReader(io.StringIO(kg("query", "pmi", "--format", "csv").out)))
    assert [[row["printed"], row["asOf"]] for row in rows] == expected
    tsv = [line.split("\t") for line in kg("query", "pmi", "--format", "tsv").out.splitlines()]
    assert [[row[tsv[0].index("?printed")], row[tsv[0].index("?asOf")]] for row in tsv[1:]] == [
        [f'"{printed}"', f'"{month}"'] for printed, month in expected
    ]
    root = ET.fromstring(kg("query", "pmi", "--format", "xml").out)
    assert len(root.findall(".//{http://www.w3.org/2005/sparql-results#}result")) == 2
    markdown = kg("query", "pmi", "--format", "markdown").out.splitlines()
    assert len(markdown) == 4
    assert markdown[2].startswith("| manufacturing | [52, 52] | stated by the wording | 52 | 52 |")
    table = kg("query", "pmi", "--format", "table").out
    assert "March 2020" in table
    assert "id:claim/xinhua-2020-04-23/manufacturing-pmi-march-2020" in table


def test_data_goes_to_stdout_and_tsv_is_the_form_in_a_pipe() -> None:
    piped = process("query", "pmi")
    assert piped.err == ""
    assert piped.out.startswith("?of\t")


@pytest.mark.parametrize("name", queries.names())
def test_the_quick_path_and_the_full_command_print_the_same(name: str, kg: Kg, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = {form: kg("query", name, "--format", form) for form in ask.FORMATS if form not in ask.BINARY}
    monkeypatch.setattr(ask, "parse", lambda argv: None)  # nothing is plain any more
    assert {form: kg("query", name, "--format", form) for form in ask.FORMATS if form not in ask.BINARY} == quick
    assert all(outcome.code == 0 for outcome in quick.values())


@pytest.mark.parametrize(
    "argv",
    [
        ["query", "operating-rates", "--province", "id-place:hunan", "--format", "tsv"],
        ["query", "operating-rates", "--province=id-place:hunan", "--format=tsv", "--quiet"],
        ["query", "operating-rates", "--quiet", "--format", "tsv", "--province", "id-place:hunan"],
    ],
)
def test_parameters_in_any_order_on_both_paths(argv: list[str], kg: Kg, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = kg(*argv)
    assert quick.out.count("\n") == 2
    monkeypatch.setattr(ask, "parse", lambda argv: None)
    assert kg(*argv) == quick


def test_the_list_and_the_help_of_queries(kg: Kg) -> None:
    listed = kg("query")
    assert [line.split()[0] for line in listed.out.splitlines()] == queries.names()
    helped = kg("query", "operating-rates", "--help")
    assert helped.code == 0
    assert "--province (iri)" in helped.out
    assert "paragraph, and first and last character" in helped.out
    assert "Usage" in kg("query", "--help").out
    assert kg("--version").out == f"kg {package.__version__}\n"


@pytest.mark.parametrize(
    ("argv", "code", "start"),
    [
        (
            ["query", "leading-firm"],
            3,
            "error[unknown]: there is no query 'leading-firm'\n  hint: did you mean leading-firms",
        ),
        (["query", "../../seeds"], 3, "error[unknown]: there is no query"),
        (
            ["query", "pmi", "--format", "tabel"],
            2,
            "error[usage]: there is no format 'tabel'\n  hint: did you mean table?",
        ),
        (["query", "pmi", "--province", "x"], 3, "error[unknown]: pmi has no parameter 'province'"),
        (
            ["query", "pmi", "--formt", "csv"],
            3,
            "error[unknown]: pmi has no parameter 'formt'\n  hint: did you mean format?",
        ),
        (
            ["query", "calendar", "--from", "2020-03-01", "--until", "2020-02-29"],
            3,
            "error[input]: --from 2020-03-01 is after --until 2020-02-29",
        ),
        (["query", "pmi", "--known-by", "20200423"], 3, "error[input]: --known-by wants a value of type date, not '20"),
        (["query", "pmi", "--as-of", "2020-W10-4"], 3, "error[input]: --as-of wants a value of type date, not '2020-W"),
        (["query", "pmi", "--below", "9" * 21], 3, "error[input]: --below has 21 digits, and stores compare numbers"),
        (
            ["query", "pmi", "--identifiers", "id-org:miit"],
            3,
            "error[unknown]: 'id-org:miit' is no dataset\n  hint: `kg search --kind dataset` lists them",
        ),
        (["query", "pmi", "--endpoint", ""], 2, "error[usage]: --endpoint is empty\n  hint: is the variable set"),
        (["query", "pmi", "--store="], 2, "error[usage]: --store is empty"),
        (["reference", "--output", ""], 2, "error[usage]: --output is empty"),
        (["sparql"], 2, "error[usage]: Missing argument 'file'.\n  hint: kg sparql --help"),
        (["query", "pmi", "stray"], 2, "error[usage]: 'stray' is not --PARAM VALUE"),
        (["query", "operating-rates", "--province"], 2, "error[usage]:"),
        (["query", "operating-rates", "--province", "two words"], 3, "error[unknown]: the graph knows nothing by"),
        (
            ["query", "operating-rates", "--province", "id-place:guangdon"],
            3,
            "error[unknown]: the graph knows nothing by the name 'id-place:guangdon'\n  hint: did you mean Guangdong",
        ),
        (
            ["query", "operating-rates", "--province", "a:b", "--province", "c:d"],
            2,
            "error[usage]: --province is given twice",
        ),
        (["query", "pmi", "--format", "yaml"], 2, "error[usage]: there is no format 'yaml'\n  hint: there are: csv"),
        (["sparql", queries.path("pmi"), "--timeout", "0"], 2, "error[usage]: --timeout wants seconds above 0"),
        (["sparql", queries.path("pmi"), "--timeout", "nan"], 2, "error[usage]: --timeout wants seconds above 0"),
        (["nonsense"], 2, "error[usage]: No such command 'nonsense'."),
        (["build", "--nonsense"], 2, "error[usage]: No such option"),
        (["sparql", "/nowhere.rq"], 3, "error[input]: /nowhere.rq cannot be read"),
    ],
)
def test_mistakes_get_one_sentence_a_hint_and_a_status(argv: list[str], code: int, start: str, kg: Kg) -> None:
    outcome = kg(*argv)
    assert (outcome.code, outcome.out) == (code, "")
    assert outcome.err.startswith(start), outcome.err
    assert "Traceback" not in outcome.err


def test_no_command_shows_the_help() -> None:
    assert process() == process("--help")
    assert process().out.startswith("Usage: kg ")


def test_the_list_of_commands_is_not_cut_short(kg: Kg) -> None:
    commands = kg("--help").out.partition("Commands:\n")[2]
    assert "  show          Show all about one thing, with evidence\n" in commands
    assert "..." not in commands


def test_a_file_that_does_not_parse_is_named_with_its_place(project_data: Path, tmp_path: Path, kg: Kg) -> None:
    broken = project_data / "seeds/things/places.ttl"
    broken.write_text(
        broken.read_text(encoding="utf-8") + "\nid-place:broken a icr:Place\n  skos:prefLabel .\n", encoding="utf-8"
    )
    outcome = kg("build", "--store", str(tmp_path / "store"), "--quiet")
    assert (outcome.code, outcome.out) == (3, "")
    line = broken.read_text(encoding="utf-8").count("\n")
    assert outcome.err.startswith("error[syntax]: this is not Turtle: ")
    assert f"places.ttl:{line}:" in outcome.err
    assert not (tmp_path / "store" / "current").exists()


def test_wrong_data_is_refused_with_the_thing_and_the_fix(project_data: Path, tmp_path: Path, kg: Kg) -> None:
    places = project_data / "seeds/things/places.ttl"
    line = places.read_text(encoding="utf-8").count("\n") + 2
    with places.open("a", encoding="utf-8") as file:
        file.write("\nid-place:nameless a icr:Place .\n")
    outcome = kg("build", "--store", str(tmp_path / "store"))
    assert (outcome.code, outcome.out) == (1, "")
    assert f"places.ttl:{line}:1: id-place:nameless: skos:prefLabel" in outcome.err
    assert f"  at: id-place:nameless ({places}:{line}:1)" in outcome.err
    assert "hint:" in outcome.err


# ---- sparql ----


def test_any_query_runs_over_the_union() -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/icr/ns#NewsArticle> }"
    assert process("sparql", "-", "--format", "csv", stdin=text).out.splitlines() == ["n", "4"]
    assert process("sparql", "-", "--format", "tsv", stdin="ASK { ?s ?p ?o }").out == "true\n"
    for text, what in (("ASK {}", "a yes or no is"), ("CONSTRUCT WHERE { ?s ?p ?o }", "triples are")):
        refused = process("sparql", "-", "--format", "xlsx", stdin=text)
        assert (refused.code, refused.out) == (2, "")
        assert refused.err.startswith(f"error[usage]: {what} not written as xlsx\n")
    built = process("sparql", "-", stdin="CONSTRUCT { <urn:a> <urn:b> 1.0 } {}")
    assert built.out == '<urn:a> <urn:b> "1.0"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n'


def test_a_query_that_is_not_sparql_is_named_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text("SELECT *\nWHERE { ?s ?p }\n")
    outcome = process("sparql", str(tmp_path / "q.rq"))
    assert (outcome.code, outcome.out) == (3, "")
    assert re.search(rf"at: {re.escape(str(tmp_path / 'q.rq'))}:\d+:\d+\n", outcome.err)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("SELECT * { ?s nope:p ?o }", "prefix not found"),
        ("SELECT ?a { ?s ?p ?o } GROUP BY ?s", "the SELECT contains a variable that is unbound"),
        ("SELEC * { ?s ?p ?o }", "expected CONSTRUCT"),
        ("SELECT ?s { ?s ?p ?o } ORDER", "expected GROUP, LATERAL, LIMIT, SERVICE"),
    ],
)
def test_what_a_query_breaks_is_one_readable_line(text: str, what: str) -> None:
    outcome = process("sparql", "-", stdin=text)
    assert outcome.err.splitlines()[0].startswith(f"error[syntax]: the query is not SPARQL 1.1: {what}")
    assert outcome.err.splitlines()[1].startswith("  at: -:1:")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        "SELECT *\nfrom named <http://127.0.0.1:9/> { ?s ?p ?o }",
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "LOAD <http://127.0.0.1:9/>",
        "SELECT * { ?s ?p '# no comment' . SERVICE<http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o } # comment\nSERVICE",
    ],
)
def test_nothing_reaches_out(text: str) -> None:
    outcome = process("sparql", "-", stdin=text)
    assert (outcome.code, outcome.out) == (3, "")
    assert "is not allowed" in outcome.err


@pytest.mark.parametrize(
    "text",
    [
        'SELECT * { ?s ?p "SERVICE <http://x/>" }',
        "SELECT ?service ?from { BIND(1 AS ?service) BIND(2 AS ?from) }",
        "SELECT * { ?s <http://x/SERVICE> ?o } # FROM here",
        "PREFIX load: <urn:load> SELECT * { ?s load:load ?o }",
    ],
)
def test_words_in_strings_names_and_comments_are_no_keywords(text: str) -> None:
    assert process("sparql", "-", stdin=text).code == 0


@pytest.mark.slow
def test_an_endless_query_is_stopped_at_the_deadline() -> None:
    product = " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(8))
    outcome = process("sparql", "-", "--timeout", "2", stdin=f"SELECT (COUNT(*) AS ?n) {{ {product} }}")
    assert (outcome.code, outcome.out) == (4, "")
    assert "was stopped after 2 seconds" in outcome.err


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["SELECT * { " + "{" * 20000 + "}" * 20000 + " }", "ASK { " + "OPTIONAL { ?s ?p ?o } " * 3000 + "}"]
)
def test_a_query_that_breaks_the_engine_breaks_only_its_child(text: str) -> None:
    outcome = process("sparql", "-", "--timeout", "20", stdin=text)
    assert outcome.code in {0, 3, 4}
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize(
    "text",
    [
        "DROP ALL",
        "PREFIX e: <urn:e:> insert data { e:a e:b e:c }",
        "# all\nCLEAR ALL",
        "WITH <urn:g> DELETE { ?s ?p ?o }",
    ],
)
def test_an_update_is_refused_as_one(text: str) -> None:
    outcome = process("sparql", "-", stdin=text)
    assert (outcome.code, outcome.out) == (3, "")
    assert "is an update, and kg only reads" in outcome.err


def test_an_empty_query_and_a_closed_stdin_are_told_so() -> None:
    assert "the query is empty" in process("sparql", "-", stdin=" \n").err
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m kg sparql - <&-"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert "Traceback" not in done.stderr


def test_the_prefixes_of_the_project_need_no_declaration() -> None:
    assert (
        process(
            "sparql", "-", "--format", "csv", stdin="SELECT ?x { id-org:miit a ?x FILTER(?x = icr:Agency) }"
        ).out.count("\n")
        == 2
    )


@pytest.mark.slow
def test_a_child_whose_parent_is_killed_ends_by_itself(tmp_path: Path) -> None:
    product = " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(8))
    (tmp_path / "slow.rq").write_text(f"SELECT (COUNT(*) AS ?n) {{ {product} }}")
    parent = subprocess.Popen([sys.executable, "-m", "kg", "sparql", str(tmp_path / "slow.rq"), "--timeout", "1"])
    time.sleep(0.7)
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        alive = subprocess.run(["pgrep", "-f", str(tmp_path / "slow.rq")], capture_output=True, check=False).stdout
        if not alive:
            return
        time.sleep(0.5)
    pytest.fail("the child is still running")


# ---- terminals and pipes ----


def test_an_answer_that_cannot_be_written_is_not_a_bug() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("/dev/full is a device of Linux")
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m kg export > /dev/full"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 4
    assert "the answer cannot be written" in done.stderr


@pytest.mark.parametrize("columns", ["80", "400"])
def test_a_table_without_rows_says_so(columns: str) -> None:
    nothing = process("query", "operating-rates", "--province", "Hubei", "--format", "table", env={"COLUMNS": columns})
    assert (nothing.code, nothing.out) == (0, "(no rows)\n")


def test_the_list_of_queries_has_formats_too(kg: Kg) -> None:
    rows = list(csv.DictReader(io.StringIO(kg("query", "--format", "csv").out)))
    assert [row["name"] for row in rows] == queries.names()
    assert rows[0]["question"] == queries.read(queries.names()[0]).question
    refused = kg("query", "--format", "xlsx")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith("error[usage]: queries are not listed as xlsx\n")


def test_a_closed_stdout_is_not_a_bug() -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m kg query pmi >&-"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 4
    assert done.stderr.startswith("error[store]: the answer cannot be written: standard output is closed\n")


def test_a_closed_pipe_ends_quietly() -> None:
    command = f"{sys.executable} -m kg export | head -n 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1


def test_a_terminal_without_unicode_gets_the_bytes_all_the_same() -> None:
    plain = process("query", "officials", env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert plain.code == 0
    assert "黄利斌" in plain.out


def test_a_terminal_gets_a_table() -> None:
    import pty

    leader, follower = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "kg", "query", "pmi"],
        stdout=follower,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"},
        close_fds=True,
    )
    child.wait(timeout=60)
    os.close(follower)
    shown = os.read(leader, 65536).decode()
    os.close(leader)
    assert "of" in shown.splitlines()[0]
    assert "\x1b" not in shown
    assert '"' not in shown


def test_control_characters_and_markup_do_not_reach_the_terminal() -> None:
    text = 'SELECT ("\\u001b[31mred\\u0007 [bold]x[/bold] | y" AS ?a) {}'
    shown = process("sparql", "-", "--format", "table", stdin=text).out
    assert "\x1b" not in shown
    assert "[bold]x[/bold]" in shown
    assert "\\|" in process("sparql", "-", "--format", "markdown", stdin=text).out


def test_a_narrow_terminal_gets_one_block_for_each_row() -> None:
    shown = process("query", "leading-firms", "--format", "table", env={"COLUMNS": "80"}).out
    assert "     howMany  51\n" in shown or "howMany  51\n" in shown
    assert shown.count("\n\n") == 6


def test_a_bug_is_reported_as_one_and_ctrl_c_is_not(kg: Kg, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> int:
        raise ZeroDivisionError("surprise")

    monkeypatch.setattr(ask, "answer", broken)
    assert kg("query", "pmi") == Outcome(
        70, "", "error[bug]: ZeroDivisionError('surprise'); please report it (KG_DEBUG=1 shows where)\n"
    )

    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(ask, "answer", interrupted)
    assert kg("query", "pmi").code == 130


def test_the_library_takes_numbers_and_days_as_they_are() -> None:
    above = [package.query("sme-resumption", above=value) for value in ("71", 71, 71.0, Decimal("7.1E+1"))]
    assert [row["printed"] for row in above[0]] == ["71.7 per cent", "About 84 percent"]
    assert above[1:] == above[:1] * 3
    early = package.query("sme-resumption", known_by=date(2020, 3, 6))
    assert early == package.query("sme-resumption", known_by="2020-03-06") != []
    for none, written in ((float("nan"), "NaN"), (True, "true")):
        with pytest.raises(InputError, match=f"--above wants a value of type decimal, not '{written}'"):
            package.query("sme-resumption", above=none)


def test_the_library_gives_the_same(kg: Kg) -> None:
    lines = [json.loads(line) for line in kg("query", "leading-firms", "--format", "jsonl").out.splitlines()]
    assert package.query("leading-firms") == lines
    assert package.__all__ == sorted(package.__all__) == dir(package)
    with pytest.raises(AttributeError):
        package.nonsense  # noqa: B018
