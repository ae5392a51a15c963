"""Evidence-first knowledge graph of China's industrial chains.

`kg.query("leading-firms")` gives the rows of a canned query, `kg.plot` its chart; everything else is in the modules.
Importing this package imports nothing else: a plain `kg query` must answer before anything heavy is loaded.
"""

from __future__ import annotations

__version__ = "0.1.0"
__all__ = ["__version__", "plot", "query"]

TYPE_CHECKING = False  # type checkers take it as true; importing typing costs a fifth of an answer
if TYPE_CHECKING:
    from kg.api import plot, query


def __getattr__(name: str) -> object:
    """Load the public functions when they are first asked for (PEP 562)."""
    if name in {"plot", "query"}:
        from kg import api

        return getattr(api, name)
    raise AttributeError(f"module 'kg' has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names, those not loaded yet as well (PEP 562)."""
    return sorted(__all__)
