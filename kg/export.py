"""The graph as files: N-Quads, TriG, N-Triples, Turtle, JSON-LD and RDF/XML, made from the record, sorted.

Lines pass through one at a time, so a graph of any size is written in a bound of memory. The graph has no blank nodes;
therefore its canonical N-Quads (RDF Dataset Canonicalization, https://www.w3.org/TR/rdf-canon/) are its own N-Quads
lines in code point order, and the SHA-256 of the nquads export is the RDFC-1.0 digest of the data set.
"""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from kg import forms, jsonld, packing, rdf, terms
from kg.errors import InputError, UsageError, nearest
from kg.packing import Sink
from kg.selecting import Selection, selection
from kg.sorting import distinct, lines_of, sorted_lines
from kg.store import Session, current_generation

SELECT, SPACE = terms.expand("sh:select"), terms.expand("void:uriSpace")
BINARY_SAFE = frozenset('\x00 <>"{}|^`\\')
WITH_GRAPHS = ("nquads", "trig", "jsonld")
Lines = Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be written, in the words of the command line."""

    form: str = "nquads"
    graphs: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    claims_as: str = ""
    """One of forms.FORMS, or empty for the graph as it is."""
    base: str = terms.BASE

    def __post_init__(self) -> None:
        """Refuse what cannot be. Raises UsageError, and InputError for a base that is no IRI."""
        if self.form not in rdf.GRAPH_FORMATS:
            raise UsageError(f"there is no format {self.form!r}", hint=nearest(self.form, sorted(rdf.GRAPH_FORMATS)))
        if not self.base.startswith(("http://", "https://", "urn:")) or BINARY_SAFE & set(self.base):
            raise InputError(f"{self.base!r} is not an absolute IRI", hint="for example https://data.example.org/icr/")
        if self.claims_as:
            forms.check(self.claims_as, self.form)
            if self.graphs or self.kinds:
                raise UsageError("claims in another form are chosen by document", hint="leave out --graph and --kind")


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written."""

    path: Path
    statements: int
    """Triples, or quads in a format with graphs."""
    bytes: int
    sha256: str
    """Of the file as it lies there, packed or not."""


def whole(session: Session) -> bytes:
    """The whole graph as its canonical N-Quads."""
    return b"".join(line + b"\n" for line in canonical(Request(), session))


def canonical(request: Request, session: Session) -> Iterator[bytes]:
    """The canonical N-Quads lines of what is asked for: each once, in code point order.

    Raises UnknownName for a graph, document or kind that does not exist.
    """
    if request.claims_as:
        chosen = selection(session, (), request.documents, ())
        lines = sorted_lines(forms.lines(request.claims_as, session, chosen.documents))
    else:
        wanted = selection(session, request.graphs, request.documents, request.kinds)
        lines = _recorded(wanted, session)
    return lines if request.base == terms.BASE else sorted_lines(rebased(lines, request.base))


def _recorded(wanted: Selection, session: Session) -> Iterator[bytes]:
    """The lines of the current generation that are wanted, or of memory when no store can be written."""
    try:
        path = Path(current_generation(session.directory), "graph.nq")
        path.stat()
    except OSError:
        from kg import assembly

        return wanted.lines(assembly.assemble(validate=False))
    return wanted.lines(lines_of(path))


def write(lines: Lines, request: Request, sink: Sink) -> int:
    """Write canonical N-Quads lines in the format that is asked for, and return the number of statements."""
    counted = Counted(lines if request.form in WITH_GRAPHS else distinct(map(triple_line, lines)))
    if request.form in ("nquads", "ntriples"):
        sink.writelines(line + b"\n" for line in counted)
    elif request.form == "jsonld":
        jsonld.write(rdf.parse_each(by_graph(counted)), request.base, sink)
    else:
        prefixes = {name: iri.replace(terms.BASE, request.base, 1) for name, iri in terms.PREFIXES.items()}
        ordered = by_graph(counted) if request.form == "trig" else counted
        rdf.write(rdf.parse_each(ordered), request.form, prefixes, sink)
    return counted.number


class Counted:
    """Lines that are counted as they pass."""

    def __init__(self, lines: Lines) -> None:
        self.number = 0
        self._lines = lines

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            self.number += 1
            yield line


def triple_line(line: bytes) -> bytes:
    """The N-Triples line of an N-Quads line; sorted lines stay sorted, because the graph stands last."""
    return line.rsplit(b" ", 2)[0] + b" ."


def by_graph(lines: Lines) -> Iterator[bytes]:
    """N-Quads lines in the order of their graphs, as formats that write graph by graph need them."""
    keyed = (b"%s %s" % (line.rsplit(b" ", 2)[1], line) for line in lines)
    return (line.partition(b" ")[2] for line in sorted_lines(keyed))


def rebased(lines: Lines, base: str) -> Iterator[bytes]:
    """The lines with another base IRI: in IRIs, in the texts of queries, and where a text says how IRIs begin."""

    def moved(node: object) -> object:
        if isinstance(node, NamedNode) and node.value.startswith(terms.BASE):
            return NamedNode(base + node.value[len(terms.BASE) :])
        return node

    def moved_in(quad: Quad) -> Quad:
        """The quad; the text of a query names IRIs as well, and so does the space of the IRIs of a data set."""
        if quad.predicate.value in (SELECT, SPACE) and isinstance(quad.object, Literal):
            text = quad.object.value
            moved_text = base if text == terms.BASE else terms.rebased(text, base)
            quad = Quad(quad.subject, quad.predicate, Literal(moved_text), quad.graph_name)
        return Quad(*(moved(node) for node in quad))  # type: ignore[arg-type]

    return rdf.lines_each(map(moved_in, rdf.parse_each(lines)))


def to_file(lines: Lines, request: Request, path: Path, packing_: str) -> Written:
    """Write the lines to a file, whole or not at all. Raises StoreError when it cannot be written."""
    with packing.whole(path) as file:
        sink = Digested(file)
        with packing.packed(sink, packing_) as target:  # type: ignore[arg-type]
            statements = write(lines, request, target)
    return Written(path, statements, sink.size, sink.digest.hexdigest())


class Digested(io.RawIOBase):
    """A file to write to that takes the size and the SHA-256 of what passes."""

    def __init__(self, sink: Sink) -> None:
        self.size = 0
        self.digest = hashlib.sha256()
        self._sink = sink

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def write(self, body: bytes) -> int:  # type: ignore[override]
        """Pass the bytes on."""
        self.size += len(body)
        self.digest.update(body)
        self._sink.write(body)
        return len(body)


def to_parts(lines: Lines, request: Request, path: Path, packing_: str, number: int) -> list[Written]:
    """Write the lines in so many files of about one size, for loaders that read side by side, and a manifest.

    Every part is a file of the format by itself; what is said of one thing stands in one part. `graph.nq` becomes
    `graph-1-of-4.nq` and so on, with `graph.nq.manifest.json`, which holds statements, bytes and SHA-256 of each part
    and the RDFC-1.0 digest of the whole.
    """
    digest = hashlib.sha256()
    with tempfile.TemporaryDirectory(prefix="kg-split-") as folder:
        names = [Path(folder, str(index)) for index in range(number)]
        _deal(lines, names, digest.update)
        parts = [
            to_file(lines_of(name), request, part_name(path, index, number), packing_)
            for index, name in enumerate(names, 1)
        ]
    manifest = {
        "format": request.form,
        "statements": sum(part.statements for part in parts),
        "rdfc10-sha256": digest.hexdigest(),
        "parts": [
            {"file": part.path.name, "statements": part.statements, "bytes": part.bytes, "sha256": part.sha256}
            for part in parts
        ],
    }
    body = json.dumps(manifest, indent=2).encode() + b"\n"
    packing.write_whole(path.with_name(path.name + ".manifest.json"), body)
    return parts


def _deal(lines: Lines, names: list[Path], digest: Callable[[bytes], None]) -> None:
    """Put sorted lines into files in turn, all those of one subject into the file that has least."""
    with ExitStack() as stack:
        files = [stack.enter_context(name.open("wb")) for name in names]
        sizes = [0] * len(files)
        subject, index = b"", 0
        for line in lines:
            if not line.startswith(subject + b" "):
                subject, index = line.partition(b" ")[0], sizes.index(min(sizes))
            files[index].write(line + b"\n")
            sizes[index] += len(line)
            digest(line + b"\n")


def part_name(path: Path, index: int, number: int) -> Path:
    """The name of a part.

    >>> part_name(Path("graph.nq.gz"), 2, 4).name
    'graph-2-of-4.nq.gz'
    """
    stem, dot, endings = path.name.partition(".")
    return path.with_name(f"{stem}-{index}-of-{number}{dot}{endings}")
