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
from kg import layout, visible
from kg.errors import EndpointError, StoreError, SyntaxProblem, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from kg.endpoint import Endpoint
    from kg.engine import Engine

    T = TypeVar("T")
    Results = pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples | list[pyoxigraph.Triple]

Term = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple
"""What stands in a cell of an answer."""

DAMAGE = (OSError, RuntimeError)
"""What the engine raises when a file of the store is not what it should be."""

ENDPOINT_VARIABLE = "KG_ENDPOINT"
STORE_FORMAT = "1"
MARKER = "kg-store"
MOST_WORDS = 20
"""How many of the words that might stand at a place a message about a query names."""
RESULT_FORMATS = {
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
        self.added: list[str] = []
        """Folders of Turtle that the store holds beside the project's own files."""

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
                elif kind == "added":
                    manifest.added.append(key)
                else:
                    manifest.facts[kind] = key
        return manifest

    def text(self) -> str:
        """The manifest as it is written."""
        lines = [f"{key}\t{value}" for key, value in sorted(self.facts.items())]
        lines += [f"added\t{folder}" for folder in self.added]
        lines += [f"input\t{p}\t{size}\t{time}\t{digest}" for p, (size, time, digest) in sorted(self.inputs.items())]
        lines += [f"file\t{path}\t{size}" for path, size in sorted(self.files.items())]
        return "\n".join(lines) + "\n"

    def is_ours(self) -> bool:
        """Whether this version of the program made the generation."""
        return self.facts == {**self.facts, **Manifest().facts}

    def out_of_date(self) -> str:
        """Why the generation does not hold what the files say; empty when it does."""
        if not self.is_ours():
            return f"the store was made by version {self.facts.get('version')}"
        inputs = layout.inputs(self.added)
        if inputs != sorted(self.inputs):
            return "files were added or removed"
        for path in inputs:
            try:
                stat = os.stat(path)
            except OSError as error:
                return f"{layout.shown(path)} cannot be read ({error.strerror})"
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


def added_folders(directory: str) -> list[str]:
    """The folders that the store in `directory` was built with beside the project's own files."""
    try:
        return Manifest.read(os.path.join(current_generation(directory), "manifest")).added
    except (OSError, ValueError, IndexError):
        return []


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
        print(f"kg: {visible.lines(message)}", file=sys.stderr)


def opened(directory: str | None, endpoint: str | None, *, quiet: bool = False) -> Engine:
    """What a command asks: the endpoint that is named, by option or environment, else the embedded store.

    Raises UsageError when both are named.
    """
    url = endpoint_url(directory, endpoint)
    if not url:
        return Session(directory, quiet=quiet)
    from kg.endpoint import Endpoint  # loads what talks to servers

    return Endpoint(url)


def endpoint_url(directory: str | None, endpoint: str | None) -> str:
    """The endpoint that is to be asked; empty for the embedded store. Raises UsageError as `opened` does."""
    if endpoint and directory:
        raise UsageError("--endpoint and --store contradict each other", hint="give one of them")
    return endpoint or ("" if directory else os.environ.get(ENDPOINT_VARIABLE, ""))


class Session:
    """An open store, mended on the way when it has to be.

    Opening never writes into a good store; a missing, stale or damaged one is built first, and when
    that cannot be written the graph is held in memory for this one use.
    """

    def __init__(self, directory: str | None = None, *, quiet: bool = False, remote: bool = False) -> None:
        self.directory = directory or layout.default_store()
        self.quiet = quiet
        self.remote = remote
        """Whether queries call services: then what fails is taken for theirs, and the store is left alone."""
        self._store = self._open(trouble(self.directory))

    def _open(self, reason: str, *, force: bool = False) -> pyoxigraph.Store:
        """Open the current generation; `reason`, when not empty, is why it has to be made first."""
        if reason:
            from kg import assembly, build, engine  # heavy: reasoning and validation

            try:
                build.build(self.directory, reason=reason, force=force, quiet=self.quiet)
            except StoreError as error:
                say(f"warning: {error.what}; answering from memory")
                return engine.in_memory(assembly.assemble(added=added_folders(self.directory), validate=False))
        try:
            return pyoxigraph.Store.read_only(os.path.join(current_generation(self.directory), "index"))
        except DAMAGE as error:
            if force:
                raise StoreError(f"the store that was just built cannot be opened: {error}") from error
            return self._open(f"the store is damaged ({error})", force=True)

    address = ""

    def as_stored(self) -> Session:
        """The store itself: it has the graph under the project's base."""
        return self

    def ours(self, iri: str) -> str:
        """The IRI itself, as for `as_stored`."""
        return iri

    def digest(self) -> str:
        """SHA-256 of the graph's sorted N-Quads, as `kg build` prints it; empty for a graph held in memory."""
        try:
            return Manifest.read(os.path.join(current_generation(self.directory), "manifest")).facts["sha256"]
        except (OSError, ValueError, LookupError):
            return ""

    def graphs(self) -> list[str]:
        """IRIs of the named graphs, sorted."""
        return sorted(str(graph.value) for graph in self._store.named_graphs())

    def ask(self, text: str, prefixes: dict[str, str] | None = None) -> Answer:
        """Run a query over the union of the graphs; `prefixes` are those that it need not declare.

        Raises SyntaxProblem with line and column when the text is not SPARQL.
        """
        return Answer(self, text, prefixes)

    def run(self, text: str, prefixes: dict[str, str] | None) -> Results:
        """Start a query; the engine reads the store while the results are consumed."""
        try:
            return self._store.query(text, prefixes=prefixes, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise query_syntax_problem(error) from None

    def mend(self, error: Exception) -> None:
        """Build the store anew after a file turned out damaged though it has the right size.

        Raises EndpointError when the queries of the session call services.
        """
        if self.remote:
            raise EndpointError(f"the service does not answer: {' '.join(str(error).split())}")
        self._store = self._open(f"the store is damaged ({error})", force=True)


class _Nothing:
    """An empty store, for answers that need none."""

    def run(self, text: str, prefixes: dict[str, str] | None) -> Results:
        """What a query gives over no data."""
        return pyoxigraph.Store().query(text, prefixes=prefixes)

    def mend(self, error: Exception) -> None:
        """There is nothing to mend."""
        raise error


def table(names: list[str], rows: list[list[Term | None]]) -> Answer:
    """Rows of our own making as an answer, in their order, so that it is written as any other (no blank nodes)."""
    cells = (" ".join("UNDEF" if term is None else str(term) for term in row) for row in rows)
    columns = " ".join(f"?{name}" for name in names)
    text = f"SELECT {columns} {{ VALUES ({columns}) {{ {' '.join(f'({row})' for row in cells)} }} }}"
    return Answer(_Nothing(), text, None)


class Answer:
    """The answer to a query: rows of a SELECT, a truth value of an ASK, or triples."""

    def __init__(self, session: Session | Endpoint | _Nothing, text: str, prefixes: dict[str, str] | None) -> None:
        self._session, self._text, self._prefixes = session, text, prefixes
        self._results = session.run(text, prefixes)
        self.is_boolean = isinstance(self._results, pyoxigraph.QueryBoolean)
        self.is_graph = isinstance(self._results, (pyoxigraph.QueryTriples, list))

    def _consume(self, read: Callable[[Any], T]) -> T:
        """What `read` makes of the results; a store that proves damaged on the way is mended first."""
        try:
            return read(self._results)
        except DAMAGE as error:
            self._session.mend(error)
            self._results = self._session.run(self._text, self._prefixes)
            return read(self._results)

    def serialise(self, form: str) -> bytes:
        """Rows or a truth value in one of RESULT_FORMATS (SPARQL 1.1 results); may be called once."""
        body: bytes = self._consume(lambda results: results.serialize(format=RESULT_FORMATS[form]))
        return body if body.endswith(b"\n") else body + b"\n"

    def rows(self) -> tuple[list[str], list[list[Term | None]]]:
        """Names of the columns in the order of the SELECT, and the rows; may be called once."""
        names = self._consume(lambda results: [variable.value for variable in results.variables])
        return names, self._consume(lambda results: [[row[name] for name in names] for row in results])

    def triples(self) -> list[pyoxigraph.Triple]:
        """The triples of a CONSTRUCT or DESCRIBE; may be called once."""
        return self._consume(list)

    def truth(self) -> bool:
        """The truth value of an ASK."""
        return self._consume(bool)


def syntax_problem(text: str) -> SyntaxProblem | None:
    """What is wrong with a query, which is not run; nothing when it is SPARQL 1.1."""
    try:
        # once parsed, these two arguments are refused together
        pyoxigraph.Store().query(text, use_default_graph_as_union=True, default_graph=pyoxigraph.DefaultGraph())
    except SyntaxError as error:
        return query_syntax_problem(error)
    except ValueError:
        return None
    return None


def query_syntax_problem(error: SyntaxError, *, at: str | None = None) -> SyntaxProblem:
    """The library says "error at 3:2: expected …"; people get the place apart from the sentence."""
    message = str(error)
    place, colon, rest = message.removeprefix("error at ").partition(": ")
    if not message.startswith("error at ") or not colon:
        place, rest = "", message
    where = ":".join(part for part in (at or "query", place) if part)
    return SyntaxProblem(
        f"the query is not SPARQL 1.1: {_readable(rest)}", at=where, hint="mend the query at that line and column"
    )


def _readable(expected: str) -> str:
    """What the library expected, without the classes of characters that it lists; its sentence, where there is one."""
    import re

    known = re.sub(r"\['.*?'\](?=,|$)|\[_\]", "", expected.removeprefix("expected one of "), flags=re.DOTALL)
    words = re.findall(r'"(?:\\.|[^"\\])*"|[A-Za-z][A-Za-z ]*', known)
    if sentence := next((word for word in words if " " in word and word[0] != '"'), ""):
        return sentence[0].lower() + sentence[1:].strip()
    if not expected.startswith("expected one of "):
        return expected
    return f"expected {', '.join(words[:MOST_WORDS])}" + (" or others" if len(words) > MOST_WORDS else "")
