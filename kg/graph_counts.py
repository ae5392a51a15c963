"""What the graph holds of each term: how many things, how many uses, and one or two examples."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pyoxigraph import Literal

from kg import export, rdf, terms
from kg.store import Session

EXAMPLES = 2


@dataclass(frozen=True, slots=True)
class Example:
    """A thing of the graph with its name in English."""

    iri: str
    label: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers over the union of the graphs, inferences included, the ontology itself left out."""

    things: Counter[str]
    """Class to number of things."""
    triples: Counter[str]
    """Property to number of triples."""
    mentions: Counter[str]
    """Thing or concept to number of triples that point at it."""
    examples: dict[str, list[Example]]
    """Class to the first of its things by IRI, those first that are written as such and not inferred."""


def read(directory: str | None = None, *, quiet: bool = False) -> Counts:
    """Count the graph of the store in `directory`."""
    rdf_type = terms.expand("rdf:type")
    naming = {terms.expand("rdfs:label"), terms.expand("skos:prefLabel")}
    lines = export.whole(Session(directory, quiet=quiet))
    things, triples, mentions = Counter[str](), Counter[str](), Counter[str]()
    members: dict[str, list[tuple[bool, str]]] = {}
    labels: dict[str, str] = {}
    for subject, predicate, obj, graph in rdf.parse_lines(lines):
        iri, prop, value = (str(getattr(node, "value", node)) for node in (subject, predicate, obj))
        if isinstance(obj, Literal) and prop in naming and (obj.language or "en") == "en":
            labels[iri] = value
        if graph.value == terms.GRAPH_ONTOLOGY:
            continue
        triples[prop] += 1
        if prop == rdf_type:
            things[value] += 1
            members.setdefault(value, []).append((graph.value == terms.GRAPH_INFERRED, iri))
        elif not isinstance(obj, Literal):
            mentions[value] += 1
    examples = {
        kind: [Example(iri, labels.get(iri, "")) for _, iri in sorted(found)[:EXAMPLES]]
        for kind, found in members.items()
    }
    return Counts(things, triples, mentions, examples)
