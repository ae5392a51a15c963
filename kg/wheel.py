"""Build hook: the wheel carries the finished graph, so that first use only loads it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GraphHook(BuildHookInterface):
    """Assembles the graph from the Turtle and adds it to the wheel; an editable install builds on first use."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write graph.nq into the build folder and have it packed as kg/_data/graph.nq."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        try:
            from kg.assembly import assemble

            body = b"".join(line + b"\n" for line in assemble(quiet=True))
        finally:
            sys.path.remove(self.root)
        target = Path(self.directory) / "graph.nq"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
        build_data["force_include"][str(target)] = "kg/_data/graph.nq"
