"""kg on a terminal: completion in real shells, the pager, bold type."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from kg import queries
from kg.cli import complete
from kg.store import Session
from tests.conftest import tool

KG = str(Path(sys.executable).with_name("kg"))
ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[=>78M])")


class Terminal:
    """A program on a pseudo-terminal of 24 lines and 200 columns."""

    def __init__(self, *argv: str, **environment: str) -> None:
        path = os.pathsep.join([str(Path(KG).parent), os.environ["PATH"]])
        environment = {**os.environ, "PATH": path, "TERM": "xterm", "LC_ALL": "C.UTF-8", **environment}
        environment = {name: value for name, value in environment.items() if value != "unset"}
        self.leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 200, 0, 0))
        self.process = subprocess.Popen(
            argv,
            stdin=follower,
            stdout=follower,
            stderr=follower,
            env=environment,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # shells want to control their terminal
        )
        os.close(follower)
        self.seen = b""

    def type(self, words: str) -> None:
        os.write(self.leader, words.encode())

    def until(self, wanted: str, seconds: float = 60) -> str:
        """What has been shown since the last call, up to and with the wanted pattern."""
        deadline = time.monotonic() + seconds
        while not (found := re.search(wanted, self.text)):
            if time.monotonic() > deadline or not self._read():
                pytest.fail(f"{wanted!r} was not shown in {self.text!r}")
        text = self.text[: found.end()]
        self.seen = b""
        return text

    def rest(self) -> str:
        """All that is shown until the program ends."""
        while self._read():
            pass
        self.process.wait(60)
        return self.text

    @property
    def text(self) -> str:
        return self.seen.decode("utf-8", "replace")

    def _read(self) -> bool:
        if not select.select([self.leader], [], [], 30)[0]:
            return False
        try:
            read = os.read(self.leader, 65536)
        except OSError:  # Linux says so when the other side is closed
            return False
        self.seen += read
        return bool(read)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        with contextlib.suppress(OSError):
            os.close(self.leader)


# ---- completion ----

SHELLS = {
    "bash": (["--norc", "--noprofile", "-i"], 'eval "$(_KG_COMPLETE=source_bash kg)"'),
    "zsh": (["-f", "-i"], 'autoload -U compinit; compinit -D -u; eval "$(_KG_COMPLETE=source_zsh kg)"'),
    "fish": (["--no-config", "-i"], "_KG_COMPLETE=source_fish kg | source"),
}
TYPED = {
    "kg query operat": "operating-rates",
    "kg query operating-rates --pr": "--province",
    "kg query operating-rates --province guangd": "guangdong",
    "kg plot operat": "operating-rates",
    "kg cite sme-r": "sme-resumption",
    "kg coverage xinh": "xinhua-2020-04-23",
    "kg why scio-2020-04-23/leading-51-c": "leading-51-count",
    "kg show weichai-e": "weichai-engine",
}


@pytest.mark.slow
@pytest.mark.parametrize("shell", SHELLS)
def test_tab_completes_in_the_shell(shell: str, store: str, tmp_path: Path) -> None:
    arguments, script = SHELLS[shell]
    terminal = Terminal(tool(shell, shell), *arguments, KG_STORE=store, HOME=str(tmp_path), TERM="dumb")
    try:
        terminal.type(f"{script}; echo ready-$((40+2))\n" if shell != "fish" else f"{script}; echo ready-(math 40+2)\n")
        terminal.until("ready-42")
        for typed, wanted in TYPED.items():
            terminal.type(typed + "\t")
            terminal.until(re.escape(wanted[-4:]))  # the end of the word, which nobody typed
            terminal.type("\x15")
    finally:
        terminal.close()


def completed(*words: str, store: str) -> list[str]:
    """What bash is offered when the last word is completed."""
    done = subprocess.run(
        [KG],
        env={
            **os.environ,
            "KG_STORE": store,
            "_KG_COMPLETE": "complete_bash",
            "COMP_WORDS": " ".join(words),
            "COMP_CWORD": str(len(words) - 1),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.split()


def test_what_is_offered(store: str) -> None:
    assert {"operating-rates", "leading-firms"} <= set(completed("kg", "query", "", store=store))
    assert "sources" not in completed("kg", "plot", "", store=store)
    offered = completed("kg", "query", "calendar", "--", store=store)
    assert {"--from", "--until", "--format"} <= set(offered)
    assert "--province" not in offered
    assert "--known-by" in offered
    provinces = completed("kg", "query", "operating-rates", "--province", "", store=store)
    assert {"guangdong", "hunan"} <= set(provinces)
    assert "weichai-group" not in provinces
    assert completed("kg", "query", "operating-rates", "--province", "Guangd", store=store) == ["Guangdong"]
    assert completed("kg", "query", "operating-rates", "--province", "广", store=store) == ["广东省"]
    assert "raw-materials" in completed("kg", "query", "assistance", "--obstacle", "", store=store)
    # the values of this one are what another query lists
    assert "weichai-group" in completed("kg", "query", "enterprises", "--thing", "w", store=store)
    assert "wuhan" not in completed("kg", "query", "enterprises", "--thing", "w", store=store)
    assert completed("kg", "verify", "x", store=store) == ["xinhua-2020-04-23"]


def test_offers_have_meanings(store: str) -> None:
    assert ("pmi", "Purchasing managers' index") in complete.names("p")
    query = queries.read("operating-rates")
    assert ("hunan", "Hunan") in complete.values(Session(store), query.params["province"], "hun")


def test_completion_builds_no_store(tmp_path: Path) -> None:
    assert completed("kg", "show", "wei", store=str(tmp_path / "none")) == []
    assert completed("kg", "query", "pm", store=str(tmp_path / "none")) == ["pmi"]
    assert list(tmp_path.iterdir()) == []


def test_parameters_of_a_query_are_options_only_while_completing() -> None:
    done = subprocess.run([KG, "query", "operating-rates", "--province"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "error[usage]: --province has no value")


# ---- the pager, and bold type ----

MARKS = "sed s/^/paged:/"


def shown(*argv: str, store: str, **environment: str) -> str:
    """What a person sees of `kg` on a terminal."""
    terminal = Terminal(KG, *argv, KG_STORE=store, COLUMNS="unset", **environment)
    try:
        return terminal.rest()
    finally:
        terminal.close()


def test_a_long_answer_goes_through_the_pager(store: str) -> None:
    long = ("query", "enterprises")
    assert shown(*long, store=store, PAGER=MARKS, KG_PAGER="unset").count("paged:") > 24
    assert shown(*long, store=store, PAGER="cat", KG_PAGER=MARKS).count("paged:") > 24
    for plain in (
        shown(*long, "--no-pager", store=store, PAGER=MARKS, KG_PAGER="unset"),
        shown(*long, store=store, PAGER=MARKS, KG_PAGER=""),
        shown(*long, store=store, PAGER="no-such-pager", KG_PAGER="unset"),
        shown(*long, store=store, PAGER=MARKS, KG_PAGER="unset", TERM="dumb"),
    ):
        assert "paged:" not in plain
        assert plain.count("\n") > 24
    assert "paged:" not in shown("query", "pmi", "--format", "tsv", store=store, PAGER=MARKS, KG_PAGER="unset")


def test_less_is_the_pager_when_none_is_named(store: str) -> None:
    tool("less", "less")
    terminal = Terminal(KG, "query", "enterprises", KG_STORE=store, PAGER="unset", KG_PAGER="unset", LESS="unset")
    try:
        first = terminal.until(r"\n:")
        assert first.count("\n") <= 24
        terminal.type("q")
        terminal.rest()
        assert terminal.process.returncode == 0
    finally:
        terminal.close()


def test_a_pipe_has_no_pager(store: str) -> None:
    done = subprocess.run(
        [KG, "query", "enterprises"],
        env={**os.environ, "KG_STORE": store, "PAGER": MARKS, "TERM": "xterm"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "paged:" not in done.stdout
    assert done.stdout.startswith("?enterprise\t")


@pytest.mark.parametrize("query", ["pmi", "leading-firms"])
def test_column_names_are_bold_where_that_is_wanted(query: str, store: str) -> None:
    plain = {"PAGER": "cat", "KG_PAGER": "unset"}
    bold = shown("query", query, store=store, NO_COLOR="unset", **plain)
    assert "\x1b[1m" in bold
    bare = shown("query", query, store=store, NO_COLOR="1", **plain)
    assert "\x1b" not in bare
    assert "\x1b" not in shown("query", query, store=store, NO_COLOR="unset", TERM="dumb", **plain)
    lines = [line.rstrip() for line in ESCAPE.sub("", bold).splitlines()]
    assert lines == [line.rstrip() for line in bare.splitlines()]
