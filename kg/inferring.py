"""What follows from the facts, made inside a store: the derive queries, then OWL 2 RL, each until nothing new comes.

Up to LARGEST_FOR_OWLRL facts owlrl closes the graph. It holds the whole graph in Python, and its time grows faster than
the graph; above that the same follows by the rules of queries/entail, which run in the store. A test holds the two
equal on the real graph.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

import pyoxigraph
from pyoxigraph import NamedNode, Store, Triple

from kg import bulk, queries, rdf, terms
from kg.sorting import sorted_lines

INFERRED = NamedNode(terms.GRAPH_INFERRED)
LARGEST_FOR_OWLRL = 100_000
LARGEST_IN_MEMORY = 1_250_000
"""Facts up to which the store is kept in memory, where queries are some four times as fast; about 1.1 KB for each."""


def work_store(facts: str, number: int, folder: str) -> Store:
    """A store to work in with the N-Quads of a file: in memory, or below the folder when so many are too many."""
    store = Store() if number <= LARGEST_IN_MEMORY else Store(os.path.join(folder, "work"))
    bulk.load(store, facts)
    return store


def infer(store: Store, *, large: bool = False) -> tuple[str, ...]:
    """Put into graph/inferred all that follows and stands in no graph yet; return what owlrl complains of."""
    to_the_end(store, "derive")
    if large:
        to_the_end(store, "entail")
        return ()
    return by_owlrl(store)


def to_the_end(store: Store, kind: str) -> None:
    """Run the CONSTRUCT queries of a kind, and put what they make into graph/inferred, until nothing new comes."""
    texts = [queries.read(name, kind).body for name in queries.names(kind)]
    while sum(_made(store, text) for text in texts):  # every query has its turn in every round
        pass


def _made(store: Store, text: str) -> bool:
    """Put what a query makes into graph/inferred, and tell whether any of it is new."""
    triples = store.query(text, use_default_graph_as_union=True)
    assert isinstance(triples, pyoxigraph.QueryTriples)
    return _added(store, triples)


def _added(store: Store, triples: Iterable[Triple]) -> bool:
    return bulk.extend(store, (rdf.quad_in(INFERRED, triple) for triple in triples if not is_known(store, triple)))


def is_known(store: Store, triple: Triple) -> bool:
    """Whether a triple stands in some graph."""
    return next(store.quads_for_pattern(triple.subject, triple.predicate, triple.object), None) is not None


def by_owlrl(store: Store) -> tuple[str, ...]:
    """Put into graph/inferred what owlrl makes of the store, and return its complaints."""
    from kg import reason  # rdflib and owlrl are slow to import, and a wheel never needs them

    closure = reason.closure(rdf.serialise(store, "ntriples", {}))
    _added(store, (quad.triple for quad in rdf.parse_lines(closure.ntriples)))
    return closure.complaints


def inferred_lines(store: Store, folder: str | None = None) -> Iterator[bytes]:
    """The sorted N-Quads lines of graph/inferred; `folder` is where runs are kept while they are sorted."""
    return sorted_lines(rdf.lines_each(store.quads_for_pattern(None, None, None, INFERRED)), folder=folder)
