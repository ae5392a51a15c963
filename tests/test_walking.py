"""kg chain: the tree, what carries it, and where it ends. The trees of the real graph were written from the texts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest

from kg import queries, render_walk, walking
from kg.errors import InputError, UnknownName
from kg.store import Session
from kg.walking import Graph, Step, Thing, Walk
from tests.conftest import Outcome
from tests.test_weakness import claim

# ---- the real graph ----


def tree(walk: Walk) -> list[str]:
    """The places of a walk: indent, relation and slug, + for those with their entry elsewhere."""
    return [
        "  " * e.depth
        + (f"{e.step.relation} > " if e.step else "")
        + e.thing.iri.rpartition("/")[2]
        + (" +" if e.elsewhere else "")
        for e in walk.entries
    ]


def printed(walk: Walk) -> dict[str, set[str]]:
    """The printed forms of the results of each thing."""
    return {e.thing.iri.rpartition("/")[2]: {r.printed for r in e.results} for e in walk.entries if e.results}


@pytest.fixture
def along(store: str) -> Callable[..., Walk]:
    return lambda start, depth=None: walking.walk(Session(store, quiet=True), start, depth)


def test_from_the_51_to_their_supporters_and_the_smes(along: Callable[..., Walk]) -> None:
    """Both documents set supporters beside the 51; the briefing says that the 92, whose first part they are, led SMEs."""
    walk = along("the 51 leading enterprises listed first")
    assert tree(walk) == [
        "leading-51",
        "  are among > leading-92",
        "    leads > smes-led-scio",
        "  leads > supporting-7300",
        "  leads > supporting-938",
    ]
    assert printed(walk) == {
        "leading-51": {"51", "51 large-scale enterprises", "25 subdivided industries"},
        "leading-92": {"92"},
        "smes-led-scio": {"more than 400,000", "resumption of work"},
        "supporting-7300": {"more than 7,300"},
        "supporting-938": {"938 industrial chain supporting enterprises", "25 provinces and municipalities"},
    }
    assert {(thing.iri.rpartition("/")[2], step.relation) for thing, step in walk.before} == {
        ("leading-companies-first-2020", "sorting out of large enterprises and of enterprises that support industrial chains"),
        ("miit", "sorting out of large enterprises and of enterprises that support industrial chains"),
        ("miit", "MIIT's initial list of leading conglomerates and core supporting enterprises"),
        ("miit", "helps"),
        ("regional-help-for-listed-enterprises-2020", "is meant for"),
    }  # fmt: skip
    # neither text says in so many words that the 51 lead the two sets beside them; the article is the older one
    assert walk.weakest
    assert walk.weakest.thing.iri.endswith("supporting-938")
    assert [evidence.status for evidence in walk.weakest.claims] == ["implied"]


def test_weichai_matters_to_firms_before_and_after_it(along: Callable[..., Walk]) -> None:
    walk = along("Weichai Group")
    assert tree(walk) == ["weichai-group", "  is a leader for > weichai-upstream-downstream-enterprises"]
    assert printed(walk) == {
        "weichai-group": {
            "full load production",
            "six business segments",
            "important role",
            "raw material procurement",
            "logistics",
            "has not stopped",
        }
    }
    helpers = {"cpc-shandong", "shandong-government", "weifang-government", "jinan-government"}
    assert {(thing.iri.rpartition("/")[2], step.relation) for thing, step in walk.before} == {
        (helper, "helps") for helper in helpers
    }


def test_hunan_pays_half_of_the_equipment_and_only_the_paper_says_so(along: Callable[..., Walk]) -> None:
    walk = along("hunan-equipment-subsidy")
    assert tree(walk) == [
        "hunan-equipment-subsidy",
        "  is meant for > enterprises-with-products-up-to-standard-hunan",
    ]
    assert walk.entries[0].thing.instruments == ("subsidy",)
    assert printed(walk) == {"hunan-equipment-subsidy": {"50%"}}
    assert "only Economic Daily says it, in its own voice" in render_walk.text(walk)


def test_the_extension_prolongs_the_subsidy_and_a_thing_has_one_entry(along: Callable[..., Walk]) -> None:
    assert tree(along("nev-purchase-subsidy-extension")) == [
        "nev-purchase-subsidy-extension",
        "  concerns > new-energy-vehicle",
        "  prolongs > nev-purchase-subsidy",
        "    concerns > new-energy-vehicle +",
    ]


def test_a_notice_that_only_asks_is_planned(along: Callable[..., Walk]) -> None:
    walk = along("MIIT notice on digital tools for SMEs (2020)")
    assert tree(walk) == [
        "miit-digital-notice-2020",
        "  calls on > cloud-service-providers",
        "  calls on > cn-smes",
        "  promotes > remote-working",
        "  promotes > smart-manufacturing",
    ]
    assert "only planned: a request" in render_walk.text(walk)


def test_a_headline_is_no_second_result(along: Callable[..., Walk]) -> None:
    assert "Almost 72 per cent" not in printed(along("miit-digital-notice-2020"))["cn-smes"]


def test_where_nothing_comes_after_it_says_so_and_names_others(kg: Callable[..., Outcome]) -> None:
    """The article reports that the Guiding Opinions came out, not what they led to."""
    done = kg("chain", "Guiding Opinions on Orderly Promoting Resumption in Industry and Communications")
    assert done.code == 0
    assert done.out.startswith("before: Ministry of Industry and Information Technology (id-org:miit) → issued\n")
    assert "\nNo text says what comes after it in a chain; there is one for Ministry of" in done.out
    assert "Weakest" not in done.out


def test_a_thing_outside_all_chains_is_refused(along: Callable[..., Walk]) -> None:
    with pytest.raises(InputError, match="no text says what comes before or after Hubei in a chain") as caught:
        along("Hubei")
    assert "id-org:miit" in (caught.value.hint or "")
    with pytest.raises(UnknownName, match="the graph knows nothing by the name"):
        along("Hubbei")


def test_every_step_and_result_stands_on_its_claims(store: str) -> None:
    graph = walking.read(Session(store, quiet=True))
    steps = [step for group in graph.steps.values() for step in group]
    assert len(steps) > 150
    assert all(step.claims and step.end in graph.things and step.start in graph.steps for step in steps)
    assert all(evidence.printed and evidence.where for step in steps for evidence in step.claims)


# ---- an invented graph ----


def invented(*arrows: str) -> Graph:
    """A graph of steps such as "a b"."""
    steps: dict[str, tuple[Step, ...]] = {}
    for arrow in arrows:
        start, end = arrow.split()
        steps[start] = (*steps.get(start, ()), Step(start, "to", end, (claim(),)))
    return Graph(steps, {}, {name: Thing(name, name.upper()) for name in "abcd"})


def test_a_circle_is_cut_where_it_closes() -> None:
    walk = walking.along(invented("a b", "b c", "c a", "b b"), "a", "A")
    assert tree(walk) == ["a", "  to > b", "    to > c", "      to > a +", "    to > b +"]
    assert [thing.iri for thing, _ in walk.before] == ["c"]
    assert "to: A (a) (see its own entry)" in render_walk.text(walk)


def test_a_thing_stands_where_the_fewest_steps_lead_to_it() -> None:
    walk = walking.along(invented("a b", "a c", "b c", "c d"), "a", "A")
    assert tree(walk) == ["a", "  to > b", "    to > c +", "  to > c", "    to > d"]


def test_depth_cuts_and_counts_what_it_leaves_out() -> None:
    graph = invented("a b", "b c", "b d", "a c", "c d")
    assert tree(walking.along(graph, "a", "A", 1)) == ["a", "  to > b", "  to > c"]
    assert [entry.cut for entry in walking.along(graph, "a", "A", 1).entries] == [0, 2, 1]
    assert "B (b) (2 more from here)" in render_walk.text(walking.along(graph, "a", "A", 1))


def test_a_long_chain_needs_no_deep_stack() -> None:
    arrows = [f"n{number} n{number + 1}" for number in range(5000)]
    assert len(walking.along(invented(*arrows), "n0", "N0").entries) == 5001


def test_names_cannot_steer_terminal_or_diagram() -> None:
    graph = Graph({"a": (Step("a", 'x "y"', "b", (claim(),)),)}, {}, {"b": Thing("b", 'B\x1b[31m "#1"')})
    walk = walking.along(graph, "a", "A")
    assert "\x1b" not in render_walk.text(walk)
    assert '-- "x #quot;y#quot;" -->' in render_walk.mermaid(walk)
    assert "#quot;#35;1#quot;" in render_walk.mermaid(walk)


# ---- the queries, on an invented graph ----

INVENTED = """
@prefix icr: <https://w3id.org/icr/ns#> .
@prefix sch-assertion-status: <https://w3id.org/icr/scheme/assertion-status/> .
@prefix sch-attribution: <https://w3id.org/icr/scheme/attribution/> .
@prefix : <urn:> .

:agency a icr:Organization .
:paper a icr:Organization .
:loans a icr:PolicyMeasure ; icr:targetGroup :mills ; icr:issuedBy :agency .
:grants a icr:PolicyMeasure ; icr:targetGroup :mills .
:mills a icr:Population .

# asked for by the agency, and by the agency as a paper passes on
:asked a icr:Request ; icr:about :loans ; icr:saidIn :speech ; icr:keyPassage :p .
:passed-on a icr:Request ; icr:about :grants ; icr:requestedOf :mills ; icr:saidIn :article ; icr:keyPassage :p .
:speech icr:speaker :agency ; icr:attributionType sch-attribution:named-body .
:article icr:speaker :paper ; icr:attributionType sch-attribution:outlet .

# stated twice, once withdrawn; and without a passage
:said icr:claimSubject :b ; icr:claimPredicate icr:prioritises ; icr:claimObject :c ; icr:keyPassage :p .
:again icr:claimSubject :b ; icr:claimPredicate icr:prioritises ; icr:claimObject :c ; icr:keyPassage :p .
:withdrawn icr:claimSubject :b ; icr:claimPredicate icr:prioritises ; icr:claimObject :d ; icr:keyPassage :p ;
  icr:assertionStatus sch-assertion-status:retracted .
:without icr:claimSubject :b ; icr:claimPredicate icr:prioritises ; icr:claimObject :e .
"""


def test_steps_are_what_claims_with_passages_state() -> None:
    store = pyoxigraph.Store()
    store.load(INVENTED.encode(), format=pyoxigraph.RdfFormat.TURTLE)
    rows = store.query(queries.read("steps", "walk").body)
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    found = [
        tuple(row[name].value.removeprefix("urn:") for name in ("from", "relation", "to", "claim")) for row in rows
    ]
    assert found == [
        ("agency", "asks for", "loans", "asked"),
        ("agency", "issued", "loans", "asked"),
        ("b", "puts first", "c", "again"),
        ("b", "puts first", "c", "said"),
        ("grants", "calls on", "mills", "passed-on"),
        ("grants", "is meant for", "mills", "passed-on"),
        ("loans", "is meant for", "mills", "asked"),
    ]


# ---- the command ----


def test_json_holds_the_same_walk(kg: Callable[..., Outcome], along: Callable[..., Walk]) -> None:
    walk = along("hunan-equipment-subsidy")
    data = json.loads(kg("chain", "hunan-equipment-subsidy", "--format", "json").out)
    assert [thing["iri"] for thing in data["things"]] == [entry.thing.iri for entry in walk.entries]
    (step,) = data["steps"]
    assert (step["relation"], step["claims"][0]["where"]) == ("is meant for", "¶15 4633–4868")
    (result,) = data["results"]
    assert (result["printed"], result["value"], result["saidBy"]) == ("50%", "50", "Economic Daily")
    assert data["weakest"]["claim"].endswith("hunan-equipment-subsidy-rate")
    assert [step["from"].rpartition("/")[2] for step in data["before"]] == ["hunan-diit"]


def test_mermaid_draws_each_thing_once(kg: Callable[..., Outcome]) -> None:
    lines = kg("chain", "nev-purchase-subsidy-extension", "--format", "mermaid").out.splitlines()
    assert lines[0] == "flowchart LR"
    assert sum('["new-energy vehicle"]' in line for line in lines) == 1
    assert sum('-- "concerns" -->' in line for line in lines) == 2
    assert lines[-1].strip() == "linkStyle 2 stroke-width:4px"  # that there was a subsidy is only implied


def test_twice_the_same_words(kg: Callable[..., Outcome]) -> None:
    assert kg("chain", "id-org:miit").out == kg("chain", "id-org:miit").out


@pytest.mark.parametrize(
    ("argv", "code", "complaint"),
    [
        (["chain", "Weichai Group", "--format", "dot"], 2, "a chain is not written as dot"),
        (["chain", "Weichai Group", "--depth", "0"], 2, "0"),
        (["chain"], 2, "Missing argument"),
    ],
)
def test_bad_requests(argv: list[str], code: int, complaint: str, kg: Callable[..., Outcome]) -> None:
    done = kg(*argv)
    assert (done.code, done.out) == (code, "")
    assert complaint in done.err


def test_the_files_of_the_walk_are_those_that_are_asked() -> None:
    source = Path(walking.__file__).read_text(encoding="utf-8")
    assert queries.names("walk") == ["evidence", "results", "steps", "things"]
    assert all(f'_rows(session, "{name}")' in source for name in queries.names("walk"))
