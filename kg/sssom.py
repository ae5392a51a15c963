"""Mapping sets in SSSOM/TSV 1.1: reading them with a place for every error, and adding rows.

The format: https://mapping-commons.github.io/sssom/spec-formats-tsv/. A head of YAML behind `#`, then one mapping in
each row, tab-separated. Names are compact there; here they are IRIs. Owns yaml.
"""

from __future__ import annotations

import csv
import io
import itertools
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kg import layout, terms, text_files
from kg.errors import SyntaxProblem, nearest

NOTHING_FOUND = terms.STANDARD["sssom"] + "NoTermFound"
LITERAL = "rdfs literal"
NEGATED = "Not"
BUILT_IN = ("owl", "rdf", "rdfs", "semapv", "skos", "sssom", "xsd")
"""Prefixes that a head need not declare."""

COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "object_label",
    "mapping_justification",
    "object_type",
    "mapping_tool",
    "mapping_date",
    "confidence",
    "comment",
)
"""The slots of a mapping that are used here, in the order of the standard."""

SORTED_BY = ("subject_id", "predicate_modifier", "object_id", "object_label")
FORMS = (
    ("mapping_date", r"\d{4}-\d{2}-\d{2}", "a day as YYYY-MM-DD"),
    ("confidence", r"|0\.\d+|1(\.0+)?", "a number above 0 and up to 1"),
)
REQUIRED = ("subject_id", "predicate_id", "mapping_justification", "mapping_date", "comment")
HEAD_REQUIRED = ("curie_map", "mapping_set_id", "mapping_set_title", "license", "object_source")


@dataclass(frozen=True, slots=True)
class Mapping:
    """One row: a thing of ours, and what an entry of another data set is to it."""

    subject: str
    """IRI."""
    predicate: str
    """IRI."""
    object: str
    """IRI of the entry, or NOTHING_FOUND; empty when the data set has codes and no IRIs."""
    justification: str
    """IRI of a term of SEMAPV."""
    date: str
    """The day of the judgement, as YYYY-MM-DD."""
    comment: str
    """The grounds: where it was looked up, and what is to be known."""
    code: str = ""
    """What stands for the entry where it has no IRI."""
    label: str = ""
    """Of the entry, where it has an IRI and a label that tells something."""
    confidence: str = ""
    """From 0 to 1, as it is written; empty when nothing was found."""
    negated: bool = False
    """Whether the row says that the predicate does not hold."""
    tool: str = ""
    line: int = field(default=0, compare=False)
    """Of the row in its file."""


@dataclass(frozen=True, slots=True)
class MappingSet:
    """One file."""

    iri: str
    title: str
    object_source: str
    """IRI of the data set that is mapped to."""
    prefixes: dict[str, str]
    """Those of the head, and the built-in ones."""
    columns: tuple[str, ...]
    mappings: list[Mapping] = field(default_factory=list)


def read(path: str) -> MappingSet:
    """The mapping set in a file. Raises SyntaxProblem with file and line, InputError when it cannot be read."""
    return parse(text_files.read(path), layout.shown(path))


def parse(text: str, shown: str) -> MappingSet:
    """The mapping set in a text; `shown` is what its file is called in errors. Raises SyntaxProblem."""
    lines = io.StringIO(text, newline="\n").readlines()
    start = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    head = _head("".join(line[1:] for line in lines[:start]), shown)
    prefixes = {**{prefix: terms.STANDARD[prefix] for prefix in BUILT_IN}, **head["curie_map"]}
    rows = csv.DictReader(lines[start:], delimiter="\t", strict=True)
    columns = tuple(rows.fieldnames or ())
    for column in columns:
        if columns.count(column) > 1:
            raise _wrong(f"the column {column} stands twice", shown, start + 1, "take one of them out")
        if column not in COLUMNS:
            raise _wrong(f"the column {column!r} is not known here", shown, start + 1, nearest(column, list(COLUMNS)))
    for column in REQUIRED:
        if column not in columns:
            raise _wrong(f"the column {column} is missing", shown, start + 1, "add it")
    found = MappingSet(
        _iri(str(head["mapping_set_id"]), prefixes, shown, 1),
        str(head["mapping_set_title"]),
        _iri(str(head["object_source"]), prefixes, shown, 1),
        prefixes,
        columns,
    )
    try:
        for row in rows:
            found.mappings.append(_mapping(row, prefixes, shown, start + rows.line_num))
    except csv.Error as error:
        raise _wrong(
            str(error), shown, start + rows.line_num + 1, 'a cell with "quotes" is written """quotes"""'
        ) from None
    return found


def _head(text: str, shown: str) -> dict[str, Any]:
    """The metadata of a mapping set."""
    import yaml

    try:
        head = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "it cannot be read"
        raise _wrong(f"the head is not YAML: {what}", shown, mark.line + 1 if mark else 1, "mend it") from None
    if not isinstance(head, dict) or not isinstance(head.get("curie_map"), dict):
        raise _wrong("the head has no curie_map", shown, 1, "begin with the head of another file of seeds/links")
    for key in HEAD_REQUIRED:
        if key not in head:
            raise _wrong(f"the head has no {key}", shown, 1, f"add #{key}: …")
    return head


def _mapping(row: dict[str, str], prefixes: dict[str, str], shown: str, line: int) -> Mapping:
    if None in row or None in row.values():
        raise _wrong("the row has another number of cells than the first one", shown, line, "one tab between two cells")
    for column in REQUIRED:
        if not row[column]:
            raise _wrong(f"the row has no {column}", shown, line, "fill it in")
    if row.get("predicate_modifier", "") not in {"", NEGATED}:
        raise _wrong("predicate_modifier is neither empty nor Not", shown, line, "write Not, or nothing")
    for column, form, hint in FORMS:
        if not re.fullmatch(form, row.get(column, "")):
            raise _wrong(f"{column} is not {hint}", shown, line, f"write {hint}")
    literal = row.get("object_type") == LITERAL
    named = "object_label" if literal else "object_id"
    if not row.get(named):
        raise _wrong(f"the row has no {named}", shown, line, f"a code has object_type {LITERAL!r} and object_label")
    label = row.get("object_label", "")
    return Mapping(
        subject=_iri(row["subject_id"], prefixes, shown, line),
        predicate=_iri(row["predicate_id"], prefixes, shown, line),
        object="" if literal else _iri(row["object_id"], prefixes, shown, line),
        justification=_iri(row["mapping_justification"], prefixes, shown, line),
        date=row["mapping_date"],
        comment=row["comment"],
        code=label if literal else "",
        label="" if literal else label,
        confidence=row.get("confidence", ""),
        negated=bool(row.get("predicate_modifier")),
        tool=row.get("mapping_tool", ""),
        line=line,
    )


def _iri(name: str, prefixes: dict[str, str], shown: str, line: int) -> str:
    """The IRI of a compact name; those of the project's own prefixes are full IRIs in mapping_set_id."""
    prefix, colon, local = name.partition(":")
    if colon and local.startswith("//") and terms.is_iri(name):
        return name
    if not colon or prefix not in prefixes:
        hint = nearest(prefix, sorted(prefixes))
        raise _wrong(f"{name!r} has a prefix that the head does not declare", shown, line, hint)
    iri = str(prefixes[prefix]) + local
    if not terms.is_iri(iri):
        raise _wrong(f"{name!r} is not the name of anything", shown, line, "mend the cell")
    return iri


def _wrong(what: str, shown: str, line: int, hint: str) -> SyntaxProblem:
    return SyntaxProblem(f"this is not SSSOM/TSV: {what}", at=f"{shown}:{line}", hint=hint)


def with_rows(text: str, added: Iterable[dict[str, str]]) -> str:
    """The text of a mapping set with further rows (column to cell), sorted by subject, predicate and object.

    Columns that the file has not, and prefixes that its head lacks, are added.
    """
    lines = text.splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    reader = csv.DictReader(lines[start:], delimiter="\t", strict=True)
    rows = [*reader, *added]
    filled = {column for row in rows for column, cell in row.items() if cell}
    columns = [column for column in COLUMNS if column in filled or column in (reader.fieldnames or ())]
    rows.sort(key=lambda row: [row.get(key) or "" for key in SORTED_BY])
    body = io.StringIO()
    writer = csv.DictWriter(body, columns, delimiter="\t", lineterminator="\n", restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return "".join([*_with_prefixes(lines[:start], rows), body.getvalue()])


def without_search(text: str, subjects: set[str]) -> str:
    """The text of a mapping set without the rows by which nothing was found for these subjects (compact names)."""
    nothing = f"\t{terms.compact(NOTHING_FOUND)}\t"
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if nothing not in line or line.partition("\t")[0] not in subjects)


def _with_prefixes(head: list[str], rows: list[dict[str, str]]) -> list[str]:
    """The lines of a head with those prefixes of the project that the rows use and it does not declare."""
    names = (row.get(column) or "" for row in rows for column in ("subject_id", "predicate_id", "object_id"))
    used = {name.partition(":")[0] for name in names} - set(BUILT_IN)
    first = head.index("#curie_map:\n") + 1
    declared = list(itertools.takewhile(lambda line: line.startswith("#  "), head[first:]))
    known = {line[3:].partition(":")[0] for line in declared}
    new = [f"#  {prefix}: {terms.PREFIXES[prefix]}\n" for prefix in used - known if prefix in terms.PREFIXES]
    return [*head[:first], *sorted([*declared, *new]), *head[first + len(declared) :]]


def target(path: str) -> str:
    """The short name of a mapping set: that of its file.

    >>> target("seeds/links/iso-3166-2.sssom.tsv")
    'iso-3166-2'
    """
    return os.path.basename(path).removesuffix(layout.MAPPINGS)
