"""Terms in one form whatever store they come from: what citations and the comparison of stores take digests of.

Stores rewrite literals. DIFFERENCES lists what was seen of each engine, and `normalised` levels what keeps its value.
What changes a value stays a difference, so that it is found.

    the literal as written                Oxigraph 0.5        Virtuoso 7.2.5      Jena, rdflib     here
    "1.00"^^xsd:decimal                   "1"                 "1"                 as written       1
    "+007"^^xsd:integer                   "7"                 "7"                 as written       7
    "5"^^xsd:int, xsd:long …              xsd:integer         as written          as written       5
    twenty digits, xsd:integer            as written          xsd:decimal         as written       the number
    "1"^^xsd:boolean                      "true"              "true", JSON: "1"   as written       true
    "1.0E0"^^xsd:double                   "1"                 "1.0"               as written       1
    "…:00.500"^^xsd:dateTime              "…:00.5"            as written          as written       …:00.5
    "2020-04-15Z"^^xsd:date               as written          as written          as written       2020-04-15
    "a"@zh-Hans                           "a"@zh-hans         as written          as written       "a"@zh-hans

Left different, as the value is another: both write "1e400"^^xsd:double as "INF". Virtuoso keeps 15 digits after the
point of a decimal and six of a float, writes "99"^^xsd:gYear as "0099", a duration as a number, an ill-typed
"abc"^^xsd:integer as 0, and a year before 0 with three digits. The graph has none of these; `kg validate` refuses
ill-typed literals.
"""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal

from pyoxigraph import Quad, Triple

from kg import terms
from kg.store import Term

XSD = terms.STANDARD["xsd"]
INTEGERS = {
    *("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger"),
    *("negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"),
}
NUMBERS = {"decimal", "double", "float", *INTEGERS}
WITHOUT_DATATYPE = {f"{XSD}string", f"{terms.STANDARD['rdf']}langString", *(XSD + name for name in NUMBERS)}
"""Datatypes that `key` leaves out: what a string is, and which kind of number."""
KEY_BYTES = 8


def normalised(term: Term | None) -> str:
    """A term as a citation's digest takes it, without its datatype; see the head of the module."""
    if term is None:
        return ""
    datatype = getattr(term, "datatype", None)
    if datatype is None:
        return f"<{getattr(term, 'value', term)}>"
    text, kind = str(getattr(term, "value", "")), datatype.value.removeprefix(XSD)
    if kind in NUMBERS:
        return _number(text)
    if kind == "boolean":
        return "true" if text in {"true", "1"} else "false"
    if kind == "date":
        return re.sub(r"(Z|[+-]\d\d:\d\d)$", "", text)
    language = getattr(term, "language", None)
    return json.dumps(text, ensure_ascii=False) + (f"@{language.lower()}" if language else "")


def _number(text: str) -> str:
    try:
        value = Decimal(text)
        return f"{value.normalize() + 0:f}" if value.is_finite() else text
    except ArithmeticError:  # no number, or one with more digits than there is memory
        return text


def key(triple: Triple | Quad) -> int:
    """The first 64 bits of the BLAKE2b of a triple in its normal form; its graph is left out."""
    datatype = getattr(getattr(triple.object, "datatype", None), "value", "")
    kind = "" if datatype in WITHOUT_DATATYPE else f"^^{datatype}"
    text = f"{triple.subject} {triple.predicate} {normalised(triple.object)}{kind}"
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest())
