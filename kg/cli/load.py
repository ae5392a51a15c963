"""The command that loads the graph into a store elsewhere."""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg import store, terms
from kg.cli.options import Quiet, StoreDir
from kg.errors import Exit, StoreError, UnknownName, UsageError, check_seconds, nearest

if TYPE_CHECKING:
    from kg.loading import Outcome
    from kg.profiles import Endpoints
    from kg.record import Record

TELL_EVERY_SECONDS = 1.0
LONGEST_SECONDS = 86_400
LARGEST_PART_MEBIBYTES = 1024
SHOWN_STRANGERS = 3


def load(
    url: Annotated[str, typer.Argument(help="The store or an endpoint of it, such as http://localhost:8890/sparql.")],
    profile: Annotated[
        str,
        typer.Option("--profile", help="Kind of the store, or a TOML file with one [default: told by URL or server]."),
    ] = "",
    graph: Annotated[
        list[str] | None, typer.Option("--graph", help="Only this named graph, such as entities; may be given again.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put our graphs in the place of those that hold other triples.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent, and send nothing.")] = False,
    compare_all: Annotated[
        bool, typer.Option("--compare-all", help="Compare all graphs afterwards, not a sample; all are counted.")
    ] = False,
    user: Annotated[
        str, typer.Option("--user", help="Name to log in with; the password is asked for when none is known.")
    ] = "",
    seconds: Annotated[float, typer.Option("--timeout", help="Seconds that one request may take.")] = 300.0,
    mebibytes: Annotated[float, typer.Option("--part", help="MiB that are sent in one request.")] = 32.0,
    directory: StoreDir = None,
    quiet: Quiet = False,
) -> int:
    """Load the graph into a store elsewhere, in named graphs; again, it sends only what is missing.

    Prints a line for each graph: name, triples, what was there, whether it was compared triple by triple.
    """
    from kg import credentials, loading, remote, web

    check_seconds(seconds, LONGEST_SECONDS)
    if not 0 < mebibytes <= LARGEST_PART_MEBIBYTES:
        raise UsageError(
            f"--part wants MiB above 0 and up to {LARGEST_PART_MEBIBYTES}, not {mebibytes:g}", hint="for example 32"
        )
    address, named = credentials.address(url)
    who = credentials.find(address, user or named, _password if sys.stdin and sys.stdin.isatty() else None)
    record = _record(directory, graph or [], quiet=quiet)
    with web.Client(who, seconds=seconds) as client:
        target = remote.Remote(client, remote.recognised(client, address, profile))
        store.say(f"{target.profile.told} at {address}", quiet=quiet)
        work = loading.Load(
            record,
            target,
            terms.PREFIXES["graph"],
            part_bytes=int(mebibytes * 2**20),
            compare_all=compare_all,
            tell=_Progress(quiet=quiet),
        )
        if dry_run:
            _describe(target.endpoints, quiet=quiet)
        outcome = work.look() if dry_run else work.replace() if replace else work.add()
    for each in outcome.graphs:
        checked = "compared" if each.compared else "" if dry_run else "counted"
        typer.echo(f"{each.name}\t{each.triples}\t{each.state}\t{checked}")
    _sum_up(outcome, quiet=quiet, dry_run=dry_run)
    if dry_run and not replace:
        loading.refuse_others(outcome.graphs, at=address)
    return Exit.OK


def _password(question: str) -> str:
    """Ask on the terminal, where nothing is echoed."""
    return getpass.getpass(question)


def _record(directory: str | None, graphs: list[str], *, quiet: bool) -> Record:
    """The N-Quads of the current generation, or some graphs of them. Raises UnknownName, StoreError."""
    from kg.record import Record

    session = store.Session(directory, quiet=quiet)
    path = Path(session.directory)
    with contextlib.suppress(OSError):
        path = Path(store.current_generation(session.directory), "graph.nq")
    if not path.is_file():
        raise StoreError(
            "there is no store on disk to load from", at=str(path), hint="--store DIR names a folder for one"
        )
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != session.digest():
            raise StoreError("the store is damaged (graph.nq has changed)", at=str(path), hint="kg build --force")
    names = frozenset(map(terms.graph_iri, graphs))
    there = sorted(Record(path).counts()) if names else []
    if unknown := sorted(names - set(there)):
        raise UnknownName(f"there is no graph {unknown[0]!r}", hint=nearest(unknown[0], there))
    return Record(path, names)


def _describe(where: Endpoints, *, quiet: bool) -> None:
    """What there is to know of the store before it is written to."""
    profile = where.profile
    for name, text in (
        ("query", where.query),
        ("update", where.update),
        ("graph store", where.graph_store),
        ("N-Quads", where.dataset or "not taken: each graph is sent by itself"),
        ("who may write", profile.authentication),
        ("default graph as the union", profile.union),
        ("bulk load", profile.bulk),
        ("note", profile.note),
        ("documentation", profile.documentation),
    ):
        if text:
            store.say(f"{name}: {text}", quiet=quiet)


def _sum_up(outcome: Outcome, *, quiet: bool, dry_run: bool) -> None:
    """Say what was sent, or would be, and which graphs are there beside ours."""
    triples = sum(graph.triples for graph in outcome.graphs)
    missing = sum(graph.missing for graph in outcome.graphs)
    what = f"{missing:,} would be sent" if dry_run else f"{outcome.sent:,} sent"
    number = len(outcome.graphs)
    store.say(f"{triples:,} triples in {number} graph{'s' * (number != 1)}; {what}", quiet=quiet)
    if outcome.strangers:
        shown = ", ".join(outcome.strangers[:SHOWN_STRANGERS])
        store.say(f"graphs of such names that are there and not ours: {len(outcome.strangers)} ({shown})", quiet=quiet)


class _Progress:
    """Says once in a while how far a load is."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet, self._last = quiet, time.monotonic()

    def __call__(self, sent: int, total: int) -> None:
        if time.monotonic() - self._last >= TELL_EVERY_SECONDS or sent == total:
            store.say(f"{sent:,} of {total:,} triples sent", quiet=self._quiet)
            self._last = time.monotonic()
