"""A user's own SPARQL, run in a child process with a deadline and a memory limit, and without the network.

Queries of the engine cannot be cancelled, and some kill the process that runs them; SERVICE would connect
to anywhere, so it is refused but for hosts that the user names. The engine follows no redirect to another host.
The child is killed at the deadline and takes nothing with it.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Collection
from urllib.parse import urlsplit

from kg import store, terms
from kg.errors import EndpointError, Exit, InputError, StoreError, SyntaxProblem, UsageError, check_seconds

MEMORY_BYTES = 4 * 2**30
NAME = r"0-9A-Za-z_\x80-\U0010ffff"
"""The characters of names; beyond ASCII all, as those that may not be in a name may be nowhere else in code."""

TOKENS = re.compile(
    r'"""(?:[^"\\]++|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]++|\\.|\'(?!\'\'))*\'\'\''
    r'|"(?:[^"\\\n\r]++|\\.)*"|\'(?:[^\'\\\n\r]++|\\.)*\'|<[^<>"{}|^`\\\x00-\x20]*>|#[^\n\r]*'
    rf"|[?$][{NAME}]+|@[A-Za-z]+(?:-[A-Za-z0-9]+)*"
    rf"|(?P<prefix>(?![0-9])[{NAME}][{NAME}.-]*+:?|:)(?:(?<=:)(?:[{NAME}:]|%[0-9A-Fa-f]{{2}}|\\.)(?:[{NAME}:.%-]|\\.)*)?",
    re.DOTALL,
)
"""Strings, IRIs, comments, variables, language tags, compact names and bare words of SPARQL 1.1 (19.8).

Possessive quantifiers (`++`) stand on classes of characters alone: on groups, Python before 3.11.5 gives none of them.
"""

WORDS = re.compile(rf"(?P<word>[{NAME}.-]++)(?P<colon>:\s*)?(?P<group>\{{|WHERE)?", re.IGNORECASE)
"""Words of what `code_of` leaves; whether one is the prefix of a name, and whether a group follows."""

SERVICE = re.compile(r"SERVICE\s*(?:SILENT\s*)?<(?P<iri>[0-9]+)>\s*(?=\{)", re.IGNORECASE)
"""A call of a service by an IRI, in code where numbers stand for the IRIs."""

REACHING_OUT = ("SERVICE", "FROM", "LOAD")
UPDATES = re.compile(
    rf"\s*(?:(?:PREFIX\s*[{NAME}.-]*:|BASE)\s*)*(INSERT|DELETE|DROP|CLEAR|CREATE|COPY|MOVE|ADD|WITH)\b", re.I
)
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
LONGEST_SECONDS = 86_400


def refuse_no_query(text: str, at: str, seconds: float) -> None:
    """Raise InputError for what is no query, UsageError for a deadline that is none."""
    check_seconds(seconds, LONGEST_SECONDS)
    if not text.strip():
        raise InputError("the query is empty", at=at, hint="write SELECT, ASK, CONSTRUCT or DESCRIBE")
    if update := UPDATES.match(code_of(text)):
        raise InputError(f"{update[1].upper()} is an update, and kg only reads", at=at, hint="write a query")


def refuse_reaching_out(text: str, at: str, hosts: Collection[str] = ()) -> None:
    """Raise InputError for a query that would fetch something (SERVICE, LOAD or FROM as keywords).

    SERVICE may call the `hosts`, each a name or a name with its port, by an IRI that stands in the query in full.
    """
    code = code_of(text)
    if hosts:
        code = _without_calls_of(hosts, text, at)
    keyword, position = reaching_out(code)
    if keyword:
        line = code.count("\n", 0, position) + 1
        hint = "leave it out; GRAPH names a graph of the store"
        if keyword == "SERVICE":
            hint = "--allow-host HOST lets SERVICE <http://HOST/…> through, written in full"
        raise InputError(
            f"{keyword} is not allowed: queries run here without the network", at=f"{at}:{line}", hint=hint
        )


def _without_calls_of(hosts: Collection[str], text: str, at: str) -> str:
    """What `code_of` leaves, without the calls of services on these hosts. Raises InputError for codepoint escapes."""
    if ESCAPE.search(text):
        raise InputError(
            "a query that calls a service has no codepoint escapes here", at=at, hint="write the characters themselves"
        )
    named = {host.lower() for host in hosts}
    iris: list[str] = []

    def number(token: re.Match[str]) -> str:
        if not token[0].startswith("<"):
            return _blank(token)
        iris.append(token[0][1:-1])
        return f"<{len(iris) - 1}>"

    def blank(call: re.Match[str]) -> str:
        return "\n" * call[0].count("\n") if _hosts(iris[int(call["iri"])]) & named else call[0]

    code = SERVICE.sub(blank, TOKENS.sub(number, text))
    return re.sub("<[0-9]+>", " ", code)


def _hosts(iri: str) -> set[str]:
    """The host of an absolute http IRI, without and with its port, in lower case; empty for any other IRI."""
    try:
        parts = urlsplit(iri.lower())
        known = parts.scheme in {"http", "https"} and parts.hostname and not parts.username
        return {parts.hostname or "", f"{parts.hostname}:{parts.port}"} if known else set()
    except ValueError:  # no port number
        return set()


def reaching_out(code: str) -> tuple[str, int]:
    """The first keyword that fetches something in what `code_of` leaves, and where; empty when there is none.

    The engine wants no space between words: `SERVICESILENT<…>` and `1SERVICE<…>` count. So does `SERVICE:x {`, which it
    takes for a keyword and a compact name where no triple can stand: only GRAPH has a name before its group as well.
    """
    graph_ends = -1
    for found in WORDS.finditer(code):
        word = found["word"].upper()
        keyword = next((keyword for keyword in REACHING_OUT if keyword in word), "")
        named = graph_ends >= 0 and code[graph_ends : found.start()].isspace()
        if keyword and (not found["colon"] or (found["group"] and not named and keyword != "LOAD")):
            return keyword, found.start()
        graph_ends = found.end() if word.endswith("GRAPH") and not found["colon"] else -1
    return "", 0


def code_of(text: str) -> str:
    r"""A query with its keywords alone: names, strings, IRIs and comments are blank, but for prefixes of names.

    Codepoint escapes are read (SPARQL 1.1, 19.2): one may hide a letter of a keyword.

    >>> code_of("SELECT ?from { ?s e:from 'FROM' } # FROM")
    'SELECT   {   e:    }  '
    """
    return ESCAPE.sub(_codepoint, TOKENS.sub(_blank, text))


def _blank(token: re.Match[str]) -> str:
    """A bare word or the prefix of a name, and a space for the rest of a token; line ends stay."""
    kept = token["prefix"] or ""
    return kept if kept == token[0] else kept + " " + "\n" * token[0].count("\n")


def _codepoint(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number < 0x110000 else match[0]


def run(
    text: str, form: str, directory: str | None, *, seconds: float, quiet: bool, at: str, hosts: Collection[str] = ()
) -> bytes:
    """The answer to any SPARQL query, in one of the formats of `kg query`; SERVICE may call the `hosts`.

    The prefixes of the project need no declaration. Raises UsageError for the deadline, or for an answer that the
    format cannot hold, SyntaxProblem or InputError for the query, StoreError when it takes too long or too much
    memory, EndpointError for a service that does not answer.
    """
    refuse_no_query(text, at, seconds)
    refuse_reaching_out(text, at, hosts)
    store.Session(directory, quiet=quiet)  # build in this process, where it may take its time
    command = [sys.executable, "-m", "kg.sandbox", form, directory or "", at, str(seconds), "remote" if hosts else ""]
    environment = {**os.environ, "COLUMNS": str(_columns())}
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    )
    try:
        out, err = child.communicate(text.encode("utf-8", "surrogatepass"), timeout=seconds)
    except subprocess.TimeoutExpired:
        raise StoreError(
            f"the query was stopped after {seconds:g} seconds", at=at, hint="--timeout SECONDS gives it longer"
        ) from None
    finally:
        with contextlib.suppress(OSError):
            child.kill()
        child.communicate()
    if child.returncode == Exit.OK:
        return out
    message = err.decode(errors="replace")
    if child.returncode == Exit.INPUT:
        what, _, where = message.partition("\0")
        raise SyntaxProblem(what, at=where, hint="mend the query at that line and column")
    if child.returncode == Exit.USAGE:
        what, _, hint = message.partition("\0")
        raise UsageError(what, hint=hint)
    if child.returncode == Exit.STORE:
        raise EndpointError(message, at=at, hint="SERVICE SILENT goes on without it")
    raise StoreError("the query needed more memory than it may have, or broke the engine", at=at, hint="ask for less")


def _columns() -> int:
    import shutil

    return shutil.get_terminal_size((120, 24)).columns


def limit(seconds: float) -> None:
    """Give this process little memory, no core file, and processor time for a deadline of so many seconds."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # the parent kills us at the deadline; should it be gone by then, the system does
        processor_seconds = 2 * int(seconds) + 5
        resource.setrlimit(resource.RLIMIT_CPU, (processor_seconds, processor_seconds))


def _child(form: str, directory: str, at: str, seconds: str, remote: str) -> int:
    """Answer the query on stdin; the parent reads what is printed and kills us at the deadline."""
    from kg.cli import ask

    limit(float(seconds))
    text = sys.stdin.buffer.read().decode("utf-8", "replace")
    try:
        session = store.Session(directory or None, quiet=True, remote=bool(remote))
        ask.write(ask.rendered(session.ask(text, terms.PREFIXES), form))
    except SyntaxProblem as problem:
        where = (problem.at or "").replace("query", at, 1)
        sys.stderr.write(f"{problem.what}\0{where}")
        return Exit.INPUT
    except UsageError as error:  # an answer that is no table, or a library that is not installed
        sys.stderr.write(f"{error.what}\0{error.hint or ''}")
        return Exit.USAGE
    except EndpointError as error:
        sys.stderr.write(error.what)
        return Exit.STORE
    except RuntimeError as error:  # a function that the engine does not have
        sys.stderr.write(f"the query cannot be run: {error}\0{at}")
        return Exit.INPUT
    return Exit.OK


if __name__ == "__main__":
    sys.exit(_child(*sys.argv[1:]))
