"""Text as it may reach a terminal, a page or another program: nothing in it steers, hides or turns the rest around.

What does so are the control and format characters of Unicode (categories Cc, Cf, Cs, Zl, Zp) and U+FFFE and U+FFFF:
escape sequences, bells, overrides of the writing direction, zero-width characters. People do not get to see them; the
formats that programs read carry them as escapes, so that no datum is lost.

`kg.store` and a plain `kg query` import this module, so it imports nothing at its top.
"""

from __future__ import annotations

LAYOUT = "\t\n"
"""What separates cells and rows in a body as a whole."""


def visible(text: str) -> str:
    r"""A text on one line as people may see it: line ends and tabs as spaces, hidden characters left out.

    >>> visible("over\n7,600"), visible("\x1b[31mred\x07"), visible("\u202egnodgnauG")
    ('over 7,600', '[31mred', 'gnodgnauG')
    """
    return text if text.isprintable() else text.translate({ord(c): " " if c.isspace() else None for c in hidden(text)})


def lines(text: str) -> str:
    """A text of several lines, each as `visible` gives it."""
    return "\n".join(map(visible, text.split("\n")))


def escaped(body: bytes, form: str) -> bytes:
    r"""An answer in a format for programs, its hidden characters as the escapes of that format.

    >>> escaped('"\u202e"'.encode(), "tsv"), escaped('"\x7f"'.encode(), "json"), escaped("\u2066\x07".encode(), "xml")
    (b'"\\u202E"', b'"\\u007f"', b'&#x2066;\xef\xbf\xbd')
    """
    text = body.decode()
    write = {"json": _json, "jsonl": _json, "xml": _xml}.get(form, _turtle)
    table = {ord(c): write(c) for c in hidden(text).difference(LAYOUT)}
    return text.translate(table).encode() if table else body


def hidden(text: str) -> set[str]:
    """The characters of a text that steer or hide what stands beside them."""
    doubtful = {c for c in set(text) if not c.isprintable()}
    if doubtful <= set(LAYOUT):
        return doubtful
    from unicodedata import category

    return {c for c in doubtful if category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} or c in "\ufffe\uffff"}


def _turtle(character: str) -> str:
    """A numeric escape of Turtle, N-Triples and SPARQL TSV."""
    number = ord(character)
    return f"\\u{number:04X}" if number < 0x10000 else f"\\U{number:08X}"


def _json(character: str) -> str:
    r"""The escapes of JSON (RFC 8259, 7), two for a character beyond U+FFFF."""
    digits = character.encode("utf-16-be").hex()
    return "".join(f"\\u{digits[i : i + 4]}" for i in range(0, len(digits), 4))


def _xml(character: str) -> str:
    """A character reference, or U+FFFD for what XML 1.0 (2.2) cannot hold in any form."""
    possible = character == "\r" or (character >= "\x7f" and character not in "\ufffe\uffff")
    return f"&#x{ord(character):X};" if possible else "\ufffd"
