"""Claims in the forms that other communities use: nanopublications, RDF reification, RDF 1.2 reifiers, data cube.

The forms are made by the queries of queries/export over the store, whose numbers are in their shortest form (84 for
84.0); they name the claims, documents and things of the graph and can be loaded beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

import pyoxigraph
from pyoxigraph import NamedNode, Quad, Triple

from kg import queries, rdf, terms
from kg.errors import UsageError, nearest
from kg.sorting import sorted_lines
from kg.store import Session

FORMS = ("nanopublications", "reification", "reifiers", "cube")
WITH_TRIPLE_TERMS = ("nquads", "ntriples", "trig", "turtle")
"""The formats that can say RDF 1.2 triple terms."""

GRAPH_STATEMENTS = NamedNode(terms.BASE + "graph/statements")
GRAPH_CUBE = NamedNode(terms.BASE + "graph/cube")
PARTS = ("head", "assertion", "provenance", "publication")
CUBE = ("cube-structure", "cube-observations")
SUBJECT, PREDICATE, OBJECT, TYPE, REIFIES, STATEMENT = (
    NamedNode(terms.STANDARD["rdf"] + name)
    for name in ("subject", "predicate", "object", "type", "reifies", "Statement")
)


def check(name: str, form: str) -> None:
    """Raise UsageError when there is no such form of claims, or when the format cannot say it."""
    if name not in FORMS:
        raise UsageError(f"claims have no form {name!r}", hint=nearest(name, list(FORMS)))
    if name == "reifiers" and form not in WITH_TRIPLE_TERMS:
        raise UsageError(f"{form} cannot say RDF 1.2 triple terms", hint="take " + ", ".join(WITH_TRIPLE_TERMS))
    if name == "nanopublications" and form not in ("nquads", "trig", "jsonld"):
        raise UsageError(f"a nanopublication is four graphs, and {form} has none", hint="take trig, nquads or jsonld")


def lines(name: str, session: Session, documents: Iterable[str] = ()) -> Iterator[bytes]:
    """The claims in one of FORMS, as N-Quads lines that are neither sorted nor each once.

    `documents` are the graphs of the documents that are wanted; none means all. The cube always holds all, because a
    series reaches over documents.
    """
    if name == "cube":
        return rdf.lines_each(quad for part in CUBE for quad in _constructed(session, part, {}, GRAPH_CUBE))
    chosen = [{"document": _document(graph)} for graph in documents] or [{}]
    if name == "nanopublications":
        return rdf.lines_each(quad for params in chosen for quad in _nanopublications(session, params))
    reified = (quad for params in chosen for quad in _constructed(session, "statements", params, GRAPH_STATEMENTS))
    return rdf.lines_each(reified if name == "reification" else _reifiers(reified))


def _document(graph: str) -> str:
    return f"{terms.BASE}id/doc/{graph.removeprefix(terms.document_graph(''))}"


def _constructed(session: Session, name: str, params: dict[str, str], graph: NamedNode) -> Iterator[Quad]:
    """What a CONSTRUCT of queries/export makes, in a graph of its own."""
    made = session.run(queries.bind(queries.read(name, "export"), params), None)
    assert isinstance(made, pyoxigraph.QueryTriples)
    return (rdf.quad_in(graph, triple) for triple in made)


def _nanopublications(session: Session, params: dict[str, str]) -> Iterator[Quad]:
    """The four graphs of each nanopublication (https://nanopub.net/guidelines/working_draft/)."""
    for part in PARTS:
        rows = session.run(queries.bind(queries.read(f"nanopublication-{part}", "export"), params), None)
        assert isinstance(rows, pyoxigraph.QuerySolutions)
        for row in rows:
            yield Quad(row["subject"], row["predicate"], row["object"], row["graph"])


def _reifiers(reified: Iterable[Quad]) -> Iterator[Quad]:
    """RDF 1.2 in place of RDF reification: each statement reifies a triple term, and keeps what else is said of it."""
    ordered = sorted_lines(rdf.lines_each(reified))
    for _, group in groupby(ordered, key=lambda line: line.partition(b" ")[0]):
        quads = list(rdf.parse_each(group))
        parts = {quad.predicate: quad.object for quad in quads}
        triple = Triple(parts[SUBJECT], parts[PREDICATE], parts[OBJECT])  # type: ignore[arg-type]
        yield Quad(quads[0].subject, REIFIES, triple, GRAPH_STATEMENTS)
        for quad in quads:
            if quad.predicate not in (SUBJECT, PREDICATE, OBJECT) and quad.object != STATEMENT:
                yield quad
