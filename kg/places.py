"""Where the things of the graph, and what is said of them, stand in files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache

from pyoxigraph import BlankNode

from kg import layout, links, text_files, turtle
from kg.model import Finding, Place
from kg.turtle import Scan, Statement


@dataclass(slots=True)
class Places:
    """The statements of several files, by what they speak of."""

    said: dict[str, list[tuple[Statement, Scan, str]]] = field(default_factory=lambda: defaultdict(list))
    """Of each subject."""
    used: dict[str, list[tuple[Statement, Scan, str]]] = field(default_factory=lambda: defaultdict(list))
    """With each property and object."""

    def add(self, file: str, scan: Scan) -> None:
        """Take in what a file says."""
        for statement in scan.statements:
            entry = (statement, scan, file)
            self.said[_text(statement.subject)].append(entry)
            self.used[_text(statement.predicate)].append(entry)
            self.used[_text(statement.object)].append(entry)

    def subject(self, iri: str) -> Place | None:
        """Where a thing is first a subject."""
        return next((_place(scan, file, s.at[0]) for s, scan, file in self.said.get(iri, ())), None)

    def of(self, finding: Finding) -> Place | None:
        """The place of the statement that a finding means; failing that, of the thing, or of what names it."""
        best: tuple[int, Place] | None = None
        for statement, scan, file in self.said.get(finding.node, ()):
            rank, at = _fit(statement, finding)
            if best is None or rank > best[0]:
                best = rank, _place(scan, file, at)
        if best is not None:
            return best[1]
        for statement, scan, file in self.used.get(finding.node, ()):
            at = statement.at[1] if _text(statement.predicate) == finding.node else statement.at[2]
            if best is None or (_text(statement.subject) == finding.detail and not best[0]):
                best = int(_text(statement.subject) == finding.detail), _place(scan, file, at)
        return best[1] if best else None

    def located(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings with their places, as far as they had none and there is one."""
        return [f if f.place else replace(f, place=self.of(f)) for f in findings]


def _text(term: object) -> str:
    """The IRI of a name, the text of a literal; all nodes without a name are one."""
    return "_:" if isinstance(term, BlankNode) else str(getattr(term, "value", term))


def _place(scan: Scan, file: str, offset: int) -> Place:
    return Place(file, *scan.place(offset))


def _fit(statement: Statement, finding: Finding) -> tuple[int, int]:
    """How well a statement of the thing is what a finding means, and where the term that is meant begins."""
    path, value = _text(statement.predicate) == finding.path, _value_is(statement, finding.detail)
    if value and (path or not finding.path):
        return 3, statement.at[2]
    if path:
        return 2, statement.at[1]
    return (1, statement.at[2]) if value else (0, statement.at[0])


def _value_is(statement: Statement, detail: str) -> bool:
    """Whether the object is the detail of a finding: as a term of N-Triples, its text, or a word of it."""
    text = _text(statement.object)
    return bool(detail) and (detail in (str(statement.object), text) or text in detail.split())


def project(added: Iterable[str] = ()) -> Places:
    """The statements of all the project's Turtle and mapping sets, and of the folders added to it."""
    own = (layout.data_path(folder) for folder in ("seeds", "ontology", "shapes"))
    return _of_folders((*own, *added))


@cache
def _of_folders(folders: tuple[str, ...]) -> Places:
    found = Places()
    for folder in folders:
        for path in layout.facts(folder):
            mappings = path.endswith(layout.MAPPINGS)
            scan = links.scan(path) if mappings else turtle.scan(text_files.read(path))
            found.add(layout.shown(path), scan)
    return found


def index(added: Iterable[str] = ()) -> dict[str, str]:
    """IRI of each subject of the seeds, and of the folders added to them, to FILE:LINE."""
    found = _of_folders((layout.data_path("seeds"), *added))
    places = ((iri, found.subject(iri)) for iri in found.said)
    return {iri: f"{place.file}:{place.line}" for iri, place in places if place}
