"""Validate with kg.shapes: python with_kg.py DATA.nt SHAPES.ttl REPORT.nt."""

import sys
from pathlib import Path

from rdflib import SH, BNode, Graph, URIRef

from kg import shapes

data, shape_file, report = sys.argv[1:]
names = {name: severity for severity, name in shapes.SEVERITIES.items()}
graph = Graph()
for finding in shapes.validate(Path(data).read_bytes(), Graph().parse(shape_file)):
    result = BNode()
    graph.add((result, SH.focusNode, URIRef(finding.node)))
    graph.add((result, SH.sourceShape, URIRef(finding.source)))
    graph.add((result, SH.resultSeverity, names[finding.severity]))
graph.serialize(report, format="nt", encoding="utf-8")
