"""Bulk loading in parts: the same quads as at once, never more at a time than is said, and no failure lost."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from time import sleep
from typing import cast

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store

from kg import bulk

SMALL = 100_000
"""Bytes of a block here: the real graph then takes some hundred."""


class Watching:
    """A store that notes what it is handed, and how many loads run side by side."""

    def __init__(self, broken: bytes = b"nothing has this") -> None:
        self.blocks: list[bytes] = []
        self.batches: list[int] = []
        self.most = self.running = 0
        self.broken = broken
        self.lock = Lock()

    def bulk_load(self, block: bytes, form: RdfFormat) -> None:
        assert form == RdfFormat.N_QUADS
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
            self.blocks.append(block)
        sleep(0.002)
        with self.lock:
            self.running -= 1
        if self.broken in block:
            raise OSError("no space left on the device")

    def bulk_extend(self, quads: list[Quad]) -> None:
        self.batches.append(len(quads))


@pytest.fixture
def graph(tmp_path: Path, nquads: list[bytes], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real graph as a file, to be loaded in small blocks."""
    monkeypatch.setattr(bulk, "BLOCK", SMALL)
    path = tmp_path / "graph.nq"
    path.write_bytes(b"".join(line + b"\n" for line in nquads))
    return path


@pytest.mark.parametrize("place", ["", "index"])
def test_blocks_give_the_quads_that_the_whole_gives(graph: Path, tmp_path: Path, place: str) -> None:
    store, whole = Store(str(tmp_path / place)) if place else Store(), Store()
    bulk.load(store, graph)
    whole.bulk_load(path=str(graph), format=RdfFormat.N_QUADS)
    assert set(store) == set(whole)


def test_no_more_is_handed_over_than_the_bound(graph: Path, nquads: list[bytes]) -> None:
    store = Watching()
    bulk.load(cast("Store", store), graph)
    assert sorted(line for block in store.blocks for line in block.splitlines()) == nquads
    assert all(block.endswith(b"\n") for block in store.blocks)
    assert max(map(len, store.blocks)) < SMALL + max(map(len, nquads)) + 2
    assert store.most == bulk.LOADERS


@pytest.mark.parametrize("number", [0, -1], ids=["first", "last"])
def test_a_block_that_fails_is_told(graph: Path, nquads: list[bytes], number: int) -> None:
    with pytest.raises(OSError, match="no space left"):
        bulk.load(cast("Store", Watching(broken=nquads[number])), graph)


def numbered(number: int) -> Quad:
    return Quad(NamedNode(f"urn:{number}"), NamedNode("urn:p"), NamedNode("urn:o"), DefaultGraph())


def test_quads_are_added_so_many_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "QUADS_AT_ONCE", 4)
    store = Watching()
    assert bulk.extend(cast("Store", store), map(numbered, range(9)))
    assert store.batches == [4, 4, 1]
    assert not bulk.extend(cast("Store", store), [])
    assert store.batches == [4, 4, 1]
