"""What people concluded of claims, held against the engine: invented claims, and the real comparisons changed."""

from __future__ import annotations

import re

import pytest

from kg import engine, judging, verdicts
from kg.comparable import Matter
from kg.conflicts import Comparison
from kg.model import Finding
from kg.store import Term
from tests.test_comparing import APRIL_15, MARCH_5, count, matter, report, said

COMPARISON = "https://w3id.org/icr/id/comparison/"
RESULT = "https://w3id.org/icr/ns#comparisonResult"


def concluded(result: str, *claims: str, independent: bool = True) -> Comparison:
    """A comparison that a person made."""
    return Comparison("two", True, result, "", "", independent, claims, frozenset(claims), "urn:two")


def doubted(comparison: Comparison, of: Matter) -> list[str]:
    return [finding.source for finding in judging.doubts(comparison, of)]


ALIKE = matter(count("a", "mills", 51), count("b", "mills", 51, "herald"), count("c", "boats", 3, "herald"))


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        (concluded("agrees", "a", "b"), []),
        (concluded("contradicts", "a", "b"), [judging.OTHER_RESULT]),
        (concluded("agrees", "a", "c"), [judging.UNTIED]),
        (concluded("agrees", "a", "b", independent=False), [judging.ORIGINS]),
        (concluded("refines", "a", "b", independent=False), [judging.OTHER_RESULT, judging.ORIGINS]),
        (concluded("agrees", "a", "withdrawn"), []),
    ],
)
def test_a_conclusion_is_held_against_what_the_engine_finds(comparison: Comparison, expected: list[str]) -> None:
    assert doubted(comparison, ALIKE) == expected


def test_one_origin_may_not_count_as_two() -> None:
    guild = frozenset({"guild"})
    of = matter(count("a", "mills", 51, origins=guild), count("b", "mills", 51, "herald", origins=guild))
    assert doubted(concluded("agrees", "a", "b", independent=False), of) == []
    assert doubted(concluded("agrees", "a", "b"), of) == [judging.ORIGINS]


def test_a_further_document_does_not_make_an_old_conclusion_wrong() -> None:
    """Of shares of nested sets the engine takes the two that lie nearest in time: in these documents, these."""
    part = count("a", "old-mills", 71, when=MARCH_5, unit="PERCENT", indicator="at work")
    whole = count("b", "mills", 84, "herald", when=APRIL_15, unit="PERCENT", indicator="at work")
    nearer = count("c", "mills", 80, "courier", when=MARCH_5, unit="PERCENT", indicator="at work")
    conclusion = concluded("differs-in-definition", "a", "b")
    assert doubted(conclusion, matter(part, whole)) == doubted(conclusion, matter(part, whole, nearer)) == []


def test_claims_on_one_event_are_tied() -> None:
    of = matter(report("a", "fair"), report("b", "fair", "herald"), said("c", "herald"))
    assert doubted(concluded("agrees", "a", "b"), of) == []
    assert doubted(concluded("agrees", "a", "c"), of) == [judging.UNTIED]


def test_the_engine_bears_out_every_real_comparison_and_notices_each_other_result(nquads: list[bytes]) -> None:
    assert judging.findings(engine.asking_lines(nquads)) == []
    pattern = re.compile(rf"<({COMPARISON}[^>]+)> <{RESULT}> <([^>]+/)([^/>]+)>")
    changed, comparisons = [], set()
    for line in nquads:
        if match := pattern.match(line.decode()):
            other = "contradicts" if match[3] != "contradicts" else "agrees"
            line = line.replace(f"/{match[3]}>".encode(), f"/{other}>".encode())
            comparisons.add(match[1])
        changed.append(line)
    assert len(comparisons) >= 16
    found = judging.findings(engine.asking_lines(changed))
    assert {(f.node, f.source) for f in found} == {(name, judging.OTHER_RESULT) for name in comparisons}


def test_the_engine_is_not_asked_while_something_else_is_wrong() -> None:
    """Bounds that leave no value, for one, are no interval to it."""

    def asked(text: str) -> tuple[list[str], list[list[Term | None]]]:
        raise AssertionError(text)

    assert verdicts.judged([Finding("violation", "shape", "id:x", "The bounds leave no value.")], asked) == []
    with pytest.raises(AssertionError):
        verdicts.judged([Finding("warning", "shape", "id:x", "The name is missing.")], asked)


def test_a_note_of_the_editor_is_believed(nquads: list[bytes]) -> None:
    lines = [line.replace(b"comparison-result/agrees>", b"comparison-result/contradicts>") for line in nquads]
    doubtful = {finding.node for finding in judging.findings(engine.asking_lines(lines))}
    note = "<http://www.w3.org/2004/02/skos/core#editorialNote>"
    lines += [f'<{node}> {note} "The lists differ."@en .'.encode() for node in sorted(doubtful)[1:]]
    assert {finding.node for finding in judging.findings(engine.asking_lines(lines))} == {min(doubtful)}
