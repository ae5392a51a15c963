"""Pages of HTML as the tests read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5rdf

XHTML = "{http://www.w3.org/1999/xhtml}"
CHINESE = re.compile(r"[\u3400-\u9fff]")


def parsed(text: str) -> Element:
    """A page as a strict parser of HTML 5 reads it: it raises at the first error."""
    tree: Element = html5rdf.HTMLParser(strict=True).parse(text)
    return tree


def texts(element: Element, language: str = "") -> Iterator[tuple[str, str]]:
    """Each piece of text with the language that it is marked as."""
    language = element.attrib.get("lang", language)
    yield element.text or "", language
    for child in element:
        if isinstance(child.tag, str):
            yield from texts(child, language)
        yield child.tail or "", language
