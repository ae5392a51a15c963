"""A user's own SPARQL, run in a child process with a deadline and a memory limit, and without the network.

Queries of the engine cannot be cancelled, and some kill the process that runs them; SERVICE would connect
to anywhere. The child is killed at the deadline and takes nothing with it.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys

from kg import store, terms
from kg.errors import Exit, InputError, StoreError, SyntaxProblem, UsageError

MEMORY_BYTES = 4 * 2**30
NOT_CODE = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>"{}|^`\\\x00-\x20]*>|#[^\n]*',
    re.DOTALL,
)
"""Strings, IRIs and comments of SPARQL 1.1 (19.8): words inside them are not keywords."""

REACHES_OUT = re.compile(r"(?<![\w:?$@-])(SERVICE|LOAD|FROM)(?![\w:-])", re.IGNORECASE)


UPDATES = re.compile(
    r"\s*(?:(?:PREFIX\s+[\w.-]*:|BASE)\s*)*(INSERT|DELETE|DROP|CLEAR|CREATE|COPY|MOVE|ADD|WITH)\b", re.IGNORECASE
)
LONGEST_SECONDS = 86_400


def refuse_reaching_out(text: str, at: str) -> None:
    """Raise InputError for what is no query, or would fetch something (SERVICE, LOAD or FROM as keywords)."""
    if not text.strip():
        raise InputError("the query is empty", at=at, hint="write SELECT, ASK, CONSTRUCT or DESCRIBE")
    # A codepoint escape may hide a letter of a keyword (SPARQL 1.1, 19.2).
    unescaped = re.sub(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})", _codepoint, text)
    for candidate in {text, unescaped}:
        code = NOT_CODE.sub(lambda match: " " * len(match[0]), candidate)
        if update := UPDATES.match(code):
            raise InputError(f"{update[1].upper()} is an update, and kg only reads", at=at, hint="write a query")
        found = REACHES_OUT.search(code)
        if found:
            line = candidate.count("\n", 0, found.start()) + 1
            raise InputError(
                f"{found[1].upper()} is not allowed: queries run here without the network",
                at=f"{at}:{line}",
                hint="leave it out; GRAPH names a graph of the store",
            )


def _codepoint(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number < 0x110000 else match[0]


def run(text: str, form: str, directory: str | None, *, seconds: float, quiet: bool, at: str) -> bytes:
    """The answer to any SPARQL query, in one of the formats of `kg query`.

    The prefixes of the project need no declaration. Raises UsageError for the deadline, SyntaxProblem or
    InputError for the query, StoreError when it takes too long or too much memory.
    """
    if not 0 < seconds <= LONGEST_SECONDS:
        raise UsageError(f"--timeout wants seconds above 0 and up to {LONGEST_SECONDS}, not {seconds:g}")
    refuse_reaching_out(text, at)
    store.Session(directory, quiet=quiet)  # build in this process, where it may take its time
    command = [sys.executable, "-m", "kg.sandbox", form, directory or "", at, str(seconds)]
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


def _child(form: str, directory: str, at: str, seconds: str) -> int:
    """Answer the query on stdin; the parent reads what is printed and kills us at the deadline."""
    from kg.cli import ask

    limit(float(seconds))
    text = sys.stdin.buffer.read().decode("utf-8", "replace")
    try:
        ask.write(ask.rendered(store.Session(directory or None, quiet=True).ask(text, terms.PREFIXES), form))
    except SyntaxProblem as problem:
        where = (problem.at or "").replace("query", at, 1)
        sys.stderr.write(f"{problem.what}\0{where}")
        return Exit.INPUT
    return Exit.OK


if __name__ == "__main__":
    sys.exit(_child(*sys.argv[1:]))
