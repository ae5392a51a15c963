"""The source texts: paragraphs, spans, digests, and the Turtle that a curator starts from.

A text is the exact character sequence of one file: UTF-8, line feeds, no normalisation. Positions are code
points from the start of the file, end exclusive, as the Web Annotation model counts (TextPositionSelector).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from kg import terms
from kg.errors import InputError, TextProblem

PRINTED_MAXIMUM = 60
"""Characters of a printed form: a figure with its hedge or a name, never a sentence."""


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
            places = ", ".join(f"paragraph {p.number} at {start}" for p, start in hits)
            raise TextProblem(
                f"these words stand {len(hits)} times in {self.document}: {places}",
                hint="take more words, or --paragraph NUMBER",
            )
        return hits[0]


def passage_turtle(text: SourceText, words: str, printed: list[str], paragraph: int | None = None) -> str:
    """The Turtle of the passage that holds these words, for a file of the document.

    The printed forms default to the whole span. Raises TextProblem for words that do not stand there once,
    InputError for a printed form that is too long or not inside the span.
    """
    place, start = text.find(words, paragraph)
    end = start + len(words)
    forms = printed or [words]
    for form in forms:
        if form not in words:
            raise InputError(f"the printed form {form!r} does not stand inside the span", hint="copy it exactly")
        if len(form) > PRINTED_MAXIMUM:
            raise InputError(
                f"the printed form has {len(form)} characters, more than {PRINTED_MAXIMUM}",
                hint="name the figure with its hedge, or the name: --printed FORM",
            )
    return f"""{_prefixes("icr", "xsd")}@prefix here: <{terms.document_prefixes(text.document)["here"]}> .

here:c{start}-{end} a icr:Passage ;
  icr:inParagraph here:p{place.number} ;
  icr:startChar {start} ; icr:endChar {end} ;
  icr:sha256 "{digest(words)}"^^xsd:hexBinary ;
  icr:printedForm {" , ".join(quoted(form) for form in forms)} ."""


def quoted(text: str) -> str:
    """A Turtle string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _prefixes(*names: str) -> str:
    return "".join(f"@prefix {name}: <{terms.PREFIXES[name]}> .\n" for name in names)


def document_turtle(text: SourceText) -> str:
    """The skeleton of a document: record to fill in, rendition, paragraphs with guessed roles."""
    here = terms.document_prefixes(text.document)["here"]
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*", text.document):
        raise InputError(
            f"{text.document!r} cannot name a document: its IRI is made from it",
            hint="name the file in lower-case letters, digits and hyphens, such as my-paper-2024-05-01.txt",
        )
    names = ("dcterms", "icr", "id-doc", "id-org", "rdfs", "sch-date-basis", "sch-paragraph-role", "xsd")
    body = text.text.encode()
    blocks = [
        f"# {text.document}: the record, the rendition in which positions are counted, and its paragraphs.",
        _prefixes(*names) + f"@prefix here: <{here}> .",
        f"""# Fill in every FILL-IN, choose the class (icr:NewsArticle, icr:BriefingTranscript), check each role below
# (one of: {ROLES}).
id-doc:{text.document} a icr:NewsArticle ;
  rdfs:label {quoted(text.document)}@en ;
  dcterms:title "FILL-IN"@en ;
  dcterms:publisher id-org:FILL-IN ;
  dcterms:issued "FILL-IN"^^xsd:date ; icr:dateBasis sch-date-basis:stated ;
  dcterms:language "en" ;
  icr:hasRendition here:text .""",
        f"""here:text a icr:TextRendition ;
  rdfs:label {quoted(text.file)} ;
  icr:fileName {quoted(text.file)} ;
  icr:sha256 "{digest(text.text)}"^^xsd:hexBinary ;
  icr:lengthInCharacters {len(text.text)} ; icr:lengthInBytes {len(body)} .""",
    ]
    blocks += [_paragraph_turtle(text, paragraph) for paragraph in text.paragraphs()]
    return "\n\n".join(blocks)


ROLES = "headline standfirst byline heading caption question body speaker-label teaser boilerplate"


def _paragraph_turtle(text: SourceText, paragraph: Paragraph) -> str:
    words = text.text[paragraph.start : paragraph.end]
    return f"""here:p{paragraph.number} a icr:Paragraph ;
  icr:inRendition here:text ; icr:paragraphNumber {paragraph.number} ;
  icr:paragraphRole sch-paragraph-role:{guessed_role(words, paragraph.number)} ;
  icr:startChar {paragraph.start} ; icr:endChar {paragraph.end} ;
  icr:sha256 "{digest(words)}"^^xsd:hexBinary ."""


FURNITURE = re.compile(
    r"advertisement|copyright|all rights reserved|reading time|print e-mail|more from|related|^[\d<>\s]+$|bookmark|"
    r"originally appeared|why you can trust",
    re.IGNORECASE,
)


def guessed_role(words: str, number: int) -> str:
    """The role that a paragraph probably has; a person checks it. See the scheme paragraph-role."""
    stripped = words.strip()
    if len(stripped) < 120 and FURNITURE.search(stripped):
        return "boilerplate"
    if number == 1:
        return "headline"
    if re.search(r"\[photo|photo:|\(photo", stripped, re.IGNORECASE):
        return "caption"
    if len(stripped) < 60 and re.fullmatch(r"[A-Z][\w.' -]+:", stripped):
        return "speaker-label"
    if re.search(r"updated:|^by [A-Z]|reporter ", stripped, re.IGNORECASE) and len(stripped) < 160:
        return "byline"
    if stripped.startswith("- "):
        return "standfirst"
    if len(stripped) < 80 and not re.search(r"[.!?:;]$", stripped):
        return "heading"
    return "body"
