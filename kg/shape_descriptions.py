"""The SHACL shapes as values, with what each demands in words that a curator understands."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace

from kg import layout, rdf, terms, text_files
from kg.triples import Object, Triples

NUMBERS = {0: "no", 1: "one", 2: "two", 3: "three"}
DATATYPES = {
    "rdf:langString": "text with a language tag",
    "xsd:string": "text without a language tag",
    "xsd:boolean": "true or false",
    "xsd:date": "a day (2020-04-15)",
    "xsd:decimal": "a decimal number",
    "xsd:hexBinary": "bytes in hexadecimal",
    "xsd:integer": "a whole number",
    "edtf:EDTF": "a date in EDTF (ISO 8601-2)",
}
NODE_KINDS = {"sh:IRI": "a name (IRI), not text", "sh:Literal": "text or a number, not a name (IRI)"}
TARGETS = {
    "sh:targetClass": "every {}",
    "sh:targetSubjectsOf": "everything that has {}",
    "sh:targetObjectsOf": "every value of {}",
    "sh:targetNode": "{} itself",
}
ONE_VALUE = {
    "sh:class": "a thing of the class {}",
    "sh:hasValue": "the value {}",
    "sh:lessThan": "less than the value of {}",
    "sh:lessThanOrEquals": "no greater than the value of {}",
    "sh:equals": "the same value as {}",
    "sh:disjoint": "another value than {} has",
}
ONE_NUMBER = {
    "sh:minLength": "length {} or more",
    "sh:maxLength": "length {} or less",
    "sh:minInclusive": "{} or more",
    "sh:maxInclusive": "{} or less",
    "sh:minExclusive": "more than {}",
    "sh:maxExclusive": "less than {}",
}
CHOICES = {"sh:or": "at least one of these holds: ", "sh:xone": "exactly one of these holds: ", "sh:and": "all hold: "}


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape or property shape; `targets`, `path` and `properties` are empty where it has none."""

    iri: str
    targets: tuple[str, ...]
    """Who must pass, in words."""
    path: str
    demands: tuple[str, ...]
    """What is demanded, in words; compact names stand between backticks."""
    severity: str
    message: str
    properties: tuple[Shape, ...]
    """Its property shapes, those left out that an earlier node shape has."""
    shared: tuple[str, ...]
    """The property shapes that it shares with an earlier node shape."""


@dataclass(frozen=True, slots=True)
class ShapeFile:
    """One file of shapes: who must pass, the shapes with a target, and the parts that they use."""

    name: str
    introduction: str
    shapes: tuple[Shape, ...]
    parts: tuple[Shape, ...]


def shape_files(shapes: Triples) -> list[ShapeFile]:
    """The files of the folder shapes, by name; each shape stands once."""
    paths = layout.walk(layout.data_path("shapes"), ".ttl")
    declared = {path: _declared(path) for path in paths}
    aiming = [iri for found in declared.values() for iri in found if _aims(iri, shapes)]
    owned = {part for iri in aiming for part in shapes.iris(iri, "sh:property")}
    shown: set[str] = set()
    return [_file(path, [iri for iri in declared[path] if iri not in owned], shapes, shown) for path in paths]


def _aims(shape: str, shapes: Triples) -> bool:
    return any(shapes.iris(shape, target) for target in TARGETS)


def _declared(path: str) -> list[str]:
    kinds = (terms.expand("sh:NodeShape"), terms.expand("sh:PropertyShape"))
    return Triples(rdf.read_turtle(path)).subjects("rdf:type", *kinds)


def _file(path: str, declared: list[str], shapes: Triples, shown: set[str]) -> ShapeFile:
    aiming = [_with_properties(iri, shapes, shown) for iri in declared if _aims(iri, shapes)]
    parts = [_shape(iri, shapes) for iri in declared if not _aims(iri, shapes)]
    return ShapeFile(os.path.basename(path).removesuffix(".ttl"), _banner(path), tuple(aiming), tuple(parts))


def _banner(path: str) -> str:
    """The comment at the head of a file, as one paragraph."""
    head = re.match(r"(?:#.*\n)*", text_files.read(path))
    assert head
    return " ".join(line.removeprefix("#").strip() for line in head[0].splitlines())


def _with_properties(iri: str, shapes: Triples, shown: set[str]) -> Shape:
    """A shape that aims at something, with those of its property shapes that were not shown before."""
    properties = shapes.iris(iri, "sh:property")
    fresh = [part for part in properties if part not in shown]
    shown.update(fresh)
    return replace(
        _shape(iri, shapes),
        demands=tuple(demands(iri, shapes)),
        properties=tuple(_shape(part, shapes) for part in fresh),
        shared=tuple(part for part in properties if part not in fresh),
    )


def _shape(iri: str, shapes: Triples) -> Shape:
    targets = [
        words.format(", ".join(map(_code, things)))
        for target, words in TARGETS.items()
        if (things := shapes.iris(iri, target))
    ]
    inner = [f"what {_code(part)} demands" for part in shapes.iris(iri, "sh:property")]
    return Shape(
        iri,
        tuple(targets),
        next(iter(shapes.iris(iri, "sh:path")), ""),
        (*demands(iri, shapes), *inner),
        next((terms.compact(name)[3:].lower() for name in shapes.iris(iri, "sh:severity")), "violation"),
        shapes.text(iri, "sh:message"),
        properties=(),
        shared=(),
    )


def demands(shape: str, shapes: Triples) -> list[str]:
    """What a shape demands of its values, one phrase for each demand, without the demands of its property shapes."""
    found = [_count("", *(shapes.text(shape, f"sh:{end}Count") for end in ("min", "max")))]
    found += [
        DATATYPES.get(terms.compact(name), f"of type {_code(name)}") for name in shapes.iris(shape, "sh:datatype")
    ]
    found += [NODE_KINDS[terms.compact(name)] for name in shapes.iris(shape, "sh:nodeKind")]
    found += [_one_of(shapes.members(head)) for head in shapes.iris(shape, "sh:in")]
    for predicate, words in ONE_VALUE.items():
        found += [words.format(_value(value)) for value in shapes.objects(shape, predicate)]
    for predicate, words in ONE_NUMBER.items():
        found += [words.format(number.value) for number in shapes.objects(shape, predicate)]
    found += [_pattern(value.value) for value in shapes.objects(shape, "sh:pattern")]
    for head in shapes.iris(shape, "sh:languageIn"):
        found.append("in the language " + " or ".join(_value(tag) for tag in shapes.members(head)))
    if shapes.text(shape, "sh:uniqueLang") == "true":
        found.append("at most one for each language")
    for part in shapes.iris(shape, "sh:qualifiedValueShape"):
        ends = (shapes.text(shape, f"sh:qualified{end}Count") for end in ("Min", "Max"))
        found.append(f"{_count(' value', *ends)} that is {_phrase(part, shapes)}")
    found += [f"not {_phrase(part, shapes)}" for part in shapes.iris(shape, "sh:not")]
    for predicate, words in CHOICES.items():
        for head in shapes.iris(shape, predicate):
            found.append(words + "; or ".join(_phrase(part.value, shapes) for part in shapes.members(head)))
    return [phrase for phrase in found if phrase]


def _phrase(shape: str, shapes: Triples) -> str:
    """A shape inside another, by its message when it has one."""
    message = shapes.text(shape, "sh:message").rstrip(".")
    if message:
        return message[0].lower() + message[1:]
    path = [f"{_code(iri)}:" for iri in shapes.iris(shape, "sh:path")]
    inner = [_phrase(part, shapes) for part in shapes.iris(shape, "sh:property")]
    return " ".join([*path, " and ".join([*demands(shape, shapes), *inner])])


def _count(noun: str, least: str, most: str) -> str:
    """How many values there must be.

    >>> _count(" value", "1", "1"), _count("", "1", ""), _count(" value", "", "0"), _count("", "", "0")
    ('exactly one value', 'at least one', 'no value', 'none')
    """
    low, high = (NUMBERS.get(int(end), end) + noun if end else "" for end in (least, most))
    if most == "0":
        return high if noun else "none"
    if low == high:
        return f"exactly {low}" if low else ""
    return " and ".join(
        words for words in (f"at least {low}" if low else "", f"at most {high}" if high else "") if words
    )


def _one_of(values: list[Object]) -> str:
    names = [_value(value) for value in values]
    return f"the value {names[0]}" if len(names) == 1 else "one of " + ", ".join(names)


def _value(value: Object) -> str:
    return _code(value.value)


def _code(name: str) -> str:
    """A name or value as the phrases hold it; what turns them into pages makes links of names."""
    return f"`{terms.compact(name)}`"


def _pattern(pattern: str) -> str:
    scheme = re.fullmatch(r"/scheme/([a-z-]+)/", pattern)
    return f"a concept of the scheme `scheme/{scheme[1]}`" if scheme else f"written as `{pattern}`"
