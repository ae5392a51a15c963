"""Where each term of a Turtle text stands: the tokens of Turtle 1.1, and the triples with their places.

Parsers give no places for what they accept, so this reads a text a second time; whether it is Turtle at all is for
kg.rdf to say. It reads N-Triples, N-Quads and TriG too, which add only graph names, and what it does not know it
passes over. The names in capitals are those of the grammar, https://www.w3.org/TR/turtle/#sec-grammar-grammar.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode

from kg import terms

RDF = terms.STANDARD["rdf"]
XSD = terms.STANDARD["xsd"]

PN_CHARS_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
PN_CHARS = f"{PN_CHARS_BASE}_0-9\u00b7\u0300-\u036f\u203f-\u2040-"
PLX = r"%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?#@%-]"
PN_PREFIX = rf"[{PN_CHARS_BASE}](?:[{PN_CHARS}]|\.+(?=[{PN_CHARS}]))*"
PN_LOCAL = rf"(?:[{PN_CHARS_BASE}_:0-9]|{PLX})(?:[{PN_CHARS}:]|{PLX}|\.+(?=[{PN_CHARS}:%\\]))*"
TOKEN = re.compile(
    r"(?P<skip>[ \t\r\n]+|#[^\r\n]*)"
    r'|(?P<long>"""(?:(?:"|"")?(?:[^"\\]|\\.))*"""|' + r"'''(?:(?:'|'')?(?:[^'\\]|\\.))*''')"
    r'|(?P<string>"(?:[^"\\\r\n]|\\.)*"|' + r"'(?:[^'\\\r\n]|\\.)*')"
    r'|(?P<iri><(?:[^\x00-\x20<>"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)'
    rf"|(?P<blank>_:[{PN_CHARS_BASE}_0-9](?:[{PN_CHARS}]|\.+(?=[{PN_CHARS}]))*)"
    rf"|(?P<name>(?:{PN_PREFIX})?:(?:{PN_LOCAL})?)"
    r"|(?P<at>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)"
    r"|(?P<double>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+)"
    r"|(?P<decimal>[+-]?[0-9]*\.[0-9]+)"
    r"|(?P<integer>[+-]?[0-9]+)"
    r"|(?P<word>[A-Za-z]+)"
    r"|(?P<type>\^\^)"
    r"|(?P<mark>[.;,\[\](){}])"
    r"|(?P<other>.)",
    re.DOTALL,
)
ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}

Node = NamedNode | BlankNode | Literal


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: the name of its group in TOKEN, its characters, and where it begins."""

    kind: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A triple, and where each of its terms begins."""

    subject: Node
    predicate: Node
    object: Node
    at: tuple[int, int, int]


@dataclass(slots=True)
class Scan:
    """What stands in a text."""

    text: str
    lines: list[int]
    """Where each line begins."""
    statements: list[Statement] = field(default_factory=list)
    prefixes: dict[str, str] = field(default_factory=dict)
    """Those that it declares; the last declaration holds."""
    declared: dict[str, int] = field(default_factory=dict)
    """Where each of them is declared."""
    undeclared: dict[str, int] = field(default_factory=dict)
    """Prefixes that are used and not declared before, and where first."""

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a position, both from 1, columns in code points."""
        line = bisect_right(self.lines, offset)
        return line, offset - self.lines[line - 1] + 1


def tokens(text: str) -> list[Token]:
    """The tokens of a Turtle text, without white space and comments."""
    return [Token(m.lastgroup or "", m[0], m.start()) for m in TOKEN.finditer(text) if m.lastgroup != "skip"]


def unescaped(text: str) -> str:
    r"""A string or IRI without its escapes.

    >>> unescaped(r"a\tb\u0041")
    'a\tbA'
    """
    if "\\" not in text:
        return text
    return ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else ESCAPED.get(m[3], m[3]), text)


@cache
def resolved(iri: str, base: str) -> str:
    """An IRI reference against a base (RFC 3986), or itself when it cannot be resolved."""
    try:
        (quad,) = pyoxigraph.parse(f"<{iri}> a <{iri}> .", format=pyoxigraph.RdfFormat.TURTLE, base_iri=base or None)
    except (SyntaxError, ValueError):
        return iri
    return str(getattr(quad.subject, "value", iri))


def scan(text: str) -> Scan:
    """The triples of a Turtle text with their places.

    >>> [(s.subject.value, s.at) for s in scan("<urn:a> a <urn:b>, <urn:c> .").statements]
    [('urn:a', (0, 8, 10)), ('urn:a', (0, 8, 19))]
    """
    return _Reader(text).read()


@dataclass(slots=True)
class _Frame:
    """A statement that is being read, or the inside of brackets."""

    mark: str = ""
    """The bracket that opened it."""
    start: int = 0
    subject: Node | None = None
    predicate: Node | None = None
    at: tuple[int, int] = (0, 0)
    """Where subject and predicate begin."""
    filled: bool = False
    """Whether the predicate has an object: what follows without a comma is the name of a graph."""
    cell: BlankNode | None = None
    """The last cell of a collection."""


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens = tokens(text)
        self.found = Scan(text, [0, *(match.end() for match in re.finditer("\n", text))])
        self.base = ""
        self.frames = [_Frame()]

    def read(self) -> Scan:
        i = 0
        while i < len(self.tokens):
            i = self._step(i)
        return self.found

    def _step(self, i: int) -> int:
        """Take what begins at a token, and say at which token to go on."""
        token = self.tokens[i]
        keyword = token.text.lstrip("@").lower() if token.kind in {"at", "word"} else ""
        if keyword in {"prefix", "base"}:
            return self._directive(i, keyword)
        if token.kind == "mark":
            self._mark(token)
        elif token.kind in {"string", "long"}:
            return self._literal(i)
        elif (term := self._term(token)) is not None:
            self._take(term, token.start)
        return i + 1

    def _peek(self, i: int) -> Token:
        return self.tokens[i] if i < len(self.tokens) else Token("end", "", len(self.found.text))

    def _directive(self, i: int, keyword: str) -> int:
        names = [self._peek(i + 1), self._peek(i + 2)]
        if keyword == "base" and names[0].kind == "iri":
            self.base = resolved(unescaped(names[0].text[1:-1]), self.base)
            return i + 2
        if [name.kind for name in names] == ["name", "iri"]:
            prefix = names[0].text[:-1]
            self.found.prefixes[prefix] = resolved(unescaped(names[1].text[1:-1]), self.base)
            self.found.declared[prefix] = names[0].start
            return i + 3
        return i + 1

    def _mark(self, token: Token) -> None:
        frame = self.frames[-1]
        if token.text in "[(":
            start = BlankNode() if token.text == "[" else None
            self.frames.append(_Frame(token.text, token.start, start, at=(token.start, token.start)))
        elif token.text in "])" and len(self.frames) > 1:
            self.frames.pop()
            self._take(self._closed(frame), frame.start)
        elif token.text == ";":
            frame.predicate = None
        elif token.text == ",":
            frame.filled = False
        elif token.text in ".{}":
            self.frames = [_Frame()]

    def _closed(self, frame: _Frame) -> Node:
        """The node that a pair of brackets stands for."""
        if frame.mark == "[":
            assert frame.subject is not None
            return frame.subject
        if frame.cell is None:
            return NamedNode(RDF + "nil")
        self._state(frame.cell, RDF + "rest", NamedNode(RDF + "nil"), frame.start)
        assert frame.subject is not None
        return frame.subject

    def _state(self, subject: Node, predicate: str, obj: Node, at: int) -> None:
        self.found.statements.append(Statement(subject, NamedNode(predicate), obj, (at, at, at)))

    def _take(self, term: Node, start: int) -> None:
        """Put a term where the next one is wanted."""
        frame = self.frames[-1]
        if frame.mark == "(":
            cell = BlankNode()
            if frame.cell is None:
                frame.subject = cell
            else:
                self._state(frame.cell, RDF + "rest", cell, start)
            self._state(cell, RDF + "first", term, start)
            frame.cell = cell
        elif frame.subject is None:
            frame.subject, frame.at = term, (start, start)
        elif frame.predicate is None:
            frame.predicate, frame.at, frame.filled = term, (frame.at[0], start), False
        elif not frame.filled:
            frame.filled = True
            self.found.statements.append(Statement(frame.subject, frame.predicate, term, (*frame.at, start)))

    def _literal(self, i: int) -> int:
        """A string with its language or datatype."""
        token, following, after = self.tokens[i], self._peek(i + 1), self._peek(i + 2)
        quotes = 3 if token.kind == "long" else 1
        value, used = unescaped(token.text[quotes:-quotes]), 1
        literal = Literal(value)
        if following.kind == "at":
            literal, used = Literal(value, language=following.text[1:].lower()), 2
        elif following.kind == "type" and after.kind in {"iri", "name"}:
            datatype = self._term(after)
            literal, used = Literal(value, datatype=datatype if isinstance(datatype, NamedNode) else None), 3
        self._take(literal, token.start)
        return i + used

    def _term(self, token: Token) -> Node | None:
        """The node that one token stands for; None for what is none."""
        text = token.text
        if token.kind == "iri":
            return NamedNode(resolved(unescaped(text[1:-1]), self.base))
        if token.kind == "name":
            return self._name(token)
        if token.kind == "blank":
            return BlankNode(text[2:])
        if token.kind in {"double", "decimal", "integer"}:
            return Literal(text, datatype=NamedNode(XSD + token.kind))
        if text == "a" and self.frames[-1].predicate is None:
            return NamedNode(RDF + "type")
        return Literal(text, datatype=NamedNode(XSD + "boolean")) if text in {"true", "false"} else None

    def _name(self, token: Token) -> NamedNode:
        prefix, _, local = token.text.partition(":")
        if prefix not in self.found.prefixes:
            self.found.undeclared.setdefault(prefix, token.start)
        plain = re.sub(r"\\(.)", r"\1", local)
        return NamedNode(self.found.prefixes.get(prefix, f"{prefix}:") + plain)
