"""Validation of the graph against the SHACL shapes with pySHACL, over rdflib graphs."""

from __future__ import annotations

from collections.abc import Collection

import pyshacl
from pyshacl.shapes_graph import ShapesGraph
from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.term import Node

from kg import layout, rdf, terms
from kg.model import Finding

SEVERITIES: dict[Node | None, str] = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}
TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
WITHOUT_FOCUS = "shape-without-focus"

WRONG = {
    "And": "{path} does not fit all of its forms",
    "Class": "{path} leads to something of another class",
    "Datatype": "{path} has a value of another datatype",
    "Disjoint": "{path} has a value that another property has too",
    "Equals": "{path} differs from another property that must be equal",
    "HasValue": "{path} lacks a value that it must have",
    "In": "{path} has a value that is not in the list",
    "LanguageIn": "{path} is in another language",
    "LessThan": "{path} is not below what it must be below",
    "LessThanOrEquals": "{path} is above what it must not exceed",
    "MaxCount": "{path} has too many values",
    "MaxExclusive": "{path} is too large",
    "MaxInclusive": "{path} is too large",
    "MaxLength": "{path} is too long",
    "MinCount": "{path} is missing",
    "MinExclusive": "{path} is too small",
    "MinInclusive": "{path} is too small",
    "MinLength": "{path} is too short",
    "NodeKind": "{path} has a value of the wrong kind (name, literal)",
    "Node": "{path} leads to something that lacks what it needs",
    "Not": "{path} has a form that it must not have",
    "Or": "{path} fits none of its forms",
    "Pattern": "{path} is not written in the right form",
    "QualifiedMaxCount": "{path} has too many values of one kind",
    "QualifiedMinCount": "{path} has too few values of one kind",
    "UniqueLang": "{path} has two values in one language",
    "Xone": "{path} fits none of its forms, or two",
}
"""What is wrong, by constraint component (SHACL 4)."""


def shapes_graph() -> Graph:
    """All shapes of the project in one graph. Raises SyntaxProblem for a file that does not parse."""
    graph = Graph()
    for path in layout.walk(layout.data_path("shapes"), ".ttl"):
        rdf.read_turtle(path)  # for the place of an error
        graph.parse(path, format="turtle")
    return graph


def listed(space: str) -> list[str]:
    """The terms of a namespace that the shapes name."""
    return sorted({str(term) for triple in shapes_graph() for term in triple if str(term).startswith(space)})


def validate(ntriples: bytes, shapes: Graph, focus: Collection[str] | None = None) -> list[Finding]:
    """Findings of the shapes over the data (N-Triples, inferences included), worst first, sorted.

    With `focus`, only these nodes are looked at, with the verdicts that they have in the whole.
    """
    data = Graph().parse(data=ntriples, format="nt")
    aimed = shapes if focus is None else _aimed(shapes, data, {URIRef(node) for node in focus})
    _, report, _ = pyshacl.validate(data, shacl_graph=aimed, inference="none", advanced=False)
    assert isinstance(report, Graph)
    found = [_finding(report, result, shapes) for result in report.subjects(RDF.type, SH.ValidationResult)]
    order = list(SEVERITIES.values())
    return sorted(found, key=lambda f: (order.index(f.severity), f.source, f.node, f.detail))


def focus_nodes(data: Graph, shapes: Graph) -> dict[URIRef, set[Node]]:
    """The nodes that each shape with a target looks at."""
    aiming = {shape for target in TARGETS for shape in shapes.subjects(target)}
    return {s.node: set(s.focus_nodes(data)) for s in ShapesGraph(shapes).shapes if s.node in aiming}


def _aimed(shapes: Graph, data: Graph, focus: set[URIRef]) -> Graph:
    """The shapes with those of their focus nodes that are in `focus` as their only targets.

    The option focus_nodes of pySHACL is no use here: it leaves values out of nested shapes too, which then conform.
    """
    values = {value for node in focus for value in data.objects(node) if isinstance(value, Literal)}
    aimed = Graph()
    for triple in shapes:
        if triple[1] not in TARGETS:
            aimed.add(triple)
    for shape, nodes in focus_nodes(data, shapes).items():
        for node in nodes & {*focus, *values}:
            aimed.add((shape, SH.targetNode, node))
    return aimed


def without_focus(ntriples: bytes, shapes: Graph) -> list[Finding]:
    """The shapes that pass because they have nothing to look at, other than those that keep a property out."""
    data = Graph().parse(data=ntriples, format="nt")
    return [
        Finding(
            "warning",
            WITHOUT_FOCUS,
            str(shape),
            "The shape looks at nothing in the graph, so that it cannot fail.",
            fix="Mend its target, or take the shape out.",
        )
        for shape, nodes in sorted(focus_nodes(data, shapes).items())
        if not nodes and not _keeps_out(shapes, shape)
    ]


def _keeps_out(shapes: Graph, shape: Node) -> bool:
    """Whether a shape only says that the properties at which it aims are not used."""
    properties = set(shapes.objects(shape, SH.property))
    paths = {path for part in properties for path in shapes.objects(part, SH.path)}
    counts = {count for part in properties for count in shapes.objects(part, SH.maxCount)}
    return paths == set(shapes.objects(shape, SH.targetSubjectsOf)) and counts == {Literal(0)}


def _finding(report: Graph, result: Node, shapes: Graph) -> Finding:
    value = report.value(result, SH.value)
    shape = report.value(result, SH.sourceShape)
    component = report.value(result, SH.sourceConstraintComponent)
    path = report.value(result, SH.resultPath)
    told = shapes.value(shape, SH.message)
    return Finding(
        severity=SEVERITIES[report.value(result, SH.resultSeverity)],
        source=str(shape),
        node=str(report.value(result, SH.focusNode)),
        message=_wrong(component, path) if told else str(report.value(result, SH.resultMessage)),
        detail=value.n3()
        if isinstance(value, Literal | URIRef) and value != report.value(result, SH.focusNode)
        else "",
        fix=str(told or ""),
        path=str(path) if isinstance(path, URIRef) else "",
        component=str(component),
    )


def _wrong(component: Node | None, path: Node | None) -> str:
    """What is wrong, in a sentence."""
    name = str(component).removeprefix(str(SH)).removesuffix("ConstraintComponent")
    subject = terms.compact(str(path)) if path else "The thing"
    return WRONG.get(name, "{path} breaks the rule " + name).format(path=subject) + "."
