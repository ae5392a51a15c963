"""Findings as people and other tools read them: grouped text, rows, SARIF 2.1.0, and a SHACL validation report."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

import kg
from kg import terms
from kg.model import Finding
from kg.validate import Report
from kg.visible import visible

COLUMNS = ("severity", "file", "line", "column", "thing", "label", "message", "fix", "value", "source")
SH = terms.STANDARD["sh"]
XSD = terms.STANDARD["xsd"]
SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
"""SARIF 2.1.0, 3.27.10."""


def rows(report: Report) -> list[list[str]]:
    """The cells of each finding, in the order of COLUMNS."""
    return [_row(finding, report) for finding in report.findings]


def _row(finding: Finding, report: Report) -> list[str]:
    place = finding.place
    where = [place.file, str(place.line or ""), str(place.column or "")] if place else ["", "", ""]
    thing, label = terms.compact(finding.node), report.labels.get(finding.node, "")
    return [finding.severity, *where, thing, label, finding.message, finding.fix, finding.detail, source(finding)]


def source(finding: Finding) -> str:
    """The compact name of the shape that found something, or the name of the check."""
    return terms.compact(finding.source)


def text(report: Report) -> str:
    """The findings grouped by file and thing, each with line and column, message, fix, and what found it."""
    blocks = []
    for file, of_file in groupby(report.findings, key=lambda f: f.place.file if f.place else "(no file)"):
        lines = [file]
        for node, found in groupby(of_file, key=lambda f: f.node):
            label = report.labels.get(node, "")
            lines += [f"  {terms.compact(node)}" + (f"  “{label}”" if label else "")] if node else []
            lines += [line for finding in found for line in _lines(finding)]
        blocks.append("".join(visible(line) + "\n" for line in lines))
    return "\n".join(blocks)


def _lines(finding: Finding) -> Iterator[str]:
    place = finding.place
    where = f"{place.line}:{place.column}" if place and place.line else "-"
    value = f" ({terms.compact(finding.detail.strip('<>'))})" if finding.detail else ""
    yield f"    {where:>8}  {finding.severity}: {finding.message}{value}"
    yield f"    {'':8}  {finding.fix} [{source(finding)}]"


def sarif(report: Report) -> str:
    """The findings as a SARIF 2.1.0 log, for editors and code hosts."""
    rules: dict[str, Finding] = {}
    for finding in report.findings:
        rules.setdefault(source(finding), finding)
    driver = {
        "name": "kg validate",
        "version": kg.__version__,
        "informationUri": terms.BASE,
        "rules": [{"id": name, "help": {"text": first.fix or first.message}} for name, first in rules.items()],
    }
    index = {name: i for i, name in enumerate(rules)}
    results = [_result(finding, index[source(finding)]) for finding in report.findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _result(finding: Finding, rule: int) -> dict[str, object]:
    thing = f"{terms.compact(finding.node)}: " if finding.node else ""
    result: dict[str, object] = {
        "ruleId": source(finding),
        "ruleIndex": rule,
        "level": LEVELS[finding.severity],
        "message": {"text": f"{thing}{finding.message} {finding.fix}".rstrip()},
    }
    if place := finding.place:
        physical: dict[str, object] = {"artifactLocation": {"uri": _uri(place.file)}}
        if place.line:
            physical["region"] = {"startLine": place.line, "startColumn": place.column or 1}
        result["locations"] = [{"physicalLocation": physical}]
    return result


def _uri(file: str) -> str:
    """A path as a URI reference: relative to the working directory, or a file URI."""
    if os.path.isabs(file):
        return Path(file).as_uri()
    return Path("/", file).as_uri().removeprefix("file:///")


def turtle(report: Report) -> bytes:
    """The findings as a SHACL validation report (SHACL 3.6)."""
    body = serialize(_triples(report), format=RdfFormat.TURTLE, prefixes=terms.PREFIXES)
    assert body is not None
    return body


def _triples(report: Report) -> Iterator[Triple]:
    node = BlankNode("report")
    conforms = Literal(str(not report.findings).lower(), datatype=NamedNode(XSD + "boolean"))
    yield Triple(node, NamedNode(terms.STANDARD["rdf"] + "type"), NamedNode(SH + "ValidationReport"))
    yield Triple(node, NamedNode(SH + "conforms"), conforms)
    for i, finding in enumerate(report.findings):
        result = BlankNode(f"result{i}")
        yield Triple(node, NamedNode(SH + "result"), result)
        yield Triple(result, NamedNode(terms.STANDARD["rdf"] + "type"), NamedNode(SH + "ValidationResult"))
        for name, value in _properties(finding):
            yield Triple(result, NamedNode(SH + name), value)


def _properties(finding: Finding) -> Iterator[tuple[str, NamedNode | BlankNode | Literal]]:
    file = Path(finding.place.file).absolute().as_uri() if finding.place else terms.BASE
    shape = finding.source if ":" in finding.source else f"{terms.BASE}query/check/{finding.source}"
    where = f" ({finding.place})" if finding.place else ""
    yield "focusNode", _node(finding.node or file)
    yield "resultSeverity", NamedNode(SH + finding.severity.capitalize())
    yield "sourceShape", NamedNode(shape)
    yield "sourceConstraintComponent", NamedNode(finding.component or SH + "SPARQLConstraintComponent")
    yield "resultMessage", Literal(f"{finding.message} {finding.fix}{where}")
    if finding.path:
        yield "resultPath", NamedNode(finding.path)
    if finding.detail:
        yield "value", _value(finding.detail)


def _node(name: str) -> NamedNode | BlankNode | Literal:
    """What a finding is about: a thing, a node without a name, or a literal."""
    if name == "_:":
        return BlankNode()
    try:
        return NamedNode(name)
    except ValueError:
        return Literal(name)


def _value(detail: str) -> NamedNode | Literal:
    """The value that a finding means, as the term that it is."""
    try:
        (quad,) = parse(f"<x:x> <x:x> {detail} .", format=RdfFormat.N_TRIPLES)
    except SyntaxError:
        return Literal(detail)
    term = quad.object
    return term if isinstance(term, NamedNode | Literal) else Literal(detail)
