"""Options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

EndpointUrl = Annotated[
    str | None,
    typer.Option(
        "--endpoint",
        metavar="URL",
        help="Ask this SPARQL 1.1 endpoint instead of the embedded store [default: the variable KG_ENDPOINT]. "
        "Name and password come from KG_ENDPOINT_USER and KG_ENDPOINT_PASSWORD, KG_ENDPOINT_TOKEN, or netrc; "
        "KG_ENDPOINT_SECONDS says how long an answer may take [default: 60].",
    ),
]
