"""Validate with pyrudof: python with_pyrudof.py DATA.nt SHAPES.ttl REPORT.nt."""

import sys
from pathlib import Path

from pyrudof import RDFFormat, ReaderMode, ResultShaclValidationFormat, Rudof, RudofConfig, ShaclFormat

data, shapes, report = map(Path, sys.argv[1:])
rudof = Rudof(RudofConfig())
rudof.read_data(data, format=RDFFormat.NTriples, reader_mode=ReaderMode.Strict)
rudof.read_shacl(shapes, format=ShaclFormat.Turtle, reader_mode=ReaderMode.Strict)
rudof.validate_shacl()
text = rudof.serialize_shacl_validation_results(format=ResultShaclValidationFormat.NTriples)
report.write_text(text.removeprefix("prefixes\n"))  # it begins with a line that is not N-Triples
