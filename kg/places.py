"""Where a thing stands in the Turtle of the project: a light scan for the lines that begin a subject."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from kg import layout, terms

SUBJECT = re.compile(r"^([A-Za-z][\w-]*):((?:[^\s\\;,]|\\.)+)(?=\s|$)")


@cache
def index(added: tuple[str, ...] = ()) -> dict[str, str]:
    """IRI of each subject of the seeds, and of the folders added to them, to FILE:LINE."""
    found: dict[str, str] = {}
    for folder in (layout.data_path("seeds"), *added):
        for file in layout.walk(folder, ".ttl"):
            found.update(scan(Path(file)))
    return found


def scan(file: Path) -> dict[str, str]:
    """IRI of each subject of a Turtle file to FILE:LINE, for files in the project's layout."""
    spaces = {**terms.PREFIXES, **terms.document_prefixes(file.parent.name)}
    found: dict[str, str] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1):
        match = SUBJECT.match(line)
        if match and match[1] in spaces:
            iri = spaces[match[1]] + match[2].replace("\\", "")
            found.setdefault(iri, f"{layout.shown(file)}:{number}")
    return found
