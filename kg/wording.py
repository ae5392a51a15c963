"""Triples and proofs in words, for people, and as plain data: values to text, no printing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kg import evidence, queries, terms
from kg.engine import Ask
from kg.proof import Proof, Triple

Names = Mapping[str, str]
"""The names of things by their N-Triples terms."""
Places = Mapping[str, str]
"""FILE:LINE by IRI."""

VERBS = {
    "owl:disjointWith": "is disjoint with",
    "owl:inverseOf": "is the inverse of",
    "rdf:type": "is a",
    "rdfs:domain": "is said only of a",
    "rdfs:range": "has as value only a",
    "rdfs:subClassOf": "is a kind of",
    "rdfs:subPropertyOf": "is a special case of",
}
"""Words for the properties of RDF, RDFS and OWL; the others read well as their names, such as “on property”."""


def names(ask: Ask, triples: Iterable[Triple]) -> Names:
    """The names of all that the triples speak of: labels of the graph, or words made of the name of the term."""
    return {term: _name(ask, term) for term in sorted({term for triple in triples for term in triple})}


def _name(ask: Ask, term: str) -> str:
    name = compact(term)
    if not term.startswith("<"):
        return name
    if name in VERBS:
        return VERBS[name]
    prefix, _, local = name.partition(":")
    if prefix in {"owl", "rdf", "rdfs"}:
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local).lower()
    rows = evidence.rows_of(ask, "why-label", {"thing": term[1:-1]})
    return rows[0]["name"] if rows else name


def compact(term: str) -> str:
    r"""An N-Triples term as people write it.

    >>> compact("<https://w3id.org/icr/id/org/miit>")
    'id-org:miit'
    >>> compact('"92"^^<http://www.w3.org/2001/XMLSchema#integer>')
    '"92"^^xsd:integer'
    """
    words, start, iri = term.rpartition("<")
    return words + terms.compact(iri[:-1]) if start and words[-2:] in {"", "^^"} else term


def sentence(triple: Triple, named: Names) -> str:
    """The triple in words."""
    return " – ".join(named[term] for term in triple)


def lines(proof: Proof, named: Names, places: Places) -> list[str]:
    """The proof, one line for a triple and one for the rule that gives it, its premises indented below."""
    found = [f"{sentence(proof.triple, named)}  ({' '.join(compact(term) for term in proof.triple)})"]
    if not proof.rule:
        where = places.get(proof.triple[0][1:-1], "")
        return [f"{found[0]} asserted" + (f" at {where}" if where else "")]
    found.append(f"  by {proof.rule}: {queries.read(proof.rule, 'explain').title}")
    for premise in proof.premises:
        first, *rest = lines(premise, named, places)
        found += [f"  - {first}", *(f"    {line}" for line in rest)]
    return found


def data(proof: Proof, named: Names, places: Places) -> dict[str, object]:
    """The proof as plain data, for JSON."""
    triple = {"triple": [compact(term) for term in proof.triple], "words": sentence(proof.triple, named)}
    if not proof.rule:
        where = places.get(proof.triple[0][1:-1], "")
        return {**triple, "asserted": True, **({"at": where} if where else {})}
    title = queries.read(proof.rule, "explain").title
    return {**triple, "rule": proof.rule, "title": title, "premises": [data(p, named, places) for p in proof.premises]}


def triples(proof: Proof) -> set[Triple]:
    """All the triples of a proof."""
    return {proof.triple}.union(*(triples(premise) for premise in proof.premises))
