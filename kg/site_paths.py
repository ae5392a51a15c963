"""Where the files of the site stand: below its folder, at the paths of the IRIs that they describe."""

from __future__ import annotations

import functools
import os
from urllib.parse import quote, unquote

from kg import terms
from kg.errors import InputError

LONGEST_NAME = 200
"""Bytes of one part of a path, with room for an ending: file systems take 255."""


def path(iri: str) -> str:
    """The path of a thing's files, without their endings.

    Raises InputError for an IRI that names no file below the folder of the site.

    >>> path("https://w3id.org/icr/id/org/miit/sme-bureau")
    'id/org/miit/sme-bureau'
    """
    found = unquote(iri.removeprefix(terms.BASE))
    parts = found.split("/")
    odd = any(part in {"", ".", "..", "index"} or len(part.encode()) > LONGEST_NAME for part in parts)
    if odd or "\\" in found or any(ord(c) < 0x20 for c in found):
        raise InputError(f"<{iri}> has no page: its path cannot be that of a file", hint="give the thing another name")
    return found


def has_page(iri: str) -> bool:
    """Whether the site has files of its own for an IRI: one of ours without a fragment."""
    return iri.startswith(terms.BASE) and "#" not in iri and "?" not in iri


@functools.lru_cache(100_000)
def address(iri: str) -> str:
    """The file, with anchor, that describes an IRI of ours; the IRI itself when it is that of others.

    Empty for what no browser may follow.

    >>> address("https://w3id.org/icr/ns#Claim"), address("https://w3id.org/icr/id/org/miit")
    ('ns.html#Claim', 'id/org/miit.html')
    >>> address("http://www.wikidata.org/entity/Q1"), address("javascript:alert(1)")
    ('http://www.wikidata.org/entity/Q1', '')
    """
    document, hash_, place = iri.partition("#")
    if has_page(document):
        return f"{quote(path(document))}.html{hash_}{quote(place)}"
    return iri if iri.startswith(("http://", "https://")) and not iri.startswith(terms.BASE) else ""


@functools.lru_cache(100_000)
def relative(target: str, here: str) -> str:
    """A target below the folder of the site, as a file of the site links to it; what lies elsewhere stays.

    >>> relative("id/org/miit.html", "id/org/miit/sme-bureau.html"), relative("style.css", "index.html")
    ('../miit.html', 'style.css')
    """
    if "://" in target or not target:
        return target
    file, hash_, place = target.partition("#")
    return os.path.relpath(file, os.path.dirname(here) or ".").replace(os.sep, "/") + hash_ + place
