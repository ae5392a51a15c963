"""Supply-chain graphs of others in our terms, by the queries of queries/align: claims, each with the file it is from.

Each file stands in a named graph of its own while the queries run, so that a claim names its file. Rows of JSON become
nodes with one property for each key, as in Facade-X (https://sparql-anything.cc); what they mean, the queries say.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple

from kg import foreign, layout, lookup, queries, rdf, terms, text_files
from kg.errors import InputError, SyntaxProblem
from kg.foreign import Source

KEY = "urn:json:"
"""Before the keys of JSON objects."""

ROWS = (".json", ".jsonl", ".ndjson")
"""Endings of files with one JSON object on each line."""

NAMES = frozenset(
    NamedNode(iri) for iri in (terms.expand("rdfs:label"), "http://schema.org/name", "https://schema.org/name")
)
"""What gives a thing its name."""

OURS, SOURCES = terms.PREFIXES["id"], terms.PREFIXES["id-source"]
"""How the names of all things of this project begin, and those of what a file leaves unnamed."""

HERE = "http://here.invalid/"
"""Before the identifiers by which a page names its own parts, such as #buyer; nothing else has this host (RFC 2606)."""

CONTEXT = re.compile(r'"@context"\s*:\s*("[^"]*"|\[[^\]]*\])')
SCHEMA_ORG = re.compile(r'(^|[\[,]\s*)"https?://(?:www\.)?schema\.org/?(?:docs/jsonldcontext\.jsonld?)?"(?!\s*:)')
VOCABULARY = rf'\1{{"@vocab": "http://schema.org/", "@base": "{HERE}"}}'
"""In place of the context that nearly every page names: nothing is fetched, and for what is read here this does."""

KNOWN_FORMS = (
    "there are mappings for instance data of the IOF Supply Chain ontology, rows of ChainKnowledgeGraph "
    "(company_product.json, product_product.json), and orders and demands of schema.org"
)


def slug(text: str) -> str:
    """A name as it stands in an IRI: lower-case ASCII words with hyphens.

    >>> slug("Company_Product.json"), slug("供应链.json")
    ('company-product-json', 'json')
    """
    plain = lookup.fold(text).encode("ascii", "ignore").decode()
    return "-".join(plain.split()) or "graph"


def graph(name: str) -> NamedNode:
    """The named graph of what was aligned under a name."""
    return NamedNode(terms.document_graph(slug(name)))


def align(files: Iterable[str], name: str) -> list[Triple]:
    """What the files say of supply, in our terms, sorted; `name` tells it from what other people's graphs say.

    A thing that a file names by an IRI of this project is that thing, and what it is called stands with it already.

    Raises SyntaxProblem with the place for a file that does not parse, UsageError for an ending that names no format,
    and InputError when the files hold nothing of a form that is known.
    """
    store = Store()
    whole = NamedNode(f"{terms.BASE}id/source/{slug(name)}")
    described = _entity(whole, slug(name))
    ours: set[object] = set()
    for file in files:
        node = NamedNode(f"{whole.value}/{slug(os.path.basename(file))}")
        said = _said(file, node.value)
        ours.update(end for triple in said for end in (triple.subject, triple.object) if _is_ours(end))
        store.bulk_extend(rdf.quad_in(node, triple) for triple in said)
        described += _entity(node, os.path.basename(file), hashlib.sha256(foreign.read_bytes(file)).hexdigest())
    made = [triple for triple in _mapped(store) if triple.subject not in ours]
    if not made:
        raise InputError("nothing in the files is of a form that kg knows", hint=KNOWN_FORMS)
    named = {triple.object for triple in made}
    return sorted({*made, *(triple for triple in described if triple.subject in named)}, key=str)


def _mapped(store: Store) -> list[Triple]:
    """What the queries make of the files and then of what they made, until nothing new comes.

    Only those that look into no file are asked again: what the files say does not change.
    """
    texts = [queries.read(name, "align").body for name in queries.names("align")]
    made: dict[Triple, None] = {}
    while True:
        new = {triple for text in texts for triple in _constructed(store, text) if triple not in made}
        if not new:
            return list(made)
        made.update(dict.fromkeys(new))
        store.bulk_extend(Quad(*triple) for triple in new)
        texts = [text for text in texts if "GRAPH ?source" not in text]


def _constructed(store: Store, text: str) -> pyoxigraph.QueryTriples:
    found = store.query(text, use_default_graph_as_union=True)
    assert isinstance(found, pyoxigraph.QueryTriples)
    return found


def _said(file: str, space: str) -> list[Triple]:
    """What a file says; what has no name in it gets one below `space`."""
    if file.endswith(ROWS):
        return list(_rows(file, foreign.read_bytes(file), space))
    source = _jsonld(file, foreign.read_bytes(file)) if file.endswith(".jsonld") else foreign.read(file)
    for finding in source.findings:
        if finding.severity == "violation" and finding.source != foreign.DIFFERS:
            raise SyntaxProblem(finding.message.rstrip("."), at=str(finding.place), hint=finding.fix)
    return list(_with_names(_with_one_name(source.triples), space))


def _jsonld(file: str, body: bytes) -> Source:
    """A JSON-LD file; the context of schema.org, which may not be fetched, is put in."""
    text = body.decode("utf-8", "surrogateescape")
    known = with_vocabulary(text).encode("utf-8", "surrogateescape")
    return foreign.read_body(Source(layout.shown(file)), known, RdfFormat.JSON_LD)


def with_vocabulary(text: str) -> str:
    """A JSON-LD text with VOCABULARY in place of the context of schema.org, alone or among others."""
    return CONTEXT.sub(lambda found: f'"@context": {SCHEMA_ORG.sub(VOCABULARY, found[1])}', text)


def _with_one_name(triples: list[Triple]) -> Iterator[Triple]:
    """The triples with one name for each thing: in English, else without a language, else the first by its code."""

    def rank(name: Triple) -> tuple[bool, bool, str]:
        language = getattr(name.object, "language", None) or ""
        return language.partition("-")[0] != "en", bool(language), str(name.object)

    named = [triple for triple in triples if triple.predicate in NAMES]
    chosen = {name.subject: name for name in sorted(named, key=rank, reverse=True)}
    return (triple for triple in triples if triple.predicate not in NAMES or triple == chosen[triple.subject])


def _with_names(triples: Iterable[Triple], space: str) -> Iterator[Triple]:
    """The triples with an IRI for what is named in the file only, by the order in which the file has it."""
    names: dict[object, NamedNode] = {}
    for triple in triples:
        subject, obj = (
            names.setdefault(end, NamedNode(f"{space}/node-{len(names) + 1}")) if _is_local(end) else end
            for end in (triple.subject, triple.object)
        )
        assert isinstance(subject, NamedNode)
        yield Triple(subject, triple.predicate, obj)


def _is_ours(end: object) -> bool:
    """Whether a term of a file is the name of a thing of this project; what a file leaves unnamed is no such thing."""
    return isinstance(end, NamedNode) and end.value.startswith(OURS) and not end.value.startswith(SOURCES)


def _is_local(end: object) -> bool:
    """Whether a term means nothing outside its file."""
    return isinstance(end, BlankNode) or (isinstance(end, NamedNode) and end.value.startswith(HERE))


def _rows(file: str, body: bytes, space: str) -> Iterator[Triple]:
    """The objects of a JSON file, one on each line, as nodes with one property for each key."""
    shown = layout.shown(file)
    for number, line in enumerate(text_files.decoded(body, shown).splitlines(), 1):
        if line.strip():
            node = NamedNode(f"{space}/row-{number}")
            for key, value in _row(line, f"{shown}:{number}").items():
                yield Triple(node, NamedNode(KEY + key), Literal(value))


def _row(line: str, place: str) -> dict[str, str]:
    """The keys of one row whose names may stand in an IRI, with their values as text. Raises SyntaxProblem."""
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        hint = "ChainKnowledgeGraph has one object on each line; JSON-LD goes into a file that ends in .jsonld"
        raise SyntaxProblem(f"this is not JSON: {error.msg}", at=f"{place}:{error.colno}", hint=hint) from None
    except (RecursionError, ValueError):
        raise SyntaxProblem("this JSON is nested too deeply, or has too long a number", at=place) from None
    if not isinstance(row, dict):
        raise SyntaxProblem("this row is no JSON object", at=place, hint='write {"key": "value"} on each line')
    texts = {key: value for key, value in row.items() if isinstance(value, str) and terms.is_iri(KEY + key)}
    if any("\ud800" <= character <= "\udfff" for text in texts.values() for character in text):
        raise SyntaxProblem("a value of this row has half a character (a lone surrogate)", at=place)
    return {key: " ".join(text.split()) for key, text in texts.items()}


def _entity(node: NamedNode, name: str, sha256: str = "") -> list[Triple]:
    """What is to be known of a graph of others or a file of it: its name, and the digest by which to tell it again."""
    found = [
        Triple(node, NamedNode(terms.expand("rdf:type")), NamedNode(terms.expand("prov:Entity"))),
        Triple(node, NamedNode(terms.expand("rdfs:label")), Literal(f"{name} (graph of others)", language="en")),
    ]
    if sha256:
        digest = Literal(sha256, datatype=NamedNode(terms.expand("xsd:hexBinary")))
        found.append(Triple(node, NamedNode(terms.expand("icr:sha256")), digest))
    return found
