"""kg conflicts: curated comparisons first, proposals that matter, sides with their origins, and what goes wrong."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest

from kg.conflicts import COLUMNS
from tests.conftest import Outcome

Kg = Callable[..., Outcome]
CLAIM = "https://w3id.org/icr/id/claim/"


def rows(kg: Kg, *options: str) -> list[dict[str, str]]:
    done = kg("conflicts", "--format", "csv", "--quiet", *options)
    assert (done.code, done.err) == (0, "")
    return list(csv.DictReader(io.StringIO(done.out)))


def by_claim(found: list[dict[str, str]], claim: str) -> list[dict[str, str]]:
    return [row for row in found if row["claim"] == CLAIM + claim]


# ---- what is listed ----


def test_curated_comparisons_come_first_with_the_grounds_of_people(kg: Kg) -> None:
    found = rows(kg)
    status = [row["status"] for row in found]
    assert status == sorted(status)
    assert len({row["comparison"] for row in found if row["status"] == "curated"}) == 16
    first = by_claim(found, "economic-daily-2020-03/sorted-out-supporting-enterprises-count")[0]
    assert first["comparison"].startswith("938 (Economic Daily) and more than 7,300 (briefing)")
    assert (first["status"], first["result"], first["reason"]) == ("curated", "unresolved", "open")
    assert first["grounds"].startswith("Neither source says whether the list grew")


def test_only_what_matters_is_proposed_unless_all_is_asked_for(kg: Kg) -> None:
    some, everything = rows(kg), rows(kg, "--all")
    assert {row["result"] for row in some if row["status"] == "proposed"} == {"differs-in-definition", "unresolved"}
    assert by_claim(everything, "xinhua-2020-04-23/manufacturing-pmi-march-2020")
    assert not by_claim(some, "xinhua-2020-04-23/manufacturing-pmi-march-2020")
    assert [row for row in everything if row in some] == some


def test_what_people_have_judged_is_not_proposed_again(kg: Kg) -> None:
    pair = {CLAIM + "scio-2020-04-23/leading-92-count", CLAIM + "xinhua-2020-04-23/top-firms-reopened"}
    proposed: dict[str, set[str]] = {}
    for row in rows(kg, "--all"):
        if row["status"] == "proposed":
            proposed.setdefault(row["comparison"] + row["grounds"], set()).add(row["claim"])
    assert proposed
    assert not any(pair <= claims for claims in proposed.values())


# ---- the sides ----


def test_a_side_shows_what_is_printed_when_by_whom_and_where(kg: Kg) -> None:
    (row,) = by_claim(rows(kg, "--reason", "different-population"), "xinhua-2020-04-23/sme-restart-rate-april-15")
    assert row["printed"] == "About 84 percent"
    assert row["asOf"] == "15 April 2020"
    assert row["saidBy"] == "Ministry of Industry and Information Technology"
    assert (row["source"], row["published"]) == ("Xinhua, April 2020", "2020-04-23")
    assert row["where"].startswith("¶10 ")


def test_claims_that_say_the_same_stand_on_one_side_with_their_independent_origins(kg: Kg) -> None:
    found = rows(kg, "--about", "Miao Wei", "--reason", "same-event")
    # the outlet in its own words and the ministry: two origins behind one side
    assert [(row["side"], row["behind"], row["origins"]) for row in found] == [("1", "2", "independent")] * 2
    # the outlet reports what the ministry picked out: one origin
    found = rows(kg, "--reason", "same-figure", "--about", "id-aggregate:leading-51")
    assert [(row["side"], row["behind"], row["origins"]) for row in found] == [("1", "1", "one")] * 2


def test_claims_that_differ_stand_on_sides_of_their_own(kg: Kg) -> None:
    found = rows(kg, "--reason", "sum-of-parts", "--about", "leading-92")
    assert [row["side"] for row in found] == ["1", "2", "3"]


def test_a_computed_claim_shows_its_reckoning_and_no_place(kg: Kg) -> None:
    (row,) = by_claim(rows(kg), "comparison/supporting-7300-plus-379")
    assert (row["printed"], row["where"], row["source"]) == ("more than 7,300 + 379", "", "")
    assert (row["result"], row["reason"], row["behind"]) == ("agrees", "sum-of-parts", "1")


# ---- choosing ----


@pytest.mark.parametrize(
    "name",
    [
        "id-population:cn-smes-on-cloud-platforms",
        "https://w3id.org/icr/id/population/cn-smes-on-cloud-platforms",
        "cn-smes-on-cloud-platforms",
        "SMEs in China that use cloud platforms",
        "smes IN china that use cloud platforms",
        "id:claim/scmp-2020-03-25/cloud-sme-restart-rate-tuesday",
    ],
)
def test_a_thing_is_named_by_iri_compact_name_ending_label_or_claim(kg: Kg, name: str) -> None:
    found = rows(kg, "--about", name)
    assert by_claim(found, "scmp-2020-03-25/cloud-sme-restart-rate-tuesday")
    assert not by_claim(found, "economic-daily-2020-03/xin-guobin-vice-minister")


def test_a_computed_claim_concerns_its_own_set_and_those_behind_it(kg: Kg) -> None:
    for name in ("supporting-of-the-92", "supporting-379"):
        assert by_claim(rows(kg, "--about", name), "comparison/supporting-7300-plus-379")


def test_the_sets_inside_a_set_belong_to_it(kg: Kg) -> None:
    assert by_claim(rows(kg, "--about", "leading-92"), "economic-daily-2020-03/sorted-out-large-enterprises-count")


def test_a_reason_is_a_reason_or_a_result_and_shows_all_of_it(kg: Kg) -> None:
    assert {row["reason"] for row in rows(kg, "--reason", "later-date")} == {"later-date"}
    assert by_claim(rows(kg, "--reason", "later-date"), "xinhua-2020-04-23/manufacturing-pmi-march-2020")
    assert {row["result"] for row in rows(kg, "--reason", "refines")} == {"refines"}


def test_a_thing_that_no_comparison_concerns_gives_no_rows(kg: Kg) -> None:
    done = kg("conflicts", "--about", "id-org:ansteel-group", "--format", "csv")
    assert (done.code, done.out) == (0, ",".join(COLUMNS) + "\r\n")
    assert done.err == "kg: curated comparisons: 0; proposals: 0\n"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Mia Wei", "Miao Wei (id-person:miao-wei)"),
        ("qqqqqqq", "`kg search WORDS` finds things by name"),
        ('"> } DROP ALL', "`kg search WORDS` finds things by name"),
        ("", "`kg search WORDS` finds things by name"),
    ],
)
def test_an_unknown_thing_is_answered_with_the_nearest(kg: Kg, name: str, hint: str) -> None:
    done = kg("conflicts", "--about", name)
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith("error[unknown]: the graph knows nothing by the name")
    assert hint in done.err


def test_an_unknown_reason_and_format_are_answered_with_the_nearest(kg: Kg) -> None:
    done = kg("conflicts", "--reason", "later-dat")
    assert done.code == 2
    assert "there is no reason 'later-dat'" in done.err
    assert "did you mean later-date" in done.err
    done = kg("conflicts", "--format", "xml")
    assert done.code == 2
    assert "comparisons are not written as xml" in done.err


# ---- formats ----


def test_formats_hold_the_same_rows(kg: Kg) -> None:
    options = ("conflicts", "--quiet", "--reason", "different-post", "--format")
    plain = rows(kg, "--reason", "different-post")
    known = [{key: value for key, value in row.items() if value} for row in plain]
    assert [json.loads(line) for line in kg(*options, "jsonl").out.splitlines()] == known
    body = json.loads(kg(*options, "json").out)
    assert body["head"]["vars"] == list(COLUMNS)
    assert [{k: cell["value"] for k, cell in row.items()} for row in body["results"]["bindings"]] == known
    assert [line.split("\t") for line in kg(*options, "tsv").out.splitlines()][1:] == [list(r.values()) for r in plain]
    assert kg(*options, "markdown").out.count("\n") == len(plain) + 2


def test_a_table_says_what_is_compared_once(kg: Kg) -> None:
    done = kg("conflicts", "--reason", "different-post", "--format", "table")
    assert done.out.count("grounds  ") == 1
    assert done.out.count("claim  id:claim/") == len(rows(kg, "--reason", "different-post"))
    assert done.err == "kg: curated comparisons: 1; proposals: 0\n"
