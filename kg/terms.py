"""Namespaces, the prefix map, and the way from compact names to IRIs and back.

Standard library only: `rdflib.namespace` alone costs more than a whole answer.
"""

from __future__ import annotations

BASE = "https://w3id.org/icr/"

# Kinds of things: id/<kind>/…, each with the prefix id-<kind>:.
KINDS = tuple(
    "aggregate chain comparison dataset doc event indicator industry link linkset measure org person place platform "
    "policy policy-document population post product programme quantity ranking situation source technology tenure "
    "threshold time".split()
)

SCHEMES = tuple(
    "assertion-status attribution bound-basis category chain-role comparator comparison-result date-basis hedge "
    "instrument link-result obstacle paragraph-role set-aside-reason".split()
)

STANDARD = {
    "cito": "http://purl.org/spar/cito/",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "csvw": "http://www.w3.org/ns/csvw#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcterms": "http://purl.org/dc/terms/",
    "doco": "http://purl.org/spar/doco/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "fabio": "http://purl.org/spar/fabio/",
    "fibo-ind-ei": "https://spec.edmcouncil.org/fibo/ontology/IND/EconomicIndicators/EconomicIndicators/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "gn": "http://www.geonames.org/ontology#",
    "iof": "https://spec.industrialontologies.org/ontology/construct/",
    "np": "http://www.nanopub.org/nschema#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "rov": "http://www.w3.org/ns/regorg#",
    "schema": "http://schema.org/",
    "sdmx-attribute": "http://purl.org/linked-data/sdmx/2009/attribute#",
    "sdmx-measure": "http://purl.org/linked-data/sdmx/2009/measure#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": "http://www.w3.org/ns/shacl#",
    "sio": "http://semanticscience.org/resource/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sosa": "http://www.w3.org/ns/sosa/",
    "spdx": "http://spdx.org/rdf/terms#",
    "sssom": "https://w3id.org/sssom/",
    "time": "http://www.w3.org/2006/time#",
    "unit": "http://qudt.org/vocab/unit/",
    "void": "http://rdfs.org/ns/void#",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

PREFIXES: dict[str, str] = {
    **STANDARD,
    "claim-external": BASE + "id/claim/external/",
    "graph": BASE + "graph/",
    "icr": BASE + "ns#",
    "icr-cube": BASE + "cube#",
    "id": BASE + "id/",
    "shp": BASE + "shapes#",
    **{f"id-{kind}": f"{BASE}id/{kind}/" for kind in KINDS},
    **{f"sch-{scheme}": f"{BASE}scheme/{scheme}/" for scheme in SCHEMES},
}

# In the files of one document these five prefixes stand for the document's own names.
DOCUMENT_PREFIXES = {
    "here": "id/doc/{}/",
    "claim": "id/claim/{}/",
    "value": "id/quantity/{}/",
    "said": "id/utterance/{}/",
    "mention": "id/mention/{}/",
}

CLAIMS = BASE + "id/claim/"
"""What the IRIs of all claims begin with."""

GRAPH_ENTITIES = BASE + "graph/entities"
GRAPH_COMPARISONS = BASE + "graph/comparisons"
GRAPH_ONTOLOGY = BASE + "graph/ontology"
GRAPH_LINKS = BASE + "graph/links"
GRAPH_INFERRED = BASE + "graph/inferred"
GRAPH_META = BASE + "graph/meta"


def document_prefixes(document: str) -> dict[str, str]:
    """The prefixes that stand for one document's own names, such as `claim:`."""
    return {prefix: BASE + pattern.format(document) for prefix, pattern in DOCUMENT_PREFIXES.items()}


def document_graph(document: str) -> str:
    """IRI of the named graph of one document."""
    return f"{BASE}graph/doc/{document}"


def expand(name: str) -> str:
    r"""The IRI of a compact name, or the name itself when its prefix is not one of ours.

    >>> expand("id-org:miit")
    'https://w3id.org/icr/id/org/miit'
    >>> expand("id-org:miit\\/sme-bureau")
    'https://w3id.org/icr/id/org/miit/sme-bureau'
    >>> expand("http://example.com/x")
    'http://example.com/x'
    """
    prefix, colon, local = name.partition(":")
    if colon and prefix in PREFIXES and not local.startswith("//"):
        return PREFIXES[prefix] + local.replace("\\", "")
    return name


def graph_iri(name: str) -> str:
    """The IRI of a named graph: of its IRI, its compact name, or what stands behind the prefix graph:.

    >>> graph_iri("entities") == graph_iri("graph:entities") == "https://w3id.org/icr/graph/entities"
    True
    """
    iri = expand(name)
    return iri if is_iri(iri) else PREFIXES["graph"] + name


def rebased(text: str, base: str) -> str:
    """A SPARQL text with another base IRI in place of the project's.

    >>> rebased("PREFIX icr: <https://w3id.org/icr/ns#>", "https://data.example.org/chains/")
    'PREFIX icr: <https://data.example.org/chains/ns#>'
    """
    return text.replace(f"<{BASE}", f"<{base}")


def is_iri(text: str) -> bool:
    """Whether a text has a scheme (RFC 3986) and can stand between angle brackets in SPARQL 1.1 (IRIREF)."""
    scheme, colon, _ = text.partition(":")
    named = scheme[:1].isalpha() and scheme.isascii() and all(c.isalnum() or c in "+-." for c in scheme)
    return bool(colon) and named and not any(ord(c) <= 0x20 or c in '<>"{}|^`\\' for c in text)


def compact(iri: str) -> str:
    """The shortest compact name of an IRI, or the IRI itself.

    >>> compact("https://w3id.org/icr/id/org/miit")
    'id-org:miit'
    >>> compact("http://example.com/x")
    'http://example.com/x'
    """
    best = max(
        (p for p, space in PREFIXES.items() if iri.startswith(space)), key=lambda p: len(PREFIXES[p]), default=""
    )
    return f"{best}:{iri[len(PREFIXES[best]) :]}" if best else iri


def local(iri: str) -> str:
    """The last part of an IRI.

    >>> local("https://w3id.org/icr/ns#Claim"), local("https://w3id.org/icr/id/org/miit/")
    ('Claim', 'miit')
    """
    return iri.rstrip("/").rpartition("#")[2].rpartition("/")[2]
