"""Bulk loading of any number of quads into a store within a bound of memory.

The engine's bulk loader sorts a million quads at a time, and has three such batches at once, some 1.1 KB for each quad.
Handed less at a time, it holds no more than that.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store

BLOCK = 64 * 2**20
"""Bytes of N-Quads that one loader is given at once: some 300,000 quads, for which the engine takes 350 MB."""
LOADERS = 2
"""Blocks that are loaded side by side: the engine reads a block on one processor."""
QUADS_AT_ONCE = 250_000
"""Quads that are added at once, on one processor."""


def load(store: Store, path: str | os.PathLike[str]) -> None:
    """Load a file of N-Quads, which holds no blank nodes. Raises OSError when it cannot be read or the disk is full."""
    with ThreadPoolExecutor(LOADERS) as loaders:
        loading: set[Future[None]] = set()
        for block in _blocks(path):
            loading.add(loaders.submit(store.bulk_load, block, RdfFormat.N_QUADS))
            if len(loading) == LOADERS:
                done, loading = wait(loading, return_when=FIRST_COMPLETED)
                for future in done:
                    future.result()
        for future in loading:
            future.result()


def extend(store: Store, quads: Iterable[Quad]) -> bool:
    """Add quads, which may come from a query of the same store, and tell whether there were any."""
    source = iter(quads)
    any_at_all = False
    while some := list(islice(source, QUADS_AT_ONCE)):
        store.bulk_extend(some)
        any_at_all = True
    return any_at_all


def _blocks(path: str | os.PathLike[str]) -> Iterator[bytes]:
    """The file in blocks that end where a line ends."""
    with Path(path).open("rb") as file:
        while block := file.read(BLOCK) + file.readline():
            yield block
