"""The pages of things as JSON-LD in schema.org terms, for those who read pages with machines."""

from __future__ import annotations

import json

from kg import terms
from kg.site_graph import SiteGraph
from kg.site_pages import Page
from kg.triples import Triples

SCHEMA = terms.PREFIXES["schema"]
CONTEXT = "https://schema.org"
"""The context that search engines know; its terms are those of http://schema.org/."""


def data(page: Page, graph: SiteGraph) -> dict[str, object] | None:
    """The description of a thing; None for what schema.org has no word for."""
    kinds = _kinds(page, graph)
    if not kinds:
        return None
    found: dict[str, object] = {"@context": CONTEXT, "@type": kinds[0] if len(kinds) == 1 else kinds, "@id": page.iri}
    names = ((page.title, page.language or "en"), (page.chinese, "zh-Hans"))
    found["name"] = [{"@value": name, "@language": language} for name, language in names if name]
    found |= _optional(page, graph)
    if page.claim:
        found |= _appearances(page, graph)
    if "DefinedTerm" in kinds:
        found["inDefinedTermSet"] = graph.triples.iris(page.iri, "skos:inScheme")
    return found


def dataset(iri: str, description: Triples) -> str:
    """The description of a data set (DCAT 3) as schema.org/Dataset, in JSON that may stand inside a script element."""

    def texts(subject: str, predicate: str) -> list[str]:
        return sorted(obj.value for obj in description.objects(subject, predicate))

    (period,) = texts(iri, "dcterms:temporal")
    found = {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": iri,
        "name": description.text(iri, "dcterms:title"),
        "description": description.text(iri, "dcterms:description"),
        "url": texts(iri, "dcat:landingPage"),
        "license": texts(iri, "dcterms:license"),
        "version": description.text(iri, "dcat:version"),
        "keywords": texts(iri, "dcat:keyword"),
        "publisher": [{"@id": by, "name": description.text(by, "foaf:name")} for by in texts(iri, "dcterms:publisher")],
        "spatialCoverage": texts(iri, "dcterms:spatial"),
        "temporalCoverage": "/".join(texts(period, way)[0] for way in ("dcat:startDate", "dcat:endDate")),
        "inLanguage": "en",
        "isBasedOn": texts(iri, "prov:wasDerivedFrom"),
        "distribution": [
            {
                "@type": "DataDownload",
                "name": description.text(file, "dcterms:title"),
                "contentUrl": file,
                "encodingFormat": [kind.partition("media-types/")[2] for kind in texts(file, "dcat:mediaType")],
                "contentSize": f"{description.text(file, 'dcat:byteSize')} B",
            }
            for file in texts(iri, "dcat:distribution")
        ],
    }
    return escaped(found)


def text(page: Page, graph: SiteGraph) -> str:
    """The same as JSON that may stand inside a script element; empty for what has none."""
    found = data(page, graph)
    return escaped(found) if found else ""


def escaped(found: object) -> str:
    """JSON in which nothing ends a script element of HTML."""
    return json.dumps(found, ensure_ascii=False, indent=1).replace("<", "\\u003c")


def _kinds(page: Page, graph: SiteGraph) -> list[str]:
    """The names of the schema.org types that the classes of a thing are aligned with, the narrowest first."""
    classes = [term for kind in page.kinds for term in (kind.iri, *graph.above(kind.iri))]
    aligned = [target for term in classes for target in graph.triples.iris(term, "icr:alignedWith")]
    found = [iri.removeprefix(SCHEMA) for iri in aligned if iri.startswith(SCHEMA)]
    concept = terms.expand("skos:Concept") in graph.triples.iris(page.iri, "rdf:type")
    return list(dict.fromkeys(found)) or (["DefinedTerm"] if concept else [])


def _optional(page: Page, graph: SiteGraph) -> dict[str, object]:
    """What only some things have: further names, a definition, an address, a day, a publisher, links."""
    triples = graph.triples
    publishers = [{"@id": iri, "name": graph.name(iri)[0]} for iri in triples.iris(page.iri, "dcterms:publisher")]
    same = [value.iri for fact in page.links for value in fact.values if fact.property == SCHEMA + "sameAs"]
    found: dict[str, object] = {
        "alternateName": [text for text, _ in graph.names(page.iri, "skos:altLabel")],
        "description": [text for text, _ in page.definitions],
        "headline": triples.text(page.iri, "dcterms:title"),
        "datePublished": triples.text(page.iri, "dcterms:issued"),
        "url": triples.iris(page.iri, "dcterms:source") if triples.text(page.iri, "dcterms:issued") else [],
        "publisher": publishers,
        "sameAs": same,
    }
    return {key: value for key, value in found.items() if value}


def _appearances(page: Page, graph: SiteGraph) -> dict[str, object]:
    """The documents in which a claim is made, and who makes it (schema:Claim)."""
    assert page.claim is not None
    triples = graph.triples
    documents = dict.fromkeys(place.document for place in page.claim.places if place.document)
    said = triples.iris(page.iri, "icr:saidIn")
    voices = [voice for utterance in said for voice in triples.iris(utterance, "icr:speaker")]
    found: dict[str, object] = {
        "appearance": [{"@type": "CreativeWork", "@id": iri, "name": graph.name(iri)[0]} for iri in documents],
        "author": [{"@id": iri, "name": graph.name(iri)[0]} for iri in voices],
    }
    return {key: value for key, value in found.items() if value}
