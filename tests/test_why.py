"""Why the graph says so: names of claims, the chain, plain triples, and the sentence on a terminal."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kg import engine, render_why, why
from kg.engine import Ask
from kg.errors import InputError, TextProblem, UnknownName
from kg.store import Session
from kg.texts import digest
from tests.conftest import Outcome

COUNT = "scio-2020-04-23/leading-92-count"
IRI = f"https://w3id.org/icr/id/claim/{COUNT}"


@pytest.fixture
def asking(store: str) -> Ask:
    return engine.asking(Session(store, quiet=True))


# ---- naming a claim ----


@pytest.mark.parametrize("name", [IRI, f"id:claim/{COUNT}", f"claim/{COUNT}", COUNT, "leading-92-count"])
def test_a_claim_is_found_by_iri_compact_name_or_ending(name: str, asking: Ask) -> None:
    assert why.resolve(asking, name) == IRI


def test_an_external_claim_is_found_by_its_compact_name(asking: Ask) -> None:
    assert why.resolve(asking, "claim-external:changchun-in-jilin").endswith("/external/changchun-in-jilin")


def test_an_ambiguous_ending_lists_the_claims(asking: Ask) -> None:
    with pytest.raises(InputError, match="'changchun-in-jilin' is the ending of 2 claims") as caught:
        why.resolve(asking, "changchun-in-jilin")
    assert caught.value.hint == "name one: external/changchun-in-jilin, xinhua-2020-04-23/changchun-in-jilin"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("scio-2020-04-23/leading-29-count", f"did you mean {COUNT}"),
        ("leading-93-coun", f"did you mean {COUNT}"),
        ("qqqq", "a claim is named DOCUMENT/WORDS"),
        ("", "a claim is named DOCUMENT/WORDS"),
        ('x> } "', "a claim is named DOCUMENT/WORDS"),
    ],
)
def test_an_unknown_claim_is_answered_with_the_nearest(name: str, hint: str, asking: Ask) -> None:
    with pytest.raises(UnknownName, match="there is no claim") as caught:
        why.resolve(asking, name)
    assert hint.removeprefix("did you mean ") in (caught.value.hint or "")


# ---- the chain ----


def test_the_chain_of_a_count(kg: Callable[..., Outcome]) -> None:
    done = kg("why", "leading-92-count")
    assert (done.code, done.err) == (0, "")
    for line in (
        f"  {IRI}",
        "  measurement",
        "  assertion status: stated",
        "  measured entity: the 92 leading enterprises (id-aggregate:leading-92)",
        "  printed “92”: equal to, 92, things counted",
        "    at least 92 (stated by the wording)",
        "    at most 92 (stated by the wording)",
        "    http://www.china.org.cn/china/special_coverage/2020-04/26/content_76005441_6.htm",
        "  Huang Libin",
        "    for: Ministry of Industry and Information Technology",
        "  agrees, one origin: 51 and 41 make the 92",
        "    grounds: The briefing prints all three figures, and 51 + 41 = 92.",
    ):
        assert line in done.out.splitlines()
    assert "scio-2020-04-23 ¶7 (body), characters " in done.out
    assert "Thursday 23 April 2020" in done.out


def test_every_claim_has_a_chain(asking: Ask) -> None:
    """Each claim has a label and a class, and rests on passages, on a source, or on other claims."""
    from kg import render_why
    from kg.evidence import rows_of

    names = rows_of(asking, "why-names")
    assert len(names) >= 500
    for row in names[::7]:
        chain = why.chain(asking, row["claim"])
        assert chain.label
        assert chain.kind
        related = {r["relation"] for r in chain.parts["related"]}
        external = bool(chain.parts["documents"]) and not chain.parts["voices"]
        assert chain.parts["passages"] or external or "computed from" in related, chain.name
        assert bool(chain.parts["passages"]) == bool(chain.parts["voices"]), chain.name
        assert len({passage["passage"] for passage, _ in why.passages(chain)}) == len(why.passages(chain))
        assert render_why.text(chain, lambda _: "").startswith(chain.label)


def test_bounds_say_what_they_rest_on(asking: Ask) -> None:
    (figure,) = why.chain(asking, "xinhua-2020-04-23/top-firms-reopened").parts["figures"]
    assert render_why.interval(figure) == ["at least 90 (set by convention)", "less than 100 (stated by the wording)"]


def test_a_post_and_a_date_from_elsewhere_are_told(asking: Ask) -> None:
    from kg.evidence import rows_of

    names = [row["claim"] for row in rows_of(asking, "why-names") if "/scmp-2020-03-25/" in row["claim"]]
    chains = [why.chain(asking, name) for name in names]
    posts = {(voice["speaker"], voice["post"]) for chain in chains for voice in chain.parts["voices"] if voice["post"]}
    assert any(speaker == "Qin Zhihui" for speaker, _ in posts)
    notes = [time["note"] for chain in chains for time in chain.parts["times"] if time["note"]]
    assert notes


def test_what_is_computed_names_its_inputs(kg: Callable[..., Outcome]) -> None:
    done = kg("why", "supporting-7300-plus-379", "--format", "json")
    chain = json.loads(done.out)
    assert chain["class"] == "measurement"
    assert chain["passages"] == []
    assert [(row["relation"], why.short(row["other"])) for row in chain["related"]] == [
        ("computed from", "scio-2020-04-23/supporting-379-count"),
        ("computed from", "scio-2020-04-23/supporting-7300-count"),
    ]
    assert "goes into comparison/supporting-7300-plus-379" in kg("why", "supporting-379-count").out


def test_json_has_the_same_facts_and_no_words_of_a_sentence(kg: Callable[..., Outcome]) -> None:
    chain = json.loads(kg("why", COUNT, "--format", "json").out)
    assert chain["claim"] == IRI
    assert chain["name"] == COUNT
    (passage,) = chain["passages"]
    assert "92" in passage["forms"]
    assert len(passage["sha256"]) == 64
    assert {row["result"] for row in chain["comparisons"]} == {"agrees", "refines"}


# ---- plain triples ----


def test_a_plain_triple_leads_to_the_claims_that_state_it(kg: Callable[..., Outcome]) -> None:
    done = kg("why", "id-place:changchun", "icr:within", "id-place:jilin")
    assert done.code == 0
    assert "/claim/external/changchun-in-jilin" in done.out
    assert "GB/T 2260 codes" in done.out


def test_a_triple_that_follows_from_a_situation_says_so(kg: Callable[..., Outcome], asking: Ask) -> None:
    _, rows = asking("SELECT ?a ?b { ?a <https://w3id.org/icr/ns#suppliesTo> ?b } ORDER BY ?a ?b LIMIT 1")
    supplier, customer = (getattr(term, "value", "") for term in rows[0])
    done = kg("why", supplier, "icr:suppliesTo", customer)
    assert done.code == 0
    assert done.err == "kg: no claim states this triple; it follows from the situation that is claimed here\n"
    assert "situation claim" in done.out


@pytest.mark.parametrize(
    ("triple", "complaint"),
    [
        (("id-place:changchun", "icr:within", "id-place:hubei"), "is not in the graph"),
        (("icr:Enterprise", "rdfs:subClassOf", "icr:Organization"), "no claim stands behind the triple"),
        (("nothing", "icr:within", "id-place:hubei"), "the subject of a triple is a compact name or an IRI"),
    ],
)
def test_a_triple_without_a_claim_is_said(
    kg: Callable[..., Outcome], triple: tuple[str, str, str], complaint: str
) -> None:
    done = kg("why", *triple)
    assert (done.code, done.out) == (3, "")
    assert complaint in done.err


# ---- the command ----


@pytest.mark.parametrize(
    ("argv", "code", "slug"),
    [
        (("no-such-claim-at-all",), 3, "unknown"),
        (("changchun-in-jilin",), 3, "input"),
        (("a", "b"), 2, "usage"),
        ((COUNT, "--format", "xml"), 2, "usage"),
        ((COUNT, "--texts", "/nowhere"), 3, "input"),
    ],
)
def test_what_cannot_be_explained_is_said(
    kg: Callable[..., Outcome], argv: tuple[str, ...], code: int, slug: str
) -> None:
    done = kg("why", *argv)
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith(f"error[{slug}]: ")


@pytest.mark.texts
def test_the_sentence_is_shown_on_a_terminal_only(kg: Callable[..., Outcome], texts: Path, store: str) -> None:
    piped = kg("why", COUNT, "--texts", str(texts))
    assert piped.out == kg("why", COUNT).out
    assert piped.err == "kg: sentences are shown on a terminal only\n"
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "kg", "why", COUNT, "--texts", str(texts)]
    subprocess.run(command, stdout=theirs, check=True, env={**os.environ, "KG_STORE": store}, timeout=60)
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other end is closed and all is read
            break
        if not part:
            break
        shown += part
    os.close(ours)
    (line,) = [line for line in shown.decode().splitlines() if line.startswith("    | ")]
    assert ">>" in line
    assert line.index(">>") < line.index("92") < line.index("<<")


@pytest.mark.texts
def test_every_span_is_inside_its_sentence(asking: Ask, texts: Path) -> None:
    for name in (COUNT, "xinhua-2020-04-23/top-firms-reopened", "scio-2020-04-23/briefing-subject"):
        for passage, _ in why.passages(why.chain(asking, name)):
            shown = why.marked(passage, texts)
            before, _, rest = shown.partition(">>")
            span, _, after = rest.partition("<<")
            assert digest(span) == passage["sha256"]
            assert (before + span + after).strip() == before + span + after


@pytest.mark.texts
def test_a_text_with_other_words_is_refused(asking: Ask, texts: Path, tmp_path: Path) -> None:
    ((passage, _),) = why.passages(why.chain(asking, COUNT))
    file = passage["file"]
    (tmp_path / file).write_text("x" + (texts / file).read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(TextProblem, match="has other words at"):
        why.marked(passage, tmp_path)
