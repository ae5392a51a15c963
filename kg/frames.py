"""Answers as data frames (polars, pandas) and as files for them (Parquet, XLSX), where those libraries are installed.

A column takes the type of its cells: numbers, dates and truth values where all of them are such, else text. Decimals
become floats, as analysis wants them; the exact form stays in the other formats.
"""

from __future__ import annotations

import contextlib
import importlib
import io
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from pyoxigraph import Literal

from kg import terms
from kg.errors import UsageError
from kg.render import plain
from kg.store import Term

if TYPE_CHECKING:
    import pandas
    import polars

    PandasFrame: TypeAlias = pandas.DataFrame
    PolarsFrame: TypeAlias = polars.DataFrame

XSD = terms.STANDARD["xsd"]
READERS: dict[str, Callable[[str], object]] = {
    **dict.fromkeys(("integer", "int", "long", "nonNegativeInteger", "positiveInteger"), int),
    **dict.fromkeys(("decimal", "double", "float"), float),
    "boolean": lambda text: text in {"true", "1"},
    "date": date.fromisoformat,
}
"""What makes a Python value of a lexical form, by XSD type."""

Columns = dict[str, list[Any]]


def columns(names: list[str], rows: list[list[Term | None]]) -> Columns:
    """The cells of an answer by column, as Python values; None where nothing is bound."""
    return {name: _values([row[i] for row in rows]) for i, name in enumerate(names)}


def _values(cells: list[Term | None]) -> list[Any]:
    kinds = {
        cell.datatype.value.removeprefix(XSD) if isinstance(cell, Literal) else "" for cell in cells if cell is not None
    }
    if {"integer", "decimal"} == kinds:
        kinds = {"decimal"}
    reader = READERS.get(next(iter(kinds))) if len(kinds) == 1 else None
    if reader is not None:
        # what a query computes may be no lexical form of its type: then the column is text
        with contextlib.suppress(ValueError):
            return [None if cell is None else reader(str(getattr(cell, "value", ""))) for cell in cells]
    return [None if cell is None else plain(cell) for cell in cells]


def to_polars(names: list[str], rows: list[list[Term | None]]) -> PolarsFrame:
    """The answer as a polars frame. Raises UsageError when polars is not installed."""
    frame: PolarsFrame = _library("polars").DataFrame(columns(names, rows), strict=False)
    return frame


def to_pandas(names: list[str], rows: list[list[Term | None]]) -> PandasFrame:
    """The answer as a pandas frame. Raises UsageError when pandas is not installed."""
    frame: PandasFrame = _library("pandas").DataFrame(columns(names, rows), columns=names)
    return frame


def file(names: list[str], rows: list[list[Term | None]], form: str) -> bytes:
    """The answer as the bytes of a Parquet or XLSX file. Raises UsageError when a library is not installed."""
    frame, body = to_polars(names, rows), io.BytesIO()
    if form == "parquet":
        frame.write_parquet(body)
    else:
        # cells stay what they are: no formulas, no links made of text
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with _library("xlsxwriter").Workbook(body, options) as book:
            frame.write_excel(book, worksheet="answer")
    return body.getvalue()


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise UsageError(f"{name} is not installed", hint="pip install 'industrial-chain-kg[tables]'") from None
