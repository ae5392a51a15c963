"""The handful of functions that a Python user needs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from kg import lookup, queries, store, testimony
from kg.identifiers import with_identifiers
from kg.store import Term

if TYPE_CHECKING:
    from kg.frames import PandasFrame, PolarsFrame
    from kg.vega import AltairChart

Value = str | int | float | Decimal | date
"""What a parameter may be given as."""


class Table(list[dict[str, str]]):
    """Rows of an answer: one dict a row, column to text (IRIs in full, literals by their lexical form).

    Unbound columns are left out of a row; `columns` names all of them, in order.
    """

    def __init__(self, columns: list[str], cells: list[list[Term | None]]) -> None:
        self.columns = columns
        self._cells = cells
        rows = (zip(columns, row, strict=True) for row in cells)
        super().__init__({column: _text(term) for column, term in row if term is not None} for row in rows)

    def to_pandas(self) -> PandasFrame:
        """A pandas frame with typed columns; decimals as floats. Raises UsageError when pandas is not installed."""
        from kg import frames

        return frames.to_pandas(self.columns, self._cells)

    def to_polars(self) -> PolarsFrame:
        """A polars frame with typed columns; decimals as floats. Raises UsageError when polars is not installed."""
        from kg import frames

        return frames.to_polars(self.columns, self._cells)


def query(
    name: str, *, store_directory: str | None = None, evidence: str = "short", identifiers: str = "", **params: Value
) -> Table:
    """Rows of a canned query, with none, short or full evidence.

    `identifiers` names a data set, or is "all": then a column tells what it calls the things of each row.

    Parameters are those of the query, as text, numbers or days; things may be given by name. Raises UnknownName for
    a query, parameter or thing that does not exist, InputError for a value of the wrong type or a name of several
    things.

    >>> [row["printed"] for row in query("pmi")]
    ['52', '35.7']
    """
    session = store.Session(store_directory, quiet=True)
    text = lookup.bound(session, name, _as_text(params)) if params else queries.text(name)
    found = testimony.with_evidence(session, session.ask(text), evidence, str(params.get("known_by", "")))
    return Table(*(with_identifiers(session, found, identifiers) if identifiers else found).rows())


def plot(name: str, *, store_directory: str | None = None, **params: Value) -> AltairChart:
    """The chart of a canned query, as an Altair object, which notebooks show.

    Parameters are those of `query`. Raises what that raises, UsageError for a query without a chart or when altair is
    not installed, and InputError for an answer with nothing to draw.
    """
    from kg import charts, vega

    return vega.vega_lite(charts.chart(store.Session(store_directory, quiet=True), name, _as_text(params)))


def _as_text(params: dict[str, Value]) -> dict[str, str]:
    """Parameters as they are written on the command line: numbers without exponent, days as ISO 8601 has them."""

    def written(value: Value) -> str:
        if isinstance(value, bool):  # which Python counts among the integers
            return str(value).lower()
        return format(Decimal(str(value)), "f") if isinstance(value, (int, float, Decimal)) else str(value)

    return {key: written(value) for key, value in params.items()}


def _text(term: Term) -> str:
    return term.value if isinstance(term, Literal) else str(getattr(term, "value", term))
