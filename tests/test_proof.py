"""Why an inferred triple follows: every rule, every inferred triple of the real graph, and the words for it.

A fixture tests/data/explain/<rule>.ttl gives the triple of its `# expect:` line by that rule.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import owlrl
import pyoxigraph
import pytest
import rdflib

from kg import engine, proof, queries, rdf, terms
from kg.proof import Proof, Prover, Triple
from kg.rdf import read_turtle
from kg.reason import closure
from kg.store import Term
from tests.conftest import ROOT, Outcome

FIXTURES = sorted((ROOT / "tests/data/explain").glob("*.ttl"))
DERIVED = set(queries.names("derive"))
RULES = set(queries.names("explain"))
OF = "http://example.org/"
EDGE = f"<{OF}leadsTo>"


def lines_of(*triples: str, graph: str = "urn:graph") -> list[bytes]:
    return sorted(f"{triple} <{graph}> .".encode() for triple in triples)


def fixture_lines(path: Path) -> list[bytes]:
    return lines_of(*(str(triple) for triple in read_turtle(path)))


def expected(path: Path) -> Triple:
    (line,) = re.findall(r"^# expect: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    s, p, o = (f"<{terms.expand(word).replace('ex:', OF)}>" for word in line.split())
    return s, p, o


def follows(triples: list[Triple], conclusion: Triple) -> bool:
    """Whether owlrl, given these triples alone, comes to the conclusion."""
    graph = rdflib.Graph()
    graph.parse(data="".join(f"{' '.join(triple)} .\n" for triple in triples), format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    wanted = rdflib.Graph().parse(data=f"{' '.join(conclusion)} .", format="nt")
    return next(iter(wanted)) in graph


def made(name: str, triples: list[Triple], conclusion: Triple) -> bool:
    """Whether the derive query, given these triples alone, makes the conclusion."""
    store = engine.in_memory(lines_of(*(" ".join(triple) for triple in triples)))
    found = store.query(queries.read(name, "derive").body, use_default_graph_as_union=True)
    assert isinstance(found, pyoxigraph.QueryTriples)
    return " ".join(conclusion) in {str(triple) for triple in found}


def applications(found: Proof) -> Iterator[Proof]:
    """Every application of a rule in a proof."""
    if found.rule:
        yield found
        for premise in found.premises:
            yield from applications(premise)


def is_sound(step: Proof) -> bool:
    premises = [premise.triple for premise in step.premises]
    return (made(step.rule, premises, step.triple)) if step.rule in DERIVED else follows(premises, step.triple)


# ---- the rules ----


def test_every_rule_has_a_fixture_or_is_that_of_a_derive_query() -> None:
    assert {path.stem for path in FIXTURES} == RULES - DERIVED
    assert DERIVED <= RULES


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_rule_explains_its_fixture(path: Path) -> None:
    lines = fixture_lines(path)
    found = closure(rdf.ntriples(lines)).ntriples
    assert " ".join(expected(path)) in found.decode()
    proved = Prover(engine.asking_lines(lines)).prove(expected(path))
    assert proved is not None
    assert proved.rule == path.stem
    assert is_sound(proved)
    assert all(not premise.rule for premise in proved.premises)


def test_no_rule_is_asked_that_gives_other_properties_only() -> None:
    asked: list[str] = []
    ask = engine.asking_lines([])

    def listening(text: str) -> tuple[list[str], list[list[Term | None]]]:
        asked.append(text)
        return ask(text)

    assert Prover(listening).prove(("<urn:a>", f"<{terms.expand('icr:within')}>", "<urn:b>")) is None
    given = {name for name in RULES if any(queries.read(name, "explain").title in text for text in asked)}
    assert {"prp-trp", "relation"} <= given
    assert not given & {"cls-avf", "concerns", "key-passage", "leads", "passage-annotation", "quantity-bounds"}


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_no_premise_of_a_rule_can_be_spared(path: Path) -> None:
    lines = fixture_lines(path)
    for line in lines:
        assert Prover(engine.asking_lines([other for other in lines if other != line])).prove(expected(path)) is None


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_lists_its_premises_over_its_columns(name: str) -> None:
    query = queries.read(name, "explain")
    assert query.body.count(proof.TRIPLE_LINE) == 1
    columns = set(re.findall(r"\?(\w+)", query.body[query.body.index("SELECT") : query.body.index(" WHERE")]))
    for premise in query.premises:
        words = premise.split()
        assert len(words) == 3
        for word in words:
            assert (word[1:] in columns) if word.startswith("?") else terms.expand(word) != word


# ---- proofs ----


def edges(*pairs: str) -> list[bytes]:
    """A transitive property between letters: "ab" leads from a to b."""
    axiom = f"{EDGE} <{terms.STANDARD['rdf']}type> <{terms.STANDARD['owl']}TransitiveProperty>"
    return lines_of(axiom, *(f"<{OF}{a}> {EDGE} <{OF}{b}>" for a, b in map(tuple, pairs)))


def letters(found: Proof | None) -> list[str]:
    assert found is not None
    return [s[-2] + o[-2] for s, p, o in found.asserted() if p == EDGE]


def test_the_shortest_proof_is_found_and_circles_are_cut() -> None:
    goal = (f"<{OF}a>", EDGE, f"<{OF}d>")
    ring = edges("ab", "bc", "cd", "da", "bd", "cb", "ba")
    assert letters(Prover(engine.asking_lines([*ring])).prove(goal)) == ["ab", "bd"]
    assert letters(Prover(engine.asking_lines(edges("ab", "bc", "cd"))).prove((f"<{OF}a>", EDGE, f"<{OF}b>"))) == ["ab"]


def test_what_only_itself_would_prove_is_not_proved() -> None:
    inferred = [line.replace(b"urn:graph", terms.GRAPH_INFERRED.encode()) for line in edges("ac", "cb")[1:]]
    assert len(inferred) == 2
    axiom = edges()
    circle = [*axiom, *inferred, *lines_of(f"<{OF}a> {EDGE} <{OF}b>", graph=terms.GRAPH_INFERRED)]
    assert Prover(engine.asking_lines(circle)).prove((f"<{OF}a>", EDGE, f"<{OF}b>")) is None


def test_a_long_way_is_proved_over_inferred_triples() -> None:
    lines = edges("ab", "bc", "cd", "de")
    lines += lines_of(
        *(f"<{OF}{x}> {EDGE} <{OF}{y}>" for x, y in ("ac", "bd", "ce", "ad", "be", "ae")), graph=terms.GRAPH_INFERRED
    )
    first = Prover(engine.asking_lines(lines)).prove((f"<{OF}a>", EDGE, f"<{OF}e>"))
    assert letters(first) == ["ab", "bc", "cd", "de"]
    assert Prover(engine.asking_lines(lines[::-1])).prove((f"<{OF}a>", EDGE, f"<{OF}e>")) == first


# ---- the real graph ----


@pytest.fixture(scope="module")
def real(nquads: list[bytes]) -> tuple[Prover, list[Triple]]:
    ask = engine.asking_lines(nquads)
    ending = f" <{terms.GRAPH_INFERRED}> .".encode()
    store = engine.in_memory([line for line in nquads if line.endswith(ending)])
    return Prover(ask), sorted((str(q.subject), str(q.predicate), str(q.object)) for q in store)


@pytest.mark.slow
def test_every_inferred_triple_of_the_real_graph_is_explained(
    real: tuple[Prover, list[Triple]], nquads: list[bytes]
) -> None:
    prover, inferred = real
    assert len(inferred) > 12_000
    asserted = {str(q.triple) for q in engine.in_memory(nquads) if q.graph_name.value != terms.GRAPH_INFERRED}
    rules: dict[str, list[Proof]] = {}
    for triple in inferred:
        found = prover.prove(triple)
        assert found is not None, triple
        assert found.rule, triple
        assert asserted.issuperset(" ".join(leaf) for leaf in found.asserted()), triple
        rules.setdefault(found.rule, []).append(found)
    assert rules.keys() >= DERIVED
    # re-applied to its premises alone, each kind of step gives its triple: an even sample of at most 100 for each rule
    for rule, proofs in rules.items():
        for found in proofs[:: len(proofs) // 100 + 1]:
            for step in applications(found):
                assert is_sound(step), (rule, step)


# ---- the command ----


def test_the_proof_of_a_triple_is_told_in_words(kg: Callable[..., Outcome]) -> None:
    done = kg("why", "id-place:changchun", "icr:within", "id-place:china")
    assert (done.code, done.err) == (0, "")
    shown = done.out.splitlines()
    assert shown[:3] == [
        "Changchun – within – China  (id-place:changchun icr:within id-place:china)",
        "  by prp-trp: A transitive property reaches over what lies between",
        "  - within – is a – transitive property  (icr:within rdf:type owl:TransitiveProperty) asserted",
    ]
    assert "  - Changchun – within – Jilin  (id-place:changchun icr:within id-place:jilin)" in shown
    assert "      by relation: What a relation claim states holds" in shown
    assert any(
        re.search(r"claim predicate – within .* asserted at .*external-claims\.ttl:\d+$", line) for line in shown
    )
    assert shown[-3:] == ["Claims", "  kg why external/changchun-in-jilin", "  kg why external/jilin-in-china"]


def test_the_proof_of_a_literal_as_json(kg: Callable[..., Outcome]) -> None:
    claim = "scio-2020-04-23/leading-92-count"
    done = kg("why", f"id:claim/{claim}", "icr:keyForm", "92", "--format", "json")
    data = json.loads(done.out)
    assert data["triple"] == [f"id:claim/{claim}", "icr:keyForm", '"92"']
    assert data["rule"] == "key-passage"
    assert data["claims"] == [claim]
    forms = [premise for premise in data["premises"] if premise["triple"][1] == "icr:printedForm"]
    assert [form["words"].rpartition(" – ")[2] for form in forms] == ['"92"', '"92"']
    assert all(premise["asserted"] for premise in data["premises"])
