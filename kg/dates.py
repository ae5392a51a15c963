"""Days and months as they stand in English print, against the dates of the graph (EDTF).

Dates are not made from print: the guard asks whether a date of the graph is printed, and whether what is printed lies
in the span of days that the graph has.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass

from kg.phrases import NUMERALS

MONTHS = "January February March April May June July August September October November December".split()
NAMES = {name.casefold(): n for n, name in enumerate(MONTHS, 1)} | {
    n[:3].casefold(): i for i, n in enumerate(MONTHS, 1)
}
_MONTH = "|".join([*MONTHS, *(f"{name[:3]}\\." for name in MONTHS), "Sept?"])
_DAY = r"(?:\d{1,2})(?:st|nd|rd|th)?"
DATE = re.compile(
    rf"\b(?:(?P<month>{_MONTH})(?:\s+(?P<days>{_DAY}(?!\d)(?:\s*(?:and|to|-|–|,)\s*{_DAY}(?!\d|,?\d))*))?"
    rf"|(?P<day>{_DAY})\s+(?:of\s+)?(?P<month2>{_MONTH}))(?:,?\s+(?P<year>(?:19|20)\d\d))?(?!\w)"
    r"|(?<![\w,.$])(?P<only>(?:19|20)\d\d)(?![\w,]|\.\d)"
)
PART = "early|start|beginning|first half|mid|middle|second half|late|end"
QUARTERS = {
    1: r"first (?:quarter|three months)|\bQ1\b",
    4: r"second quarter|\bQ2\b",
    7: r"third quarter|\bQ3\b",
    10: r"fourth quarter|last quarter|\bQ4\b",
}


@dataclass(frozen=True, slots=True)
class Printed:
    """A day, month or year as printed; None for what is not."""

    year: int | None
    month: int | None
    day: int | None
    text: str


def matches(text: str) -> Iterator[re.Match[str]]:
    """Where a text prints dates: the name of a month with what belongs to it (groups month or month2), or a year."""
    for match in DATE.finditer(text):
        if match["only"] or (match["month"] or match["month2"])[:1].isupper():
            yield match


def printed(text: str) -> list[Printed]:
    """The dates that a text prints with a month's name or as a year.

    >>> [(p.month, p.day) for p in printed("meetings on March 10 and 24")]
    [(3, 10), (3, 24)]
    """
    found = []
    for match in matches(text):
        if match["only"]:
            found.append(Printed(int(match["only"]), None, None, match[0]))
            continue
        name = match["month"] or match["month2"]
        month, year = NAMES[name[:3].casefold()], int(match["year"]) if match["year"] else None
        days = re.findall(r"\d{1,2}", match["days"] or match["day"] or "")
        found += [Printed(year, month, int(day), match[0]) for day in days] or [Printed(year, month, None, match[0])]
    return found


def agrees(day: Printed, earliest: str, latest: str) -> bool:
    """Whether a printed date can lie between two days (ISO, either may be empty)."""
    first, last = earliest or "0000-00-00", latest or "9999-99-99"
    years = [day.year] if day.year else sorted({int(d[:4]) for d in (earliest, latest) if d})
    for year in years:
        low = f"{year:04}-{day.month or 1:02}-{day.day or 1:02}"
        end = day.day or (monthrange(year, day.month)[1] if day.month else 31)
        high = f"{year:04}-{day.month or 12:02}-{end:02}"
        if low <= last and high >= first:
            return True
    return False


def endpoints(edtf: str) -> list[str]:
    """The dates of an EDTF string without its marks of doubt; a quarter stays one date.

    >>> endpoints("../2020-03-05")
    ['2020-03-05']
    """
    plain = re.sub(r"[~?%]", "", edtf)
    if re.fullmatch(r"(\d{4})-(\d\d)/\1-(\d\d)", plain) and int(plain[-2:]) == int(plain[5:7]) + 2:
        return [plain]
    return [part for part in plain.split("/") if part not in {"", ".."}]


def stated(edtf: str, text: str) -> bool:
    """Whether the ends of an EDTF date are printed in a text, or a part: "early March", "first five months".

    >>> stated("2020-03-01/2020-03-08~", "in early March")
    True
    >>> [stated(f"2023-01/2023-0{n}", "in the first five months of the year") for n in (4, 5, 6)]
    [False, True, False]
    """
    ends = endpoints(edtf)
    if all(stands(day, text) for day in ends) or _first_months(edtf, text):
        return True
    if len({day[:7] for day in ends}) != 1 or len(ends) != 2:
        return False
    month = MONTHS[int(ends[0][5:7]) - 1]
    return bool(re.search(rf"\b(?:{PART})\W+(?:of\W+)?{month}", text, re.IGNORECASE))


def _first_months(edtf: str, text: str) -> bool:
    """Whether a text prints a run of months from January: "the first five months", "the first half"."""
    run = re.fullmatch(r"(\d{4})-01/\1-(0[2-9]|1[0-2])[~?%]?", edtf)
    if run is None:
        return False
    number = int(run[2])
    half = "|half" if number == 6 else ""
    return bool(re.search(rf"\bfirst (?:(?:{number}|{NUMERALS[number]}) months{half})\b", text, re.IGNORECASE))


def stands(date: str, text: str) -> bool:
    """Whether a date (ISO day, month, year, or a quarter as month/month) is printed in a text.

    >>> stands("2020-04-15", "as of April 15")
    True
    """
    if "/" in date:
        return bool(re.search(QUARTERS.get(int(date[5:7]), "$^"), text, re.IGNORECASE))
    year, month, day = (int(part) for part in [*date.split("-"), "0", "0"][:3])
    if date in text:
        return True
    return any(
        (p.year or year) == year and (not month or p.month == month) and (not day or p.day == day)
        for p in printed(text)
        if p.month or not month
    )
