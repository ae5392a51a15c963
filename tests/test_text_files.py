"""Files of text that a user names: what editors put into them does not matter, and what cannot be read is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kg import text_files
from kg.errors import InputError
from tests.conftest import Outcome


@pytest.mark.parametrize("body", [b"one\ntwo\n", b"\xef\xbb\xbfone\ntwo\n", b"one\r\ntwo\r\n", b"one\rtwo\r"])
def test_byte_order_marks_and_line_ends_do_not_matter(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(body)
    assert text_files.read(tmp_path / "a.txt") == "one\ntwo\n"


def test_another_encoding_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("naïve".encode("latin-1"))
    with pytest.raises(InputError, match=r"a\.txt is not UTF-8") as caught:
        text_files.read(tmp_path / "a.txt")
    assert caught.value.at == f"{tmp_path / 'a.txt'}, byte 2"


def test_a_file_that_is_not_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.txt cannot be read: No such file or directory") as caught:
        text_files.read(tmp_path / "a.txt", hint="name another")
    assert caught.value.hint == "name another"


@pytest.mark.parametrize("command", [["sparql"], ["align"], ["validate"]])
def test_commands_tell_it_as_bad_input(command: list[str], kg: Callable[..., Outcome], tmp_path: Path) -> None:
    file = tmp_path / {"sparql": "a.rq", "align": "a.json", "validate": "a.sssom.tsv"}[command[0]]
    file.write_bytes(b"\xff\xfe")
    outcome = kg(*command, str(file))
    assert (outcome.code, outcome.out) == (3, "")
    assert f"{file} is not UTF-8\n  at: {file}, byte 0\n" in outcome.err


def test_a_query_may_begin_with_a_byte_order_mark(kg: Callable[..., Outcome], tmp_path: Path) -> None:
    (tmp_path / "a.rq").write_bytes(b"\xef\xbb\xbfASK { ?claim a icr:Claim }\r\n")
    assert kg("sparql", str(tmp_path / "a.rq")).out == "true\n"
