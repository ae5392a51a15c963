"""What the benchmarks rest on: faults that are found one for one."""

from __future__ import annotations

import pytest

from benchmarks import validate
from kg import rdf, shapes


@pytest.fixture(scope="module")
def ntriples(nquads: list[bytes]) -> bytes:
    return rdf.ntriples(nquads)


def test_each_planted_fault_gives_its_result_and_no_other(ntriples: bytes) -> None:
    graph = shapes.shapes_graph()
    before = {(finding.node, finding.source) for finding in shapes.validate(ntriples, graph)}
    lines, planted = validate.plant(sorted(set(ntriples.splitlines())), 1)
    after = {(finding.node, finding.source) for finding in shapes.validate(b"\n".join(lines) + b"\n", graph)}
    assert len(planted) == validate.PLANTED_EACH * len(validate.FAULTS)
    assert planted - before == planted
    assert after - before == planted
