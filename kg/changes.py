"""What changed from one release of the graph to another: claims added, withdrawn or replaced, and the quads of it.

A release is a file of N-Quads or TriG, a store, a generation of one, or what an endpoint holds. A claim that is
published stays: one that the project no longer stands by is retracted with its reason, or superseded by a claim that
reads the words better. One that is simply gone is told apart from both.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from kg import layout, normal, packing, rdf, store, terms
from kg.errors import InputError, SyntaxProblem
from kg.visible import visible

ICR = terms.PREFIXES["icr"]
SUPERSEDES, REASON, STATUS = (ICR + name for name in ("supersedes", "withdrawalReason", "assertionStatus"))
RETRACTED = terms.PREFIXES["sch-assertion-status"] + "retracted"
LABEL = terms.STANDARD["rdfs"] + "label"
PARTS = (ICR + "quantity", ICR + "rankEntry")
"""Properties to nodes that are a part of what a claim says."""

KINDS = ("added", "changed", "replaced", "withdrawn", "gone")
FORMATS = {".nq": RdfFormat.N_QUADS, ".trig": RdfFormat.TRIG}


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one claim."""

    claim: str
    """IRI."""
    kind: str
    """One of KINDS."""
    label: str
    reason: str = ""
    by: str = ""
    """The claim that takes its place."""

    @property
    def document(self) -> str:
        """The document of the claim, or "external"."""
        return self.claim.removeprefix(terms.CLAIMS).partition("/")[0]


@dataclass(frozen=True, slots=True)
class Release:
    """The quads of a release; `exact` when literals are as they were written."""

    name: str
    quads: tuple[Quad, ...]
    exact: bool = True

    @property
    def sha256(self) -> str:
        """Of the sorted N-Quads, as `kg build` prints it."""
        return hashlib.sha256(b"".join(line + b"\n" for line in rdf.canonical_lines(self.quads))).hexdigest()


@dataclass(frozen=True, slots=True)
class Difference:
    """What leads from one release to another."""

    old: Release
    new: Release
    claims: tuple[Change, ...]
    """In the order of documents and claims."""
    removed: tuple[Quad, ...]
    added: tuple[Quad, ...]

    def count(self, kind: str) -> int:
        """How many claims changed in this way."""
        return sum(change.kind == kind for change in self.claims)


def release(name: str) -> Release:
    """The release in a file, a store, a generation, or behind the URL of an endpoint.

    Raises InputError for what is none of these, SyntaxProblem for a file that does not parse, EndpointError.
    """
    if name.startswith(("http://", "https://")):
        from kg.endpoint import Endpoint

        return Release(name, tuple(Endpoint(name).quads()), exact=False)
    path = Path(name)
    if path.is_dir():
        generation = store.current_generation(name) if (path / "current").is_file() else name
        path = Path(generation, "graph.nq")
    inner = path.name.removesuffix(packing.ENDINGS[packing.packing_of(path.name, None)])
    form = FORMATS.get(Path(inner).suffix)
    if form is None or not path.is_file():
        hint = "name a .nq or .trig file, packed or not, the directory of a store or generation, or an endpoint's URL"
        raise InputError(f"{name} is no release of the graph", hint=hint)
    try:
        return Release(name, tuple(pyoxigraph.parse(packing.unpacked(path), format=form)))
    except SyntaxError as error:
        where = f"{layout.shown(name)}:{error.lineno or 1}:{error.offset or 1}"
        raise SyntaxProblem(f"this is not {form}: {error.msg}", at=where, hint="mend the file at that place") from None


def difference(old: Release, new: Release) -> Difference:
    """What leads from the old release to the new one. Where one has rewritten literals, their values are compared."""
    key: Callable[[Quad], Hashable] = str if old.exact and new.exact else _by_value
    before, after = ({key(quad): quad for quad in quads} for quads in (old.quads, new.quads))
    removed = _sorted(before[key] for key in before.keys() - after.keys())
    added = _sorted(after[key] for key in after.keys() - before.keys())
    return Difference(old, new, _claims(old.quads, new.quads, {*removed, *added}), removed, added)


def _by_value(quad: Quad) -> tuple[str, int]:
    return str(quad.graph_name), normal.key(quad)


def _sorted(quads: Iterable[Quad]) -> tuple[Quad, ...]:
    return tuple(sorted(quads, key=str))


def _claims(old: Iterable[Quad], new: Iterable[Quad], changed: set[Quad]) -> tuple[Change, ...]:
    """What became of each claim, by what is asserted: what follows from it is left out."""
    before, after = _Claims.of(old), _Claims.of(new)
    touched = {quad.subject.value for quad in changed if isinstance(quad.subject, NamedNode) and _asserted(quad)}
    touched |= {whole for part, whole in (before.wholes | after.wholes).items() if part in touched}
    found = []
    for claim in sorted(before.labels.keys() | after.labels.keys()):
        kind = _kind(claim, before, after, touched)
        if kind:
            label = after.labels.get(claim) or before.labels.get(claim, "")
            found.append(Change(claim, kind, label, after.reasons.get(claim, ""), after.newer.get(claim, "")))
    return tuple(found)


def _kind(claim: str, before: _Claims, after: _Claims, touched: set[str]) -> str:
    """What became of a claim; empty when nothing did."""
    if claim not in after.labels:
        return "gone"
    if claim in after.newer and claim not in before.newer:
        return "replaced"
    if claim in after.retracted and claim not in before.retracted:
        return "withdrawn"
    if claim not in before.labels:
        return "added"
    return "changed" if claim in touched else ""


@dataclass(frozen=True, slots=True)
class _Claims:
    """What a release asserts of its claims, by their IRIs."""

    labels: dict[str, str]
    reasons: dict[str, str]
    newer: dict[str, str]
    retracted: set[str]
    wholes: dict[str, str]
    """The claim of each node that is a part of what one says."""

    @classmethod
    def of(cls, quads: Iterable[Quad]) -> _Claims:
        """Read them from the quads of a release."""
        found = cls({}, {}, {}, set(), {})
        for quad in quads:
            subject, predicate, value = (getattr(term, "value", "") for term in quad.triple)
            if not subject.startswith(terms.CLAIMS) or not _asserted(quad):
                continue
            found.labels.setdefault(subject, "")
            if predicate == LABEL and _is_english(quad.object):
                found.labels[subject] = value
            elif predicate == REASON and (_is_english(quad.object) or subject not in found.reasons):
                found.reasons[subject] = value
            elif predicate == SUPERSEDES:
                found.newer[value] = subject
            elif predicate == STATUS and value == RETRACTED:
                found.retracted.add(subject)
            elif predicate in PARTS:
                found.wholes[value] = subject
        return found


def _asserted(quad: Quad) -> bool:
    graph = getattr(quad.graph_name, "value", "")
    return graph not in {terms.GRAPH_INFERRED, terms.GRAPH_META, terms.GRAPH_ONTOLOGY}


def _is_english(term: object) -> bool:
    return isinstance(term, Literal) and (term.language or "en").startswith("en")


def text(found: Difference) -> str:
    """The claims by document, one line each, and why."""
    lines: list[str] = []
    document = ""
    for change in found.claims:
        if change.document != document:
            document = change.document
            lines += [*([""] if lines else []), document]
        name = change.claim.removeprefix(terms.CLAIMS + document + "/")
        lines.append(f"  {change.kind:9}  {name}: {change.label}")
        lines += [f"{'':13}by {change.by.removeprefix(terms.CLAIMS)}"] if change.by else []
        lines += [f"{'':13}because: {change.reason}"] if change.reason else []
    return "".join(visible(line) + "\n" for line in lines)


def summary(found: Difference) -> str:
    """The counts in a line."""
    claims = ", ".join(f"{found.count(kind)} {kind}" for kind in KINDS)
    return f"claims: {claims}; quads: {len(found.added)} added, {len(found.removed)} removed"


def data(found: Difference) -> dict[str, object]:
    """The difference as plain values for JSON."""
    documents: dict[str, list[dict[str, str]]] = {}
    for change in found.claims:
        entry = {"claim": change.claim, "change": change.kind, "label": change.label}
        entry |= {key: value for key, value in (("reason", change.reason), ("by", change.by)) if value}
        documents.setdefault(change.document, []).append(entry)
    sides = {
        side: {"name": release.name, "quads": len(set(release.quads)), "sha256": release.sha256}
        for side, release in (("old", found.old), ("new", found.new))
    }
    return {
        **sides,
        "claims": {kind: found.count(kind) for kind in KINDS},
        "quads": {"added": len(found.added), "removed": len(found.removed)},
        "documents": documents,
    }


def patch(found: Difference) -> bytes:
    """The quads as an RDF Patch (https://jena.apache.org/documentation/rdf-patch), deletions first.

    The same two releases give the same patch: its id is a UUID made from their digests (RFC 9562, version 5).
    """
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{found.old.sha256} {found.new.sha256}")
    rows = [b"D " + line for line in rdf.canonical_lines(found.removed)]
    rows += [b"A " + line for line in rdf.canonical_lines(found.added)]
    lines = [f"H id <urn:uuid:{name}> .".encode(), b"TX .", *rows, b"TC ."]
    return b"".join(line + b"\n" for line in lines)
