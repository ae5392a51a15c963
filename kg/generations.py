"""Generations of the store on the disk: written beside the one in use, indexed, verified, and swapped in by a rename.

A kill or a full disk at any moment leaves the old one answering. kg.store says which files a generation consists of.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import Quad, Store

from kg import bulk, rdf, terms
from kg.errors import StoreError
from kg.model import BuildSummary
from kg.sorting import lines_of, sorted_lines, without, write_lines
from kg.store import Manifest, current_generation

MAKING = ".making-"
GENERATIONS_KEPT = 2
"""The one in use and the one before it, which a reader may still have open."""
LARGEST_CHANGE = 0.05
"""Part of a graph that may change before its index is made anew: changing a line costs some ten times a new one."""


def whole(directory: str) -> Manifest | None:
    """The manifest of the generation in use, when that is whole and made by this version; else None."""
    try:
        generation = current_generation(directory)
        manifest = Manifest.read(os.path.join(generation, "manifest"))
    except (OSError, ValueError, IndexError):
        return None
    return manifest if manifest.is_ours() and not manifest.damage(generation) else None


def is_sound(generation: str, manifest: Manifest) -> bool:
    """Whether the N-Quads of a generation are to the byte what was written."""
    with open(os.path.join(generation, "graph.nq"), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == manifest.facts.get("sha256")


def summary(generation: str) -> BuildSummary:
    """What a generation holds, by its manifest."""
    facts = Manifest.read(os.path.join(generation, "manifest")).facts
    return BuildSummary(generation, int(facts["quads"]), int(facts["inferred"]), facts["sha256"])


@contextlib.contextmanager
def making_folder(directory: str) -> Iterator[Path]:
    """A new folder beside the generations, which is gone afterwards unless it was renamed."""
    making = Path(directory, "generations", f"{MAKING}{os.getpid()}")
    making.mkdir(parents=True)
    try:
        yield making
    finally:
        shutil.rmtree(making, ignore_errors=True)


def remove_leftovers(directory: str) -> None:
    """Remove what a killed build left behind; only called under the lock."""
    for path in Path(directory, "generations").glob(f"{MAKING}*"):
        shutil.rmtree(path, ignore_errors=True)


def make(directory: str, making: Path, lines: Iterable[bytes], manifest: Manifest, before: str = "") -> BuildSummary:
    """Write a new generation in its folder `making`, verify it, and swap it in; `manifest` has what it is made from.

    `before` is the folder of a generation whose index may be carried on; empty where there is none to trust.
    Raises StoreError when the index does not hold what was written, OSError when the disk is full.
    """
    manifest.facts |= write_graph(making / "graph.nq", lines)
    shutil.rmtree(making / "scratch", ignore_errors=True)
    number = int(manifest.facts["quads"])
    if not (before and _carried_on(making, before, number)):
        make_index(making, number)
    files = [path for path in making.rglob("*") if path.is_file()]
    manifest.files = {path.relative_to(making).as_posix(): path.stat().st_size for path in files}
    write_synced(making / "manifest", manifest.text().encode())
    generations = making.parent
    generation = _free_name(generations, manifest.facts["sha256"][:16])
    making.rename(generation)
    _sync_folder(generations)
    write_synced(Path(directory, "current.new"), generation.name.encode())
    os.replace(Path(directory, "current.new"), Path(directory, "current"))
    _sync_folder(directory)
    _drop_old(generations, keep=generation)
    return summary(str(generation))


def write_graph(path: Path, lines: Iterable[bytes]) -> dict[str, str]:
    """Write the canonical N-Quads so that they are on the disk; return their number and digest for the manifest."""
    digest = hashlib.sha256()
    number = inferred = 0
    ending = f" <{terms.GRAPH_INFERRED}> .\n".encode()
    with path.open("wb") as file:
        for line in lines:
            whole = line + b"\n"
            file.write(whole)
            digest.update(whole)
            number += 1
            inferred += whole.endswith(ending)
        file.flush()
        os.fsync(file.fileno())
    return {"quads": str(number), "inferred": str(inferred), "sha256": digest.hexdigest()}


def make_index(making: Path, number: int) -> None:
    """Make the index from the N-Quads and count it again, read from the disk."""
    index, graph = str(making / "index"), making / "graph.nq"
    store = Store(index)
    bulk.load(store, graph)
    store.optimize()
    store.flush()
    del store
    counted = len(Store.read_only(index))
    if counted != number and counted != (expected := _as_stored(lines_of(graph))):
        raise StoreError(f"the new store holds {counted} quads where {expected} were loaded", hint="build it again")


def _carried_on(making: Path, before: str, number: int) -> bool:
    """Make the index from that of the generation before by what has changed; False where that does not do.

    It does not when much has changed, nor when a number goes that another line writes in another way.
    """
    old, new, index = os.path.join(before, "graph.nq"), making / "graph.nq", str(making / "index")
    with tempfile.TemporaryDirectory(dir=making) as folder:
        gone, come = os.path.join(folder, "gone.nq"), os.path.join(folder, "come.nq")
        changes = write_lines(without(lines_of(old), lines_of(new)), gone)
        changes += write_lines(without(lines_of(new), lines_of(old)), come)
        if changes > number * LARGEST_CHANGE:
            return False
        shutil.copytree(os.path.join(before, "index"), index)
        store = Store(index)
        for quad in rdf.parse_each(lines_of(gone)):
            store.remove(quad)
        store.extend(rdf.parse_each(lines_of(come)))
        store.flush()
        del store
    if len(Store.read_only(index)) == number:
        return True
    shutil.rmtree(index)
    return False


def _as_stored(lines: Iterable[bytes]) -> int:
    """How many quads a store makes of lines: 1.0 and 1.00 are one number to it."""
    return sum(1 for _ in sorted_lines(line for quad in rdf.parse_each(lines) for line in _rewritten(quad)))


def _rewritten(quad: Quad) -> list[bytes]:
    store = Store()
    store.add(quad)
    return rdf.canonical_lines(store)


def _free_name(generations: Path, stem: str) -> Path:
    """A folder name that is not taken: the digest, and a number when the same graph was stored before."""
    names = (generations / (stem if number == 0 else f"{stem}-{number}") for number in range(1_000_000))
    return next(path for path in names if not path.exists())


def write_synced(path: str | Path, body: bytes) -> None:
    """Write a file so that it is whole on the disk, or not there at all."""
    beside = f"{path}.part"
    with open(beside, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def _sync_folder(path: str | Path) -> None:
    """Make the names in a folder durable, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _drop_old(generations: Path, keep: Path) -> None:
    """Remove the generations that nobody can have open any more."""
    others = [path for path in generations.iterdir() if path != keep and not path.name.startswith(MAKING)]
    others.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in others[GENERATIONS_KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
