"""Exports, made from the N-Quads of the record: the store rewrites literals, the record does not."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from kg import layout, rdf, terms
from kg.errors import InputError, StoreError, UnknownName, UsageError, nearest
from kg.store import Session, current_generation

SELECT = terms.expand("sh:select")
BINARY_SAFE = frozenset('\x00 <>"{}|^`\\')


def export(form: str, *, graphs: list[str], base: str | None, directory: str | None, quiet: bool) -> bytes:
    """The graph, or some of its named graphs, in one of rdf.GRAPH_FORMATS, sorted.

    Raises UsageError for an unknown format, UnknownName for a graph that does not exist, InputError for a
    base that is not an IRI.
    """
    if form not in rdf.GRAPH_FORMATS:
        raise UsageError(f"there is no format {form!r}", hint=nearest(form, sorted(rdf.GRAPH_FORMATS)))
    lines = _lines(directory, quiet=quiet)
    if graphs:
        lines = _of_graphs(lines, [terms.expand(graph) for graph in graphs])
    if base:
        lines = rebased(lines, base)
    if form == "nquads":
        return b"".join(line + b"\n" for line in lines)
    prefixes = {prefix: iri.replace(terms.BASE, base or terms.BASE, 1) for prefix, iri in terms.PREFIXES.items()}
    body = rdf.serialise(rdf.parse_lines(b"\n".join(lines)), form, prefixes)
    return b"".join(sorted({line + b"\n" for line in body.splitlines()})) if form == "ntriples" else body


def _lines(directory: str | None, *, quiet: bool) -> list[bytes]:
    """The sorted N-Quads lines of the current generation, or of memory when no store can be written."""
    directory = directory or layout.default_store()
    Session(directory, quiet=quiet)
    try:
        return Path(current_generation(directory), "graph.nq").read_bytes().splitlines()
    except OSError:
        from kg import build

        return build.assemble(validate=False)


def _of_graphs(lines: list[bytes], graphs: list[str]) -> list[bytes]:
    there = sorted({line.rsplit(b" ", 2)[1].decode()[1:-1] for line in lines})
    for graph in graphs:
        if graph not in there:
            raise UnknownName(f"there is no graph {graph!r}", hint=nearest(graph, there))
    ends = tuple(f" <{graph}> .".encode() for graph in graphs)
    return [line for line in lines if line.endswith(ends)]


def rebased(lines: list[bytes], base: str) -> list[bytes]:
    """The lines with another base IRI: in IRIs and in the texts of queries, never inside other literals."""
    if not base.startswith(("http://", "https://", "urn:")) or BINARY_SAFE & set(base):
        raise InputError(f"{base!r} is not an absolute IRI", hint="for example https://data.example.org/icr/")

    def moved(node: object) -> object:
        if isinstance(node, NamedNode) and node.value.startswith(terms.BASE):
            return NamedNode(base + node.value[len(terms.BASE) :])
        return node

    def moved_in(quad: Quad) -> Quad:
        """The quad; the text of a query names IRIs as well."""
        if quad.predicate.value == SELECT and isinstance(quad.object, Literal):
            quad = Quad(quad.subject, quad.predicate, Literal(terms.rebased(quad.object.value, base)), quad.graph_name)
        return Quad(*(moved(node) for node in quad))  # type: ignore[arg-type]

    quads = rdf.parse_lines(b"\n".join(lines))
    return rdf.canonical_lines(map(moved_in, quads))


def write_whole(path: Path, body: bytes) -> None:
    """Write a file whole or not at all. Raises StoreError when it cannot be written."""
    target = path.resolve()
    beside = target.with_name(target.name + ".part")
    try:
        if target.exists() and not target.is_file():  # a device or a pipe is written to, never replaced
            target.write_bytes(body)
            return
        beside.write_bytes(body)
        os.replace(beside, target)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise StoreError(f"{path} cannot be written: {error.strerror}", hint="name another file") from None
