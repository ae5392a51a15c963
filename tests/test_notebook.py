"""The notebook of examples: every cell runs, and the outputs kept in the file are those that come out.

`python -m tests.test_notebook` (or `make notebook`) runs it and writes the outputs anew.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.conftest import ROOT

NOTEBOOK = ROOT / "examples" / "questions.ipynb"


def executed(path: Path) -> Any:
    """The notebook with the outputs of this run, and nothing in it that is of this run alone."""
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    notebook = read(path)
    client = NotebookClient(notebook, timeout=300, record_timing=False, resources={"metadata": {"path": str(ROOT)}})
    client.execute()
    notebook["metadata"].pop("language_info", None)  # has the version of this Python
    return notebook


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def shown(notebook: Any) -> list[list[str]]:
    """What each code cell shows, as text; of a chart its words, since fonts differ between machines."""
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return [[_words(output) for output in cell["outputs"]] for cell in cells]


def _words(output: Any) -> str:
    if "data" not in output:
        return str(output.get("text", output))
    drawn = output["data"].get("image/svg+xml")
    return "\n".join(re.findall(r">([^<>\s][^<>]*)</t", drawn)) if drawn else str(output["data"]["text/plain"])


@pytest.mark.slow
def test_the_notebook_runs_and_its_outputs_are_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.environ["PATH"])
    assert shown(executed(NOTEBOOK)) == shown(read(NOTEBOOK)), "run `make notebook` and look at what has changed"


def test_the_notebook_shows_charts_tables_and_a_citation() -> None:
    outputs = [output for cell in shown(read(NOTEBOOK)) for output in cell]
    charts = [text for text in outputs if "Sources: " in text]
    assert len(charts) == 3
    assert all("industrial-chain-kg, query" in text for text in charts)
    assert re.search(r"Guangdong +exceeded 95% +\(95, 100\] +95.0 +100.0", "\n".join(outputs))
    assert "To check: kg cite operating-rates" in outputs[-1]


if __name__ == "__main__":
    NOTEBOOK.write_text(nbformat.writes(executed(NOTEBOOK)) + "\n", encoding="utf-8")  # type: ignore[no-untyped-call]
