"""What a curator's three commands say of a change to the seeds, without starting them.

`kg validate`, `kg verify` and `kg coverage --open` are run by their own functions, on the changed graph; so that a
change costs less than a second, the graph is changed in place and restored. What follows from a triple alone under
the ontology (by its property and its class) is counted, so that it goes when the last triple it follows from goes;
chains of transitive properties and the queries of queries/derive are made anew. Queries that do not name a property
whose triples have changed are left out, and the shapes look at the nodes that the change concerns.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import Dataset, Literal, NamedNode, Quad, Store, Triple

from kg import coverage, evidence, judging, queries, rdf, shapes, terms, unknown_names, validate, verdicts, verify
from kg.errors import KgError
from kg.model import Finding

COMMANDS = ("validate", "verify", "coverage")
SAME = "same"
"""Catches a change by which the graph says what it said."""
RDFS, OWL, RDF = (terms.STANDARD[prefix] for prefix in ("rdfs", "owl", "rdf"))
TYPE = NamedNode(RDF + "type")
INFERRED = NamedNode(terms.GRAPH_INFERRED)
COMPARED = [name for name in queries.names("evidence") if name.startswith(("compare-", "curated-"))] + ["times"]
"""What the comparisons and the engine behind them are read from."""
VARIABLE_PROPERTY = re.compile(r"\?\w+ \?(?:property|said|node)\b")


@dataclass(frozen=True, slots=True)
class Catch:
    """Which command catches a change, and its words; "warning" when there is only that, empty when there is nothing."""

    by: str
    what: str = ""


class Ontology:
    """What follows from one triple, by the classes and properties above its own, domains and ranges."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._higher: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.transitive: set[NamedNode] = set()
        self.functional: set[NamedNode] = set()
        self.disjoint: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        for t in triples:
            if not isinstance(t.subject, NamedNode) or not isinstance(t.object, NamedNode):
                continue
            kind = t.predicate.value.removeprefix(RDFS)
            if kind in {"subClassOf", "subPropertyOf", "domain", "range"}:
                self._higher[kind, t.subject.value].add(t.object.value)
            elif t.predicate.value == OWL + "disjointWith":
                self.disjoint[t.subject].add(t.object)
                self.disjoint[t.object].add(t.subject)
            elif t.object.value == OWL + "TransitiveProperty":
                self.transitive.add(t.subject)
            elif t.object.value == OWL + "FunctionalProperty":
                self.functional.add(t.subject)

    def _above(self, kind: str, name: str) -> set[str]:
        found: set[str] = set()
        edge = {name}
        while edge:
            edge = {higher for each in edge for higher in self._higher[kind, each]} - found
            found |= edge
        return found

    def follows(self, triple: Triple) -> set[Triple]:
        """What follows from a triple alone, other than itself."""
        found: set[Triple] = set()
        if triple.predicate == TYPE:
            assert isinstance(triple.object, NamedNode)
            found = {Triple(triple.subject, TYPE, NamedNode(c)) for c in self._above("subClassOf", triple.object.value)}
        else:
            for name in {triple.predicate.value} | (higher := self._above("subPropertyOf", triple.predicate.value)):
                if name in higher:
                    found.add(Triple(triple.subject, NamedNode(name), triple.object))
                ends = [("domain", triple.subject)]
                ends += [("range", triple.object)] if isinstance(triple.object, NamedNode) else []
                for kind, end in ends:
                    for cls in self._higher[kind, name]:
                        classes = {cls} | self._above("subClassOf", cls)
                        found |= {Triple(end, TYPE, NamedNode(c)) for c in classes}
        return found - {triple}


class Graph:
    """Facts with all that follows from them, which can be changed and restored."""

    def __init__(self, facts: Iterable[Quad]) -> None:
        quads = list(facts)
        self.home = {quad.triple: quad.graph_name for quad in quads}
        self.asserted = Store()
        self.asserted.extend(quads)
        self.ontology = Ontology(q.triple for q in quads if q.graph_name == NamedNode(terms.GRAPH_ONTOLOGY))
        self.derived = {name: self._derive(name) for name in queries.names("derive")}
        self.support: Counter[Triple] = Counter()
        self.closed: dict[Triple, NamedNode] = {}
        self.chains: set[Triple] = set()
        self.store, self.dataset = Store(), Dataset()
        bases = {*self.home, *(triple for made in self.derived.values() for triple in made)}
        self.support.update(other for triple in bases for other in self.ontology.follows(triple))
        self._settle({*bases, *self.support})
        self.chains = self._chained()
        self._settle(self.chains)

    def _derive(self, name: str) -> frozenset[Triple]:
        made = self.asserted.query(queries.read(name, "derive").body, use_default_graph_as_union=True)
        assert isinstance(made, pyoxigraph.QueryTriples)
        return frozenset(made)

    def _chained(self, doubtful: Collection[Triple] = ()) -> set[Triple]:
        """What transitive properties reach in one step or more, and what follows from that.

        The steps are among the triples of the graph and some that may not be in it yet.
        """
        steps: dict[NamedNode, set[tuple[NamedNode, NamedNode]]] = defaultdict(set)
        for name in self.ontology.transitive:
            there = {quad.triple for quad in self.dataset.quads_for_predicate(name)}
            for triple in there | {triple for triple in doubtful if triple.predicate == name}:
                if self._is_base(triple) or self.support[triple] > 0:
                    steps[name].add((triple.subject, triple.object))
        found = set()
        for name, pairs in steps.items():
            while more := {(a, d) for a, b in pairs for c, d in pairs if b == c} - pairs:
                pairs |= more
            found |= {Triple(a, name, b) for a, b in pairs}
        return found | {other for triple in found for other in self.ontology.follows(triple)}

    @contextmanager
    def changed(self, gone: Collection[Quad], new: Collection[Quad]) -> Iterator[set[Triple]]:
        """The graph with some quads taken away and others added, for a while; gives the triples that differ."""
        number = len(self.closed)
        differing = self._change(gone, new)
        try:
            yield differing
        finally:
            restored = self._change(new, gone)
            assert (restored, len(self.closed)) == (differing, number)

    def _change(self, gone: Collection[Quad], new: Collection[Quad]) -> set[Triple]:
        """Change the graph, and return the triples that came or went."""
        properties = {quad.predicate for quad in [*gone, *new]}
        again = [n for n in self.derived if concerned(queries.read(n, "derive").body, properties)]
        asked = {quad.triple for quad in [*gone, *new]} | {t for name in again for t in self.derived[name]}
        before = {triple for triple in asked if self._is_base(triple)}
        for quad in gone:
            self.asserted.remove(quad)
            del self.home[quad.triple]
        for quad in new:
            self.asserted.add(quad)
            self.home[quad.triple] = quad.graph_name
        for name in again:
            self.derived[name] = self._derive(name)
            asked |= self.derived[name]
        after = {triple for triple in asked if self._is_base(triple)}
        lost, won = (
            [other for t in side for other in self.ontology.follows(t)] for side in (before - after, after - before)
        )
        self.support.subtract(lost)
        self.support.update(won)
        doubtful = {*(before ^ after), *lost, *won}
        if {triple.predicate for triple in doubtful} & self.ontology.transitive:
            chains = self.chains
            self.chains = self._chained(doubtful)
            doubtful |= chains ^ self.chains
        return self._settle(doubtful)

    def _is_base(self, triple: Triple) -> bool:
        """Whether a triple is asserted or derived."""
        return triple in self.home or any(triple in made for made in self.derived.values())

    def _settle(self, triples: Iterable[Triple]) -> set[Triple]:
        """Put into the graph those of some triples that hold, take the others out; return those that differ."""
        differing = set()
        for triple in triples:
            holds = self._is_base(triple) or self.support[triple] > 0 or triple in self.chains
            graph = self.home.get(triple, INFERRED) if holds else None
            there = self.closed.get(triple)
            if graph == there:
                continue
            differing.add(triple)
            if there:
                del self.closed[triple]
                self.store.remove(quad := rdf.quad_in(there, triple))
                self.dataset.discard(quad)
            if graph:
                self.closed[triple] = graph
                self.store.add(quad := rdf.quad_in(graph, triple))
                self.dataset.add(quad)
        return differing


def concerned(query: str, properties: Collection[NamedNode]) -> bool:
    """Whether a query could answer otherwise when triples with these properties change."""
    if VARIABLE_PROPERTY.search(query):
        return True
    named = {terms.compact(name.value) for name in properties}
    return any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", query) for name in named - {"rdf:type"}) or (
        TYPE in properties and bool(re.search(r"\ba\b", query))
    )


class Curation:
    """The checks over some facts and changes of them."""

    def __init__(self, facts: Iterable[Quad], texts: Path) -> None:
        self.graph = Graph(facts)
        self.texts = texts
        self.shapes = shapes.shapes_graph()
        self.known = unknown_names.Known.of(self.graph.home, shapes.listed(unknown_names.UNIT))

    def catch(self, gone: Collection[Quad], new: Collection[Quad]) -> Catch:
        """What the commands say when some quads are taken away and others added."""
        home = self.graph.home
        if any(home.get(quad.triple, quad.graph_name) != quad.graph_name for quad in new):
            return Catch("validate", "a triple stands in two graphs")
        lost = {quad.triple for quad in gone} - {quad.triple for quad in new}
        gone = [quad for quad in gone if quad.triple in lost]
        new = [quad for quad in new if quad.triple not in home]
        found = self._misnamed(gone, new)
        if not wrong(found):
            with self.graph.changed(gone, new) as differing:
                if all(triple in self.graph.closed for triple in differing) and not new:
                    return Catch(SAME, "what was taken away follows from the rest")
                found += [*self._clashes(differing), *self._checked(differing), *self._shaped(differing)]
                if not wrong(found):
                    found += self._judged(differing)
                if not wrong(found):
                    documents = self._documents([*gone, *new])
                    for command, check in (("verify", self._verified), ("coverage", self._uncovered)):
                        if what := check(documents):
                            return Catch(command, what)
        told = wrong(found) or [f for f in found if f.severity == "warning"]
        what = f"{terms.compact(told[0].source)}: {told[0].message} {told[0].detail}" if told else ""
        return Catch("validate" if wrong(found) else "warning" if told else "", what)

    def _misnamed(self, gone: Collection[Quad], new: Collection[Quad]) -> list[Finding]:
        """What kg.unknown_names says of the new triples, and of those on a thing that nothing describes any more."""
        left = {triple.subject for triple in self.graph.home.keys() - {quad.triple for quad in gone}}
        lost = {quad.subject for quad in gone} - left - {quad.subject for quad in new}
        asked = [q.triple for q in new] + [t for t in self.graph.home if t.object in lost and t not in lost]
        names_lost = {getattr(node, "value", "") for node in lost}
        fresh = {getattr(quad.subject, "value", "") for quad in new} - self.known.described
        self.known.described -= names_lost
        self.known.described |= fresh
        try:
            return unknown_names.findings(asked, self.known)
        finally:
            self.known.described |= names_lost
            self.known.described -= fresh

    def _clashes(self, differing: set[Triple]) -> list[Finding]:
        """What is inconsistent under OWL 2 RL: classes that share nothing, and two things that would be one."""
        data, found = self.graph.dataset, []
        for node in {triple.subject for triple in differing} | {t.object for t in differing}:
            if not isinstance(node, NamedNode):
                continue
            said = [quad.triple for quad in data.quads_for_subject(node)]
            classes = {t.object for t in said if t.predicate == TYPE}
            for cls in classes & self.graph.ontology.disjoint.keys():
                if isinstance(cls, NamedNode) and classes & self.graph.ontology.disjoint[cls]:
                    found.append(Finding("violation", validate.INCONSISTENT, node.value, "disjoint classes", cls.value))
            values = Counter(t.predicate for t in said if isinstance(t.object, NamedNode))
            for name in values.keys() & self.graph.ontology.functional:
                if values[name] > 1:
                    found.append(Finding("violation", validate.INCONSISTENT, node.value, "one thing", name.value))
        return found

    def _checked(self, differing: set[Triple]) -> list[Finding]:
        found = []
        properties = {triple.predicate for triple in differing}
        for name in queries.names("check"):
            query = queries.read(name, "check")
            if name not in verdicts.TOLD_BY_NAMES and concerned(query.body, properties):
                rows = self.graph.store.query(query.body, use_default_graph_as_union=True)
                assert isinstance(rows, pyoxigraph.QuerySolutions)
                found += [
                    Finding("violation", name, row["node"].value, query.problem, row["detail"].value) for row in rows
                ]
        return found

    def _judged(self, differing: set[Triple]) -> list[Finding]:
        properties = {triple.predicate for triple in differing}
        asked = any(concerned(queries.read(name, "evidence").body, properties) for name in COMPARED)
        return judging.findings(self._ask) if asked else []

    def _shaped(self, differing: set[Triple]) -> list[Finding]:
        """What the shapes say of the nodes concerned; warnings only as far as the change brought them about."""
        spoken_of = {triple.subject for triple in differing}
        focus = {end for triple in differing for end in (triple.subject, triple.object)}
        focus |= {q.subject for node in spoken_of for q in self.graph.dataset.quads_for_object(node)}
        nodes = {node.value for node in focus if isinstance(node, NamedNode)}
        if not nodes:
            return []
        found = shapes.validate(verdicts.around(self.graph.dataset, nodes), self.shapes, nodes)
        near = {getattr(node, "value", "") for node in spoken_of}
        return [f for f in found if f.severity == "violation" or (f.severity == "warning" and f.node in near)]

    def _documents(self, changed: Iterable[Quad]) -> list[str]:
        """Names of the documents whose evidence may be judged otherwise: all, for what they share."""
        graphs = {str(getattr(quad.graph_name, "value", "")) for quad in changed}
        space = terms.document_graph("")
        return sorted(g.removeprefix(space) for g in graphs) if all(g.startswith(space) for g in graphs) else []

    def _ask(self, text: str) -> tuple[list[str], list[list[pyoxigraph.NamedNode | Literal | None]]]:
        """Rows of a SELECT over the union of the graphs."""
        solutions = self.graph.store.query(text, use_default_graph_as_union=True)
        assert isinstance(solutions, pyoxigraph.QuerySolutions)
        columns = [variable.value for variable in solutions.variables]
        return columns, [[row[column] for column in columns] for row in solutions]

    def _verified(self, documents: list[str]) -> str:
        """The first thing that `kg verify` says has failed or was skipped."""
        try:
            report = verify.verify(evidence.load(self._ask), self.texts, documents)
        except KgError as error:
            return error.what
        bad = [found for found in report.findings if found.state in verify.BAD]
        return f"{bad[0].guard}: {bad[0].message}" if bad else ""

    def _uncovered(self, documents: list[str]) -> str:
        """The first thing that `kg coverage --open` lists."""
        try:
            items = [i for name in documents or [None] for i in coverage.measure(self._ask, self.texts, name)]
        except KgError as error:
            return error.what
        left = [item for item in items if item.state == "open"]
        return f"{left[0].kind} {left[0].words}" if left else ""


def wrong(found: Iterable[Finding]) -> list[Finding]:
    """The violations."""
    return [finding for finding in found if finding.severity == "violation"]
