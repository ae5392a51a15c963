"""Whether the words of a paragraph can have the role that the graph gives it: signs that each role has or cannot have.

Order is not looked at here: queries/check/paragraphs-in-another-order.rq does that.
"""

from __future__ import annotations

import re

from kg import dates
from kg.skeleton import BYLINE

LONGEST = {"byline": 160, "caption": 400, "heading": 90, "headline": 200, "speaker-label": 60}
"""Letters that a paragraph of the role has at most; a sentence or two is longer."""
SENTENCE_END = re.compile(r"[.!?:;…。！？：；][\"'”’»)\]]*$|[\"”»)\]]$")
PICTURE = re.compile(
    r"photo|picture|image|graphic|illustration|courtesy|credit|\bfile\b|[\[(][^\])]*[\])]$", re.IGNORECASE
)
NAMES_A_WRITER = re.compile(r"\b(?:reporter|correspondent|editor|staff writer|by)\b", re.IGNORECASE)


def misfit(role: str, words: str) -> str:
    """What in the words speaks against a role of the scheme paragraph-role, in words; empty when nothing does.

    >>> misfit("heading", "The mills work again."), misfit("heading", "Back into gear")
    ('a heading is no full sentence', '')
    """
    text = words.strip()
    if len(text) > LONGEST.get(role, len(text)):
        return f"a {role} is not {len(text)} characters long"
    ends = bool(SENTENCE_END.search(text))
    signs = {
        "body": (ends, "the running text ends with a full stop, or another end of a sentence"),
        "byline": (_signed(text), "a byline has a day, or a writer's name"),
        "caption": (bool(PICTURE.search(text)), "a caption tells of a picture or whose it is"),
        "heading": (not ends or text[-1] in '?"”', "a heading is no full sentence"),
        "question": ("?" in text or "？" in text, "a question has a question mark"),
        "speaker-label": (text.endswith((":", "：")), "a speaker label ends with a colon"),
    }
    fits, message = signs.get(role, (True, ""))
    return "" if fits else message


def _signed(text: str) -> bool:
    """Whether a text names a day or a writer, as a byline does."""
    return bool(BYLINE.search(text) or NAMES_A_WRITER.search(text) or any(dates.printed(text)))
