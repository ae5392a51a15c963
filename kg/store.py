"""The embedded store: finding the current generation, opening it read-only, and asking it.

The store is an index, never the record: Oxigraph rewrites lexical forms, so exports are made from the
N-Quads beside it. This module and what it imports are all that a plain `kg query` loads; `kg.build`, which
makes generations, is imported only when there is none that can be used.

    DIR/kg-store               marks the directory as ours
    DIR/lock                   held while a generation is made
    DIR/current                names the generation in use; replaced by one rename
    DIR/generations/NAME/      graph.nq, index/ (Oxigraph), manifest (text, tab-separated)
"""

from __future__ import annotations

import os
import sys

import pyoxigraph

import kg
from kg import layout
from kg.errors import StoreError, SyntaxProblem

Term = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple
"""What stands in a cell of an answer."""

STORE_FORMAT = "1"
MARKER = "kg-store"
RESULT_FORMATS = {
    "csv": pyoxigraph.QueryResultsFormat.CSV,
    "json": pyoxigraph.QueryResultsFormat.JSON,
    "tsv": pyoxigraph.QueryResultsFormat.TSV,
    "xml": pyoxigraph.QueryResultsFormat.XML,
}


class Manifest:
    """What a generation was made from and what its files are; see the module's head for the place."""

    def __init__(self) -> None:
        self.facts: dict[str, str] = {"format": STORE_FORMAT, "version": kg.__version__}
        self.inputs: dict[str, tuple[int, int, str]] = {}
        """Path to size in bytes, modification time in ns, SHA-256."""
        self.files: dict[str, int] = {}
        """Path below the generation to size in bytes."""

    @classmethod
    def read(cls, path: str) -> Manifest:
        """Read a manifest; OSError or ValueError when it is missing or not one."""
        manifest = cls()
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                kind, key, *rest = line.rstrip("\n").split("\t")
                if kind == "input":
                    manifest.inputs[key] = (int(rest[0]), int(rest[1]), rest[2])
                elif kind == "file":
                    manifest.files[key] = int(rest[0])
                else:
                    manifest.facts[kind] = key
        return manifest

    def text(self) -> str:
        """The manifest as it is written."""
        lines = [f"{key}\t{value}" for key, value in sorted(self.facts.items())]
        lines += [f"input\t{p}\t{size}\t{time}\t{digest}" for p, (size, time, digest) in sorted(self.inputs.items())]
        lines += [f"file\t{path}\t{size}" for path, size in sorted(self.files.items())]
        return "\n".join(lines) + "\n"

    def out_of_date(self) -> str:
        """Why the generation does not hold what the files say; empty when it does."""
        if self.facts.get("format") != STORE_FORMAT or self.facts.get("version") != kg.__version__:
            return f"the store was made by version {self.facts.get('version')}"
        inputs = layout.inputs()
        if inputs != sorted(self.inputs):
            return "files were added or removed"
        for path in inputs:
            stat = os.stat(path)
            if (stat.st_size, stat.st_mtime_ns) != self.inputs[path][:2]:
                return f"{layout.shown(path)} has changed"
        return ""

    def damage(self, generation: str) -> str:
        """Which file of the generation is missing or has another size; empty when none."""
        for name, size in self.files.items():
            try:
                if os.stat(os.path.join(generation, name)).st_size != size:
                    return f"the store is damaged ({name} has another size)"
            except OSError:
                return f"the store is damaged ({name} is missing)"
        return ""


def current_generation(directory: str) -> str:
    """The folder of the generation in use; OSError when there is none."""
    with open(os.path.join(directory, "current"), encoding="utf-8") as pointer:
        return os.path.join(directory, "generations", pointer.read().strip())


def trouble(directory: str) -> str:
    """Why the store in `directory` cannot be used as it is; empty when it can."""
    if not os.path.exists(os.path.join(directory, "current")):
        return "there is no store yet"
    try:
        generation = current_generation(directory)
        manifest = Manifest.read(os.path.join(generation, "manifest"))
    except (OSError, ValueError, IndexError):
        return "the store is damaged (its manifest cannot be read)"
    return manifest.out_of_date() or manifest.damage(generation)


def say(message: str, *, quiet: bool = False) -> None:
    """One line to people, on stderr."""
    if not quiet:
        print(f"kg: {message}", file=sys.stderr)


class Session:
    """An open store, mended on the way when it has to be.

    Opening never writes into a good store; a missing, stale or damaged one is built first, and when
    that cannot be written the graph is held in memory for this one use.
    """

    def __init__(self, directory: str | None = None, *, quiet: bool = False) -> None:
        self.directory = directory or layout.default_store()
        self.quiet = quiet
        self._store = self._open(trouble(self.directory))

    def _open(self, reason: str) -> pyoxigraph.Store:
        """Open the current generation; `reason`, when not empty, is why it has to be made first."""
        if reason:
            from kg import build  # heavy: reasoning and validation

            try:
                build.build(self.directory, reason=reason, quiet=self.quiet)
            except StoreError as error:
                say(f"warning: {error.what}; answering from memory", quiet=False)
                return build.in_memory()
        return pyoxigraph.Store.read_only(os.path.join(current_generation(self.directory), "index"))

    def ask(self, text: str) -> Answer:
        """Run a query over the union of the graphs and hold its whole answer.

        Raises SyntaxProblem with line and column when the text is not SPARQL.
        """
        try:
            return Answer(self._run(text))
        except OSError as error:  # a damaged file that kept its size
            self._store = self._open(f"the store is damaged ({error})")
            return Answer(self._run(text))

    def _run(self, text: str) -> pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples:
        try:
            return self._store.query(text, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise query_syntax_problem(error) from None


class Answer:
    """The whole answer to a query: rows of a SELECT, a truth value of an ASK, or triples."""

    def __init__(self, results: object) -> None:
        self.boolean: bool | None = None
        self.triples: list[pyoxigraph.Triple] | None = None
        self._results: pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | None = None
        if isinstance(results, pyoxigraph.QueryTriples):
            self.triples = list(results)
        elif isinstance(results, pyoxigraph.QueryBoolean):
            self.boolean, self._results = bool(results), results
        elif isinstance(results, pyoxigraph.QuerySolutions):
            self._results = results

    def serialise(self, form: str) -> bytes:
        """The answer in one of RESULT_FORMATS (SPARQL 1.1 results); may be called once."""
        assert self._results is not None
        body = self._results.serialize(format=RESULT_FORMATS[form])
        assert body is not None
        return body if body.endswith(b"\n") else body + b"\n"

    def rows(self) -> tuple[list[str], list[list[Term | None]]]:
        """Names of the columns in the order of the SELECT, and the rows; may be called once."""
        assert isinstance(self._results, pyoxigraph.QuerySolutions)
        names = [variable.value for variable in self._results.variables]
        return names, [[solution[name] for name in names] for solution in self._results]


def query_syntax_problem(error: SyntaxError, *, at: str | None = None) -> SyntaxProblem:
    """The library says "error at 3:2: expected …"; people get the place apart from the sentence."""
    message = str(error)
    place, colon, rest = message.removeprefix("error at ").partition(": ")
    if not message.startswith("error at ") or not colon:
        place, rest = "", message
    where = ":".join(part for part in (at or "query", place) if part)
    return SyntaxProblem(f"the query is not SPARQL 1.1: {rest}", at=where, hint="mend the query at that line and column")
