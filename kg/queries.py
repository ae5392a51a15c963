"""Canned queries: finding the files, reading their heads, binding parameters.

A query is plain SPARQL that runs as it stands in any tool. Its head of `#+` lines holds TOML. A parameter is
one line `VALUES ?name { … }`; binding writes a serialised RDF term between the braces, so nothing that a user
types is ever spliced into the query as text.
"""

from __future__ import annotations

import os

from kg import layout, terms
from kg.errors import InputError, SyntaxProblem, UnknownName, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from kg.model import Query

KEYS = {"title", "question", "tags", "columns", "params"}
CHECK_KEYS = {"title", "problem", "fix", "tags"}
HEAD_KEYS = {
    "answer": KEYS,
    "check": CHECK_KEYS,
    "contradiction": {"title", "fix", "premises"},
    "describe": {"title", "params"},
    "evidence": {"title", "params"},
    "export": {"title", "params"},
    "explain": {"title", "premises"},
    "load": {"title", "params"},
    "federate": KEYS,
    "lookup": {"title", "params"},
}
REQUIRED_KEYS = {
    "answer": {"title", "question"},
    "check": {"title", "problem", "fix"},
    "contradiction": {"title", "fix", "premises"},
    "explain": {"title", "premises"},
    "federate": {"title", "question"},
}
COLUMN_KEYS = {"meaning", "unit"}
PARAM_KEYS = {"type", "meaning", "values"}
PARAM_TYPES = {"iri", "string", "name", "integer", "decimal", "date", "boolean"}
LEXICAL_FORMS = {
    "integer": r"[+-]?\d+",
    "decimal": r"[+-]?(\d+\.?\d*|\.\d+)",
    "boolean": "true|false",
    "date": r"\d{4}-\d{2}-\d{2}",
}
MOST_DIGITS = 18
"""Of a number: what every processor of XSD has (XSD 1.0 Part 2, 5); with more, stores find no row, without an error."""
COMMON_OPTIONS = ("endpoint", "format", "quiet", "store")
"""What every command on a canned query takes beside the query's own parameters."""
LANGUAGES = ("", "@en", "@zh", "@zh-Hans", "@zh-hans", "@zh-Latn", "@zh-latn")
"""The tags that a name may have, here or in a graph that we link to; stores of RDF 1.1 keep them in lower case."""


def names(kind: str = "answer") -> list[str]:
    """Names of the queries of a kind, sorted."""
    folder = layout.data_path("queries", kind)
    return sorted(file.removesuffix(".rq") for file in os.listdir(folder) if file.endswith(".rq"))


def path(name: str, kind: str = "answer") -> str:
    """The file of a query. Raises UnknownName, with the nearest names, when there is none."""
    file = layout.data_path("queries", kind, f"{name}.rq")
    if os.path.basename(file) != f"{name}.rq" or not os.path.isfile(file):
        raise UnknownName(f"there is no query {name!r}", hint=nearest(name, names(kind)))
    return file


def text(name: str) -> str:
    """The SPARQL text of an answer query as it stands in its file."""
    with open(path(name), encoding="utf-8") as lines:
        return lines.read()


def read(name: str, kind: str = "answer") -> Query:
    """Read a query and its head. Raises UnknownName or SyntaxProblem with file, line and column."""
    file = path(name, kind)
    with open(file, encoding="utf-8") as lines:
        return parse(name, lines.read(), file, kind)


def parse(name: str, body: str, file: str, kind: str = "answer") -> Query:
    """The query in `body`, with its head checked: unknown keys are errors, misspelt metadata must not vanish."""
    from kg.model import Column, Param, Query

    data = _head(body, file)
    _check_keys(data, kind, file)
    params = {key: Param(key, **entry) for key, entry in data.get("params", {}).items()}
    for param in params.values():
        if param.type not in PARAM_TYPES:
            raise SyntaxProblem(
                f"parameter {param.name} has the unknown type {param.type!r}",
                at=layout.shown(file),
                hint="types are " + ", ".join(sorted(PARAM_TYPES)),
            )
    columns = {key: Column(key, **entry) for key, entry in data.get("columns", {}).items()}
    return Query(
        name=name,
        title=data["title"],
        question=data.get("question", ""),
        problem=data.get("problem", ""),
        fix=data.get("fix", ""),
        tags=tuple(data.get("tags", ())),
        columns=columns,
        params=params,
        premises=tuple(data.get("premises", ())),
        body=body,
        file=file,
        kind=kind,
    )


def _head(body: str, file: str) -> dict[str, Any]:
    """What the head lines of a query hold."""
    import tomllib

    head = [line for line in body.split("\n") if line.startswith("#+")]
    try:
        return tomllib.loads("\n".join(line[2:].removeprefix(" ") for line in head))
    except tomllib.TOMLDecodeError as error:
        first = next((n for n, line in enumerate(body.split("\n"), 1) if line.startswith("#+")), 1)
        raise SyntaxProblem(
            f"the head of the query is not TOML: {error}",
            at=f"{layout.shown(file)}:{first}",
            hint="each head line is '#+ ' and TOML",
        ) from None


def _check_keys(head: dict[str, Any], kind: str, file: str) -> None:
    """Refuse a head with a key that its kind of query does not have, or without one that it must have."""
    allowed = HEAD_KEYS.get(kind, {"title"})
    _refuse_unknown(set(head) - allowed, allowed, file)
    for key, expected in (("columns", COLUMN_KEYS), ("params", PARAM_KEYS)):
        for entry in head.get(key, {}).values():
            _refuse_unknown(set(entry) - expected, expected, file)
    for key in sorted(REQUIRED_KEYS.get(kind, {"title"}) - set(head)):
        raise SyntaxProblem(f"the head of the query has no {key}", at=layout.shown(file), hint=f'add: #+ {key} = "…"')


def _refuse_unknown(unknown: set[str], known: set[str], file: str) -> None:
    for key in sorted(unknown):
        raise SyntaxProblem(
            f"the head of the query has the unknown key {key!r}",
            at=layout.shown(file),
            hint=nearest(key, sorted(known)),
        )


def bind(query: Query, params: Mapping[str, str | Sequence[str]]) -> str:
    """The query's text with each parameter's VALUES lines filled by a serialised RDF term, or by one for each value.

    A UNION has the line in each group, as engines plan groups one by one. A pattern behind `# with ?NAME:` holds when
    that parameter is given: it leads an engine to the few rows from an optional part of them, which a filter alone
    would find by reading all.

    Raises UnknownName for a parameter that the query has not, InputError for a value of the wrong type,
    or days in the wrong order.
    """
    lines = query.body.split("\n")
    for name, value in params.items():
        if name not in query.params:
            known = [word.replace("_", "-") for word in (*sorted(query.params), *COMMON_OPTIONS)]
            hint = nearest(name, known) if query.params else f"{query.name} takes no parameters"
            raise UnknownName(f"{query.name} has no parameter {name!r}", hint=hint)
        given = (value,) if isinstance(value, str) else value
        term = " ".join(serialised(one, query.params[name].type, name) for one in given)
        starts = [i for i, line in enumerate(lines) if line.split()[:2] == ["VALUES", f"?{name}"]]
        if not starts:
            raise SyntaxProblem(f"?{name} needs a VALUES line", at=layout.shown(query.file))
        for start in starts:
            indent = lines[start][: lines[start].index("VALUES")]
            lines[start] = f"{indent}VALUES ?{name} {{ {term} }}"
        lines = [line.replace(f"# with ?{name}: ", "", 1) for line in lines]
    if {"from", "until"} <= params.keys() and str(params["from"]) > str(params["until"]):
        raise InputError(
            f"--from {params['from']} is after --until {params['until']}", hint="give the earlier day to --from"
        )
    return "\n".join(lines)


def option(name: str) -> str:
    """A parameter as the command line spells it.

    >>> option("as_of")
    '--as-of'
    """
    return "--" + name.replace("_", "-")


def serialised(value: str, type_: str, name: str) -> str:
    r"""An RDF term in SPARQL syntax for what a user typed.

    >>> serialised("id-place:hubei", "iri", "province")
    '<https://w3id.org/icr/id/place/hubei>'
    >>> serialised('say "no" }', "string", "word")
    '"say \\"no\\" }"'
    >>> serialised("95", "decimal", "above")
    '"95"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    """
    if type_ == "iri":
        iri = terms.expand(value)
        if not terms.is_iri(iri):
            raise InputError(
                f"{option(name)} wants an IRI or a compact name, not {value[:60]!r}",
                hint="for example id-place:guangdong",
            )
        return f"<{iri}>"
    if type_ in {"integer", "decimal", "boolean", "date"}:
        _check_lexical(value, type_, name)
    escaped = _escaped(value)
    if type_ == "name":
        return " ".join(f'"{escaped}"{tag}' for tag in LANGUAGES)
    return f'"{escaped}"' if type_ == "string" else f'"{escaped}"^^<{terms.STANDARD["xsd"]}{type_}>'


def _escaped(value: str) -> str:
    """The inside of a SPARQL string literal (SPARQL 1.1, 19.7: ECHAR).

    Codepoint escapes come before the grammar (19.2): none is written for a line end, and where the value itself looks
    like one its u is escaped, so that engines of either habit read the same.
    """
    for character, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        value = value.replace(character, escape)
    return value.replace(r"\\U", r"\\\U00000055").replace(r"\\u", r"\\\U00000075")


def _check_lexical(value: str, type_: str, name: str) -> None:
    """Refuse what is not a lexical form of the XSD type."""
    import re
    from datetime import date

    good = re.fullmatch(LEXICAL_FORMS[type_], value, re.ASCII)
    if good and type_ == "date":
        try:
            date.fromisoformat(value)
        except ValueError:
            good = None
    digits = sum(map(str.isdigit, value))
    if good and type_ in {"integer", "decimal"} and digits > MOST_DIGITS:
        raise InputError(
            f"{option(name)} has {digits} digits, and stores compare numbers of up to {MOST_DIGITS}",
            hint="round it",
        )
    if not good:
        example = {
            "integer": "12",
            "decimal": "71.7, without unit and thousands separators",
            "boolean": "true",
            "date": "2020-04-15, a day that exists",
        }[type_]
        raise InputError(
            f"{option(name)} wants a value of type {type_}, not {value[:60]!r}", hint=f"for example {example}"
        )
