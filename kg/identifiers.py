"""A column of identifiers for an answer: what other data sets call the things that each row names.

Cells of an answer are names, by which the things are found; a name of several things finds none. Rows are never added
or left out, and the columns of evidence are not looked at.
"""

from __future__ import annotations

from pyoxigraph import Literal

from kg import lookup, queries, terms
from kg.engine import Answer, Engine, records
from kg.store import Term, table
from kg.testimony import BETWEEN, FULL, SHORT

COLUMN = "identifiers"
ALL = "all"
"""Stands for all data sets; Wikidata comes first."""
FIRST = terms.expand("id-dataset:wikidata")

AT_ONCE = 50
"""How many names or things a query asks for: few enough for any store, and few queries for one that is far away."""

Row = dict[str, str]


def with_identifiers(session: Engine, answer: Answer, target: str) -> Answer:
    """The answer with one more column: the identifiers, in a data set or in ALL, of the things that a row names.

    Raises UnknownName, with the nearest, for a data set that nothing is linked to.
    """
    dataset = "" if target == ALL else lookup.resolve(session, target, "dataset")
    names, rows = answer.rows()
    own = [i for i, name in enumerate(names) if name not in {*SHORT, *FULL}]
    texts = [[_name(row[i]) for i in own] for row in rows]
    known = _identified(session, sorted({text for row in texts for text in row if text}), dataset)
    return table([*names, COLUMN], [[*row, _cell(named, known)] for row, named in zip(rows, texts, strict=True)])


def _name(term: Term | None) -> str:
    """The text of a cell that may be a name; empty for numbers, dates and IRIs."""
    words = {"string", "langString"}
    return term.value if isinstance(term, Literal) and term.datatype.value.rpartition("#")[2] in words else ""


def _cell(names: list[str], known: dict[str, tuple[str, str]]) -> Literal | None:
    """The identifiers of the things of some names, in their order, each thing once."""
    things: dict[str, str] = {}
    for thing, text in (known[name] for name in names if name in known):
        things.setdefault(thing, text)
    return Literal(BETWEEN.join(things.values())) if things else None


def _identified(session: Engine, names: list[str], dataset: str) -> dict[str, tuple[str, str]]:
    """Each name of one thing that has identifiers, with the thing and with them in words."""
    named = {name: thing for part in _parts(names) for name, thing in _named(session, part).items()}
    told: dict[str, dict[str, None]] = {}
    for part in _parts(sorted(set(named.values()))):
        rows = sorted(_rows(session, "identifiers", {"thing": part}), key=lambda row: row["target"] != FIRST)
        for row in rows:
            if row["target"] == dataset or not dataset:
                told.setdefault(row["thing"], {})[_told(row, with_dataset=not dataset)] = None
    return {name: (thing, f"{name}: {', '.join(told[thing])}") for name, thing in named.items() if thing in told}


def _named(session: Engine, names: list[str]) -> dict[str, str]:
    """The thing of each name that only one thing has."""
    things: dict[str, set[str]] = {}
    for row in _rows(session, "labelled", {"name": names}):
        if lookup.is_thing(row["thing"]):
            things.setdefault(row["name"], set()).add(row["thing"])
    return {name: next(iter(found)) for name, found in things.items() if len(found) == 1}


def _rows(session: Engine, lookup_query: str, params: dict[str, list[str]]) -> list[Row]:
    """The rows of a look-up as text."""
    return records(*session.ask(queries.bind(queries.read(lookup_query, "lookup"), params)).rows())


def _parts(values: list[str]) -> list[list[str]]:
    return [values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE)]


def _told(row: Row, *, with_dataset: bool) -> str:
    """An identifier in words, with the match where the entry is wider, narrower, or only close."""
    match = row["relation"] if row["relation"].endswith("Match") and row["relation"] != "exactMatch" else ""
    return (f"{row['dataset']} " if with_dataset else "") + row["identifier"] + (f" ({match})" if match else "")
