"""Triples by subject and predicate: what Turtle files say of a thing, for those who describe it to people."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Triple

from kg import layout, rdf, terms

Object = NamedNode | Literal
REST, FIRST, NIL = (terms.STANDARD["rdf"] + name for name in ("rest", "first", "nil"))


class Triples:
    """An index of triples in the order of the files; predicates are asked for by compact name."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._objects: dict[tuple[str, str], list[Object]] = {}
        self._subjects: dict[tuple[str, str], list[str]] = {}
        self._about: dict[str, list[tuple[str, Object]]] = {}
        self._pointing: dict[str, list[tuple[str, str]]] = {}
        for triple in triples:
            subject, predicate, obj = triple.subject, triple.predicate.value, triple.object
            assert isinstance(subject, NamedNode)
            assert isinstance(obj, Object)
            self._objects.setdefault((subject.value, predicate), []).append(obj)
            self._about.setdefault(subject.value, []).append((predicate, obj))
            if isinstance(obj, NamedNode):
                self._pointing.setdefault(obj.value, []).append((subject.value, predicate))
                self._subjects.setdefault((predicate, obj.value), []).append(subject.value)

    @classmethod
    def read(cls, *folders: str) -> Triples:
        """The triples of all Turtle files below these data folders. Raises SyntaxProblem with the place."""
        paths = [path for folder in folders for path in layout.walk(layout.data_path(folder), ".ttl")]
        return cls(triple for path in paths for triple in rdf.read_turtle(path))

    def objects(self, subject: str, predicate: str) -> list[Object]:
        """The objects of a subject (IRI) and a predicate (compact name), in the order of the file."""
        return self._objects.get((subject, terms.expand(predicate)), [])

    def described(self) -> list[str]:
        """The IRIs of all subjects, each once."""
        return list(self._about)

    def about(self, subject: str) -> list[tuple[str, Object]]:
        """What is said of a subject: IRIs of predicates, with their objects."""
        return self._about.get(subject, [])

    def pointing(self, obj: str) -> list[tuple[str, str]]:
        """What points at a thing: IRIs of subjects and of predicates."""
        return self._pointing.get(obj, [])

    def iris(self, subject: str, predicate: str) -> list[str]:
        """Those objects that are IRIs."""
        return [obj.value for obj in self.objects(subject, predicate) if isinstance(obj, NamedNode)]

    def text(self, subject: str, predicate: str, language: str | None = None) -> str:
        """The first literal, of this language (as in `en`, `zh`) when one is named; empty when there is none."""
        for obj in self.objects(subject, predicate):
            if isinstance(obj, Literal) and (language is None or (obj.language or "").split("-")[0] == language):
                return obj.value
        return ""

    def subjects(self, predicate: str, *objects: str) -> list[str]:
        """The subjects that have one of these IRIs as object, each once."""
        found = [s for obj in objects for s in self._subjects.get((terms.expand(predicate), obj), [])]
        return list(dict.fromkeys(found))

    def members(self, head: str) -> list[Object]:
        """The members of an RDF list."""
        members = []
        while head != NIL:
            members += self._objects[head, FIRST]
            (head,) = (obj.value for obj in self._objects[head, REST])
        return members
