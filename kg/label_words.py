"""Whether a text names a thing: by a label as it stands, or by the key words of a label.

Words are compared by a light stem, so that "SMEs" meets "SME" and "resumed" meets "resumption"; spelling variants of
British and American English are one.
"""

from __future__ import annotations

import re
from functools import cache

STOPWORDS = frozenset(
    (
        "a about an and are as at be been by co de first for from had has have in inc into is it its kind later ltd "
        "made more named not of on one or other over s spoken than that the their them they this to two under up was "
        "were what which who with"
    ).split()
)
TOKEN = re.compile(r"[^\W_]+\$?", re.UNICODE)
"""A word; with the sign of a currency behind it, it names no country (US$)."""
VARIANTS = {
    "labour": "labor", "fibre": "fiber", "programme": "program", "centre": "center", "colour": "color",
    "plough": "plow", "tonne": "ton", "sanitiser": "sanitizer", "fertiliser": "fertilizer", "tyre": "tire",
}  # fmt: skip
LONG = 4
"""Letters of a stem that may stand for the beginning of another."""
ENDINGS = (
    "ization izing izes ized ize isation ations ation ptions ption tions tion ments ment ings ing ers er ors or ies "
    "ied es ed ly al s e y"
).split()


@cache
def stem(word: str) -> str:
    """A word without case, spelling variant and ending; rough, and the same for all forms of most words.

    >>> stem("Enterprises") == stem("enterprise")
    True
    >>> stem("resumption") == stem("resumed")
    True
    """
    plain = word.casefold()
    base = next((VARIANTS[v] + plain[len(v) :] for v in VARIANTS if plain.startswith(v)), plain)
    base = re.sub(r"is(e|ed|es|ing|ation)$", r"iz\1", base) if len(base) > 6 else base
    for ending in ENDINGS:
        if base.endswith(ending) and len(base) - len(ending) >= 3:
            return base[: -len(ending)]
    return base


@cache
def stems(text: str) -> tuple[str, ...]:
    """The stems of the words of a text, in order."""
    return tuple(stem(word) for word in TOKEN.findall(text.replace("’s ", " ").replace("'s ", " ")))


@cache
def key_words(label: str) -> frozenset[str]:
    """The stems of a label that carry its meaning."""
    words = TOKEN.findall(re.sub(r"['’]s\b", "", label))
    kept = [word for word in words if word.casefold() not in STOPWORDS]
    return frozenset(stem(word) for word in kept or words)


@cache
def stands_in(label: str, text: str) -> bool:
    """Whether a label stands in a text, word for word but for endings.

    >>> stands_in("face mask", "they made face masks")
    True
    """
    wanted, words = stems(label), stems(text)
    return any(words[i : i + len(wanted)] == wanted for i in range(len(words) - len(wanted) + 1)) if wanted else False


def is_among(stem: str, words: set[str]) -> bool:
    """Whether a stem is one of some words, or the beginning of a long one, or the other way round.

    >>> is_among("shipbuild", {"ship"}), is_among("ship", {"shipbuild"}), is_among("car", {"carpet"})
    (True, True, False)
    """
    if stem in words:
        return True
    return any(stem.startswith(w) or (len(stem) >= LONG and w.startswith(stem)) for w in words if len(w) >= LONG)


@cache
def share_in(label: str, text: str, common: frozenset[str] = frozenset()) -> float:
    """How many of the key words of a label stand in a text, from 0 to 1; "ships" is enough for "shipbuilding".

    Words of `common`, which tell nothing apart, do not count where the label has others.
    """
    wanted, words = key_words(label) - common or key_words(label), set(stems(text))
    present = [word for word in wanted if word in words or any(word.startswith(w) for w in words if len(w) >= LONG)]
    return len(present) / len(wanted) if wanted else 0.0


def named(labels: tuple[str, ...], text: str, common: frozenset[str] = frozenset()) -> float:
    """1 when a label stands in the text, else the best share of key words, below 1."""
    if any(stands_in(label, text) for label in labels):
        return 1.0
    return max((0.99 * share_in(label, text, common) for label in labels), default=0.0)
