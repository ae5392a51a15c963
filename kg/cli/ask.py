"""Asking a canned query, with and without typer.

`parse` understands the ordinary spellings of `kg query` and leaves the rest (help, mistakes) to the full
command, which ends in the same `answer`.
"""

from __future__ import annotations

import os
import sys

from kg import queries, store, visible
from kg.errors import Exit, UnknownName, UsageError, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.engine import Answer, Engine

FORMATS = ("csv", "json", "jsonl", "markdown", "table", "tsv", "xml", "parquet", "xlsx")
BINARY = ("parquet", "xlsx")
OPTIONS = {
    "--endpoint": "endpoint",
    "--evidence": "evidence",
    "--format": "form",
    "--identifiers": "identifiers",
    "--store": "directory",
}
"""Options with a value, by their names in a Request."""
SWITCHES = {"--certain": "certain", "--possible": "possible"}
"""Options without a value that stand for one of the parameter `sure`."""


class Request:
    """A canned query, its parameters, and how it is to be answered; no dataclass, as a plain query loads none."""

    def __init__(
        self,
        name: str,
        params: dict[str, str],
        *,
        form: str | None = None,
        directory: str | None = None,
        endpoint: str | None = None,
        evidence: str | None = None,
        identifiers: str | None = None,
        quiet: bool = False,
        paged: bool = True,
    ) -> None:
        self.name, self.params = name, params
        self.form = form
        """One of FORMATS; left out, as `asked_format` has it."""
        self.directory, self.endpoint = directory, endpoint
        self.evidence, self.identifiers = evidence, identifiers
        """One of kg.testimony.LEVELS, and a data set as kg.identifiers has it; left out, as the query gives it."""
        self.quiet = quiet
        self.paged = paged
        """Whether a long answer goes through the pager of a terminal."""


def parse(argv: list[str]) -> Request | None:
    """What the arguments of `kg query` ask for; None when the full command must look."""
    if not argv or argv[0].startswith("-"):
        return None
    name, *rest = argv
    options: dict[str, str] = {}
    params: dict[str, str] = {}
    flags = set()
    while rest:
        word = rest.pop(0)
        if word in {"--quiet", "--no-pager"}:
            flags.add(word)
            continue
        if word in SWITCHES and "sure" not in params:
            params["sure"] = SWITCHES[word]
            continue
        key, equals, value = word.partition("=")
        if not key.startswith("--") or key in {"--help", "--"} or not (equals or rest):
            return None
        target = options if key in OPTIONS else params
        given = OPTIONS.get(key) or key[2:].replace("-", "_")
        if given in target:
            return None
        target[given] = value if equals else rest.pop(0)
    return Request(name, params, **options, quiet="--quiet" in flags, paged="--no-pager" not in flags)


def answer(request: Request) -> int:
    """Print the answer to a canned query on stdout."""
    form = checked_format(request.form)
    text = _text(request.name)
    session = store.opened(request.directory, request.endpoint, quiet=request.quiet)
    if request.params:
        from kg import lookup

        text = lookup.bound(session, request.name, request.params)
        _say_how_sure(request)
    if request.evidence is None and request.identifiers is None:
        found = session.as_stored().ask(text)
    else:
        found = _widened(session, session.ask(text), request)
    body = rendered(found, form)
    if request.paged and sys.stdout.isatty():
        from kg.cli import pager

        if pager.wanted(body):
            pager.show(body)
            return Exit.OK
    write(body)
    return Exit.OK


def _say_how_sure(request: Request) -> None:
    """Say which rows the bounds of figures let in, where the user may not know."""
    bounded = not {"above", "below"}.isdisjoint(request.params)
    if bounded and "sure" not in request.params:
        told = "the rows are certain, by their bounds; --possible gives those that the bounds allow"
        store.say(told, quiet=request.quiet)
    if not bounded and "sure" in request.params:
        told = "--certain and --possible say nothing without --above or --below: all rows are here"
        store.say(told, quiet=request.quiet)


def _widened(session: Engine, found: Answer, request: Request) -> Answer:
    """An answer with the columns asked for."""
    if request.evidence is not None:
        from kg import testimony

        found = testimony.with_evidence(session, found, request.evidence, request.params.get("known_by", ""))
    if request.identifiers is not None:
        from kg.identifiers import with_identifiers

        found = with_identifiers(session, found, request.identifiers)
    return found


def _text(name: str) -> str:
    """The text of a query. Raises UnknownName with the queries of like names, else with those of like questions."""
    try:
        return queries.text(name)
    except UnknownName as error:
        from kg import questions

        near = [query.name for query in questions.matching(name)][:3]
        if not near or (error.hint or "").startswith("did you mean"):
            raise
        raise UnknownName(
            error.what, hint=f"did you mean {', '.join(near)}? kg query --about WORDS finds more"
        ) from None


def params(words: list[str]) -> dict[str, str]:
    """Pairs of --param value from what the full command does not know. Raises UsageError."""
    found = {}
    rest = [f"--sure={SWITCHES[word]}" if word in SWITCHES else word for word in words]
    while rest:
        key, equals, value = rest.pop(0).partition("=")
        if key.startswith("--") and not (equals or rest):
            raise UsageError(f"{key} has no value", hint=f"write {key} VALUE")
        if not key.startswith("--"):
            raise UsageError(f"{key!r} is not --PARAM VALUE", hint="kg query NAME --help shows the parameters")
        name = key[2:].replace("-", "_")
        if name in found and name == "sure":
            raise UsageError("--certain, --possible and --sure answer one question", hint="give one of them")
        if name in found:
            raise UsageError(f"{key} is given twice", hint="give each parameter once")
        found[name] = value if equals else rest.pop(0)
    return found


def asked_format(form: str | None) -> str:
    """The format asked for by option or environment, or a table on a terminal and TSV in a pipe."""
    return form or os.environ.get("KG_FORMAT") or ("table" if sys.stdout.isatty() else "tsv")


def checked_format(form: str | None) -> str:
    """One of FORMATS, as `asked_format` finds it. Raises UsageError."""
    form = asked_format(form)
    if form not in FORMATS:
        raise UsageError(f"there is no format {form!r}", hint=nearest(form, list(FORMATS)))
    if form in BINARY and sys.stdout.isatty():
        raise UsageError(f"{form} is not for a terminal", hint=f"send it to a file: > answer.{form}")
    return form


def rendered(result: Answer, form: str) -> bytes:
    """An answer as bytes in one of FORMATS; triples (CONSTRUCT, DESCRIBE) come as N-Triples.

    Raises UsageError for what is no table in a format for tables alone.
    """
    if form in store.RESULT_FORMATS and not result.is_graph and not (result.is_boolean and form == "tsv"):
        return visible.escaped(result.serialise(form), form)
    if form in BINARY:
        if result.is_graph or result.is_boolean:
            what = "triples are" if result.is_graph else "a yes or no is"
            raise UsageError(f"{what} not written as {form}", hint="leave out --format, or ask a SELECT")
        from kg import frames

        return frames.file(*result.rows(), form)
    from kg import render

    return render.render(result, form, bold=coloured())


def coloured() -> bool:
    """Whether stdout is a terminal that wants escape sequences (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"


def write(body: bytes) -> None:
    """Data on stdout, in UTF-8 whatever the terminal's encoding is."""
    sys.stdout.flush()
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:  # a caller's stand-in for stdout
        sys.stdout.write(body.decode())
    else:
        stream.write(body)
        stream.flush()
