"""The error tree and the exit statuses.

KgError                 a failure that people can act on; exit status 70 unless a subclass says otherwise
├── FindingsError       the data has findings: shapes, checks, consistency                  1
│   └── InconsistencyError   facts that contradict the ontology
├── UsageError          the caller wrote the command wrongly                                2
├── InputError          a file or a value that the author must mend                         3
│   ├── SyntaxProblem   Turtle, SPARQL or TOML that does not parse
│   ├── UnknownName     a query, document, parameter or graph that does not exist
│   └── TextProblem     a source text that is missing, is in another encoding, or lacks the words asked for
└── StoreError          the store cannot be made, read or written, or took too long         4
    └── EndpointError   a server does not answer, refuses, or answers with what is no answer
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.contradiction import Contradiction


class Exit:
    """Exit statuses of `kg`: whose turn it is next."""

    OK = 0
    FOUND = 1
    USAGE = 2
    INPUT = 3
    STORE = 4
    BUG = 70
    INTERRUPTED = 130


class KgError(Exception):
    """Shown to people as one sentence, with a place and a next step when they are known."""

    slug = "error"
    exit = Exit.BUG

    def __init__(self, what: str, *, at: str | None = None, hint: str | None = None) -> None:
        super().__init__(what)
        self.what, self.at, self.hint = what, at, hint

    def __str__(self) -> str:
        """One sentence, then the place and the hint on lines of their own."""
        lines = [f"error[{self.slug}]: {self.what}"]
        lines += [f"  at: {self.at}"] if self.at else []
        lines += [f"  hint: {self.hint}"] if self.hint else []
        return "\n".join(lines)


class FindingsError(KgError):
    """The data has findings: shapes, checks or consistency."""

    slug, exit = "findings", Exit.FOUND


class InconsistencyError(FindingsError):
    """The data contradicts the ontology."""

    def __init__(self, what: str, contradictions: list[Contradiction], *, hint: str) -> None:
        super().__init__(what, hint=hint)
        self.contradictions = contradictions


class UsageError(KgError):
    """The command was written wrongly."""

    slug, exit = "usage", Exit.USAGE


class InputError(KgError):
    """A file or a value that its author must mend."""

    slug, exit = "input", Exit.INPUT


class SyntaxProblem(InputError):
    """Turtle, SPARQL or a query head that does not parse."""

    slug = "syntax"


class UnknownName(InputError):
    """A query, document, parameter or graph that does not exist."""

    slug = "unknown"


class TextProblem(InputError):
    """A source text that is missing, differs, or lacks the words asked for."""

    slug = "text"


class StoreError(KgError):
    """The store cannot be made, read or written, or took too long."""

    slug, exit = "store", Exit.STORE


class EndpointError(StoreError):
    """A server does not answer, refuses, or answers with what is no answer."""

    slug = "endpoint"


def nearest(name: str, names: list[str]) -> str:
    """A hint that names the entries of `names` nearest to `name`, or where to look."""
    from difflib import get_close_matches  # only when something went wrong

    close = get_close_matches(name, names, n=3, cutoff=0.6)
    return "did you mean " + ", ".join(close) + "?" if close else "there are: " + ", ".join(names)


def check_seconds(seconds: float, longest: int, option: str = "--timeout") -> None:
    """Raise UsageError for a time that nobody can wait: none, no number, or more than `longest` seconds."""
    if not 0 < seconds <= longest:
        raise UsageError(f"{option} wants seconds above 0 and up to {longest}, not {seconds:g}", hint="for example 120")
