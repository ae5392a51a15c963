"""The templates of the pages: one environment for HTML and one for Markdown. Owns jinja2."""

from __future__ import annotations

import os

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kg import layout

FOLDER = os.path.join(layout.PACKAGE, "templates")


def environment(*, html: bool) -> Environment:
    """The environment of kg/templates; with `html`, what is printed is escaped."""
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=html,  # noqa: S701 (off for what is no HTML, where the writer escapes)
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )


def markup(text: str) -> str:
    """Text that is HTML already, which templates print as it is."""
    return Markup(text)  # noqa: S704 (callers have escaped it)
