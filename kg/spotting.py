"""Names of things as they stand in a text, letter by letter: the longest name at each place, on word borders."""

from __future__ import annotations

import re
from dataclasses import dataclass

STRAIGHT = str.maketrans("‘’“”\u00a0", "''\"\" ")
"""Quotation marks and spaces that printers choose freely; one character for one, so that positions stay."""
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Name:
    """One name in a text, and the things that it may stand for."""

    start: int
    end: int
    things: frozenset[str]


class Namer:
    """Finds the names of a registry in texts.

    >>> namer = Namer({"Loom City": frozenset({"city"}), "loom": frozenset({"loom"}), "City": frozenset({"any"})})
    >>> [(name.start, name.end, set(name.things)) for name in namer.names("Looms of Loom City.")]
    [(0, 5, {'loom'}), (9, 18, {'city'})]
    """

    def __init__(self, names: dict[str, frozenset[str]]) -> None:
        self._things: dict[str, frozenset[str]] = {}
        for name, things in names.items():
            for form in forms(name):
                self._things[form] = self._things.get(form, frozenset()) | things
        exact = [form for form in self._things if not form.islower()]
        loose = [form for form in self._things if form.islower()]
        self._patterns = [_pattern(exact, 0), _pattern(loose, re.IGNORECASE)]

    def names(self, text: str) -> list[Name]:
        """The names in order; a name inside a longer one is part of it."""
        plain = text.translate(STRAIGHT)
        hits = {
            (match.start(), match.end())
            for pattern in self._patterns
            if pattern
            for match in _overlapping(pattern, plain)
        }
        found = []
        for start, end in sorted(hits):
            if not any(s <= start and end <= e and (s, e) != (start, end) for s, e in hits):
                words = plain[start:end]
                things = self._things.get(words, frozenset()) | self._things.get(words.lower(), frozenset())
                found.append(Name(start, end, things))
        return found


def forms(name: str) -> list[str]:
    """A name as printed; a name without capitals also in the other number.

    >>> forms("face masks")
    ['face masks', 'face mask']
    """
    plain = name.translate(STRAIGHT).strip()
    if len(plain) < SHORTEST:
        return []
    if not plain.islower() or not plain[-1].isalpha() or plain.endswith("ss"):
        return [plain]
    return [plain, plain[:-1] if plain.endswith("s") and len(plain) > 4 else plain + "s"]


def _pattern(found: list[str], flags: int) -> re.Pattern[str] | None:
    if not found:
        return None
    choices = "|".join(re.escape(form) for form in sorted(found, key=lambda form: (-len(form), form)))
    return re.compile(rf"(?<!\w)(?:{choices})(?![\w$])", flags)


def _overlapping(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    """The longest match at each place where one begins."""
    return [match for i in range(len(text)) if (match := pattern.match(text, i))]
