"""A chain of evidence as lines that people read: values to text, no printing."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kg import terms
from kg.engine import Row
from kg.terms import local
from kg.visible import visible
from kg.why import Chain, passages, short

Sentence = Callable[[Row], str]
"""Gives the sentence of a passage; empty when it is not to be shown."""


def text(chain: Chain, sentence: Sentence) -> str:
    """The chain in sections, each line indented below its section."""
    lines = [chain.label, f"  {chain.claim}", f"  {chain.kind}", *(f"  note: {note}" for note in chain.notes)]
    sections = (
        ("Says", _says(chain)),
        ("Figure", _figures(chain)),
        ("Time", _times(chain)),
        ("Passages", _passages(chain, sentence)),
        ("Document" if chain.parts["passages"] else "Source", _documents(chain)),
        ("Said by", _voices(chain)),
        ("Comparisons", _comparisons(chain)),
        ("Related claims", _related(chain)),
    )
    for title, found in sections:
        if found:
            lines += ["", title, *(f"  {line}" for line in found)]
    return "\n".join(visible(line) for line in lines) + "\n"


def _says(chain: Chain) -> list[str]:
    rows = chain.parts["statements"]
    lines = [f"{row['role']}: {row['name']}" + _where(row["value"]) for row in rows]
    plain = chain.parts["passages"] and not any(row["property"].endswith("#assertionStatus") for row in rows)
    return ["assertion status: stated", *lines] if plain else lines


def _where(value: str) -> str:
    """The compact name of a thing, in brackets; nothing for a literal."""
    return f" ({terms.compact(value)})" if value.startswith("http") else ""


def _figures(chain: Chain) -> list[str]:
    lines = []
    for row in chain.parts["figures"]:
        value = number(row["value"]) if row["value"] else ""
        lines.append(f"printed “{row['printed']}”: {_joined((row['comparator'], value, row['unitLabel']))}")
        lines += [f"  {bound}" for bound in interval(row)]
    return lines


def _times(chain: Chain) -> list[str]:
    lines = []
    for row in chain.parts["times"]:
        days = _joined(dict.fromkeys((row["earliest"], row["latest"])), " to ")
        lines.append(f"{row['role']}: {row['label']} ({_joined((row['edtf'], days), '; ')}), {row['basis']}")
        lines += [f"  {row['note']}"] if row["note"] else []
    return lines


def _passages(chain: Chain, sentence: Sentence) -> list[str]:
    lines = []
    for row, forms in passages(chain):
        place = f"¶{row['paragraph']} ({row['role']}), characters {row['start']}–{row['end']}"
        printed = ", ".join(f"“{form}”" for form in forms)
        lines.append(f"{local(row['document'])} {place}: {printed}" + (f" ({row['back']})" if row["back"] else ""))
        lines.append(f"  sha256 {row['sha256']}")
        shown = sentence(row)
        lines += [f"  | {shown}"] if shown else []
    return lines


def _documents(chain: Chain) -> list[str]:
    lines = []
    for row in chain.parts["documents"]:
        date = row["issued"] + (f" ({row['basis']})" if row["basis"] else "")
        lines.append(_joined((row["title"], row["publisher"], date)))
        lines += [f"  {row['address']}"] if row["address"] else []
    return lines


def _voices(chain: Chain) -> list[str]:
    lines = []
    for row in chain.parts["voices"]:
        lines.append(f"{row['speaker'] or row['voice']}" + (f", {row['post']}" if row["post"] else ""))
        about = {
            "as": row["speakingAs"],
            "for": row["body"],
            "at": _joined((row["occasion"], row["when"])),
            "voice": row["voice"] if row["speaker"] else "",
            "utterance": row["label"],
            "note": row["note"],
        }
        lines += [f"  {key}: {value}" for key, value in about.items() if value]
    return lines


def _comparisons(chain: Chain) -> list[str]:
    lines = []
    seen: set[str] = set()
    for row in chain.parts["comparisons"]:
        if row["comparison"] not in seen:
            seen.add(row["comparison"])
            origin = {"true": ", independent origins", "false": ", one origin"}.get(row["independent"], "")
            lines.append(f"{row['result']}{origin}: {row['label']}")
            lines += [f"  grounds: {row['grounds']}"] if row["grounds"] else []
        lines.append(f"  with {short(row['other'])}: {row['otherLabel']}")
    return lines


def _related(chain: Chain) -> list[str]:
    return [f"{row['relation']} {short(row['other'])}: {row['label']}" for row in chain.parts["related"]]


def interval(figure: Row) -> list[str]:
    """The bounds of a figure in words, each with its basis."""
    lines = []
    for side, open_, closed in (("lower", "more than", "at least"), ("upper", "less than", "at most")):
        if figure[side]:
            word = closed if figure[f"{side}Inclusive"] == "true" else open_
            lines.append(f"{word} {number(figure[side])} ({figure[f'{side}Basis']})")
    return lines


def number(value: str) -> str:
    """A decimal with separators and without empty places.

    >>> number("7679.0"), number("71.7")
    ('7,679', '71.7')
    """
    whole, _, rest = value.partition(".")
    rest = rest.rstrip("0")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits or 0):,}" + (f".{rest}" if rest else "")


def _joined(words: Iterable[str], between: str = ", ") -> str:
    """Those that are not empty, in one string."""
    return between.join(word for word in words if word)
