"""The answer queries as RDF, so that other tools find and run them in the graph itself: graph/meta.

A query is a SHACL executable (https://www.w3.org/TR/shacl/, section 5), as in the SPARQL examples of the Swiss
Institute of Bioinformatics: its text as it stands in the file, which declares its own prefixes, and one comment, the
question. Parameters are SHACL parameters, whose variable is the local name of sh:path. Columns are those of CSV on the
Web (https://www.w3.org/TR/tabular-metadata/), numbered by sh:order because a list would need blank nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kg import queries, rdf, terms
from kg.sorting import merged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.model import Column, Param, Query

TYPE = NamedNode(terms.STANDARD["rdf"] + "type")
GRAPH = NamedNode(terms.GRAPH_META)

Value = NamedNode | Literal


def lines() -> list[bytes]:
    """The canonical N-Quads lines of graph/meta. Raises SyntaxProblem for a query with a bad head."""
    return rdf.canonical_lines(quad for name in queries.names() for quad in _query(queries.read(name)))


def relisted(graph: Iterable[bytes]) -> Iterator[bytes]:
    """Sorted lines with graph/meta as the query files now have it. Raises SyntaxProblem for a query with a bad head."""
    return merged(others(graph), lines())


def others(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of the facts, the ontology and what follows from them: those that graph/meta does not hold."""
    meta = f" {GRAPH} .".encode()
    return (line for line in lines if not line.endswith(meta))


def _query(query: Query) -> Iterator[Quad]:
    node = NamedNode(terms.BASE + "query/" + query.name)
    yield from _typed(node, "sh:SPARQLExecutable", "sh:SPARQLSelectExecutable")
    if query.params:
        yield from _typed(node, "sh:Parameterizable")
    yield _fact(node, "dcterms:identifier", Literal(query.name))
    yield _fact(node, "dcterms:title", _english(query.title))
    yield _fact(node, "rdfs:comment", _english(query.question))
    yield _fact(node, "sh:select", Literal(query.body))
    for tag in query.tags:
        yield _fact(node, "dcterms:subject", Literal(tag))
    for order, param in enumerate(query.params.values(), 1):
        yield from _parameter(node, param, order)
    for order, column in enumerate(query.columns.values(), 1):
        yield from _column(node, column, order)


def _parameter(query: NamedNode, param: Param, order: int) -> Iterator[Quad]:
    node = NamedNode(f"{query.value}#parameter-{param.name}")
    yield _fact(query, "sh:parameter", node)
    yield from _typed(node, "sh:Parameter")
    variable = NamedNode(f"{query.value}#{param.name}")
    yield from _typed(variable, "rdf:Property")
    yield _fact(node, "sh:path", variable)
    yield _fact(node, "sh:name", Literal(param.name))
    yield _fact(node, "sh:description", _english(param.meaning))
    yield _fact(node, "sh:order", Literal(order))
    yield _fact(node, "sh:optional", Literal(True))
    if param.type == "iri":
        yield _fact(node, "sh:nodeKind", NamedNode(terms.expand("sh:IRI")))
    else:
        kind = "string" if param.type == "name" else param.type
        yield _fact(node, "sh:datatype", NamedNode(terms.expand(f"xsd:{kind}")))


def _column(query: NamedNode, column: Column, order: int) -> Iterator[Quad]:
    node = NamedNode(f"{query.value}#column-{column.name}")
    yield _fact(query, "csvw:column", node)
    yield from _typed(node, "csvw:Column")
    yield _fact(node, "csvw:name", Literal(column.name))
    yield _fact(node, "dcterms:description", _english(column.meaning))
    yield _fact(node, "sh:order", Literal(order))
    if column.unit:
        yield _fact(node, "schema:unitText", Literal(column.unit))


def _typed(node: NamedNode, *classes: str) -> Iterator[Quad]:
    for name in classes:
        yield Quad(node, TYPE, NamedNode(terms.expand(name)), GRAPH)


def _fact(node: NamedNode, predicate: str, value: Value) -> Quad:
    return Quad(node, NamedNode(terms.expand(predicate)), value, GRAPH)


def _english(words: str) -> Literal:
    return Literal(words, language="en")
