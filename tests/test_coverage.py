"""Coverage: sentence borders, names, and what of a text is carried, declared or open."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest

from kg import coverage, engine
from kg.coverage import Item
from kg.engine import Ask
from kg.errors import TextProblem, UnknownName
from kg.sentences import sentences
from kg.spotting import Namer
from kg.store import Session
from tests.conftest import EXAMPLE, ROOT, Outcome

NAME = EXAMPLE.name
TEXT = (EXAMPLE / f"{NAME}.txt").read_text(encoding="utf-8")
CLAIMS = (EXAMPLE / "claims.ttl").read_text(encoding="utf-8")
RECORD = (EXAMPLE / "record.ttl").read_text(encoding="utf-8")
PROJECT = [ROOT / "ontology/schemes/set-aside-reason.ttl", *sorted((ROOT / "seeds/things").glob("*.ttl"))]
DOCUMENTS = sorted(path.name for path in (ROOT / "seeds/documents").iterdir())

# ---- sentence borders ----


@pytest.mark.parametrize(
    ("paragraph", "count"),
    [
        ("Mr. Li of the mill said so. It ran.", 2),
        ("The U.S. mills ran. Others stood.", 2),
        ("It grew in the U.S. It shrank elsewhere.", 2),
        ("Output rose 3.5 percent. 2031 saw more.", 2),
        ('He said: "It works." Then he left.', 2),
        ('He asked, "Why?" and left.', 1),
        ("“It ran.” “It did,” she said.", 2),
        ("Loom Works Inc. said so.", 1),
        ("Loom Co., Ltd. in Wool City restarted.", 1),
        ("Loom Co., Ltd. Spindle Works ran.", 1),
        ("It was sold to Loom Co., Ltd. Then it ran.", 2),
        ("At 3 p.m. on Monday it ran.", 1),
        ("Steel, e.g. plate, ran.", 1),
        ("They built looms, shuttles, etc. for mills.", 1),
        ("The No. 5 mill ran. J. Smith ran it from Jan. 5.", 2),
        ("Dr. Wu vs. Prof. Hu was heard.", 1),
        ("Mills, shops. , 731 vans came.", 1),
        ("Loom masks ; Weavers ran.", 1),
        ("Is it so? Yes! It is.", 3),
        ("It ran … and ran.", 1),
        ("A mill ran. [Photo/Agency]", 2),
        ("It cost 1.44 million (US$2). Sales fell.", 2),
        ("织布机开了。人们来了。", 2),
        ("A heading without an end", 1),
        ("  ", 0),
    ],
)
def test_sentences_end_where_a_reader_ends_them(paragraph: str, count: int) -> None:
    found = sentences(paragraph)
    assert len(found) == count, [paragraph[start:end] for start, end in found]
    assert "".join(paragraph[s:e] for s, e in found).replace(" ", "") == paragraph.replace(" ", "")


# ---- names ----


def test_names_are_the_longest_on_word_borders() -> None:
    namer = Namer(
        {name: frozenset({name}) for name in ("US", "Loom City", "Loom City Bank", "face masks", "Ada’s Mill")}
    )
    text = "US$5: Loom City Bank of the US, Loom City's bus, one Face mask, Ada's Mill, face-maskss."
    assert [text[n.start : n.end] for n in namer.names(text)] == [
        "Loom City Bank",
        "US",
        "Loom City",
        "Face mask",
        "Ada's Mill",
    ]


# ---- the example document, whole and with something taken out ----


def asking(claims: str = CLAIMS, record: str = RECORD) -> Ask:
    """The graph of the example as its curator wrote it, beside the things of the project."""
    held = pyoxigraph.Store()
    turtle = {path.name: path.read_text(encoding="utf-8") for path in [*PROJECT, EXAMPLE / "things.ttl"]}
    for name, text in {**turtle, "claims": claims, "record": record}.items():
        held.load(text.encode(), format=pyoxigraph.RdfFormat.TURTLE, to_graph=pyoxigraph.NamedNode(f"urn:file:{name}"))
    return engine.asking_store(held)


@pytest.fixture(scope="module")
def example() -> Ask:
    return asking()


@pytest.fixture(scope="module")
def found(example: Ask) -> list[Item]:
    return coverage.measure(example, EXAMPLE)


def seen(found: list[Item], kind: str, paragraph: int) -> list[tuple[str, str, str]]:
    """First words, state, and what carries it, of each item of a kind in a paragraph."""
    return [
        (" ".join(TEXT[i.start : i.end].split()[:4]), i.state, " ".join(name.rpartition("/")[2] for name in i.by))
        for i in found
        if (i.kind, i.paragraph) == (kind, paragraph)
    ]


def opened(claims: str = CLAIMS, record: str = RECORD) -> list[tuple[str, str]]:
    """Kind and first words of what is open."""
    return [
        (item.kind, " ".join(TEXT[item.start : item.end].split()[:4]))
        for item in coverage.measure(asking(claims, record), EXAMPLE)
        if item.state == "open"
    ]


def without(subject: str) -> str:
    """The claims without the block of a subject."""
    (block,) = [block for block in CLAIMS.split("\n\n") if block.startswith(f"{subject} ")]
    return CLAIMS.replace(block + "\n\n", "")


def test_sentences_are_carried_or_declared(found: list[Item]) -> None:
    assert seen(found, "sentence", 3) == [
        ("A ferry takes looms", "carried", "ferry-to-westmark"),
        ("[Photo: Harbour Gazette]", "declared", "page furniture"),
    ]
    assert seen(found, "sentence", 9) == [
        ("On February 24 the", "carried", "hotline"),
        ("Tom Sallow, head of", "carried", "shops-called tom-sallow-in-guild tom-sallow-post"),
        ("On the one hand,", "carried", "plan-praised"),
        ("On the other hand,", "carried", "toll-on-dyes"),
    ]
    assert seen(found, "sentence", 16) == [
        ("In short, the share", "declared", "repetition"),
        ("Who would not call", "declared", "rhetorical"),
    ]


def test_figures_are_carried_or_declared(found: list[Item]) -> None:
    assert seen(found, "figure", 9) == [
        ("24", "carried", "hotline"),
        ("hundreds", "carried", "shops-called"),
        ("one", "declared", "idiom"),
    ]
    assert seen(found, "figure", 15) == [
        ("first", "carried", "arrears"),
        ("31.4 billion", "carried", "arrears"),
        ("90,000", "carried", "lace-makers"),
        ("20", "carried", "small-weaver-looms"),
    ]
    assert seen(found, "figure", 16) == [("95", "declared", "repetition")]


def test_names_are_carried_or_declared(found: list[Item]) -> None:
    assert seen(found, "name", 1) == [("Norland mills", "carried", "headline-rate")]  # the place is part of it
    assert seen(found, "name", 3) == [
        ("Brightwater Mill", "carried", "ferry-to-westmark"),
        ("Westmark", "carried", "ferry-to-westmark"),
        ("Harbour Gazette", "declared", "page furniture"),
    ]
    assert seen(found, "name", 8) == [
        ("Brightwater Mill", "carried", "switch-to-masks"),
        ("Redfern Mill", "carried", "redfern-supplies-brightwater"),
        ("Brigthwater Mill", "carried", "redfern-supplies-brightwater brigthwater-mill"),
    ]


def test_a_claim_taken_out_leaves_its_sentence_figures_and_names_open() -> None:
    assert opened(without("claim:published")) == [
        ("sentence", "Harbour Gazette, 23 April"),
        ("figure", "23"),
        ("figure", "2031"),
        ("name", "Harbour Gazette"),
    ]
    assert opened(without("claim:output-fell")) == [("figure", "12")]  # others carry the sentence


def test_an_idiom_set_aside_does_not_set_its_sentence_aside() -> None:
    assert opened(without("claim:plan-praised")) == [
        ("sentence", "On the one hand,"),
        ("name", "Loom Renewal Plan"),
    ]


def test_a_mention_says_what_a_name_means_not_what_the_sentence_says() -> None:
    assert opened(without("claim:redfern-supplies-brightwater")) == [
        ("sentence", "Redfern Mill supplies Brigthwater"),
        ("name", "Redfern Mill"),
    ]


def test_what_is_open_says_how_to_close_it() -> None:
    def fixes(claims: str) -> dict[str, list[str]]:
        found = coverage.measure(asking(claims), EXAMPLE)
        assert not [item for item in found if item.state != "open" and item.fix]
        by_kind: dict[str, list[str]] = {}
        for item in found:
            if item.state == "open":
                by_kind.setdefault(item.kind, []).append(item.fix)
        return by_kind

    link = " ;\n  icr:about id-org:brightwater-mill ."
    assert fixes(CLAIMS.replace(link, " ."))["name"] == [
        "say that claim:ferry-to-westmark is about id-org:brightwater-mill (icr:about), when it is, or write a mention"
    ]
    gone = fixes(without("claim:plan-praised"))
    assert gone["sentence"] == [coverage.CLOSE_SENTENCE]
    assert gone["name"] == ["write a claim that concerns id-policy:loom-renewal-plan, or a mention"]
    assert fixes(without("claim:output-fell"))["figure"] == [coverage.CLOSE_FIGURE]


def test_a_name_inside_a_passage_of_a_claim_that_does_not_concern_it_is_open() -> None:
    link = " ;\n  icr:about id-org:brightwater-mill ."
    assert CLAIMS.count(link) == 1
    assert opened(CLAIMS.replace(link, " .")) == [("name", "Brightwater Mill")]


def test_teasers_do_not_count(found: list[Item]) -> None:
    assert {item.paragraph for item in found} == set(range(1, 17))
    counted = RECORD.replace("paragraph-role:teaser", "paragraph-role:body")
    assert opened(record=counted) == [
        ("sentence", "More from the Gazette:"),
        ("figure", "40"),
        ("figure", "2030"),
        ("name", "Norland"),
    ]


def test_the_table_adds_up(found: list[Item]) -> None:
    """The totals were counted by hand in the text, paragraph by paragraph."""
    columns, rows = coverage.table(found)
    assert columns == ["document", "kind", "total", "carried", "declared", "open"]
    sentences = 1 + 1 + 2 + 2 + 1 + 2 + 2 + 3 + 4 + 2 + 2 + 3 + 3 + 1 + 3 + 2
    figures = 1 + 2 + 2 + 4 + 2 + 5 + 5 + 1 + 3 + 2 + 1 + 6 + 4 + 0 + 4 + 1
    names = 1 + 1 + 3 + 3 + 4 + 2 + 2 + 3 + 6 + 3 + 3 + 3 + 3 + 1 + 4 + 1
    assert rows == [
        [NAME, "sentences", str(sentences), str(sentences - 3), "3", "0"],
        [NAME, "figures", str(figures), str(figures - 2), "2", "0"],
        [NAME, "names", str(names), str(names - 2), "2", "0"],
    ]


def test_the_counts_of_the_graph_need_no_text(example: Ask) -> None:
    passages = CLAIMS.count(" a icr:Passage ;") - 2  # one holds a mention alone, to one words only refer back
    claims = CLAIMS.count("\nclaim:")
    assert coverage.counts(example) == [
        {
            "document": NAME,
            "paragraphs": "18",
            "passages": str(passages),
            "claims": str(claims),
            "mentions": "1",
            "setAsides": "4",
        }
    ]


def test_another_edition_and_an_unknown_document_are_refused(example: Ask, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.txt").write_text(TEXT.replace("5.3 million", "5.4 million"), encoding="utf-8")
    with pytest.raises(TextProblem, match="is not the one in which the graph counts positions"):
        coverage.measure(example, tmp_path)
    with pytest.raises(UnknownName, match="there is no document 'harbour-gazette'") as caught:
        coverage.measure(example, EXAMPLE, "harbour-gazette")
    assert caught.value.hint == f"did you mean {NAME}?"


def test_nothing_of_the_example_is_open(example_store: str, kg: Callable[..., Outcome]) -> None:
    done = kg("coverage", NAME, "--texts", str(EXAMPLE), "--store", example_store, "--format", "tsv")
    assert done.code == 0
    assert [line.split("\t")[-1] for line in done.out.splitlines()] == ["open", "0", "0", "0"]


# ---- the five texts ----


@pytest.mark.texts
def test_nothing_is_open_in_the_five_texts(texts: Path, store: str) -> None:
    session = Session(store)
    found = coverage.measure(engine.asking(session), texts)
    print(*coverage.table(found)[1], sep="\n")
    assert {item.document for item in found} == set(DOCUMENTS)
    assert [item for item in found if item.state == "open"] == []
    assert len(found) >= 500


# ---- the command ----


def test_without_texts_the_command_prints_what_the_graph_records(kg: Callable[..., Outcome]) -> None:
    done = kg("coverage", "--format", "tsv")
    assert done.code == 0
    assert done.err == "kg: these are the counts that the graph records; with --texts DIR the texts are counted\n"
    assert [line.split("\t")[0] for line in done.out.splitlines()] == ["document", *DOCUMENTS]
    one = kg("coverage", "scio-2020-04-23", "--quiet", "--format", "tsv")
    assert one.err == ""
    assert one.out.splitlines()[1:] == [line for line in done.out.splitlines() if line.startswith("scio")]


@pytest.mark.texts
def test_the_command_lists_what_is_open_without_the_words_of_sentences(
    kg: Callable[..., Outcome], texts: Path, tmp_path: Path
) -> None:
    document = "scmp-2023-05-12"
    done = kg("coverage", document, "--texts", str(texts), "--open", "--format", "tsv")
    assert (done.code, done.out.splitlines()[1:]) == (0, [])
    table = kg("coverage", document, "--texts", str(texts), "--format", "tsv")
    assert table.out.splitlines()[0] == "document\tkind\ttotal\tcarried\tdeclared\topen"
    shutil.copy(texts / f"{document}.txt", tmp_path)
    assert kg("coverage", "--texts", str(tmp_path)).code == 3  # the other texts are missing


@pytest.mark.parametrize(
    ("argv", "code", "slug"),
    [
        (("--open",), 2, "usage"),
        (("--texts", "/nowhere"), 3, "input"),
        (("scio",), 3, "unknown"),
        (("--format", "xml"), 2, "usage"),
    ],
)
def test_what_cannot_be_counted_is_said(
    kg: Callable[..., Outcome], argv: tuple[str, ...], code: int, slug: str
) -> None:
    done = kg("coverage", *argv)
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith(f"error[{slug}]: ")
