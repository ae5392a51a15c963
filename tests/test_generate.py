"""Generated graphs are of the form of the real one: valid, in its proportions, and the same for the same seed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad, Store

from kg import checking, closure, engine, inferring, layout, rdf, terms
from tests.conftest import ROOT, Outcome

TYPE = terms.STANDARD["rdf"] + "type"
WORDS = re.compile(r"[^\d ]+( [^\d ]+)+( \d+)?")
"""Two words or more: not a number with its hedge."""
SHARE = 0.01
"""Classes and properties that make up at least this share of the real documents are looked at."""
TOLERANCE = 0.1
"""How far their share in the generated documents may lie from the real one: some claims are drawn 0 or 2 times."""


def run(*arguments: str) -> Outcome:
    command = [sys.executable, str(ROOT / "benchmarks" / "generate.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    return Outcome(done.returncode, done.stdout, done.stderr)


@cache
def generated(claims: str, seed: str) -> str:
    done = run("--claims", claims, "--seed", seed)
    assert (done.code, done.err) == (0, "")
    return done.out


def quads(text: str) -> list[Quad]:
    return list(rdf.parse_lines(text.encode()))


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    assert run("--claims", "1", "--seed", "3").out == generated("1", "3")
    ontology = f"<{terms.GRAPH_ONTOLOGY}> .\n"
    first, other = (
        {line for line in generated("1", seed).splitlines(keepends=True) if not line.endswith(ontology)}
        for seed in ("3", "4")
    )
    assert len(first) > 10_000
    assert len(first & other) < len(first) / 100


def test_a_larger_graph_begins_with_the_smaller_one() -> None:
    """It is written world by world, and holds no more than one of them in memory."""
    smaller, larger = generated("1", "3"), generated("1200", "3")
    assert larger.startswith(smaller)
    assert len(larger) > 2 * len(smaller)


def test_as_many_claims_or_quads_as_asked_for() -> None:
    assert sum(q.predicate.value.endswith("#saidIn") for q in quads(generated("1200", "3"))) >= 1200
    found = quads(run("--quads", "15000").out)
    assert 15_000 <= sum(str(quad.graph_name) != f"<{terms.GRAPH_ONTOLOGY}>" for quad in found) < 30_000


def shares(found: list[Quad]) -> dict[str, float]:
    """The share of each class among the nodes of the documents, and of each property among their triples."""
    documents = [quad for quad in found if "/graph/doc/" in str(quad.graph_name)]
    classes = Counter(str(quad.object) for quad in documents if quad.predicate.value == TYPE)
    properties = Counter(quad.predicate.value for quad in documents)
    return {name: number / counted.total() for counted in (classes, properties) for name, number in counted.items()}


def test_the_documents_have_the_proportions_of_the_real_ones() -> None:
    seeds, _ = rdf.read_project(layout.walk(layout.data_path("seeds"), ".ttl"))
    real = {name: share for name, share in shares(seeds).items() if share >= SHARE}
    assert len(real) > 20
    made = shares(quads(generated("1200", "3")))
    assert {name: made.get(name, 0) for name in real} == pytest.approx(real, rel=TOLERANCE)


def test_every_class_and_property_of_the_seeds_occurs() -> None:
    seeds, _ = rdf.read_project(layout.walk(layout.data_path("seeds"), ".ttl"))
    made = quads(generated("1200", "3"))
    assert {quad.predicate for quad in seeds} <= {quad.predicate for quad in made}
    assert {q.object for q in seeds if q.predicate.value == TYPE} <= {q.object for q in made}


def test_names_and_words_are_invented() -> None:
    seeds, _ = rdf.read_project(layout.walk(layout.data_path("seeds"), ".ttl"))
    made = [quad for quad in quads(generated("1", "3")) if str(quad.graph_name) != f"<{terms.GRAPH_ONTOLOGY}>"]

    def texts(found: list[Quad]) -> set[str]:
        return {q.object.value for q in found if isinstance(q.object, Literal) and WORDS.fullmatch(q.object.value)}

    assert len(texts(made)) > 1000
    assert texts(seeds) & texts(made) == set()
    things = {quad.subject for quad in seeds if str(quad.subject).startswith(f"<{terms.BASE}id/")}
    assert things & {quad.subject for quad in made} == set()


@pytest.mark.slow
def test_a_generated_graph_conforms_to_the_shapes_and_checks() -> None:
    lines = closure.closed(rdf.canonical_lines(quads(generated("1", "3"))))
    found = checking.findings(lines)
    assert [finding for finding in found if finding.severity == "violation"] == []
    assert [finding for finding in found if finding.severity == "info"], "the shapes looked at something"


@pytest.mark.slow
def test_many_worlds_pass_the_checks() -> None:
    """In each of them other claims are left out, and nothing may be left hanging."""
    store = Store()
    store.extend(quads(generated("6000", "3")))
    inferring.to_the_end(store, "derive")
    inferring.to_the_end(store, "entail")
    assert checking.checks(engine.asking_store(store)) == []


@pytest.mark.slow
def test_a_generated_project_is_built(tmp_path: Path) -> None:
    folder, store = tmp_path / "project", tmp_path / "store"
    assert run("--claims", "1", "--seed", "3", "--turtle", str(folder)) == Outcome(0, "", "")
    assert {path.name for path in (folder / "seeds").rglob("*.ttl")} >= {"record.ttl", "claims.ttl", "people-0.ttl"}
    environment = {name: text for name, text in os.environ.items() if name != "KG_STORE"}
    command = [sys.executable, "-m", "kg", "build", "--store", str(store)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    (graph,) = store.glob("generations/*/graph.nq")
    built = set(graph.read_text(encoding="utf-8").splitlines())
    assert set(generated("1", "3").splitlines()) <= built


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "--claims --quads is required"),
        (["--claims", "0"], "0 is not a whole number above 0"),
        (["--claims", "many"], "many is not a whole number above 0"),
        (["--claims", "1", "--quads", "1"], "not allowed with"),
        (["--claims", "1", "--seed", "x"], "invalid int value"),
        (["--claims", "1", "--turtle", "."], "exists already: name a folder to make"),
        (["--claims", "1", "--turtle", "/proc/nowhere"], "cannot be written"),
    ],
)
def test_bad_arguments_give_one_sentence(arguments: list[str], words: str) -> None:
    done = run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert done.err.count("\n") == 1
