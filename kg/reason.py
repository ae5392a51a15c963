"""OWL 2 RL closure with owlrl: what follows from the facts and is about our things."""

from __future__ import annotations

from dataclasses import dataclass

import owlrl
from rdflib import OWL, RDF, Graph, Literal, URIRef
from rdflib.term import Node

from kg import terms

ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
"""owlrl reports an inconsistency as a triple with this predicate."""

OURS = (terms.BASE + "id/", terms.BASE + "scheme/")
TRIVIAL = tuple(terms.STANDARD[prefix] for prefix in ("owl", "rdf", "rdfs"))


@dataclass(frozen=True, slots=True)
class Closure:
    """What follows from a graph."""

    ntriples: bytes
    """The triples that are new and about our things."""
    complaints: tuple[str, ...]
    """What owlrl says of an inconsistency in words of its own, and the pairs of our things that would be one."""


def closure(ntriples: bytes) -> Closure:
    """What follows under OWL 2 RL from the given triples, is new, and is about our things.

    Literals are left out before the closure: no class of the ontology is inferred from them, and owlrl
    would make them subjects.
    """
    given = Graph()
    given.parse(data=ntriples, format="nt")
    graph = Graph()
    for triple in given:
        if not isinstance(triple[2], Literal):
            graph.add(triple)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    complaints = {str(message) for message in graph.objects(None, ERROR)}
    same = ((s, o) for s, o in graph.subject_objects(OWL.sameAs) if s != o)
    complaints |= {f"{s} and {o} would be one thing" for s, o in same if _ours(s) or _ours(o)}
    new = Graph()
    for triple in graph:
        if triple not in given and _worth_keeping(*triple):
            new.add(triple)
    return Closure(new.serialize(format="nt", encoding="utf-8"), tuple(sorted(complaints)))


def _ours(node: Node) -> bool:
    return isinstance(node, URIRef) and str(node).startswith(OURS)  # URIRef.startswith takes no tuple


def _worth_keeping(subject: Node, predicate: Node, obj: Node) -> bool:
    """A type or relation of one of our things, other than what holds of everything."""
    if not _ours(subject) or not isinstance(obj, URIRef):
        return False
    if obj == OWL.Nothing:  # holds of nothing, unless the graph is inconsistent
        return predicate == RDF.type
    return not str(obj if predicate == RDF.type else predicate).startswith(TRIVIAL)
