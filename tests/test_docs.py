"""The README: its commands run and print what it shows; what it lists is what there is."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import pytest

import kg
from kg import errors
from kg.cli import app
from kg.texts import SourceText
from tests.conftest import EXAMPLE, ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^```console\n\$ (.+)\n((?:.*\n)*?)```$", README, re.MULTILINE)


def test_there_are_commands_to_run() -> None:
    assert len(SHOWN) >= 4
    assert README.count("\n") < 300


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command for command, _ in SHOWN])
def test_a_command_prints_what_the_readme_shows(command: str, output: str) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=True, cwd=ROOT, env={**os.environ, "PATH": path}
    )
    assert (done.stdout, done.stderr) == (output, "")


def test_every_command_is_in_the_table() -> None:
    registered = {command.name or getattr(command.callback, "__name__", "") for command in app.app.registered_commands}
    assert set(re.findall(r"^\| `kg ([\w-]+)", README, re.MULTILINE)) == registered


def test_the_traps_of_the_example_stand_where_its_readme_says() -> None:
    text = SourceText.read(EXAMPLE, EXAMPLE.name)
    claims = (EXAMPLE / "claims.ttl").read_text(encoding="utf-8")
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r'^\| .+ \| ¶(\d+) "(.+)" \| (.+) \| .+ \|$', readme, re.MULTILINE)
    assert len(rows) == readme.count("| ¶") >= 50
    for number, words, carrier in rows:
        assert text.find(words, int(number))
        if carrier.startswith("`"):
            name = carrier.strip("`")
            assert f"\n{name if ':' in name else 'claim:' + name} a icr:" in claims, name
        else:
            reason = carrier.removeprefix("set aside: ").replace(" ", "-")
            assert carrier == "none" or f"sch-set-aside-reason:{reason} ." in claims, carrier


def test_every_error_is_in_the_table() -> None:
    classes = [c for _, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, errors.KgError)]
    slugs = {c.slug for c in classes if c is not errors.KgError} | {"bug"}
    table = README[README.index("| status | slug") : README.index("## Speed")]
    assert set(re.findall(r"`([a-z]+)`", table)) == slugs
    for c in classes:
        row = next((line for line in table.splitlines() if f"`{c.slug}`" in line), "")
        assert not row or row.startswith(f"| {c.exit} ")


def test_the_version_has_an_entry() -> None:
    assert f"## [{kg.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_command_and_option_has_help() -> None:
    for command in app.app.registered_commands:
        assert command.callback is not None
        assert (command.callback.__doc__ or "").strip(), command.callback
        for name, hint in get_type_hints(command.callback, include_extras=True).items():
            described = any(getattr(extra, "help", "") for extra in getattr(hint, "__metadata__", ()))
            assert described or name in {"context", "return"}, (command.callback, name)


def test_the_example_of_contributing_is_turtle_of_ours() -> None:
    import pyoxigraph

    from kg import terms

    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```turtle\n(.*?)```", text, re.DOTALL)
    prefixes = {**terms.PREFIXES, **terms.document_prefixes("made-up-2031")}
    head = "".join(f"@prefix {name}: <{space}> .\n" for name, space in prefixes.items())
    assert len(list(pyoxigraph.parse(head + example, format=pyoxigraph.RdfFormat.TURTLE))) == 13


def test_contributing_says_when_to_take_which_claim() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text[text.index("| the words | claim |") :]
    taken = set(re.findall(r"^\| [^|]+ \| `(\w+)` \|", table, re.MULTILINE))
    ontology = (ROOT / "ontology/claims.ttl").read_text(encoding="utf-8")
    blocks = [block for block in ontology.split("\n\n") if "rdfs:subClassOf icr:Claim ;" in block]
    claims = {name for block in blocks for name in re.findall(r"^icr:(\w+) a owl:Class", block, re.MULTILINE)}
    assert len(claims) >= 10
    assert taken == claims | {"NameMention", "SetAside"}
