"""What people concluded of claims, held against what the engine finds of the same claims.

Only the documents of a comparison are looked at, so that a further document does not make an old conclusion wrong. A
person who knows better says why in a skos:editorialNote of the comparison, and is believed.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg import comparable, comparing, conflicts
from kg.comparable import Matter
from kg.conflicts import Comparison
from kg.engine import Ask
from kg.evidence import rows_of
from kg.model import Finding

OTHER_RESULT = "compared-with-another-result"
UNTIED = "compared-without-a-tie"
ORIGINS = "compared-with-other-origins"
OR_SAY_WHY = ", or say in a skos:editorialNote why the sources mean otherwise."


def findings(ask: Ask) -> list[Finding]:
    """The comparisons that people made, without a reservation, of which the engine finds something else."""
    concluded = [c for c in conflicts.curated(rows_of(ask, "curated-comparisons")) if not c.reservation]
    if not concluded:
        return []
    matter = comparable.load(ask)
    return [finding for comparison in concluded for finding in doubts(comparison, matter)]


def doubts(comparison: Comparison, matter: Matter) -> Iterator[Finding]:
    """What the engine has to say against one comparison; nothing of claims that it does not read."""
    claims = comparison.goes_back_to
    if not claims <= matter.statements.keys():
        return
    statements = [matter.statements[claim] for claim in sorted(claims)]
    there = matter.within(frozenset(statement.document for statement in statements))
    proposed = [proposal for proposal in comparing.propose(there) if claims <= set(proposal.claims)]
    if not proposed:
        message = "The engine finds nothing that ties the claims: no common figure, thing, event, person or chain."
        yield _finding(UNTIED, comparison, message, "", "Compare claims on one matter")
    elif comparison.result not in {proposal.result for proposal in proposed}:
        message = f"The comparison says {comparison.result!r}, the engine finds {proposed[0].result!r}."
        yield _finding(
            OTHER_RESULT, comparison, message, proposed[0].grounds, "Give the result that the claims bear out"
        )
    if comparison.independent != comparable.independent(statements):
        message = f"The claims have {'one origin' if comparison.independent else 'nobody behind them in common'}."
        yield _finding(ORIGINS, comparison, message, "", "Turn icr:independentOrigin round")


def _finding(source: str, comparison: Comparison, message: str, detail: str, fix: str) -> Finding:
    return Finding("violation", source, comparison.iri, message, detail, fix + OR_SAY_WHY)
