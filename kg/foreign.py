"""RDF files that a user brings: read strictly, and what is wrong with a file told as findings with their places.

Turtle, TriG, N-Triples and N-Quads are parsed in this process, which they cannot hang. RDF/XML takes minutes for a few
hundred kilobytes of nesting, and JSON-LD has contexts and framing: both are parsed by a child with a deadline and a
memory limit.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from kg import layout, links, rdf, sandbox, terms, text_files, turtle
from kg.errors import InputError, SyntaxProblem, UsageError, nearest
from kg.model import Finding, Place
from kg.turtle import Scan

FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".turtle": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".jsonld": RdfFormat.JSON_LD,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
}
IN_PROCESS = (RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.N_QUADS, RdfFormat.TRIG)
"""Those whose places kg.turtle finds, too."""

LARGEST_BYTES = 50_000_000
SECONDS = 20.0
"""Deadline of the child."""

STDIN = "-"
DIFFERS = "prefix-differs"
UNDECLARED = re.compile(r"The prefix (.*): has not been declared")

HINTS = (
    ("A dot is expected", "end what stands before with a dot, or with ; when this is about the same thing"),
    ("No scheme found", "write the whole IRI, or a compact name without < and >"),
    ("Invalid IRI", "write the IRI without spaces and without any of < > \" { } | ^ ` \\"),
    ("not allowed at the beginning", "write straight quotes around text, and \\/ for a slash in a compact name"),
    ("is not a valid RDF object", "write the value between the property and the punctuation mark"),
    ("is not a valid subject", 'write dates and texts between quotes, as "2020-04-23"^^xsd:date'),
    ("LoadDocumentCallback", "write the context into the file: nothing is fetched"),
    ("end of file", "finish the statement with a dot; a text or bracket that is opened must be closed"),
    ("Unexpected end", "finish the statement with a dot; a text or bracket that is opened must be closed"),
)  # fmt: skip
"""What to do, by what the parser says."""


@dataclass(slots=True)
class Source:
    """A file as it was read."""

    file: str
    """Its path as people know it."""
    triples: list[Triple] = field(default_factory=list)
    scan: Scan | None = None
    """Where its terms stand; None in a format that has no places, or when it does not parse."""
    findings: list[Finding] = field(default_factory=list)
    """Why it cannot be read, or what of it cannot be checked."""

    def trouble(self, source: str, message: str, fix: str, line: int = 0, column: int = 0, detail: str = "") -> Source:
        """Note a violation of the file as a whole, and return the source."""
        place = Place(self.file, line, column)
        self.findings.append(Finding("violation", source, "", message, detail, fix, place=place))
        return self


def read(path: str) -> Source:
    """A file of RDF, a mapping set (.sssom.tsv), or standard input as Turtle.

    Raises InputError for what is no readable file, UsageError for an ending that names no format of RDF.
    """
    source = Source("standard input" if path == STDIN else layout.shown(path))
    if path.endswith(layout.MAPPINGS):
        return _mapping_set(source, path)
    form = FORMATS.get(os.path.splitext(path)[1].lower()) if path != STDIN else RdfFormat.TURTLE
    body = read_bytes(path)
    if form is None:
        raise UsageError(
            f"{source.file} has no ending that names a format", hint="one of " + " ".join(FORMATS) + ", or - for Turtle"
        )
    return read_body(source, body, form)


def _mapping_set(source: Source, path: str) -> Source:
    """The source with the links of a mapping set, or with why it is none."""
    try:
        source.scan = links.scan(path)
    except SyntaxProblem as problem:
        line = str(problem.at).rpartition(":")[2]
        fix = f"{problem.hint[0].upper()}{problem.hint[1:]}." if problem.hint else ""
        return source.trouble("syntax", f"{problem.what[0].upper()}{problem.what[1:]}.", fix, int(line))
    source.triples = list(links.triples(path))
    return source


def read_body(source: Source, body: bytes, form: RdfFormat) -> Source:
    """The source with what the bytes of its file say in a format, or with why they cannot be read."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return source.trouble("encoding", "The file is in UTF-16.", "Save it in UTF-8.")
    try:
        text = body.removeprefix(text_files.BYTE_ORDER_MARK).decode()
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()
        place = _line_and_column(before, len(before))
        return source.trouble("encoding", "The file is not text in UTF-8.", "Save it in UTF-8.", *place)
    if "\0" in text:
        return source.trouble("encoding", "The file holds zero bytes: it is not text.", "Save it as text in UTF-8.")
    if not text.strip():
        return source.trouble("empty-file", "The file is empty.", "Write what it should say, or leave it out.")
    return _parsed(source, text, form)


def read_bytes(path: str) -> bytes:
    """What a file holds. Raises InputError."""
    try:
        if path == STDIN:
            body = sys.stdin.buffer.read(LARGEST_BYTES + 1)
        else:
            with open(path, "rb") as file:
                body = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", hint="name a file, or - for stdin") from None
    if len(body) > LARGEST_BYTES:
        raise InputError(f"{path} is larger than {LARGEST_BYTES // 1_000_000} million bytes", hint="check it in parts")
    return body


def _parsed(source: Source, text: str, form: RdfFormat) -> Source:
    """The source with its triples, or with why it has none."""
    in_process = form in IN_PROCESS
    try:
        quads = list(pyoxigraph.parse(text, format=form)) if in_process else _parsed_by_child(text, form)
    except SyntaxError as error:
        return _not_parsed(source, text, form, error)
    source.triples = [quad.triple for quad in quads]
    source.scan = turtle.scan(text) if in_process else None
    source.findings += _other_prefixes(source)
    if not source.triples:
        return source.trouble("empty-file", "The file says nothing.", "Write what it should say, or leave it out.")
    if strange := [triple for triple in source.triples if not _plain(triple)]:
        fix = "Write a claim with its own name; give a text no direction."
        source.trouble("rdf-1.2", "The file uses what only RDF 1.2 has.", fix, detail=str(strange[0]))
        source.triples = [triple for triple in source.triples if _plain(triple)]
    return source


def _plain(triple: Triple) -> bool:
    """Whether a triple is one of RDF 1.1."""
    term = triple.object
    if isinstance(term, Literal):
        return getattr(term, "direction", None) is None
    return isinstance(term, NamedNode | BlankNode)


def _not_parsed(source: Source, text: str, form: RdfFormat, error: SyntaxError) -> Source:
    """The source with one finding, or with one for each prefix that is not declared."""
    what = re.sub(r"^Parser error [^:]*: ", "", str(error.msg)).rstrip(".")
    if UNDECLARED.fullmatch(what):
        scan = turtle.scan(text)
        for prefix, offset in scan.undeclared.items():
            line, column = scan.place(offset)
            source.trouble(
                "undeclared-prefix", f"The prefix {prefix}: is not declared.", _declare(prefix, scan), line, column
            )
        return source
    if "Line jumps" in what:
        return _open_string(source, text)
    fix = next((fix for key, fix in HINTS if key in what), "mend the file at that place")
    return source.trouble(
        "syntax",
        f"This is not {form.name}: {what}.",
        f"{fix[0].upper()}{fix[1:]}.",
        error.lineno or 0,
        error.offset or 0,
    )


def _open_string(source: Source, text: str) -> Source:
    """The source with the place where a text begins that does not end on its line."""
    quote = next((token.start for token in turtle.tokens(text) if token.kind == "other" and token.text in "\"'"), 0)
    fix = "Close it, or put three quotes around a text of several lines."
    return source.trouble("syntax", "A text is not closed on its line.", fix, *_line_and_column(text, quote))


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Both from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _other_prefixes(source: Source) -> list[Finding]:
    """The prefixes of the project that stand for something else here, which is seldom meant."""
    scan, found = source.scan, []
    for prefix, iri in scan.prefixes.items() if scan else ():
        if scan and terms.PREFIXES.get(prefix, iri) != iri:
            message = f"The prefix {prefix}: stands for another namespace than in the project."
            fix = f"Write @prefix {prefix}: <{terms.PREFIXES[prefix]}> ."
            place = Place(source.file, *scan.place(scan.declared[prefix]))
            severity = "violation" if terms.PREFIXES[prefix].startswith(terms.BASE) else "warning"
            found.append(Finding(severity, DIFFERS, "", message, iri, fix, place=place))
    return found


def _declare(prefix: str, scan: Scan) -> str:
    """What to do about a prefix that is not declared."""
    ours = {**terms.PREFIXES, **terms.document_prefixes("DOCUMENT")}
    if prefix in ours:
        return f"Put this line at the top: @prefix {prefix}: <{ours[prefix]}> ."
    close = nearest(prefix, sorted({*scan.prefixes, *ours}))
    if close.startswith("did"):
        return f"{close[0].upper()}{close[1:]}"
    return f"Declare it: @prefix {prefix}: <…> ."


def _parsed_by_child(text: str, form: RdfFormat) -> list[pyoxigraph.Quad]:
    """The quads of a text, parsed by a child that is killed at the deadline. Raises SyntaxError."""
    command = [sys.executable, "-m", "kg.foreign", form.file_extension]
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise SyntaxError(f"it takes more than {SECONDS:g} seconds to read") from None
    if done.returncode:
        line, _, rest = done.stderr.decode(errors="replace").partition("\t")
        column, _, what = rest.partition("\t")
        problem = SyntaxError(what or "it takes more memory than it may have")
        problem.lineno, problem.offset = (int(line), int(column)) if what else (None, None)
        raise problem
    return list(rdf.parse_lines(done.stdout))


def _child(ending: str) -> int:
    """Parse what stands on stdin and print it as N-Quads; the parent reads it and kills us at the deadline."""
    sandbox.limit(SECONDS)
    try:
        quads = list(pyoxigraph.parse(sys.stdin.buffer.read(), format=RdfFormat.from_extension(ending)))
    except SyntaxError as error:
        sys.stderr.write(f"{error.lineno or 0}\t{error.offset or 0}\t{error.msg}")
        return 1
    sys.stdout.buffer.write(pyoxigraph.serialize(quads, format=RdfFormat.N_QUADS) or b"")
    return 0


if __name__ == "__main__":
    sys.exit(_child(*sys.argv[1:]))
