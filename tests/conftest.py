"""Paths, the store that tests share, and the two ways to run kg."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg import build, executables, layout
from kg.cli import run as run_kg

if TYPE_CHECKING:
    from tests.servers import Server  # which imports this module

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples/harbour-gazette-2031-04-23"
IN_CI = os.environ.get("CI") == "true"


def texts_folder() -> Path | None:
    """The folder of the five source documents, which are not part of the project."""
    folder = Path(os.environ.get("KG_TEXTS") or ROOT.parent / "shared" / "texts")
    return folder if folder.is_dir() else None


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def texts() -> Path:
    folder = texts_folder()
    if folder is None:
        pytest.skip(
            "the five source documents are not here (they are not ours to publish); KG_TEXTS names their folder"
        )
    return folder


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store of the real graph, made once for all workers (the build takes a lock of its own)."""
    return shared_store(tmp_path_factory, "store", [])


def shared_store(factory: pytest.TempPathFactory, name: str, added: list[str]) -> str:
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    directory = str(shared / name)
    build.build(directory, added, quiet=True)
    return directory


@pytest.fixture(scope="session")
def example_store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store of the real graph with the example document, made once for all workers."""
    return shared_store(tmp_path_factory, "example-store", [str(EXAMPLE)])


@pytest.fixture(scope="session")
def nquads(store: str) -> list[bytes]:
    """The lines of the real graph."""
    from kg.store import current_generation

    return Path(current_generation(store), "graph.nq").read_bytes().splitlines()


@pytest.fixture(scope="session")
def graph(nquads: list[bytes]) -> list[bytes]:
    """The lines of the real graph without the list of its queries."""
    return list(executables.others(nquads))


@pytest.fixture(autouse=True)
def use_shared_store(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in the tests touches the user's own cache."""
    monkeypatch.setenv("KG_STORE", store)


@pytest.fixture
def project_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project's data folders, which kg takes for them."""
    copy = tmp_path / "data"
    for folder in layout.DATA_FOLDERS:
        shutil.copytree(layout.data_path(folder), copy / folder)
    monkeypatch.setattr(layout, "data_root", lambda: str(copy))
    return copy


@pytest.fixture
def kg(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Outcome]:
    """Run the command in this process, as a person would: through the one error boundary."""

    def run(*argv: str) -> Outcome:
        code = run_kg(list(argv))
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return Outcome(code, out.decode(), err.decode())

    return run


def comments(path: Path, key: str) -> list[str]:
    """The values of the `# key:` lines of a fixture."""
    return re.findall(rf"^# {key}: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)


def process(*argv: str, stdin: str = "", env: dict[str, str] | None = None, cwd: Path | None = None) -> Outcome:
    """Run the command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "kg", *argv],
        input=stdin,
        capture_output=True,
        text=True,
        env={**os.environ, **(env or {})},
        cwd=cwd,
        timeout=300,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def tool(name: str, package: str) -> str:
    """A program that tests use beside Python: missing is a failure in CI, a skip with its reason elsewhere."""
    found = shutil.which(name)
    if found is None:
        reason = f"{name} is not installed (Debian package {package})"
        if IN_CI:
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture
def small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A file system of as many MiB as the parameter says."""
    if os.geteuid() != 0 or sys.platform != "linux":
        pytest.skip("mounting a small file system needs root on Linux")
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={request.param}m", "tmpfs", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True)
    if done.returncode:
        reason = f"mount is not allowed here: {done.stderr.decode().strip()}"
        pytest.fail(reason) if IN_CI else pytest.skip(reason)
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture(scope="session")
def oxigraph_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An Oxigraph server that the tests of this worker share; each clears what it fills."""
    from tests import servers

    with servers.running(servers.oxigraph(tmp_path_factory.mktemp("oxigraph"))) as server:
        yield server


@pytest.fixture(scope="session")
def virtuoso_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Virtuoso that the tests of this worker share; each clears what it fills."""
    from tests import servers

    with servers.running(servers.virtuoso(tmp_path_factory.mktemp("virtuoso"))) as server:
        yield server
