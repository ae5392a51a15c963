"""Finding things by what people call them: IRI, compact name, slug, or a name in any language.

A plain `kg query` with a parameter imports this module, so it imports nothing beyond the standard library.
"""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher

from kg import label_words, queries, terms
from kg.errors import InputError, SyntaxProblem, UnknownName, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.engine import Engine
    from kg.model import Hit, Name

NOT_NAMED = {"claim", "comparison", "link", "linkset", "mention", "quantity", "ranking", "tenure", "time", "utterance"}
"""Kinds of nodes that carry facts and are not what people ask about by name."""
ALIKE = 0.75
"""How alike a misspelt name must be, as difflib measures it."""
SHORT_FORM = 0.85
"""How well a short form answers to a Chinese name."""


def resolve(session: Engine, value: str, values: str = "") -> str:
    """The IRI that a parameter's value means.

    `value` is an IRI, a compact name, a slug, or a name in any language; `values` says what is asked for: kinds of
    things or concept schemes, or else (the name of a query) any thing. Raises UnknownName with the nearest names for
    what the graph does not know, InputError for a name of several things: none of them is picked.
    """
    value = value.encode("utf-8", "replace").decode()  # what is no character cannot be in a name
    iri = session.ours(terms.expand(value))
    for candidate in [iri] if ":" in iri else [space + slug for space in spaces(values) for slug in _slugs(value)]:
        if terms.is_iri(candidate) and _exists(session, candidate):
            asked = spaces(values)
            if asked and kind_of(candidate) and not candidate.startswith(tuple(asked)):
                raise _of_another_kind(value, values, candidate)
            return candidate
    if "://" in iri:
        raise _unknown(session, slug(iri) if iri.startswith(terms.BASE) else "", values, value)
    found = [thing for thing in _exactly(session, value) if _asked_for(thing, values)]
    for alike in (fold, singular):
        wanted = alike(value)
        if not found and wanted:
            same = {n.thing for n in names(session) if wanted in {alike(n.text), alike(slug(n.thing))}}
            found = sorted(thing for thing in same if _asked_for(thing, values))
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(map(terms.compact, found))
        raise InputError(f"{shortened(value)} means {len(found)} things: {listed}", hint="write one of these")
    raise _unknown(session, value, values, value)


def bound(session: Engine, name: str, params: dict[str, str], kind: str = "answer") -> str:
    """The text of an answer query, or one of another kind, with its parameters bound; things may be given by name.

    Raises what `resolve` and `queries.bind` raise.
    """
    query = queries.read(name, kind)
    asked = {key: query.params[key] for key in params if key in query.params and query.params[key].type == "iri"}
    resolved = {key: resolve(session, params[key], param.values) for key, param in asked.items()}
    for key in params.keys() & query.params.keys():
        words = query.params[key].values.split() if query.params[key].type == "string" else []
        if words and params[key] not in words:
            raise UnknownName(
                f"{queries.option(key)} is not {shortened(params[key])}", hint=nearest(params[key], words)
            )
    return queries.bind(query, {**params, **resolved})


def spaces(values: str) -> list[str]:
    """The IRI spaces of the kinds and schemes in `values`; none when it names no kind and no scheme.

    >>> spaces("place")
    ['https://w3id.org/icr/id/place/']
    """
    words = values.split()
    found = [f"{terms.BASE}id/{word}/" for word in words if word in terms.KINDS]
    return found + [f"{terms.BASE}scheme/{word}/" for word in words if word in terms.SCHEMES]


def kind_of(iri: str) -> str:
    """The kind of a thing or the scheme of a concept; empty for anything else.

    >>> kind_of("https://w3id.org/icr/id/org/miit/sme-bureau"), kind_of("https://w3id.org/icr/scheme/hedge/almost")
    ('org', 'hedge')
    """
    space, _, rest = iri.removeprefix(terms.BASE).partition("/")
    return rest.partition("/")[0] if iri.startswith(terms.BASE) and space in {"id", "scheme"} else ""


def is_thing(iri: str) -> bool:
    """Whether an IRI is of a thing or concept that people ask about by name."""
    return kind_of(iri) not in {"", *NOT_NAMED}


def slug(iri: str) -> str:
    """The part of an IRI that tells a thing from others of its kind.

    >>> slug("https://w3id.org/icr/id/org/miit/sme-bureau")
    'miit/sme-bureau'
    """
    return iri.removeprefix(terms.BASE).split("/", 2)[-1]


def fold(text: str) -> str:
    """A name without case, accents, width and punctuation, for comparing (Unicode NFKD and case folding).

    >>> fold("Wēichái  Group"), fold("ＭＩＩＴ"), fold("潍柴集团")
    ('weichai group', 'miit', '潍柴集团')
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c if c.isalnum() else " " for c in plain if unicodedata.category(c)[0] not in "MC")
    return " ".join(kept.split())


def singular(text: str) -> str:
    """A folded name with each word without its last s, so that "face masks" meets "face mask".

    >>> singular("Face Masks"), singular("glass") == singular("glasses")
    ('face mask', False)
    """
    return " ".join(word.removesuffix("s") for word in fold(text).split())


def names(session: Engine) -> list[Name]:
    """All names of the things and concepts of the graph."""
    from kg.model import Name

    _, rows = session.ask(queries.read("names", "lookup").body).rows()
    found = (Name(*(getattr(term, "value", "") for term in row)) for row in rows)
    return [name for name in found if is_thing(name.thing)]


def search(session: Engine, words: str) -> list[Hit]:
    """The things that some words may mean, best first: in any language, folded, in part, shortened, or misspelt."""
    from kg.model import Hit

    wanted = fold(words)
    best: dict[str, Hit] = {}
    for name in names(session) if wanted else ():
        text = fold(name.text)
        score = max(likeness(wanted, text), SHORT_FORM if shortens(wanted, text) else 0.0)
        if score >= ALIKE and (name.thing not in best or score > best[name.thing].score):
            best[name.thing] = Hit(name.thing, name.text, name.kind, score)
    return sorted(best.values(), key=lambda hit: (-hit.score, len(hit.name), hit.thing))


def searchable() -> list[str]:
    """The kinds of things and the concept schemes whose members have names to search for."""
    return sorted({*terms.KINDS, *terms.SCHEMES} - NOT_NAMED)


def listed(session: Engine, kind: str) -> list[Hit]:
    """Everything of a kind or concept scheme by its label, in the order of the labels."""
    from kg.model import Hit

    found: dict[str, Hit] = {}
    for name in names(session):
        if name.kind == "label" and _asked_for(name.thing, kind):
            found.setdefault(name.thing, Hit(name.thing, name.text, name.kind, 1.0))
    return sorted(found.values(), key=lambda hit: (fold(hit.name), hit.thing))


def likeness(wanted: str, name: str) -> float:
    """How well a folded name answers to folded words: 1 the same, from 0.9 a part, below that misspelt.

    >>> likeness("weichai", "weichai"), likeness("weichai", "weichai group") > 0.9, likeness("潍柴", "潍柴集团") > 0.9
    (1.0, True, True)
    >>> 0.7 < likeness("wechai", "weichai group") < 0.9
    True
    """
    if wanted == name:
        return 1.0
    inside = wanted in name if not wanted.isascii() else f" {wanted}" in f" {name}"
    ours, theirs = set(label_words.stems(wanted)), set(label_words.stems(name))
    if inside or ours <= theirs:
        return 0.9 + 0.1 * len(wanted) / (len(wanted) + len(name))
    if theirs <= ours:
        return 0.8
    parts = [name, *name.split()] if " " not in wanted else [name]
    return 0.9 * max((_ratio(wanted, part) for part in parts), default=0.0)


def shortens(wanted: str, name: str) -> bool:
    """Whether folded words can be the short form of a folded Chinese name: its first character, and others in order.

    >>> shortens("工信部", "工业和信息化部"), shortens("部信", "工业和信息化部"), shortens("mt", "miit")
    (True, False, False)
    """
    rest = iter(name)
    ideographs = len(wanted) > 1 and all("\u4e00" <= character <= "\u9fff" for character in wanted)
    return ideographs and wanted[0] == name[:1] and all(character in rest for character in wanted)


def _ratio(one: str, other: str) -> float:
    """The share of letters that two words have in common in order (difflib), 0 where it cannot be high."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE else 0.0


def shortened(value: str) -> str:
    """A value as an error message shows it: quoted, and not longer than a line."""
    return repr(value if len(value) <= 60 else value[:57] + "…")


def _exists(session: Engine, iri: str) -> bool:
    try:
        return session.ask(f"ASK {{ <{iri}> ?p ?o }}").truth()
    except SyntaxProblem:  # a character that no IRI has (RFC 3987, 2.2)
        return False


def _slugs(value: str) -> list[str]:
    return list(dict.fromkeys((value, fold(value).replace(" ", "-"))))


def _asked_for(thing: str, values: str) -> bool:
    asked = spaces(values)
    return thing.startswith(tuple(asked)) if asked else is_thing(thing)


def _exactly(session: Engine, value: str) -> list[str]:
    """The things with exactly this name, by the index of the store: as fast in a large graph as in a small one."""
    _, rows = session.ask(queries.bind(queries.read("named", "lookup"), {"name": value})).rows()
    return [getattr(row[0], "value", "") for row in rows]


def _unknown(session: Engine, words: str, values: str, value: str) -> UnknownName:
    """The error for a value that nothing has as its name, with the things whose names are nearest to the words."""
    hits = search(session, words)
    fitting = [hit for hit in hits if _asked_for(hit.thing, values)]
    if not fitting and hits and hits[0].score == 1.0:
        return _of_another_kind(value, values, hits[0].thing)
    hint = _where_to_look(values)
    if fitting:
        hint = "did you mean " + ", ".join(f"{hit.name} ({terms.compact(hit.thing)})" for hit in fitting[:3]) + "?"
    return UnknownName(f"the graph knows nothing by the name {shortened(value)}", hint=hint)


def _of_another_kind(value: str, values: str, thing: str) -> UnknownName:
    """The error for a value that names a thing, but none of the kinds asked for."""
    compact = terms.compact(thing)
    what = f"{shortened(value)} is no {' or '.join(values.split())}"
    return UnknownName(what if value == compact else f"{what} but {compact}", hint=_where_to_look(values))


def _where_to_look(values: str) -> str:
    """The command that lists what a parameter may be, or finds a thing by its name."""
    commands = [f"`kg search --kind {word}`" for word in values.split() if spaces(word)]
    if not commands:
        return "`kg search WORDS` finds things by name"
    return f"{' and '.join(commands)} {'list' if commands[1:] else 'lists'} them"


def described(session: Engine, thing: str) -> tuple[str, str, str]:
    """The label of a thing, what it is, and the documents with claims that concern it, each as text."""
    _, rows = session.ask(queries.bind(queries.read("described", "lookup"), {"thing": thing})).rows()
    cells = [[getattr(term, "value", "") for term in row] for row in rows]
    columns = [dict.fromkeys(cell for cell in column if cell) for column in zip(*cells, strict=True)][1:]
    label, kinds, documents = columns or ({}, {}, {})
    return next(iter(label), terms.compact(thing)), ", ".join(kinds), ", ".join(map(slug, documents))
