"""Re-reading the texts: every rendition, paragraph, passage and claim of the graph against the words.

A text of another edition is no fault: what stands elsewhere in it is found again by its length and digest and reported
as moved. Failed is what is not found or what a guard refuses; a text that is missing or unreadable makes its things
skipped, and skipped is a finding too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kg import dates, guards, places, roles, subjects, terms
from kg.errors import TextProblem, UnknownName, nearest
from kg.evidence import Claim, Evidence, ParagraphRecord, Passage, Rendition
from kg.guards import Leaf, Located, Reading, Trouble
from kg.terms import local
from kg.texts import Paragraph, SourceText, digest

KINDS = ("rendition", "paragraph", "passage", "claim")
STATES = ("checked", "moved", "differs", "failed", "skipped")
BAD = ("failed", "skipped")
MEND_DAY = "mend dcterms:issued, or give another icr:dateBasis than stated"
MEND_ROLE = "give the icr:paragraphRole that fits; `kg new-document FILE` guesses one"
MEND_SPAN = 'run `kg passage DOCUMENT "words"` on the span and put what it prints in place of the passage'


@dataclass(frozen=True, slots=True)
class Found:
    """One finding: what, where in the seeds, where in the text, and what to do."""

    state: str
    guard: str
    node: str
    at: str
    document: str
    position: str
    message: str
    fix: str


COLUMNS = ("state", "guard", "node", "at", "document", "position", "message", "fix")


def row(found: Found) -> list[str]:
    """The cells of a finding, in the order of COLUMNS."""
    return [getattr(found, column) for column in COLUMNS]


@dataclass(slots=True)
class Report:
    """What `verify` found and how much it looked at."""

    findings: list[Found] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Pairs of kind and state; each thing is counted once, by the worst that was found of it."""
    places: dict[str, str] = field(default_factory=dict)
    """FILE:LINE of each thing, for the findings."""

    @property
    def good(self) -> bool:
        """Whether nothing failed and nothing was skipped."""
        return not any(self.counts[kind, state] for kind in KINDS for state in BAD)

    def total(self, state: str) -> int:
        """How many things ended in a state."""
        return sum(self.counts[kind, state] for kind in KINDS)

    def summary(self) -> str:
        """The counts in one line for each kind, and one for all."""
        lines = []
        for kind in KINDS:
            parts = [f"{self.counts[kind, s]} {s}" for s in STATES if self.counts[kind, s] or s in ("checked", *BAD)]
            lines.append(f"{kind}s: " + ", ".join(parts))
        shown = [f"{self.total(s)} {s}" for s in STATES if self.total(s) or s in ("checked", *BAD)]
        return "\n".join([*lines, "all: " + ", ".join(shown)])


def verify(evidence: Evidence, folder: Path, documents: Iterable[str] = (), *, added: Iterable[str] = ()) -> Report:
    """Check the evidence of the named documents, or of all, against the texts in a folder.

    `added` are the folders of Turtle that the evidence comes from beside the seeds.
    Raises UnknownName for a document that the graph does not have.
    """
    wanted = _wanted(evidence, list(documents))
    report = Report(places=places.index(added))
    for document in wanted:
        _Edition(evidence, evidence.renditions[document], report).check(folder)
    if not documents:
        _orphans(evidence, report)
    report.findings.sort(key=lambda f: (f.document, BAD.index(f.state) if f.state in BAD else 2))
    return report


def _wanted(evidence: Evidence, names: list[str]) -> list[str]:
    """IRIs of the documents to check, in the order of their names."""
    known = {local(iri): iri for iri in sorted(evidence.renditions)}
    for name in names:
        if name not in known:
            raise UnknownName(f"there is no document {name!r}", hint=nearest(name, list(known)))
    return [known[name] for name in known if not names or name in names]


def _orphans(evidence: Evidence, report: Report) -> None:
    """What belongs to no rendition cannot be checked: claims of a document without one, passages of no paragraph."""
    lost = [
        ("claim", c.iri, local(c.document)) for c in evidence.claims.values() if c.document not in evidence.renditions
    ]
    lost += [("passage", p.iri, "") for p in evidence.passages.values() if p.paragraph not in evidence.paragraphs]
    for kind, iri, document in lost:
        report.counts[kind, "skipped"] += 1
        at, fix = report.places.get(iri, ""), "add the record of the document: `kg new-document FILE` prints it"
        message = f"the {kind} belongs to no rendition"
        report.findings.append(Found("skipped", "text", terms.compact(iri), at, document, "", message, fix))


class _Edition:
    """One document against one text."""

    def __init__(self, evidence: Evidence, rendition: Rendition, report: Report) -> None:
        self.evidence, self.rendition, self.report = evidence, rendition, report
        self.document = local(rendition.document)
        self.records = [p for p in evidence.paragraphs.values() if p.document == rendition.document]
        numbers = {p.iri for p in self.records}
        self.passages = [p for p in evidence.passages.values() if p.paragraph in numbers]
        self.claims = [c for c in evidence.claims.values() if c.document == rendition.document]
        self.reading = Reading([], {})
        self.text = SourceText(self.document, "", rendition.file)
        self.paragraphs: list[Paragraph] = []

    def check(self, folder: Path) -> None:
        """Everything of this document."""
        try:
            self.text = SourceText.read(folder, self.document, file=folder / self.rendition.file)
        except TextProblem as problem:
            self._skip(problem)
            return
        self.paragraphs = self.text.paragraphs()
        self.reading.leaves = self._leaves()
        same = self._check_rendition()
        self._check_paragraphs(same)
        for passage in self.passages:
            self._check_passage(passage)
        for claim in self.claims:
            troubles = troubles_of(claim, self.evidence, self.reading)
            self._count("claim", "failed" if troubles else "checked")
            for trouble in troubles:
                self._claim_trouble(claim.iri, trouble)

    def _leaves(self) -> list[Leaf]:
        """The paragraphs of the text, each with the role of the one of the graph that has its words, or else body."""
        roles = {record.sha256: record.role for record in self.records}
        words = [(p.number, self.text.text[p.start : p.end]) for p in self.paragraphs]
        return [Leaf(number, roles.get(digest(text), "body"), text) for number, text in words]

    def _skip(self, problem: TextProblem) -> None:
        """Count all of a document that cannot be read as skipped."""
        counts = {
            "rendition": 1,
            "paragraph": len(self.records),
            "passage": len(self.passages),
            "claim": len(self.claims),
        }
        for kind, n in counts.items():
            self.report.counts[kind, "skipped"] += n
        what = ", ".join(f"{n} {kind}s" for kind, n in counts.items() if kind != "rendition")
        message = f"{problem.what}; {what} not checked"
        self._add("skipped", "text", self.rendition.iri, problem.at or "", message, problem.hint or "")

    def _count(self, kind: str, state: str) -> None:
        self.report.counts[kind, state] += 1

    def _add(self, state: str, guard: str, node: str, position: str, message: str, fix: str) -> None:
        at = self.report.places.get(node, "")
        self.report.findings.append(Found(state, guard, terms.compact(node), at, self.document, position, message, fix))

    def _claim_trouble(self, claim: str, trouble: Trouble) -> None:
        position = _position(trouble.located) if trouble.located else ""
        self._add("failed", trouble.guard, claim, position, trouble.message, trouble.fix)

    def _check_rendition(self) -> bool:
        """Whether the text is the very one in which the graph counts."""
        record, text = self.rendition, self.text.text
        same = (digest(text), len(text), len(text.encode())) == (record.sha256, record.characters, record.bytes)
        if not same and digest(text) == record.sha256:
            message = f"the text has {len(text)} characters and {len(text.encode())} bytes, the graph says "
            message += f"{record.characters} and {record.bytes}"
            self._add("failed", "rendition", record.iri, "", message, "mend the lengths of the rendition")
            self._count("rendition", "failed")
        elif record.basis == "stated" and record.issued and not dates.stands(record.issued, text):
            message = f"the text does not print the day on which it came out, {record.issued}"
            self._add("failed", "date", record.document, "", message, MEND_DAY)
            self._count("rendition", "failed")
        else:
            self._count("rendition", "checked" if same else "differs")
        return same

    def _check_paragraphs(self, same: bool) -> None:
        """The paragraphs one by one; of another edition the first that differs is named, with its passages."""
        self.records.sort(key=lambda record: record.number)
        first, here = "", [digest(self.text.text[p.start : p.end]) for p in self.paragraphs]
        for i, record in enumerate(self.records):
            good = here[i : i + 1] == [record.sha256]
            placed = good and (self.paragraphs[i].start, self.paragraphs[i].end) == (record.start, record.end)
            state = "checked" if placed else "moved" if record.sha256 in here else "differs"
            if same and not placed:
                state = "failed"
                message = f"paragraph {record.number} does not stand at {record.start}-{record.end} with that digest"
                fix = "take the paragraphs from `kg new-document FILE`"
                self._add(state, "paragraph", record.iri, _span(record), message, fix)
            elif good and (fault := roles.misfit(record.role, self.reading.leaves[i].words)):
                state = "failed"
                message = f"paragraph {record.number} is no {record.role}: {fault}"
                self._add(state, "role", record.iri, _span(record), message, MEND_ROLE)
            first = first or ("" if good else record.iri)
            self._count("paragraph", state)
        if not same:
            self._other_edition(first)

    def _other_edition(self, first: str) -> None:
        """Say that the text is of another edition, and where it begins to differ."""
        if first:
            record = self.evidence.paragraphs[first]
            inside = sorted((p.start, p.end) for p in self.passages if p.paragraph == first)
            spans = ", ".join(f"c{start}-{end}" for start, end in inside) or "none"
            where, message = _span(record), f"another edition: paragraph {record.number} is the first that differs; "
            message += f"passages in it: {spans}"
        else:
            where, message = "", "another edition: its paragraphs are the same, what lies between or after them is not"
        fix = "nothing, when your copy is another edition; each span is looked for in it"
        self._add("differs", "rendition", self.rendition.iri, where, message, fix)

    def _check_passage(self, passage: Passage) -> None:
        """Digest, paragraph and printed forms of a span; where it has moved, it is found again."""
        span = self.text.text[passage.start : passage.end]
        start: int | None = passage.start
        if digest(span) != passage.sha256 or not span:
            start = find_span(self.text.text, passage)
        if start is None:
            self._add("failed", "passage", passage.iri, f"characters {passage.start}-{passage.end}",
                      "no span of this length and digest stands in the text", MEND_SPAN)  # fmt: skip
            self._count("passage", "failed")
            return
        located = self._locate(passage, start)
        faults = self._faults(passage, located)
        if start != passage.start and not self._shifted():
            faults.append((f"the span does not stand at characters {passage.start}-{passage.end}", MEND_SPAN))
        for message, fix in faults:
            self._add("failed", "passage", passage.iri, _position(located), message, fix)
        if start != passage.start and not faults:
            message = f"the span has moved: characters {passage.start}-{passage.end} in the graph's edition"
            self._add("moved", "passage", passage.iri, _position(located), message, "nothing")
        self.reading.located[passage.iri] = located
        self._count("passage", "failed" if faults else "checked" if start == passage.start else "moved")

    def _faults(self, passage: Passage, located: Located) -> list[tuple[str, str]]:
        """What is wrong with a span that was found: paragraph, printed forms."""
        faults = []
        number = self.evidence.paragraphs[passage.paragraph].number
        moved = located.at != passage.start
        if located.number == 0:
            faults.append(("the span crosses the end of a paragraph", MEND_SPAN))
        elif located.number != number and not moved and not self._shifted():
            faults.append((f"the span stands in paragraph {located.number}, not {number}", MEND_SPAN))
        if not passage.forms:
            faults.append(("the passage has no printed form", "add icr:printedForm with the figure or the name"))
        for form in passage.forms:
            if not (guards.positions(form, located.span) or (not guards.figures_of(form) and form in located.span)):
                faults.append(
                    (f"the printed form {form!r} does not stand in the span as a whole", "copy the form exactly")
                )
        return faults

    def _shifted(self) -> bool:
        """Whether the text is of another edition, where numbers of paragraphs mean nothing."""
        return digest(self.text.text) != self.rendition.sha256

    def _locate(self, passage: Passage, start: int) -> Located:
        end = start + passage.end - passage.start
        record = self.evidence.paragraphs[passage.paragraph]
        for here in self.paragraphs:
            if here.start <= start and end <= here.end:
                words = self.text.text[here.start : here.end]
                return Located(passage.iri, self.document, here.number, record.role, words, start - here.start,
                               end - here.start, start)  # fmt: skip
        return Located(passage.iri, self.document, 0, record.role, self.text.text[start:end], 0, end - start, start)


def troubles_of(claim: Claim, evidence: Evidence, reading: Reading) -> list[Trouble]:
    """What any guard has to say of a claim."""
    found = guards.check(claim, evidence, reading.located)
    own = [reading.located[passage] for passage in claim.passages if passage in reading.located]
    return found + (subjects.check(claim, own, evidence, reading) if own else [])


def find_span(text: str, passage: Passage) -> int | None:
    """Where a span of the passage's length and digest stands in a text; only windows with its form are hashed."""
    length = passage.end - passage.start
    form = max(passage.forms, key=len, default="")
    if length <= 0 or len(form) > length:
        return None
    last = len(text) - length
    places = [m.start() for m in re.finditer(f"(?={re.escape(form)})", text)]
    starts = {s for at in places for s in range(max(0, at + len(form) - length), min(at, last) + 1)}
    nearest_first = sorted(starts, key=lambda start: abs(start - passage.start))
    return next((start for start in nearest_first if digest(text[start : start + length]) == passage.sha256), None)


def _span(record: ParagraphRecord) -> str:
    return f"paragraph {record.number}, characters {record.start}-{record.end}"


def _position(located: Located) -> str:
    return f"paragraph {located.number}, characters {located.at}-{located.at + len(located.span)}"
