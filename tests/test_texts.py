"""Source texts: paragraphs, spans, the Turtle of passages and of new documents."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph
import pytest

from kg import skeleton, terms
from kg.errors import InputError, TextProblem
from kg.texts import SourceText, passage_turtle
from tests.conftest import Outcome

INVENTED = "Mills restart\n\nBy April 2, over 7,600 mills ran.\nOver 600 mills “ran” again, 新 too.\n"


@pytest.fixture
def invented(tmp_path: Path) -> Path:
    (tmp_path / "invented-2031.txt").write_text(INVENTED, encoding="utf-8")
    return tmp_path


def parsed(turtle: str) -> Iterator[pyoxigraph.Quad]:
    """The quads of Turtle as it would be pasted into a file of the document."""
    spaces = {**terms.PREFIXES, **terms.document_prefixes("invented-2031")}
    head = "".join(f"@prefix {name}: <{space}> .\n" for name, space in spaces.items())
    return iter(pyoxigraph.parse(head + turtle, format=pyoxigraph.RdfFormat.TURTLE))


def test_paragraphs_are_the_non_empty_lines(invented: Path) -> None:
    text = SourceText.read(invented, "invented-2031")
    assert [(p.number, text.text[p.start : p.end]) for p in text.paragraphs()] == [
        (1, "Mills restart"),
        (2, "By April 2, over 7,600 mills ran."),
        (3, "Over 600 mills “ran” again, 新 too."),
    ]


def test_a_passage_counts_code_points_and_digests_bytes(invented: Path) -> None:
    turtle = passage_turtle(SourceText.read(invented, "invented-2031"), "“ran” again, 新", ["新"])
    start = INVENTED.index("“ran”")
    assert f"here:c{start}-{start + 14} a icr:Passage" in turtle
    assert hashlib.sha256("“ran” again, 新".encode()).hexdigest() in turtle
    assert "icr:inParagraph here:p3" in turtle
    assert list(parsed(turtle))


def test_words_that_stand_twice_are_refused_with_the_places(invented: Path) -> None:
    text = SourceText.read(invented, "invented-2031")
    with pytest.raises(TextProblem, match="stand 2 times in invented-2031: paragraph 2 at .*, paragraph 3"):
        passage_turtle(text, "mills", ["mills"])
    assert "here:p3" in passage_turtle(text, "mills", ["mills"], paragraph=3)


def test_of_many_places_the_first_are_told(invented: Path) -> None:
    with pytest.raises(TextProblem) as caught:
        passage_turtle(SourceText.read(invented, "invented-2031"), " ", [])
    assert "stand 13 times" in caught.value.what
    assert caught.value.what.count("paragraph ") == 8
    assert caught.value.what.endswith(", …")


def test_a_text_that_may_not_be_read_is_bad_input(
    invented: Path, kg: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = invented / "invented-2031.txt"

    def forbidden(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr("os.access", lambda *_, **__: False)  # root may read anything
    monkeypatch.setattr(Path, "read_bytes", forbidden)
    for words in (["new-document", str(path)], ["passage", "invented-2031", "mills", "--texts", str(invented)]):
        told = kg(*words)
        assert told.code == 3
        assert told.err.startswith("error[text]: the text of invented-2031 cannot be read: Permission denied\n")


def test_a_byte_order_mark_is_refused(invented: Path) -> None:
    path = invented / "invented-2031.txt"
    path.write_text(INVENTED, encoding="utf-8-sig")
    with pytest.raises(TextProblem, match="byte order mark"):
        SourceText.read(invented, "invented-2031")


@pytest.mark.parametrize("words", ["", "nowhere", "ran.\nOver"])
def test_words_that_do_not_stand_in_one_paragraph_are_refused(invented: Path, words: str) -> None:
    with pytest.raises(TextProblem, match="do not stand"):
        passage_turtle(SourceText.read(invented, "invented-2031"), words, [])


def test_a_printed_form_is_short_and_inside_the_span(invented: Path) -> None:
    text = SourceText.read(invented, "invented-2031")
    with pytest.raises(InputError, match="does not stand inside"):
        passage_turtle(text, "over 7,600 mills", ["7,601"])
    long = SourceText("d", "x" * 61, "d.txt")
    with pytest.raises(InputError, match="61 characters"):
        passage_turtle(long, "x" * 61, [])


@pytest.mark.parametrize("words", ["It ran again after many years of rest.", "Would it run?", "机器停了吗？"])
def test_a_clause_is_no_printed_form_unless_one_is_named(words: str) -> None:
    text = SourceText("d", words, "d.txt")
    for reason in ("", "rhetorical"):
        with pytest.raises(InputError, match="a clause, whose words stay"):
            passage_turtle(text, words, [], set_aside=reason)
    assert f'icr:printedForm "{words[:2]}"' in passage_turtle(text, words, [words[:2]])
    assert 'icr:printedForm "Wheel and Loom Co., Ltd."' in passage_turtle(
        SourceText("d", "Wheel and Loom Co., Ltd.", "d.txt"), "Wheel and Loom Co., Ltd.", []
    )


def test_a_new_document_is_turtle_without_its_words(invented: Path) -> None:
    turtle = skeleton.record(SourceText.read(invented, "invented-2031"))
    assert "mills" not in turtle
    quads = list(pyoxigraph.parse(turtle, format=pyoxigraph.RdfFormat.TURTLE, base_iri="http://fill.in/"))
    assert sum(q.object.value.endswith("#Paragraph") for q in quads) == 3
    assert f"icr:lengthInCharacters {len(INVENTED)} ; icr:lengthInBytes {len(INVENTED.encode())}" in turtle


def test_a_name_that_cannot_be_an_iri_and_an_empty_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot name a document"):
        skeleton.record(SourceText("My Paper", "words", "My Paper.txt"))
    (tmp_path / "void.txt").write_text(" \n")
    with pytest.raises(TextProblem, match="is empty"):
        SourceText.read(tmp_path, "void")


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("Advertisement", "boilerplate"),
        ("Reading Time: 4 minutes", "boilerplate"),
        ("Wang Wei:", "speaker-label"),
        ("Mill hands at work. [Photo/Agency]", "caption"),
        ("Back to the loom", "heading"),
        ("Updated: May 3, 2031", "byline"),
        ("Harbour Gazette, 23 April 2031", "byline"),
        ("More from the Gazette: lace exports rose 40 percent in 2030", "teaser"),
        (
            "It ran, and the related mills ran as well, as far as anybody who was there could tell us on the day itself, more or less.",
            "body",
        ),
    ],
)
def test_roles_are_guessed(words: str, role: str) -> None:
    assert skeleton.guessed_role(words, 5) == role


def test_a_text_with_carriage_returns_or_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one\r\ntwo")
    (tmp_path / "b.txt").write_bytes("naïve".encode("latin-1"))
    with pytest.raises(TextProblem, match="carriage returns"):
        SourceText.read(tmp_path, "a")
    with pytest.raises(TextProblem, match="not UTF-8"):
        SourceText.read(tmp_path, "b")


def test_a_span_can_be_set_aside(invented: Path) -> None:
    turtle = passage_turtle(SourceText.read(invented, "invented-2031"), "“ran” again", ["ran"], set_aside="rhetorical")
    assert "a icr:SetAside ;" in turtle
    assert list(parsed(turtle))
    assert turtle.endswith("icr:setAsideReason sch-set-aside-reason:rhetorical .")


def test_the_claims_begin_with_the_figures_of_each_paragraph(invented: Path) -> None:
    turtle = skeleton.claims(SourceText.read(invented, "invented-2031"))
    assert "mills" not in turtle
    assert list(pyoxigraph.parse(turtle, format=pyoxigraph.RdfFormat.TURTLE))
    assert '# ¶2 body\n#   "April 2": a time (id-time:…)\n#   "over 7,600": ' in turtle
    assert '#   "2"' not in turtle  # the day counts nothing
    assert '#   "over 7,600": icr:comparator sch-comparator:gt ; icr:numericValue 7600.0 ; icr:unit unit:NUM' in turtle
    prefixes = re.findall(r"^@prefix ([\w-]+):", turtle, re.MULTILINE)
    assert prefixes == sorted(prefixes)


@pytest.mark.parametrize(
    ("text", "title", "day"),
    [
        ("Mills restart\nHarbour Gazette, 23 April 2031\nIt ran on May 3, 2031.\n", "Mills restart", "2031-04-23"),
        # two days in the byline, and a year without a day: a person has to choose
        ("Mills restart\nUpdated: May 3, 2031, first May 1, 2031\n", "Mills restart", "FILL-IN"),
        ("Mills restart\nUpdated: May 2031\n", "Mills restart", "FILL-IN"),
        ("Advertisement\nMills restart\n", "FILL-IN", "FILL-IN"),
    ],
)
def test_title_and_day_are_taken_from_the_text(text: str, title: str, day: str) -> None:
    turtle = skeleton.record(SourceText("d", text, "d.txt"))
    assert f'dcterms:title "{title}"@en ;' in turtle
    assert f'dcterms:issued "{day}"^^xsd:date ;' in turtle


def test_both_files_are_written_and_never_overwritten(kg: Callable[..., Outcome], invented: Path) -> None:
    file = invented / "invented-2031.txt"
    done = kg("new-document", str(file), "--output", str(invented / "seeds"))
    folder = invented / "seeds" / "invented-2031"
    assert (done.code, done.out) == (0, f"{folder / 'record.ttl'}\n{folder / 'claims.ttl'}\n")
    before = (folder / "claims.ttl").read_text()
    again = kg("new-document", str(file), "--output", str(invented / "seeds"))
    assert again.code == 3
    assert again.err.startswith(f"error[input]: {folder / 'record.ttl'} is there already")
    assert (folder / "claims.ttl").read_text() == before


def test_the_commands_print_turtle_or_one_sentence(kg: Callable[..., Outcome], invented: Path) -> None:
    good = kg("passage", "invented-2031", "over 7,600 mills", "--printed", "over 7,600", "--texts", str(invented))
    assert (good.code, good.err) == (0, "")
    assert 'icr:printedForm "over 7,600" .' in good.out
    reason = kg("passage", "invented-2031", "Over 600", "--set-aside", "idom", "--texts", str(invented))
    assert reason.err == "error[unknown]: there is no reason 'idom' to set a span aside\n  hint: did you mean idiom?\n"
    missing = kg("passage", "other", "x", "--texts", str(invented))
    assert missing.code == 3
    assert missing.err.startswith("error[text]: the text of other cannot be read")
    skeleton = kg("new-document", str(invented / "invented-2031.txt"))
    assert skeleton.code == 0
    assert "id-doc:invented-2031 a icr:NewsArticle" in skeleton.out


def pairs(turtle: str) -> dict[str, str]:
    """The last value of each property in some Turtle."""
    return {
        terms.compact(q.predicate.value): terms.compact(str(getattr(q.object, "value", ""))) for q in parsed(turtle)
    }


def test_the_claim_of_a_figure_is_printed_with_its_quantity(kg: Callable[..., Outcome], invented: Path) -> None:
    asked = ("passage", "invented-2031", "over 7,600 mills ran", "--texts", str(invented), "--printed", "over 7,600")
    done = kg(*asked, "--claim", "mills-ran")
    assert (done.code, done.err) == (0, "")
    said = pairs(done.out)
    assert said["icr:comparator"] == "sch-comparator:gt"
    assert said["icr:numericValue"] == "7600.0"
    assert said["icr:unit"] == "unit:NUM"
    assert said["prov:wasDerivedFrom"] == f"id-doc:invented-2031/c{INVENTED.index('over')}-{INVENTED.index('.')}"
    assert said["icr:quantity"] == "id-quantity:invented-2031/mills-ran"
    assert said["rdfs:label"] == "FILL-IN"
    assert "'Mills Ran' cannot name a claim" in kg(*asked, "--claim", "Mills Ran").err
    assert kg(*asked[:5], "--printed", "ran", "--claim", "x").err.startswith("error[input]: 'ran' is read as no number")
    assert kg(*asked, "--claim", "x", "--set-aside", "idiom").code == 2


def test_a_range_has_its_ends() -> None:
    turtle = skeleton.measurement("shops", "here:c0-9 a icr:Passage .", "between 30 and 40")
    said = pairs(turtle)
    assert (said["icr:comparator"], said["icr:lowerBound"], said["icr:upperBound"]) == (
        "sch-comparator:range",
        "30.0",
        "40.0",
    )
