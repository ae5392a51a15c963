"""Why an inferred triple follows: its shortest proof by the rules of queries/explain, down to what was asserted.

A rule is a query: its columns bind the premises that its head lists. Those with names of the OWL 2 RL/RDF rules
(W3C OWL 2 Profiles, 4.3) stand for what owlrl does; the others explain the query of queries/derive of that name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg import queries, terms
from kg.engine import Ask
from kg.errors import InputError
from kg.model import Query
from kg.store import Term

Triple = tuple[str, str, str]
"""Subject, predicate and object in N-Triples syntax."""

ANY = "UNDEF"
TRIPLE_LINE = f"VALUES (?subject ?predicate ?object) {{ ({ANY} {ANY} {ANY}) }}"
PROPERTIES = re.compile(r"VALUES \?predicate \{([^}]*)\}")
PROPERTY_ROWS = re.compile(r"VALUES \(\?predicate [^)]*\) \{([^}]*)\}")
FIRST_OF_ROW = re.compile(r"\(\s*(\S+)")


@dataclass(frozen=True, slots=True)
class Step:
    """One application of a rule."""

    rule: str
    premises: tuple[Triple, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """A triple and how it follows."""

    triple: Triple
    rule: str = ""
    """Name of the query in queries/explain; empty when the triple is asserted."""
    premises: tuple[Proof, ...] = ()

    def asserted(self) -> list[Triple]:
        """The triples at the leaves, each once, in the order of the proof."""
        if not self.rule:
            return [self.triple]
        return list(dict.fromkeys(leaf for premise in self.premises for leaf in premise.asserted()))


class Prover:
    """Proves triples of one graph; what it has looked up it keeps, for a next proof."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._rules = [queries.read(name, "explain") for name in queries.names("explain")]
        self._steps: dict[Triple, list[Step]] = {}
        """The steps that give a triple; none for one that is asserted, or that no rule gives."""
        self._asserted: set[Triple] = set()

    def prove(self, triple: Triple) -> Proof | None:
        """The proof with the fewest steps, the same in every run; None when no rule leads to the triple."""
        found = self._behind(triple)
        sizes = dict.fromkeys(found & self._asserted, 0)
        shrinking = True
        while shrinking:
            shrinking = False
            for conclusion in found - self._asserted:
                possible = [_size(step, sizes) for step in self._steps[conclusion] if sizes.keys() >= {*step.premises}]
                if possible and min(possible) < sizes.get(conclusion, min(possible) + 1):
                    sizes[conclusion] = min(possible)
                    shrinking = True
        return self._shortest(triple, sizes) if triple in sizes else None

    def _behind(self, triple: Triple) -> set[Triple]:
        """The triple, and all from which it could follow by any number of steps."""
        found: set[Triple] = set()
        waiting = [triple]
        while waiting:
            next_ = waiting.pop()
            if next_ not in found:
                found.add(next_)
                waiting += [premise for step in self._steps_to(next_) for premise in step.premises]
        return found

    def _steps_to(self, triple: Triple) -> list[Step]:
        if triple not in self._steps:
            known = graphs(self._ask, triple) - {terms.GRAPH_INFERRED}
            if known:
                self._asserted.add(triple)
            self._steps[triple] = [] if known else self._applications(triple)
        return self._steps[triple]

    def _applications(self, triple: Triple) -> list[Step]:
        # a rule that cannot give the property is not asked: Virtuoso may refuse it, by an estimate beyond all bounds
        possible = (rule for rule in self._rules if triple[1] in (properties(rule) or triple[1:2]))
        return [Step(rule.name, row) for rule in possible for row in premises(self._ask, rule, bound(rule, triple))]

    def _shortest(self, triple: Triple, sizes: dict[Triple, int]) -> Proof:
        """The proof by the sizes found: each premise has a smaller one than its conclusion, so there is no circle."""
        if triple in self._asserted:
            return Proof(triple)
        steps = [step for step in self._steps[triple] if sizes.keys() >= {*step.premises}]
        best = min(steps, key=lambda step: (_size(step, sizes), step.rule, step.premises))
        return Proof(triple, best.rule, tuple(self._shortest(premise, sizes) for premise in best.premises))


def _size(step: Step, sizes: dict[Triple, int]) -> int:
    return 1 + sum(sizes[premise] for premise in step.premises)


def bound(query: Query, triple: Triple) -> str:
    """The query's text for one triple; a part of it may be ANY."""
    return query.body.replace(TRIPLE_LINE, TRIPLE_LINE.replace(f"({ANY} {ANY} {ANY})", f"({' '.join(triple)})"))


def properties(rule: Query) -> set[str]:
    """The properties of what a rule can give, in N-Triples syntax, by its VALUES lines; none where it can give any."""
    listed = [name for names in PROPERTIES.findall(rule.body) for name in names.split()]
    listed += [name for rows in PROPERTY_ROWS.findall(rule.body) for name in FIRST_OF_ROW.findall(rows)]
    return {f"<{terms.expand(name)}>" for name in listed}


def graphs(ask: Ask, triple: Triple) -> set[str]:
    """IRIs of the named graphs in which a triple stands."""
    _, rows = ask(bound(queries.read("why-triple", "evidence"), triple))
    return {getattr(row[-1], "value", "") for row in rows}


def find(ask: Ask, subject: str, predicate: str, object_: str) -> Triple | None:
    """The triple of the graph that three words name: compact names or IRIs, the last perhaps the text of a literal.

    Raises InputError when the subject or the property is not a name.
    """
    for part, name in (("subject", subject), ("property", predicate)):
        if not terms.is_iri(terms.expand(name)):
            what = f"the {part} of a triple is a compact name or an IRI, not {name[:60]!r}"
            raise InputError(what, hint="such as id-place:wuhan; kg search WORDS finds it")
    start = (f"<{terms.expand(subject)}>", f"<{terms.expand(predicate)}>")
    _, rows = ask(bound(queries.read("why-triple", "evidence"), (*start, ANY)))
    objects = sorted(str(row[2]) for row in rows if getattr(row[2], "value", "") == terms.expand(object_))
    return (*start, objects[0]) if objects else None


def premises(ask: Ask, query: Query, text: str) -> list[tuple[Triple, ...]]:
    """The premises of each application of a rule, sorted; a pattern with an empty column is left out."""
    columns, rows = ask(text)
    found = {_premises(query, dict(zip(columns, row, strict=True))) for row in rows}
    return sorted(found)


def _premises(query: Query, row: dict[str, Term | None]) -> tuple[Triple, ...]:
    patterns = [[_term(word, row) for word in pattern.split()] for pattern in query.premises]
    return tuple((s, p, o) for s, p, o in patterns if s and p and o)


def _term(word: str, row: dict[str, Term | None]) -> str:
    """What stands for a word of a pattern: the value of a column, or the IRI of a compact name."""
    if word.startswith("?"):
        value = row[word[1:]]
        return "" if value is None else str(value)
    iri = terms.expand(word)
    if iri == word:
        raise InputError(f"{word!r} in a list of premises is neither a variable nor a compact name")
    return f"<{iri}>"
