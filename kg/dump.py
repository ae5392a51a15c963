"""A folder with the whole data set for publishing: the graph, its claims in every form, README and description."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Template

from pyoxigraph import Literal, NamedNode, Triple

from kg import dataset_description, export, layout, packing, rdf, terms
from kg.dataset_description import Distribution
from kg.errors import StoreError
from kg.export import Request, Written
from kg.store import Session

CANONICAL = "https://www.w3.org/TR/rdf-canon/"
DATASET = dataset_description.DATASET
GRAPH = "graph.nq"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the dump before it is packed."""

    name: str
    title: str
    request: Request
    conforms_to: str = ""


def parts(base: str) -> list[Part]:
    """The files of a dump, the graph first."""
    return [
        Part(GRAPH, "the whole graph, canonical", Request("nquads", base=base), CANONICAL),
        Part("graph.trig", "the whole graph, for reading", Request("trig", base=base)),
        Part("graph.jsonld", "the whole graph for programs of the web", Request("jsonld", base=base)),
        Part(
            "nanopublications.trig",
            "every claim as a nanopublication",
            Request("trig", claims_as="nanopublications", base=base),
            "https://nanopub.net/guidelines/working_draft/",
        ),
        Part(
            "statements.ttl",
            "the triples that claims state, as RDF reification",
            Request("turtle", claims_as="reification", base=base),
        ),
        Part(
            "statements-rdf12.nt",
            "the same with RDF 1.2 triple terms",
            Request("ntriples", claims_as="reifiers", base=base),
            "https://www.w3.org/TR/rdf12-n-triples/",
        ),
        Part(
            "cube.ttl",
            "measurements that can be compared, as W3C Data Cube",
            Request("turtle", claims_as="cube", base=base),
            "https://www.w3.org/TR/vocab-data-cube/",
        ),
    ]


def dump(folder: Path, session: Session, base: str, packing_: str, split: int) -> Iterator[Path]:
    """Write the dump into a folder, and give each file when it is there; the description and the README come last.

    Raises StoreError when the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder} cannot be written: {error.strerror}", hint="name another folder") from None
    digest = hashlib.sha256()
    distributions = []
    for part in parts(base):
        lines = export.canonical(part.request, session)
        if part.name == GRAPH:
            lines = _passing(lines, digest.update)
        for written in _written(lines, part, folder, packing_, split):
            distributions.append(_distribution(part, written, packing_))
            yield written.path
    described = dataset_description.describe(session, distributions, digest.hexdigest())
    yield _described(folder / "dataset.ttl", described, base)
    readme = folder / "README.md"
    packing.write_whole(readme, _readme(described, distributions, digest.hexdigest()).encode())
    yield readme


def _passing(lines: Iterator[bytes], look: Callable[[bytes], None]) -> Iterator[bytes]:
    """The lines, each shown to `look` with its line end on the way."""
    for line in lines:
        look(line + b"\n")
        yield line


def _written(lines: Iterator[bytes], part: Part, folder: Path, packing_: str, split: int) -> list[Written]:
    """Write a part, the graph in as many files as are asked for."""
    path = folder / (part.name + packing.ENDINGS[packing_])
    if split > 1 and part.name == GRAPH:
        return export.to_parts(lines, part.request, path, packing_, split)
    return [export.to_file(lines, part.request, path, packing_)]


def _distribution(part: Part, written: Written, packing_: str) -> Distribution:
    return Distribution(
        written.path.name,
        part.title,
        part.request.form,
        packing_,
        written.bytes,
        written.sha256,
        part.conforms_to,
    )


def _described(path: Path, described: list[Triple], base: str) -> Path:
    """Write the description as Turtle, under the base of the files that it describes."""
    graph = NamedNode(terms.GRAPH_META)
    lines = rdf.canonical_lines(rdf.quad_in(graph, triple) for triple in described)
    if base != terms.BASE:
        lines = sorted(export.rebased(lines, base))
    with packing.whole(path) as file:
        export.write(lines, Request("turtle", base=base), file)
    return path


def _readme(described: list[Triple], distributions: list[Distribution], rdfc10: str) -> str:
    """The README of a dump, with the numbers of its description."""
    facts: dict[str, list[str]] = {}
    for triple in described:
        if triple.subject == NamedNode(DATASET) and isinstance(triple.object, Literal | NamedNode):
            facts.setdefault(triple.predicate.value, []).append(triple.object.value)

    def one(name: str) -> str:
        return facts[terms.expand(name)][0]

    rows = [f"| `{d.file}` | {d.title} | {d.bytes:,} | `{d.sha256}` |" for d in distributions]
    graph = [d for d in distributions if d.form == "nquads"]
    unpack = {"gzip": "zcat", "zstd": "zstdcat", "none": "cat"}[graph[0].packing]
    names = " ".join(d.file for d in graph)
    template = Path(layout.PACKAGE, "templates", "dump.md").read_text(encoding="utf-8")
    return Template(template).substitute(
        triples=f"{int(one('void:triples')):,}",
        entities=f"{int(one('void:entities')):,}",
        graphs=str(len(facts[terms.expand("void:subset")])),
        version=one("dcat:version"),
        licence=one("dcterms:license"),
        files="\n".join(rows),
        rdfc10=rdfc10,
        unpack=f"{unpack} {names} | LC_ALL=C sort" if len(graph) > 1 else f"{unpack} {names}",
    )
