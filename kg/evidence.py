"""The evidence that the graph holds, read for checking it against the texts: plain values, no RDF terms.

The queries are in queries/evidence; they use only what curators write, so that they run on a file of one's own that
no build has seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from kg import queries
from kg.engine import Ask, Row, records
from kg.terms import local

OWN_VOICE = frozenset({"outlet", "official-data", "unnamed-person"})
"""Attributions that name no body: the words are the outlet's, or it vouches for them."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """The file of one document."""

    iri: str
    document: str
    file: str
    sha256: str
    characters: int
    bytes: int
    issued: str
    basis: str
    """How the day of issue is known."""


@dataclass(frozen=True, slots=True)
class ParagraphRecord:
    """A paragraph as the graph has it."""

    iri: str
    document: str
    number: int
    role: str
    start: int
    end: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A span as the graph has it."""

    iri: str
    paragraph: str
    start: int
    end: int
    sha256: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure of a claim."""

    iri: str
    form: str
    comparator: str
    value: Decimal | None
    lower: Decimal | None
    upper: Decimal | None
    unit: str
    indicator: str


@dataclass(frozen=True, slots=True)
class When:
    """A time of a claim, or of the event that it reports."""

    role: str
    iri: str
    label: str
    edtf: str
    earliest: str
    latest: str
    basis: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim with what its evidence has to carry."""

    iri: str
    kind: str
    label: str
    document: str
    attribution: str
    passages: tuple[str, ...]
    quantities: tuple[Quantity, ...] = ()
    subjects: tuple[tuple[str, str], ...] = ()
    """Pairs of role and thing."""
    times: tuple[When, ...] = ()
    announces: bool = False
    """Whether what it reports is the announcing of something to come."""
    back: tuple[str, ...] = ()
    """Passages to which the claim's words go back: what "such firms" are, or the figure that a headline rounds."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All of it."""

    renditions: dict[str, Rendition] = field(default_factory=dict)
    """By document."""
    paragraphs: dict[str, ParagraphRecord] = field(default_factory=dict)
    passages: dict[str, Passage] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Names of each thing."""


def load(ask: Ask) -> Evidence:
    """Everything that `kg verify` compares with the texts."""
    found = Evidence()
    for row in rows_of(ask, "renditions"):
        numbers = int(row["characters"]), int(row["bytes"])
        day = row["issued"], local(row["basis"])
        rendition = Rendition(row["rendition"], row["document"], row["file"], row["sha256"], *numbers, *day)
        found.renditions[row["document"]] = rendition
    for row in rows_of(ask, "paragraphs"):
        place = int(row["start"]), int(row["end"])
        found.paragraphs[row["paragraph"]] = ParagraphRecord(
            row["paragraph"], row["document"], int(row["number"]), local(row["role"]), *place, row["sha256"]
        )
    for key, rows in grouped(rows_of(ask, "passages"), "passage").items():
        first = rows[0]
        forms = tuple(row["form"] for row in rows if row["form"])
        place = int(first["start"]), int(first["end"])
        found.passages[key] = Passage(key, first["paragraph"], *place, first["sha256"], forms)
    found.claims.update(_claims(ask))
    found.names.update(
        {thing: tuple(r["name"] for r in rows) for thing, rows in grouped(rows_of(ask, "names"), "thing").items()}
    )
    return found


def _claims(ask: Ask) -> dict[str, Claim]:
    figures = grouped(rows_of(ask, "figures"), "claim")
    subjects = grouped(rows_of(ask, "subjects"), "claim")
    times = grouped(rows_of(ask, "times"), "claim")
    found = {}
    for key, rows in grouped(rows_of(ask, "claims"), "claim").items():
        first = rows[0]
        found[key] = Claim(
            key,
            local(first["kind"]),
            first["label"],
            first["document"],
            local(first["attribution"]),
            tuple(dict.fromkeys(row["passage"] for row in rows if row["passage"])),
            tuple(dict.fromkeys(_quantity(row) for row in figures.get(key, []))),
            tuple((local(row["role"]), row["thing"]) for row in subjects.get(key, [])),
            tuple(_when(row) for row in times.get(key, [])),
            any(row["announces"] for row in rows),
            tuple(dict.fromkeys(row["back"] for row in rows if row["back"])),
        )
    return found


def _quantity(row: Row) -> Quantity:
    value, lower, upper = (Decimal(row[key]) if row[key] else None for key in ("value", "lower", "upper"))
    comparator, unit = local(row["comparator"]), local(row["unit"])
    return Quantity(row["quantity"], row["form"], comparator, value, lower, upper, unit, row["indicator"])


def _when(row: Row) -> When:
    return When(
        local(row["role"]), row["time"], row["label"], row["edtf"], row["earliest"], row["latest"], local(row["basis"])
    )


def rows_of(ask: Ask, name: str, params: dict[str, str] | None = None) -> list[Row]:
    """The rows of a query of queries/evidence as text; unbound cells are empty."""
    return records(*ask(queries.bind(queries.read(name, "evidence"), params or {})))


def grouped(rows: list[Row], key: str) -> dict[str, list[Row]]:
    """The rows by one of their columns, in order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found
