"""The command line: `main` is the one place where failures become messages and exit statuses.

A plain `kg query` is answered here without typer; everything else goes to `kg.cli.app`.
"""

from __future__ import annotations

import os
import sys

from kg import visible
from kg.errors import Exit, KgError, StoreError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

NEVER_EMPTY = frozenset(
    ("--dump", "--endpoint", "--format", "--output", "-o", "--service", "--store", "--texts", "--with")
)
"""Options that say where or in which form."""


def main(argv: Sequence[str] | None = None) -> None:
    """Run kg and leave with one of the statuses of kg.errors.Exit."""
    sys.exit(run(list(sys.argv[1:] if argv is None else argv)))


def run(argv: list[str]) -> int:
    """Run kg; every failure becomes one readable message and one exit status."""
    try:
        if sys.stdout is None:
            raise StoreError("the answer cannot be written: standard output is closed", hint="send it to a file")
        status = _dispatch(argv)
        sys.stdout.flush()
        return status
    except KgError as error:
        if os.environ.get("KG_DEBUG"):
            raise
        print(visible.lines(str(error)), file=sys.stderr)
        return error.exit
    except BrokenPipeError:
        _drop_the_rest()  # whoever read the answer has seen enough
        return Exit.OK
    except OSError as error:
        if os.environ.get("KG_DEBUG"):
            raise
        print(f"error[store]: the answer cannot be written: {error.strerror or error}", file=sys.stderr)
        _drop_the_rest()
        return Exit.STORE
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except Exception as error:  # the one place where a broad except is right
        if os.environ.get("KG_DEBUG"):
            raise
        print(f"error[bug]: {error!r}; please report it (KG_DEBUG=1 shows where)", file=sys.stderr)
        return Exit.BUG


def _drop_the_rest() -> None:
    """Let go of what stdout still holds, so that the interpreter does not write it when it ends."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return  # a caller's stand-in for stdout


def _refuse_empty(argv: list[str]) -> None:
    """Raise UsageError for an empty value where it would silently mean the default: a variable that is not set."""
    for word, value in zip(argv, [*argv[1:], None], strict=False):
        key, equals, given = word.partition("=")
        if key in NEVER_EMPTY and not (given if equals else value is None or value):
            raise UsageError(f"{key} is empty", hint="is the variable set that it comes from? Else leave it out")


def _dispatch(argv: list[str]) -> int:
    _refuse_empty(argv)
    if argv[:1] == ["query"]:
        from kg.cli import ask

        request = ask.parse(argv[1:])
        if request is not None:
            return ask.answer(request)
    from kg.cli import app

    return app.run(argv)
