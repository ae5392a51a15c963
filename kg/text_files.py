"""Files of text in UTF-8, read whole; what cannot be read is told in one sentence with its place.

Source texts are read by kg.texts, which changes no character, and a user's RDF by kg.foreign, which makes findings.
"""

from __future__ import annotations

import os
from pathlib import Path

from kg import layout
from kg.errors import InputError

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""What some editors put before UTF-8; no part of the text."""


def read(path: str | os.PathLike[str], *, hint: str | None = None) -> str:
    """The text of a file, as `decoded` gives it. Raises InputError, with the hint when there is no such file."""
    return decoded(read_bytes(path, hint=hint), layout.shown(path))


def read_bytes(path: str | os.PathLike[str], *, hint: str | None = None) -> bytes:
    """What a file holds. Raises InputError, with the hint when there is no such file."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{layout.shown(path)} cannot be read: {error.strerror}", hint=hint) from None


def decoded(body: bytes, shown: str) -> str:
    """The text of a file that people know as `shown`, its lines ended by line feeds. Raises InputError."""
    try:
        text = body.removeprefix(BYTE_ORDER_MARK).decode()
    except UnicodeDecodeError as error:
        raise InputError(f"{shown} is not UTF-8", at=f"{shown}, byte {error.start}", hint="save it in UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
