"""The steps of a cold build without validation, and their processor time, as JSON; see benchmarks/validate.py.

    PYTHONPATH=PROJECT python benchmarks/build_steps.py GRAPH.nq [owlrl] [unchecked]

The project is one that benchmarks/generate.py --turtle made. What follows from the ontology is made by the rules in
benchmarks/rules, which give what owlrl gives; with the word owlrl, by owlrl itself, as `kg build` does.
With the word unchecked, the checks are left out: they take longest by far on a large graph.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pyoxigraph

from kg import build, layout, rdf, terms

RULES = Path(__file__).parent / "rules"
Made = TypeVar("Made")


def by_rules(lines: list[bytes]) -> list[pyoxigraph.Quad]:
    """What the rules make of the graph, run until nothing new comes."""
    store = build.memory_store(lines)
    graph = pyoxigraph.NamedNode(terms.GRAPH_INFERRED)
    given = {quad.triple for quad in rdf.parse_lines(b"\n".join(lines))}
    made: dict[pyoxigraph.Triple, None] = {}
    before = -1
    while len(made) > before:
        before = len(made)
        for path in sorted(RULES.glob("*.rq")):
            triples = store.query(path.read_text(encoding="utf-8"), use_default_graph_as_union=True)
            assert isinstance(triples, pyoxigraph.QueryTriples)
            fresh = [triple for triple in triples if triple not in made and triple not in given]
            made.update(dict.fromkeys(fresh))
            store.extend(rdf.quad_in(graph, triple) for triple in fresh)
    return [rdf.quad_in(graph, triple) for triple in made]


def by_owlrl(lines: list[bytes]) -> list[pyoxigraph.Quad]:
    """What owlrl makes of the graph, as in `kg build`."""
    from kg import reason

    return list(rdf.parse_lines(reason.closure(build.ntriples(lines)).ntriples))


def main() -> None:
    """Run the steps, write the graph, print the times."""
    target, reasoner = sys.argv[1], by_owlrl if "owlrl" in sys.argv else by_rules
    seconds: dict[str, float] = {}

    def step(name: str, work: Callable[[], Made]) -> Made:
        before = os.times()
        made = work()
        after = os.times()
        seconds[name] = seconds.get(name, 0) + after.user + after.system - before.user - before.system
        return made

    files = [path for name in ("ontology", "seeds") for path in layout.walk(layout.data_path(name), ".ttl")]
    facts, _ = step("parse", lambda: rdf.read_project(files))
    lines = step("canonical lines", lambda: rdf.canonical_lines(facts))
    new = step("derive", lambda: build.derived(lines))
    lines = step("canonical lines", lambda: build.with_inferred(lines, new))
    new = step("reason", lambda: reasoner(lines))
    lines = step("canonical lines", lambda: build.with_inferred(lines, new))
    body = b"".join(line + b"\n" for line in lines)
    with tempfile.TemporaryDirectory() as folder:
        step("load", lambda: build._load(Path(folder), body))
    Path(target).write_bytes(body)
    seconds["checks (part of validation)"] = 0
    if "unchecked" not in sys.argv:
        step("checks (part of validation)", lambda: build.check(lines))
    json.dump({"quads": len(lines), "seconds": seconds}, sys.stdout)


if __name__ == "__main__":
    main()
