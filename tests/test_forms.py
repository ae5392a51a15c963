"""Claims in other forms: nanopublications, RDF reification, RDF 1.2 reifiers, data cube."""

from __future__ import annotations

import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple

from kg import forms, layout, rdf, terms
from tests.conftest import ROOT, Outcome

CONSTRAINTS = sorted((ROOT / "tests/data/cube").glob("*.rq"))
RDF = terms.STANDARD["rdf"]
NP = terms.STANDARD["np"]
Run = Callable[..., Outcome]


def icr(name: str) -> NamedNode:
    return NamedNode(terms.expand(f"icr:{name}"))


def iri(name: str) -> NamedNode:
    return NamedNode(terms.expand(name))


def exported(kg: Run, claims_as: str, form: str, *more: str) -> list[Quad]:
    done = kg("export", "--claims-as", claims_as, "--format", form, *more)
    assert (done.code, done.err) == (0, "")
    return list(pyoxigraph.parse(done.out.encode(), format=rdf.GRAPH_FORMATS[form]))


@pytest.fixture(scope="module")
def seeds() -> list[Triple]:
    paths = layout.walk(layout.data_path("seeds"), ".ttl")
    return [triple for path in paths for triple in rdf.read_turtle(path)]


@pytest.fixture(scope="module")
def claims(nquads: list[bytes]) -> set[str]:
    """The names of all claims, read from the record."""
    ending = f" <{RDF}type> <{terms.expand('icr:Claim')}> ".encode()
    return {line.split(b" ")[0].decode()[1:-1] for line in nquads if ending in line}


def by_publication(quads: list[Quad]) -> dict[str, list[Quad]]:
    found = defaultdict(list)
    for quad in quads:
        found[quad.graph_name.value.split("/nanopublication#")[0]].append(quad)  # type: ignore[union-attr]
    return found


def test_every_claim_is_a_nanopublication_by_the_guidelines(kg: Run, claims: set[str]) -> None:
    """https://nanopub.net/guidelines/working_draft/, section on well-formed nanopublications."""
    found = by_publication(exported(kg, "nanopublications", "trig"))
    assert found.keys() == claims
    assert len(claims) > 500
    for claim, quads in found.items():
        name = NamedNode(f"{claim}/nanopublication")
        graphs = {part: NamedNode(f"{name.value}#{part}") for part in forms.PARTS}
        assert {quad.graph_name for quad in quads} == set(graphs.values())
        head = {quad.triple for quad in quads if quad.graph_name == graphs["head"]}
        assert head == {
            Triple(name, NamedNode(RDF + "type"), NamedNode(NP + "Nanopublication")),
            Triple(name, NamedNode(NP + "hasAssertion"), graphs["assertion"]),
            Triple(name, NamedNode(NP + "hasProvenance"), graphs["provenance"]),
            Triple(name, NamedNode(NP + "hasPublicationInfo"), graphs["publication"]),
        }
        assert [q for q in quads if q.graph_name == graphs["provenance"] and q.subject == graphs["assertion"]]
        published = {
            q.predicate: q.object for q in quads if q.graph_name == graphs["publication"] and q.subject == name
        }
        assert published[iri("dcterms:creator")] == NamedNode(terms.BASE + "project")


def test_a_checker_of_others_finds_them_valid(kg: Run) -> None:
    """The rules of the library `nanopub`, on all claims of one document."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from nanopub.nanopub import Nanopub
        from nanopub.nanopub_conf import NanopubConf

        found = by_publication(exported(kg, "nanopublications", "trig", "--document", "scmp-2020-03-25"))
        assert len(found) > 20
        for quads in found.values():
            graph = rdflib.ConjunctiveGraph()
            graph.parse(data=rdf.serialise(quads, "trig", {}), format="trig")
            assert Nanopub(rdf=graph, conf=NanopubConf()).is_valid


def test_a_nanopublication_tells_what_the_reader_found(kg: Run) -> None:
    """71.7 percent of SMEs on cloud platforms, said by Qin Zhihui (SCMP, March 2020)."""
    found = by_publication(exported(kg, "nanopublications", "nquads", "--document", "scmp-2020-03-25"))
    name = f"{terms.BASE}id/claim/scmp-2020-03-25/cloud-sme-restart-rate-tuesday"
    parts = defaultdict(set)
    for quad in found[name]:
        parts[quad.graph_name.value.partition("#")[2]].add(quad.triple)  # type: ignore[union-attr]
    quantity = NamedNode(name.replace("/claim/", "/quantity/"))
    decimal = NamedNode(terms.expand("xsd:decimal"))
    assert Triple(quantity, icr("numericValue"), Literal("71.7", datatype=decimal)) in parts["assertion"]
    assert not [t for t in parts["assertion"] if t.predicate in {iri("prov:wasDerivedFrom"), icr("saidIn")}]
    assertion = NamedNode(f"{name}/nanopublication#assertion")
    attributed = {t.object for t in parts["provenance"] if t.predicate == iri("prov:wasAttributedTo")}
    assert attributed == {iri("id-person:qin-zhihui")}
    assert [t for t in parts["provenance"] if t.subject == assertion and t.predicate == iri("prov:wasDerivedFrom")]
    assert Literal("71.7 per cent") in {t.object for t in parts["provenance"] if t.predicate == icr("printedForm")}


def statements(quads: list[Quad]) -> dict[NamedNode, Triple]:
    """The triple that each rdf:Statement speaks of; fails where a part is missing or doubled."""
    parts: dict[object, dict[str, object]] = defaultdict(dict)
    for quad in quads:
        name = quad.predicate.value.removeprefix(RDF)
        if name in {"subject", "predicate", "object"}:
            assert name not in parts[quad.subject]
            parts[quad.subject][name] = quad.object
    return {node: Triple(part["subject"], part["predicate"], part["object"]) for node, part in parts.items()}  # type: ignore[misc,arg-type]


def test_every_relation_claim_and_every_figure_is_a_statement(kg: Run, seeds: list[Triple]) -> None:
    """Counted in the Turtle: what curators wrote as relation claims and as figures of something."""
    said: dict[object, dict[str, object]] = defaultdict(dict)
    for triple in seeds:
        said[triple.subject][triple.predicate.value] = triple.object
    expected = {
        (claim, *(what[terms.expand(name)] for name in names))
        for claim, what in said.items()
        for names in (
            ("icr:claimSubject", "icr:claimPredicate", "icr:claimObject"),
            ("icr:measuredEntity", "icr:indicator", "icr:quantity"),
        )
        if all(terms.expand(name) in what for name in names)
    }
    assert len(expected) > 200
    quads = exported(kg, "reification", "nquads")
    owner = {quad.subject: quad.object for quad in quads if quad.predicate == iri("dcterms:isPartOf")}
    found = {(owner[node], *triple) for node, triple in statements(quads).items()}
    assert expected <= found
    assert len(found) == len(statements(quads))
    # each rests on a passage, on other claims or on a source outside
    evidence = {iri("prov:wasDerivedFrom"), iri("dcterms:source")}
    assert {q.subject for q in quads if q.predicate in evidence} == set(statements(quads))


@pytest.mark.parametrize("form", forms.WITH_TRIPLE_TERMS)
def test_reifiers_say_the_same_as_reification(kg: Run, form: str) -> None:
    old = exported(kg, "reification", "nquads")
    new = exported(kg, "reifiers", form)
    reifies = NamedNode(RDF + "reifies")
    assert {quad.subject: quad.object for quad in new if quad.predicate == reifies} == statements(old)
    parts = {NamedNode(RDF + name) for name in ("subject", "predicate", "object", "type")}
    assert {q.triple for q in new if q.predicate != reifies} == {q.triple for q in old if q.predicate not in parts}


# ---- the data cube ----


@pytest.fixture
def cube(kg: Run) -> Store:
    store = Store()
    store.extend(quad for quad in exported(kg, "cube", "turtle"))
    return store


def test_there_are_all_the_constraints_each_with_a_cube_that_breaks_it() -> None:
    names = [path.stem for path in CONSTRAINTS]
    assert names == [f"ic-{number:02}" for number in range(1, 22)]
    assert {path.stem.removesuffix("-twice") for path in CONSTRAINTS[0].parent.glob("*.ttl")} == set(names)


@pytest.mark.parametrize("path", CONSTRAINTS, ids=lambda path: path.stem)
def test_the_cube_is_well_formed(path: Path, cube: Store) -> None:
    query = path.read_text(encoding="utf-8")
    assert not cube.query(query)
    for broken in path.parent.glob(f"{path.stem}*.ttl"):
        store = Store()
        store.load(path=str(broken), format=RdfFormat.TURTLE)
        assert store.query(query), f"{broken.name} passes"


def test_the_series_are_those_of_the_texts(cube: Store) -> None:
    """Read in the texts: the PMI of two months, and the shares of SMEs back at work, headlines left out."""
    rows = cube.query(
        "PREFIX qb: <http://purl.org/linked-data/cube#> PREFIX c: <https://w3id.org/icr/cube#> "
        "PREFIX m: <http://purl.org/linked-data/sdmx/2009/measure#> "
        "SELECT ?set ?entity ?value { ?o qb:dataSet ?set ; c:entity ?entity ; m:obsValue ?value }"
    )
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    series = defaultdict(list)
    for row in rows:
        name = row["set"].value.removeprefix(f"{terms.BASE}cube/")
        series[name].append((row["entity"].value.rpartition("/")[2], Decimal(row["value"].value)))
    assert sorted(series["pmi/UNITLESS"]) == [("manufacturing", Decimal("35.7")), ("manufacturing", Decimal(52))]
    assert sorted(series["work-resumption-rate/PERCENT"]) == [
        ("cn-smes", Decimal(84)),
        ("cn-smes-monitored", Decimal(52)),
        ("cn-smes-on-cloud-platforms", Decimal("29.6")),
        ("cn-smes-on-cloud-platforms", Decimal("71.7")),
    ]
    assert len(series["cumulative-output/NUM-by-product"]) == 7
    assert not Counter(name for name, found in series.items() if len(found) < 2)


def test_every_value_lies_between_its_bounds(cube: Store) -> None:
    """ "Hundreds" has a power of ten in the place of a value."""
    outside = cube.query(
        "PREFIX c: <https://w3id.org/icr/cube#> PREFIX m: <http://purl.org/linked-data/sdmx/2009/measure#> "
        "SELECT ?o { ?o m:obsValue ?value . OPTIONAL { ?o c:lowerBound ?low } OPTIONAL { ?o c:upperBound ?high } "
        "FILTER(COALESCE(?value < ?low, false) || COALESCE(?value > ?high, false)) }"
    )
    assert isinstance(outside, pyoxigraph.QuerySolutions)
    assert [row["o"].value for row in outside] == []


def test_a_series_names_its_indicator(cube: Store, nquads: list[bytes]) -> None:
    quads = list(cube.quads_for_pattern(None, iri("dcterms:subject"), None))
    assert len(quads) == len(list(cube.quads_for_pattern(None, None, iri("qb:DataSet")))) > 4
    typed = f"{{}} <{RDF}type> <{terms.expand('icr:Indicator')}> <{terms.GRAPH_ENTITIES}> ."
    assert {typed.format(quad.object).encode() for quad in quads} <= set(nquads)


def test_what_cannot_be_said_is_refused(kg: Run) -> None:
    for arguments, words in (
        (("--claims-as", "nanopub"), "did you mean nanopublications?"),
        (("--claims-as", "reifiers", "--format", "jsonld"), "cannot say RDF 1.2 triple terms"),
        (("--claims-as", "nanopublications", "--format", "turtle"), "turtle has none"),
        (("--claims-as", "cube", "--kind", "claims"), "leave out --graph and --kind"),
    ):
        done = kg("export", *arguments)
        assert (done.code, done.out) == (2, ""), arguments
        assert words in done.err


def test_the_context_names_every_property_of_the_ontology() -> None:
    body = (ROOT / "ontology/context.jsonld").read_text(encoding="utf-8")
    named = set(re.findall(r'"@id": "icr:(\w+)"', body))
    properties = {
        triple.subject.value.rpartition("#")[2]  # type: ignore[union-attr]
        for path in (ROOT / "ontology").glob("*.ttl")
        for triple in rdf.read_turtle(path)
        if triple.predicate.value == RDF + "type" and str(triple.object.value).endswith("Property")  # type: ignore[union-attr]
        if triple.subject.value.startswith(terms.PREFIXES["icr"])  # type: ignore[union-attr]
    }
    assert properties - named == {"edtf", "unit"}  # prefixes have these names
