"""All about one thing: what it is called, how it stands to other things, and what is said of it, with evidence."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from kg import lookup, queries, terms
from kg.engine import Engine
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
    columns, rows = session.ask(queries.bind(queries.read(ABOUT), {"thing": iri})).rows()
    said = tuple(dict(zip(columns, map(plain, row), strict=True)) for row in rows)
    return Profile(iri, label, kind, documents, tuple(dict.fromkeys(names)), _facts(session, iri), said)


def _facts(session: Engine, iri: str) -> tuple[Fact, ...]:
    columns, rows = session.ask(queries.bind(queries.read("facts", "lookup"), {"thing": iri})).rows()
    found: dict[tuple[str, bool, str], tuple[str, list[str]]] = {}
    for row in rows:
        cell = dict(zip(columns, (getattr(term, "value", "") for term in row), strict=True))
        if not lookup.is_thing(cell["other"]):
            continue
        key = (cell["label"], cell["from"] == iri, cell["other"])
        claims = found.setdefault(key, (cell["otherName"], []))[1]
        claims += [cell["claim"].removeprefix(terms.BASE + "id/claim/")] if cell["claim"] else []
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
    lines += ["", f"What is said of it ({len(profile.said)})"] if profile.said else []
    for row in profile.said:
        when = f" ({row['on']})" if row["on"] else ""
        lines.append(f"  {row['says']}{when}")
        place = f"{row['source']}, {row['published']}, {row['where']}: “{row['printed']}”"
        lines.append(f"    {row['kind']}; {row['saidBy']}; {place}")
        lines.append(f"    {row['claim']}")
    return "\n".join([*lines, ""])
