"""`kg build`: whether a store has to be made, from what, and the making, under a lock.

kg.assembly puts the graph together, kg.checking refuses a wrong one, kg.generations writes it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from filelock import FileLock

from kg import executables, generations, inferring, layout, rdf
from kg.assembly import Before, assemble
from kg.errors import StoreError
from kg.model import BuildSummary
from kg.sorting import lines_of
from kg.store import MARKER, STORE_FORMAT, Manifest, added_folders, current_generation, say, trouble


def build(
    directory: str,
    added: Iterable[str] | None = None,
    *,
    reason: str = "",
    force: bool = False,
    quiet: bool = False,
    warnings: bool = False,
) -> BuildSummary:
    """Make the store in `directory` hold what the files say, and return what is in it.

    `added` are the folders of Turtle that it holds beside the project's own files; None leaves them as they are.
    `reason` is told to the user; `force` makes a new generation even when the present one will do; `warnings`
    tells what is allowed but doubtful.
    Raises StoreError when the directory cannot be written or is somebody else's.
    """
    try:
        _claim(directory)
        with FileLock(os.path.join(directory, "lock")):
            present = added_folders(directory)
            folders = present if added is None else list(dict.fromkeys(map(os.path.abspath, added)))
            if not force and folders == present and not _needs_building(directory, folders):
                return generations.summary(current_generation(directory))
            beside = "".join(f", with {layout.shown(folder)}" for folder in folders)
            say(f"building the store in {directory}{beside}" + (f": {reason}" if reason else ""), quiet=quiet)
            generations.remove_leftovers(directory)
            with generations.making_folder(directory) as making:
                kept = _relisted(directory, folders) if not force and folders == present else None
                scratch = making / "scratch"
                scratch.mkdir()
                before = None if force else _before(directory, folders)
                lines = kept or assemble(
                    added=folders, quiet=quiet, warnings=warnings, scratch=str(scratch), before=before
                )
                manifest = Manifest()
                manifest.added, manifest.inputs = folders, _inputs(folders)
                return generations.make(directory, making, lines, manifest, before.generation if before else "")
    except OSError as error:
        raise StoreError(
            f"the store in {directory} cannot be written: {error.strerror or error}",
            hint="--store DIR or KG_STORE put it elsewhere",
        ) from error


def _claim(directory: str) -> None:
    """Mark the directory as ours; refuse one that holds somebody else's files."""
    os.makedirs(directory, exist_ok=True)
    marker = os.path.join(directory, MARKER)
    if os.path.exists(marker):
        return
    if set(os.listdir(directory)) - {"lock", MARKER}:
        raise StoreError(f"{directory} holds files that are not a store of kg", hint="name an empty directory")
    Path(marker).write_text(f"industrial-chain-kg store {STORE_FORMAT}\n", encoding="utf-8")


def _needs_building(directory: str, added: list[str]) -> bool:
    """Whether the store is of no use; one whose files were only touched gets their new times."""
    if not trouble(directory):
        return False
    manifest, fresh = generations.whole(directory), _readable(added)
    if manifest is None or _digests(manifest.inputs) != _digests(fresh):
        return True
    manifest.inputs = fresh
    generations.write_synced(os.path.join(current_generation(directory), "manifest"), manifest.text().encode())
    return False


def _relisted(directory: str, added: list[str]) -> Iterator[bytes] | None:
    """The graph of the store with the queries listed anew, when nothing but those has changed; else None.

    No fact follows from a query, so an edited one costs neither reasoning nor validation.
    """
    manifest = generations.whole(directory)
    answers = layout.data_path("queries", "answer", "")
    if manifest is None or _digests(manifest.inputs, answers) != _digests(_readable(added), answers):
        return None
    generation = current_generation(directory)
    if not generations.is_sound(generation, manifest):
        return None
    return executables.relisted(lines_of(os.path.join(generation, "graph.nq")))


def _before(directory: str, added: list[str]) -> Before | None:
    """The generation in use, when it is large and sound, with the graphs whose files have changed since; else None.

    What follows is made anew in any case: it may rest on facts of several graphs.
    """
    manifest = generations.whole(directory)
    if manifest is None or int(manifest.facts.get("quads", 0)) <= inferring.LARGEST_FOR_OWLRL:
        return None
    old, new = _digests(manifest.inputs), _digests(_readable(added))
    changed = [path for path in old.keys() | new.keys() if old.get(path) != new.get(path)]
    generation = current_generation(directory)
    if not all(path.endswith((".ttl", ".rq")) for path in changed) or not generations.is_sound(generation, manifest):
        return None
    return Before(generation, frozenset(rdf.graph_of(path) for path in changed if path.endswith(".ttl")))


Inputs = dict[str, tuple[int, int, str]]
"""Path to size, modification time in ns, and SHA-256."""


def _readable(added: list[str]) -> Inputs:
    """The inputs; none when one cannot be read, for reading them to build with tells which."""
    with contextlib.suppress(OSError):
        return _inputs(added)
    return {}


def _digests(inputs: Inputs, without: str | None = None) -> dict[str, str]:
    """The SHA-256 of each file, but of none whose path begins with `without`."""
    return {path: digest for path, (_, _, digest) in inputs.items() if without is None or not path.startswith(without)}


def _inputs(added: list[str]) -> Inputs:
    """Size, modification time and SHA-256 of every file that decides what is in the graph."""
    found = {}
    for path in layout.inputs(added):
        stat = os.stat(path)
        found[path] = (stat.st_size, stat.st_mtime_ns, hashlib.sha256(Path(path).read_bytes()).hexdigest())
    return found
