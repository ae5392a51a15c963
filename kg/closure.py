"""Facts with all that follows from them, made from the beginning or from the graph that is stored.

Rules of OWL 2 RL join triples that share a thing. What follows from a new triple and old ones therefore follows from
the ontology and the triples about the things that the new one names; what is new then counts as new triples in turn.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad, Store, Triple

from kg import checking, engine, executables, inferring, rdf, store, terms
from kg.inferring import INFERRED, is_known
from kg.sorting import lines_of, merged
from kg.store import Manifest

AXIOMATIC = (terms.STANDARD["owl"], terms.STANDARD["rdfs"])
ANNOTATIONS = tuple(terms.STANDARD["rdfs"] + name for name in ("comment", "isDefinedBy", "label", "seeAlso"))
TYPE = NamedNode(terms.STANDARD["rdf"] + "type")


def stored(directory: str) -> list[bytes]:
    """The N-Quads lines of the newest generation but for graph/meta, be it older than the files; empty when none."""
    try:
        generation = store.current_generation(directory)
        if not Manifest.read(os.path.join(generation, "manifest")).is_ours():
            return []
        return list(executables.others(lines_of(os.path.join(generation, "graph.nq"))))
    except (OSError, ValueError, IndexError):
        return []


def closed(lines: list[bytes]) -> list[bytes]:
    """The lines and all that follows from them. Raises FindingsError when they are inconsistent."""
    store = engine.in_memory(lines)
    complaints = inferring.infer(store)
    checking.refuse_contradictions(engine.asking_store(store), complaints)
    return list(merged(sorted(lines), inferring.inferred_lines(store)))


def extended(facts: list[Quad], known: list[bytes]) -> list[bytes]:
    """N-Quads lines of facts and of all that follows from them; `known` are the lines of a graph made before.

    Raises FindingsError when the facts are inconsistent.
    """
    lines = rdf.canonical_lines(facts)
    before = list(rdf.parse_each(known))
    inferred = [quad for quad in before if quad.graph_name == INFERRED]
    asserted = {quad.triple for quad in facts}
    if not before or any(q.triple not in asserted for q in before if q.graph_name != INFERRED):
        return closed(lines)  # what followed from facts that are gone cannot be told from the rest
    old = {quad.triple for quad in before}
    if any(_is_axiom(triple) for triple in asserted - old):
        return closed(lines)  # an axiom may concern everything
    if asserted <= old:
        return with_inferred(lines, inferred)
    # a new fact may undo what was derived of its subject, such as which of its passages comes first
    spoken_of = {triple.subject for triple in asserted - old}
    lasting = [quad for quad in inferred if quad.subject not in spoken_of]
    lines = with_inferred(lines, lasting)
    lines = with_derived(lines)
    fresh = {quad.triple for quad in rdf.parse_each(lines)} - {quad.triple for quad in lasting}
    following, complaints = _following(engine.in_memory(lines), fresh - (old & asserted))
    lines = with_inferred(lines, following)
    checking.refuse_contradictions(engine.asking_lines(lines), complaints)
    return lines


def with_inferred(lines: list[bytes], new: list[Quad]) -> list[bytes]:
    """The lines and, in graph/inferred, those of the new triples that stand in no graph yet."""
    known = {quad.triple for quad in rdf.parse_each(lines)}
    added = [rdf.quad_in(INFERRED, quad.triple) for quad in new if quad.triple not in known]
    return sorted({*lines, *rdf.canonical_lines(added)})


def with_derived(lines: list[bytes]) -> list[bytes]:
    """The lines and what the queries of queries/derive make of them, run until nothing new comes."""
    store = engine.in_memory(lines)
    inferring.to_the_end(store, "derive")
    return with_inferred(lines, list(store.quads_for_pattern(None, None, None, INFERRED)))


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
        new = [triple for triple in found if not is_known(graph, triple)]
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
