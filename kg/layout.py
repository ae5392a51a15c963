"""Where things are: the data folders (checkout or wheel) and the user's cache.

Standard library only, and little of it: every plain `kg query` imports this module.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

PACKAGE = os.path.dirname(os.path.abspath(__file__))
WHEEL_DATA = os.path.join(PACKAGE, "_data")
MAPPINGS = ".sssom.tsv"
"""How the name of a mapping set ends."""
DATA_FOLDERS = ("ontology", "queries", "seeds", "shapes")

# The wheel carries the finished graph, so that first use only loads it; a checkout makes it from the Turtle.
PREBUILT = os.path.join(WHEEL_DATA, "graph.nq")


def data_root() -> str:
    """The folder that holds ontology, queries, seeds and shapes."""
    return WHEEL_DATA if os.path.isdir(WHEEL_DATA) else os.path.dirname(PACKAGE)


def data_path(*parts: str) -> str:
    """Where a file or folder lies inside the data folders; `parts` as for os.path.join."""
    return os.path.join(data_root(), *parts)


def inputs(added: Iterable[str] = ()) -> list[str]:
    """The files that decide what is in the graph, sorted; the store is out of date when one changes.

    `added` are the folders that a store holds beside the project's own files.
    """
    found = [path for folder in added for path in facts(folder)]
    if os.path.isfile(PREBUILT):
        return sorted({PREBUILT, *found})
    for folder, ending in (
        ("ontology", ".ttl"),
        ("seeds", ".ttl"),
        ("seeds/links", MAPPINGS),
        ("queries/answer", ".rq"),
        ("queries/derive", ".rq"),
        ("queries/entail", ".rq"),
    ):
        found += walk(data_path(*folder.split("/")), ending)
    return sorted(set(found))


def facts(folder: str) -> list[str]:
    """The files below a folder that state facts: Turtle, then mapping sets, each sorted."""
    return [*walk(folder, ".ttl"), *walk(folder, MAPPINGS)]


def walk(folder: str, ending: str) -> list[str]:
    """All files below a folder with this ending, sorted."""
    found: list[str] = []
    for path, folders, files in os.walk(folder):
        folders.sort()
        found += [os.path.join(path, name) for name in files if name.endswith(ending)]
    return sorted(found)


def shown(path: str | os.PathLike[str]) -> str:
    """A path as people know it: relative to the working directory when it lies below it."""
    relative = os.path.relpath(path)
    return os.fspath(path) if relative.startswith("..") else relative


def default_store() -> str:
    """The store directory in the user's cache.

    KG_STORE overrides it. The rules are those of the XDG base directory specification and its usual
    counterparts; platformdirs knows them too, but importing it costs more than the whole answer.
    """
    if os.environ.get("KG_STORE"):
        return os.environ["KG_STORE"]
    home = os.path.expanduser("~")
    if os.name == "nt":
        cache = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    elif sys.platform == "darwin":
        cache = os.path.join(home, "Library", "Caches")
    else:
        cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")
    return os.path.join(cache, "industrial-chain-kg")
