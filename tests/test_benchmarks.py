"""What the benchmarks rest on: rules that give what owlrl gives, and faults that are found one for one."""

from __future__ import annotations

import pytest

from benchmarks import build_steps, validate
from kg import build, layout, rdf, shapes


@pytest.fixture(scope="module")
def ntriples(nquads: list[bytes]) -> bytes:
    return build.ntriples(nquads)


@pytest.mark.slow
def test_the_rules_give_what_owlrl_gives() -> None:
    files = [path for name in ("ontology", "seeds") for path in layout.walk(layout.data_path(name), ".ttl")]
    lines = rdf.canonical_lines(rdf.read_project(files)[0])
    lines = build.with_inferred(lines, build.derived(lines))
    by_owlrl = {quad.triple for quad in build_steps.by_owlrl(lines)}
    assert len(by_owlrl) > 4000
    assert {quad.triple for quad in build_steps.by_rules(lines)} == by_owlrl


def test_each_planted_fault_gives_its_result_and_no_other(ntriples: bytes) -> None:
    graph = shapes.shapes_graph()
    before = {(finding.node, finding.source) for finding in shapes.validate(ntriples, graph)}
    lines, planted = validate.plant(sorted(set(ntriples.splitlines())), 1)
    after = {(finding.node, finding.source) for finding in shapes.validate(b"\n".join(lines) + b"\n", graph)}
    assert len(planted) == validate.PLANTED_EACH * len(validate.FAULTS)
    assert planted - before == planted
    assert after - before == planted
