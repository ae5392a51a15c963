"""Where the data contradicts the ontology: the rules of queries/contradiction over the graph and what follows from it.

The rules have the names of the OWL 2 RL/RDF rules that conclude "false" (W3C OWL 2 Profiles, 4.3). Those that conclude
that two things are one are among them: two names stand for two things here.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg import proof, queries, terms, wording
from kg.engine import Ask
from kg.model import Query
from kg.proof import Proof, Prover
from kg.wording import Names, Places

THINGS = f"<{terms.BASE}id/"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Triples that cannot all be true, each with how it follows."""

    rule: Query
    premises: tuple[Proof, ...]
    names: Names
    """Of all that the proofs speak of."""

    @property
    def sentence(self) -> str:
        """The kind of contradiction, its rule, and its triples in words."""
        said = "; ".join(wording.sentence(premise.triple, self.names) for premise in self.premises)
        return f"{self.rule.title} ({self.rule.name}): {said}"

    @property
    def triple(self) -> tuple[str, str, str]:
        """The first asserted triple about a thing, rather than a term: IRIs, and a literal as in N-Triples."""
        asserted = [triple for premise in self.premises for triple in premise.asserted()]
        s, p, o = next((triple for triple in asserted if triple[0].startswith(THINGS)), asserted[0])
        return s[1:-1], p[1:-1], o[1:-1] if o.startswith("<") else o

    def proofs(self, places: Places) -> list[str]:
        """How each of the triples follows, as lines."""
        return [line for premise in self.premises for line in wording.lines(premise, self.names, places)]


def contradictions(ask: Ask) -> list[Contradiction]:
    """All that the rules find in a graph with its inferences, in the order of the rules.

    What rests on a triple that no rule of queries/explain leads to is left out: it comes after two things were taken
    for one, which is a contradiction of its own.
    """
    prover = Prover(ask)
    found = []
    for name in queries.names("contradiction"):
        rule = queries.read(name, "contradiction")
        for row in proof.premises(ask, rule, rule.body):
            proofs = tuple(one for triple in row if (one := prover.prove(triple)))
            if len(proofs) == len(row):
                told = set().union(*(wording.triples(premise) for premise in proofs))
                found.append(Contradiction(rule, proofs, wording.names(ask, told)))
    return found
