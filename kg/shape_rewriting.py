"""SHACL shapes rewritten to be judged faster, with the same results.

A shape is local when what it says of a node follows from the triples of that node and the classes of the nodes that
they point at. Local shapes are judged in slices of the graph (kg.graph_slices), all others on the whole graph.
"""

from __future__ import annotations

from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef
from rdflib.term import Node

from kg.graph_slices import INSTANCE_OF, OBJECT_OF, SUBJECT_OF, Aims

MARKS: dict[Node, str] = {SH.targetClass: INSTANCE_OF, SH.targetSubjectsOf: SUBJECT_OF, SH.targetObjectsOf: OBJECT_OF}
TARGETS = (*MARKS, SH.targetNode)
IMPLICIT = (RDFS.Class, OWL.Class)
"""A shape that is a class as well is aimed at the instances of itself."""

TELLS = {RDF.type, SH.message, SH.severity, SH.name, SH.description, SH.order, SH.flags, SH.path, *TARGETS}
OF_A_VALUE = {
    *(SH["class"], SH.datatype, SH.nodeKind, SH.hasValue, SH["in"], SH.languageIn),
    *(SH.pattern, SH.minLength, SH.maxLength),
    *(SH.minInclusive, SH.maxInclusive, SH.minExclusive, SH.maxExclusive),
}
"""Constraints judged from a node alone and from its classes."""
OF_A_PROPERTY = {
    *(SH.minCount, SH.maxCount, SH.uniqueLang, SH.qualifiedMinCount, SH.qualifiedMaxCount),
    *(SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals),
}
"""Constraints judged from the triples of the node that has the property."""
BOUND = (SH.closed, SH.deactivated)
"""With these a node shape and its property shapes cannot be taken apart."""
NESTED = {SH.property, SH.node, SH["not"], SH.qualifiedValueShape}
NESTED_LIST = {SH["or"], SH["and"], SH.xone}


def aimed(shapes: Graph) -> set[Node]:
    """The shapes with a target of their own."""
    stated = {shape for target in TARGETS for shape in shapes.subjects(target, None)}
    return stated | {shape for shape in shapes.subjects(RDF.type, SH.NodeShape) if _is_class(shapes, shape)}


def flattened(shapes: Graph) -> Graph:
    """The shapes, with each property shape aimed at what its node shape is aimed at, and freed from that.

    An engine can then take a property shape once for all nodes instead of once for each. The results are the same,
    since those of sh:property are those of the property shape for the node itself (SHACL, 4.8.2); only what two node
    shapes with one property shape would both report is reported once.
    """
    flat = Graph()
    for triple in shapes:
        flat.add(triple)
    nested = {obj for _, predicate, obj in shapes if predicate in {*NESTED, RDF.first}}
    for shape in aimed(shapes) - nested:
        if _is_class(shapes, shape) or any((shape, bound, None) in shapes for bound in BOUND):
            continue
        for property_shape in shapes.objects(shape, SH.property):
            for target in TARGETS:
                for aim in shapes.objects(shape, target):
                    flat.add((property_shape, target, aim))
        flat.remove((shape, SH.property, None))
    return flat


def split(shapes: Graph) -> tuple[Graph, Graph]:
    """The local shapes, aimed at the marks of slices, and the other shapes, aimed as they were."""
    here = {shape for shape in aimed(shapes) if is_local(shapes, shape)}
    local, other = Graph(), Graph()
    for subject, predicate, obj in shapes:
        if predicate in MARKS and subject in here:
            local.add((subject, SH.targetObjectsOf, URIRef(MARKS[predicate] + str(obj))))
        elif predicate in TARGETS or obj in IMPLICIT:
            other.add((subject, predicate, obj))
        else:
            local.add((subject, predicate, obj))
            other.add((subject, predicate, obj))
    return local, other


def aims(local: Graph) -> Aims:
    """What the local shapes are aimed at, for the slices to mark."""
    marks = {str(mark) for mark in local.objects(None, SH.targetObjectsOf)}
    return Aims(*(frozenset(m.removeprefix(kind) for m in marks if m.startswith(kind)) for kind in MARKS.values()))


def is_local(shapes: Graph, shape: Node, *, at_value: bool = False) -> bool:
    """Whether a node's own triples and the classes of their objects are enough to judge it by the shape.

    `at_value` asks it of a shape for such an object, of which only the classes are at hand. A shape that says
    something that is not known to be local is not.
    """
    path = shapes.value(shape, SH.path)
    if path is not None and (at_value or not isinstance(path, URIRef) or (path, None, None) in shapes):
        return False
    if (shape, SH.targetNode, None) in shapes:
        return False
    known = TELLS | OF_A_VALUE if path is None else TELLS | OF_A_VALUE | OF_A_PROPERTY
    for predicate, obj in shapes.predicate_objects(shape):
        if predicate in NESTED | NESTED_LIST:
            inner = [obj] if predicate in NESTED else list(shapes.items(obj))
            if not all(is_local(shapes, other, at_value=at_value or path is not None) for other in inner):
                return False
        elif predicate not in known:
            return False
    return True


def _is_class(shapes: Graph, shape: Node) -> bool:
    return any((shape, RDF.type, kind) in shapes for kind in IMPLICIT)
