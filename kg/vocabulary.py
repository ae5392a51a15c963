"""The ontology and the concept schemes as values: what the pages for people say of each term."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kg import layout, rdf, terms
from kg.triples import Triples

PROPERTY_KINDS = {
    "owl:ObjectProperty": "object property",
    "owl:DatatypeProperty": "datatype property",
    "owl:AnnotationProperty": "annotation property",
}
TRAITS = {
    "owl:FunctionalProperty": "functional: at most one value",
    "owl:InverseFunctionalProperty": "inverse functional: a value belongs to one thing",
    "owl:TransitiveProperty": "transitive",
    "owl:SymmetricProperty": "symmetric",
    "owl:AsymmetricProperty": "asymmetric",
    "owl:IrreflexiveProperty": "irreflexive: never of a thing with itself",
}


@dataclass(frozen=True, slots=True)
class Term:
    """A class or property: its names, and the IRIs of what stands in relation to it."""

    iri: str
    english: str
    chinese: str
    definition: str
    parents: tuple[str, ...]
    children: tuple[str, ...]
    aligned: tuple[str, ...]
    shapes: tuple[str, ...]
    """The shapes that aim at the class or constrain the property."""


@dataclass(frozen=True, slots=True)
class ClassTerm(Term):
    """A class, with the properties that its things can have."""

    disjoint: tuple[str, ...]
    properties: tuple[str, ...]
    """Those that have the class as domain."""
    inherited: tuple[tuple[str, tuple[str, ...]], ...]
    """For each class above, those that have it as domain."""
    shaped: tuple[str, ...]
    """Further ones that the shapes of the class speak of."""


@dataclass(frozen=True, slots=True)
class PropertyTerm(Term):
    """A property, with what OWL says of it."""

    kind: str
    traits: tuple[str, ...]
    domain: tuple[str, ...]
    range: tuple[str, ...]
    inverse: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Module:
    """One file of the ontology, with its terms in the order of the file."""

    name: str
    title: str
    chinese: str
    classes: tuple[ClassTerm, ...]
    properties: tuple[PropertyTerm, ...]

    @property
    def terms(self) -> tuple[Term, ...]:
        """The classes, then the properties."""
        return (*self.classes, *self.properties)


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of a scheme."""

    iri: str
    english: str
    chinese: str
    notation: str
    definition: str
    broader: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """A concept scheme with its concepts in the order of the file."""

    iri: str
    english: str
    chinese: str
    definition: str
    concepts: tuple[Concept, ...]


def modules(ontology: Triples, shapes: Triples) -> list[Module]:
    """The modules of the ontology by file name; the terms of other vocabularies are those of `reused`."""
    paths = [path for path in layout.walk(layout.data_path("ontology"), ".ttl") if "schemes" not in path]
    return [_module(path, ontology, shapes) for path in paths]


def schemes(ontology: Triples) -> list[Scheme]:
    """The concept schemes of the ontology, by name."""
    found = sorted(ontology.subjects("rdf:type", terms.expand("skos:ConceptScheme")))
    return [
        Scheme(
            iri,
            *_labels(ontology, iri, "skos:prefLabel"),
            ontology.text(iri, "skos:definition"),
            tuple(_concept(ontology, concept) for concept in ontology.subjects("skos:inScheme", iri)),
        )
        for iri in found
    ]


def concepts(scheme: str) -> list[str]:
    """The notations of the concepts of a scheme, in the order of its file."""
    file = Triples(rdf.read_turtle(layout.data_path("ontology", "schemes", f"{scheme}.ttl")))
    return [file.text(iri, "skos:notation") for iri in file.subjects("rdf:type", terms.expand("skos:Concept"))]


def _concept(ontology: Triples, iri: str) -> Concept:
    labels = _labels(ontology, iri, "skos:prefLabel")
    notation, definition = (ontology.text(iri, predicate) for predicate in ("skos:notation", "skos:definition"))
    return Concept(iri, *labels, notation, definition, tuple(ontology.iris(iri, "skos:broader")))


def _labels(ontology: Triples, iri: str, predicate: str) -> tuple[str, str]:
    return ontology.text(iri, predicate, "en"), ontology.text(iri, predicate, "zh")


def _module(path: str, ontology: Triples, shapes: Triples) -> Module:
    here = Triples(rdf.read_turtle(path))
    (header,) = here.subjects("rdf:type", terms.expand("owl:Ontology"))
    english, chinese = _labels(here, header, "dcterms:title")
    owl = [terms.expand(kind) for kind in PROPERTY_KINDS]
    return Module(
        os.path.basename(path).removesuffix(".ttl"),
        english.rpartition(": ")[2],
        chinese.rpartition("：")[2],
        tuple(_class(iri, ontology, shapes) for iri in here.subjects("rdf:type", terms.expand("owl:Class"))),
        tuple(_property(iri, ontology, shapes) for iri in here.subjects("rdf:type", *owl)),
    )


def _class(iri: str, ontology: Triples, shapes: Triples) -> ClassTerm:
    above = _above(iri, lambda term: ontology.iris(term, "rdfs:subClassOf"))
    inherited = [(parent, tuple(ontology.subjects("rdfs:domain", parent))) for parent in above]
    aiming = shapes.subjects("sh:targetClass", iri)
    parts = [part for shape in aiming for part in _parts(shape, shapes)]
    paths = [path for part in parts if _allows_values(part, shapes) for path in shapes.iris(part, "sh:path")]
    known = {prop for term in (iri, *above) for prop in ontology.subjects("rdfs:domain", term)}
    return ClassTerm(
        iri,
        *_labels(ontology, iri, "rdfs:label"),
        _definition(ontology, iri),
        tuple(ontology.iris(iri, "rdfs:subClassOf")),
        tuple(ontology.subjects("rdfs:subClassOf", iri)),
        tuple(ontology.iris(iri, "icr:alignedWith")),
        tuple(aiming),
        disjoint=_both_ways(iri, "owl:disjointWith", ontology),
        properties=tuple(ontology.subjects("rdfs:domain", iri)),
        inherited=tuple((parent, props) for parent, props in inherited if props),
        shaped=tuple(path for path in dict.fromkeys(paths) if path not in known),
    )


def _property(iri: str, ontology: Triples, shapes: Triples) -> PropertyTerm:
    kinds = [terms.compact(kind) for kind in ontology.iris(iri, "rdf:type")]
    return PropertyTerm(
        iri,
        *_labels(ontology, iri, "rdfs:label"),
        _definition(ontology, iri),
        tuple(ontology.iris(iri, "rdfs:subPropertyOf")),
        tuple(ontology.subjects("rdfs:subPropertyOf", iri)),
        tuple(ontology.iris(iri, "icr:alignedWith")),
        tuple(shapes.subjects("sh:path", iri)),
        kind=next(PROPERTY_KINDS[kind] for kind in kinds if kind in PROPERTY_KINDS),
        traits=tuple(TRAITS[kind] for kind in kinds if kind in TRAITS),
        domain=tuple(ontology.iris(iri, "rdfs:domain")),
        range=tuple(ontology.iris(iri, "rdfs:range")),
        inverse=_both_ways(iri, "owl:inverseOf", ontology),
    )


def _definition(ontology: Triples, iri: str) -> str:
    """The definition of a term of ours, or what the project uses a term of another vocabulary for."""
    return ontology.text(iri, "skos:definition") or ontology.text(iri, "skos:scopeNote")


def _both_ways(iri: str, predicate: str, ontology: Triples) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*ontology.iris(iri, predicate), *ontology.subjects(predicate, iri)]))


def _above(iri: str, parents: Callable[[str], Iterable[str]]) -> list[str]:
    """All that is above a term, nearest first, each once."""
    found: list[str] = []
    waiting = list(parents(iri))
    while waiting:
        term = waiting.pop(0)
        if term not in found:
            found.append(term)
            waiting += parents(term)
    return found


def _allows_values(shape: str, shapes: Triples) -> bool:
    return "0" not in (shapes.text(shape, "sh:maxCount"), shapes.text(shape, "sh:qualifiedMaxCount"))


def _parts(shape: str, shapes: Triples) -> list[str]:
    """The property shapes of a node shape, those inside sh:or and sh:xone included."""
    parts = shapes.iris(shape, "sh:property")
    for predicate in ("sh:or", "sh:xone"):
        for head in shapes.iris(shape, predicate):
            parts += [part for member in shapes.members(head) for part in (member.value, *_parts(member.value, shapes))]
    return parts
