"""Claims that the project withdrew or corrected: kept with the reason, and not answered any more."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean

from kg import closure, engine, evidence, forms, queries, rdf, terms
from kg.store import Session

CLAIM = terms.PREFIXES["id"] + "claim/"
OLD = CLAIM + "xinhua-2020-04-23/sme-restart-rate-april-15"
NEW = CLAIM + "scmp-2020-03-25/cloud-sme-restart-rate-tuesday"
RETRACTED = CLAIM + "economic-daily-2020-03/monitored-smes-return-rate-march-5"
REASON = "It took all SMEs for the monitored ones."
ICR = terms.PREFIXES["icr"]


def claims(ask: engine.Ask, name: str) -> set[str]:
    columns, rows = ask(queries.text(name))
    return {str(getattr(row[columns.index("claim")], "value", "")) for row in rows}


@pytest.fixture(scope="module")
def before(store: str) -> engine.Ask:
    """The real graph."""
    return engine.asking(Session(store))


@pytest.fixture(scope="module")
def external(before: engine.Ask) -> list[str]:
    """Two claims that rest on no passage."""
    return sorted(claim for claim in claims(before, "external-facts") if claim.startswith(CLAIM + "external/"))[:2]


def graph_of(claim: str) -> NamedNode:
    return NamedNode(terms.document_graph(claim.removeprefix(CLAIM).partition("/")[0]))


@pytest.fixture(scope="module")
def corrected(nquads: list[bytes], external: list[str]) -> list[bytes]:
    """The real graph with three claims withdrawn; what is inferred is as it was before."""
    facts: list[tuple[str, str, NamedNode | Literal]] = [
        (NEW, "supersedes", NamedNode(OLD)),
        (OLD, "withdrawalReason", Literal(REASON, language="en")),
        (RETRACTED, "assertionStatus", NamedNode(terms.PREFIXES["sch-assertion-status"] + "retracted")),
        (external[0], "supersedes", NamedNode(external[1])),
    ]
    more = [Quad(NamedNode(claim), NamedNode(ICR + name), value, graph_of(claim)) for claim, name, value in facts]
    return sorted([*nquads, *rdf.canonical_lines(more)])


@pytest.fixture(scope="module")
def after(corrected: list[bytes]) -> engine.Ask:
    """The real graph with three claims withdrawn, and what the derive queries make of it."""
    inferred = f" <{terms.GRAPH_INFERRED}> .".encode()
    lines = [line for line in corrected if not line.endswith(inferred)]
    return engine.asking_lines(closure.with_derived(lines))


@pytest.mark.parametrize("name", ["sme-resumption", "conflicts", "corroborations"])
def test_a_withdrawn_claim_is_not_answered(name: str, before: engine.Ask, after: engine.Ask) -> None:
    assert claims(before, name) & {OLD, RETRACTED}
    assert claims(after, name) == claims(before, name) - {OLD, RETRACTED}


def test_a_superseded_claim_stays_with_its_reason_and_names_the_other(corrected: list[bytes]) -> None:
    ask = engine.asking_lines(corrected)
    assert REASON in {row["note"] for row in evidence.rows_of(ask, "why-kind", {"claim": OLD})}
    related = evidence.rows_of(ask, "why-related", {"claim": OLD})
    assert ("superseded by", NEW) in {(row["relation"], row["other"]) for row in related}


@pytest.mark.parametrize(
    "name", [*(f"nanopublication-{part}" for part in forms.PARTS), "statements", "cube-observations"]
)
def test_no_other_form_has_a_withdrawn_claim(name: str, nquads: list[bytes], corrected: list[bytes]) -> None:
    def named(lines: list[bytes]) -> set[str]:
        found = engine.in_memory(lines).query(queries.read(name, "export").body, use_default_graph_as_union=True)
        assert not isinstance(found, QueryBoolean)
        words = " ".join(str(term) for row in found for term in row)
        return {claim for claim in (OLD, NEW, RETRACTED) if f"<{claim}/" in words}

    assert named(nquads) == {OLD, NEW, RETRACTED}
    assert named(corrected) == {NEW}


@pytest.mark.parametrize("name", ["claims", "compare-claims"])
def test_what_reads_the_evidence_leaves_withdrawn_claims_out(name: str, before: engine.Ask, after: engine.Ask) -> None:
    there = {row["claim"] for row in evidence.rows_of(before, name)}
    assert {OLD, RETRACTED} <= there
    assert {row["claim"] for row in evidence.rows_of(after, name)} == there - {OLD, RETRACTED}


def test_a_superseded_relation_is_not_true_any_more(external: list[str], before: engine.Ask, after: engine.Ask) -> None:
    assert claims(after, "external-facts") == claims(before, "external-facts") - {external[1]}
    parts = " ".join(f"<{external[1]}> <{ICR}claim{part}> ?{part} ." for part in ("Subject", "Predicate", "Object"))
    stated = f"SELECT ?Subject {{ {parts} ?Subject ?Predicate ?Object }}"
    assert len(before(stated)[1]) == 1
    assert after(stated)[1] == []
