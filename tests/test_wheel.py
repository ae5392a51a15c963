"""The wheel, built and installed alone in an empty environment, away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT, process


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)], check=True, capture_output=True)
    (built,) = folder.glob("*.whl")  # made from the sdist, which must therefore hold all that it takes
    return built


@pytest.mark.slow
def test_it_carries_the_graph_that_the_turtle_makes(wheel: Path, nquads: list[bytes]) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        assert archive.read("kg/_data/graph.nq") == b"".join(line + b"\n" for line in nquads)
    for folder in ("ontology", "queries", "seeds", "shapes"):
        ours = {p.relative_to(ROOT).as_posix() for p in (ROOT / folder).rglob("*") if p.suffix in {".ttl", ".rq"}}
        assert {f"kg/_data/{name}" for name in ours} <= set(names)
    assert {p.relative_to(ROOT).as_posix() for p in (ROOT / "kg/templates").iterdir()} <= set(names)
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/"))]


@pytest.mark.slow
def test_it_answers_the_same_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    folder = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([str(folder / "pip"), "install", "--quiet", str(wheel)], check=True, capture_output=True)
    home = tmp_path / "home"
    home.mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("KG_", "XDG_", "VIRTUAL_ENV", "PYTHON"))}
    environment = {**kept, "HOME": str(home)}

    def ask(*argv: str) -> subprocess.CompletedProcess[str]:
        command = [str(folder / "kg"), *argv]
        return subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True, check=True)

    first = ask("query", "leading-firms")
    assert first.stdout == process("query", "leading-firms").out
    assert "building the store" in first.stderr
    assert ask("query", "leading-firms").stderr == ""
    assert ask("export").stdout == process("export").out
    assert ask("build", "--force", "--quiet").stdout.startswith(str(first.stdout and ask("export").stdout.count("\n")))
