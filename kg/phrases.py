"""Reading figures as they stand in English print: number, scale words, hedge, unit, direction.

One pass over a text finds every figure with its place, so that "7,600" is known to be part of "over 7,600" and
600 is never found inside 7,600. The comparators are the notations of the scheme ontology/schemes/comparator.ttl.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "mn": 1_000_000,
    "billion": 1_000_000_000,
    "bn": 1_000_000_000,
    "trillion": 1_000_000_000_000,
    "tn": 1_000_000_000_000,
}
NUMERALS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
"""The words for 0 to 19, by their number."""
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
WORDS = {word: n for n, word in enumerate(NUMERALS)} | {word: 20 + 10 * n for n, word in enumerate(TENS)}
ORDINALS = {
    word: n
    for n, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=1
    )
}
PLURALS = {"dozens": 10, "tens": 10, "scores": 20} | {f"{word}s": n for word, n in SCALES.items() if len(word) > 2}

HEDGES = {
    "ge": "at least|no less than|no fewer than|not less than|not fewer than|a minimum of|not below|no lower than",
    "le": "at most|no more than|not more than|a maximum of|as many as|as much as|up to|not exceeding|not above",
    "nearly": "nearly|almost|close to|close on|just under|just below|just short of|not quite|approaching",
    "gt": (
        "(?:well |just |slightly |far |a little |somewhat |much )?(?:over|more than|above|greater than|in excess of|"
        "upwards of|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|topp?(?:s|ed|ing)|beyond)"
    ),
    "lt": "(?:well |slightly |far |much )?(?:less than|fewer than|lower than|under|below)",
    "approx": "about|around|approximately|roughly|some|circa|an estimated|or so|in the region of",
}
TRAILING = {
    "ge": "or more|or above|and above|or over",
    "approx": "or so|or thereabouts",
    "le": "or less|or fewer|or below",
}

FAMILIES = {
    "percentage points": r"percentage[ -]points?|per cent points?|pp\b",
    "percent": r"%|per ?cent\b|percent\b|pct\b|percentage\b",
    "yuan": r"(?:chinese )?yuan\b|RMB\b|renminbi\b",
    "US dollar": r"(?:US |U\.S\. )?dollars?\b|USD\b",
    "tonne": r"(?:metric )?tons?\b|tonnes?\b",
    "day": r"days?\b",
    "week": r"weeks?\b",
    "month": r"months?\b",
    "year": r"years?\b",
    "hour": r"hours?\b",
}
CURRENCIES = {"US$": "US dollar", "$": "US dollar", "RMB": "yuan", "¥": "yuan", "CNY": "yuan", "USD": "US dollar"}

_WORD = "|".join(sorted([*NUMERALS, *TENS], key=len, reverse=True))
_SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SPELT = rf"(?:{_WORD})(?:[- ](?:{_WORD}))?(?: (?:{_SCALE})(?: and (?:{_WORD})(?:[- ](?:{_WORD}))?)?)*"
_NUMBER = (
    rf"(?P<currency>US\$|\$|¥|RMB ?|CNY ?|USD ?)?(?:(?P<digits>{_DIGITS})(?P<plus>\+)?(?P<ending>st|nd|rd|th)?"
    rf"|(?P<ordinal>{'|'.join(ORDINALS)})|(?P<plural>(?:{'|'.join(PLURALS)})(?: of (?:{'|'.join(PLURALS)}))?)(?= of\b)"
    rf"|(?P<spelt>{_SPELT}|an? (?:{_SCALE})))"
)
NUMBER = re.compile(
    rf"(?<![\w$¥])(?<![A-Za-z]-)(?<!\d[.,]){_NUMBER}(?![\w])(?![.,]\d)(?P<scale>[ -](?:{_SCALE})\b)*", re.IGNORECASE
)
UNIT = re.compile(
    r"[ -]?(?:" + "|".join(f"(?P<u{i}>{p})" for i, p in enumerate(FAMILIES.values())) + ")", re.IGNORECASE
)
HEDGE = re.compile(r"\b(?:" + "|".join(f"(?P<{c}>{p})" for c, p in HEDGES.items()) + r")\s+$", re.IGNORECASE)
AFTER = re.compile(r"\s+(?:" + "|".join(f"(?P<{c}>{p})" for c, p in TRAILING.items()) + r")\b", re.IGNORECASE)
RANGE = re.compile(r"\s*(?:-|–|—|to|and)\s*", re.IGNORECASE)
# "firming up to 52" is a movement that ends at 52, not a limit
MOVED_UP_TO = re.compile(r"\b\w+(?:ing|ed)\s+up\s+to\s+$|\b(?:rose|went|is|are|was|were|it|them)\s+up\s+to\s+$", re.I)
UP = r"increas\w+|rise\w*|rising|rose|up|grew|grow\w*|gain\w*|climb\w*|jump\w*|higher|added"
DOWN = r"decreas\w+|fall\w*|fell|down|drop\w*|declin\w+|shr\w+k\w*|lost|loss\w*|lower|plung\w+|reduc\w+|dip\w*|cut"
DIRECTION = re.compile(rf"\b(?:(?P<up>{UP})|(?P<down>{DOWN}))(?:\s+(?:of|by|to|from|a|an|in))*\s*$", re.IGNORECASE)
DIRECTION_AFTER = re.compile(
    r"^\s+(?:points?\s+)?(?:(?P<up>higher|more|up|increase|rise)|(?P<down>lower|less|fewer|down|drop))\b", re.I
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a text: what it says, and where it stands (code points, end exclusive)."""

    comparator: str
    value: Decimal
    """Scaled to 1; of a range its lower end."""
    family: str = ""
    """Unit where one is printed: a key of FAMILIES, "ordinal", or empty."""
    sign: int = 0
    """1 or -1 where a word says that it is a rise or a fall, else 0."""
    upper: Decimal | None = None
    """Upper end of a range."""
    start: int = 0
    """Where the hedge begins, or the number when there is none."""
    number: int = 0
    """Where the number begins."""
    stop: int = 0
    """Where the number ends, with its scale words."""
    end: int = 0
    """Where the unit ends, or the number when none is printed."""


def read(form: str) -> Figure | None:
    """The first figure of a printed form, or None when it holds none.

    >>> found = read("over 7,600")
    >>> found.comparator, found.value
    ('gt', Decimal('7600'))
    """
    found = figures(form)
    return found[0] if found else None


def figures(text: str) -> list[Figure]:
    """Every figure of a text, in order, each with the hedge that stands before or after it."""
    plain = text.replace("\u00a0", " ")
    found: list[Figure] = []
    for match in NUMBER.finditer(plain):
        figure = _figure(plain, match)
        if found and _same_range(plain, found[-1], figure):
            found[-1] = _joined(found[-1], figure)
        else:
            found.append(_inherited(plain, found[-1], figure) if found else figure)
    return found


def _figure(text: str, match: re.Match[str]) -> Figure:
    """The figure at a number: with its unit, hedge and direction."""
    unit = UNIT.match(text, match.end())
    family = _family(match, unit)
    end = unit.end() if unit else match.end()
    before, start = _hedge(text, match.start())
    after = AFTER.match(text, end)
    comparator = before or (after.lastgroup if after else None) or ("gt" if match["plus"] else "eq")
    if match["plural"]:
        comparator = "multiple"
    return Figure(
        comparator,
        _value(match),
        family,
        _sign(text, start, end),
        None,
        start,
        match.start(),
        match.end(),
        after.end() if after else end,
    )


def _value(match: re.Match[str]) -> Decimal:
    """The number of a match, scaled to 1."""
    if match["digits"]:
        value = Decimal(match["digits"].replace(",", ""))
    elif match["ordinal"]:
        value = Decimal(ORDINALS[match["ordinal"].lower()])
    elif match["plural"]:
        value = Decimal(1)
        for word in match["plural"].lower().split(" of "):
            value *= PLURALS[word]
    else:
        value = _spelt(match["spelt"].lower())
    tail = match[0][len(match["currency"] or "") :].lower() if match["digits"] else ""
    for word in re.findall(r"[a-z]+", tail):
        value *= SCALES.get(word, 1)
    return value


def _spelt(words: str) -> Decimal:
    """The value of a number in words.

    >>> _spelt("two hundred and fifty thousand")
    Decimal('250000')
    """
    total = current = 0
    for word in re.findall("[a-z]+", words):
        if word in WORDS:
            current += WORDS[word]
        elif word == "hundred":
            current = max(current, 1) * 100
        elif word in SCALES:
            total, current = total + max(current, 1) * SCALES[word], 0
    return Decimal(total + current)


def _family(match: re.Match[str], unit: re.Match[str] | None) -> str:
    """The unit that is printed with a number."""
    if match["ordinal"] or match["ending"]:
        return "ordinal"
    if match["currency"]:
        return CURRENCIES[match["currency"].strip().upper()]
    if unit and unit.lastgroup:
        return list(FAMILIES)[int(unit.lastgroup[1:])]
    return ""


def _hedge(text: str, number: int) -> tuple[str | None, int]:
    """The comparator of the words right before a number, and where they begin."""
    window = max(0, number - 40)
    before = text[window:number]
    match = HEDGE.search(before)
    if match is None or match.lastgroup is None or MOVED_UP_TO.search(before):
        return None, number
    return match.lastgroup, window + match.start()


def _sign(text: str, start: int, end: int) -> int:
    """1 or -1 when a word before or after the figure says that it is a rise or a fall."""
    match = DIRECTION.search(text[max(0, start - 40) : start]) or DIRECTION_AFTER.match(text[end : end + 20])
    if match is None:
        return -1 if text[max(0, start - 1) : start] in {"-", "−"} else 0
    return 1 if match["up"] else -1


def _same_range(text: str, low: Figure, high: Figure) -> bool:
    """Whether two figures are the ends of one range: "between 50 and 60", "50-60 percent", "50 to 60 days"."""
    between = text[low.end : high.start]
    if not RANGE.fullmatch(between) or high.comparator != "eq" or low.comparator != "eq" or high.value <= low.value:
        return False
    before = text[max(0, low.start - 9) : low.start].lower()
    if between.strip().lower() == "and":
        return before.endswith("between ")
    return not before.endswith("from ") and low.family in {"", high.family} and high.family != "ordinal"


def _joined(low: Figure, high: Figure) -> Figure:
    """Two ends as one range."""
    return replace(low, comparator="range", family=high.family, upper=high.value, stop=high.stop, end=high.end)


def _inherited(text: str, before: Figure, figure: Figure) -> Figure:
    """A conversion in brackets right after a figure shares its hedge: "over 7 yuan (US$1)"."""
    if text[before.end : figure.start].strip() == "(" and figure.comparator == "eq":
        return replace(figure, comparator=before.comparator)
    return figure
