"""Validation of the graph against the SHACL shapes with pySHACL, over rdflib graphs.

The shapes are first rewritten to be judged faster (kg.shape_rewriting). A large graph is cut into slices
(kg.graph_slices), which are judged side by side, each in a process of its own; the findings are those of the whole
graph.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple
from functools import cache
from threading import Lock

import pyoxigraph
import pyshacl
from pyshacl.shapes_graph import ShapesGraph
from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg import graph_slices, layout, rdf, shape_rewriting, terms
from kg.model import Finding

SEVERITIES: dict[Node | None, str] = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}
TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
WITHOUT_FOCUS = "shape-without-focus"

WRONG = {
    "And": "{path} does not meet all of its conditions",
    "Class": "{path} leads to something of another class",
    "Datatype": "{path} is no {datatype}",
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
    "Or": "{path} meets none of the conditions of which one must hold",
    "Pattern": "{path} is not written in the right form",
    "QualifiedMaxCount": "{path} has too many values of one kind",
    "QualifiedMinCount": "{path} lacks a value of one kind",
    "UniqueLang": "{path} has two values in one language",
    "Xone": "{path} meets none, or more than one, of the conditions of which exactly one must hold",
}
"""What is wrong, by constraint component (SHACL 4)."""

NONE_ALLOWED = "{path} does not belong here"
NO_LANGUAGE = "{path} has no language tag"

BLANK_NODE = re.compile(rb"^(\S+ \S+ )?_:", re.MULTILINE)


def shapes_graph() -> Graph:
    """All shapes of the project in one graph. Raises SyntaxProblem for a file that does not parse."""
    return folder_graph("shapes")


def folder_graph(folder: str) -> Graph:
    """The Turtle of a data folder in one rdflib graph. Raises SyntaxProblem for a file that does not parse."""
    graph = Graph()
    for path in layout.walk(layout.data_path(folder), ".ttl"):
        rdf.read_turtle(path)  # for the place of an error
        graph.parse(path, format="turtle")
    return graph


def listed(space: str) -> list[str]:
    """The terms of a namespace that the shapes name."""
    return sorted({str(term) for triple in shapes_graph() for term in triple if str(term).startswith(space)})


def validate(
    ntriples: bytes, shapes: Graph, focus: Collection[str] | None = None, *, slice_size: int = graph_slices.SIZE
) -> list[Finding]:
    """Findings of the shapes over the data (N-Triples, inferences included), worst first, sorted.

    With `focus`, only these nodes are looked at, with the verdicts that they have in the whole. A graph of more than
    `slice_size` triples is judged in slices of that size, except by shapes that need it whole; one with blank nodes is
    judged whole, since their names end with the slice.
    """
    if focus is not None:
        aimed = _aimed(shapes, _graph(ntriples), {URIRef(node) for node in focus})
        return _sorted(_judge(ntriples, aimed))
    flat = shape_rewriting.flattened(shapes)
    if ntriples.count(b"\n") <= slice_size or BLANK_NODE.search(ntriples):
        return _sorted(_judge(ntriples, flat))
    local, other = shape_rewriting.split(flat)
    found = _judge(ntriples, other) if shape_rewriting.aimed(other) else []
    slices = graph_slices.slices(ntriples, shape_rewriting.aims(local), slice_size)
    return _sorted([*found, *_judge_slices(slices, local)])


def _judge(ntriples: bytes, shapes: Graph) -> list[Finding]:
    """The findings in this process, in no order."""
    _, report, _ = pyshacl.validate(_graph(ntriples), shacl_graph=shapes, inference="none", advanced=False)
    assert isinstance(report, Graph)
    return [_finding(report, result, shapes) for result in report.subjects(RDF.type, SH.ValidationResult)]


def _judge_slices(parts: Iterator[bytes], shapes: Graph) -> list[Finding]:
    """The findings of all slices, as many at a time as there are processors."""
    body = shapes.serialize(format="nt", encoding="utf-8")
    taking = Lock()

    def work(_: int) -> list[Finding]:
        found: list[Finding] = []
        while True:
            with taking:  # a slice is made when somebody is free to judge it
                part = next(parts, None)
            if part is None:
                return found
            found += _judge_apart(part, body)

    processors = os.cpu_count() or 1
    with ThreadPoolExecutor(processors) as pool:
        return [finding for found in pool.map(work, range(processors)) for finding in found]


def _judge_apart(ntriples: bytes, shapes: bytes) -> list[Finding]:
    """The findings, made by a process of its own.

    Not by multiprocessing: its workers run the main module of the caller again, or are forked from one with threads.
    """
    command = [sys.executable, "-m", "kg.shapes", str(len(shapes))]
    done = subprocess.run(command, input=shapes + ntriples, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"a slice could not be validated: {done.stderr.decode(errors='replace')}")
    return [Finding(*fields) for fields in json.loads(done.stdout)]


def _child(length: int) -> None:
    """Judge what stands on stdin: shapes of this length in N-Triples, and the data after them."""
    body = sys.stdin.buffer.read()
    found = _judge(body[length:], _graph(body[:length]))
    sys.stdout.write(json.dumps([astuple(finding) for finding in found]))


def _graph(ntriples: bytes) -> Graph:
    """N-Triples as an rdflib graph; each term is made once, which is faster than rdflib's own parser."""
    graph = Graph()
    known = cache(_term)
    for quad in rdf.parse_lines(ntriples):
        graph.add((known(quad.subject), known(quad.predicate), known(quad.object)))
    return graph


def _term(term: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple) -> Node:
    """The rdflib term of a pyoxigraph term; a plain string has no datatype, as rdflib's own parser has it."""
    if isinstance(term, pyoxigraph.NamedNode):
        return URIRef(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return BNode(term.value)
    assert isinstance(term, pyoxigraph.Literal)
    if term.language:
        return Literal(term.value, lang=term.language)
    datatype = URIRef(term.datatype.value)
    return Literal(term.value, datatype=None if datatype == XSD.string else datatype)


def _sorted(found: list[Finding]) -> list[Finding]:
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
    data = _graph(ntriples)
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
        message=_wrong(component, path, value, shapes, shape) if told else str(report.value(result, SH.resultMessage)),
        detail=value.n3()
        if isinstance(value, Literal | URIRef) and value != report.value(result, SH.focusNode)
        else "",
        fix=str(told or ""),
        path=str(path) if isinstance(path, URIRef) else "",
        component=str(component),
    )


def _wrong(component: Node | None, path: Node | None, value: Node | None, shapes: Graph, shape: Node | None) -> str:
    """What is wrong, in a sentence."""
    name = str(component).removeprefix(str(SH)).removesuffix("ConstraintComponent")
    wrong = WRONG.get(name, "{path} breaks the rule " + name)
    if name == "MaxCount" and shapes.value(shape, SH.maxCount) == Literal(0):
        wrong = NONE_ALLOWED
    if name == "LanguageIn" and isinstance(value, Literal) and not value.language:
        wrong = NO_LANGUAGE
    datatype = terms.compact(str(shapes.value(shape, SH.datatype)))
    return wrong.format(path=terms.compact(str(path)) if path else "The thing", datatype=datatype) + "."


if __name__ == "__main__":
    _child(int(sys.argv[1]))
