"""Units of measure, by their QUDT codes: which are meant by what is printed, and what they are called."""

from __future__ import annotations

MEANT_BY = {
    "": ("NUM", "UNITLESS"),
    "US dollar": ("CCY_USD",),
    "day": ("DAY",),
    "hour": ("HR",),
    "month": ("MO",),
    "ordinal": ("UNITLESS",),
    "percent": ("PERCENT",),
    "percentage points": ("PERCENT",),
    "tonne": ("TONNE",),
    "week": ("WK",),
    "year": ("YR",),
    "yuan": ("CCY_CNY",),
}
"""The units that a figure may have in the graph, the likeliest first, by what is printed behind it (kg.phrases)."""

IN_WORDS = {
    "NUM": "things counted",
    "PERCENT": "percent",
    "UNITLESS": "index points or places, without a unit",
    "CCY_CNY": "yuan",
    "CCY_USD": "US dollars",
    "TONNE": "tonnes",
    "DAY": "days",
    "MO": "months",
    "YR": "years",
}
"""Units in words, for those that the ontology does not name."""

ON_AXES = {**IN_WORDS, "NUM": "number", "UNITLESS": ""}
"""Units as they stand on the axis of a chart."""
