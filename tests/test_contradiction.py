"""Every kind of contradiction that the ontology can express, with invented data.

A fixture tests/data/contradiction/<rule>.ttl (or <rule>.<why>.ttl) contradicts itself by that rule, and no longer does
without its lines that end in `# wrong`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat

from kg import closure, contradiction, queries, terms
from kg.errors import FindingsError, InconsistencyError
from tests.conftest import ROOT, Outcome

FIXTURES = sorted((ROOT / "tests/data/contradiction").glob("*.ttl"))
RULES = queries.names("contradiction")
WRONG = "# wrong"


def mended(text: str) -> str:
    """A fixture without what is wrong in it."""
    return "\n".join(line for line in text.split("\n") if not line.endswith(WRONG))


def lines_of(turtle: str) -> list[bytes]:
    """N-Quads of a fixture, with an IRI for each blank node, as in the project."""
    found = []
    for quad in pyoxigraph.parse(turtle, format=RdfFormat.TURTLE):
        s, o = (
            NamedNode(f"urn:node:{n.value}") if isinstance(n, BlankNode) else n for n in (quad.subject, quad.object)
        )
        found.append(f"{s} {quad.predicate} {o} <urn:graph> .".encode())
    return sorted(found)


def test_every_rule_has_a_fixture() -> None:
    assert {path.name.split(".")[0] for path in FIXTURES} == set(RULES)
    assert len(RULES) >= 20


@pytest.mark.parametrize("name", RULES)
def test_a_rule_tells_what_is_wrong_and_the_fix(name: str) -> None:
    query = queries.read(name, "contradiction")
    assert re.search(r"^[A-Z].*[.]$", query.fix)
    columns = set(re.findall(r"\?(\w+)", query.body[query.body.index("SELECT") : query.body.index(" WHERE")]))
    assert columns == set(re.findall(r"\?(\w+)", " ".join(query.premises)))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_contradiction_is_refused_with_the_axiom_and_the_triples(path: Path) -> None:
    text, rule = path.read_text(encoding="utf-8"), path.name.split(".")[0]
    with pytest.raises(InconsistencyError) as caught:
        closure.closed(lines_of(text))
    (found,) = caught.value.contradictions
    query = queries.read(rule, "contradiction")
    assert found.rule == query
    assert caught.value.what.startswith(f"the data contradicts the ontology: {query.title} ({rule}): ")
    assert caught.value.hint == query.fix
    subjects = {quad.subject.value for quad in pyoxigraph.parse(text, format=RdfFormat.TURTLE)}
    proofs = found.proofs(dict.fromkeys(subjects, "invented.ttl:1"))
    (wrong,) = [line.split()[0] for line in text.split("\n") if line.endswith(WRONG)]
    assert any(re.search(rf"\({wrong} .*\) asserted at invented.ttl:1$", line) for line in proofs)
    assert found.triple[0] in subjects


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_none_is_found_when_it_is_mended(path: Path) -> None:
    lines = lines_of(mended(path.read_text(encoding="utf-8")))
    assert set(lines) <= set(closure.closed(lines))


def test_what_owlrl_alone_notices_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should a rule of ours be missing, owlrl's own message is still an error."""
    monkeypatch.setattr(contradiction, "contradictions", lambda ask: [])
    text = (ROOT / "tests/data/contradiction/cax-dw.ttl").read_text(encoding="utf-8")
    with pytest.raises(FindingsError, match="inconsistent under OWL 2 RL: Disjoint classes"):
        closure.closed(lines_of(text))


def test_things_that_would_be_one_are_refused() -> None:
    same = f"<{terms.BASE}id/one> <{terms.STANDARD['owl']}sameAs> <{terms.BASE}id/other> <urn:graph> ."
    with pytest.raises(FindingsError, match="id/other would be one thing"):
        closure.closed([same.encode()])


# ---- over the real ontology, by the command ----

TRAPS = {
    "evidence on an event": (
        "id-event:invented a icr:Meeting ;\n  prov:wasDerivedFrom id-org:miit .\n",
        "cax-dw",
        ["prov:Activity – is disjoint with – prov:Entity", "by prp-dom", "by cax-sco"],
    ),
    "one tenure of two people": (
        "id-tenure:invented icr:holder id-person:one , id-person:other .\n",
        "prp-fp",
        ["is a – functional property"],
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("trap", TRAPS)
def test_the_build_refuses_a_trap(trap: str, project_data: Path, tmp_path: Path, kg: Callable[..., Outcome]) -> None:
    turtle, rule, expected = TRAPS[trap]
    prefixes = "".join(f"@prefix {p}: <{i}> .\n" for p, i in sorted(terms.PREFIXES.items()) if f"{p}:" in turtle)
    (project_data / "seeds/things/invented.ttl").write_text(prefixes + turtle, encoding="utf-8")
    done = kg("build", "--store", str(tmp_path / "store"))
    assert (done.code, done.out) == (1, "")
    error = done.err[done.err.index("error[findings]") :]
    assert f"({rule})" in error
    assert f"invented.ttl:{prefixes.count('@prefix') + 1}" in error
    for words in expected:
        assert words in done.err
    assert not (tmp_path / "store/current").exists()
