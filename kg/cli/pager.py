"""Long answers go through the user's pager, as git's do."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import subprocess
import sys


def command() -> list[str]:
    """The pager: KG_PAGER, else PAGER, else less; empty when the variable is, or when there is none."""
    asked = os.environ.get("KG_PAGER", os.environ.get("PAGER", "less"))
    words = shlex.split(asked)
    return words if words and shutil.which(words[0]) else []


def wanted(body: bytes) -> bool:
    """Whether the terminal is too low for these lines and there is a pager."""
    if not sys.stdout.isatty() or body.count(b"\n") < shutil.get_terminal_size().lines:
        return False
    return os.environ.get("TERM") != "dumb" and bool(command())


def show(body: bytes) -> None:
    """Hand the lines to the pager and wait until it is left."""
    # quit when all fits, colours as they are, long lines cut, and the answer stays on the screen
    environment = {"LESS": "FRSX", **os.environ}
    process = subprocess.Popen(command(), stdin=subprocess.PIPE, env=environment)
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt), process.stdin:
        process.stdin.write(body)
    while True:
        with contextlib.suppress(KeyboardInterrupt):  # that is for the pager to answer
            process.wait()
            return
