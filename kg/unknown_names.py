"""Names in RDF that nothing stands behind: misspelt terms, unknown concepts, units and things, and blank nodes.

Each is told with the nearest name that there is: by its letters, or for things by the words of their labels.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS

from kg import datatypes, label_words, terms
from kg.model import Finding

ICR, UNIT = terms.PREFIXES["icr"], terms.PREFIXES["unit"]
SCHEME = terms.BASE + "scheme/"
TYPE = str(RDF.type)
LABELS = (str(SKOS.prefLabel), str(SKOS.altLabel), str(RDFS.label))
COMMON = (DCTERMS, OWL, RDF, RDFS, SKOS)
"""Vocabularies that a graph may use without declaring their terms."""

ONLY_NAMES = (str(OWL.versionIRI),)
"""Properties whose values need no description."""

DESCRIBE = "Describe the thing (seeds/things has a file for each kind), or mend the spelling of its name."
PASTE = 'Paste in what `kg passage DOCUMENT "words" --texts DIR` prints, or mend the name.'
PASSAGE = re.compile(re.escape(terms.BASE) + r"id/doc/[^/]+/c\d+-\d+")
LISTED = 25
"""How many concepts a finding lists at most."""

ALIKE = 0.7
"""How near a name must be to be offered, for difflib and for the words of labels."""


@dataclass(slots=True)
class Known:
    """What the names of a graph stand for."""

    described: set[str] = field(default_factory=set)
    properties: set[str] = field(default_factory=set)
    classes: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)
    labels: dict[str, list[str]] = field(default_factory=dict)
    """Of each thing of ours."""
    offers: dict[str, str] = field(default_factory=dict)
    """What is nearest to a name, once it has been looked for."""

    @classmethod
    def of(cls, triples: Iterable[Triple | Quad], units: Iterable[str]) -> Known:
        """What a graph declares and describes; `units` are those that a quantity may have."""
        found = cls(units=set(units))
        for vocabulary in COMMON:
            names = [str(vocabulary[name]) for name in vocabulary.__annotations__]
            found.classes.update(name for name in names if _local(name)[:1].isupper())
            found.properties.update(name for name in names if not _local(name)[:1].isupper())
        for triple in triples:
            found._take(triple.subject, triple.predicate.value, triple.object)
        return found

    def _take(self, subject: object, predicate: str, obj: object) -> None:
        iri = str(getattr(subject, "value", ""))
        self.described.add(iri)
        if predicate == TYPE and isinstance(obj, NamedNode):
            kind = obj.value.removeprefix(str(OWL))
            if kind.endswith("Property"):
                self.properties.add(iri)
            elif kind == "Class":
                self.classes.add(iri)
        elif predicate in LABELS and isinstance(obj, Literal) and iri.startswith(terms.BASE):
            self.labels.setdefault(iri, []).append(obj.value)

    def offer(self, iri: str, names: Collection[str], otherwise: str) -> str:
        """The names that are nearest to one that does not exist, as a question; else what to do otherwise."""
        if iri not in self.offers:
            near = _alike(iri, names) or self._same_words(iri, names)
            self.offers[iri] = f"Did you mean {', '.join(map(terms.compact, near))}?" if near else otherwise
        return self.offers[iri]

    def _same_words(self, iri: str, names: Collection[str]) -> list[str]:
        """The things whose labels have the words of a name."""
        words = _local(iri).replace("-", " ")
        shares = {
            name: max((label_words.share_in(label, words) for label in self.labels.get(name, ())), default=0.0)
            for name in names
        }
        best = sorted(names, key=lambda name: (-shares[name], name))[:1]
        return [name for name in best if shares[name] > ALIKE]


def _listed(iris: Iterable[str]) -> str:
    """The compact names of some terms, in order."""
    return ", ".join(map(terms.compact, sorted(iris)))


def _local(iri: str) -> str:
    """The last part of an IRI."""
    return iri[max(iri.rfind("/"), iri.rfind("#")) + 1 :]


def _alike(iri: str, names: Collection[str]) -> list[str]:
    """The names whose last part differs least from that of a name, without regard to case."""
    by_local: dict[str, list[str]] = {}
    for name in sorted(names):
        by_local.setdefault(_local(name).casefold(), []).append(name)
    wanted = _local(iri).casefold()
    if wanted not in by_local and not any(c.isalpha() for c in wanted):
        return []  # the nearest number is another number
    near = [wanted] if wanted in by_local else get_close_matches(wanted, by_local, n=3, cutoff=ALIKE)
    return [name for local in near for name in by_local[local]][:3]


def findings(triples: Collection[Triple], known: Known) -> list[Finding]:
    """What is wrong with the names and the literals of some triples, each thing said of a node once."""
    found = dict.fromkeys(finding for triple in triples for finding in _of(triple, known))
    values = {triple.object for triple in triples}
    if any(isinstance(triple.subject, BlankNode) and triple.subject not in values for triple in triples):
        found[_blank("_:", "")] = None
    return list(found)


def _of(triple: Triple, known: Known) -> Iterator[Finding]:
    predicate, obj = triple.predicate.value, triple.object
    node = triple.subject.value if isinstance(triple.subject, NamedNode) else "_:"
    if isinstance(obj, BlankNode) and node != "_:":
        yield _blank(node, predicate)
    if predicate not in known.properties:
        yield _term(node, predicate, predicate, "property", known)
    yield from datatypes.findings(triple)
    if isinstance(obj, NamedNode) and predicate == TYPE:
        if obj.value not in known.classes:
            yield _term(node, predicate, obj.value, "class", known)
    elif isinstance(obj, NamedNode) and predicate not in ONLY_NAMES:
        yield from _object(node, predicate, obj.value, known)


def _blank(node: str, path: str) -> Finding:
    message = "A node has no name, and what is said with it was not checked further."
    return Finding("violation", "blank-node", node, message, "_:", "Give it an IRI of its own.", path)


def _term(node: str, path: str, term: str, kind: str, known: Known) -> Finding:
    """A property or class that nothing declares, or that is the other of the two."""
    names, others = (known.properties, known.classes) if kind == "property" else (known.classes, known.properties)
    ours, compact = term.startswith(ICR), terms.compact(term)
    message = f"{compact} is no {kind} of the ontology." if ours else f"{compact} is no {kind} that the project uses."
    if term in others:
        message = f"{compact} stands where a {kind} belongs, and is none."
    space = term[: len(term) - len(_local(term))]
    same = {name for name in names if name.startswith(space)} or names
    otherwise = (
        "Look for it in ontology." if ours else "Take a term of the project, or declare it in ontology/reused.ttl."
    )
    detail = "" if kind == "property" else term
    severity = "violation" if ours or term in others else "warning"
    return Finding(severity, "unknown-term", node, message, detail, known.offer(term, same, otherwise), path)


def _object(node: str, path: str, iri: str, known: Known) -> Iterator[Finding]:
    """What is wrong with the name of a thing that is the value of a property."""
    name, source, otherwise = terms.compact(iri), "undefined-thing", DESCRIBE
    if iri.startswith(UNIT):
        if iri in known.units:
            return
        source, message, names = "unknown-unit", f"{name} is no unit that the shapes allow.", known.units
        otherwise = f"Take one of {_listed(names)}; a new one goes into shapes/quantities.ttl first."
    elif not iri.startswith(terms.BASE) or iri in known.described:
        return
    elif iri.startswith(SCHEME):
        scheme = iri[: iri.rfind("/") + 1]
        names = {concept for concept in known.described if concept.startswith(scheme)} - {scheme}
        source, message = "unknown-concept", f"{name} is no concept of a scheme."
        otherwise = f"Take one of {_listed(names)}." if 0 < len(names) <= LISTED else DESCRIBE
        names = names or {concept for concept in known.described if concept.startswith(SCHEME)}
    elif iri.startswith(ICR):
        source, message, names = "unknown-term", f"{name} is no term of the ontology.", known.properties | known.classes
    else:
        kind = "/".join(iri.removeprefix(terms.BASE).split("/")[:2]) + "/"
        names = {thing for thing in known.described if thing.startswith(terms.BASE + kind)}
        message = f"Nothing is said anywhere of {name}."
    fix = PASTE if PASSAGE.fullmatch(iri) else known.offer(iri, names, otherwise)
    if source == "undefined-thing" and fix.endswith("?"):
        fix += " If it is another thing, describe it."
    yield Finding("violation", source, node, message, iri, fix, path)
