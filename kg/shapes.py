"""Validation of the graph against the SHACL shapes with pySHACL, over rdflib graphs."""

from __future__ import annotations

import pyshacl
from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.term import Node

from kg import layout, rdf
from kg.model import Finding

SEVERITIES: dict[Node | None, str] = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}


def shapes_graph() -> Graph:
    """All shapes of the project in one graph. Raises SyntaxProblem for a file that does not parse."""
    graph = Graph()
    for path in layout.walk(layout.data_path("shapes"), ".ttl"):
        rdf.read_turtle(path)  # for the place of an error
        graph.parse(path, format="turtle")
    return graph


def validate(ntriples: bytes, shapes: Graph) -> list[Finding]:
    """Findings of the shapes over the data (N-Triples, inferences included), worst first, sorted."""
    data = Graph()
    data.parse(data=ntriples, format="nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False)
    assert isinstance(report, Graph)
    found = [_finding(report, result, shapes) for result in report.subjects(RDF.type, SH.ValidationResult)]
    order = list(SEVERITIES.values())
    return sorted(found, key=lambda f: (order.index(f.severity), f.source, f.node, f.detail))


def _finding(report: Graph, result: Node, shapes: Graph) -> Finding:
    value = report.value(result, SH.value)
    shape = report.value(result, SH.sourceShape)
    message = shapes.value(shape, SH.message) or report.value(result, SH.resultMessage)
    return Finding(
        severity=SEVERITIES[report.value(result, SH.resultSeverity)],
        source=str(shape),
        node=str(report.value(result, SH.focusNode)),
        message=str(message),
        detail=value.n3() if isinstance(value, Literal | URIRef) else "",
    )
