"""Writing files whole or not at all, packed as their names say: gzip, Zstandard, or as they are."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from kg.errors import InputError, StoreError, UsageError, nearest

ENDINGS = {"gzip": ".gz", "zstd": ".zst", "none": ""}
"""How a file may be packed, and how its name then ends."""

Sink = IO[bytes]


def packing_of(name: str, asked: str | None) -> str:
    """How a file is packed: as asked, else as its name says.

    >>> packing_of("graph.nq.gz", None), packing_of("graph.nq", None), packing_of("-", "zstd")
    ('gzip', 'none', 'zstd')

    Raises UsageError for a way that there is not.
    """
    if asked is not None:
        if asked not in ENDINGS:
            raise UsageError(f"nothing is packed as {asked!r}", hint=nearest(asked, sorted(ENDINGS)))
        return asked
    return next((how for how, ending in ENDINGS.items() if ending and name.endswith(ending)), "none")


@contextlib.contextmanager
def packed(sink: Sink, how: str) -> Iterator[Sink]:
    """A file to write to whose bytes reach the sink packed, the same for the same input: no name, no time."""
    if how == "none":
        yield sink
        return
    writer = _gzip(sink) if how == "gzip" else _zstandard(sink)
    with writer, io.BufferedWriter(writer, 2**16) as buffer:
        yield buffer


def _gzip(sink: Sink) -> Any:
    """A file whose bytes reach the sink as one gzip member (RFC 1952)."""
    return gzip.GzipFile(filename="", fileobj=sink, mode="wb", mtime=0)


def _zstandard(sink: Sink) -> Any:
    """A file whose bytes reach the sink as one Zstandard frame (RFC 8878)."""
    return _zstandard_library().ZstdCompressor(level=10).stream_writer(sink, closefd=False)


def _zstandard_library() -> Any:
    """The library that packs and unpacks Zstandard. Raises UsageError where it is missing."""
    try:
        import zstandard
    except ImportError:
        raise UsageError(
            "Zstandard is not installed here", hint="pip install 'industrial-chain-kg[zstd]', or pack with gzip"
        ) from None
    return zstandard


def unpacked(path: Path) -> bytes:
    """What is in a file, packed as its name says. Raises InputError when it cannot be read or unpacked."""
    how = packing_of(path.name, None)
    broken: tuple[type[Exception], ...] = (OSError, EOFError, zlib.error)
    if how == "zstd":
        library = _zstandard_library()
        broken = (*broken, library.ZstdError)
    try:
        body = path.read_bytes()
        if how == "zstd":
            frame = library.ZstdDecompressor().decompressobj()
            content = bytes(frame.decompress(body))
            if not frame.eof:
                raise EOFError("the frame ends too early")
            return content
        return gzip.decompress(body) if how == "gzip" else body
    except broken as error:
        raise InputError(
            f"{path} cannot be read: {error}", hint="is the file whole, and packed as its name says?"
        ) from None


@contextlib.contextmanager
def whole(path: Path) -> Iterator[Sink]:
    """A file to write to that is there whole afterwards, or not at all. Raises StoreError when it cannot be written.

    A device or a pipe is written to, never replaced.
    """
    target = path.resolve()
    beside = target.with_name(target.name + ".part")
    try:
        if target.exists() and not target.is_file():
            with target.open("wb") as file:
                yield file
            return
        with beside.open("wb") as file:
            yield file
        os.replace(beside, target)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}", hint="name another file") from None
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def write_whole(path: Path, body: bytes) -> None:
    """Write a file whole or not at all. Raises StoreError when it cannot be written."""
    with whole(path) as file:
        file.write(body)
