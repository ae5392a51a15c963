"""Proposals for links: what has none, which entries others offer, how well they fit, and the rows to be kept."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import kg
from kg import layout, links, lookup, matching, packing, queries, sssom, terms, text_files
from kg.engine import records
from kg.errors import InputError, StoreError, UnknownName, nearest
from kg.evidence import grouped
from kg.matching import DIFFERS, Candidate, Fit, Sought
from kg.reconciling import Service
from kg.store import Session

LEAST = 0.85
"""The score from which a fit may be accepted."""
NEAR = 0.05
"""By how much the best must be ahead of the second."""
SHOWN_FROM = 0.6
MOST_SHOWN = 3

GOOD, AMBIGUOUS, DOUBTFUL, CHOSEN = "good", "ambiguous", "doubtful", "chosen"


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry that may stand for a thing."""

    thing: Sought
    fit: Fit
    verdict: str
    """good: may be accepted; ambiguous: another fits as well; doubtful: fits badly or worse; chosen: by the user."""


@dataclass(frozen=True, slots=True)
class Target:
    """A data set that is linked to."""

    iri: str
    space: str
    """What the IRIs of its entries begin with."""


def target_of(session: Session, name: str, space: str) -> Target:
    """The data set with this name, or else the one whose IRIs begin as the service says.

    Raises UnknownName when there is none, InputError when it has no IRIs.
    """
    others = f"FILTER(?target != <{terms.BASE}dataset>)"  # which is this one
    text = f"SELECT ?target ?space {{ ?target void:uriSpace ?space {others} }} ORDER BY ?target"
    known = [Target(row["target"], row["space"]) for row in records(*session.ask(text, terms.PREFIXES).rows())]
    if not name:
        if found := next((each for each in known if space and each.space.rstrip("/") == space.rstrip("/")), None):
            return found
        hint = "name one with --target: " + ", ".join(lookup.slug(each.iri) for each in known)
        raise UnknownName(f"none of our data sets has the IRIs of the service ({space or 'it names none'})", hint=hint)
    iri = lookup.resolve(session, name, "dataset")
    if found := next((each for each in known if each.iri == iri), None):
        return found
    raise InputError(f"{name} has codes and no IRIs, which no service proposes", hint="look them up by hand")


def sought(session: Session, target: Target, thing: str = "", *, kind: str = "", again: bool = False) -> list[Sought]:
    """The things that have no link to a data set, by IRI.

    With `thing`, an IRI, only that one, though it was looked for in vain; with `again`, all that were as well.
    Raises UnknownName for a kind that there is not.
    """
    if kind and kind not in lookup.searchable():
        raise UnknownName(f"there is no kind {kind!r} of things", hint=nearest(kind, lookup.searchable()))
    params = {"target": target.iri, **({"thing": thing} if thing else {})}
    unlinked = records(*session.ask(queries.bind(queries.read("unlinked", "lookup"), params)).rows())
    by_thing = grouped(unlinked, "thing")
    spaces = tuple(lookup.spaces(kind)) or ("",)
    found = [_sought(iri, cells) for iri, cells in by_thing.items() if lookup.is_thing(iri) and iri.startswith(spaces)]
    return found if thing or again else [each for each in found if not each.sought]


def _sought(iri: str, rows: list[dict[str, str]]) -> Sought:
    def each(column: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row[column] for row in rows if row[column]))

    return Sought(iri, each("name"), each("kind"), each("place"), frozenset(each("rejected")), rows[0]["sought"])


def propose(
    session: Session, service: Service, things: list[Sought], least: float = LEAST, *, everything: bool = False
) -> list[Proposal]:
    """The best entries for each thing, or everything that the service has, best first; never what was rejected.

    Raises EndpointError.
    """
    area = terms.BASE + "id/place/"
    places = frozenset(lookup.fold(n.text) for n in lookup.names(session) if n.thing.startswith(area)) - {""}
    found = []
    for iri, entries in service.entries(things).items():
        thing = next(each for each in things if each.iri == iri)
        fits = [matching.fit(thing, entry, places) for entry in entries if _identifier(entry) not in thing.rejected]
        fits.sort(key=lambda fit: (-fit.score, -fit.entry.score, fit.entry.id))
        shown = fits if everything else [fit for fit in fits if fit.score >= SHOWN_FROM][:MOST_SHOWN]
        found += [Proposal(thing, fit, _verdict(fit, fits, least)) for fit in shown]
    return found


def chosen(proposals: Iterable[Proposal], entry: str) -> list[Proposal]:
    """The one proposal for this entry, taken by the user whatever its score. Raises UnknownName when there is none."""
    found = list(proposals)
    for each in found:
        if entry in {each.fit.entry.id, _identifier(each.fit.entry)}:
            return [replace(each, verdict=CHOSEN)]
    names = [_identifier(each.fit.entry) for each in found]
    raise UnknownName(f"{entry!r} is not among the entries that fit", hint=nearest(entry, names))


def _identifier(entry: Candidate) -> str:
    return entry.id.rstrip("/").rsplit("/", 1)[-1]


def _verdict(fit: Fit, fits: list[Fit], least: float) -> str:
    if fit.score < least or DIFFERS in {fit.type, fit.place} or fit.score <= fits[0].score - NEAR:
        return DOUBTFUL
    alike = [other for other in fits if other.score > fit.score - NEAR]
    return GOOD if alike == [fit] else AMBIGUOUS


def rows(
    proposals: Iterable[Proposal], target: Target, service: Service, url: str, date: datetime.date
) -> list[dict[str, str]]:
    """The good or chosen proposals as rows of a mapping set."""
    return [_row(each, target, service, url, date) for each in proposals if each.verdict in {GOOD, CHOSEN}]


def _row(each: Proposal, target: Target, service: Service, url: str, date: datetime.date) -> dict[str, str]:
    fit, concept = each.fit, set(each.thing.kinds) & {"Industry", "Product", "Technology", "Indicator"}
    how = "LexicalMatching" if fit.name == 1.0 else "LexicalSimilarityThresholdMatching"
    how = "ManualMappingCuration" if each.verdict == CHOSEN else how
    entry = fit.entry.id if fit.entry.id.startswith(target.space) else target.space + fit.entry.id
    words = f"{service.name} at {url}: name {fit.name:g} by “{fit.ours}”, type {fit.type}, place {fit.place}"
    return {
        "subject_id": terms.compact(each.thing.iri),
        "subject_label": each.thing.names[0],
        "predicate_id": "skos:closeMatch" if concept else "schema:sameAs",
        "object_id": entry,
        "mapping_justification": f"semapv:{how}",
        "mapping_tool": f"kg link {kg.__version__}",
        "mapping_date": date.isoformat(),
        "confidence": f"{fit.score:.2f}",
        "comment": words[:240],
    }


def accept(path: str, added: list[dict[str, str]]) -> None:
    """Write rows into a mapping set; a row that says that nothing was found gives way.

    Raises SyntaxProblem for a file that is not SSSOM/TSV, InputError when there is none, StoreError when it cannot be
    written.
    """
    found = sssom.read(path)
    spaces = {space: prefix for prefix, space in found.prefixes.items()}
    for row in added:
        prefix = max((space for space in spaces if row["object_id"].startswith(space)), key=len, default="")
        if not prefix:
            raise InputError(f"the head of {path} has no prefix for {row['object_id']}", hint="add it to its curie_map")
        row["object_id"] = f"{spaces[prefix]}:{row['object_id'][len(prefix) :]}"
    text = sssom.without_search(text_files.read(path), {row["subject_id"] for row in added})
    text = sssom.with_rows(text, added)
    sssom.parse(text, path)
    packing.write_whole(Path(path), text.encode())


def file_of(target: Target) -> str:
    """The mapping set of a data set, in the checkout. Raises StoreError where there is none, as in a wheel."""
    path = links.file_of(lookup.slug(target.iri))
    if not Path(path).is_file() or Path(layout.WHEEL_DATA).is_dir():  # a wheel's own data stay as they are
        raise StoreError(f"there is no file {path} to write links into", hint="--output FILE names another")
    return path
