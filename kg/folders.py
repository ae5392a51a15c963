"""A folder of generated files: made beside its place, swapped in whole, and never at the cost of anybody's files."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from kg import layout
from kg.errors import StoreError

MARKER = ".kg-site"
"""Lists the files of a folder that we made; a folder without it is somebody's own."""


def replace(folder: str | os.PathLike[str], files: Iterable[tuple[str, bytes]]) -> tuple[int, int]:
    """Put files (path below the folder, body) in the place of what we wrote there before; their number and bytes.

    The folder may be missing, empty, or one of ours that holds nothing else. Raises StoreError otherwise, and when it
    cannot be written; what was there then stays.
    """
    place = Path(folder).resolve()
    shown = layout.shown(place)
    try:
        _refuse_foreign(place, shown)
        place.parent.mkdir(parents=True, exist_ok=True)
        making, old = (place.with_name(f".{place.name}.{word}-{os.getpid()}") for word in ("making", "old"))
        try:
            counted = _write(making, files)
            if place.exists() and any(place.iterdir()):
                place.rename(old)
            making.rename(place)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            if old.exists() and not place.exists():
                old.rename(place)
            raise
        shutil.rmtree(old, ignore_errors=True)
        return counted
    except OSError as error:
        raise StoreError(f"{shown} cannot be written: {error.strerror or error}", hint="name another folder") from None


def _refuse_foreign(place: Path, shown: str) -> None:
    """Raise StoreError when a place holds anything that we did not write."""
    if not place.exists():
        return
    if not place.is_dir():
        raise StoreError(f"{shown} is not a folder", hint="name another folder")
    there = {path.relative_to(place).as_posix() for path in place.rglob("*") if not path.is_dir() or path.is_symlink()}
    ours: set[str] = set()
    with contextlib.suppress(FileNotFoundError):
        ours = {MARKER, *Path(place, MARKER).read_text(encoding="utf-8").splitlines()}
    foreign = sorted(there - ours)
    if foreign:
        raise StoreError(
            f"{shown} holds files that kg did not write there, such as {foreign[0]}",
            hint="name a new or empty folder, or take them out",
        )


def _write(making: Path, files: Iterable[tuple[str, bytes]]) -> tuple[int, int]:
    """Write all files and the list of them into a new folder. Raises FileExistsError for two of one path."""
    written: dict[str, int] = {}
    making.mkdir()
    for name, body in files:
        path = making / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "xb") as file:
            file.write(body)
        written[name] = len(body)
    Path(making, MARKER).write_text("".join(f"{name}\n" for name in sorted(written)), encoding="utf-8")
    return len(written), sum(written.values())
