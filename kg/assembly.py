"""The whole graph as sorted N-Quads lines, from the files: facts, ontology, what follows from them, list of queries.

It is put together in files, so that a large graph is never held, and refused where it is wrong (kg.checking).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg import checking, engine, executables, inferring, layout, rdf, terms
from kg.errors import FindingsError, InconsistencyError, InputError
from kg.sorting import lines_of, merged, sorted_lines, write_lines
from kg.store import say


@dataclass(frozen=True, slots=True)
class Before:
    """A generation that is whole, and what has changed since."""

    generation: str
    graphs: frozenset[str]
    """The named graphs that files of Turtle fill which have changed, come or gone."""

    def facts(self) -> Iterator[bytes]:
        """The facts of all other graphs, sorted."""
        others = tuple(f" <{graph}> .".encode() for graph in {*self.graphs, terms.GRAPH_INFERRED, terms.GRAPH_META})
        return (line for line in lines_of(os.path.join(self.generation, "graph.nq")) if not line.endswith(others))


def assemble(
    *,
    added: Iterable[str] = (),
    quiet: bool = False,
    validate: bool = True,
    warnings: bool = False,
    scratch: str | None = None,
    before: Before | None = None,
) -> Iterable[bytes]:
    """The whole graph as canonical N-Quads lines: facts, ontology, what follows from them, and the list of queries.

    `added` are folders of Turtle beside the project's own. With `warnings`, what is allowed but doubtful is told as
    well. The graph is put together in files below `scratch`, which must be there until the last line is taken, so that
    a large one is never held; without it, the lines are a list. `before` is a graph made earlier, of which the facts
    of unchanged files are taken.

    Raises SyntaxProblem for a file that does not parse, InputError for an added folder that holds no document or
    none that is known, and FindingsError for data that is wrong.
    """
    if scratch is None:
        with tempfile.TemporaryDirectory(prefix="kg-build-") as folder:
            lines = assemble(added=added, quiet=quiet, validate=validate, warnings=warnings, scratch=folder)
            return list(lines)
    added = tuple(added)
    if os.path.isfile(layout.PREBUILT) and not added:
        return lines_of(layout.PREBUILT)
    facts = os.path.join(scratch, "facts.nq")
    number = _write_facts(project_files(added), facts, scratch, before)
    large = number > inferring.LARGEST_FOR_OWLRL
    store = inferring.work_store(facts, number, scratch)
    complaints = inferring.infer(store, large=large)
    inferred = os.path.join(scratch, "inferred.nq")
    write_lines(inferring.inferred_lines(store, scratch), inferred)
    try:
        checking.refuse_contradictions(engine.asking_store(store), complaints)
    except InconsistencyError as error:
        checking.tell_contradictions(error, added, quiet=quiet)
        raise
    if validate:
        lines = merged(lines_of(facts), lines_of(inferred))
        found = checking.findings_in(store, lines) if large else checking.findings(list(lines))
        checking.refuse_findings(found, added, quiet=quiet, warnings=warnings)
        if large:
            say("the shapes were left out: for so large a graph, kg validate judges them", quiet=quiet)
    return merged(lines_of(facts), lines_of(inferred), executables.lines())


def _write_facts(paths: Iterable[str], target: str, scratch: str, before: Before | None) -> int:
    """Write the sorted N-Quads of Turtle files, and return their number. Raises FindingsError for a triple twice."""
    if before is not None:
        paths = [path for path in paths if rdf.graph_of(path) in before.graphs]
    lines = sorted_lines(rdf.project_lines(paths), folder=scratch)
    if before is not None:
        lines = merged(lines, before.facts())
    twice: list[str] = []
    number = write_lines(rdf.in_two_graphs(lines, twice), target)
    if twice:
        raise FindingsError(f"{len(twice)} triples stand in two graphs: {twice[0]}", hint="keep each in one file")
    return number


def project_files(added: Iterable[str] = ()) -> list[str]:
    """The files whose facts make the graph, with those of the folders added to it: Turtle and mapping sets.

    Raises InputError for an added folder that holds no document or none that is known.
    """
    own = [layout.data_path("ontology"), layout.data_path("seeds")]
    return [path for files in (map(layout.facts, own), map(_added_files, added)) for some in files for path in some]


def _added_files(folder: str) -> list[str]:
    """The files of an added folder. Raises InputError when none is Turtle, or one is not in the layout of seeds."""
    shown = layout.shown(folder)
    if not os.path.isdir(folder):
        raise InputError(f"{shown} is not a folder", hint="was it moved? `kg build --alone` builds without it")
    files = layout.walk(folder, ".ttl")
    if not files:
        raise InputError(f"{shown} holds no Turtle", hint="its files end in .ttl")
    for path in files:
        in_document = rdf.graph_of(path).startswith(terms.document_graph(""))
        if in_document and not os.path.isfile(os.path.join(os.path.dirname(path), "record.ttl")):
            raise InputError(
                f"{layout.shown(path)} belongs to no document: there is no record.ttl beside it",
                hint="put it beside the record of its document; things and comparisons go into files of these names",
            )
    return layout.facts(folder)
