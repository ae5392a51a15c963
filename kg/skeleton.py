"""What a curator starts a document from: the Turtle of its record, and of its claims with the figures to be placed."""

from __future__ import annotations

import re
from decimal import Decimal

from kg import dates, phrases, terms, units
from kg.errors import InputError
from kg.phrases import Figure
from kg.texts import Paragraph, SourceText, digest, quoted

ROLES = "headline standfirst byline heading caption question body speaker-label teaser boilerplate"
RECORD_PREFIXES = ("dcterms", "here", "icr", "id-doc", "id-org", "rdfs", "sch-date-basis", "sch-paragraph-role", "xsd")

NOT_FOR_CLAIMS = {*terms.STANDARD, "claim-external", "graph", "id", "shp", "sch-paragraph-role", "id-comparison"} - {
    "org", "prov", "rdfs", "skos", "unit", "xsd",
}  # fmt: skip
"""Prefixes that no file of claims needs."""

BOILERPLATE = re.compile(
    r"advertisement|copyright|all rights reserved|reading time|print e-mail|related (?:stories|articles|news)|"
    r"^[\d<>\s]+$|bookmark|originally appeared|why you can trust",
    re.IGNORECASE,
)
TEASER = re.compile(r"^(?:more|read more|also read|see also|more from|related)\b.*:", re.IGNORECASE)
BYLINE = re.compile(
    r"[Uu]pdated:|^[Bb]y [A-Z]|[Rr]eporter |^[\w .'-]+, (?:[A-Z][a-z]+ \d{1,2}|\d{1,2} [A-Z][a-z]+),? \d{4}$"
)


def record(text: SourceText) -> str:
    """The record of a document to fill in: its rendition, and its paragraphs with guessed roles.

    Raises InputError for a name that cannot be part of an IRI.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*", text.document):
        raise InputError(
            f"{text.document!r} cannot name a document: its IRI is made from it",
            hint="name the file in lower-case letters, digits and hyphens, such as my-paper-2024-05-01.txt",
        )
    blocks = [
        f"# {text.document}: the record, the rendition in which positions are counted, and its paragraphs.\n"
        + _prefixes(text.document, RECORD_PREFIXES),
        f"""# Fill in every FILL-IN, choose the class (icr:NewsArticle, icr:BriefingTranscript), check title, day, roles
# (one of: {ROLES}).
id-doc:{text.document} a icr:NewsArticle ;
  rdfs:label "FILL-IN"@en ;
  dcterms:title {quoted(guessed_title(text))}@en ;
  dcterms:publisher id-org:FILL-IN ;
  dcterms:issued "{guessed_day(text)}"^^xsd:date ; icr:dateBasis sch-date-basis:stated ;
  dcterms:language "en" ;
  icr:hasRendition here:text .""",
        f"""here:text a icr:TextRendition ;
  rdfs:label {quoted(text.file)} ;
  icr:fileName {quoted(text.file)} ;
  icr:sha256 "{digest(text.text)}"^^xsd:hexBinary ;
  icr:lengthInCharacters {len(text.text)} ; icr:lengthInBytes {len(text.text.encode())} .""",
    ]
    return "\n\n".join(blocks + [_paragraph(text, paragraph) for paragraph in text.paragraphs()])


def claims(text: SourceText) -> str:
    """The file of a document's claims to fill in: prefixes, the outlet's voice, and the figures of each paragraph."""
    prefixes = [name for name in (*terms.PREFIXES, *terms.DOCUMENT_PREFIXES) if name not in NOT_FOR_CLAIMS]
    blocks = [
        f"# {text.document}: claims with their passages and quantities, in the order of the text.\n"
        "# Every prefix that may be wanted is declared; take out those that stay unused.\n"
        + _prefixes(text.document, tuple(prefixes)),
        "# Who speaks: one utterance for each voice and occasion",
        f"""said:outlet a icr:Utterance ;
  rdfs:label "FILL-IN in its own voice"@en ;
  icr:reportedIn id-doc:{text.document} ; icr:attributionType sch-attribution:outlet ;
  icr:speaker id-org:FILL-IN .""",
    ]
    for paragraph in text.paragraphs():
        words = text.text[paragraph.start : paragraph.end]
        role = guessed_role(words, paragraph.number)
        if role != "boilerplate":
            lines = [f"# ¶{paragraph.number} {role}"]
            lines += _figures_and_days(words)
            blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def measurement(name: str, passage: str, form: str) -> str:
    """The Turtle of a figure's claim to fill in, with its quantity; `passage` is a block of Turtle that rests under it.

    Raises InputError for a name that cannot be part of an IRI, and for a printed form that is no figure.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
        raise InputError(
            f"{name!r} cannot name a claim: its IRI is made from it",
            hint="say in lower-case letters, digits and hyphens what it says, such as leading-92-count",
        )
    figure = phrases.read(form)
    if figure is None:
        raise InputError(f"{form!r} is read as no number", hint="give the figure with its hedge first: --printed FORM")
    return f"""claim:{name} a icr:Measurement ;
  rdfs:label "FILL-IN"@en ;
  prov:wasDerivedFrom {passage.split()[0]} ;
  icr:saidIn said:FILL-IN ;
  icr:indicator id-indicator:FILL-IN ;
  icr:measuredEntity id-population:FILL-IN ;
  icr:quantity value:{name} ;
  icr:referenceTime id-time:FILL-IN .

{passage}

value:{name} a icr:QuantityValue ;
  icr:printedForm {quoted(form)} ;
  {_as_quantity(figure)} ."""


def _figures_and_days(words: str) -> list[str]:
    """The figures of a paragraph in order, and the days and months, whose numbers are no figures."""
    days = [match for match in dates.matches(words) if not match["only"]]
    lines = [(match.start(), f"#   {quoted(match[0])}: a time (id-time:…)") for match in days]
    for figure in phrases.figures(words):
        if not any(match.start() <= figure.number < match.end() for match in days):
            lines.append((figure.start, _figure(words, figure)))
    return [line for _, line in sorted(lines)]


def _figure(words: str, figure: Figure) -> str:
    """A figure as it is printed, and as a quantity value would have it."""
    return f"#   {quoted(words[figure.start : figure.end])}: {_as_quantity(figure)}"


def _as_quantity(figure: Figure) -> str:
    """Comparator, number and unit of a figure in Turtle; of a range the ends, too."""
    said = (
        f"icr:comparator sch-comparator:{figure.comparator} ; icr:numericValue {_decimal(figure.value)} ; "
        f"icr:unit unit:{units.MEANT_BY[figure.family][0]}"
    )
    if figure.upper is None:
        return said
    bounds = (
        f"icr:{end}Bound {_decimal(value)} ; icr:{end}Inclusive true ; icr:{end}Basis sch-bound-basis:stated"
        for end, value in (("lower", figure.value), ("upper", figure.upper))
    )
    return " ; ".join([said, *bounds])


def _decimal(value: Decimal) -> str:
    """A number as the graph writes it, with its point."""
    plain = f"{value.normalize():f}"
    return plain if "." in plain else plain + ".0"


def _prefixes(document: str, names: tuple[str, ...]) -> str:
    spaces = {**terms.PREFIXES, **terms.document_prefixes(document)}
    return "\n".join(f"@prefix {name}: <{spaces[name]}> ." for name in sorted(names))


def _paragraph(text: SourceText, paragraph: Paragraph) -> str:
    words = text.text[paragraph.start : paragraph.end]
    return f"""here:p{paragraph.number} a icr:Paragraph ;
  icr:inRendition here:text ; icr:paragraphNumber {paragraph.number} ;
  icr:paragraphRole sch-paragraph-role:{guessed_role(words, paragraph.number)} ;
  icr:startChar {paragraph.start} ; icr:endChar {paragraph.end} ;
  icr:sha256 "{digest(words)}"^^xsd:hexBinary ."""


def guessed_title(text: SourceText) -> str:
    """The headline, or FILL-IN where the text does not begin with one."""
    first = text.paragraphs()[0]
    words = text.text[first.start : first.end]
    return words.strip() if guessed_role(words, first.number) == "headline" else "FILL-IN"


def guessed_day(text: SourceText) -> str:
    """The one day that the byline prints, in ISO form, or FILL-IN."""
    bylines = [text.text[p.start : p.end] for p in text.paragraphs()]
    bylines = [words for n, words in enumerate(bylines, start=1) if guessed_role(words, n) == "byline"]
    days = {f"{d.year}-{d.month:02}-{d.day:02}" for words in bylines for d in dates.printed(words) if d.year and d.day}
    return days.pop() if len(days) == 1 else "FILL-IN"


def guessed_role(words: str, number: int) -> str:
    """The role that a paragraph probably has; a person checks it. See the scheme paragraph-role."""
    stripped = words.strip()
    if len(stripped) < 120 and BOILERPLATE.search(stripped):
        return "boilerplate"
    if len(stripped) < 160 and TEASER.search(stripped):
        return "teaser"
    if number == 1:
        return "headline"
    if re.search(r"\[photo|photo:|\(photo", stripped, re.IGNORECASE):
        return "caption"
    if len(stripped) < 60 and re.fullmatch(r"[A-Z][\w.' -]+:", stripped):
        return "speaker-label"
    if len(stripped) < 160 and not stripped.endswith(".") and BYLINE.search(stripped):
        return "byline"
    if stripped.startswith("- "):
        return "standfirst"
    if len(stripped) < 80 and not re.search(r"[.!?:;]$", stripped):
        return "heading"
    return "body"
