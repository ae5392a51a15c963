"""What other data sets call the things of a row: a column more, never a row, and only what is linked."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pyoxigraph
import pytest

import kg as library
from kg import engine, identifiers, queries, terms
from kg.errors import UnknownName
from kg.store import Session
from kg.store import table as answer
from tests.conftest import Outcome, process

if TYPE_CHECKING:
    from kg.store import Results

Kg = Callable[..., Outcome]

# from the sources that the mapping sets name, not from them
WIKIDATA = {
    "China": "Q148", "Fujian": "Q41705", "Guangdong": "Q15175", "Hunan": "Q45761", "Jiangsu": "Q16963",
    "Jiangxi": "Q57052", "Shandong": "Q43407", "Shanghai": "Q8686", "Sichuan": "Q19770", "Zhejiang": "Q16967",
}  # fmt: skip
CODES = {
    "GAC Group": "2238.HK, 601238.SH",
    "Foxconn": "2317.TW",
    "Foxconn Industrial Internet": "601138.SH",
    "Youngor Group": "600177.SH",
    "Guangdong Bobaolon": "002776.SZ",
    "C&S Paper": "002511.SZ",
}
"""Stock exchange codes of those who switched to face masks."""


@pytest.mark.parametrize("name", queries.names())
def test_the_column_comes_last_and_no_row_changes(name: str) -> None:
    plain, wider = library.query(name), library.query(name, identifiers="all")
    assert wider.columns == [*plain.columns, identifiers.COLUMN]
    assert plain == [{c: cell for c, cell in row.items() if c != identifiers.COLUMN} for row in wider]


def test_places_have_their_entries_in_wikidata() -> None:
    rows = library.query("operating-rates", identifiers="wikidata")
    assert {row["place"] for row in rows} >= {"China", "Guangdong", "Zhejiang"}
    assert [row["identifiers"] for row in rows] == [f"{row['place']}: {WIKIDATA[row['place']]}" for row in rows]


def test_a_firm_may_have_several_codes_and_another_none() -> None:
    rows = library.query("production-switches", identifiers="Stock exchange codes")
    told = {row["who"]: row.get("identifiers", "") for row in rows}
    assert {who: f"{who}: {codes}" for who, codes in CODES.items() if who in told}.items() <= told.items()
    assert told["GAC Group"]
    assert told["SAIC-GM-Wuling"] == ""


def test_a_group_does_not_get_the_code_of_its_listed_company(kg: Kg) -> None:
    printed = kg("query", "enterprises", "--identifiers", "stock-exchange", "--format", "csv").out
    assert "Ansteel Group" in printed
    assert "GAC Group: 2238.HK, 601238.SH" in printed
    for code in ("000898.SZ", "0347.HK", "000338.SZ", "000977.SZ"):
        assert code not in printed


def test_all_begin_with_wikidata_and_name_each_data_set() -> None:
    (row, *_) = library.query("about", thing="Hubei", identifiers="all")
    assert row["identifiers"] == "Hubei: Wikidata Q46862, GB/T 2260 420000, GeoNames 1806949, ISO 3166-2 CN-HB"


def test_several_things_of_a_row_stand_in_its_order() -> None:
    rows = library.query("production-switches", identifiers="all", evidence="none")
    (row,) = (row for row in rows if row["who"] == "Foxconn")
    assert row["identifiers"] == ("Foxconn: stock exchange codes 2317.TW | face mask: Harmonized System 6307.90")


def test_what_is_wider_or_narrower_says_so() -> None:
    """Cloud services are a part of ISIC 6311, data processing and hosting."""
    rows = library.query("business-lines", identifiers="isic")
    assert "cloud services: 6311 (broadMatch)" in {row.get("identifiers") for row in rows}


def test_who_speaks_is_evidence_and_no_thing_of_the_row() -> None:
    rows = library.query("sme-resumption", identifiers="wikidata", evidence="full")
    assert any("Ministry of Industry" in row["saidBy"] for row in rows)
    assert {row.get("identifiers") for row in rows} == {None}


@pytest.mark.parametrize("form", ["csv", "json", "jsonl", "markdown", "table", "tsv", "xml"])
def test_every_format_writes_it(kg: Kg, form: str) -> None:
    done = kg("query", "operating-rates", "--province", "Guangdong", "--identifiers", "wikidata", "--format", form)
    assert (done.code, done.err) == (0, "")
    assert "Guangdong: Q15175" in done.out


def test_it_goes_with_the_levels_of_evidence(kg: Kg) -> None:
    def head(*more: str) -> list[str]:
        done = kg("query", "operating-rates", "--identifiers", "wikidata", "--format", "csv", *more)
        return next(csv.reader(io.StringIO(done.out)))

    assert head() == [*queries.read("operating-rates").columns, "identifiers"]
    assert head("--evidence", "none")[-2:] == ["status", "identifiers"]
    assert head("--evidence", "full")[-2:] == ["comparisons", "identifiers"]


def test_a_cell_is_text(kg: Kg) -> None:
    done = kg("query", "operating-rates", "--province", "Guangdong", "--identifiers=wikidata", "--format", "json")
    (row,) = json.loads(done.out)["results"]["bindings"]
    assert row["identifiers"] == {"type": "literal", "value": "Guangdong: Q15175"}


def test_a_data_set_that_nothing_is_linked_to_names_the_nearest(kg: Kg) -> None:
    done = kg("query", "pmi", "--identifiers", "wikidatta")
    assert done.code == 3
    assert "id-dataset:wikidata" in done.err
    with pytest.raises(UnknownName):
        library.query("pmi", identifiers="Hubei")


def test_the_full_command_line_gives_the_same(kg: Kg, store: str) -> None:
    """Words that the quick path does not understand go the other way."""
    quick = kg("query", "operating-rates", "--identifiers", "wikidata")
    assert "Q15175" in quick.out
    assert process("query", "--identifiers", "wikidata", "operating-rates", env={"KG_STORE": store}).out == quick.out


# ---- names that tell nothing apart ----


class Small(Session):
    """A store in memory."""

    def __init__(self, lines: list[bytes]) -> None:
        self.graph = engine.in_memory(lines)

    def run(self, text: str, prefixes: dict[str, str] | None) -> Results:
        return self.graph.query(text, prefixes=prefixes, use_default_graph_as_union=True)


def labelled(iri: str, name: str) -> bytes:
    return f'<{terms.expand(iri)}> <{terms.expand("skos:prefLabel")}> "{name}"@en <urn:g> .'.encode()


def told(lines: list[bytes], *names: str) -> list[str]:
    wider = identifiers.with_identifiers(
        Small(lines), answer(["who"], [[pyoxigraph.Literal(name)] for name in names]), "wikidata"
    )
    return [str(getattr(row[1], "value", "")) for row in wider.rows()[1]]


def test_a_name_of_several_things_finds_none(nquads: list[bytes]) -> None:
    assert told(nquads, "Hubei", "Hubei Province", "no such") == ["Hubei: Q46862", "", ""]
    assert told([*nquads, labelled("id-org:hubei", "Hubei")], "Hubei") == [""]
    # the nodes that carry facts are not asked for by name
    assert told([*nquads, labelled("id:claim/x/y", "Hubei")], "Hubei") == ["Hubei: Q46862"]


def test_more_names_than_one_query_asks_for(nquads: list[bytes]) -> None:
    names = [f"name {number}" for number in range(2 * identifiers.AT_ONCE)]
    assert told(nquads, *names, "Hubei", *names)[2 * identifiers.AT_ONCE] == "Hubei: Q46862"
