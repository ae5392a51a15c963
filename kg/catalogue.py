"""The queries as values for the pages for people: answers with their first rows, checks, and what is derived."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg import queries
from kg.model import Column, Param, Query
from kg.render import plain
from kg.store import Session
from kg.testimony import SHORT as EVIDENCE

INTERNAL = tuple("align contradiction describe entail evidence explain export federate load lookup walk".split())
"""Kinds of queries that only the commands ask."""
SHOWN_COLUMNS = 4
SHOWN_ROWS = 3
LONGEST_CELL = 90


@dataclass(frozen=True, slots=True)
class Table:
    """A few rows of an answer, cut to what tells most."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class DescribedQuery:
    """An answer query with what its rows look like."""

    query: Query
    columns: tuple[Column, ...]
    """Those of its own, without those of EVIDENCE, which the pages explain once."""
    has_evidence: bool
    defaults: dict[str, str]
    """What each parameter is when it is left out; empty when that means all."""
    example: Table
    number_of_rows: int

    @property
    def sparql(self) -> str:
        """The query without its head."""
        return "\n".join(line for line in self.query.body.split("\n") if not line.startswith("#+"))


@dataclass(frozen=True, slots=True)
class Derived:
    """A query of queries/derive: its name, its title, and the terms of the triples that it makes."""

    name: str
    title: str
    makes: tuple[str, ...]


def answers(session: Session) -> list[DescribedQuery]:
    """The answer queries by name, each run as it stands."""
    return [_answer(queries.read(name), session) for name in queries.names()]


def _answer(query: Query, session: Session) -> DescribedQuery:
    names, rows = session.ask(query.body).rows()
    has_evidence = tuple(names[-len(EVIDENCE) :]) == EVIDENCE
    own = names[: -len(EVIDENCE)] if has_evidence else names
    cells = [[plain(term) for term in row] for row in rows]
    return DescribedQuery(
        query,
        tuple(query.columns[name] for name in own),
        has_evidence,
        {param.name: _default(query, param) for param in query.params.values()},
        telling(names, cells[:SHOWN_ROWS]),
        len(rows),
    )


def telling(names: list[str], rows: list[list[str]]) -> Table:
    """The columns of some rows that tell most: the first that hold something, then what is printed and where.

    >>> telling(["of", "spread", "printed", "claim"], [["SMEs", "", "84%", "x"]])
    Table(columns=('of', 'printed'), rows=(('SMEs', '84%'),))
    """
    filled = [i for i, name in enumerate(names) if name not in EVIDENCE and any(row[i] for row in rows)]
    evidence = [i for i, name in enumerate(names) if name in {"printed", "source"}]
    chosen = [*filled[:SHOWN_COLUMNS], *evidence]
    return Table(tuple(names[i] for i in chosen), tuple(tuple(_cut(row[i]) for i in chosen) for row in rows))


def _cut(cell: str) -> str:
    return cell if len(cell) <= LONGEST_CELL else cell[: LONGEST_CELL - 1].rstrip() + "…"


def _default(query: Query, param: Param) -> str:
    """What stands in the parameter's VALUES line; empty for UNDEF."""
    found = re.search(rf"^\s*VALUES \?{param.name} {{ (.*) }}$", query.body, re.MULTILINE)
    return found[1] if found and found[1] != "UNDEF" else ""


def groups(found: list[DescribedQuery]) -> dict[str, list[DescribedQuery]]:
    """The answers under each of their tags, tags in order of the alphabet."""
    tags = sorted({tag for answer in found for tag in answer.query.tags}, key=str.casefold)
    return {tag: [answer for answer in found if tag in answer.query.tags] for tag in tags}


def all_of(*kinds: str) -> list[Query]:
    """The queries of some kinds (check, evidence …), by kind and name."""
    return [queries.read(name, kind) for kind in kinds for name in queries.names(kind)]


def derived() -> list[Derived]:
    """The queries of queries/derive, by name."""
    return [Derived(query.name, query.title, _makes(query.body)) for query in all_of("derive")]


def _makes(body: str) -> tuple[str, ...]:
    """The classes and properties in the template of a CONSTRUCT, as compact names, in its order.

    >>> _makes("CONSTRUCT { ?a icr:leads ?b . ?b a icr:Agent } WHERE { ?a icr:leader ?b }")
    ('icr:leads', 'icr:Agent')
    """
    template = body.partition("CONSTRUCT")[2].partition("WHERE")[0]
    return tuple(dict.fromkeys(re.findall(r"(?<![\w?:/-])[a-z][\w-]*:[\w-]+", template)))
