"""The graph with further facts, made from the graph that is stored instead of from the beginning.

Rules of OWL 2 RL join triples that share a thing. What follows from a new triple and old ones therefore follows from
the ontology and the triples about the things that the new one names; what is new then counts as new triples in turn.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store, Triple

from kg import build, rdf, store, terms
from kg.store import Manifest

GIVEN = NamedNode(terms.BASE + "graph/given")
"""Holds the facts of files that are no part of the project, while they are looked at."""

INFERRED = NamedNode(terms.GRAPH_INFERRED)
AXIOMATIC = (terms.STANDARD["owl"], terms.STANDARD["rdfs"])
ANNOTATIONS = tuple(terms.STANDARD["rdfs"] + name for name in ("comment", "isDefinedBy", "label", "seeAlso"))
TYPE = NamedNode(terms.STANDARD["rdf"] + "type")


def stored(directory: str) -> list[bytes]:
    """The N-Quads lines of the newest generation but for graph/meta, be it older than the files; empty when none."""
    try:
        generation = store.current_generation(directory)
        manifest = Manifest.read(os.path.join(generation, "manifest"))
        if manifest.facts != {**manifest.facts, **Manifest().facts}:
            return []
        return build.without_queries(Path(generation, "graph.nq").read_bytes().splitlines())
    except (OSError, ValueError, IndexError):
        return []


def closed(facts: list[Quad], known: list[bytes]) -> list[bytes]:
    """N-Quads lines of facts and of all that follows from them; `known` are the lines of a graph made before.

    Raises FindingsError when the facts are inconsistent.
    """
    lines = rdf.canonical_lines(facts)
    before = list(rdf.parse_lines(b"\n".join(known)))
    inferred = [quad for quad in before if quad.graph_name == INFERRED]
    asserted = {quad.triple for quad in facts}
    if not before or any(q.triple not in asserted for q in before if q.graph_name != INFERRED):
        return build.with_closure(lines)  # what followed from facts that are gone cannot be told from the rest
    old = {quad.triple for quad in before}
    if any(_is_axiom(triple) for triple in asserted - old):
        return build.with_closure(lines)  # an axiom may concern everything
    if asserted <= old:
        return build.with_inferred(lines, inferred)
    # a new fact may undo what was derived of its subject, such as which of its passages comes first
    spoken_of = {triple.subject for triple in asserted - old}
    lasting = [quad for quad in inferred if quad.subject not in spoken_of]
    lines = build.with_inferred(lines, lasting)
    lines = build.with_inferred(lines, build.derived(lines))
    fresh = {quad.triple for quad in rdf.parse_lines(b"\n".join(lines))} - {quad.triple for quad in lasting}
    following, complaints = _following(build.memory_store(lines), fresh - (old & asserted))
    return build.consistent(build.with_inferred(lines, following), complaints)


def _is_axiom(triple: Triple) -> bool:
    """Whether a triple says how classes or properties hang together, or that two things are one."""
    words = triple.object if triple.predicate == TYPE else triple.predicate
    iri = words.value if isinstance(words, NamedNode) else ""
    return iri.startswith(AXIOMATIC) and iri not in ANNOTATIONS


def _following(graph: Store, new: Iterable[Triple]) -> tuple[list[Quad], list[str]]:
    """What follows from new triples under OWL 2 RL until nothing more does, and the complaints of the reasoner."""
    from kg import reason

    ontology = [quad.triple for quad in graph.quads_for_pattern(None, None, None, NamedNode(terms.GRAPH_ONTOLOGY))]
    made: list[Quad] = []
    complaints: list[str] = []
    seen: set[NamedNode] = set()
    while things := _things(new) - seen:
        seen |= things
        about = {triple for node in seen for triple in _around(graph, node)}
        body = rdf.serialise([rdf.quad_in(INFERRED, triple) for triple in {*ontology, *about}], "ntriples", {})
        closure = reason.closure(body)
        complaints += closure.complaints
        found = [quad.triple for quad in rdf.parse_lines(closure.ntriples)]
        new = [t for t in found if not any(True for _ in graph.quads_for_pattern(t.subject, t.predicate, t.object))]
        quads = [rdf.quad_in(INFERRED, triple) for triple in new]
        graph.extend(quads)
        made += quads
    return made, complaints


def _things(triples: Iterable[Triple]) -> set[NamedNode]:
    """The things that triples name, other than classes and properties."""
    ends = {end for t in triples for end in ((t.subject,) if t.predicate == TYPE else (t.subject, t.object))}
    return {end for end in ends if isinstance(end, NamedNode) and not end.value.startswith(terms.PREFIXES["icr"])}


def _around(graph: Store, node: NamedNode) -> list[Triple]:
    """The triples with a thing as subject or object."""
    pairs = ((node, None), (None, node))
    return [quad.triple for s, o in pairs for quad in graph.quads_for_pattern(s, None, o)]
