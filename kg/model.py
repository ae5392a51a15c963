"""Frozen values that the modules hand to each other; no behaviour beyond themselves."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an answer, as the query's head describes it."""

    name: str
    meaning: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of a query; `values` names the query or concept scheme that lists its values."""

    name: str
    type: str
    meaning: str
    values: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A query file: its head, and its text as it stands."""

    name: str
    title: str
    question: str
    problem: str
    fix: str
    tags: tuple[str, ...]
    columns: dict[str, Column]
    params: dict[str, Param]
    body: str
    file: str
    kind: str = "answer"
    """The folder of queries that it is in."""
    premises: tuple[str, ...] = ()
    """Triple patterns over the query's columns: what a rule of queries/explain or queries/contradiction rests on."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file; line and column count from 1, in code points, and 0 is unknown."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """FILE:LINE:COLUMN, as far as they are known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


SEVERITIES = ("violation", "warning", "info")
"""Of findings, the worst first."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or doubtful in the data."""

    severity: str
    """One of SEVERITIES."""
    source: str
    """What found it: the name of a check, or the IRI of a shape."""
    node: str
    """IRI of the thing; empty when a file as a whole is meant."""
    message: str
    """What is wrong."""
    detail: str = ""
    """The value that is meant, or what else helps to find it."""
    fix: str = ""
    """What to do."""
    path: str = ""
    """IRI of the property that is meant."""
    component: str = ""
    """IRI of the SHACL constraint component that found it."""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """What a build made."""

    generation: str
    quads: int
    inferred: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a thing."""

    thing: str
    text: str
    kind: str
    """label, alias, misprint or variant, as printed."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was searched for, and the name that matched."""

    thing: str
    name: str
    kind: str
    score: float
    """From 0 to 1; 1 is the name itself."""
