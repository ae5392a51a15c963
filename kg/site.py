"""The site that any static host can serve: a page and a Turtle file for each thing at the path of its IRI."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad

import kg
from kg import catalogue, export, layout, lookup, paths, queries, rdf, reference, schema_org, templating, terms
from kg.described import Describer, Page, Value
from kg.linked import Linked
from kg.render import plain
from kg.store import Session

ONTOLOGY = terms.PREFIXES["icr"].rstrip("#")
REFERENCE = {
    "index": "reference.html",
    "ontology": "ns.html",
    "schemes": "scheme/index.html",
    "shapes": "shapes.html",
    "queries": "query/index.html",
}
"""Where the pages of `kg reference` stand in the site."""

TOP = {
    "query/index.html": "Queries",
    "ns.html": "Ontology",
    "scheme/index.html": "Concept schemes",
    "shapes.html": "Shapes",
}
BY_DOCUMENT = {"claim", "mention", "quantity", "utterance"}
"""Kinds whose lists stand under the document that the IRI names."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing in a list."""

    iri: str
    text: str
    language: str
    chinese: str


@dataclass(frozen=True, slots=True)
class List:
    """All things of a kind, under headings."""

    kind: str
    title: str
    groups: tuple[tuple[str, tuple[Entry, ...]], ...]

    @property
    def file(self) -> str:
        """Where it stands in the site."""
        return f"id/{self.kind}/index.html"

    @property
    def number(self) -> int:
        """How many things it has."""
        return sum(len(entries) for _, entries in self.groups)


class Site:
    """The graph and the templates, and the files that come of them."""

    def __init__(self, directory: str | None = None, *, host: str = "", quiet: bool = False) -> None:
        self.directory, self.host, self.quiet = directory, host.rstrip("/"), quiet
        self.session = Session(directory, quiet=quiet)
        lines = export.export("nquads", graphs=[], base=None, directory=directory, quiet=quiet)
        self.quads = list(rdf.parse_lines(lines))
        self.graph = Linked(self.quads)
        self.describer = Describer(self.graph)
        described = set(self.graph.triples.described())
        self.things = sorted(iri for iri in described if paths.has_page(iri) and iri != ONTOLOGY)
        self.versions = self.graph.triples.iris(ONTOLOGY, "owl:versionIRI")
        self.known = {iri for iri in described if iri.startswith(terms.BASE)} | {ONTOLOGY, *self.versions}
        self.here = ""
        self.environment = templating.environment(html=True)
        self.environment.filters |= {
            "address": self.address,
            "here": lambda file: paths.relative(file, self.here),
            "name": lambda iri: self.graph.name(iri)[0],
            "original": lambda iri: [u for u in self.graph.triples.iris(iri, "dcterms:source") if paths.address(u) == u],
        }
        self.environment.globals |= {"top": TOP, "version": kg.__version__, "base": terms.BASE}

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Path and body of each file of the site."""
        answers = catalogue.answers(self.session)
        lists = self.lists()
        yield "style.css", self.environment.get_template("style.css").render().encode()
        yield from self._reference()
        yield from self._vocabularies()
        yield "index.html", self._start(lists, answers)
        for one in lists:
            yield one.file, self._render("list.html", one.file, title=one.title, groups=one.groups, number=one.number)
        for answer in answers:
            file = f"query/{answer.query.name}.html"
            yield file, self._answer(file, answer)
        asked = {f"{terms.BASE}query/{answer.query.name}" for answer in answers}
        yield from self._things(asked)
        yield ".htaccess", self.environment.get_template("htaccess").render(host=self.host).encode()

    def address(self, iri: str) -> str:
        """Where an IRI is described, as the page at hand links to it; empty for what has no page."""
        ours = iri.startswith(terms.BASE)
        return paths.relative(paths.address(iri), self.here) if not ours or iri in self.known else ""

    def _render(self, template: str, file: str, **values: object) -> bytes:
        self.here = file
        return self.environment.get_template(template).render(**values, current=file).encode()

    def _reference(self) -> Iterator[tuple[str, bytes]]:
        """The pages of the reference, that of the ontology at the IRI of its version as well."""
        versions = [paths.path(version) + ".html" for version in self.versions]
        for number, ontology in enumerate(("ns.html", *versions)):
            where = {**REFERENCE, "ontology": ontology}
            made = reference.pages(self.directory, files=where, home="index.html", quiet=self.quiet)
            yield from ((file, text.encode()) for file, text in made.items() if not number or file == ontology)

    def _vocabularies(self) -> Iterator[tuple[str, bytes]]:
        """Ontology and shapes as Turtle, each one document."""
        ontology = [quad for quad in self.quads if quad.graph_name == NamedNode(terms.GRAPH_ONTOLOGY)]
        body = _turtle(ontology)
        for iri in (ONTOLOGY, *self.versions):
            yield paths.path(iri) + ".ttl", body
        files = layout.walk(layout.data_path("shapes"), ".ttl")
        graph = NamedNode(ONTOLOGY)
        yield "shapes.ttl", _turtle([rdf.quad_in(graph, t) for file in files for t in rdf.read_turtle(file)])

    def _start(self, lists: list[List], answers: list[catalogue.Answer]) -> bytes:
        by_kind = {one.kind: one for one in lists}
        groups = [
            {"title": group["title"], "lists": [by_kind[kind] for kind in group["kinds"] if kind in by_kind]}
            for group in _groups(set(by_kind))
        ]
        return self._render("start.html", "index.html", groups=[g for g in groups if g["lists"]], answers=answers)

    def lists(self) -> list[List]:
        """A list for each kind of things; of documents without their parts."""
        found: dict[str, dict[str, list[Entry]]] = {}
        for iri in self.things:
            kind = lookup.kind_of(iri)
            if not iri.startswith(terms.PREFIXES["id"]) or (kind == "doc" and "/" in lookup.slug(iri)):
                continue
            heading = self._heading(iri) if kind in BY_DOCUMENT else ""
            entry = Entry(iri, *self.graph.name(iri), self.graph.label(iri, "zh"))
            found.setdefault(kind, {}).setdefault(heading, []).append(entry)
        titles = {kind: title for group in _groups(set(found)) for kind, title in group["kinds"].items()}
        return [List(kind, titles[kind], _in_order(groups)) for kind, groups in sorted(found.items())]

    def _heading(self, iri: str) -> str:
        """The name of the document that the IRI of a claim, mention, quantity or utterance names."""
        document = lookup.slug(iri).partition("/")[0]
        return self.graph.label(f"{terms.PREFIXES['id-doc']}{document}") or document

    def _answer(self, file: str, answer: catalogue.Answer) -> bytes:
        columns, rows = self.session.ask(queries.text(answer.query.name)).rows()
        cells = [
            [Value(plain(c), getattr(c, "language", "") or "", c.value if isinstance(c, NamedNode) else "") for c in row]
            for row in rows
        ]
        iri, turtle = f"{terms.BASE}query/{answer.query.name}", file.replace(".html", ".ttl")
        return self._render("answer.html", file, answer=answer, columns=columns, rows=cells, iri=iri, turtle=turtle)

    def _things(self, without_page: set[str]) -> Iterator[tuple[str, bytes]]:
        """Page and Turtle of each thing."""
        said: dict[str, list[Quad]] = {}
        for quad in self.quads:
            for iri in dict.fromkeys(getattr(node, "value", "") for node in (quad.subject, quad.object)):
                said.setdefault(iri, []).append(quad)
        for iri in self.things:
            file = paths.path(iri)
            if iri not in without_page:
                yield f"{file}.html", self._thing(f"{file}.html", self.describer.page(iri))
            yield f"{file}.ttl", _turtle(said[iri])

    def _thing(self, file: str, page: Page) -> bytes:
        self.here = file
        json, turtle = schema_org.text(page, self.graph), file.removesuffix(".html") + ".ttl"
        return self._render("thing.html", file, page=page, json=json, turtle=turtle, above=self._above(page.iri))

    def _above(self, iri: str) -> list[tuple[str, str]]:
        """Address and name of the list that a thing is in, and of the things whose IRI its own continues."""
        space, *parts = iri.removeprefix(terms.BASE).split("/")
        titles = {kind: title for group in _groups({parts[0]}) for kind, title in group["kinds"].items()} if parts else {}
        lists = {"id": (f"id/{parts[0]}/index.html", titles.get(parts[0], "")), "scheme": ("scheme/index.html", TOP["scheme/index.html"])} if parts else {}
        found = [(paths.relative(lists[space][0], self.here), lists[space][1])] if space in lists else []
        for number in range(1, len(parts)):
            higher = "/".join([terms.BASE + space, *parts[:number]])
            if higher in self.known:
                found.append((self.address(higher), self.graph.name(higher)[0]))
        return found


def _groups(kinds: set[str]) -> list[dict[str, object]]:
    """The headings of the start page with their kinds and titles; kinds that it does not know come last."""
    with open(os.path.join(templating.FOLDER, "site.toml"), "rb") as file:
        groups = tomllib.load(file)["group"]
    known = {kind for group in groups for kind in group["kinds"]}
    others = {kind: kind.capitalize() for kind in sorted(kinds - known)}
    return [*groups, {"title": "Others", "kinds": others}]


def _in_order(groups: dict[str, list[Entry]]) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    return tuple(
        (heading, tuple(sorted(entries, key=lambda entry: (lookup.fold(entry.text), entry.iri))))
        for heading, entries in sorted(groups.items())
    )


def _turtle(quads: list[Quad]) -> bytes:
    """The triples as Turtle, with the prefixes that they need, each once and in order."""
    lines = rdf.canonical_lines(rdf.quad_in(quads[0].graph_name, quad.triple) for quad in quads)
    body = b"\n".join(lines)
    needed = {prefix: iri for prefix, iri in terms.PREFIXES.items() if b"<" + iri.encode() in body}
    return rdf.serialise(rdf.parse_lines(body), "turtle", needed)
