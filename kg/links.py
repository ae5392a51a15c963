"""The links to other data sets as RDF: graph/links, made from the mapping sets of seeds/links.

A mapping is a node of its own with its grounds. What was found is a plain triple as well, with the predicate of the
mapping; what was not found and what was rejected is not. Each mapping set is a linkset that counts its plain triples
(VoID, https://www.w3.org/TR/void/, section 5).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from kg import layout, sssom, terms
from kg.sssom import Mapping, MappingSet
from kg.turtle import Scan, Statement

DATASET = NamedNode(terms.BASE + "dataset")
"""That of the project, as seeds/links/targets.ttl and kg.dataset_description describe it."""
TYPE = terms.STANDARD["rdf"] + "type"
XSD = terms.STANDARD["xsd"]
ODD = re.compile(r"[^\w.-]+")
"""What a name of an entry may hold and the name of a mapping, and so of a file of the site, had better not."""


def triples(path: str) -> Iterator[Triple]:
    """The triples of one mapping set. Raises SyntaxProblem for a file that is not SSSOM/TSV."""
    return (triple for triple, _ in _placed(path))


def scan(path: str) -> Scan:
    """The triples of one mapping set with the rows that say them. Raises SyntaxProblem as `triples` does."""
    placed = list(_placed(path))
    # offsets are those of a text whose lines are one character each, so that every place is the beginning of a line
    found = Scan("", list(range(max(line for _, line in placed))))
    for triple, line in placed:
        at = (line - 1, line - 1, line - 1)
        found.statements.append(Statement(triple.subject, triple.predicate, triple.object, at))  # type: ignore[arg-type]
    return found


def _placed(path: str) -> Iterator[tuple[Triple, int]]:
    """The triples of one mapping set, each with its line; what is said of the set as a whole has the first."""
    found = sssom.read(path)
    target = sssom.target(path)
    for mapping in found.mappings:
        yield from ((triple, mapping.line) for triple in _mapping(mapping, found, target))
    yield from ((triple, 1) for triple in _linkset(found))


def iri(mapping: Mapping, target: str) -> str:
    """The name of a mapping: what is mapped, and to what."""
    end = "none" if mapping.object == sssom.NOTHING_FOUND else ODD.sub("-", identifier(mapping))
    return f"{terms.BASE}id/link/{target}/{mapping.subject.removeprefix(terms.BASE + 'id/')}/{end}"


def identifier(mapping: Mapping) -> str:
    """What the other data set calls its entry: the code, or the last part of the IRI."""
    return mapping.code or mapping.object.rstrip("/").rsplit("/", 1)[-1]


def result(mapping: Mapping) -> str:
    """The concept of the scheme link-result that a mapping comes to."""
    if mapping.object == sssom.NOTHING_FOUND:
        return terms.expand("sch-link-result:not-found")
    return terms.expand("sch-link-result:rejected" if mapping.negated else "sch-link-result:linked")


def plain(mapping: Mapping) -> Triple | None:
    """The triple that a mapping asserts; none when nothing was found or the link was rejected."""
    if mapping.negated or mapping.object == sssom.NOTHING_FOUND:
        return None
    entry = Literal(mapping.code) if mapping.code else NamedNode(mapping.object)
    return Triple(NamedNode(mapping.subject), NamedNode(mapping.predicate), entry)


def _mapping(mapping: Mapping, found: MappingSet, target: str) -> Iterator[Triple]:
    node = iri(mapping, target)
    yield _triple(node, TYPE, _thing("icr:Link"))
    yield _triple(node, "icr:linkSubject", NamedNode(mapping.subject))
    yield _triple(node, "icr:linkPredicate", NamedNode(mapping.predicate))
    yield _triple(node, "icr:inLinkset", NamedNode(found.iri))
    yield _triple(node, "icr:linkResult", NamedNode(result(mapping)))
    yield _triple(node, "sssom:mapping_justification", NamedNode(mapping.justification))
    yield _triple(node, "icr:judgedOn", Literal(mapping.date, datatype=NamedNode(XSD + "date")))
    yield _triple(node, "icr:grounds", Literal(mapping.comment))
    if mapping.confidence:
        yield _triple(node, "sssom:confidence", Literal(mapping.confidence, datatype=NamedNode(XSD + "decimal")))
    if mapping.tool:
        yield _triple(node, "sssom:mapping_tool", Literal(mapping.tool))
    if mapping.object != sssom.NOTHING_FOUND:
        yield _triple(node, "icr:identifier", Literal(identifier(mapping)))
        if mapping.object:
            yield _triple(node, "icr:linkObject", NamedNode(mapping.object))
    if mapping.label:
        yield _triple(node, "sssom:object_label", Literal(mapping.label))
    asserted = plain(mapping)
    if asserted:
        yield asserted


def _linkset(found: MappingSet) -> Iterator[Triple]:
    """The mapping set and what it counts; each plain triple counts once."""
    asserted = {triple for triple in map(plain, found.mappings) if triple}
    yield _triple(found.iri, TYPE, _thing("void:Linkset"))
    yield _triple(found.iri, terms.STANDARD["rdfs"] + "label", Literal(found.title, language="en"))
    yield _triple(found.iri, "void:subjectsTarget", DATASET)
    yield _triple(found.iri, "void:objectsTarget", NamedNode(found.object_source))
    for predicate in sorted({mapping.predicate for mapping in found.mappings}):
        yield _triple(found.iri, "void:linkPredicate", NamedNode(predicate))
    for name, number in (
        ("triples", len(asserted)),
        ("distinctSubjects", len({triple.subject for triple in asserted})),
        ("distinctObjects", len({triple.object for triple in asserted})),
    ):
        yield _triple(found.iri, f"void:{name}", Literal(number))


def _thing(name: str) -> NamedNode:
    return NamedNode(terms.expand(name))


def _triple(subject: str, predicate: str, entry: NamedNode | Literal) -> Triple:
    return Triple(NamedNode(subject), _thing(predicate), entry)


def file_of(target: str) -> str:
    """The file of the mapping set to a target."""
    return os.path.join(layout.data_path("seeds", "links"), target + layout.MAPPINGS)
