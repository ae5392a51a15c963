"""Validate with pySHACL as it is: python with_pyshacl.py DATA.nt SHAPES.ttl REPORT.nt."""

import sys

import pyshacl
from rdflib import Graph

data, shapes, report = sys.argv[1:]
_, found, _ = pyshacl.validate(Graph().parse(data, format="nt"), shacl_graph=Graph().parse(shapes), inference="none")
found.serialize(report, format="nt", encoding="utf-8")
