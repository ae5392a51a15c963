"""The site that any static host can serve: a page and a Turtle file for each thing at the path of its IRI."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Triple

import kg
from kg import (
    catalogue,
    dataset_description,
    dump,
    export,
    graph_counts,
    layout,
    queries,
    rdf,
    reference,
    schema_org,
    site_paths,
    templating,
    terms,
)
from kg.dataset_description import Distribution
from kg.errors import UsageError
from kg.render import plain
from kg.site_graph import SiteGraph
from kg.site_lists import Lists
from kg.site_pages import Describer, Page, Value
from kg.store import Session, Term
from kg.triples import Triples

ONTOLOGY = terms.PREFIXES["icr"].rstrip("#")
GRAPH = f"{dataset_description.DATASET}/{dump.GRAPH}"
"""The file with the whole graph."""

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
HOST = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._~-]+)*/?")
"""An address that can stand in .htaccess, where % and $ have a meaning."""

HAN = re.compile(r"[\u3400-\u9fff]")
"""Chinese characters: answers give names without their language."""


class Site:
    """The graph and the templates, and the files that come of them.

    `host` is where the site will stand, for the redirects of w3id.org. Raises UsageError when it is no address.
    """

    def __init__(self, directory: str | None = None, *, host: str = "", quiet: bool = False) -> None:
        if host and not HOST.fullmatch(host):
            raise UsageError(
                f"--host is no address of a site: {host[:60]!r}", hint="for example https://example.org/icr"
            )
        self.directory, self.host, self.quiet = directory, host.rstrip("/"), quiet
        self.session = Session(directory, quiet=quiet)
        self.lines = export.whole(self.session)
        self.quads = list(rdf.parse_lines(self.lines))
        self.graph = SiteGraph(self.quads)
        self.describer = Describer(self.graph)
        described = set(self.graph.triples.described())
        self.things = sorted(iri for iri in described if site_paths.has_page(iri) and iri != ONTOLOGY)
        self.versions = self.graph.triples.iris(ONTOLOGY, "owl:versionIRI")
        self.known = {iri for iri in described if iri.startswith(terms.BASE)} | {ONTOLOGY, *self.versions}
        self.here = ""
        self.lists = Lists(self.graph, self.things)
        self.environment = templating.environment(html=True)
        self.environment.filters |= {
            "address": self.address,
            "name": lambda iri: self.graph.name(iri)[0],
            "original": self.original,
        }
        # a function, for jinja works filters of constants out once
        self.environment.globals["here"] = self.to
        self.environment.globals |= {"top": TOP, "version": kg.__version__, "base": terms.BASE}

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Path and body of each file of the site."""
        contents = reference.Contents.read(self.session)
        answers = contents.answers
        yield "style.css", self.environment.get_template("style.css").render().encode()
        yield from self._reference(contents)
        yield from self._vocabularies()
        description = self.description()
        yield site_paths.path(GRAPH), self.lines
        yield "context.jsonld", Path(layout.data_path("ontology", "context.jsonld")).read_bytes()
        yield "index.html", self._start(answers, schema_org.dataset(dataset_description.DATASET, Triples(description)))
        for one in self.lists.all:
            yield one.file, self._render("list.html", one.file, title=one.title, groups=one.groups, number=one.number)
        for answer in answers:
            file = f"query/{answer.query.name}.html"
            yield file, self._answer(file, answer)
        asked = {f"{terms.BASE}query/{answer.query.name}" for answer in answers}
        yield from self._things(asked, {dataset_description.DATASET: description})
        redirects = templating.environment(html=False).get_template("htaccess")
        yield ".htaccess", redirects.render(host="").encode()
        if self.host:
            yield "w3id/.htaccess", redirects.render(host=self.host).encode()

    def address(self, iri: str) -> str:
        """Where an IRI is described, as the page at hand links to it; empty for what has no page."""
        return "" if iri.startswith(terms.BASE) and iri not in self.known else self.to(site_paths.address(iri))

    def original(self, document: str) -> list[str]:
        """Where a document was published."""
        return [url for url in self.graph.triples.iris(document, "dcterms:source") if site_paths.address(url) == url]

    def to(self, file: str) -> str:
        """A file of the site, as the page at hand links to it."""
        return site_paths.relative(file, self.here)

    def _render(self, template: str, file: str, **values: object) -> bytes:
        self.here = file
        return self.environment.get_template(template).render(**values, current=file).encode()

    def _reference(self, contents: reference.Contents) -> Iterator[tuple[str, bytes]]:
        """The pages of the reference; that of the ontology stands at the name of its version as well."""
        counts = graph_counts.read(self.directory, quiet=self.quiet)
        for ontology in ("ns.html", *(f"{site_paths.path(version)}.html" for version in self.versions)):
            files = {**REFERENCE, "ontology": ontology}
            chosen = list(REFERENCE) if ontology == "ns.html" else ["ontology"]
            made = reference.pages_of(contents, counts, files, chosen, home="index.html")
            yield from ((file, text.encode()) for file, text in made.items())

    def _vocabularies(self) -> Iterator[tuple[str, bytes]]:
        """Ontology and shapes as Turtle, each one document."""
        ontology = [quad for quad in self.quads if quad.graph_name == NamedNode(terms.GRAPH_ONTOLOGY)]
        body = rdf.turtle(ontology)
        for iri in (ONTOLOGY, *self.versions):
            yield site_paths.path(iri) + ".ttl", body
        files = layout.walk(layout.data_path("shapes"), ".ttl")
        graph = NamedNode(ONTOLOGY)
        yield "shapes.ttl", rdf.turtle([rdf.quad_in(graph, t) for file in files for t in rdf.read_turtle(file)])

    def description(self) -> list[Triple]:
        """What catalogues want to know of the data set (DCAT 3, VoID), with the one file that holds it."""
        digest = hashlib.sha256(self.lines).hexdigest()
        name = GRAPH.removeprefix(dataset_description.DATASET + "/")
        file = Distribution(
            name, "the whole graph, canonical", "nquads", "none", len(self.lines), digest, dump.CANONICAL
        )
        return dataset_description.describe(self.session, [file], digest)

    def _start(self, answers: list[catalogue.DescribedQuery], json: str) -> bytes:
        documents = sum(one.number for one in self.lists.all if one.kind == "doc")
        groups = self.lists.grouped()
        return self._render("start.html", "index.html", groups=groups, answers=answers, documents=documents, json=json)

    def _answer(self, file: str, answer: catalogue.DescribedQuery) -> bytes:
        columns, rows = self.session.ask(queries.text(answer.query.name)).rows()
        cells = [[_cell(term) for term in row] for row in rows]
        iri, turtle = f"{terms.BASE}query/{answer.query.name}", file.replace(".html", ".ttl")
        return self._render("answer.html", file, answer=answer, columns=columns, rows=cells, iri=iri, turtle=turtle)

    def _things(self, without_page: set[str], beside: dict[str, list[Triple]]) -> Iterator[tuple[str, bytes]]:
        """Page and Turtle of each thing; `beside` has what is said of one outside the graph."""
        said: dict[str, list[Quad]] = {}
        of: dict[str, list[Quad]] = {}
        for quad in self.quads:
            said.setdefault(str(getattr(quad.subject, "value", "")).partition("#")[0], []).append(quad)
            if isinstance(quad.object, NamedNode) and quad.object != quad.subject:
                of.setdefault(quad.object.value, []).append(quad)
        for iri in self.things:
            file = site_paths.path(iri)
            if iri not in without_page:
                yield f"{file}.html", self.thing(f"{file}.html", self.describer.page(iri))
            more = (rdf.quad_in(NamedNode(terms.GRAPH_META), triple) for triple in beside.get(iri, ()))
            triples = {quad.triple: quad for quad in (*said[iri], *of.get(iri, ()), *more)}
            yield f"{file}.ttl", rdf.turtle(list(triples.values()))

    def thing(self, file: str, page: Page) -> bytes:
        """The page of a thing, as it stands at a file of the site."""
        self.here = file
        json, turtle = schema_org.text(page, self.graph), file.removesuffix(".html") + ".ttl"
        return self._render("thing.html", file, page=page, json=json, turtle=turtle, above=self._above(page.iri))

    def _above(self, iri: str) -> list[tuple[str, str]]:
        """Address and name of the list that a thing is in, and of the things whose IRI its own continues."""
        space, *parts = iri.removeprefix(terms.BASE).split("/")
        found = []
        if space == "id":
            found.append((self.to(f"id/{parts[0]}/index.html"), self.lists.title(parts[0])))
        elif f"{space}/index.html" in TOP:
            found.append((self.to(f"{space}/index.html"), TOP[f"{space}/index.html"]))
        higher = ["/".join([terms.BASE + space, *parts[:number]]) for number in range(1, len(parts))]
        return found + [(self.address(one), self.graph.name(one)[0]) for one in higher if one in self.known]


def _cell(term: Term | None) -> Value:
    """A cell of an answer."""
    text = plain(term)
    language = term.language or ("zh" if HAN.search(text) else "") if isinstance(term, Literal) else ""
    return Value(text, language, term.value if isinstance(term, NamedNode) else "")
