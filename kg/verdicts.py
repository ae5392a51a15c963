"""What checks and shapes find in a graph, or of it what some of its triples bring about: the verdicts on its nodes.

The verdicts are those over the whole graph, though the shapes look only at nodes whose verdict may have changed.
"""

from __future__ import annotations

from collections.abc import Collection

from pyoxigraph import Dataset, NamedNode

from kg import checking, engine, judging, rdf, shapes, terms
from kg.engine import Ask
from kg.model import Finding

TOLD_BY_NAMES = ("undeclared-term", "undefined-thing")
"""The checks whose findings kg.unknown_names tells better."""

VALUES_DEEP = 2
"""How many steps from its focus node a shape looks at most."""


def findings(lines: list[bytes], focus: Collection[str] | None = None) -> list[Finding]:
    """What checks and shapes find; with `focus`, the shapes look at these nodes only."""
    ask = engine.asking_lines(lines)
    found = [finding for finding in checking.checks(ask) if finding.source not in TOLD_BY_NAMES]
    if focus is None:
        found += shapes.validate(rdf.ntriples(lines), shapes.shapes_graph())
    elif focus:
        graph = Dataset(rdf.parse_each(lines))  # a store would rewrite literals
        found += shapes.validate(around(graph, focus), shapes.shapes_graph(), focus)
    return found + judged(found, ask)


def brought_about(lines: list[bytes], before: list[bytes], subjects: set[str]) -> list[Finding]:
    """What checks and shapes find in a graph that they did not find before, or find of the subjects."""
    told = findings(lines, subjects | _touched(lines, before))
    if doubtful := ({f.node for f in told} - subjects) & _described(before):
        already = set(findings(before, doubtful))
        told = [f for f in told if f.node in subjects or f not in already]
    return told


def _touched(lines: list[bytes], before: list[bytes]) -> set[str]:
    """The nodes whose verdict may differ from before: named in new triples, or with a value of which new ones speak.

    The paths of the shapes are single properties, and what nested shapes ask of a value is said of the value itself.
    """
    old = {quad.triple for quad in rdf.parse_each(before)}
    triples = {quad.triple for quad in rdf.parse_each(lines)}
    new = triples - old
    spoken_of = {triple.subject for triple in new}
    ends = {end for triple in new for end in (triple.subject, triple.object)}
    ends |= {triple.subject for triple in triples if triple.object in spoken_of}
    return {end.value for end in ends if isinstance(end, NamedNode)}


def _described(lines: list[bytes]) -> set[str]:
    return {str(getattr(quad.subject, "value", "")) for quad in rdf.parse_each(lines)}


def judged(found: list[Finding], ask: Ask) -> list[Finding]:
    """What the engine says of comparisons, when nothing else is wrong: it cannot read figures that make no sense."""
    return [] if any(finding.severity == "violation" for finding in found) else judging.findings(ask)


def around(graph: Dataset, focus: Collection[str]) -> bytes:
    """The N-Triples on which the verdicts of some nodes rest: what is said with them, and two steps on of their values.

    Nested shapes ask for the class and the properties of a value, and for the class of the values of these.
    """
    nodes: set[NamedNode] = {NamedNode(node) for node in focus}
    found = {quad for node in nodes for quad in graph.quads_for_object(node)}
    found.update(graph.quads_for_predicate(NamedNode(terms.STANDARD["rdfs"] + "subClassOf")))
    fresh = nodes
    for _ in range(VALUES_DEEP + 1):
        said = {quad for node in fresh for quad in graph.quads_for_subject(node)}
        fresh = {quad.object for quad in said if isinstance(quad.object, NamedNode)} - nodes
        nodes |= fresh
        found |= said
    return rdf.serialise(found, "ntriples", {})
