"""The reference for people: HTML pages and the READMEs of the data folders, from the templates."""

from __future__ import annotations

import os
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, fields
from html import escape

import kg
from kg import catalogue, diagram, graph_counts, shape_descriptions, templating, terms, testimony, vocabulary
from kg.model import Query
from kg.store import Session
from kg.triples import Triples

READMES = {
    "ontology": "ontology/README.md",
    "schemes": "ontology/schemes/README.md",
    "shapes": "shapes/README.md",
    "queries": "queries/README.md",
}
PAGES = {name: f"{name}.html" for name in ("index", *READMES)}

CODE = re.compile(r"`([^`]+)`")
COMPACT = re.compile(r"(?<![\w/:.-])((?:" + "|".join(terms.PREFIXES) + r"):[A-Za-z][\w/-]*)")


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that the pages tell, read from the files; it depends on the facts in the answers alone."""

    modules: list[vocabulary.Module]
    schemes: list[vocabulary.Scheme]
    files: list[shape_descriptions.ShapeFile]
    answers: list[catalogue.DescribedQuery]
    groups: dict[str, list[catalogue.DescribedQuery]]
    checks: list[Query]
    derived: list[catalogue.Derived]
    internal: list[Query]
    picture: diagram.Diagram
    version: str

    @classmethod
    def read(cls, session: Session) -> Contents:
        """Read ontology and shapes from the files, and run the answer queries."""
        ontology, shapes = Triples.read("ontology"), Triples.read("shapes")
        answers = catalogue.answers(session)
        return cls(
            modules=vocabulary.modules(ontology, shapes),
            schemes=vocabulary.schemes(ontology),
            files=shape_descriptions.shape_files(shapes),
            answers=answers,
            groups=catalogue.groups(answers),
            checks=catalogue.all_of("check"),
            derived=catalogue.derived(),
            internal=catalogue.all_of(*catalogue.INTERNAL),
            picture=diagram.read(),
            version=kg.__version__,
        )

    def addresses(self) -> dict[str, tuple[str, str]]:
        """IRI of everything that a page describes, to the page and the anchor on it."""
        found = {term.iri: ("ontology", anchor(term.iri)) for module in self.modules for term in module.terms}
        for scheme in self.schemes:
            for iri in (scheme.iri, *(concept.iri for concept in scheme.concepts)):
                found[iri] = ("schemes", anchor(iri))
        for file in self.files:
            for shape in (*file.shapes, *file.parts):
                for iri in (shape.iri, *(part.iri for part in shape.properties)):
                    found[iri] = ("shapes", anchor(iri))
        return found


def anchor(iri: str) -> str:
    """What stands behind the # for a term, concept, shape or query.

    >>> anchor("https://w3id.org/icr/ns#Claim"), anchor("https://w3id.org/icr/scheme/comparator/gt")
    ('Claim', 'comparator/gt')
    >>> anchor("http://www.w3.org/ns/prov#Entity")
    'prov:Entity'
    """
    if iri.startswith(terms.BASE):
        return re.sub(r"^(ns#|shapes#|scheme/)", "", iri.removeprefix(terms.BASE))
    return terms.compact(iri)


class Writer(ABC):
    """How one page writes names and running text; templates use its methods as filters."""

    files: dict[str, str]

    def __init__(self, page: str, addresses: dict[str, tuple[str, str]]) -> None:
        self.page, self.addresses = page, addresses

    @abstractmethod
    def plain(self, text: str) -> str:
        """Text with nothing in it that the format would take for its own signs."""

    @abstractmethod
    def code(self, text: str) -> str:
        """Text as code."""

    @abstractmethod
    def link(self, text: str, target: str) -> str:
        """A link around text of the format."""

    def target(self, page: str, place: str = "") -> str:
        """Where another page, or a place on this or another page, is found from here."""
        file = "" if page == self.page else self.relative(self.files[page])
        return f"{file}#{place}" if place else file

    def relative(self, file: str) -> str:
        """Where a file is found from this page."""
        folder = os.path.dirname(self.files[self.page]) or "."
        return os.path.relpath(file, folder).replace(os.sep, "/")

    def name(self, iri: str) -> str:
        """The compact name of an IRI, linked to its description, here or with those who made it."""
        compact = terms.compact(iri)
        text = self.code(anchor(iri) if compact == iri and iri in self.addresses else compact)
        if iri in self.addresses:
            return self.link(text, self.target(*self.addresses[iri]))
        return text if iri.startswith(terms.BASE) else self.link(text, iri)

    def prose(self, text: str) -> str:
        """A sentence, with code for what stands between backticks and links for the names of terms."""
        parts = CODE.split(text)
        return "".join(self._coded(part) if i % 2 else self._linked(part) for i, part in enumerate(parts))

    def _coded(self, text: str) -> str:
        iri = terms.BASE + text if text.startswith("scheme/") else terms.expand(text)
        return self.name(iri) if iri in self.addresses or iri != text else self.code(text)

    def _linked(self, text: str) -> str:
        parts = COMPACT.split(text)
        return "".join(self.name(terms.expand(part)) if i % 2 else self.plain(part) for i, part in enumerate(parts))


class Html(Writer):
    """Names and text as HTML."""

    files = PAGES

    def __init__(self, page: str, addresses: dict[str, tuple[str, str]], files: dict[str, str] | None = None) -> None:
        super().__init__(page, addresses)
        self.files = files or PAGES

    def plain(self, text: str) -> str:  # noqa: D102
        return escape(text)

    def code(self, text: str) -> str:  # noqa: D102
        return f"<code>{escape(text)}</code>"

    def link(self, text: str, target: str) -> str:  # noqa: D102
        return f'<a href="{escape(target)}">{text}</a>'


class Markdown(Writer):
    """Names and text as GitHub Flavored Markdown, fit for the cells of a table too."""

    files = READMES

    def plain(self, text: str) -> str:  # noqa: D102
        return re.sub(r"([\\|<>*_\[\]`#~])", r"\\\1", text)

    def code(self, text: str) -> str:  # noqa: D102
        return "`" + text.replace("|", r"\|") + "`"

    def link(self, text: str, target: str) -> str:  # noqa: D102
        return f"[{text}]({target})"


def pages(directory: str | None = None, *, quiet: bool = False) -> dict[str, str]:
    """The HTML pages: file name to text. They count what the graph of the store in `directory` holds."""
    contents = Contents.read(Session(directory, quiet=quiet))
    return pages_of(contents, graph_counts.read(directory, quiet=quiet), PAGES, PAGES)


def pages_of(
    contents: Contents, counts: graph_counts.Counts, files: dict[str, str], chosen: Iterable[str], *, home: str = ""
) -> dict[str, str]:
    """The chosen of PAGES, at the files that `files` gives them; `home` is the start page of the site that has them."""
    addresses = contents.addresses()
    found = {}
    for page in chosen:
        writer = Html(page, addresses, files)
        start = writer.relative(home) if home else ""
        found[files[page]] = _rendered(PAGES[page], writer, contents, counts=counts, home=start)
    return found


def readmes(directory: str | None = None, *, quiet: bool = False) -> dict[str, str]:
    """The READMEs of the data folders: path from the root to text. They hold no numbers that facts change."""
    contents = Contents.read(Session(directory, quiet=quiet))
    addresses = contents.addresses()
    found = {}
    for page, path in READMES.items():
        found[path] = _tidy(_rendered(f"{page}.md", Markdown(page, addresses), contents))
    return found


def _tidy(markdown: str) -> str:
    """One blank line where templates leave several, and none between the items of a list."""
    closed = re.sub(r"\n{3,}", "\n\n", markdown).strip() + "\n"
    return re.sub(r"^(- .*)\n\n(?=- )", r"\1\n", closed, flags=re.MULTILINE)


def _rendered(template: str, writer: Writer, contents: Contents, **more: object) -> str:
    html = isinstance(writer, Html)
    environment = templating.environment(html=html)
    safe = templating.markup if html else str
    for name in ("plain", "code", "name", "prose", "target"):
        method = getattr(writer, name)
        environment.filters[name] = lambda text, *rest, method=method: safe(method(text, *rest))
    environment.filters |= {"anchor": anchor, "compact": terms.compact, "expand": terms.expand}
    values = {field.name: getattr(contents, field.name) for field in fields(contents)}
    return environment.get_template(template).render(
        **values, page=writer.page, base=terms.BASE, evidence=testimony.SHORT, **more
    )
