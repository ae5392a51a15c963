"""Queries over our graph and another one: ours is asked first, then the other about what was found, then both.

A query of queries/federate is plain SPARQL 1.1 with one SERVICE group, behind the patterns on our graph and at their
level. In it stands one line `VALUES ?entity { UNDEF }`. An engine would ask the other side for everything that fits
the group; here the line is filled with the entries that our side links to, and the group with what the other side
says of them. Thus one client keeps the deadline and the rules, whatever the engine does with SERVICE.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import BlankNode

from kg import lookup, protocol, queries, web
from kg.errors import SyntaxProblem
from kg.model import Query
from kg.store import Answer, Session, Term

KIND = "federate"
BATCH = 200
"""Entries that are asked for at a time: more makes some endpoints slow, fewer makes many requests."""

SERVICE = re.compile(r"^(?P<indent> *)SERVICE <(?P<url>[^>\n]+)> \{\n(?P<group>.*?)^(?P=indent)\}\n", re.M | re.S)
ENTITIES = "VALUES ?entity { UNDEF }"


def service_of(query: Query) -> str:
    """The endpoint that the file names."""
    return _split(query.body, query.file)["url"]


def ask(session: Session, name: str, params: dict[str, str], url: str, seconds: float) -> Answer:
    """The answer to a query of queries/federate, with the endpoint at `url`.

    `seconds` is the deadline of each request. Raises EndpointError when the other side is slow, down or refuses,
    and what `lookup.bound` raises.
    """
    text = lookup.bound(session, name, params, KIND)
    service = _split(text, queries.path(name, KIND))
    address, client = protocol.strangers_client(url, seconds)
    with client as http:
        names, rows = _of_the_service(http, address, text, service, _entities(session, text[: service.start()]))
    table = "".join(f"    ({' '.join(map(_written, row))})\n" for row in rows)
    values = f"  VALUES ({' '.join('?' + name for name in names)}) {{\n{table}  }}\n"
    return session.ask(text[: service.start()] + values + text[service.end() :])


def _split(text: str, file: str) -> re.Match[str]:
    found = SERVICE.search(text)
    if found is None or found["group"].count(ENTITIES) != 1:
        raise SyntaxProblem("the query has no SERVICE group with one line " + ENTITIES, at=file)
    return found


def _entities(session: Session, before: str) -> list[str]:
    """The entries that our side leads to, in SPARQL syntax; `before` is the text up to the SERVICE group."""
    own = re.sub(r"^SELECT .*$", "SELECT DISTINCT ?entity", before, flags=re.MULTILINE) + "}\nORDER BY ?entity"
    _, rows = session.ask(own).rows()
    return [str(row[0]) for row in rows if row[0] is not None]


def _of_the_service(
    http: web.Client, url: str, text: str, service: re.Match[str], entities: list[str]
) -> tuple[list[str], list[list[Term | None]]]:
    """What the other side says of the entries."""
    prologue = "\n".join(line for line in text.splitlines() if line.startswith("PREFIX "))
    names = list(dict.fromkeys(re.findall(r"\?(\w+)", service["group"])))
    found: list[list[Term | None]] = []
    for batch in _batches(entities):
        group = service["group"].replace(ENTITIES, f"VALUES ?entity {{ {' '.join(batch)} }}")
        columns, rows = protocol.select(http, url, f"{prologue}\nSELECT ?{' ?'.join(names)} WHERE {{\n{group}}}\n")
        cells = (dict(zip(columns, row, strict=True)) for row in rows)
        found += [[row.get(name) for name in names] for row in cells]
    return names, found


def _batches(entities: list[str]) -> Iterator[list[str]]:
    return (entities[start : start + BATCH] for start in range(0, len(entities), BATCH))


def _written(term: Term | None) -> str:
    """A term in SPARQL syntax; a blank node of the other side means nothing here."""
    return "UNDEF" if term is None or isinstance(term, BlankNode) else str(term)
