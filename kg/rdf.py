"""Reading RDF files with a place for every error, and writing RDF in canonical order.

The record is read with `pyoxigraph.parse`, strictly: it keeps literals exactly as they are written.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO

import pyoxigraph
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat

from kg import layout, terms, text_files
from kg.errors import FindingsError, SyntaxProblem

GRAPH_FORMATS = {
    "jsonld": RdfFormat.JSON_LD,
    "nquads": RdfFormat.N_QUADS,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "trig": RdfFormat.TRIG,
    "turtle": RdfFormat.TURTLE,
}

LINES_AT_ONCE = 10_000
"""Lines that are parsed or written together: enough to pay for the call, little to hold."""


def graph_of(path: str) -> str:
    """IRI of the named graph that a file fills, in the project and in a folder added to it.

    The folder decides; things, comparisons and links may also stand as files beside the record of a document, and a
    mapping set holds links wherever it stands.
    """
    file = Path(os.path.abspath(path))
    if file.is_relative_to(layout.data_path("ontology")):
        return terms.GRAPH_ONTOLOGY
    kinds = {file.parent.name, file.stem}
    if "comparisons" in kinds:
        return terms.GRAPH_COMPARISONS
    if "links" in kinds or file.name.endswith(layout.MAPPINGS):
        return terms.GRAPH_LINKS
    return terms.GRAPH_ENTITIES if "things" in kinds else terms.document_graph(file.parent.name)


def read_turtle(path: str | os.PathLike[str]) -> list[pyoxigraph.Triple]:
    """The triples of a Turtle file, literals as written.

    Raises SyntaxProblem with file, line and column when it does not parse, InputError when it cannot be read.
    """
    body = text_files.read_bytes(path).removeprefix(text_files.BYTE_ORDER_MARK)
    try:
        quads = list(pyoxigraph.parse(body, format=RdfFormat.TURTLE))
    except SyntaxError as error:
        where = f"{layout.shown(path)}:{error.lineno or 1}:{error.offset or 1}"
        what = str(error.msg).rstrip(".")
        raise SyntaxProblem(f"this is not Turtle: {what}", at=where, hint="mend the file at that place") from None
    return [quad.triple for quad in quads]


def read_project(paths: Iterable[str]) -> tuple[list[Quad], list[str]]:
    """The quads of files of the project, and the triples that stand in two graphs, as text."""
    home: dict[pyoxigraph.Triple, str] = {}
    twice = []
    for path in paths:
        graph = graph_of(path)
        for triple in read(path):
            if home.setdefault(triple, graph) != graph:
                twice.append(f"{layout.shown(path)}: {triple} stands in {home[triple]} already")
    return [quad_in(NamedNode(graph), triple) for triple, graph in home.items()], twice


def read(path: str) -> list[pyoxigraph.Triple]:
    """The triples of a file of the project: Turtle, or a mapping set. Raises SyntaxProblem with the place."""
    if path.endswith(layout.MAPPINGS):
        from kg import links  # builds on this module

        return list(links.triples(path))
    return read_turtle(path)


def project_lines(paths: Iterable[str]) -> Iterator[bytes]:
    """The N-Quads lines of the project's Turtle files, file by file, in canonical form but not sorted.

    Raises SyntaxProblem with the place for a file that does not parse, FindingsError for a node without an IRI.
    """
    for path in paths:
        graph = NamedNode(graph_of(path))
        quads = [quad_in(graph, triple) for triple in read(path)]
        for quad in blank_nodes(quads):
            raise FindingsError(
                f"a node of {quad.subject} {quad.predicate} has no IRI",
                at=layout.shown(path),
                hint="name every node",
            )
        yield from canonical_lines(quads)


def in_two_graphs(lines: Iterable[bytes], found: list[str]) -> Iterator[bytes]:
    """Sorted N-Quads lines as they are; each triple that stands in two graphs is put into `found` on the way."""
    last = b""
    for line in lines:
        triple = line.rsplit(b" ", 2)[0]
        if triple == last:
            found.append(f"{triple.decode()} stands in {line.rsplit(b' ', 2)[1].decode()} and in another graph")
        last = triple
        yield line


def quad_in(graph: NamedNode, triple: pyoxigraph.Triple) -> Quad:
    """The triple as a quad of a graph."""
    return Quad(triple.subject, triple.predicate, triple.object, graph)


def canonical_lines(quads: Iterable[Quad]) -> list[bytes]:
    """Sorted N-Quads lines, each once, without line ends: the same quads give the same bytes."""
    body = pyoxigraph.serialize(quads, format=RdfFormat.N_QUADS)
    assert body is not None
    return sorted(set(body.splitlines()))


def blank_nodes(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The quads that hold a blank node; the project has none, so that exports compare line by line."""
    return (q for q in quads if isinstance(q.subject, BlankNode) or isinstance(q.object, BlankNode))


def parse_lines(lines: bytes) -> Iterator[Quad]:
    """The quads of N-Quads text, literals as written."""
    return iter(pyoxigraph.parse(lines, format=RdfFormat.N_QUADS))


def parse_each(lines: Iterable[bytes]) -> Iterator[Quad]:
    """The quads of N-Quads lines, a few thousand lines at a time, literals as written."""
    source = iter(lines)
    while some := list(islice(source, LINES_AT_ONCE)):
        yield from parse_lines(b"\n".join(some))


def lines_each(quads: Iterable[Quad]) -> Iterator[bytes]:
    """The N-Quads lines of quads, in canonical form but not sorted, a few thousand at a time."""
    source = iter(quads)
    while some := list(islice(source, LINES_AT_ONCE)):
        yield from canonical_lines(some)


def write(quads: Iterable[Quad], form: str, prefixes: dict[str, str], sink: IO[bytes]) -> None:
    """Write quads in one of GRAPH_FORMATS; the formats without graphs get the triples of all graphs."""
    rdf_format = GRAPH_FORMATS[form]
    statements = quads if rdf_format.supports_datasets else (quad.triple for quad in quads)
    names = {} if form in {"nquads", "ntriples"} else prefixes
    pyoxigraph.serialize(statements, sink, format=rdf_format, prefixes=names)


def format_of(name: str) -> str:
    """The one of GRAPH_FORMATS that the ending of a file's name stands for; empty when it stands for none.

    >>> format_of("graph.trig"), format_of("graph.txt")
    ('trig', '')
    """
    ending = name.rpartition(".")[2].lower()
    form = RdfFormat.from_extension(ending) if ending != "txt" else None  # to the engine that is N-Triples
    return next((known for known, one in GRAPH_FORMATS.items() if one == form), "")


def serialise(quads: Iterable[Quad], form: str, prefixes: dict[str, str]) -> bytes:
    """Quads in one of GRAPH_FORMATS, as `write` writes them."""
    sink = io.BytesIO()
    write(quads, form, prefixes, sink)
    return sink.getvalue()


def ntriples(lines: Iterable[bytes]) -> bytes:
    """The triples of N-Quads lines without their graphs, as N-Triples."""
    return serialise(parse_each(lines), "ntriples", {})


def turtle(quads: Sequence[Quad]) -> bytes:
    """The triples as Turtle, in their order, with the prefixes that they need; the same triples give the same bytes."""
    names = serialise(quads, "ntriples", {})
    # names with slashes are easier to read in full than with the prefix of all things
    spaces = {prefix: iri for prefix, iri in terms.PREFIXES.items() if prefix != "id"}
    needed = {prefix: iri for prefix, iri in spaces.items() if b"<" + iri.encode() in names}
    lines = serialise(quads, "turtle", needed).splitlines(keepends=True)
    head = sorted(line for line in lines if line.startswith(b"@prefix "))  # by name, as people look for them
    return b"".join([*head, b"\n", *lines[len(head) :]])
