"""Validation of the graph against the SHACL shapes with pySHACL, over rdflib graphs.

The shapes are first rewritten to be judged faster (kg.targets). A large graph is cut into slices (kg.slices), which
are judged side by side, each in a process of its own; the findings are those of the whole graph.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple
from functools import cache
from threading import Lock

import pyoxigraph
import pyshacl
from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg import layout, rdf, slices, targets
from kg.model import Finding

SEVERITIES: dict[Node | None, str] = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}
BLANK_NODE = re.compile(rb"^(\S+ \S+ )?_:", re.MULTILINE)


def shapes_graph() -> Graph:
    """All shapes of the project in one graph. Raises SyntaxProblem for a file that does not parse."""
    graph = Graph()
    for path in layout.walk(layout.data_path("shapes"), ".ttl"):
        rdf.read_turtle(path)  # for the place of an error
        graph.parse(path, format="turtle")
    return graph


def validate(ntriples: bytes, shapes: Graph, *, slice_size: int = slices.SIZE) -> list[Finding]:
    """Findings of the shapes over the data (N-Triples, inferences included), worst first, sorted.

    A graph of more than `slice_size` triples is judged in slices of that size, except by shapes that need it whole;
    one with blank nodes is judged whole, since their names end with the slice.
    """
    flat = targets.flattened(shapes)
    if ntriples.count(b"\n") <= slice_size or BLANK_NODE.search(ntriples):
        return _sorted(_judge(ntriples, flat))
    local, other = targets.split(flat)
    found = _judge(ntriples, other) if targets.aimed(other) else []
    return _sorted([*found, *_judge_slices(slices.slices(ntriples, targets.aims(local), slice_size), local)])


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
    terms = cache(_term)
    for quad in rdf.parse_lines(ntriples):
        graph.add((terms(quad.subject), terms(quad.predicate), terms(quad.object)))
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


if __name__ == "__main__":
    _child(int(sys.argv[1]))
