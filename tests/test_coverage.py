"""Coverage: sentence borders, names, and what of a text is carried, declared or open."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest

from kg import coverage
from kg.coverage import Item
from kg.errors import TextProblem, UnknownName
from kg.evidence import Ask
from kg.sentences import sentences
from kg.spotting import Namer
from kg.store import Session
from kg.texts import digest
from tests.conftest import ROOT, Outcome

DATA = ROOT / "tests/data/coverage"
LOOM = "loom-city-2031-05-03"
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


# ---- an invented article with every case ----


@pytest.fixture(scope="module")
def invented() -> Ask:
    """The graph of the invented article, as its curator wrote it."""
    held = pyoxigraph.Store()
    for path in (DATA / f"{LOOM}.ttl", ROOT / "ontology/schemes/set-aside-reason.ttl"):
        held.load(path=path, format=pyoxigraph.RdfFormat.TURTLE, to_graph=pyoxigraph.NamedNode(f"urn:file:{path.name}"))

    def ask(text: str) -> tuple[list[str], list[list[pyoxigraph.NamedNode | pyoxigraph.Literal | None]]]:
        answer = held.query(text, use_default_graph_as_union=True)
        assert isinstance(answer, pyoxigraph.QuerySolutions)
        names = [variable.value for variable in answer.variables]
        return names, [[row[name] for name in names] for row in answer]

    return ask  # type: ignore[return-value]


@pytest.fixture(scope="module")
def found(invented: Ask) -> list[Item]:
    return coverage.measure(invented, DATA)


def words(item: Item) -> str:
    return (DATA / f"{LOOM}.txt").read_text(encoding="utf-8")[item.start : item.end]


def seen(found: list[Item], kind: str) -> list[tuple[str, str, str]]:
    """First words, state, and what carries it, of each item of a kind."""
    return [
        (" ".join(words(i).split()[:3]), i.state, " ".join(name.rpartition("/")[2] for name in i.by))
        for i in found
        if i.kind == kind
    ]


def test_sentences_are_carried_declared_or_open(found: list[Item]) -> None:
    assert seen(found, "sentence") == [
        ("Looms of Loom", "carried", "restarted"),
        ("By Ada Weaver,", "carried", "published"),
        ("By May 2,", "carried", "mills-restarted"),
        ("Who would not", "declared", "rhetorical"),
        ("Sales of Spindle", "carried", "sales-rose"),
        ("On the one", "open", ""),  # an idiom is set aside, the rest of the sentence is not
        ("Wool Town, its", "open", ""),  # a mention says what a name means, not what the sentence says
        ("Ada Weaver told", "carried", "mills-shut"),
        ("Mills run.", "open", ""),
        ("The rest is", "open", ""),
    ]


def test_figures_are_carried_declared_or_open(found: list[Item]) -> None:
    assert seen(found, "figure") == [
        ("3", "carried", "published"),
        ("2031", "carried", "published"),
        ("2", "carried", "mills-restarted"),
        ("7,600", "carried", "mills-restarted"),
        ("12", "carried", "sales-rose"),
        ("40", "open", ""),
        ("one", "declared", "idiom"),
        ("5", "carried", "mills-shut"),
    ]


def test_names_are_carried_declared_or_open(found: list[Item]) -> None:
    assert seen(found, "name") == [
        ("Loom City", "carried", "restarted"),
        ("Ada Weaver", "carried", "published"),
        ("mills in Loom", "carried", "mills-restarted"),  # the place is part of the longer name
        ("Loom City", "declared", "rhetorical"),
        ("Spindle Works Co.,", "carried", "sales-rose"),
        ("Spindle Works", "open", ""),  # outside the idiom that is set aside
        ("Wool Town", "carried", "wool-town"),
        ("Ada Weaver", "carried", "mills-shut"),  # as the speaker
        ("Spindle Works", "open", ""),  # inside a passage whose claim does not concern it
        ("mills", "carried", "mills-shut"),
        ("Mills", "open", ""),
    ]


def test_teasers_do_not_count(found: list[Item]) -> None:
    assert {item.paragraph for item in found} == {1, 2, 3, 4}


def test_the_table_adds_up(found: list[Item]) -> None:
    columns, rows = coverage.table(found)
    assert columns == ["document", "kind", "total", "carried", "declared", "open"]
    assert rows == [
        [LOOM, "sentences", "10", "5", "1", "4"],
        [LOOM, "figures", "8", "6", "1", "1"],
        [LOOM, "names", "11", "7", "1", "3"],
    ]


def test_the_counts_of_the_graph_need_no_text(invented: Ask) -> None:
    assert coverage.counts(invented) == [
        {"document": LOOM, "paragraphs": "5", "passages": "5", "claims": "5", "mentions": "1", "setAsides": "2"}
    ]


def test_the_passages_of_the_fixture_are_right(invented: Ask) -> None:
    text = (DATA / f"{LOOM}.txt").read_text(encoding="utf-8")
    for passage in coverage.read(invented).evidence.passages.values():
        assert digest(text[passage.start : passage.end]) == passage.sha256
        assert all(form in text[passage.start : passage.end] for form in passage.forms)


def test_another_edition_and_an_unknown_document_are_refused(invented: Ask, tmp_path: Path) -> None:
    text = (DATA / f"{LOOM}.txt").read_text(encoding="utf-8")
    (tmp_path / f"{LOOM}.txt").write_text(text.replace("40", "41"), encoding="utf-8")
    with pytest.raises(TextProblem, match="is not the one in which the graph counts positions"):
        coverage.measure(invented, tmp_path)
    with pytest.raises(UnknownName, match="there is no document 'loom-city'") as caught:
        coverage.measure(invented, DATA, "loom-city")
    assert caught.value.hint == f"did you mean {LOOM}?"


# ---- the five texts ----


@pytest.mark.texts
def test_nothing_is_open_in_the_five_texts(texts: Path, store: str) -> None:
    session = Session(store)
    found = coverage.measure(lambda text: session.ask(text).rows(), texts)
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
