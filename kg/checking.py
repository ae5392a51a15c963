"""What is wrong with a graph as a whole: contradictions, literals, what checks and shapes find; told, and refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyoxigraph import Store

from kg import datatypes, engine, queries, rdf, terms
from kg.engine import Ask
from kg.errors import FindingsError, InconsistencyError
from kg.model import Finding
from kg.store import say


def refuse_contradictions(ask: Ask, complaints: Sequence[str] = ()) -> None:
    """Refuse a graph with its inferences that contradicts the ontology; `complaints` are those of the reasoner.

    Raises InconsistencyError with the axioms and the triples, and FindingsError when only the reasoner knows what is
    wrong.
    """
    from kg import contradiction

    found = contradiction.contradictions(ask)
    if found:
        raise InconsistencyError(
            f"the data contradicts the ontology: {found[0].sentence}", found, hint=found[0].rule.fix
        )
    if complaints:
        raise FindingsError(
            "the graph is inconsistent under OWL 2 RL: " + "; ".join(complaints),
            hint="look at the things named, and at their classes",
        )


def tell_contradictions(error: InconsistencyError, added: Iterable[str], *, quiet: bool) -> None:
    """Tell each contradiction with the proofs of its triples, and give the error the place of the first."""
    from kg import places

    index = places.index(added)
    for found in error.contradictions:
        say("\n  ".join([f"contradiction: {found.sentence}", *found.proofs(index)]), quiet=quiet)
    error.at = index.get(error.contradictions[0].triple[0])


def findings(lines: list[bytes], ask: Ask | None = None) -> list[Finding]:
    """What the checks and the shapes find in a graph; `ask` runs the checks where the graph can be asked already."""
    checked = checks(ask or engine.asking_lines(lines))
    if wrong := _ill_typed(lines):  # rdflib, which the shapes need, cannot take such literals in
        return [*wrong, *(finding for finding in checked if finding.source != datatypes.ILL_TYPED)]
    from kg import shapes

    return [*checked, *shapes.validate(rdf.ntriples(lines), shapes.shapes_graph())]


def findings_in(store: Store, lines: Iterable[bytes]) -> list[Finding]:
    """What the checks find in a store, and which literals of its lines their datatypes do not allow."""
    return [*_ill_typed(lines), *checks(engine.asking_store(store), without=(datatypes.ILL_TYPED,))]


def _ill_typed(lines: Iterable[bytes]) -> list[Finding]:
    """The literals of the graph that their datatypes do not allow."""
    return [finding for quad in rdf.parse_each(lines) for finding in datatypes.findings(quad)]


def checks(ask: Ask, without: Sequence[str] = ()) -> list[Finding]:
    """What the queries of queries/check find, some left out; each row of ?node ?detail is one finding."""
    found = []
    for name in queries.names("check"):
        if name in without:
            continue
        query = queries.read(name, "check")
        for row in engine.records(*ask(query.body)):
            found.append(Finding("violation", name, row["node"], query.problem, row["detail"], query.fix))
    return found


def refuse_findings(found: list[Finding], added: Iterable[str], *, quiet: bool, warnings: bool) -> None:
    """Tell the violations and, when asked, the warnings; raise FindingsError when something is wrong."""
    told = [f for f in found if f.severity == "violation" or (warnings and f.severity == "warning")]
    if not told:
        return
    from kg import places

    told = places.project(added).located(told)
    for finding in told:
        detail = f" ({finding.detail})" if finding.detail else ""
        where = f"{finding.place}: " if finding.place else ""
        what = f"{terms.compact(finding.node)}: {finding.message} {finding.fix}"
        say(f"{finding.severity}: {where}{what}{detail}", quiet=quiet)
    if wrong := [finding for finding in told if finding.severity == "violation"]:
        number = "1 violation" if len(wrong) == 1 else f"{len(wrong)} violations"
        where = f" ({wrong[0].place})" if wrong[0].place else ""
        raise FindingsError(
            f"{number} of shapes or checks; nothing was stored",
            at=terms.compact(wrong[0].node) + where,
            hint=f"{wrong[0].message} {wrong[0].fix}",
        )
