"""JSON-LD 1.1 that people can read: names from the context of ontology/context.jsonld, one object for each thing.

Written graph by graph and thing by thing (https://www.w3.org/TR/json-ld11/), so that nothing is held; the compaction
is that of the standard for what the context can say, and whole values for everything else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import IO, Any, TypeGuard

from pyoxigraph import Literal, NamedNode, Quad

from kg import layout, terms

TYPE = terms.STANDARD["rdf"] + "type"
STRING = terms.STANDARD["xsd"] + "string"

Json = dict[str, Any] | list[Any] | str


class Context:
    """The names of a context: prefixes, and what each term means and how its values are written."""

    def __init__(self, base: str) -> None:
        """Read the context of the project, with another base IRI in place of the project's own."""
        text = Path(layout.data_path("ontology", "context.jsonld")).read_text(encoding="utf-8")
        self.body: dict[str, Any] = json.loads(text.replace(f'"{terms.BASE}', f'"{base}'))["@context"]
        self.prefixes = {name: iri for name, iri in self.body.items() if isinstance(iri, str) and iri[-1] in "/#"}
        self.terms = {
            self.expanded(body["@id"]): (name, {key: self.expanded(str(value)) for key, value in body.items()})
            for name, body in self.body.items()
            if isinstance(body, dict)
        }
        self.compact = cache(self._compact)

    def expanded(self, name: str) -> str:
        """The IRI of a compact name."""
        prefix, colon, local = name.partition(":")
        return self.prefixes[prefix] + local if colon and prefix in self.prefixes else name

    def _compact(self, iri: str) -> str:
        """The compact name of an IRI, or the IRI itself."""
        fits = [name for name, space in self.prefixes.items() if iri.startswith(space)]
        best = max(fits, key=lambda name: len(self.prefixes[name]), default="")
        local = iri[len(self.prefixes[best]) :] if best else ""
        return f"{best}:{local}" if best and not local.startswith("//") else iri


def write(quads: Iterable[Quad], base: str, sink: IO[bytes]) -> None:
    """Write quads that come graph by graph, and in each graph thing by thing."""
    context = Context(base)
    sink.write(b'{"@context": ' + _text(context.body) + b',\n"@graph": [')
    for number, (graph, inside) in enumerate(groupby(quads, key=lambda quad: quad.graph_name)):
        name = context.compact(graph.value) if isinstance(graph, NamedNode) else ""
        head = b'{"id": ' + _text(name) + b", " if name else b"{"
        sink.write((b",\n" if number else b"\n") + head + b'"@graph": [\n')
        for place, (subject, about) in enumerate(groupby(inside, key=lambda quad: quad.subject)):
            sink.write((b",\n" if place else b"") + _text(_node(str(getattr(subject, "value", "")), about, context)))
        sink.write(b"\n]}")
    sink.write(b"\n]}\n")


def _text(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _node(iri: str, quads: Iterable[Quad], context: Context) -> Json:
    """The object that says all that a graph says of a thing."""
    node: dict[str, Any] = {"id": context.compact(iri)}
    for predicate, group in groupby(quads, key=lambda quad: quad.predicate.value):
        objects = [quad.object for quad in group]
        if predicate == TYPE:
            node["type"] = _one_or_more(context.compact(kind.value) for kind in objects)  # type: ignore[union-attr]
            continue
        name, rules = context.terms.get(predicate, (context.compact(predicate), {}))
        if rules.get("@container") == "@language":
            texts = [obj for obj in objects if _is_text(obj)]
            if texts:
                node[name] = _by_language(texts)
            objects = [obj for obj in objects if obj not in texts]
            name, rules = context.compact(predicate), {}
        if objects:
            node[name] = _one_or_more(_value(obj, rules.get("@type", ""), context) for obj in objects)
    return node


def _value(obj: object, coerced: str, context: Context) -> Json:
    """An object as a value: a string where the context says of what kind, else written out."""
    if isinstance(obj, NamedNode):
        return context.compact(obj.value) if coerced == "@id" else {"id": context.compact(obj.value)}
    assert isinstance(obj, Literal)
    if obj.language:
        return {"@value": obj.value, "@language": obj.language}
    if obj.datatype.value == (coerced or STRING):
        return obj.value
    return {"@value": obj.value, "type": context.compact(obj.datatype.value)}


def _is_text(obj: object) -> TypeGuard[Literal]:
    """Whether an object can stand under a language tag, or under none."""
    return isinstance(obj, Literal) and bool(obj.language or obj.datatype.value == STRING)


def _by_language(texts: Iterable[Literal]) -> Json:
    """Texts under their language tags; texts without one under @none."""
    found: dict[str, list[str]] = {}
    for obj in texts:
        found.setdefault(obj.language or "@none", []).append(obj.value)
    return {tag: _one_or_more(iter(words)) for tag, words in found.items()}


def _one_or_more(values: Iterator[Any]) -> Any:
    found = list(values)
    return found[0] if len(found) == 1 else found
