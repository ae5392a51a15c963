"""The command that says what stands behind a claim, or behind a plain triple."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg import engine, store, terms, visible
from kg.cli import ask, complete
from kg.cli.options import EndpointUrl, OptionalTextsDir, Quiet, StoreDir, checked_texts
from kg.errors import Exit, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.engine import Ask, Row
    from kg.proof import Proof
    from kg.why import Chain


def why(
    claim: Annotated[
        list[str],
        typer.Argument(
            metavar="CLAIM | SUBJECT PREDICATE OBJECT",
            help="A claim, such as scio-2020-04-23/leading-51-count, or the three terms of a plain triple.",
            autocompletion=complete.claims,
        ),
    ],
    texts: OptionalTextsDir = None,
    form: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
    directory: StoreDir = None,
    endpoint: EndpointUrl = None,
    quiet: Quiet = False,
) -> int:
    """Show all that stands behind a claim: what it says, figure and time, passages, document, speaker, comparisons.

    With --texts, the sentence itself with the span marked, on a terminal only. For a triple that no claim states,
    the rules by which it follows, down to what is asserted.
    """
    from kg import render
    from kg import why as reasons

    if form not in {"text", "json"}:
        raise UsageError(f"there is no format {form!r} here", hint="text or json")
    if len(claim) not in {1, 3}:
        raise UsageError(f"{len(claim)} names given", hint="name one claim, or the three terms of a triple")
    session = store.opened(directory, endpoint, quiet=quiet)
    asking = engine.asking(session)
    claim = [session.ours(terms.expand(name)) for name in claim]
    names = claim
    if len(claim) == 3:
        triple = reasons.named(asking, *claim)
        names, how = reasons.behind(asking, triple)
        if not names:
            ask.write(_proof(asking, reasons.inferred(asking, triple), form))
            return Exit.OK
        if how == "follows":
            store.say("no claim states this triple; it follows from the situation that is claimed here", quiet=quiet)
    chains = [reasons.chain(asking, name) for name in names]
    if form == "json":
        data = [chain.data() for chain in chains]
        ask.write(render.indented_json(data[0] if len(data) == 1 else data))
        return Exit.OK
    _print(chains, None if texts is None else checked_texts(texts), quiet)
    return Exit.OK


def _proof(asking: Ask, found: Proof, form: str) -> bytes:
    """A proof as text or JSON, with the claims among its premises."""
    from kg import places, render, wording
    from kg.why import short

    names = wording.names(asking, wording.triples(found))
    claims = sorted({short(s[1:-1]) for s, _, _ in found.asserted() if s[1:].startswith(terms.CLAIMS)})
    if form == "json":
        data = {**wording.data(found, names, places.index()), "claims": claims}
        return render.indented_json(data)
    lines = wording.lines(found, names, places.index())
    lines += ["", "Claims", *(f"  kg why {claim}" for claim in claims)] if claims else []
    return ("\n".join(visible.visible(line) for line in lines) + "\n").encode()


def _print(chains: list[Chain], folder: Path | None, quiet: bool) -> None:
    """The chains as text, with their sentences where the reader holds the texts and looks at a terminal."""
    from kg import render_why
    from kg import why as reasons

    if folder is not None and not sys.stdout.isatty():
        store.say("sentences are shown on a terminal only", quiet=quiet)
        folder = None

    def sentence(passage: Row) -> str:
        return "" if folder is None else reasons.marked(passage, folder)

    ask.write("\n".join(render_why.text(chain, sentence) for chain in chains).encode())
