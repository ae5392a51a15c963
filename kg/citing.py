"""Citations of answers: what was asked of which data, what came out, on which sources it rests, and how to check it.

The digest of a result is the SHA-256 of its columns and rows in the query's own order, one line each, cells between
tabs, after one normalisation (kg/normal.py) that makes it the same on every engine: a number is its value without
exponent and trailing zeros, a date has no time zone, a truth value is a word, a string is JSON with its language tag
in lower case, an IRI stands between angle brackets, and an unbound cell is empty.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import kg
from kg import lookup, queries, terms
from kg.engine import Engine, records
from kg.model import Query
from kg.normal import normalised
from kg.render import indented_json
from kg.store import Term
from kg.visible import visible

LATEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
"""What LaTeX prints a character by, where a backslash before it would not do."""
TITLE = "industrial-chain-kg: an evidence-first knowledge graph of China's industrial chains"


@dataclass(frozen=True, slots=True)
class Source:
    """A document that an answer rests on, with the claims and their places in its text."""

    name: str
    title: str
    publisher: str
    published: str
    basis: str
    """How the date is known: stated, inferred …"""
    address: str
    claims: tuple[tuple[str, str], ...]
    """Pairs of claim, by its short name, and place."""


@dataclass(frozen=True, slots=True)
class Citation:
    """An answer as it can be cited."""

    query: Query
    params: dict[str, str]
    data: str
    """SHA-256 of the graph, as `kg build` prints it; of what an endpoint holds, its URL."""
    result: str
    """SHA-256 of the normalised result."""
    rows: int
    sources: tuple[Source, ...]
    external: tuple[str, ...]
    """Claims that rest on no passage but on a source from elsewhere."""

    @property
    def check(self) -> str:
        """The command that runs the query again and says whether the result still holds."""
        params = "".join(f" {queries.option(name)} {_quoted(value)}" for name, value in self.params.items())
        where = f" --endpoint {_quoted(self.data)}" if self.data.startswith("http") else ""
        return f"kg cite {self.query.name}{params}{where} --holds {self.result}"


def cite(session: Engine, name: str, params: dict[str, str]) -> Citation:
    """The citation of an answer. Raises what `lookup.bound` raises."""
    names, rows = session.ask(lookup.bound(session, name, params)).rows()
    places: dict[str, dict[str, str]] = {}
    external = []
    for cells in records(names, rows):
        document, _, rest = cells.get("claim", "").removeprefix(terms.CLAIMS).partition("/")
        if document == "external":
            external.append(f"external/{rest}")
        elif rest:
            places.setdefault(document, {}).setdefault(f"{document}/{rest}", cells.get("where", ""))
    found = tuple(
        _source(entry, tuple(places.get(entry["name"], {}).items()))
        for entry in records(*session.ask(queries.text("sources")).rows())
        if entry["name"] in places or name == "sources"
    )
    digest = result_digest(names, rows)
    return Citation(
        queries.read(name),
        params,
        session.address or session.digest(),
        digest,
        len(rows),
        found,
        tuple(dict.fromkeys(external)),
    )


def _source(entry: dict[str, str], claims: tuple[tuple[str, str], ...]) -> Source:
    return Source(
        name=entry["name"],
        title=entry["title"],
        publisher=entry["publisher"],
        published=entry["published"],
        basis=entry["dateBasis"],
        address=entry["address"],
        claims=claims,
    )


def result_digest(names: list[str], rows: list[list[Term | None]]) -> str:
    """SHA-256 of an answer, in hexadecimal; see the head of the module for the normalisation."""
    lines = ["\t".join(names), *("\t".join(normalised(term) for term in row) for row in rows)]
    return hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()


def _quoted(value: str) -> str:
    import shlex

    return shlex.quote(value)


def text(citation: Citation) -> str:
    """The citation in words."""
    query, params = citation.query, ", ".join(f"{name} {value}" for name, value in citation.params.items())
    lines = [
        f"industrial-chain-kg {kg.__version__}, query {query.name}: {query.question}",
        f"{f'Parameters: {params}. ' if params else ''}{citation.rows} {'row' if citation.rows == 1 else 'rows'}.",
        f"Data: {_data(citation)}",
        f"Result: sha256 {citation.result}",
        "",
    ]
    for source in citation.sources:
        lines.append(f"{source.title}. {source.publisher}, {source.published} (date {source.basis}).")
        lines += [f"  {source.address}"] if source.address else []
        lines += [f"  {place}  {claim}" for claim, place in source.claims]
    lines += [f"{claim}: not from the texts; `kg why {claim}` names its source" for claim in citation.external]
    return "\n".join(map(visible, [*lines, "", f"To check: {citation.check}", ""]))


def csl(citation: Citation) -> str:
    """CSL-JSON: the answer as a dataset, then its sources as articles."""
    answer = {
        "id": f"industrial-chain-kg-{citation.query.name}",
        "type": "dataset",
        "title": f"{TITLE}, version {kg.__version__}: {citation.query.title}",
        "version": kg.__version__,
        "note": _note(citation),
    }
    return indented_json([answer, *map(_csl_source, citation.sources)]).decode()


def _csl_source(source: Source) -> dict[str, object]:
    entry: dict[str, object] = {
        "id": source.name,
        "type": "article-newspaper",
        "title": source.title,
        "container-title": source.publisher,
        "issued": {"date-parts": [[int(part) for part in source.published.split("-")]]},
    }
    notes = [f"date {source.basis}", *(f"{place} {claim}" for claim, place in source.claims)]
    return entry | ({"URL": source.address} if source.address else {}) | {"note": "; ".join(notes)}


def bibtex(citation: Citation) -> str:
    """BibTeX: the answer and its sources."""
    answer = {"title": f"{TITLE}: {citation.query.title}", "version": kg.__version__, "note": _note(citation)}
    entries = [("misc", f"industrial-chain-kg-{citation.query.name}", answer)]
    for source in citation.sources:
        fields = {"title": source.title, "journal": source.publisher, "year": source.published[:4]}
        fields |= {
            "month": source.published[5:7],
            "url": source.address,
            "note": f"Dated {source.published} ({source.basis})",
        }
        entries.append(("article", source.name, fields))
    return "\n".join(_bibtex_entry(*entry) for entry in entries)


def _bibtex_entry(kind: str, key: str, fields: dict[str, str]) -> str:
    lines = [f"  {name} = {{{_bibtex(value, name)}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{re.sub(r'[^A-Za-z0-9.-]+', '-', key)},", *lines, "}", ""])


def _bibtex(value: str, field: str) -> str:
    """A value on one line with the characters escaped that mean something to LaTeX; an address keeps all but braces."""
    if field == "url":
        return re.sub(r"[{}\\]", lambda match: f"%{ord(match[0]):X}", visible(value))
    return re.sub(r"[&%$#_{}\\~^]", lambda match: LATEX.get(match[0], "\\" + match[0]), visible(value))


def _data(citation: Citation) -> str:
    return f"as {citation.data} held it" if citation.data.startswith("http") else f"sha256 {citation.data}"


def _note(citation: Citation) -> str:
    params = "".join(f", {name} {value}" for name, value in citation.params.items())
    digests = f"data {_data(citation)}, result sha256 {citation.result}"
    return f"Query {citation.query.name}{params}; {digests}; check with: {citation.check}"
