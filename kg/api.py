"""The handful of functions that a Python user needs."""

from __future__ import annotations

from pyoxigraph import Literal

from kg import lookup, queries, store
from kg.store import Term


def query(name: str, *, store_directory: str | None = None, **params: str) -> list[dict[str, str]]:
    """Rows of a canned query: one dict a row, column to text (IRIs in full, literals by their lexical form).

    Parameters are those of the query, as text; things may be given by name. Unbound columns are left out of a row.
    Raises UnknownName for a query, parameter or thing that does not exist, InputError for a value of the wrong type
    or a name of several things.

    >>> [row["printed"] for row in query("pmi")]
    ['52', '35.7']
    """
    session = store.Session(store_directory, quiet=True)
    text = lookup.bound(session, name, params) if params else queries.text(name)
    names, rows = session.ask(text).rows()
    return [{column: _text(term) for column, term in zip(names, row, strict=True) if term is not None} for row in rows]


def _text(term: Term) -> str:
    return term.value if isinstance(term, Literal) else str(getattr(term, "value", term))
