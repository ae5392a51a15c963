"""All about one thing: what it is called, how it stands to other things, and what is said of it, with evidence."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from kg import lookup, queries, terms
from kg.engine import Engine, records
from kg.model import Query
from kg.render import plain

ABOUT = "about"
"""The answer query that gives what is said of a thing."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A triple between the thing and another one."""

    relation: str
    forward: bool
    """Whether the thing is the subject."""
    other: str
    name: str
    claims: tuple[str, ...]
    """Those that state it, by short name; what comes from elsewhere begins with external/."""


@dataclass(frozen=True, slots=True)
class Profile:
    """All that the graph has of one thing."""

    thing: str
    label: str
    kind: str
    documents: str
    names: tuple[tuple[str, str], ...]
    """Pairs of name and kind of name, without the label."""
    facts: tuple[Fact, ...]
    links: tuple[dict[str, str], ...]
    """Rows of the lookup `links`: what other data sets call it, and what was rejected or not found there."""
    said: tuple[dict[str, str], ...]
    """Rows of the query `about`."""

    def data(self) -> dict[str, object]:
        """The profile as plain data, for JSON."""
        return asdict(self)


def profile(session: Engine, thing: str) -> Profile:
    """All about the thing with this name, slug or IRI. Raises what `lookup.resolve` raises."""
    iri = lookup.resolve(session, thing)
    label, kind, documents = lookup.described(session, iri)
    names = [(n.text, n.kind) for n in lookup.names(session) if n.thing == iri and n.text != label]
    links, said = (_rows(session, queries.read(*query), iri) for query in (("links", "lookup"), (ABOUT,)))
    return Profile(iri, label, kind, documents, tuple(dict.fromkeys(names)), _facts(session, iri), links, said)


def _rows(session: Engine, query: Query, iri: str) -> tuple[dict[str, str], ...]:
    columns, rows = session.ask(queries.bind(query, {"thing": iri})).rows()
    return tuple(dict(zip(columns, map(plain, row), strict=True)) for row in rows)


def _facts(session: Engine, iri: str) -> tuple[Fact, ...]:
    answer = session.ask(queries.bind(queries.read("facts", "lookup"), {"thing": iri}))
    found: dict[tuple[str, bool, str], tuple[str, list[str]]] = {}
    for cell in records(*answer.rows()):
        if not lookup.is_thing(cell["other"]):
            continue
        key = (cell["label"], cell["from"] == iri, cell["other"])
        claims = found.setdefault(key, (cell["otherName"], []))[1]
        claims += [cell["claim"].removeprefix(terms.CLAIMS)] if cell["claim"] else []
    return tuple(Fact(*key, name, tuple(dict.fromkeys(claims))) for key, (name, claims) in found.items())


def text(profile: Profile) -> str:
    """The profile in words."""
    head = f"{profile.label} ({terms.compact(profile.thing)})" + (f", {profile.kind}" if profile.kind else "")
    lines = [head, *(f"  {name} ({kind})" for name, kind in profile.names)]
    lines += ["", "How it stands to other things"] if profile.facts else []
    for fact in profile.facts:
        arrow = "→" if fact.forward else "←"
        claims = f"  [{', '.join(fact.claims)}]" if fact.claims else ""
        lines.append(f"  {arrow} {fact.relation}: {fact.name} ({terms.compact(fact.other)}){claims}")
    lines += ["", "What others call it", *map(_link, profile.links)] if profile.links else []
    lines += ["", f"What is said of it ({len(profile.said)})"] if profile.said else []
    for row in profile.said:
        when = f" ({row['on']})" if row["on"] else ""
        lines.append(f"  {row['says']}{when}")
        place = f"{row['source']}, {row['published']}, {row['where']}: “{row['printed']}”"
        lines.append(f"    {row['kind']}; {row['saidBy']}; {place}")
        lines.append(f"    {row['claim']}")
    return "\n".join([*lines, ""])


def _link(row: dict[str, str]) -> str:
    """A link in words; the grounds are told where something speaks against it."""
    if row["result"] == "linked":
        entry = f" {row['entry']}" if row["entry"] else ""
        match = f"{row['relation']}, " if row["relation"].endswith("Match") else ""
        return f"  {row['dataset']}: {row['identifier']}{entry} ({match}confidence {row['confidence']})"
    if row["result"] == "rejected":
        return f"  {row['dataset']}: not {row['identifier']} ({row['grounds']})"
    return f"  {row['dataset']}: not found ({row['grounds']})"
