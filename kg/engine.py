"""What answers SPARQL queries: the embedded store (kg.store) and an endpoint (kg.endpoint), which are asked alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

import pyoxigraph

from kg.store import Term

Ask = Callable[[str], tuple[list[str], list[list[Term | None]]]]
"""Runs a SELECT over the union of the graphs, and gives the names of its columns and the rows."""
Row = dict[str, str]
"""A row as text by column."""


class Answer(Protocol):
    """The answer to a query: rows of a SELECT, a truth value of an ASK, or triples. It is read once, in one way."""

    is_boolean: bool
    is_graph: bool

    def serialise(self, form: str) -> bytes:
        """Rows or a truth value in one of kg.store.RESULT_FORMATS (SPARQL 1.1 results)."""

    def rows(self) -> tuple[list[str], list[list[Term | None]]]:
        """Names of the columns in the order of the SELECT, and the rows."""

    def triples(self) -> list[pyoxigraph.Triple]:
        """The triples of a CONSTRUCT or DESCRIBE."""

    def truth(self) -> bool:
        """The truth value of an ASK."""


class Engine(Protocol):
    """A store that can be asked; its IRIs are the project's, under whichever base the store has them."""

    address: str
    """URL of the endpoint; empty for the embedded store."""

    def ask(self, text: str, prefixes: dict[str, str] | None = None) -> Answer:
        """The answer to a query over the union of the graphs; `prefixes` are those that it need not declare.

        Raises SyntaxProblem with line and column when the text is not SPARQL, StoreError when nothing answers.
        """

    def as_stored(self) -> Engine:
        """The same store, whose answers have IRIs under its own base."""

    def ours(self, iri: str) -> str:
        """An IRI under the store's own base as the project writes it; any other as it is."""

    def digest(self) -> str:
        """SHA-256 of the graph's sorted N-Quads as `kg build` prints it; empty when it is not known."""


def asking(session: Engine) -> Ask:
    """The way to ask a store that is open, or an endpoint."""
    return lambda text: session.ask(text).rows()


def asking_store(store: pyoxigraph.Store) -> Ask:
    """The way to ask a store that is being made."""

    def ask(text: str) -> tuple[list[str], list[list[Term | None]]]:
        solutions = store.query(text, use_default_graph_as_union=True)
        assert isinstance(solutions, pyoxigraph.QuerySolutions)
        return table(solutions)

    return ask


def asking_lines(lines: Iterable[bytes]) -> Ask:
    """The way to ask a graph of N-Quads lines."""
    return asking_store(in_memory(lines))


def in_memory(lines: Iterable[bytes]) -> pyoxigraph.Store:
    """A store in memory with these N-Quads lines."""
    store = pyoxigraph.Store()
    store.bulk_load(b"\n".join(lines), format=pyoxigraph.RdfFormat.N_QUADS)
    return store


def table(solutions: pyoxigraph.QuerySolutions) -> tuple[list[str], list[list[Term | None]]]:
    """Names of the columns in the order of the SELECT, and the rows; may be taken once."""
    columns = [variable.value for variable in solutions.variables]
    return columns, [[row[column] for column in columns] for row in solutions]


def records(columns: list[str], rows: list[list[Term | None]]) -> list[Row]:
    """Rows as text by column: IRIs in full, literals by their lexical form, unbound cells empty."""
    return [{c: getattr(term, "value", "") for c, term in zip(columns, row, strict=True)} for row in rows]
