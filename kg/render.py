"""Answers as tables, Markdown and JSON lines, plain data as JSON: values to text, no printing."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from kg import terms
from kg.engine import Answer
from kg.store import Term
from kg.visible import escaped, visible

FORMULA = re.compile(r"\s*(?![+-](?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\Z)[=+@＝＋＠－-]")
"""The beginning of a formula (OWASP, "CSV Injection"); a number with its sign is none."""

MARKUP = re.compile(r"[\\|`*~]|(?<![^\W_])_|_(?![^\W_])|](?=[(\[:])")
"""What Markdown would take for its own: cell borders, code, emphasis, and the brackets of a link."""


def render(answer: Answer, form: str, *, bold: bool = False) -> bytes:
    """An answer as a table, Markdown or JSON lines; a truth value as a word, triples as N-Triples.

    With `bold`, a table has its column names in bold type (ECMA-48 escape sequences).
    """
    if answer.is_graph:
        return triples(answer.triples())
    if answer.is_boolean:
        text = json.dumps({"boolean": answer.truth()}) if form == "jsonl" else str(answer.truth()).lower()
        return (text + "\n").encode()
    names, rows = answer.rows()
    if form == "table":
        return table(names, rows, bold=bold).encode()
    text = WRITERS[form](names, rows)
    return text.encode()


def records(names: list[str], rows: list[list[str]], form: str) -> bytes:
    """Rows of our own making, such as findings, in the formats of answers; JSON is SPARQL 1.1 results."""
    if form == "json":
        cells = [{n: {"type": "literal", "value": c} for n, c in zip(names, row, strict=True) if c} for row in rows]
        body = {"head": {"vars": names}, "results": {"bindings": cells}}
        return escaped((json.dumps(body, ensure_ascii=False) + "\n").encode(), form)
    if form in {"csv", "tsv"}:
        return _separated([names, *rows], form).encode()
    typed: list[list[Term | None]] = [[Literal(cell) if cell else None for cell in row] for row in rows]
    return WRITERS[form](names, typed).encode()


def indented_json(data: object) -> bytes:
    """Plain data as one JSON document for people and programs: indented, hidden characters as escapes."""
    return escaped((json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode(), "json")


def _separated(lines: list[list[str]], form: str) -> str:
    """CSV (RFC 4180), or TSV without quotes: a cell's own tabs and line ends become spaces."""
    if form == "tsv":
        return "".join("\t".join(" ".join(visible(cell).split()) for cell in line) + "\n" for line in lines)
    return _csv(lines)


def _csv(lines: list[list[str]]) -> str:
    """CSV (RFC 4180) of one line a row, with an apostrophe before each cell that a spreadsheet would run (OWASP)."""
    stream = io.StringIO()
    shown = ([visible(cell) for cell in line] for line in lines)
    csv.writer(stream).writerows([["'" + cell if FORMULA.match(cell) else cell for cell in line] for line in shown])
    return stream.getvalue()


def comma_separated(names: list[str], rows: list[list[Term | None]]) -> str:
    """CSV for spreadsheets: IRIs in full, literals by their text (SPARQL 1.1 CSV results) as far as one can see it."""
    return _csv([names, *([_bare(term) for term in row] for row in rows)])


def _bare(term: Term | None) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, (Literal, NamedNode)) else str(term)


def triples(found: list[Triple]) -> bytes:
    """Triples as sorted N-Triples."""
    body = serialize(found, format=RdfFormat.N_TRIPLES)
    assert body is not None
    return escaped(b"".join(sorted(line + b"\n" for line in body.splitlines())), "ntriples")


def plain(term: Term | None) -> str:
    """A term as people read it: literals by their text, IRIs by their compact name.

    >>> plain(NamedNode("https://w3id.org/icr/id/org/miit"))
    'id-org:miit'
    """
    if term is None:
        return ""
    text = terms.compact(term.value) if isinstance(term, NamedNode) else str(getattr(term, "value", term))
    return visible(text)


def jsonl(names: list[str], rows: list[list[Term | None]]) -> str:
    """One JSON object a line, with full IRIs and the lexical forms of literals; unbound columns left out."""
    lines = []
    for row in rows:
        cells = zip(names, row, strict=True)
        lines.append(json.dumps({name: _json(term) for name, term in cells if term is not None}, ensure_ascii=False))
    return escaped("".join(line + "\n" for line in lines).encode(), "jsonl").decode()


def _json(term: Term) -> object:
    if isinstance(term, Literal):
        kind = term.datatype.value.removeprefix(terms.STANDARD["xsd"])
        # what a query computes may be no lexical form of its type: then it is text
        if kind == "integer" and re.fullmatch(r"-?(0|[1-9]\d{0,18})", term.value, re.ASCII):
            return int(term.value)
        if kind == "boolean" and term.value in {"true", "false"}:
            return term.value == "true"
        return term.value
    return getattr(term, "value", str(term))


def markdown(names: list[str], rows: list[list[Term | None]]) -> str:
    """A pipe table (GitHub Flavored Markdown) that shows each cell as it is: no markup, HTML or links of its own."""
    body = [[_literally(plain(term)) for term in row] for row in rows]
    lines = [[_literally(visible(name)) for name in names], ["---"] * len(names), *body]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _literally(cell: str) -> str:
    """A cell with what Markdown and HTML would take for markup escaped."""
    return MARKUP.sub(r"\\\g<0>", cell).replace("&", "&amp;").replace("<", "&lt;")


def table(names: list[str], rows: list[list[Term | None]], *, bold: bool = False) -> str:
    """A table as wide as the terminal; where that is too narrow, one block of lines for each row."""
    if not rows:
        return "(no rows)\n"
    names, cells = [visible(name) for name in names], [[plain(term) for term in row] for row in rows]
    width = shutil.get_terminal_size((120, 24)).columns
    words = [max([len(w) for row in cells for w in row[i].split()] + [len(name)]) for i, name in enumerate(names)]
    if sum(word + 2 for word in words) > width:
        return _records(names, cells, width, bold)
    return _grid(names, cells, width, bold)


def _grid(names: list[str], cells: list[list[str]], width: int, bold: bool) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1), header_style="bold")
    for i, name in enumerate(names):
        number = all(row[i].replace(".", "").replace("-", "").isdigit() for row in cells if row[i])
        grid.add_column(Text(name), justify="right" if number and cells else "left", overflow="fold")
    for row in cells:
        grid.add_row(*(Text(cell) for cell in row))
    console = Console(
        width=width,
        color_system="standard" if bold else None,
        force_terminal=bold,
        highlight=False,
        markup=False,
        legacy_windows=False,
    )
    with console.capture() as capture:
        console.print(grid)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def _records(names: list[str], cells: list[list[str]], width: int, bold: bool) -> str:
    """Rows as blocks of lines, name and value, long values wrapped under themselves."""
    from textwrap import wrap

    indent = max(map(len, names), default=0)
    start, end = ("\x1b[1m", "\x1b[0m") if bold else ("", "")
    blocks = []
    for row in cells:
        lines = []
        for name, value in zip(names, row, strict=True):
            wrapped = wrap(value, max(width - indent - 2, 20), break_long_words=False, break_on_hyphens=False)
            labels = [name] + [""] * len(wrapped)
            lines += [
                f"{start}{label.rjust(indent)}{end}  {part}" for label, part in zip(labels, wrapped, strict=False)
            ]
        blocks.append("".join(line + "\n" for line in lines))
    return "\n".join(blocks)


WRITERS = {"csv": comma_separated, "jsonl": jsonl, "markdown": markdown, "table": table}
"""What writes the rows of an answer in a format of ours."""
