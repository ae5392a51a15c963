"""Parts of the graph: by named graph, by document, by kind of thing, taken from its sorted lines as they pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from kg import terms
from kg.engine import records
from kg.errors import UnknownName, nearest
from kg.store import Session

TYPE = f" <{terms.STANDARD['rdf']}type> ".encode()


@dataclass(frozen=True, slots=True)
class Selection:
    """What of the graph is wanted; an empty part of it leaves nothing out. All are whole IRIs."""

    graphs: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    """Graphs of documents: with all that is said of the things that they describe, inferences included."""
    kinds: tuple[str, ...] = ()
    """Classes: with all that is said of their instances."""

    def lines(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Those of the sorted N-Quads lines that are wanted.

        In sorted lines those of one subject stand together, so that one passage is enough and nothing is held.
        """
        if self.documents or self.kinds:
            lines = self._about_wanted(lines)
        ends = _ends(self.graphs)
        return iter(lines) if not ends else (line for line in lines if line.endswith(ends))

    def _about_wanted(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """The lines about the things that the documents describe and that are of the kinds."""
        documents = _ends(self.documents)
        kinds = tuple(TYPE + f"<{kind}> ".encode() for kind in self.kinds)
        for _, group in groupby(lines, key=lambda line: line.partition(b" ")[0]):
            about = list(group)
            described = not documents or any(line.endswith(documents) for line in about)
            if described and (not kinds or any(kind in line for line in about for kind in kinds)):
                yield from about


def _ends(graphs: Iterable[str]) -> tuple[bytes, ...]:
    """How the N-Quads lines of some graphs end."""
    return tuple(f" <{graph}> .".encode() for graph in graphs)


def selection(session: Session, graphs: Iterable[str], documents: Iterable[str], kinds: Iterable[str]) -> Selection:
    """What is meant by names of graphs, documents and kinds.

    A graph is named by its IRI, compact name or short name (`entities`), a document by its name, and a kind by its
    class: `icr:Organization`, its label in English, or that in the plural. Raises UnknownName, with the nearest, for
    what is not there.
    """
    there = session.graphs()
    own = terms.document_graph("")
    texts = {graph.removeprefix(own): graph for graph in there if graph.startswith(own)}
    return Selection(
        tuple(_known(terms.graph_iri(name), dict(zip(there, there, strict=True)), "graph") for name in graphs),
        tuple(_known(name, texts, "document") for name in documents),
        tuple(_class(name, session) for name in kinds),
    )


def _known(name: str, known: dict[str, str], what: str) -> str:
    if name not in known:
        raise UnknownName(f"there is no {what} {name!r}", hint=nearest(name, sorted(known)))
    return known[name]


def _class(name: str, session: Session) -> str:
    """The class that a name stands for."""
    from kg import queries

    rows = records(*session.ask(queries.read("classes", "lookup").body).rows())
    classes = [(row["class"], row["name"].casefold()) for row in rows]
    known = {form: iri for iri, label in classes for form in (label, _plural(label))}
    by_iri = {iri: iri for iri, _ in classes}
    return by_iri.get(terms.expand(name)) or _known(name.casefold(), known, "kind")


def _plural(noun: str) -> str:
    """The regular plural of an English noun.

    >>> [_plural(noun) for noun in ("claim", "industry", "process")]
    ['claims', 'industries', 'processes']
    """
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")
