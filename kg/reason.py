"""OWL 2 RL closure with owlrl: what follows from the facts and is about our things."""

from __future__ import annotations

import owlrl
from rdflib import OWL, RDF, Graph, Literal, URIRef
from rdflib.term import Node

from kg import terms
from kg.errors import FindingsError

ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
"""owlrl reports an inconsistency as a triple with this predicate."""

OURS = (terms.BASE + "id/", terms.BASE + "scheme/")
TRIVIAL = tuple(terms.STANDARD[prefix] for prefix in ("owl", "rdf", "rdfs"))


def closure(ntriples: bytes) -> bytes:
    """N-Triples that follow under OWL 2 RL from the given ones, are new, and are about our things.

    Literals are left out before the closure: no class of the ontology is inferred from them, and owlrl
    would make them subjects. Raises FindingsError when the graph is inconsistent or merges two things.
    """
    given = Graph()
    given.parse(data=ntriples, format="nt")
    graph = Graph()
    for triple in given:
        if not isinstance(triple[2], Literal):
            graph.add(triple)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    problems = [str(message) for message in graph.objects(None, ERROR)]
    problems += [f"{s} and {o} would be one thing" for s, o in graph.subject_objects(OWL.sameAs) if _ours(s) and s != o]
    if problems:
        raise FindingsError(
            "the graph is inconsistent under OWL 2 RL: " + "; ".join(sorted(problems)),
            hint="look at the things named, and at their classes",
        )
    new = Graph()
    for triple in graph:
        if triple not in given and _worth_keeping(*triple):
            new.add(triple)
    return new.serialize(format="nt", encoding="utf-8")


def _ours(node: Node) -> bool:
    return isinstance(node, URIRef) and str(node).startswith(OURS)  # URIRef.startswith takes no tuple


def _worth_keeping(subject: Node, predicate: Node, obj: Node) -> bool:
    """A type or relation of one of our things, other than what holds of everything."""
    if not _ours(subject) or not isinstance(obj, URIRef):
        return False
    return not str(obj if predicate == RDF.type else predicate).startswith(TRIVIAL)
