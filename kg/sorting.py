"""Sorting lines of any number within a bound of memory: sorted runs on the disk, merged (external merge sort)."""

from __future__ import annotations

import heapq
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

RUN = 48 * 2**20
"""Bytes of lines that are sorted at once; Python needs about twice as many to hold them."""


def sorted_lines(lines: Iterable[bytes], run: int = RUN, folder: str | None = None) -> Iterator[bytes]:
    """The lines, which have no line ends, in code point order, each once.

    UTF-8 keeps the order of code points, so comparing bytes is enough. `run` is the number of bytes that are sorted in
    memory; what is more goes through files below `folder`, that for temporary files if none is named, which are gone
    when the last line has been taken.
    """
    source = iter(lines)
    first, whole = _taken(source, run)
    if whole:
        yield from first
        return
    with ExitStack() as stack:
        place = stack.enter_context(tempfile.TemporaryDirectory(prefix="kg-sort-", dir=folder))
        paths = [_spilled(first, place, 0)]
        del first
        while not whole:
            more, whole = _taken(source, run)
            paths.append(_spilled(more, place, len(paths)))
            del more
        runs = [stack.enter_context(path.open("rb")) for path in paths]
        yield from (line[:-1] for line in distinct(heapq.merge(*runs)))


def merged(*sources: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of sorted sources, sorted, each once."""
    return distinct(heapq.merge(*sources))


def distinct(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Sorted lines, each once."""
    last = None
    for line in lines:
        if line != last:
            yield line
            last = line


def without(lines: Iterable[bytes], others: Iterable[bytes]) -> Iterator[bytes]:
    """The sorted lines that are not among others, which are sorted as well."""
    ahead = iter(others)
    other = next(ahead, None)
    for line in lines:
        while other is not None and other < line:
            other = next(ahead, None)
        if other != line:
            yield line


def _taken(source: Iterator[bytes], run: int) -> tuple[list[bytes], bool]:
    """The next lines, sorted, up to the size of a run, and whether they were the last."""
    taken: list[bytes] = []
    size = 0
    for line in source:
        taken.append(line)
        size += len(line)
        if size >= run:
            return sorted(set(taken)), False
    return sorted(set(taken)), True


def _spilled(run: list[bytes], folder: str, number: int) -> Path:
    """The file that a sorted run was written to."""
    path = Path(os.path.join(folder, str(number)))
    with path.open("wb") as file:
        file.writelines(line + b"\n" for line in run)
    return path


def lines_of(path: str | os.PathLike[str]) -> Iterator[bytes]:
    """The lines of a file without their ends, one at a time."""
    with Path(path).open("rb") as file:
        for line in file:
            yield line.rstrip(b"\n")


def write_lines(lines: Iterable[bytes], path: str | os.PathLike[str]) -> int:
    """Write lines to a file, and return how many."""
    number = 0
    with Path(path).open("wb") as file:
        for line in lines:
            file.write(line + b"\n")
            number += 1
    return number
