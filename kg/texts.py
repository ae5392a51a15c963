"""The source texts: paragraphs, spans, digests, and the Turtle of a passage.

A text is the exact character sequence of one file: UTF-8, line feeds, no normalisation. Positions are code
points from the start of the file, end exclusive, as the Web Annotation model counts (TextPositionSelector).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from kg.errors import InputError, TextProblem

PRINTED_MAXIMUM = 60
"""Characters of a printed form: a figure with its hedge or a name, never a sentence."""

SHOWN_PLACES = 8
"""Of words that stand more than once, as an error names them."""
NAME_WORDS = 6
"""Words of a span that may be a name or a figure as a whole."""
SENTENCE_END = re.compile(r"[?!。？！][\"'“”‘’」』)）]*$")


def digest(text: str) -> str:
    """SHA-256 of the UTF-8 bytes, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A non-empty line, numbered from 1; positions in code points of the text, end exclusive."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of one document, as it stands in its file."""

    document: str
    text: str
    file: str

    @classmethod
    def read(cls, folder: Path, document: str, *, file: Path | None = None) -> SourceText:
        """Read DOCUMENT.txt in a folder. Raises TextProblem when it is missing or not UTF-8 with line feeds."""
        path = file or folder / f"{document}.txt"
        try:
            body = path.read_bytes()
        except OSError as error:
            raise TextProblem(
                f"the text of {document} cannot be read: {error.strerror}",
                at=str(path),
                hint=None if file else f"--texts names the folder that holds {document}.txt",
            ) from None
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise TextProblem(
                "the text is not UTF-8", at=f"{path}, byte {error.start}", hint="convert it to UTF-8"
            ) from None
        if not text.strip():
            raise TextProblem("the text is empty", at=str(path))
        if "\r" in text:
            raise TextProblem(
                "the text has carriage returns, so positions would shift", at=str(path), hint="convert it to line feeds"
            )
        if text.startswith("\ufeff"):
            raise TextProblem(
                "the text begins with a byte order mark, which would count as a character",
                at=str(path),
                hint="save it in UTF-8 without one",
            )
        return cls(document, text, path.name)

    def paragraphs(self) -> list[Paragraph]:
        """The non-empty lines, in order."""
        found: list[Paragraph] = []
        start = 0
        for line in self.text.split("\n"):
            if line.strip():
                found.append(Paragraph(len(found) + 1, start, start + len(line)))
            start += len(line) + 1
        return found

    def find(self, words: str, paragraph: int | None = None) -> tuple[Paragraph, int]:
        """The paragraph that holds the words, and the position of the first of them.

        Raises TextProblem when they stand nowhere, more than once, or across a paragraph's end.
        """
        wanted = [p for p in self.paragraphs() if paragraph in (None, p.number)]
        if not wanted:
            raise TextProblem(
                f"{self.document} has no paragraph {paragraph}", hint=f"it has {len(self.paragraphs())} paragraphs"
            )
        hits = [
            (p, p.start + match.start())
            for p in wanted
            for match in re.finditer(f"(?={re.escape(words)})", self.text[p.start : p.end])
        ]
        if not words or not hits:
            hint = "copy the words exactly, quotation marks and spaces too; a passage lies within one paragraph"
            raise TextProblem(f"these words do not stand in {self.document}", hint=hint)
        if len(hits) > 1:
            places = ", ".join(f"paragraph {p.number} at {start}" for p, start in hits[:SHOWN_PLACES])
            places += ", …" if hits[SHOWN_PLACES:] else ""
            raise TextProblem(
                f"these words stand {len(hits)} times in {self.document}: {places}",
                hint="take more words, or --paragraph NUMBER",
            )
        return hits[0]


def passage_turtle(
    text: SourceText, words: str, printed: list[str], paragraph: int | None = None, set_aside: str = ""
) -> str:
    """The Turtle of the passage that holds these words, to be pasted into a file of the document.

    The printed forms default to the whole span, where that can be a figure or a name. With `set_aside`, a concept of
    the scheme set-aside-reason, it is a span that no claim carries. Raises TextProblem for words that do not stand
    there once, InputError for a printed form that is too long or not inside the span, and for a sentence as one.
    """
    place, start = text.find(words, paragraph)
    end = start + len(words)
    if not printed and (len(words.split()) > NAME_WORDS or SENTENCE_END.search(words)):
        raise InputError(
            "the span is a clause, whose words stay where they were published",
            hint="say which of its words are to be kept, a figure with its hedge or a name: --printed FORM",
        )
    forms = printed or [words]
    for form in forms:
        if form not in words:
            raise InputError(f"the printed form {form!r} does not stand inside the span", hint="copy it exactly")
        if len(form) > PRINTED_MAXIMUM:
            raise InputError(
                f"the printed form has {len(form)} characters, more than {PRINTED_MAXIMUM}",
                hint="name the figure with its hedge, or the name: --printed FORM",
            )
    kind, reason = (
        ("SetAside", f" ;\n  icr:setAsideReason sch-set-aside-reason:{set_aside}") if set_aside else ("Passage", "")
    )
    return f"""here:c{start}-{end} a icr:{kind} ;
  icr:inParagraph here:p{place.number} ;
  icr:startChar {start} ; icr:endChar {end} ;
  icr:sha256 "{digest(words)}"^^xsd:hexBinary ;
  icr:printedForm {" , ".join(quoted(form) for form in forms)}{reason} ."""


def quoted(text: str) -> str:
    """A Turtle string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
