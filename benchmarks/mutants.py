"""The kinds of change that benchmarks/mutate.py makes to the seeds, and which of them alter the meaning, and why.

This was fixed before the first run. What alters the meaning so that the graph or the texts can tell counts for the
rate. Not counted is what changes nothing, and what nothing at hand can know: what is said in our own words, what
comes from elsewhere, and what may be left unsaid.

What survives although it counts, and why:

- A passage that is one of several of a claim, where those that are left still carry its figure, its day and most words
  of its label; or where the one that takes its place has the same words. Which of two good passages is the right one
  is for people to see.
- An utterance in the outlet's voice given to a body that is named in the paragraph, and the other way round: who
  speaks is then told by the grammar of the sentence.
- Furniture of the page: a teaser for boilerplate, and the other way round. Both are left out alike.
- An implied claim as a stated one: what a text takes for granted has its words in it as well.
- A unit as a body under another body (org:unitOf, org:subOrganizationOf), which W3C ORG allows of units, too.
- A time of the same paragraph that the words tell as well, such as a month before the day that is meant.
- One of two sets that two documents tell by the same words and number, in the place of the other.
- The Chinese name of a thing as that of another: the texts are in English, and hold none.
- A name that several bodies of one kind share, such as industry ministry, for another of them.
- The basis of a document's own day, where the day is not printed: the text cannot tell whether it was inferred from
  the text or found elsewhere.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from pyoxigraph import Literal, NamedNode, Quad

from kg import layout, rdf, terms

ALTERS = "alters the meaning"
HARMLESS = "changes nothing"
BEYOND = "changes what neither graph nor texts can know"

ICR, PROV, SKOS = (terms.PREFIXES[prefix] for prefix in ("icr", "prov", "skos"))
RDF, RDFS, XSD = (terms.PREFIXES[prefix] for prefix in ("rdf", "rdfs", "xsd"))
DCTERMS, UNIT = terms.PREFIXES["dcterms"], terms.PREFIXES["unit"]
ID, SCHEME = terms.BASE + "id/", terms.BASE + "scheme/"
TYPE = NamedNode(RDF + "type")
DERIVED = PROV + "wasDerivedFrom"

Term = NamedNode | Literal
Change = Callable[["World", Quad, random.Random], Quad | None]
"""What a quad becomes; None when it cannot be changed in this way."""
Where = Callable[["World", Quad], bool]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change."""

    kind: str
    effect: str
    gone: tuple[Quad, ...]
    new: tuple[Quad, ...]

    def __str__(self) -> str:
        before, after = (" ".join(map(_shown, quads[:1])) for quads in (self.gone, self.new))
        return f"{before} → {after or 'nothing'}" if before else f"added {after}"


def _shown(quad: Quad) -> str:
    obj = terms.compact(quad.object.value) if isinstance(quad.object, NamedNode) else str(quad.object)
    return f"{terms.compact(_iri(quad.subject))} {terms.compact(quad.predicate.value)} {obj}"


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""


@dataclass
class World:
    """The seeds, and what must be known of them to change them plausibly."""

    facts: list[Quad]
    """With the ontology."""
    triples: list[Quad]
    """Of the seeds."""
    types: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Asserted classes of each thing."""
    members: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Things of each class, and concepts of each scheme."""
    values: dict[tuple[str, str], list[Term]] = field(default_factory=lambda: defaultdict(list))
    """By thing and property."""
    document: dict[str, str] = field(default_factory=dict)
    """Document of each passage and paragraph."""
    paragraph: dict[str, str] = field(default_factory=dict)
    """Of each passage."""

    @classmethod
    @cache
    def of_project(cls) -> World:
        """The world of the project's files."""
        facts, _ = rdf.read_project(
            [path for name in ("ontology", "seeds") for path in layout.walk(layout.data_path(name), ".ttl")]
        )
        world = cls(facts, [quad for quad in facts if _iri(quad.graph_name) != terms.GRAPH_ONTOLOGY])
        for quad in facts:
            world._take(_iri(quad.subject), quad.predicate.value, quad.object)
        for passage, paragraph in world.paragraph.items():
            world.document[passage] = world.document[paragraph]
        return world

    def _take(self, subject: str, predicate: str, obj: object) -> None:
        assert isinstance(obj, NamedNode | Literal)
        self.values[subject, predicate].append(obj)
        if predicate == TYPE.value and subject.startswith(ID):
            self.types[subject].add(obj.value)
            self.members[obj.value].append(subject)
        elif predicate == SKOS + "inScheme" and subject.startswith(SCHEME):
            self.members[obj.value].append(subject)
        elif predicate == ICR + "inRendition":
            self.document[subject] = obj.value
        elif predicate == ICR + "inParagraph":
            self.paragraph[subject] = obj.value

    def is_a(self, thing: object, *names: str) -> bool:
        """Whether a thing was given one of these classes of the ontology."""
        return any(ICR + name in self.types[_iri(thing)] for name in names)

    def from_elsewhere(self, claim: object) -> bool:
        """Whether a claim rests on no document."""
        return (_iri(claim), ICR + "saidIn") not in self.values and self.is_a(claim, "RelationClaim")


# ---- where a change is made


def of(*names: str) -> Where:
    """Triples with one of these properties."""
    wanted = {terms.expand(name) if ":" in name else ICR + name for name in names}
    return lambda world, quad: quad.predicate.value in wanted and not world.from_elsewhere(quad.subject)


def of_class(where: Where, *names: str) -> Where:
    """Those of them about things of one of these classes."""
    return lambda world, quad: where(world, quad) and world.is_a(quad.subject, *names)


def several(world: World, quad: Quad) -> bool:
    """Whether the thing has other values of the property."""
    return len(world.values[_iri(quad.subject), quad.predicate.value]) > 1


def apart_from_the_set(where: Where) -> Where:
    """Those of them that do not say again what the set or thing says of itself that the figure measures."""

    def concerns(world: World, quad: Quad) -> bool:
        measured = world.values[_iri(quad.subject), ICR + "measuredEntity"]
        known = [value for thing in measured for value in world.values[_iri(thing), quad.predicate.value]]
        return where(world, quad) and quad.object not in [*known, *measured]

    return concerns


# ---- what a triple becomes


def with_object(quad: Quad, obj: Term) -> Quad:
    """The quad with another object."""
    return Quad(quad.subject, quad.predicate, obj, quad.graph_name)


def dropped(world: World, quad: Quad, draw: random.Random) -> None:
    """Nothing."""


def _one_of(names: list[str], quad: Quad, world: World, draw: random.Random) -> Quad | None:
    there = {_iri(value) for value in world.values[_iri(quad.subject), quad.predicate.value]}
    left = sorted(set(names) - there - {_iri(quad.subject)})
    return with_object(quad, NamedNode(draw.choice(left))) if left else None


def another_of_its_kind(world: World, quad: Quad, draw: random.Random) -> Quad | None:
    """Another thing of the same class, or another concept of the same scheme."""
    value = _iri(quad.object)
    if value.startswith(SCHEME):
        return _one_of(world.members[value[: value.rfind("/")]], quad, world, draw)
    kind = value.removeprefix(ID).partition("/")[0]
    names = [thing for cls in world.types[value] for thing in world.members[cls]]
    return _one_of([name for name in names if name.startswith(f"{ID}{kind}/")], quad, world, draw)


def of_another_kind(world: World, quad: Quad, draw: random.Random) -> Quad | None:
    """A thing that is none of the class: a population for an agent, a place for a product."""
    kind = _iri(quad.object).removeprefix(ID).partition("/")[0]
    kinds = {"population", "org", "place", "product", "person", "event", "time", "indicator"} - {kind, "aggregate"}
    if kind == "aggregate":
        kinds -= {"population"}
    wanted = f"{ID}{draw.choice(sorted(kinds))}/"
    return _one_of([thing for thing in world.types if thing.startswith(wanted)], quad, world, draw)


def another_class(world: World, quad: Quad, draw: random.Random) -> Quad | None:
    """A class of other things that is neither above nor below."""
    own = _iri(quad.object)
    near = {own} | _above(world, own)
    names = [cls for cls in world.members if cls.startswith(ICR) and cls not in near and own not in _above(world, cls)]
    return _one_of(names, quad, world, draw)


def _above(world: World, cls: str) -> set[str]:
    found: set[str] = set()
    edge = {cls}
    while edge:
        edge = {_iri(v) for c in edge for v in world.values[c, RDFS + "subClassOf"]} - found
        found |= edge
    return found


def to_class(*names: str) -> Change:
    """One of these classes of the ontology."""
    return lambda world, quad, draw: _one_of([ICR + name for name in names], quad, world, draw)


def another_unit(world: World, quad: Quad, draw: random.Random) -> Quad | None:
    """Another unit of those that figures have."""
    return _one_of([UNIT + name for name in ("NUM", "PERCENT", "CCY_CNY", "CCY_USD", "TONNE", "DAY", "YR", "UNITLESS")],
                   quad, world, draw)  # fmt: skip


def another_relation(world: World, quad: Quad, draw: random.Random) -> Quad | None:
    """Another property that a relation claim of the seeds states."""
    used = {_iri(q.object) for q in world.triples if q.predicate == quad.predicate}
    return _one_of(sorted(used), quad, world, draw)


def times(factor: int) -> Change:
    """The number, multiplied."""

    def change(world: World, quad: Quad, draw: random.Random) -> Quad | None:
        value = Decimal(quad.object.value)
        return with_object(quad, Literal(f"{value * factor:f}", datatype=NamedNode(XSD + "decimal"))) if value else None

    return change


def moved(world: World, quad: Quad, draw: random.Random) -> Quad:
    """The position or number, off by a little."""
    number = int(quad.object.value) + draw.choice([-7, -2, -1, 1, 2, 7])
    return with_object(quad, Literal(str(abs(number)), datatype=NamedNode(XSD + "integer")))


def another_digest(world: World, quad: Quad, draw: random.Random) -> Quad:
    """One digit of the digest is another."""
    text = quad.object.value
    at = draw.randrange(len(text))
    digit = draw.choice([digit for digit in "0123456789abcdef" if digit != text[at]])
    return with_object(quad, Literal(text[:at] + digit + text[at + 1 :], datatype=NamedNode(XSD + "hexBinary")))


def mistyped(text: str, draw: random.Random) -> str:
    """A text with two neighbouring letters changed places, or one letter left out."""
    pairs = [i for i in range(1, len(text) - 1) if text[i] != text[i + 1] and text[i : i + 2].isalnum()]
    if not pairs:
        return text + "x"
    at = draw.choice(pairs)
    return text[:at] + text[at + 1] + draw.choice([text[at], ""]) + text[at + 2 :]


def misspelt(world: World, quad: Quad, draw: random.Random) -> Quad | None:
    """The name of the value, mistyped; or the text."""
    if isinstance(quad.object, Literal):
        return with_object(quad, Literal(mistyped(quad.object.value, draw), language=quad.object.language))
    iri = _iri(quad.object)
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    new = iri[:cut] + mistyped(iri[cut:], draw)
    return None if (new, TYPE.value) in world.values else with_object(quad, NamedNode(new))


def misspelt_property(world: World, quad: Quad, draw: random.Random) -> Quad:
    """The same with the name of the property mistyped."""
    iri = quad.predicate.value
    return Quad(quad.subject, NamedNode(ICR + mistyped(iri.removeprefix(ICR), draw)), quad.object, quad.graph_name)


def another_form(world: World, quad: Quad, draw: random.Random) -> Quad:
    """A printed form with a digit changed, or mistyped when it has none."""
    text = quad.object.value
    digits = [i for i, letter in enumerate(text) if letter.isdigit()]
    if not digits:
        return with_object(quad, Literal(mistyped(text, draw)))
    at = draw.choice(digits)
    digit = draw.choice([digit for digit in "123456789" if digit != text[at]])
    return with_object(quad, Literal(text[:at] + digit + text[at + 1 :]))


def another_datatype(world: World, quad: Quad, draw: random.Random) -> Quad | None:
    """The literal as another datatype: what comes of forgetting ^^xsd:date, or of writing 84 for 84.0."""
    literal = quad.object
    assert isinstance(literal, Literal)
    if literal.language:
        return with_object(quad, Literal(literal.value))
    kind = literal.datatype.value.removeprefix(XSD)
    other = {"decimal": ["string", "integer", "double"], "integer": ["string", "decimal"], "string": ["anyURI"]}
    new = draw.choice(other.get(kind, ["string"]))
    text = literal.value.partition(".")[0] if new == "integer" else literal.value
    return with_object(quad, Literal(text, datatype=NamedNode(XSD + new)))


def another_language(world: World, quad: Quad, draw: random.Random) -> Quad | None:
    """The text with the language tag of the other language."""
    language = getattr(quad.object, "language", None)
    return with_object(quad, Literal(quad.object.value, language="zh-hans" if language == "en" else "en"))


def of_another_thing(world: World, quad: Quad, draw: random.Random) -> Quad | None:
    """The text that another thing of the class has."""
    peers = [thing for cls in world.types[_iri(quad.subject)] for thing in world.members[cls]]
    texts = {v for thing in peers for v in world.values[thing, quad.predicate.value] if isinstance(v, Literal)}
    left = sorted((t for t in texts if t != quad.object and t.language == quad.object.language), key=str)
    return with_object(quad, draw.choice(left)) if left else None


def other_truth(world: World, quad: Quad, draw: random.Random) -> Quad:
    """True for false, false for true."""
    value = "false" if quad.object.value == "true" else "true"
    return with_object(quad, Literal(value, datatype=NamedNode(XSD + "boolean")))


def passage(*, same_document: bool, same_paragraph: bool = False) -> Change:
    """Another passage, by where it stands."""

    def change(world: World, quad: Quad, draw: random.Random) -> Quad | None:
        own = _iri(quad.object)
        if own not in world.paragraph:  # a claim from which another is computed
            return None
        names = [
            other
            for other in world.members[ICR + "Passage"]
            if (world.document[other] == world.document[own]) is same_document
            and (world.paragraph[other] == world.paragraph[own]) is same_paragraph
        ]
        return _one_of(names, quad, world, draw)

    return change


def another_paragraph(world: World, quad: Quad, draw: random.Random) -> Quad | None:
    """Another paragraph of the same document."""
    document = world.document[_iri(quad.object)]
    return _one_of([p for p in world.members[ICR + "Paragraph"] if world.document[p] == document], quad, world, draw)


def another_day(*days: int) -> Change:
    """The date, later or earlier by so many days; a year or month without day by years."""

    def change(world: World, quad: Quad, draw: random.Random) -> Quad | None:
        text, by = quad.object.value, draw.choice(days)
        if len(text) == 10 and text[4] == "-":
            text = (date.fromisoformat(text) + timedelta(days=by)).isoformat()
        elif text[:4].isdigit():
            text = f"{int(text[:4]) + (1 if by > 0 else -1)}{text[4:]}"
        else:
            return None
        return with_object(quad, Literal(text, datatype=quad.object.datatype))

    return change


def bound_against(world: World, quad: Quad, draw: random.Random) -> Quad:
    """A bound that the comparator does not allow, written beside the number."""
    value = Decimal(quad.object.value)
    name, bound = draw.choice([("lowerBound", value + 1), ("upperBound", value - 1)])
    return Quad(quad.subject, NamedNode(ICR + name), Literal(f"{bound:f}", datatype=NamedNode(XSD + "decimal")),
                quad.graph_name)  # fmt: skip


def in_another_graph(world: World, quad: Quad, draw: random.Random) -> Quad:
    """The same triple in the graph of another file."""
    graphs = sorted({_iri(q.graph_name) for q in world.triples} - {_iri(quad.graph_name)})
    return Quad(quad.subject, quad.predicate, quad.object, NamedNode(draw.choice(graphs)))


def same(world: World, quad: Quad, draw: random.Random) -> Quad:
    """The same triple again."""
    return quad


# ---- the kinds


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of change: where it is made, what it makes, and why it does or does not count."""

    name: str
    reason: str
    where: Where
    change: Change
    effect: str = ALTERS
    adds: bool = False
    """Whether the triple stays and the other comes beside it."""

    def concerns(self, world: World, quad: Quad) -> bool:
        """Whether the change can be made to a triple."""
        return self.where(world, quad)

    def mutant(self, world: World, quad: Quad, draw: random.Random) -> Mutant | None:
        """The change made to a triple; None when it cannot be."""
        new = self.change(world, quad, draw)
        if (new is None) is not (self.change is dropped):
            return None
        return Mutant(self.name, self.effect, () if self.adds else (quad,), (new,) if new else ())


CLAIMS = ("Assertion", "SituationClaim", "RelationClaim", "Measurement", "Request", "Provision", "Definition", "Target",
          "Pledge", "Ranking", "Change")  # fmt: skip
ANY: Where = lambda world, quad: True  # noqa: E731
THINGS: Where = lambda world, quad: _iri(quad.object).startswith(ID)  # noqa: E731
PARTIES = ("actor", "beneficiary", "participant", "supplier", "customer", "leader", "follower", "holder", "issuedBy",
           "requestedOf", "committedBy", "targetGroup", "supports", "chairedBy", "destination")  # fmt: skip
REQUIRED = (
    *("saidIn", "indicator", "measuredEntity", "quantity", "claimSubject", "claimPredicate", "claimObject"),
    *("claimsSituation", "numericValue", "comparator", "unit", "inParagraph", "startChar", "endChar", "sha256"),
    *("reportedIn", "attributionType", "speaker", "edtf", "dateBasis", "inRendition", "paragraphNumber"),
    *("paragraphRole", "hasRendition", "fileName", "lengthInCharacters", "lengthInBytes", "mentions"),
    *("setAsideReason", "resolutionConfidence", "comparisonResult", "comparesClaim", "criterion", "holder"),
    *("heldPost", "rank", "rankedItem", "rankEntry", "committedBy", "supplier", "customer", "leader", "follower"),
    *("participant", "chainRole", "roundingOf", "defines", "dcterms:title", "dcterms:publisher", "dcterms:issued"),
    *("rdfs:label", "skos:inScheme"),
)
"""Properties without which the thing says something else, or nothing."""


def _only_english(world: World, quad: Quad) -> bool:
    return quad.predicate.value == SKOS + "prefLabel" and getattr(quad.object, "language", "") == "en"


def _printed_only_here(world: World, quad: Quad) -> bool:
    """Printed forms whose loss shows: a figure, the only form, or the form of a quantity, mention or set aside."""
    if quad.predicate.value != ICR + "printedForm":
        return False
    return not several(world, quad) or any(letter.isdigit() for letter in quad.object.value)


def _optional(world: World, quad: Quad) -> bool:
    """What the thing may do without."""
    counted = of(*REQUIRED, "rdf:type", "prov:wasDerivedFrom", "postOf", "referenceTime", "deadline", "eventTime")
    left = not counted(world, quad) and not _only_english(world, quad) and not _printed_only_here(world, quad)
    return (
        left
        and not of_class(of("product", "locatedIn", "inIndustry"), "Measurement", "Target", "Change")(world, quad)
        and not of_class(of("skos:note", "independentOrigin"), "ClaimComparison")(world, quad)
    )


def _elsewhere(world: World, quad: Quad) -> bool:
    return world.from_elsewhere(quad.subject) and quad.predicate.value in {ICR + "claimObject", ICR + "claimSubject"}


KINDS = (
    # what is missing
    Kind("evidence dropped", "a fact stands on less, or on nothing", of("prov:wasDerivedFrom"), dropped),
    Kind("class dropped", "nothing says what the thing is", of("rdf:type"), dropped),
    Kind("needed property dropped", "the thing says something else, or nothing", of(*REQUIRED), dropped),
    Kind("English name dropped", "people have no name for it", _only_english, dropped),
    Kind("printed figure dropped", "a figure of the text is carried by nothing", _printed_only_here, dropped),
    Kind(
        "time of a figure dropped",
        "a figure without a day holds at any time",
        of_class(of("referenceTime", "deadline"), "Measurement", "Change", "Target", "Ranking"),
        dropped,
    ),
    Kind(
        "qualifier of a figure dropped",
        "the figure is said of more than the source says it of",
        apart_from_the_set(of_class(of("product", "locatedIn", "inIndustry"), "Measurement", "Target", "Change")),
        dropped,
    ),
    Kind("post without organisation", "nothing says for whom the person speaks", of("postOf"), dropped),
    Kind(
        "comparison without grounds",
        "nobody can follow the conclusion",
        of_class(of("skos:note", "independentOrigin"), "ClaimComparison"),
        dropped,
    ),
    # the wrong kind
    Kind("wrong class", "the thing is something else", of("rdf:type"), another_class),
    Kind(
        "target as measurement",
        "what is wanted becomes what is",
        of_class(of("rdf:type"), "Target", "Pledge"),
        to_class("Measurement"),
    ),
    Kind(
        "measurement as target",
        "what is becomes what is wanted",
        of_class(of("rdf:type"), "Measurement"),
        to_class("Target", "Provision"),
    ),
    Kind(
        "request as assertion",
        "what is asked for becomes what is so",
        of_class(of("rdf:type"), "Request", "Pledge"),
        to_class("Assertion"),
    ),
    Kind(
        "wrong datatype",
        "engines compare the value differently, or not at all",
        lambda world, quad: isinstance(quad.object, Literal),
        another_datatype,
    ),
    Kind(
        "thing of another kind",
        "a population is no agent, a place no product",
        lambda world, quad: (
            THINGS(world, quad)
            and of(
                "measuredEntity",
                "indicator",
                "product",
                "locatedIn",
                "inIndustry",
                "speaker",
                "onBehalfOf",
                "holder",
                "heldPost",
                "postOf",
                "referenceTime",
                "eventTime",
                *PARTIES,
            )(world, quad)
        ),
        of_another_kind,
    ),
    Kind(
        "second value",
        "of two values one is wrong",
        of(
            "numericValue",
            "comparator",
            "unit",
            "inParagraph",
            "indicator",
            "measuredEntity",
            "referenceTime",
            "edtf",
            "holder",
            "heldPost",
            "sha256",
            "startChar",
            "reportedIn",
            "comparisonResult",
            "mentions",
        ),
        lambda world, quad, draw: (another_of_its_kind if isinstance(quad.object, NamedNode) else of_another_thing)(
            world, quad, draw
        ),
        adds=True,
    ),
    # figures
    Kind("wrong unit", "percent are no people", of("unit"), another_unit),
    Kind("value times ten", "another number", of("numericValue"), times(10)),
    Kind("value times a thousand", "another number", of("numericValue"), times(1000)),
    Kind("other hedge", "over 84 is not 84", of("comparator"), another_of_its_kind),
    Kind(
        "bound against the hedge",
        "the interval no longer holds the figure",
        of("numericValue"),
        bound_against,
        adds=True,
    ),
    Kind(
        "limits of an indicator",
        "a share above one hundred percent gets other bounds",
        of("minimumByDefinition", "maximumByDefinition"),
        times(10),
    ),
    Kind("printed form changed", "another figure or name than the text prints", of("printedForm"), another_form),
    Kind("indicator swapped", "a count of something else", of("indicator"), another_of_its_kind),
    # evidence
    Kind(
        "passage of another document",
        "the evidence is of another source",
        of("prov:wasDerivedFrom"),
        passage(same_document=False),
    ),
    Kind(
        "passage of another paragraph",
        "the evidence says something else",
        of("prov:wasDerivedFrom"),
        passage(same_document=True),
    ),
    Kind(
        "other passage of the paragraph",
        "the evidence says something else",
        of("prov:wasDerivedFrom"),
        passage(same_document=True, same_paragraph=True),
    ),
    Kind("wrong paragraph", "the place cannot be found", of("inParagraph"), another_paragraph),
    Kind("shifted offsets", "the span is another", of("startChar", "endChar"), moved),
    Kind("wrong digest", "the span cannot be found again", of("sha256"), another_digest),
    Kind(
        "wrong length or number",
        "another edition, or another order",
        of("lengthInCharacters", "lengthInBytes", "paragraphNumber"),
        moved,
    ),
    Kind(
        "paragraph role swapped", "furniture becomes text, or text furniture", of("paragraphRole"), another_of_its_kind
    ),
    Kind("document swapped", "the utterance stands elsewhere", of("reportedIn", "hasRendition"), another_of_its_kind),
    # names
    Kind(
        "misspelt term",
        "the property is none",
        lambda world, quad: quad.predicate.value.startswith(ICR),
        misspelt_property,
    ),
    Kind(
        "misspelt concept",
        "the value is no concept",
        lambda world, quad: _iri(quad.object).startswith(SCHEME),
        misspelt,
    ),
    Kind(
        "link to a missing thing",
        "the value is nothing",
        lambda world, quad: THINGS(world, quad) and quad.predicate.value.startswith((ICR, PROV)),
        misspelt,
    ),
    Kind(
        "wrong language",
        "the label is not in the language that it says",
        of("rdfs:label", "skos:prefLabel", "skos:altLabel"),
        another_language,
    ),
    Kind(
        "name of another thing",
        "two things with one name, or a claim with the words of another",
        of("rdfs:label", "skos:prefLabel"),
        of_another_thing,
    ),
    # who, what, where, when
    Kind("measured entity swapped", "the figure is of somebody else", of("measuredEntity"), another_of_its_kind),
    Kind("place swapped", "elsewhere", of("locatedIn", "destination"), another_of_its_kind),
    Kind("product swapped", "something else", of("product", "toProduct", "fromProduct"), another_of_its_kind),
    Kind("speaker swapped", "somebody else said it", of("speaker", "onBehalfOf"), another_of_its_kind),
    Kind("utterance swapped", "somebody else said it, or elsewhere", of("saidIn"), another_of_its_kind),
    Kind(
        "post or occasion swapped",
        "said in another office, or on another day",
        of("speakingAs", "occasion", "heldPost"),
        another_of_its_kind,
    ),
    Kind("party swapped", "somebody else did it, or got it", of(*PARTIES), another_of_its_kind),
    Kind("relation swapped", "another relation", of("claimPredicate"), another_relation),
    Kind(
        "end of a relation swapped",
        "the relation of another thing",
        of("claimSubject", "claimObject"),
        another_of_its_kind,
    ),
    Kind("situation swapped", "the claim reports something else", of("claimsSituation"), another_of_its_kind),
    Kind("mention swapped", "the name means another thing", of("mentions"), another_of_its_kind),
    Kind("date far outside", "another year", of("edtf", "earliest", "latest"), another_day(-365, 366)),
    Kind("date off by days", "another day", of("edtf", "earliest", "latest"), another_day(-3, -1, 1, 3)),
    Kind("time swapped", "at another time", of("referenceTime", "deadline", "eventTime"), another_of_its_kind),
    Kind("document's day changed", "published on another day", of("dcterms:issued"), another_day(-40, 1, 40)),
    Kind(
        "basis of a date swapped",
        "a day that is worked out passes for a printed one",
        of("dateBasis"),
        another_of_its_kind,
    ),
    Kind(
        "status swapped",
        "what is computed or withdrawn passes for what is said",
        of("assertionStatus"),
        another_of_its_kind,
    ),
    Kind(
        "attribution swapped", "the outlet's voice passes for an official's", of("attributionType"), another_of_its_kind
    ),
    Kind("rank changed", "another place", of("rank"), moved),
    Kind("ranked thing swapped", "another thing in the place", of("rankedItem"), another_of_its_kind),
    Kind(
        "headline rounds another figure",
        "the headline stands for another figure",
        of("roundingOf"),
        another_of_its_kind,
    ),
    Kind("result of a comparison swapped", "another conclusion", of("comparisonResult"), another_of_its_kind),
    Kind("compared claim swapped", "the conclusion is on other claims", of("comparesClaim"), another_of_its_kind),
    Kind("origin flipped", "one source counts twice, or two as one", of("independentOrigin"), other_truth),
    Kind("triple in another graph", "it counts twice over the union", ANY, in_another_graph, adds=True),
    # what does not count
    Kind("written twice", "a graph is a set", ANY, same, HARMLESS),
    Kind("optional fact dropped", "what is not said cannot be wrong", _optional, dropped, BEYOND),
    Kind(
        "words of our own changed",
        "what a note or definition says is for people to judge",
        of("skos:editorialNote", "skos:scopeNote", "skos:definition", "criterion", "inferredFromNote", "skos:note"),
        misspelt,
        BEYOND,
    ),
    Kind("fact from elsewhere swapped", "it stands in no text at hand", _elsewhere, another_of_its_kind, BEYOND),
)
