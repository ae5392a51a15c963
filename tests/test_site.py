"""The site: every thing has its page and its Turtle, nothing is lost, links lead somewhere, and folders stay safe."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import pyoxigraph
import pytest

from kg import folders, rdf, schema_org, site_paths, terms
from kg.errors import InputError, StoreError
from kg.site import REFERENCE, Site
from kg.site_graph import SiteGraph
from kg.site_pages import Describer
from tests.conftest import Outcome, process
from tests.pages import CHINESE, XHTML, parsed, texts

Run = Callable[..., Outcome]
Files = dict[str, bytes]
CLAIM = "id/claim/scio-2020-04-23/leading-92-count"


@pytest.fixture(scope="module")
def files(store: str) -> Files:
    return dict(Site(store, quiet=True).files())


@pytest.fixture(scope="module")
def pages(files: Files) -> dict[str, str]:
    return {name: body.decode() for name, body in files.items() if name.endswith(".html")}


def words(element: Element) -> str:
    """The text of an element, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def subjects(nquads: list[bytes]) -> set[str]:
    """What the record describes under the name of the project, by its text."""
    found = {line.partition(b">")[0][1:].decode() for line in nquads}
    return {iri.removeprefix("https://w3id.org/icr/") for iri in found if iri.startswith("https://w3id.org/icr/")}


def test_every_thing_has_a_page_and_turtle_at_its_path(files: Files, nquads: list[bytes]) -> None:
    expected = {path for path in subjects(nquads) if "#" not in path}
    assert len(expected) > 3000
    assert {f"{path}.{ending}" for path in expected for ending in ("html", "ttl")} <= set(files)


def test_every_term_of_the_ontology_has_an_anchor(pages: dict[str, str], nquads: list[bytes]) -> None:
    names = {path.removeprefix("ns#") for path in subjects(nquads) if path.startswith("ns#")}
    for page in ("ns.html", "ns/0.1.0.html"):
        assert names <= {element.attrib["id"] for element in parsed(pages[page]).iter() if "id" in element.attrib}


def test_the_turtle_of_all_things_is_the_whole_graph(files: Files, nquads: list[bytes]) -> None:
    """Each file says what is said of its thing, and what points at it: literals as they stand in the record."""
    graph = {quad.triple for quad in rdf.parse_lines(b"\n".join(nquads))}
    said = set()
    for name, body in files.items():
        if name.endswith(".ttl") and name != "shapes.ttl":
            own = {quad.triple for quad in pyoxigraph.parse(body, format=pyoxigraph.RdfFormat.TURTLE)}
            if name == "dataset.ttl":  # which holds the description for catalogues as well
                own &= graph
            assert own <= graph, name
            if not name.startswith("ns"):
                iri = pyoxigraph.NamedNode(terms.BASE + name.removesuffix(".ttl"))
                parts = f"<{iri.value}#"
                assert all(iri in (t.subject, t.object) or str(t.subject).startswith(parts) for t in own), name
            said |= own
    assert said == graph


def test_links_inside_the_site_lead_to_its_files_and_places(files: Files, pages: dict[str, str]) -> None:
    places = {name: set(map(unescape, re.findall(r' id="([^"]+)"', text))) for name, text in pages.items()}
    followed = 0
    for name, text in pages.items():
        folder = name.rpartition("/")[0]
        for link in set(re.findall(r'(?:href|src)="([^"]*)"', text)):
            file, _, place = unescape(link).partition("#")
            if "://" in file:
                continue
            parts = folder.split("/") if folder and file else []
            for part in unquote(file).split("/") if file else []:
                parts = parts[:-1] if part == ".." else [*parts, part]
            target = "/".join(parts) if file else name
            assert target in files, f"{name} links to {link}"
            assert not place or unquote(place) in places[target], f"{name} links to {link}"
            followed += 1
    assert followed > 20_000


def test_ids_of_a_page_are_unique(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        ids = re.findall(r' id="([^"]+)"', text)
        assert len(ids) == len(set(ids)), name


def samples(pages: dict[str, str]) -> list[str]:
    """One page of each kind of thing, each list, and the pages of the site as a whole."""
    first: dict[str, str] = {}
    for name in sorted(pages, key=lambda name: (-len(pages[name]), name)):
        first.setdefault(re.sub(r"[^/]+\.html$", "", re.sub(r"/[a-z0-9-]+-\d{4}-\d\d(-\d\d)?/", "/", name)), name)
    return [*first.values(), "index.html", "ns.html", "id/org/miit.html", f"{CLAIM}.html"]


def test_pages_are_accessible_html(pages: dict[str, str]) -> None:
    chosen = samples(pages)
    assert len(chosen) > 40
    for name in chosen:
        root = parsed(pages[name])
        (html,) = [element for element in root.iter() if element.tag == f"{XHTML}html"]
        assert html.attrib["lang"] == "en"
        assert words(next(root.iter(f"{XHTML}title")))
        assert len(list(root.iter(f"{XHTML}h1"))) == 1, name
        levels = [int(str(e.tag)[-1]) for e in root.iter() if re.fullmatch(rf"{re.escape(XHTML)}h[1-6]", str(e.tag))]
        headings = levels[levels.index(1) :]
        assert all(after <= before + 1 for before, after in pairwise(headings)), name
        for table in root.iter(f"{XHTML}table"):
            assert all("scope" in head.attrib for head in table.iter(f"{XHTML}th")), name
        for link in root.iter(f"{XHTML}a"):
            assert words(link), f"{name} has a link without words: {link.attrib}"
        for text, language in texts(next(root.iter(f"{XHTML}body"))) if name not in REFERENCE.values() else ():
            assert not CHINESE.search(text) or language.startswith("zh"), (name, text)


def test_pages_of_things_need_no_script_and_name_their_turtle(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        if name.startswith(("id/", "scheme/", "query/")) and not name.endswith("/index.html"):
            turtle = name.rpartition("/")[2].replace(".html", ".ttl")
            assert re.findall(r'<link rel="alternate" type="text/turtle" href="([^"]+)">', text) == [turtle], name
            assert re.findall(r"<script(?! type=.application/ld\+json)", text) == [], name


def test_a_claim_shows_its_evidence(pages: dict[str, str]) -> None:
    """Figures, place and voice as a reader of the transcript finds them."""
    page = parsed(pages[f"{CLAIM}.html"])
    said = words(page)
    assert "Said by Huang Libin, for Ministry of Industry and Information Technology." in said
    assert "¶7, 3042–3137" in said
    assert "92 · combined · have led · more than 400,000" in said
    assert "3ae7c4c8db707832d84ba9f740e5a083cc0d1ae932ab7096c55bf92fae543926" in said
    links = {words(link): link.attrib["href"] for link in page.iter(f"{XHTML}a")}
    assert links["the original"].startswith("http://www.china.org.cn/")
    assert links["the 92 leading enterprises"] == "../../aggregate/leading-92.html"
    assert "upper bound92" in said  # a term and its description


def test_links_go_both_ways(pages: dict[str, str]) -> None:
    bureau, ministry = (parsed(pages[f"id/org/{name}.html"]) for name in ("miit/sme-bureau", "miit"))
    assert any(link.attrib["href"] == "../miit.html" for link in bureau.iter(f"{XHTML}a"))
    incoming = words(ministry).partition("What points here")[2]
    assert "SME bureau" in incoming or "Small and Medium" in incoming
    assert "工业和信息化部" in words(ministry)


def test_a_fact_from_elsewhere_says_so(pages: dict[str, str]) -> None:
    page = words(parsed(pages["id/claim/external/anhui-in-china.html"]))
    assert "No passage says it. It rests on ISO 3166-2 codes" in page


def test_an_answer_has_a_page_with_its_rows(pages: dict[str, str], kg: Run) -> None:
    page = parsed(pages["query/supply-relations.html"])
    rows = [row for body in page.iter(f"{XHTML}tbody") for row in body]
    assert len(rows) == len(kg("query", "supply-relations").out.splitlines()) - 1
    assert "Dongguan Haihe Automation Equipment Factory" in words(page)


def test_json_ld_is_json_that_ends_no_script(pages: dict[str, str]) -> None:
    kinds = set()
    for name, text in pages.items():
        for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL):
            data = json.loads(block)
            assert data["@context"] == "https://schema.org"
            assert data["@id"].startswith(terms.BASE), name
            kinds |= {data["@type"]} if isinstance(data["@type"], str) else set(data["@type"])
    assert {"Dataset", "GovernmentOrganization", "Person", "AdministrativeArea", "NewsArticle", "Claim"} <= kinds


def test_the_data_set_is_described_for_search_engines(files: Files, pages: dict[str, str]) -> None:
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', pages["index.html"], re.DOTALL)
    data = json.loads(block)
    (download,) = data["distribution"]
    assert download["contentUrl"] == f"{terms.BASE}dataset/graph.nq"
    assert download["contentSize"] == f"{len(files['dataset/graph.nq'])} B"
    assert data["temporalCoverage"] == "2020-03-06/2023-05-12"
    assert data["license"] == ["https://creativecommons.org/licenses/by/4.0/"]


def test_the_same_graph_gives_the_same_bytes(files: Files, store: str, tmp_path: Path) -> None:
    done = process("site", str(tmp_path / "site"), "--quiet", env={"KG_STORE": store, "PYTHONHASHSEED": "7"})
    assert done.code == 0
    again = {path.relative_to(tmp_path / "site").as_posix(): path for path in (tmp_path / "site").rglob("*")}
    written = {name: path.read_bytes() for name, path in again.items() if path.is_file() and name != folders.MARKER}
    assert written == files


# ---- what is strange ----


def strange(text: str) -> Describer:
    return Describer(SiteGraph(rdf.parse_lines(text.encode())))


def test_labels_and_addresses_of_others_cannot_act(store: str) -> None:
    quads = """
<https://w3id.org/icr/id/org/x> <http://www.w3.org/2000/01/rdf-schema#label> "</title><script>alert(1)</script>"@en <urn:g> .
<https://w3id.org/icr/id/org/x> <https://w3id.org/icr/ns#seen> <javascript:alert(2)> <urn:g> .
<https://w3id.org/icr/id/org/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/icr/ns#Organization> <urn:g> .
<https://w3id.org/icr/ns#Organization> <https://w3id.org/icr/ns#alignedWith> <http://schema.org/Organization> <urn:g> .
"""
    site = Site(store, quiet=True)
    site.graph = SiteGraph(rdf.parse_lines(quads.encode()))
    site.describer = Describer(site.graph)
    text = site.thing("id/org/x.html", site.describer.page("https://w3id.org/icr/id/org/x")).decode()
    root = parsed(text)
    assert words(next(root.iter(f"{XHTML}h1"))) == "</title><script>alert(1)</script>"
    assert "javascript:" not in "".join(link.attrib["href"] for link in root.iter(f"{XHTML}a"))
    (script,) = root.iter(f"{XHTML}script")
    assert json.loads(script.text or "")["name"][0]["@value"] == "</title><script>alert(1)</script>"


@pytest.mark.parametrize(
    "name", ["id/../../etc/passwd", "id/org//x", "id/org/", "id/org/%2e%2e/x", "id/org/a%5Cb", "id/org/" + "x" * 300]
)
def test_no_page_leaves_the_folder(name: str) -> None:
    with pytest.raises(InputError, match="cannot be that of a file"):
        site_paths.path(terms.BASE + name)


def test_a_thing_without_a_name_is_called_by_its_class_and_place() -> None:
    page = strange("<https://w3id.org/icr/id/org/x> <urn:p> <https://w3id.org/icr/id/org/y> <urn:g> .")
    assert page.page("https://w3id.org/icr/id/org/x").title == "x"
    assert schema_org.text(page.page("https://w3id.org/icr/id/org/x"), page.graph) == ""


def test_a_fact_is_told_once_by_its_narrowest_property() -> None:
    broader = "<urn:narrow> <http://www.w3.org/2000/01/rdf-schema#subPropertyOf> <urn:wide> <urn:g> ."
    x, y = (f"https://w3id.org/icr/id/org/{name}" for name in "xy")
    said = "\n".join(f"<{x}> <urn:{name}> <{y}> <urn:g> ." for name in ("narrow", "wide", "other"))
    describer = strange(f"{broader}\n{said}")
    assert {fact.property for fact in describer.page(x).facts} == {"urn:narrow", "urn:other"}
    assert {fact.property for fact in describer.page(y).incoming} == {"urn:narrow", "urn:other"}


# ---- the folder ----


def test_a_folder_of_ours_is_replaced_whole(tmp_path: Path) -> None:
    place = tmp_path / "site"
    assert folders.replace(place, [("a.html", b"1"), ("b/c.html", b"22")]) == (2, 3)
    assert folders.replace(place, [("a.html", b"3")]) == (1, 1)
    assert sorted(path.name for path in place.rglob("*")) == [folders.MARKER, "a.html"]
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_files_of_others_stay(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match=r"holds files that kg did not write there, such as mine\.txt"):
        folders.replace(tmp_path, [("a.html", b"1")])
    place = tmp_path / "site"
    folders.replace(place, [("a.html", b"1")])
    (place / "CNAME").write_text("example.org", encoding="utf-8")
    with pytest.raises(StoreError, match="such as CNAME"):
        folders.replace(place, [("a.html", b"2")])
    assert (place / "a.html").read_bytes() == b"1"
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_half_a_site_does_not_stay(tmp_path: Path) -> None:
    place = tmp_path / "site"
    folders.replace(place, [("a.html", b"1")])

    def half() -> Iterator[tuple[str, bytes]]:
        yield "a.html", b"2"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folders.replace(place, half())
    with pytest.raises(StoreError, match="cannot be written"):
        folders.replace(place, [("a.html", b"2"), ("a.html", b"3")])
    assert (place / "a.html").read_bytes() == b"1"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_the_command_tells_what_it_wrote_and_refuses_other_folders(kg: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    refused = kg("site", str(tmp_path))
    assert (refused.code, refused.out) == (4, "")
    assert "error[store]" in refused.err
    assert "notes.txt" in refused.err


@pytest.mark.parametrize("host", ["example.org", "https://x.org/%{ENV:a}", "https://x.org/$1", "https://x.org/a b"])
def test_a_host_is_an_address(kg: Run, tmp_path: Path, host: str) -> None:
    refused = kg("site", str(tmp_path / "site"), "--host", host)
    assert (refused.code, list(tmp_path.iterdir())) == (2, [])


# ---- colours ----


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2)."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_text_stands_out_from_its_ground_by_day_and_night(files: Files) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    light, dark = re.findall(r":root \{(.*?)\}", files["style.css"].decode(), re.DOTALL)
    for theme in (light, dark):
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", theme))
        for text, grounds in {"ink": "paper raised", "link": "paper raised", "soft": "paper raised chip"}.items():
            for ground in grounds.split():
                bright, dim = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
                assert (bright + 0.05) / (dim + 0.05) >= 4.5, (text, ground)
