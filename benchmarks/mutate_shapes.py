"""How many changes to the shapes their fixtures notice: mutation tests of shapes/*.ttl.

    python -m benchmarks.mutate_shapes [--file text] [--sample 100] [--seed 1] [--jobs 2]

A mutant is a file of shapes with one triple dropped or changed. It is killed when a fixture of that file in
tests/data/shapes gives other results (severity, shape, component, node) than under the shapes as they are. Only the
shapes that the change concerns are judged, over the fixture and the classes and concepts that it names. Mutants that
no data can tell from the shapes as they are, for the reason at EQUIVALENT, are not made.
"""

from __future__ import annotations

import argparse
import os
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyshacl
from rdflib import RDF, RDFS, SH, SKOS, XSD, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg import shapes, terms

ROOT = Path(__file__).resolve().parent.parent
SHP = terms.PREFIXES["shp"]
TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
TOLD = {RDF.type, SH.message, SH.path, SH.severity, SH.property, RDF.first, RDF.rest, *TARGETS}
"""Properties of a shape that demand nothing by themselves."""
COUNTS = (SH.minCount, SH.maxCount, SH.qualifiedMinCount, SH.qualifiedMaxCount, SH.minLength, SH.maxLength,
          SH.minInclusive, SH.maxInclusive)  # fmt: skip
LISTS = (SH["in"], SH.languageIn, SH["or"], SH.xone)
PAIRS = {SH.lessThan: SH.lessThanOrEquals, SH.lessThanOrEquals: SH.lessThan}
OTHER_KIND = {SH.IRI: SH.IRIOrLiteral, SH.Literal: SH.IRIOrLiteral}
OTHER_SEVERITY = {None: SH.Warning, SH.Warning: SH.Violation, SH.Info: SH.Warning}
EQUIVALENT = {r"^-?[0-9]+(\.[0-9]*)?$"}
"""Patterns that let through only what pySHACL never sees: rdflib writes the decimal "5." as "5" when it reads it."""
Triple = tuple[Node, Node, Node]
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change to a file of shapes."""

    file: str
    kind: str
    shape: URIRef
    gone: tuple[Triple, ...]
    new: tuple[Triple, ...] = ()

    def __str__(self) -> str:
        shown = [" ".join(_short(term) for term in triple[1:]) for triple in (*self.gone[:1], *self.new[:1])]
        return f"{self.file}: {_short(self.shape)}: {self.kind}: {' → '.join(shown)}"


def _short(term: Node) -> str:
    text = str(term).removeprefix(SHP)
    return "sh:" + text.removeprefix(str(SH)) if text.startswith(str(SH)) else terms.compact(text)


# ---- the mutants


def mutants(file: str) -> Iterator[Mutant]:
    """All mutants of a file."""
    graph = shapes_of(file)
    for triple in sorted(graph):
        shape, predicate, obj = triple
        assert isinstance(shape, URIRef)
        for kind, new in dict.fromkeys(_changes(graph, triple)):
            yield Mutant(file, kind, shape, (triple,), new)
        if predicate in LISTS:
            yield from _without_a_member(file, graph, triple)
        if predicate == RDF.type and obj in {SH.PropertyShape, SH.NodeShape} and shape in _reported(graph):
            severity = graph.value(shape, SH.severity)
            old = ((shape, SH.severity, severity),) if severity else ()
            yield Mutant(file, "severity", shape, old, ((shape, SH.severity, OTHER_SEVERITY[severity]),))


def _changes(graph: Graph, triple: Triple) -> Iterator[tuple[str, tuple[Triple, ...]]]:
    """What a triple of a shape becomes: name of the kind of change, and the triples in its place."""
    shape, predicate, obj = triple

    def to(other: Node) -> tuple[Triple, ...]:
        return ((shape, predicate, other),)

    if predicate not in TOLD:
        yield "constraint dropped", ()
    if predicate == SH.property:
        yield "property shape dropped", ()
    if predicate in TARGETS:
        yield "target dropped", ()
        others = sorted({o for o in graph.objects(None, predicate) if o != obj} | set(_above(obj)))
        yield from (("target changed", to(other)) for other in others[:1] + sorted(_above(obj))[:1])
    if predicate in {SH.path, SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals}:
        others = sorted(set(graph.objects(None, SH.path)) - {obj})
        yield from (("path changed", to(other)) for other in others[:1])
    yield from _other_values(graph, triple)


def _other_values(graph: Graph, triple: Triple) -> Iterator[tuple[str, tuple[Triple, ...]]]:
    """A constraint with another value: a number, datatype, class, pattern or order that lets other things pass."""
    shape, predicate, obj = triple

    def to(other: Node) -> tuple[Triple, ...]:
        return ((shape, predicate, other),)

    if predicate in COUNTS:
        number = int(str(obj).partition(".")[0])
        yield from (("number off by one", to(Literal(n))) for n in (number - 1, number + 1) if n >= 0)
    if predicate == SH.datatype:
        yield from (("datatype changed", to(d)) for d in (XSD.string, XSD.decimal, RDF.langString) if d != obj)
    if predicate == SH["class"]:
        others = sorted(set(graph.objects(None, SH["class"])) - {obj})
        yield from (("class changed", to(other)) for other in others[:1] + sorted(_above(obj))[:1])
    if predicate == SH.nodeKind:
        yield "node kind loosened", to(OTHER_KIND[URIRef(str(obj))])
    if predicate == SH.pattern:
        yield from (("pattern loosened", to(Literal(other))) for other in _looser(str(obj)))
    if predicate in PAIRS:
        yield "order loosened or tightened", ((shape, PAIRS[URIRef(str(predicate))], obj),)
    if predicate == SH.hasValue:
        others = sorted(set(graph.objects(None, SH.hasValue)) - {obj})
        yield from (("value changed", to(other)) for other in others[:1])


def _looser(pattern: str) -> set[str]:
    """The pattern without one of its ends, or with one of its repetitions free."""
    found = {pattern.removeprefix("^"), pattern.removesuffix("$")}
    found |= {
        pattern[: m.start()] + "*" + pattern[m.end() :] for m in re.finditer(r"(?<!\\)\+|\{\d+(,\d*)?\}", pattern)
    }
    return found - {pattern} - EQUIVALENT


def _without_a_member(file: str, graph: Graph, triple: Triple) -> Iterator[Mutant]:
    """The list without each of its members in turn."""
    shape, predicate, head = triple
    cell, before = head, (shape, predicate)
    members = list(Collection(graph, head))
    for member in members:
        rest = graph.value(cell, RDF.rest)
        assert rest is not None
        assert isinstance(shape, URIRef)
        if len(members) > 1:
            gone = ((*before, cell), (cell, RDF.first, member), (cell, RDF.rest, rest))
            yield Mutant(file, "member dropped", shape, ((shape, predicate, member), *gone), ((*before, rest),))
        before, cell = (cell, RDF.rest), rest


def _above(cls: Node) -> set[Node]:
    return set(ontology().objects(cls, RDFS.subClassOf)) - {cls}


# ---- the fixtures


@cache
def shapes_of(file: str) -> Graph:
    """The shapes of a file."""
    return Graph().parse(ROOT / "shapes" / f"{file}.ttl")


@cache
def ontology() -> Graph:
    """The ontology with its schemes."""
    return shapes.folder_graph("ontology")


@cache
def fixtures(file: str) -> tuple[Graph, ...]:
    """The fixtures of a file, each with what the ontology says of the classes and concepts that it names."""
    found = []
    for path in sorted((ROOT / "tests" / "data" / "shapes" / file).glob("*.ttl")):
        graph = Graph().parse(path)
        named = {obj for obj in graph.objects() if isinstance(obj, URIRef)}
        for triple in ontology():
            if triple[1] == RDFS.subClassOf or (triple[0] in named and triple[1] in {RDF.type, SKOS.inScheme}):
                graph.add(triple)
        found.append(graph)
    return tuple(found)


def _reported(graph: Graph) -> set[Node]:
    """Shapes that can be the source of a result: those with a constraint of their own that are aimed at something."""
    aimed = {shape for target in TARGETS for shape in graph.subjects(target)}
    parts = {part for shape in aimed for part in graph.objects(shape, SH.property)}
    return {shape for shape in aimed | parts if set(graph.predicates(shape)) - TOLD}


def _reached(graph: Graph, start: Node) -> set[Node]:
    """What a shape consists of."""
    found: set[Node] = set()
    edge = {start}
    while edge:
        found |= edge
        edge = {o for node in edge for o in graph.objects(node) if str(o).startswith(SHP)} - found
    return found


def _parts(graph: Graph, tops: frozenset[Node]) -> Graph:
    """The shapes with a target among these, with all that they consist of."""
    wanted = {node for top in tops for node in _reached(graph, top)}
    part = Graph()
    for triple in graph:
        if triple[0] in wanted and (triple[1] not in TARGETS or triple[0] in tops):
            part.add(triple)
    return part


def results(data: Graph, shape_graph: Graph) -> Counter[Row]:
    """Severity, shape, component and focus node of each result."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shape_graph, inference="none", advanced=False)
    assert isinstance(report, Graph)
    parts = (SH.resultSeverity, SH.sourceShape, SH.sourceConstraintComponent, SH.focusNode)
    return Counter(
        {tuple(str(report.value(r, part)) for part in parts) for r in report.subjects(RDF.type, SH.ValidationResult)}
    )


@cache
def _usual(file: str, tops: frozenset[Node], number: int) -> Counter[Row]:
    return results(fixtures(file)[number], _parts(shapes_of(file), tops))


def killed(mutant: Mutant) -> bool:
    """Whether a fixture gives other results under the mutant."""
    graph = shapes_of(mutant.file)
    aimed = {shape for target in TARGETS for shape in graph.subjects(target)}
    tops = frozenset(shape for shape in aimed if mutant.shape in _reached(graph, shape))
    changed = _parts(graph, tops)
    for triple in mutant.gone:
        changed.remove(triple)
    for triple in mutant.new:
        changed.add(triple)
    for number, data in enumerate(fixtures(mutant.file)):
        try:
            found = results(data, changed)
        except Exception:  # pySHACL refuses the shape: noticed
            return True
        if found != _usual(mutant.file, tops, number):
            return True
    return False


def main() -> None:
    """Judge all mutants or a sample, list the survivors, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", action="append", default=[])
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    given = parser.parse_args()
    files = given.file or sorted(path.stem for path in (ROOT / "shapes").glob("*.ttl"))
    jobs = [mutant for file in files for mutant in mutants(file)]
    if given.sample:
        jobs = random.Random(given.seed).sample(jobs, min(given.sample, len(jobs)))
    with ProcessPoolExecutor(given.jobs) as pool:
        verdicts = list(pool.map(killed, jobs, chunksize=20))
    counts: dict[str, Counter[bool]] = defaultdict(Counter)
    for mutant, dead in zip(jobs, verdicts, strict=True):
        counts[mutant.kind][dead] += 1
        if not dead:
            print(f"survives: {mutant}")
    print("\n| kind of change | mutants | killed | rate |\n|---|---|---|---|")
    for kind, tally in [*sorted(counts.items()), ("all", sum(counts.values(), Counter()))]:
        print(f"| {kind} | {tally.total()} | {tally[True]} | {100 * tally[True] / tally.total():.1f} % |")


if __name__ == "__main__":
    main()
