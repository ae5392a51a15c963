"""Sentences of a paragraph, by their places.

The libraries that were tried each failed on a source text, or lost the positions, or weigh more than the rest of the
project; these rules are few enough to read.
"""

from __future__ import annotations

import re

ALWAYS = frozenset("dr e.g fig gen gov hon i.e jr lt messrs mr mrs ms no nos p pp prof rev sen sr st vs".split())
"""What a full stop after never ends a sentence."""

BEFORE_NAMES = frozenset(
    (
        "a.m al approx apr aug bros cf co corp dec dept est etc feb inc jan jul jun ltd mar nov oct p.m plc "
        "sep sept u.k u.n u.s yr"
    ).split()
)
"""What a full stop after ends a sentence only when a word follows that begins one."""

OPENERS = frozenset(
    (
        "a after all also although among an and as at because before but by during each even every for from "
        "he her here his how however if in it its many meanwhile more moreover most no now of on one only "
        "others our she since so some such that the their then there these they this those through to under "
        "until we what when where while who why with you"
    ).split()
)
"""Words that, capitalised after an abbreviation, begin a new sentence and not a name."""

END = re.compile(r"(?P<stop>[.?!…]+|[。？！])(?P<close>[\"'”’»)\]]*)(?=\s|$)|(?P<cjk>[。？！])")
NEXT = re.compile(r"\s+(?P<open>[\"'“‘«(\[]*)(?P<word>[^\s\"'“‘«(\[]*)")
LAST_WORD = re.compile(r"[^\s\"'“‘«(\[]*$")


def sentences(paragraph: str) -> list[tuple[int, int]]:
    """Start and end (exclusive) of each sentence, without the space around it.

    >>> text = "Loom Co., Ltd. in Wool City rose 3.5 percent. , 731 vans came. Why?"
    >>> [text[start:end] for start, end in sentences(text)]
    ['Loom Co., Ltd. in Wool City rose 3.5 percent. , 731 vans came.', 'Why?']
    """
    found: list[tuple[int, int]] = []
    start = 0
    for match in END.finditer(paragraph):
        if _ends(paragraph, match):
            found.append((start, match.end()))
            start = match.end()
    found.append((start, len(paragraph)))
    trimmed = [
        (s + len(paragraph[s:e]) - len(paragraph[s:e].lstrip()), s + len(paragraph[s:e].rstrip())) for s, e in found
    ]
    return [(s, e) for s, e in trimmed if s < e]


def _ends(paragraph: str, match: re.Match[str]) -> bool:
    """Whether a sentence ends at this punctuation."""
    following = NEXT.match(paragraph, match.end())
    if match["cjk"] or following is None or not (following["word"] or following["open"]):
        return True
    first = following["word"][:1]
    if not (first.isupper() or first.isdigit() or (following["open"] and not first.islower()) or first > "\u2e80"):
        return False
    if match["stop"] != "." or match["close"]:
        return True
    before = LAST_WORD.search(paragraph, max(0, match.start() - 40), match.start())
    return _full_stop(before[0] if before else "", following["word"], bracket=bool(following["open"]))


def _full_stop(before: str, after: str, *, bracket: bool) -> bool:
    """Whether the dot between two words is more than the dot of an abbreviation."""
    word = before.casefold()
    if word in ALWAYS or (len(before) == 1 and before.isupper()):
        return False
    if word in BEFORE_NAMES:
        return not bracket and after.rstrip(",;:").casefold() in OPENERS
    return True
