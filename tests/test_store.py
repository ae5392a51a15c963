"""The store under bad luck: damage, other versions, no room, kills, two builders."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg import assembly, build, checking, generations, layout
from kg.errors import InputError, StoreError
from kg.rdf import parse_lines, read_turtle
from kg.store import MARKER, Session, added_folders, current_generation, trouble
from tests.conftest import EXAMPLE, Outcome, process

QUERY = ("query", "pmi", "--format", "tsv")


@pytest.fixture
def own(store: str, tmp_path: Path) -> Path:
    """A copy of the shared store that a test may hurt."""
    shutil.copytree(store, tmp_path / "own")
    return tmp_path / "own"


def good(store: str) -> str:
    return process(*QUERY, "--store", store).out


def ask(directory: Path) -> Outcome:
    return process(*QUERY, "--store", str(directory))


def test_first_use_builds_and_says_so(tmp_path: Path, store: str) -> None:
    first = ask(tmp_path / "new")
    assert (first.code, first.out) == (0, good(store))
    assert "building the store" in first.err
    assert "there is no store yet" in first.err
    again = ask(tmp_path / "new")
    assert (again.code, again.out, again.err) == (0, first.out, "")


def index_files(directory: Path) -> list[Path]:
    return sorted(Path(current_generation(str(directory)), "index").glob("*"))


def test_a_truncated_file_is_noticed_and_rebuilt(own: Path, store: str) -> None:
    largest = max(index_files(own), key=lambda path: path.stat().st_size)
    os.truncate(largest, largest.stat().st_size // 2)
    mended = ask(own)
    assert (mended.code, mended.out) == (0, good(store))
    assert "damaged" in mended.err
    assert ask(own).err == ""


def test_a_missing_file_is_noticed_and_rebuilt(own: Path, store: str) -> None:
    next(path for path in index_files(own) if path.suffix == ".sst").unlink()
    assert (ask(own).code, ask(own).out) == (0, good(store))


def test_flipped_bytes_of_the_same_size_never_change_an_answer(own: Path, store: str) -> None:
    """RocksDB's block checksums see them; the answer is the right one, mended or not touched."""
    for path in index_files(own):
        if path.suffix == ".sst":
            body = bytearray(path.read_bytes())
            middle = len(body) // 2
            body[middle : middle + 64] = bytes(64)
            path.write_bytes(body)
    mended = ask(own)
    assert (mended.code, mended.out) == (0, good(store))


@pytest.mark.parametrize("body", ["", "nonsense\n", "version\t0.0.0\nformat\t1\n", "input\tx\n"])
def test_a_bad_manifest_or_another_version_is_rebuilt(own: Path, store: str, body: str) -> None:
    Path(current_generation(str(own)), "manifest").write_text(body)
    mended = ask(own)
    assert (mended.code, mended.out) == (0, good(store))
    assert mended.err.startswith("kg: building the store")


def test_a_pointer_to_nowhere_is_rebuilt(own: Path, store: str) -> None:
    (own / "current").write_text("gone")
    assert (ask(own).code, ask(own).out) == (0, good(store))


def test_touched_files_do_not_rebuild_but_changed_ones_do(own: Path, project_data: Path) -> None:
    build.build(str(own), quiet=True)
    before = current_generation(str(own))
    file = next((project_data / "seeds").rglob("*.ttl"))
    os.utime(file, ns=(1, 1))
    assert "has changed" in trouble(str(own))
    build.build(str(own), quiet=True)
    assert (trouble(str(own)), current_generation(str(own))) == ("", before)
    pair = "<urn:a> <http://www.w3.org/2000/01/rdf-schema#seeAlso>"
    file.write_text(file.read_text(encoding="utf-8") + f"\n{pair} <urn:c> .\n", encoding="utf-8")
    assert "has changed" in trouble(str(own))
    build.build(str(own), quiet=True)
    assert current_generation(str(own)) != before
    assert b"<urn:c>" in Session(str(own)).ask(f"SELECT ?o {{ {pair} ?o }}").serialise("tsv")


def test_somebody_elses_directory_is_left_alone(tmp_path: Path, store: str) -> None:
    (tmp_path / "letters.txt").write_text("dear")
    answered = ask(tmp_path)
    assert (answered.code, answered.out) == (0, good(store))
    assert "holds files that are not a store of kg; answering from memory" in answered.err
    assert os.listdir(tmp_path) == ["letters.txt"]
    assert process("build", "--store", str(tmp_path)).code == 4


def test_a_store_that_cannot_be_written_answers_from_memory(tmp_path: Path, store: str) -> None:
    (tmp_path / "file").write_text("")
    answered = ask(tmp_path / "file" / "store")
    assert (answered.code, answered.out) == (0, good(store))
    assert "warning" in answered.err
    assert "answering from memory" in answered.err
    refused = process("build", "--store", str(tmp_path / "file" / "store"))
    assert (refused.code, refused.out) == (4, "")
    assert refused.err.splitlines()[-2].startswith("error[store]: the store in ")


def test_two_builders_at_once_both_answer_and_one_stores(tmp_path: Path, store: str) -> None:
    command = [sys.executable, "-m", "kg", *QUERY, "--store", str(tmp_path / "both")]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    outcomes = [child.communicate(timeout=300) for child in both]
    assert [out for out, _ in outcomes] == [good(store)] * 3
    assert [child.returncode for child in both] == [0, 0, 0]
    assert sum("building" in err for _, err in outcomes) == 1
    assert len(os.listdir(tmp_path / "both" / "generations")) == 1


@pytest.mark.slow
def test_a_kill_during_a_build_leaves_the_old_store_answering(own: Path, store: str) -> None:
    """Killed at many points of the writing; afterwards the old generation answers, and the next build cleans up."""
    expected = good(store)
    graph = Path(current_generation(store), "graph.nq")
    only_write = (
        "import sys; from kg import build; lines = open(sys.argv[1], 'rb').read().splitlines();"
        "build.assemble = lambda **_: lines; build.build(sys.argv[2], force=True, quiet=True)"
    )
    command = [sys.executable, "-c", only_write, str(graph), str(own)]
    started = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    whole = time.monotonic() - started
    kills = 12
    for step in range(kills):
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(whole * (step + 1) / (kills + 1))
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert process(*QUERY, "--store", str(own)).out == expected
    build.build(str(own), force=True, quiet=True)
    assert not list((own / "generations").glob(".making-*"))
    assert len(os.listdir(own / "generations")) <= generations.GENERATIONS_KEPT


@pytest.mark.slow
@pytest.mark.parametrize("small_disk", [24], indirect=True)  # a store does not fit on it twice beside some ballast
def test_a_full_disk_leaves_the_old_store_answering(small_disk: Path, store: str) -> None:
    own = small_disk / "own"
    shutil.copytree(store, own)
    free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_bsize
    (small_disk / "ballast").write_bytes(bytes(free - 2 * 2**20))
    failed = process("build", "--force", "--store", str(own))
    assert failed.code == 4, failed
    assert "cannot be written" in failed.err
    assert process(*QUERY, "--store", str(own)) == Outcome(0, good(store), "")
    assert not list((own / "generations").glob(".making-*"))


def test_a_generation_that_holds_too_little_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [b"<urn:a> <urn:b> <urn:c> <urn:g> ."]
    monkeypatch.setattr(build, "assemble", lambda **_: lines)
    monkeypatch.setattr(generations, "_as_stored", lambda _: 7)
    written = generations.write_graph
    monkeypatch.setattr(generations, "write_graph", lambda *of: {**written(*of), "quads": "7"})
    with pytest.raises(StoreError, match="quads where 7 were loaded"):
        build.build(str(tmp_path / "short"), quiet=True)
    assert not (tmp_path / "short" / "current").exists()


def test_numbers_that_a_store_takes_for_one_are_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = '<urn:a> <urn:b> "{}"^^<http://www.w3.org/2001/XMLSchema#decimal> <urn:g> .'
    monkeypatch.setattr(build, "assemble", lambda **_: [number.format(form).encode() for form in ("1.0", "1.00")])
    made = build.build(str(tmp_path / "s"), quiet=True)
    assert made.quads == 2
    assert Session(str(tmp_path / "s")).ask("SELECT ?o { ?s ?p ?o }").rows()[1] != []


# ---- folders added to the project's own files ----


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A copy of the example document, as somebody's own folder."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "mine" / EXAMPLE.name))


@pytest.fixture
def assembled(nquads: list[bytes], monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What each build adds; the graph itself is that of the project, so that no time is lost."""
    calls: list[list[str]] = []

    def assemble(*, added: list[str], **_: bool) -> list[bytes]:
        calls.append(list(added))
        return nquads

    for module in (build, assembly):
        monkeypatch.setattr(module, "assemble", assemble)
    return calls


def test_an_added_folder_fills_the_graphs_of_its_files(example_store: str) -> None:
    lines = Path(current_generation(example_store), "graph.nq").read_bytes()
    filled: dict[str, set[str]] = {}
    for quad in parse_lines(lines):
        filled.setdefault(str(quad.triple), set()).add(quad.graph_name.value.partition("/graph/")[2])  # type: ignore[union-attr]
    homes = {
        "record": f"doc/{EXAMPLE.name}",
        "claims": f"doc/{EXAMPLE.name}",
        "things": "entities",
        "comparisons": "comparisons",
    }
    for file, graph in homes.items():
        assert {name for triple in read_turtle(EXAMPLE / f"{file}.ttl") for name in filled[str(triple)]} == {graph}


def test_a_store_remembers_what_was_added(tmp_path: Path, mine: Path, assembled: list[list[str]]) -> None:
    own = str(tmp_path / "own")
    build.build(own, [str(mine)], quiet=True)
    assert (trouble(own), added_folders(own)) == ("", [str(mine)])
    build.build(own, quiet=True)
    build.build(own, [str(mine), str(mine)], quiet=True)
    assert assembled == [[str(mine)]]  # nothing was to be done
    with (mine / "claims.ttl").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert trouble(own).endswith("claims.ttl has changed")
    Session(own, quiet=True)  # as any command opens it
    assert assembled == [[str(mine)]] * 2
    assert (trouble(own), added_folders(own)) == ("", [str(mine)])
    build.build(own, force=True, quiet=True)
    assert added_folders(own) == [str(mine)]
    build.build(own, [], quiet=True)
    assert (assembled[-1], added_folders(own)) == ([], [])


def test_an_added_folder_that_is_gone_is_an_error_and_not_forgotten(
    tmp_path: Path, mine: Path, assembled: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = str(tmp_path / "own")
    build.build(own, [str(mine)], quiet=True)
    monkeypatch.undo()
    shutil.rmtree(mine)
    with pytest.raises(InputError, match="is not a folder") as caught:
        Session(own, quiet=True)
    assert "kg build --alone" in str(caught.value.hint)
    assert added_folders(own) == [str(mine)]


def test_a_store_that_cannot_be_written_answers_from_memory_with_what_was_added(
    tmp_path: Path, mine: Path, assembled: list[list[str]]
) -> None:
    own = tmp_path / "own"
    build.build(str(own), [str(mine)], quiet=True)
    (own / MARKER).unlink()  # now it is somebody else's
    (mine / "claims.ttl").unlink()
    assert Session(str(own), quiet=True).ask("ASK { ?s ?p ?o }").truth()
    assert assembled == [[str(mine)]] * 2


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "holds no Turtle"),
        (["my-paper/claims.ttl"], "there is no record.ttl beside it"),
        (["stray.ttl", "my-paper/record.ttl"], "stray.ttl belongs to no document"),
    ],
)
def test_a_folder_in_another_layout_is_refused(tmp_path: Path, files: list[str], said: str) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    with pytest.raises(InputError, match=said):
        assembly.assemble(added=[str(tmp_path)])


def test_a_wheel_watches_its_graph_and_what_was_added(
    tmp_path: Path, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = tmp_path / "graph.nq"
    graph.write_text("")
    monkeypatch.setattr(layout, "PREBUILT", str(graph))
    assert layout.inputs() == [str(graph)]
    assert layout.inputs([str(mine)]) == sorted([str(graph), *map(str, mine.glob("*.ttl"))])


def test_with_and_alone_and_a_missing_folder_are_said(tmp_path: Path) -> None:
    both = process("build", "--store", str(tmp_path / "s"), "--with", str(EXAMPLE), "--alone")
    assert (both.code, both.err.splitlines()[0]) == (2, "error[usage]: --with and --alone contradict each other")
    gone = process("build", "--store", str(tmp_path / "s"), "--with", str(tmp_path / "nowhere"), "--quiet")
    assert (gone.code, gone.out) == (3, "")
    assert gone.err.startswith(f"error[input]: {tmp_path / 'nowhere'} is not a folder\n")


@pytest.mark.slow
def test_the_example_gives_no_warning(example_store: str) -> None:
    """The build has refused violations already; what is allowed but doubtful would be a bad model to copy."""
    lines = Path(current_generation(example_store), "graph.nq").read_bytes().splitlines()
    own = {triple.subject.value for path in EXAMPLE.glob("*.ttl") for triple in read_turtle(path)}  # type: ignore[union-attr]
    doubtful = [f for f in checking.findings(lines) if f.node in own and f.severity != "info"]
    assert (len(own) >= 250, doubtful) == (True, [])
