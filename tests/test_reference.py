"""The reference for people: READMEs that are fresh, pages that are whole, and words that say what the files say."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import pytest

from kg import catalogue, diagram, layout, queries, reference, shape_descriptions, terms, vocabulary
from kg.triples import Triples
from tests.conftest import ROOT, Outcome
from tests.pages import CHINESE, XHTML, parsed, texts

LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)\)")


@pytest.fixture(scope="module")
def pages(store: str) -> dict[str, str]:
    return reference.pages(store)


@pytest.fixture(scope="module")
def trees(pages: dict[str, str]) -> dict[str, Element]:
    return {name: parsed(text) for name, text in pages.items()}


@pytest.fixture(scope="module")
def ontology() -> Triples:
    return Triples.read("ontology")


@pytest.fixture(scope="module")
def shapes() -> Triples:
    return Triples.read("shapes")


def ids(tree: Element) -> list[str]:
    return [element.attrib["id"] for element in tree.iter() if isinstance(element.tag, str) and "id" in element.attrib]


@pytest.mark.parametrize("path", reference.READMES.values())
def test_a_readme_is_fresh(path: str, store: str) -> None:
    written = (ROOT / path).read_text(encoding="utf-8")
    assert written == reference.readmes(store)[path], f"{path} is out of date: run make reference, and commit it"


@pytest.mark.parametrize("path", reference.READMES.values())
def test_links_of_a_readme_lead_somewhere(path: str) -> None:
    here = ROOT / path
    targets = [target for target in LINK.findall(here.read_text(encoding="utf-8")) if "://" not in target]
    assert targets
    for target in targets:
        file, _, place = target.partition("#")
        text = (here.parent / file if file else here).read_text(encoding="utf-8")
        assert not place or f'<a id="{place}"></a>' in text, target


@pytest.mark.parametrize("path", reference.READMES.values())
def test_tables_of_a_readme_have_equal_rows(path: str) -> None:
    blocks = re.findall(r"(?:^\|.*\n)+", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    for block in blocks:
        cells = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(cells) == 1, block[:200]


def test_pages_are_html_of_one_piece(pages: dict[str, str], trees: dict[str, Element]) -> None:
    assert set(trees) == {"index.html", "ontology.html", "schemes.html", "shapes.html", "queries.html"}
    for name, tree in trees.items():
        assert len(ids(tree)) == len(set(ids(tree))), name
        for element in tree.iter():
            assert "src" not in element.attrib, f"{name} loads something"
            assert element.tag not in {f"{XHTML}link", f"{XHTML}iframe", f"{XHTML}object"}
        assert not re.search(r"@import|url\(\s*['\"]?(?!#)", pages[name])


def test_links_of_the_pages_lead_somewhere(trees: dict[str, Element]) -> None:
    places = {name: set(ids(tree)) for name, tree in trees.items()}
    followed = 0
    for name, tree in trees.items():
        for element in tree.iter(f"{XHTML}a"):
            file, _, place = element.attrib["href"].partition("#")
            if "://" not in file:
                assert not place or unquote(place) in places[file or name], element.attrib["href"]
                assert file in {"", *places}
                followed += 1
    assert followed > 1000


def declared(folder: str, kind: str) -> list[str]:
    """Subjects that Turtle files declare, by the letter: prefixed names and IRIs at the start of a line."""
    bodies = [path.read_text(encoding="utf-8") for path in sorted((ROOT / folder).rglob("*.ttl"))]
    return [name for body in bodies for name in re.findall(rf"^(\S+) a (?:{kind})", body, re.MULTILINE)]


@pytest.mark.parametrize(
    ("page", "folder", "kind", "least"),
    [
        ("ontology.html", "ontology", r"owl:(?:Class|\w+Property)", 200),
        ("schemes.html", "ontology/schemes", r"skos:Concept\b", 90),
        ("schemes.html", "ontology/schemes", "skos:ConceptScheme", 13),
        ("shapes.html", "shapes", r"sh:(?:Node|Property)Shape", 350),
    ],
)
def test_every_declared_term_has_an_anchor(
    trees: dict[str, Element], page: str, folder: str, kind: str, least: int
) -> None:
    names = declared(folder, kind)
    assert len(names) >= least
    expected = {
        re.sub(r"^(icr|shp):|^<?https://w3id.org/icr/scheme/|>$", "", re.sub(r"^sch-([a-z-]+):", r"\1/", name))
        for name in names
    }
    assert expected <= set(ids(trees[page]))


def test_every_query_has_a_place(trees: dict[str, Element]) -> None:
    places = set(ids(trees["queries.html"]))
    assert set(queries.names("answer")) <= places
    assert {f"check/{name}" for name in queries.names("check")} <= places
    assert {f"derive/{name}" for name in queries.names("derive")} <= places
    text = (ROOT / "queries/README.md").read_text(encoding="utf-8")
    for path in (ROOT / "queries").rglob("*.rq"):
        assert f"({path.relative_to(ROOT / 'queries').as_posix()})" in text


def test_pictures_have_words(trees: dict[str, Element]) -> None:
    pictures = [e for tree in trees.values() for e in tree.iter() if str(e.tag).endswith(("}svg", "}img"))]
    assert pictures
    for picture in pictures:
        assert picture.attrib["role"] == "img"
        labels = {child.attrib.get("id"): child.text or "" for child in picture}
        for name in picture.attrib["aria-labelledby"].split():
            assert labels[name].strip()


@pytest.mark.parametrize("page", ["index.html", "ontology.html", "schemes.html"])
def test_languages_are_marked(trees: dict[str, Element], page: str) -> None:
    found = list(texts(trees[page]))
    assert [text for text, language in found if CHINESE.search(text) and language != "zh-Hans"] == []
    latin = {text for text, language in found if language == "zh-Hans" and not CHINESE.search(text)}
    assert latin <= {"SHA-256"}  # written alike in both


def test_both_labels_stand_beside_each_other(trees: dict[str, Element]) -> None:
    (card,) = [e for e in trees["ontology.html"].iter(f"{XHTML}article") if e.attrib["id"] == "Measurement"]
    heading = next(card.iter(f"{XHTML}h3"))
    spans = [(e.attrib["lang"], e.text) for e in heading.iter(f"{XHTML}span")]
    assert spans == [("en", "measurement"), ("zh-Hans", "测量值")]


def test_the_pages_count_the_graph(trees: dict[str, Element]) -> None:
    """The five documents are news articles and a transcript; there are five renditions of them."""
    (card,) = [e for e in trees["ontology.html"].iter(f"{XHTML}article") if e.attrib["id"] == "TextRendition"]
    assert "5 things" in "".join(card.itertext())


def test_arrows_of_the_picture_are_properties(ontology: Triples) -> None:
    def above(iri: str) -> set[str]:
        return {iri}.union(*(above(parent) for parent in ontology.iris(iri, "rdfs:subClassOf")))

    for arrow in diagram.read().arrows:
        tail, head = above(terms.expand(arrow.tail)), above(terms.expand(arrow.head))
        if arrow.label == "rdfs:subClassOf":
            assert terms.expand(arrow.head) in tail
            continue
        iri = terms.expand(arrow.label)
        assert ontology.iris(iri, "rdf:type")
        assert set(ontology.iris(iri, "rdfs:domain")) <= tail, arrow
        assert set(ontology.iris(iri, "rdfs:range")) <= head, arrow


def test_boxes_of_the_picture_do_not_overlap() -> None:
    boxes = diagram.read().boxes
    assert len({(box.x, box.y) for box in boxes}) == len(boxes)
    assert diagram.COLUMN > diagram.WIDTH
    assert diagram.ROW > diagram.HEIGHT


def class_of(name: str, ontology: Triples, shapes: Triples) -> vocabulary.ClassTerm:
    found = [c for m in vocabulary.modules(ontology, shapes) for c in m.classes if c.iri == terms.expand(name)]
    return found[0]


def test_what_is_said_of_a_class(ontology: Triples, shapes: Triples) -> None:
    change = class_of("icr:Change", ontology, shapes)
    assert (change.english, change.chinese) == ("change", "变化量")
    assert change.parents == (terms.expand("icr:Claim"),)
    assert change.disjoint == (terms.expand("icr:Measurement"),)  # written on the other class
    assert terms.expand("icr:comparedWith") in change.properties
    inherited = dict(change.inherited)
    assert terms.expand("icr:saidIn") in inherited[terms.expand("icr:Claim")]
    assert terms.expand("prov:wasDerivedFrom") in inherited[terms.expand("prov:Entity")]
    assert terms.expand("icr:quantity") in change.shaped
    # the shape says that a measurement has no deadline
    assert terms.expand("icr:deadline") not in class_of("icr:Measurement", ontology, shapes).shaped


def test_what_is_said_of_a_property(ontology: Triples, shapes: Triples) -> None:
    found = {p.iri: p for m in vocabulary.modules(ontology, shapes) for p in m.properties}
    occasion = found[terms.expand("icr:occasion")]
    assert (occasion.domain, occasion.range) == ((terms.expand("icr:Utterance"),), (terms.expand("icr:Event"),))
    assert occasion.parents == (terms.expand("prov:wasGeneratedBy"),)
    assert found[terms.expand("icr:within")].traits == ("transitive",)
    assert found[terms.expand("icr:claimPredicate")].kind == "annotation property"
    assert found[terms.expand("icr:comparator")].traits == ("functional: at most one value",)


def test_every_reused_term_says_what_it_is_for(ontology: Triples, shapes: Triples) -> None:
    (module,) = [m for m in vocabulary.modules(ontology, shapes) if m.name == "reused"]
    assert [term.iri for term in module.terms if not term.definition] == []


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (
            "shp:QuantityValue-printedForm",
            ["exactly one", "text without a language tag", "length 1 or more", "length 60 or less"],
        ),
        (
            "shp:QuantityValue-lowerBasis",
            ["at most one", "a thing of the class `skos:Concept`", "a concept of the scheme `scheme/bound-basis`"],
        ),
        ("shp:Named-english", ["exactly one value that is in the language `en`"]),
        ("shp:Named-no-chinese", ["no value that is in the language `zh`"]),
        ("shp:QuantityValue-no-stated-upper", ["not the value `sch-bound-basis:stated`"]),
        (
            "shp:QuantityValue-point",
            ["at least one of these holds: the comparator is not eq; or lower and upper bound are given and equal"],
        ),
        ("shp:Claim-from-text-source", ["none"]),
        ("shp:QuantityValue-lower-excluded", ["the value `false`"]),
        ("shp:QuantityValue-both-bounds-equal", ["at least one", "the same value as `icr:upperBound`"]),
        (
            "shp:TimeReference-kind",
            [
                "exactly one of these holds: a thing of the class `icr:TimePoint`; "
                "or a thing of the class `icr:TimePeriod`"
            ],
        ),
    ],
)
def test_demands_in_words(shape: str, words: list[str], shapes: Triples) -> None:
    assert shape_descriptions.demands(terms.expand(shape), shapes) == words


def test_every_demand_has_words() -> None:
    """Each SHACL property that the shapes use is worded, so that none is left out of the pages in silence."""
    worded = {
        *shape_descriptions.ONE_VALUE,
        *shape_descriptions.ONE_NUMBER,
        *shape_descriptions.CHOICES,
    }
    worded |= set(re.findall(r'"(sh:\w+)"', (ROOT / "kg/shape_descriptions.py").read_text(encoding="utf-8")))
    worded |= {"sh:minCount", "sh:maxCount", "sh:qualifiedMinCount", "sh:qualifiedMaxCount"}
    lines = [x for p in (ROOT / "shapes").glob("*.ttl") for x in p.read_text(encoding="utf-8").splitlines()]
    used = {name for line in lines if line[:1] not in "#@" for name in re.findall(r"(?:^| )(sh:[a-z]\w*)", line)}
    assert len(used) > 25
    assert used - worded == set()


def test_severity_and_targets_of_a_shape(shapes: Triples) -> None:
    found = {s.iri: s for file in shape_descriptions.shape_files(shapes) for s in file.shapes}
    chinese = found[terms.expand("shp:Chinese-name")]
    assert [part.severity for part in chinese.properties] == ["info"]
    kind = found[terms.expand("shp:TimeReference-kind")]
    assert kind.targets == (
        "everything that has `icr:edtf`",
        "every value of `icr:deadline`, `icr:eventTime`, `icr:referenceTime`",
    )
    # three notes are shared by two shapes, and stand at the first
    assert len(found[terms.expand("shp:Labelled")].shared) == 3


def test_the_pages_do_not_take_text_for_signs() -> None:
    text = 'a <b> | "c" *d* icr:Claim'
    addresses = {terms.expand("icr:Claim"): ("ontology", "Claim")}
    assert reference.Html("shapes", addresses).prose(text) == (
        "a &lt;b&gt; | &quot;c&quot; *d* " + '<a href="ontology.html#Claim"><code>icr:Claim</code></a>'
    )
    assert reference.Markdown("shapes", addresses).prose(text) == (
        r'a \<b\> \| "c" \*d\* ' + "[`icr:Claim`](../ontology/README.md#Claim)"
    )


def test_the_first_rows_are_those_of_the_query(pages: dict[str, str]) -> None:
    table = catalogue.telling(["of", "spread", "note", "printed"], [["x" * 200, "", "n", "1"], ["y", "", "", "2"]])
    assert table.columns == ("of", "note", "printed")
    assert table.rows == (("x" * (catalogue.LONGEST_CELL - 1) + "…", "n", "1"), ("y", "", "2"))
    assert "the 51 leading enterprises listed first" in pages["queries.html"]


def test_the_command_writes_the_pages(kg: Callable[..., Outcome], tmp_path: Path, pages: dict[str, str]) -> None:
    done = kg("reference", "--output", str(tmp_path / "new" / "folder"))
    assert (done.code, done.err) == (0, "")
    assert {p.name: p.read_text(encoding="utf-8") for p in (tmp_path / "new" / "folder").iterdir()} == pages
    assert done.out.count("\n") == len(pages)


def test_a_folder_that_cannot_be_made(kg: Callable[..., Outcome], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = kg("reference", "--output", str(tmp_path / "file"))
    assert done.code == 4
    assert "name another folder" in done.err


def test_an_installed_kg_has_no_readmes_to_write(kg: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "WHEEL_DATA", layout.data_root())
    done = kg("reference", "--markdown")
    assert done.code == 2
    assert "belong to a checkout" in done.err
