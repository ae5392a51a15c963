"""Answers as data frames and as files for them; and CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date

import pandas
import polars
import pytest
from pyoxigraph import Literal, NamedNode

import kg as library
from kg import frames, render
from kg.cli import ask
from kg.errors import UsageError
from kg.store import Term
from kg.visible import visible
from tests.conftest import process

XSD = "http://www.w3.org/2001/XMLSchema#"


def typed(text: str, kind: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + kind))


NAMES = ["share", "count", "day", "word", "thing", "mixed", "none"]
ROWS: list[list[Term | None]] = [
    [typed("71.7", "decimal"), typed("938", "integer"), typed("2020-03-24", "date"), Literal("00123"),
     NamedNode("https://w3id.org/icr/id/org/miit"), typed("1", "integer"), None],
    [typed("84", "decimal"), None, typed("2020-04-15", "date"), Literal("=1+1"), None, Literal("one"), None],
]  # fmt: skip


def test_columns_take_the_type_of_their_cells() -> None:
    assert frames.columns(NAMES, ROWS) == {
        "share": [71.7, 84.0],
        "count": [938, None],
        "day": [date(2020, 3, 24), date(2020, 4, 15)],
        "word": ["00123", "=1+1"],
        "thing": ["id-org:miit", None],
        "mixed": ["1", "one"],
        "none": [None, None],
    }


def test_frames_have_typed_columns_in_order() -> None:
    frame = frames.to_polars(NAMES, ROWS)
    assert frame.columns == NAMES
    assert [frame.schema[n] for n in ("share", "count", "day", "word")] == [
        polars.Float64, polars.Int64, polars.Date, polars.String,
    ]  # fmt: skip
    assert list(frames.to_pandas(NAMES, ROWS).columns) == NAMES
    assert frames.to_pandas(NAMES, [])["share"].empty


def test_the_library_gives_frames() -> None:
    table = library.query("pmi")
    assert table.columns[0] == "of"
    pandas_frame, polars_frame = table.to_pandas(), table.to_polars()
    assert isinstance(pandas_frame, pandas.DataFrame)
    assert polars_frame["printed"].to_list() == ["52", "35.7"] == list(pandas_frame["printed"])
    assert len(table) == 2


def test_files_hold_what_the_frame_holds() -> None:
    read = polars.read_parquet(io.BytesIO(frames.file(NAMES, ROWS, "parquet")))
    assert read["word"].to_list() == ["00123", "=1+1"]
    with zipfile.ZipFile(io.BytesIO(frames.file(NAMES, ROWS, "xlsx"))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet  # no formula
    assert "hyperlink" not in sheet


def test_the_command_writes_files_but_not_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    done = process("query", "pmi", "--format", "csv")
    assert done.code == 0
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    with pytest.raises(UsageError, match="xlsx is not for a terminal"):
        ask.checked_format("xlsx")


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "polars", None)
    with pytest.raises(UsageError, match="polars is not installed") as caught:
        frames.to_polars(NAMES, ROWS)
    assert caught.value.hint == "pip install 'industrial-chain-kg[tables]'"


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1-1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u200b=1", "=", "=5", "-", "--",
     "-2.2 points", "-5\n=1", "＝1+1", "＋1", "－1", "＠A1"],
)  # fmt: skip
def test_no_cell_is_a_formula(cell: str) -> None:
    for body in (render.comma_separated(["a"], [[Literal(cell)]]), render.records(["a"], [[cell]], "csv").decode()):
        assert list(csv.reader(io.StringIO(body, newline=""))) == [["a"], ["'" + visible(cell)]]


@pytest.mark.parametrize("cell", ["-2.2", "+3", "-1.5E-4", "-.5", "2020-03-24", "−5", "a=b", "", "x-y", "5"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert render.comma_separated(["a", "b"], [[Literal("x"), Literal(cell)]]) == f"a,b\r\nx,{cell}\r\n"
