"""The lists of the site: for each kind of things all of them, under the headings of the start page."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass

from kg import lookup, templating, terms
from kg.site_graph import SiteGraph

BY_DOCUMENT = {"claim", "mention", "quantity", "utterance"}
"""Kinds whose lists stand under the document that the IRI names."""


@dataclass(frozen=True, slots=True)
class ListedThing:
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
    groups: tuple[tuple[str, tuple[ListedThing, ...]], ...]

    @property
    def file(self) -> str:
        """Where it stands in the site."""
        return f"id/{self.kind}/index.html"

    @property
    def number(self) -> int:
        """How many things it has."""
        return sum(len(entries) for _, entries in self.groups)


class Lists:
    """All lists, by kind; `things` are the IRIs of what has a page."""

    def __init__(self, graph: SiteGraph, things: Iterable[str]) -> None:
        with open(os.path.join(templating.FOLDER, "site.toml"), "rb") as file:
            self._groups: dict[str, dict[str, str]] = {g["title"]: g["kinds"] for g in tomllib.load(file)["group"]}
        self._graph = graph
        found: dict[str, dict[str, list[ListedThing]]] = {}
        for iri in things:
            kind = lookup.kind_of(iri)
            # the parts of a document are found on its page
            if iri.startswith(terms.PREFIXES["id"]) and not (kind == "doc" and "/" in lookup.slug(iri)):
                heading = self._heading(iri) if kind in BY_DOCUMENT else ""
                entry = ListedThing(iri, *graph.name(iri), graph.label(iri, "zh"))
                found.setdefault(kind, {}).setdefault(heading, []).append(entry)
        self.all = [List(kind, self.title(kind), _in_order(groups)) for kind, groups in sorted(found.items())]

    def title(self, kind: str) -> str:
        """What the list of a kind is called."""
        return next((kinds[kind] for kinds in self._groups.values() if kind in kinds), kind.capitalize())

    def grouped(self) -> list[tuple[str, list[List]]]:
        """The headings of the start page with their lists; kinds that it does not know come last."""
        known = {kind for kinds in self._groups.values() for kind in kinds}
        groups = [
            (title, [one for kind in kinds for one in self.all if one.kind == kind])
            for title, kinds in self._groups.items()
        ]
        groups.append(("Others", [one for one in self.all if one.kind not in known]))
        return [group for group in groups if group[1]]

    def _heading(self, iri: str) -> str:
        """The name of the document that the IRI of a claim, mention, quantity or utterance names."""
        document = lookup.slug(iri).partition("/")[0]
        return self._graph.label(f"{terms.PREFIXES['id-doc']}{document}") or document


def _in_order(groups: dict[str, list[ListedThing]]) -> tuple[tuple[str, tuple[ListedThing, ...]], ...]:
    return tuple(
        (heading, tuple(sorted(entries, key=lambda entry: (lookup.fold(entry.text), entry.iri))))
        for heading, entries in sorted(groups.items())
    )
