r"""Whether a literal has a form that its datatype allows: the lexical spaces of XML Schema 1.1 Part 2.

The libraries at hand convert before they look: they take "1e5" for a decimal, "1 000" for 1000 and 30 February for a
date. The expressions are those of https://www.w3.org/TR/xmlschema11-2/#built-in-datatypes; RDF takes a literal as it is
written, without first removing white space (RDF 1.1 Concepts, 5.1).
"""

from __future__ import annotations

import calendar
import re

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg import terms
from kg.model import Finding

XSD = terms.STANDARD["xsd"]

ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
YEAR = r"(?P<year>-?(?:[1-9]\d{3,}|0\d{3}))"
MONTH = r"(?P<month>0[1-9]|1[0-2])"
DAY = r"(?P<day>0[1-9]|[12]\d|3[01])"
CLOCK = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
YEARS = r"(?:\d+Y(?:\d+M)?|\d+M)"
HOURS = r"(?:T(?:\d+H(?:\d+M)?(?:\d+(?:\.\d+)?S)?|\d+M(?:\d+(?:\.\d+)?S)?|\d+(?:\.\d+)?S))"
FLOAT = r"(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN)"
BASE64 = r"(?:[A-Za-z0-9+/] ?)"
START = r"A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
START += r"\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
PART = START + r"\-.0-9\u00b7\u0300-\u036f\u203f-\u2040"

FORMS = {
    "boolean": ("true|false|1|0", "write true or false"),
    "decimal": (r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", "write digits with a point and nothing else: 100000.0, not 1e5"),
    "integer": (r"[+-]?\d+", "write digits and nothing else"),
    "float": (FLOAT, "write a number such as 1.5 or 1.5E3, or INF or NaN"),
    "double": (FLOAT, "write a number such as 1.5 or 1.5E3, or INF or NaN"),
    "date": (f"{YEAR}-{MONTH}-{DAY}{ZONE}", "write a day that exists, as 2020-04-23"),
    "dateTime": (f"{YEAR}-{MONTH}-{DAY}T{CLOCK}{ZONE}", "write it as 2020-04-23T10:00:00"),
    "dateTimeStamp": (f"{YEAR}-{MONTH}-{DAY}T{CLOCK}{ZONE[:-1]}", "write it as 2020-04-23T10:00:00+08:00"),
    "time": (f"{CLOCK}{ZONE}", "write it as 10:00:00"),
    "gYear": (f"{YEAR}{ZONE}", "write four digits: 2020"),
    "gYearMonth": (f"{YEAR}-{MONTH}{ZONE}", "write it as 2020-04"),
    "gMonth": (f"--{MONTH}{ZONE}", "write it as --04"),
    "gMonthDay": (f"--{MONTH}-{DAY}{ZONE}", "write it as --04-23"),
    "gDay": (f"---{DAY}{ZONE}", "write it as ---23"),
    "duration": (f"-?P(?:{YEARS}?(?:\\d+D)?{HOURS}|{YEARS}?\\d+D|{YEARS})", "write it as P1Y2M3DT4H5M6S"),
    "dayTimeDuration": (f"-?P(?:\\d+D{HOURS}?|{HOURS})", "write it as P3DT4H5M6S"),
    "yearMonthDuration": (f"-?P{YEARS}", "write it as P1Y2M"),
    "hexBinary": (r"(?:[0-9A-Fa-f]{2})*", "write two hexadecimal digits for each byte"),
    "base64Binary": (
        f"(?:(?:{BASE64}{{4}})*(?:{BASE64}{{3}}[A-Za-z0-9+/]|{BASE64}{{2}}[AEIMQUYcgkosw048] ?=|"
        f"{BASE64}[AQgw] ?= ?=))?",
        "write base64 with its padding",
    ),
    "language": ("[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*", "write a language tag such as en or zh-Hans"),
    "normalizedString": (r"[^\t\n\r]*", "leave out tabs and line ends"),
    "token": (
        r"(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?",
        "leave out tabs, line ends, and spaces at the ends or side by side",
    ),
    "Name": (f"[:{START}][:{PART}]*", "write an XML name"),
    "NCName": (f"[{START}][{PART}]*", "write an XML name without a colon"),
    "NMTOKEN": (f"[:{PART}]+", "write an XML name token"),
}
"""Local name of a datatype to the whole of its lexical space and what to do."""

RANGES = {
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    **{name: (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for name, bits in
       (("byte", 8), ("short", 16), ("int", 32), ("long", 64))},
    **{name: (0, 2**bits - 1) for name, bits in
       (("unsignedByte", 8), ("unsignedShort", 16), ("unsignedInt", 32), ("unsignedLong", 64))},
}  # fmt: skip
"""The integers between two bounds."""

FREE = ("string", "anyURI")
"""Datatypes that allow every string (XSD 1.1 has no lexical rule for anyURI)."""

ILL_TYPED = "ill-typed-literal"
SHOWN = 60
"""Characters of a literal that a finding shows."""

COMPILED = {name: re.compile(form, re.ASCII) for name, (form, _) in FORMS.items()}
SIGNIFICANT = 30
"""Digits of an integer that decide whether it lies between two bounds; Python converts no endless numbers."""


def problem(value: str, datatype: str) -> str:
    """What to do about a literal that its datatype does not allow; empty when it does, or is none of XML Schema.

    >>> problem("1e5", "http://www.w3.org/2001/XMLSchema#decimal")
    'write digits with a point and nothing else: 100000.0, not 1e5'
    >>> problem("2020-02-30", "http://www.w3.org/2001/XMLSchema#date")
    'write a day that exists, as 2020-04-23'
    """
    name = datatype.removeprefix(XSD)
    if name == datatype or name in FREE:
        return ""
    if name in RANGES:
        low, high = RANGES[name]
        return "" if _within(value, low, high) else f"write an integer{_bounds(low, high)}"
    if name not in FORMS:
        return f"take a datatype that RDF has; xsd:{name} is none"
    match = COMPILED[name].fullmatch(value)
    return "" if match and _exists(match.groupdict()) else FORMS[name][1]


def findings(triple: Triple | Quad) -> list[Finding]:
    """What is wrong with the value of a triple as a literal."""
    value = triple.object
    todo = problem(value.value, value.datatype.value) if isinstance(value, Literal) else ""
    if not todo or not isinstance(value, Literal):
        return []
    node = triple.subject.value if isinstance(triple.subject, NamedNode) else "_:"
    message = f"“{value.value[:SHOWN]}” is no {terms.compact(value.datatype.value)}."
    fix = f"{todo[0].upper()}{todo[1:]}."
    return [Finding("violation", ILL_TYPED, node, message, str(value), fix, triple.predicate.value)]


def _within(value: str, low: int | None, high: int | None) -> bool:
    if not COMPILED["integer"].fullmatch(value):
        return False
    digits = value.lstrip("+-").lstrip("0")[:SIGNIFICANT] or "0"
    number = -int(digits) if value.startswith("-") else int(digits)
    return (low is None or number >= low) and (high is None or number <= high)


def _bounds(low: int | None, high: int | None) -> str:
    return (f" from {low}" if low is not None else "") + (f" up to {high}" if high is not None else "")


def _exists(parts: dict[str, str | None]) -> bool:
    """Whether a month has that day; 29 February without a year does exist."""
    month, day = parts.get("month"), parts.get("day")
    if not month or not day:
        return True
    leap = calendar.isleap(int((parts.get("year") or "2000")[-4:]))  # a leap year shows in its last four digits
    return int(day) <= (29 if leap and month == "02" else calendar.monthrange(2001, int(month))[1])
