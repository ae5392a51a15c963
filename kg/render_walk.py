"""A walk along a chain as text, as plain data and as a Mermaid diagram: values to strings, no printing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal

from kg import terms, weakness
from kg.visible import visible
from kg.walking import Branch, Link, Step, Thing, Walk
from kg.weakness import WeighedClaim
from kg.why import short

INDENT = "  "


def text(walk: Walk) -> str:
    """The tree in words, each place indented below the one before it, and the weakest link."""
    lines = []
    for thing, step in walk.before:
        lines += [f"before: {_named(thing)} → {step.relation}", *_evidence(step.claims, 1)]
    for entry in walk.entries:
        lines += _place(entry)
    if walk.others:
        names = ", ".join(map(_named, walk.others))
        lines += ["", f"No text says what comes after it in a chain; there is one for {names}."]
    if walk.weakest:
        claims = walk.weakest.claims
        lines += ["", f"Weakest link: {_link(walk.weakest)}", f"{INDENT}{weakness.reason(claims)}"]
        lines += [*_evidence(claims, 1), f"{INDENT}by the rule: {weakness.RULE}"]
    return "\n".join(visible(line) for line in [*lines, ""])


def _place(entry: Branch) -> list[str]:
    arrow = f"→ {entry.step.relation}: " if entry.step else ""
    note = " (see its own entry)" if entry.elsewhere else ""
    note = f" ({entry.cut} more from here)" if entry.cut else note
    lines = [INDENT * entry.depth + arrow + _named(entry.thing) + note]
    lines += _evidence(entry.step.claims, entry.depth + 1) if entry.step else []
    for result in entry.results:
        lines += [INDENT * (entry.depth + 1) + f"= {result.says}", *_evidence((result,), entry.depth + 2)]
    return lines


def _link(link: Link) -> str:
    if link.start and link.step:
        return f"{link.start.name} → {link.step.relation}: {link.thing.name}"
    return f"{link.thing.name} = {link.claims[0].says}"


def _named(thing: Thing) -> str:
    means = f", by {' and '.join(thing.instruments)}" if thing.instruments else ""
    return f"{thing.name} ({terms.compact(thing.iri)}){means}"


def _evidence(claims: Iterable[WeighedClaim], depth: int) -> list[str]:
    return [INDENT * depth + _cited(claim) for claim in claims]


def _cited(claim: WeighedClaim) -> str:
    """The claim with its place, and what makes it less than a plain statement."""
    less = [claim.kind.lower()] if claim.kind in weakness.PLANNED else []
    less += [claim.status] if claim.status in weakness.NOT_IN_WORDS else []
    place = f"{claim.source}, {claim.published}, {claim.where}"
    return "; ".join([f"“{claim.printed}”", *less, claim.said_by, place, short(claim.claim)])


def data(walk: Walk) -> dict[str, object]:
    """The walk as plain data, for JSON: things, steps and results by IRI, figures as text."""
    own = [entry for entry in walk.entries if not entry.elsewhere]
    weakest = None
    if walk.weakest:
        link = walk.weakest
        place = _step(link.step) if link.step else {"thing": link.thing.iri, **_result(link.claims[0])}
        weakest = {**place, "reason": weakness.reason(link.claims), "rule": weakness.RULE}
    return {
        "start": walk.entries[0].thing.iri,
        "before": [_step(step) for _, step in walk.before],
        "things": [{**asdict(entry.thing), "depth": entry.depth, "stepsLeftOut": entry.cut} for entry in own],
        "steps": [_step(entry.step) for entry in walk.entries if entry.step],
        "results": [{"thing": entry.thing.iri, **_result(result)} for entry in own for result in entry.results],
        "weakest": weakest,
        "others": [thing.iri for thing in walk.others],
    }


def _step(step: Step) -> dict[str, object]:
    claims = [_result(claim) for claim in step.claims]
    return {"from": step.start, "relation": step.relation, "to": step.end, "claims": claims}


def _result(claim: WeighedClaim) -> dict[str, object]:
    known = {key: value for key, value in asdict(claim).items() if value not in ("", None)}
    known["saidBy"] = known.pop("said_by")
    return {key: str(value) if isinstance(value, Decimal) else value for key, value in known.items()}


def mermaid(walk: Walk) -> str:
    """The things and steps as a Mermaid flowchart, the weakest step in bold."""
    numbers = {entry.thing.iri: f"n{i}" for i, entry in enumerate(walk.entries) if not entry.elsewhere}
    lines = ["flowchart LR"]
    lines += [f'{INDENT}{numbers[e.thing.iri]}["{_quoted(e.thing.name)}"]' for e in walk.entries if not e.elsewhere]
    steps = [entry.step for entry in walk.entries if entry.step]
    lines += [f'{INDENT}{numbers[s.start]} -- "{_quoted(s.relation)}" --> {numbers[s.end]}' for s in steps]
    if walk.weakest and walk.weakest.step:
        lines.append(f"{INDENT}linkStyle {steps.index(walk.weakest.step)} stroke-width:4px")
    return "\n".join([*lines, ""])


def _quoted(words: str) -> str:
    """Words inside the quotation marks of Mermaid, whose escapes are HTML entity names behind a number sign."""
    return words.replace("#", "#35;").replace('"', "#quot;")
