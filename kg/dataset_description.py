"""The description of the data set for catalogues: DCAT 3 and VoID, made by the queries of queries/describe.

Nothing in it depends on a clock: the same graph and the same files give the same triples.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Triple

from kg import queries, terms
from kg.store import Session

DATASET = terms.BASE + "dataset"
PARTS = ("catalog", "dataset", "graphs", "class-partitions", "property-partitions")
SIZE = terms.expand("dcat:byteSize")
NOT_NEGATIVE = NamedNode(terms.expand("xsd:nonNegativeInteger"))
IANA = "https://www.iana.org/assignments/media-types/"
MEDIA_TYPES = {
    "jsonld": "application/ld+json",
    "nquads": "application/n-quads",
    "ntriples": "application/n-triples",
    "rdfxml": "application/rdf+xml",
    "trig": "application/trig",
    "turtle": "text/turtle",
}
PACKINGS = {"gzip": "application/gzip", "zstd": "application/zstd"}


@dataclass(frozen=True, slots=True)
class Distribution:
    """A file that holds the data set, or a part or form of it."""

    file: str
    """Its name, relative to the description."""
    title: str
    form: str
    """One of rdf.GRAPH_FORMATS."""
    packing: str
    """One of packing.ENDINGS."""
    bytes: int
    sha256: str
    """Of the file as it lies there."""
    conforms_to: str = ""
    """IRI of the standard that the content keeps."""


def describe(session: Session, distributions: Iterable[Distribution] = (), rdfc10: str = "") -> list[Triple]:
    """The triples that describe the data set of a store, and the files that hold it.

    `rdfc10` is the SHA-256 of the canonical N-Quads of the data set (RDFC-1.0), where it is known.
    """
    made = {triple for part in PARTS for triple in _constructed(session, queries.read(part, "describe").body)}
    query = queries.read("distribution", "describe")
    for distribution in distributions:
        params = {
            "file": distribution.file,
            "title": distribution.title,
            "mediaType": IANA + MEDIA_TYPES[distribution.form],
            "bytes": str(distribution.bytes),
            "sha256": distribution.sha256,
        }
        if distribution.packing in PACKINGS:
            params["compressFormat"] = IANA + PACKINGS[distribution.packing]
        if distribution.conforms_to:
            params["conformsTo"] = distribution.conforms_to
        if rdfc10:
            params["contentSha256"] = rdfc10
        made.update(_constructed(session, queries.bind(query, params)))
    return sorted(made, key=str)


def _constructed(session: Session, text: str) -> list[Triple]:
    made = session.run(text, None)
    assert isinstance(made, pyoxigraph.QueryTriples)
    return [_sized(triple) for triple in made]


def _sized(triple: Triple) -> Triple:
    """The triple with a size in bytes as DCAT wants it: the engine makes an integer of every kind of integer."""
    if triple.predicate.value == SIZE and isinstance(triple.object, Literal):
        return Triple(triple.subject, triple.predicate, Literal(triple.object.value, datatype=NOT_NEGATIVE))
    return triple
