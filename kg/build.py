"""From the Turtle to a generation of the store: read, derive, reason, validate, check, write, swap.

A generation is made beside the one in use, verified, and swapped in by one rename, under a lock: a kill, a
full disk or a second builder leaves the old one answering.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from filelock import FileLock
from pyoxigraph import NamedNode, Quad, Store

from kg import bulk, datatypes, executables, inferring, layout, queries, rdf, terms
from kg.errors import FindingsError, InconsistencyError, InputError, StoreError
from kg.model import BuildSummary, Finding
from kg.sorting import lines_of, merged, sorted_lines, without, write_lines
from kg.store import MARKER, STORE_FORMAT, Manifest, added_folders, current_generation, say, trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.evidence import Ask

MAKING = ".making-"
GENERATIONS_KEPT = 2
"""The one in use and the one before it, which a reader may still have open."""
LARGEST_CHANGE = 0.05
"""Part of a graph that may change before its index is made anew: changing a line costs some ten times a new one."""


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
        refuse_contradictions(inferring.asking(store), complaints)
    except InconsistencyError as error:
        _tell_contradictions(error, added, quiet=quiet)
        raise
    if validate:
        lines = merged(lines_of(facts), lines_of(inferred))
        found = findings_in(store, lines) if large else findings(list(lines))
        _refuse_findings(found, added, quiet=quiet, warnings=warnings)
        if large:
            say("the shapes were left out: for so large a graph, kg validate judges them", quiet=quiet)
    return merged(lines_of(facts), lines_of(inferred), executables.lines())


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


def with_queries(lines: Iterable[bytes]) -> list[bytes]:
    """The lines with graph/meta as the query files now have it. Raises SyntaxProblem for a query with a bad head."""
    return list(relisted(lines))


def relisted(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Sorted lines with graph/meta as the query files now have it. Raises SyntaxProblem for a query with a bad head."""
    return merged(_without_queries(lines), executables.lines())


def without_queries(lines: Iterable[bytes]) -> list[bytes]:
    """The lines of the facts, the ontology and what follows from them: those that graph/meta does not hold."""
    return list(_without_queries(lines))


def _without_queries(lines: Iterable[bytes]) -> Iterator[bytes]:
    meta = f" <{terms.GRAPH_META}> .".encode()
    return (line for line in lines if not line.endswith(meta))


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


def with_closure(lines: list[bytes]) -> list[bytes]:
    """The lines and all that follows from them. Raises FindingsError when they are inconsistent."""
    store = memory_store(lines)
    complaints = inferring.infer(store)
    refuse_contradictions(inferring.asking(store), complaints)
    return list(merged(sorted(lines), inferring.inferred_lines(store)))


def consistent(lines: list[bytes], complaints: Sequence[str] = ()) -> list[bytes]:
    """The lines of a graph with its inferences, when nothing in it contradicts the ontology; else as below."""
    refuse_contradictions(asking(lines), complaints)
    return lines


def refuse_contradictions(ask: Ask, complaints: Sequence[str] = ()) -> None:
    """Refuse a graph with its inferences that contradicts the ontology; `complaints` are those of the reasoner.

    Raises InconsistencyError with the axioms and the triples, and FindingsError when only the reasoner knows what is
    wrong.
    """
    from kg import contradiction

    found = contradiction.contradictions(ask)
    if found:
        raise InconsistencyError(
            f"the data contradicts the ontology: {found[0].sentence}", found, hint=found[0].rule.fix
        )
    if complaints:
        raise FindingsError(
            "the graph is inconsistent under OWL 2 RL: " + "; ".join(complaints),
            hint="look at the things named, and at their classes",
        )


def _tell_contradictions(error: InconsistencyError, added: Iterable[str], *, quiet: bool) -> None:
    """Tell each contradiction with the proofs of its triples, and give the error the place of the first."""
    from kg import places

    index = places.index(added)
    for found in error.contradictions:
        say("\n  ".join([f"contradiction: {found.sentence}", *found.proofs(index)]), quiet=quiet)
    error.at = index.get(error.contradictions[0].triple[0])


def asking(lines: list[bytes]) -> Ask:
    """The way to ask a graph in memory: a SELECT to its columns and rows."""
    return inferring.asking(memory_store(lines))


def ntriples(lines: list[bytes]) -> bytes:
    """The same triples without their graphs."""
    return rdf.serialise(rdf.parse_lines(b"\n".join(lines)), "ntriples", {})


def with_inferred(lines: list[bytes], new: list[Quad]) -> list[bytes]:
    """The lines and, in graph/inferred, those of the new triples that stand in no graph yet."""
    known = {quad.triple for quad in rdf.parse_lines(b"\n".join(lines))}
    graph = NamedNode(terms.GRAPH_INFERRED)
    added = [rdf.quad_in(graph, quad.triple) for quad in new if quad.triple not in known]
    return sorted({*lines, *rdf.canonical_lines(added)})


def derived(lines: list[bytes]) -> list[Quad]:
    """What the queries of queries/derive make of the graph, run until nothing new comes."""
    store = memory_store(lines)
    inferring.to_the_end(store, "derive")
    return list(store.quads_for_pattern(None, None, None, inferring.INFERRED))


def memory_store(lines: Iterable[bytes]) -> Store:
    """A store in memory with these N-Quads lines."""
    store = Store()
    store.bulk_load(b"\n".join(lines), format=pyoxigraph.RdfFormat.N_QUADS)
    return store


def in_memory(added: Iterable[str] = ()) -> Store:
    """The whole graph in memory: the way out when no store can be written."""
    return memory_store(assemble(added=added, validate=False))


def findings(lines: list[bytes]) -> list[Finding]:
    """What the shapes and the checks find in the graph."""
    checked = check(lines)
    if wrong := ill_typed(lines):  # rdflib, which the shapes need, cannot take such literals in
        return [*wrong, *(finding for finding in checked if finding.source != datatypes.ILL_TYPED)]
    from kg import shapes

    return [*checked, *shapes.validate(ntriples(lines), shapes.shapes_graph())]


def findings_in(store: Store, lines: Iterable[bytes]) -> list[Finding]:
    """What the checks find in a store, and which literals of its lines their datatypes do not allow."""
    return [*ill_typed(lines), *checks(inferring.asking(store), without=(datatypes.ILL_TYPED,))]


def ill_typed(lines: Iterable[bytes]) -> list[Finding]:
    """The literals of the graph that their datatypes do not allow."""
    return [finding for quad in rdf.parse_each(lines) for finding in datatypes.findings(quad)]


def check(lines: list[bytes]) -> list[Finding]:
    """What the queries of queries/check find; each row of ?node ?detail is one finding."""
    return check_store(memory_store(lines))


def check_store(store: Store) -> list[Finding]:
    """What the queries of queries/check find in a store."""
    return checks(inferring.asking(store))


def checks(ask: Ask, without: Sequence[str] = ()) -> list[Finding]:
    """The same of any store that can be asked, some left out; each row of ?node ?detail is one finding."""
    found = []
    for name in queries.names("check"):
        if name in without:
            continue
        query = queries.read(name, "check")
        columns, rows = ask(query.body)
        for row in rows:
            cells = dict(zip(columns, (str(getattr(term, "value", "")) for term in row), strict=True))
            found.append(Finding("violation", name, cells["node"], query.problem, cells["detail"], query.fix))
    return found


def _refuse_findings(found: list[Finding], added: Iterable[str], *, quiet: bool, warnings: bool) -> None:
    """Tell the violations and, when asked, the warnings; raise FindingsError when something is wrong."""
    told = [f for f in found if f.severity == "violation" or (warnings and f.severity == "warning")]
    if not told:
        return
    from kg import places

    told = places.project(added).located(told)
    for finding in told:
        detail = f" ({finding.detail})" if finding.detail else ""
        where = f"{finding.place}: " if finding.place else ""
        what = f"{terms.compact(finding.node)}: {finding.message} {finding.fix}"
        say(f"{finding.severity}: {where}{what}{detail}", quiet=quiet)
    if wrong := [finding for finding in told if finding.severity == "violation"]:
        number = "1 violation" if len(wrong) == 1 else f"{len(wrong)} violations"
        where = f" ({wrong[0].place})" if wrong[0].place else ""
        raise FindingsError(
            f"{number} of shapes or checks; nothing was stored",
            at=terms.compact(wrong[0].node) + where,
            hint=f"{wrong[0].message} {wrong[0].fix}",
        )


def build(
    directory: str,
    added: Iterable[str] | None = None,
    *,
    reason: str = "",
    force: bool = False,
    quiet: bool = False,
    warnings: bool = False,
) -> BuildSummary:
    """Make the store in `directory` hold what the files say, and return what is in it.

    `added` are the folders of Turtle that it holds beside the project's own files; None leaves them as they are.
    `reason` is told to the user; `force` makes a new generation even when the present one will do; `warnings`
    tells what is allowed but doubtful.
    Raises StoreError when the directory cannot be written or is somebody else's.
    """
    try:
        _claim(directory)
        with FileLock(os.path.join(directory, "lock")):
            present = added_folders(directory)
            folders = present if added is None else list(dict.fromkeys(map(os.path.abspath, added)))
            if not force and folders == present and not _needs_building(directory, folders):
                return _summary(current_generation(directory))
            beside = "".join(f", with {layout.shown(folder)}" for folder in folders)
            say(f"building the store in {directory}{beside}" + (f": {reason}" if reason else ""), quiet=quiet)
            _remove_leftovers(directory)
            with _making(directory) as making:
                kept = _relisted(directory, folders) if not force and folders == present else None
                scratch = making / "scratch"
                scratch.mkdir()
                before = None if force else _before(directory, folders)
                lines = kept or assemble(
                    added=folders, quiet=quiet, warnings=warnings, scratch=str(scratch), before=before
                )
                return _make(directory, making, lines, folders, before)
    except OSError as error:
        raise StoreError(
            f"the store in {directory} cannot be written: {error.strerror or error}",
            hint="--store DIR or KG_STORE put it elsewhere",
        ) from error


def _claim(directory: str) -> None:
    """Mark the directory as ours; refuse one that holds somebody else's files."""
    os.makedirs(directory, exist_ok=True)
    marker = os.path.join(directory, MARKER)
    if os.path.exists(marker):
        return
    if set(os.listdir(directory)) - {"lock", MARKER}:
        raise StoreError(f"{directory} holds files that are not a store of kg", hint="name an empty directory")
    Path(marker).write_text(f"industrial-chain-kg store {STORE_FORMAT}\n", encoding="utf-8")


def _needs_building(directory: str, added: list[str]) -> bool:
    """Whether the store is of no use; one whose files were only touched gets their new times."""
    if not trouble(directory):
        return False
    manifest, fresh = _whole(directory), _readable(added)
    if manifest is None or _digests(manifest.inputs) != _digests(fresh):
        return True
    manifest.inputs = fresh
    _write_synced(os.path.join(current_generation(directory), "manifest"), manifest.text().encode())
    return False


def _relisted(directory: str, added: list[str]) -> Iterator[bytes] | None:
    """The graph of the store with the queries listed anew, when nothing but those has changed; else None.

    No fact follows from a query, so an edited one costs neither reasoning nor validation.
    """
    manifest = _whole(directory)
    answers = layout.data_path("queries", "answer", "")
    if manifest is None or _digests(manifest.inputs, answers) != _digests(_readable(added), answers):
        return None
    generation = current_generation(directory)
    return relisted(lines_of(os.path.join(generation, "graph.nq"))) if _is_sound(generation, manifest) else None


def _is_sound(generation: str, manifest: Manifest) -> bool:
    """Whether the N-Quads of a generation are to the byte what was written."""
    with open(os.path.join(generation, "graph.nq"), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == manifest.facts.get("sha256")


def _before(directory: str, added: list[str]) -> Before | None:
    """The generation in use, when it is large and sound, with the graphs whose files have changed since; else None.

    What follows is made anew in any case: it may rest on facts of several graphs.
    """
    manifest = _whole(directory)
    if manifest is None or int(manifest.facts.get("quads", 0)) <= inferring.LARGEST_FOR_OWLRL:
        return None
    old, new = _digests(manifest.inputs), _digests(_readable(added))
    changed = [path for path in old.keys() | new.keys() if old.get(path) != new.get(path)]
    generation = current_generation(directory)
    if not all(path.endswith((".ttl", ".rq")) for path in changed) or not _is_sound(generation, manifest):
        return None
    return Before(generation, frozenset(rdf.graph_of(path) for path in changed if path.endswith(".ttl")))


def _whole(directory: str) -> Manifest | None:
    """The manifest of the generation in use, when that is whole and made by this version; else None."""
    try:
        generation = current_generation(directory)
        manifest = Manifest.read(os.path.join(generation, "manifest"))
    except (OSError, ValueError, IndexError):
        return None
    ours = manifest.facts == {**manifest.facts, **Manifest().facts}
    return manifest if ours and not manifest.damage(generation) else None


Inputs = dict[str, tuple[int, int, str]]
"""Path to size, modification time in ns, and SHA-256."""


def _readable(added: list[str]) -> Inputs:
    """The inputs; none when one cannot be read, for reading them to build with tells which."""
    with contextlib.suppress(OSError):
        return _inputs(added)
    return {}


def _digests(inputs: Inputs, without: str | None = None) -> dict[str, str]:
    """The SHA-256 of each file, but of none whose path begins with `without`."""
    return {path: digest for path, (_, _, digest) in inputs.items() if without is None or not path.startswith(without)}


def _inputs(added: list[str]) -> Inputs:
    """Size, modification time and SHA-256 of every file that decides what is in the graph."""
    found = {}
    for path in layout.inputs(added):
        stat = os.stat(path)
        found[path] = (stat.st_size, stat.st_mtime_ns, hashlib.sha256(Path(path).read_bytes()).hexdigest())
    return found


@contextlib.contextmanager
def _making(directory: str) -> Iterator[Path]:
    """A new folder beside the generations, which is gone afterwards unless it was renamed."""
    making = Path(directory, "generations", f"{MAKING}{os.getpid()}")
    making.mkdir(parents=True)
    try:
        yield making
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _make(
    directory: str, making: Path, lines: Iterable[bytes], added: list[str], before: Before | None = None
) -> BuildSummary:
    """Write a new generation beside the one in use, verify it, and swap it in."""
    manifest = Manifest()
    manifest.added = added
    manifest.inputs = _inputs(added)
    manifest.facts |= _write_graph(making / "graph.nq", lines)
    shutil.rmtree(making / "scratch", ignore_errors=True)
    number = int(manifest.facts["quads"])
    if before is None or not _carried_on(making, before, number):
        _load(making, number)
    files = [path for path in making.rglob("*") if path.is_file()]
    manifest.files = {path.relative_to(making).as_posix(): path.stat().st_size for path in files}
    _write_synced(making / "manifest", manifest.text().encode())
    generations = making.parent
    generation = _free_name(generations, manifest.facts["sha256"][:16])
    making.rename(generation)
    _sync_folder(generations)
    _write_synced(Path(directory, "current.new"), generation.name.encode())
    os.replace(Path(directory, "current.new"), Path(directory, "current"))
    _sync_folder(directory)
    _drop_old(generations, keep=generation)
    return _summary(str(generation))


def _write_graph(path: Path, lines: Iterable[bytes]) -> dict[str, str]:
    """Write the canonical N-Quads so that they are on the disk; return their number and digest for the manifest."""
    digest = hashlib.sha256()
    number = inferred = 0
    ending = f" <{terms.GRAPH_INFERRED}> .\n".encode()
    with path.open("wb") as file:
        for line in lines:
            whole = line + b"\n"
            file.write(whole)
            digest.update(whole)
            number += 1
            inferred += whole.endswith(ending)
        file.flush()
        os.fsync(file.fileno())
    return {"quads": str(number), "inferred": str(inferred), "sha256": digest.hexdigest()}


def _load(making: Path, number: int) -> None:
    """Make the index from the N-Quads and count it again, read from the disk."""
    index, graph = str(making / "index"), making / "graph.nq"
    store = Store(index)
    bulk.load(store, graph)
    store.optimize()
    store.flush()
    del store
    counted = len(Store.read_only(index))
    if counted != number and counted != (expected := _as_stored(lines_of(graph))):
        raise StoreError(f"the new store holds {counted} quads where {expected} were loaded", hint="build it again")


def _carried_on(making: Path, before: Before, number: int) -> bool:
    """Make the index from that of the generation before by what has changed; False where that does not do.

    It does not when much has changed, nor when a number goes that another line writes in another way.
    """
    old, new, index = os.path.join(before.generation, "graph.nq"), making / "graph.nq", str(making / "index")
    with tempfile.TemporaryDirectory(dir=making) as folder:
        gone, come = os.path.join(folder, "gone.nq"), os.path.join(folder, "come.nq")
        changes = write_lines(without(lines_of(old), lines_of(new)), gone)
        changes += write_lines(without(lines_of(new), lines_of(old)), come)
        if changes > number * LARGEST_CHANGE:
            return False
        shutil.copytree(os.path.join(before.generation, "index"), index)
        store = Store(index)
        for quad in rdf.parse_each(lines_of(gone)):
            store.remove(quad)
        store.extend(rdf.parse_each(lines_of(come)))
        store.flush()
        del store
    if len(Store.read_only(index)) == number:
        return True
    shutil.rmtree(index)
    return False


def _as_stored(lines: Iterable[bytes]) -> int:
    """How many quads a store makes of lines: 1.0 and 1.00 are one number to it."""
    return sum(1 for _ in sorted_lines(line for quad in rdf.parse_each(lines) for line in _rewritten(quad)))


def _rewritten(quad: Quad) -> list[bytes]:
    store = Store()
    store.add(quad)
    return rdf.canonical_lines(store)


def _free_name(generations: Path, stem: str) -> Path:
    """A folder name that is not taken: the digest, and a number when the same graph was stored before."""
    names = (generations / (stem if number == 0 else f"{stem}-{number}") for number in range(1_000_000))
    return next(path for path in names if not path.exists())


def _write_synced(path: str | Path, body: bytes) -> None:
    """Write a file so that it is whole on the disk, or not there at all."""
    beside = f"{path}.part"
    with open(beside, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def _sync_folder(path: str | Path) -> None:
    """Make the names in a folder durable, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove_leftovers(directory: str) -> None:
    """Remove what a killed build left behind; only called under the lock."""
    for path in Path(directory, "generations").glob(f"{MAKING}*"):
        shutil.rmtree(path, ignore_errors=True)


def _drop_old(generations: Path, keep: Path) -> None:
    """Remove the generations that nobody can have open any more."""
    others = [path for path in generations.iterdir() if path != keep and not path.name.startswith(MAKING)]
    others.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in others[GENERATIONS_KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def _summary(generation: str) -> BuildSummary:
    facts = Manifest.read(os.path.join(generation, "manifest")).facts
    return BuildSummary(generation, int(facts["quads"]), int(facts["inferred"]), facts["sha256"])
