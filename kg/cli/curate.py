"""The commands that print the Turtle from which a curator adds a document."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli import complete
from kg.cli.options import TextsDir
from kg.errors import Exit, InputError, StoreError, UnknownName, UsageError, nearest


def passage(
    document: Annotated[
        str, typer.Argument(help="Name of the document, such as scio-2020-04-23.", autocompletion=complete.documents)
    ],
    words: Annotated[str, typer.Argument(help="The words of the span, exactly as they stand in the text.")],
    texts: TextsDir,
    printed: Annotated[
        list[str] | None,
        typer.Option(
            "--printed",
            help="A figure with its hedge, or a name, inside the span; may be given again. "
            "Left out, the span itself, where it is no more than that.",
        ),
    ] = None,
    paragraph: Annotated[
        int | None, typer.Option("--paragraph", help="Number of the paragraph, when the words stand more than once.")
    ] = None,
    set_aside: Annotated[
        str, typer.Option("--set-aside", help="Reason why no claim carries the span, such as rhetorical.")
    ] = "",
    claim: Annotated[
        str,
        typer.Option("--claim", help="Print the claim of the first printed form, a figure, with its quantity, too."),
    ] = "",
) -> int:
    """Print the Turtle of a passage: positions, paragraph, digest, printed form. The words stay where they are.

    With --claim NAME, the claim that rests on it as well, to be filled in.
    """
    from kg import skeleton, vocabulary
    from kg import texts as source_texts

    if claim and set_aside:
        raise UsageError("what is set aside has no claim", hint="--claim or --set-aside")
    if set_aside and set_aside not in (reasons := sorted(vocabulary.concepts("set-aside-reason"))):
        hint = nearest(set_aside, reasons)
        raise UnknownName(f"there is no reason {set_aside!r} to set a span aside", hint=hint)
    text = source_texts.SourceText.read(texts, document)
    turtle = source_texts.passage_turtle(text, words, printed or [], paragraph, set_aside)
    typer.echo(skeleton.measurement(claim, turtle, (printed or [words])[0]) if claim else turtle)
    return Exit.OK


def new_document(
    file: Annotated[
        Path,
        typer.Argument(readable=False, help="The text, UTF-8; its name without the ending names the document."),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", help="Write DOCUMENT/record.ttl and DOCUMENT/claims.ttl below this folder."),
    ] = None,
) -> int:
    """Print the skeleton of a document: record to fill in, rendition, paragraphs with guessed roles.

    With --output, writes it, and beside it the file of its claims with the figures to be placed.
    """
    from kg import skeleton
    from kg import texts as source_texts

    text = source_texts.SourceText.read(file.parent, file.name.removesuffix(".txt"), file=file)
    record = skeleton.record(text) + "\n"
    if output is None:
        typer.echo(record, nl=False)
        return Exit.OK
    folder = output / text.document
    bodies = {folder / "record.ttl": record, folder / "claims.ttl": skeleton.claims(text)}
    if there := next((path for path in bodies if path.exists()), None):
        raise InputError(f"{there} is there already", hint="remove it, or name another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, body in bodies.items():
            path.write_text(body, encoding="utf-8")
            typer.echo(path)
    except OSError as error:
        raise StoreError(f"{folder} cannot be written: {error.strerror or error}") from None
    return Exit.OK
