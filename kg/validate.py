"""Everything that can be found wrong in facts before it becomes part of the graph, each with its place and a fix.

Syntax, literals and names are looked at file by file; the ontology, the checks and the shapes over the facts of the
files together with the graph, where only what the files bring about is told.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from kg import (
    assembly,
    checking,
    closure,
    datatypes,
    engine,
    foreign,
    inferring,
    layout,
    places,
    rdf,
    shapes,
    store,
    terms,
    unknown_names,
    verdicts,
)
from kg.contradiction import Contradiction
from kg.errors import EndpointError, FindingsError, InconsistencyError, InputError
from kg.foreign import Source
from kg.model import SEVERITIES, Finding

if TYPE_CHECKING:
    from kg.endpoint import Endpoint

GIVEN = NamedNode(terms.BASE + "graph/given")
"""Holds the facts of files that are no part of the project, while they are looked at."""

INCONSISTENT = "owl-rl"
WRONG_NAMES = ("undefined-thing", "unknown-concept")
LEFT_OUT = ("blank-node", datatypes.ILL_TYPED)
"""Findings on values that the shapes do not see, so that what they say of the thing as a whole means nothing."""

NUMBER = terms.PREFIXES["icr"] + "numericValue"
BOUNDS = (terms.PREFIXES["icr"] + "lowerBound", terms.PREFIXES["icr"] + "upperBound")
"""What follows from the number, with its faults."""

LABELS = tuple(terms.STANDARD[p] + n for p, n in (("skos", "prefLabel"), ("rdfs", "label")))


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, in the order of files and places."""

    findings: list[Finding]
    files: int
    labels: dict[str, str] = field(default_factory=dict)
    """English label of each thing that a finding names."""
    address: str = ""
    """The endpoint whose graph was looked at, instead of files."""

    def counts(self) -> Counter[str]:
        """How many findings there are of each severity."""
        return Counter(finding.severity for finding in self.findings)

    def least(self, severity: str) -> Report:
        """The report without what is less severe."""
        told = SEVERITIES[: SEVERITIES.index(severity) + 1]
        return replace(self, findings=[finding for finding in self.findings if finding.severity in told])

    def summary(self) -> str:
        """The counts in a line."""
        counts = self.counts()
        parts = [f"{counts[s]} {s}" + ("s" if counts[s] != 1 else "") for s in SEVERITIES]
        what = self.address or f"{self.files} {'file' if self.files == 1 else 'files'}"
        return f"{what}: " + ", ".join(parts)


def validate(files: Iterable[str], directory: str) -> Report:
    """What is wrong in files, or in those of folders, together with the graph; without any, in the graph itself.

    `directory` is that of the store, whose graph saves time when it is near to what the files say.
    Raises InputError for a file that cannot be read or a folder without Turtle, UsageError for a file in no known
    format, and SyntaxProblem for one of the project that is not among the files and does not parse.
    """
    given, added = _files(files), store.added_folders(directory)
    graph_files = assembly.project_files(added)
    sources = [foreign.read(path) for path in given or graph_files]
    found = [finding for source in sources for finding in source.findings]
    facts, twice = _facts(given, graph_files, sources)
    found += [_twice(text) for text in twice]
    known = unknown_names.Known.of(facts, shapes.listed(unknown_names.UNIT))
    own = {triple for source in sources for triple in source.triples}
    found += _outside(unknown_names.findings(own, known), {f.detail for f in found if f.source == foreign.DIFFERS})
    here = _places(sources)
    lines: list[bytes] = []
    if own:
        lines, more = _in_the_graph(facts, own, directory, whole=not given)
        found += _not_told_before(more, found)
    located = [f if f.place else replace(f, place=places.project(added).of(f)) for f in here.located(found)]
    return Report(sorted(located, key=_order), len(sources), _labels(lines, {f.node for f in located}))


def validate_endpoint(endpoint: Endpoint) -> Report:
    """What is wrong in the graph behind an endpoint: checks run there, shapes over the whole graph, which is fetched.

    The shapes are not asked as queries: pySHACL misses violations on stores that are no rdflib graph. A check that the
    server cannot run, or not in time, runs over what was fetched. There are no places, as the store has no files.
    Raises EndpointError.
    """
    quads = [quad for quad in endpoint.quads() if quad.graph_name != NamedNode(terms.GRAPH_META)]
    lines = rdf.canonical_lines(quads)
    own, fetched = endpoint.own_graphs(), engine.asking_lines(lines)

    def ask(text: str) -> tuple[list[str], list[list[store.Term | None]]]:
        try:
            return own.ask(text).rows()
        except EndpointError:
            return fetched(text)

    found = checking.findings(lines, ask)
    found += verdicts.judged(found, ask)
    return Report(sorted(found, key=_order), 0, _labels(lines, {f.node for f in found}), endpoint.address)


def _files(given: Iterable[str]) -> list[str]:
    """The files, and for a folder its Turtle and mapping sets, each once. Raises InputError for one without any."""
    found: dict[str, None] = {}
    for path in given:
        files = layout.facts(path) if os.path.isdir(path) else [path]
        if not files:
            raise InputError(f"{path} is a directory without Turtle", hint="its files end in .ttl")
        found |= dict.fromkeys(files)
    return list(found)


def _outside(found: list[Finding], spaces: set[str]) -> list[Finding]:
    """The findings without those on terms of wrong namespaces, of which each is told once."""
    return [f for f in found if not any(iri.startswith(space) for space in spaces for iri in (f.path, f.detail))]


def _order(finding: Finding) -> tuple[str, int, int, int, str]:
    place = finding.place
    where = (place.file, place.line, place.column) if place else ("", 0, 0)
    return (*where, SEVERITIES.index(finding.severity), finding.node + finding.source)


def _places(sources: list[Source]) -> places.Places:
    here = places.Places()
    for source in sources:
        if source.scan:
            here.add(source.file, source.scan)
    return here


def _facts(given: list[str], graph_files: list[str], sources: list[Source]) -> tuple[list[Quad], list[str]]:
    """The quads of the project and of the files, and what of the project stands in two graphs."""
    if given:
        facts, _ = rdf.read_project(graph_files)
        there = {quad.triple for quad in facts}
        new = dict.fromkeys(triple for source in sources for triple in source.triples if triple not in there)
        return [*facts, *(rdf.quad_in(GIVEN, triple) for triple in new)], []
    home: dict[Triple, str] = {}
    twice = []
    for path, source in zip(graph_files, sources, strict=True):
        graph = rdf.graph_of(path)
        twice += [f"{t} ({source.file})" for t in source.triples if home.setdefault(t, graph) != graph]
    return [rdf.quad_in(NamedNode(graph), triple) for triple, graph in home.items()], twice


def _twice(text: str) -> Finding:
    return Finding(
        "violation", "triple-in-two-graphs", "", "A triple stands in two graphs.", text, "Keep it in one file."
    )


def _in_the_graph(
    facts: list[Quad], own: set[Triple], directory: str, *, whole: bool
) -> tuple[list[bytes], list[Finding]]:
    """The graph of the facts, and what ontology, checks and shapes find in it that the own triples bring about."""
    sound = [quad for quad in facts if _sound(quad.triple)]
    project = [quad for quad in sound if quad.graph_name != GIVEN]
    before, found = _closed(project, closure.stored(directory))
    if whole:
        unaimed = shapes.without_focus(rdf.ntriples(before), shapes.shapes_graph())
        return before, [*found, *verdicts.findings(before), *unaimed]
    lines = before
    if len(project) < len(sound):
        lines, found = _closed(sound, before)
    subjects = {triple.subject.value for triple in own if isinstance(triple.subject, NamedNode)}
    return lines, [*found, *verdicts.brought_about(lines, before, subjects)]


def _closed(facts: list[Quad], before: list[bytes]) -> tuple[list[bytes], list[Finding]]:
    """The facts with what follows from them, or with what followed before when they are inconsistent."""
    try:
        return closure.extended(facts, before), []
    except FindingsError as error:
        old = [quad for quad in rdf.parse_each(before) if quad.graph_name == inferring.INFERRED]
        lines = closure.with_inferred(rdf.canonical_lines(facts), old)
        return closure.with_derived(lines), _inconsistencies(error)


def _sound(triple: Triple) -> bool:
    """Whether rdflib, which the shapes need, can take a triple in; what is wrong with the others is told by names."""
    named = not isinstance(triple.subject, BlankNode) and not isinstance(triple.object, BlankNode)
    return named and not datatypes.findings(triple)


def _inconsistencies(error: FindingsError) -> list[Finding]:
    """One finding for each contradiction, or for each complaint of the reasoner when no rule of ours names any."""
    if isinstance(error, InconsistencyError):
        return [_contradiction(found) for found in error.contradictions]
    found = []
    for part in error.what.partition(": ")[2].split("; "):
        iris = re.findall(r"https?://[^\s;]+", part)
        node = next((iri for iri in reversed(iris) if iri.startswith(terms.BASE + "id/")), "")
        message = re.sub(r"https?://[^\s;]+", lambda match: terms.compact(match[0]), part)
        fix = "Look at the classes of the thing, and at the properties that give it others."
        found.append(Finding("violation", INCONSISTENT, node, f"{message}.", fix=fix))
    return found


def _contradiction(found: Contradiction) -> Finding:
    node, path, detail = found.triple
    return Finding("violation", INCONSISTENT, node, f"{found.sentence}.", detail, found.rule.fix, path)


def _not_told_before(more: list[Finding], found: list[Finding]) -> list[Finding]:
    """The findings other than what follows from a wrong name or value of which something is told already."""
    told = {(f.node, f.path) for f in found if f.path}
    told |= {(f.node, "") for f in found if f.source in LEFT_OUT}
    wrong_names = {f.detail for f in found if f.source in WRONG_NAMES}
    numbers = {(f.node, f.detail) for f in more if f.path == NUMBER}
    return [
        f
        for f in more
        if (f.node, f.path) not in told
        and f.node not in wrong_names
        and not (f.path in BOUNDS and (f.node, f.detail) in numbers)
    ]


def _labels(lines: list[bytes], nodes: Collection[str]) -> dict[str, str]:
    """The English label of each node that has one."""
    found: dict[str, str] = {}
    for quad in rdf.parse_each(lines):
        node = str(getattr(quad.subject, "value", ""))
        if node in nodes and quad.predicate.value in LABELS and getattr(quad.object, "language", None) == "en":
            found.setdefault(node, str(getattr(quad.object, "value", "")))
    return found
