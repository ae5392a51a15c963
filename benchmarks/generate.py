"""Graphs of the form of the real one, of any size, with invented names, words and numbers.

    python benchmarks/generate.py --claims 10000 --seed 1 > graph.nq
    python benchmarks/generate.py --quads 1000000 > graph.nq
    python benchmarks/generate.py --claims 10000 --turtle DIR

The seeds are the pattern. A graph is made of worlds; each is drawn from the seeds with other names, dates, figures
and digests, and with some claims left out and some made twice, so that no two worlds are alike and every kind of
claim keeps its share. Places, industries, technologies and indicators are common to all worlds; so are the ontology
and its schemes. Worlds are whole, about 520 claims each: the graph has the number asked for or somewhat more.

The quads are what the Turtle of a project would say. What follows from them is left to the build: `--turtle` makes a
project around the same graph, in which `python -m kg build --store DIR` runs as in this one.
The same arguments give the same bytes. Worlds are written one by one, so that memory does not grow.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import random
import re
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg import layout, rdf, terms

ID = terms.BASE + "id/"
ICR = terms.PREFIXES["icr"]
TYPE = terms.STANDARD["rdf"] + "type"
XSD = terms.STANDARD["xsd"]
COMMON = {"indicator", "industry", "place", "technology"}
"""Kinds of things that all worlds share."""

SITUATIONS = {"event", "measure", "policy", "programme", "situation", "tenure", "threshold"}
"""Kinds of things of which a claim has to speak."""

DRAWN = {NamedNode(ICR + name) for name in ("Assertion", "Request", "SituationClaim")}
"""Claims that may be left out or made twice: no shape asks for them, and they have no figure."""
HOW_OFTEN = (0, 1, 1, 1, 1, 1, 1, 1, 1, 2)

KEPT = re.compile(r"[cp]\d+(-\d+)?|text|external")
"""Parts of names that positions, paragraphs and the build rely on."""
DATES = {XSD + "date", XSD + "gYear", terms.STANDARD["edtf"] + "EDTF"}
KEPT_TEXT = {terms.STANDARD["dcterms"] + "language", terms.STANDARD["skos"] + "notation"}
LABELS = {terms.STANDARD["rdfs"] + "label", terms.STANDARD["skos"] + "prefLabel"}
NAMES = {terms.STANDARD["skos"] + "prefLabel", terms.STANDARD["skos"] + "altLabel"}
NAMING = {ICR + "mentions", ICR + "rankedItem"}
SHORT = {ICR + "indicatorPrinted", ICR + "printedForm"}
LONGEST_SHORT, LONGEST = 60, 240
"""Most characters of a printed form, and of any other text (shapes/text.ttl, shapes/names.ttl)."""

DAYS = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|lunar|Festival")
CUES = {
    terms.STANDARD["rdfs"] + "label": DAYS,
    ICR + "inferredFromNote": DAYS,
    terms.STANDARD["skos"] + "definition": re.compile(r"\b\d+\b|percent"),
}
"""Words that checks look for: what the basis of a date tells, and the limits that a definition gives."""
CLAIMS_SITUATION, DERIVED = ICR + "claimsSituation", terms.STANDARD["prov"] + "wasDerivedFrom"

HEDGES = {"eq": "", "gt": "over ", "ge": "at least ", "approx": "about ", "nearly": "nearly ", "lt": "less than "}
SYLLABLES = "ba da fen gor hul ji kam lo mer nal os pir qua rin sel tor ul vam wen xi yor zet".split()
CHARACTERS = "山河林石金木水火土日月星云风雨雪东西南北春夏秋冬"
LEAP_YEARS = 4
"""Years move in steps of four, so that 29 February stays a day."""


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one sentence."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments, and end with status 2."""
        self.exit(2, f"{self.prog}: {message}\n")


class Pattern:
    """The seeds, read once: their triples by file, and what must be known of them to draw from them."""

    def __init__(self) -> None:
        seeds = layout.data_path("seeds")
        self.files = [(Path(path).relative_to(seeds), rdf.read_turtle(path)) for path in layout.walk(seeds, ".ttl")]
        triples = [triple for _, file in self.files for triple in file]
        pointed_at = {triple.object for triple in triples}
        alone = {triple.subject for triple in triples if triple.predicate.value == ICR + "saidIn"} - pointed_at
        measured = {triple.subject for triple in triples if triple.predicate.value == ICR + "quantity"}
        alone -= {triple.subject for triple in triples if triple.object in measured}  # they print a threshold
        self.drawn = {value(t.subject) for t in triples if t.object in DRAWN and t.subject in alone}
        self.figures = figures(triples)
        rounding = {end for t in triples if t.predicate.value == ICR + "roundingOf" for end in (t.subject, t.object)}
        rounded = {t.object for t in triples if t.subject in rounding and t.predicate.value == ICR + "quantity"}
        self.kept = {
            t.object.value
            for t in triples
            if t.subject in rounded and t.predicate.value == ICR + "numericValue" and isinstance(t.object, Literal)
        }
        """Numbers of headlines and of the figures that they round, which have to fit each other."""
        self.mentioned = mentioned(triples)
        self.drawn -= needed(triples, self.drawn)
        self.carried = carried(triples, self.drawn)


def mentioned(triples: list[Triple]) -> dict[str, tuple[str, Literal]]:
    """For each mention or rank: the thing that is meant, and a name of it, of which its label has to hold a word."""
    names = {
        value(t.subject): t.object
        for t in triples
        if t.predicate.value in NAMES and isinstance(t.object, Literal) and t.object.language == "en"
    }
    things = {value(t.subject): value(t.object) for t in triples if t.predicate.value in NAMING}
    return {mention: (thing, names[thing]) for mention, thing in things.items()}


def carried(triples: list[Triple], drawn: set[str]) -> dict[str, set[str]]:
    """For each passage or situation that only claims that may be left out speak of: these claims."""
    spoken_of = {t.object for t in triples if t.predicate.value in {CLAIMS_SITUATION, DERIVED}}
    found: dict[str, set[str]] = {}
    for triple in triples:
        if triple.object in spoken_of:
            found.setdefault(value(triple.object), set()).add(value(triple.subject))
    return {thing: claims for thing, claims in found.items() if claims <= drawn}


def needed(triples: list[Triple], drawn: set[str]) -> set[str]:
    """The claims without which nothing would speak of a situation that stays when they are left out."""
    claims = {value(t.subject) for t in triples if t.predicate.value == ICR + "saidIn"}
    spoken_of: dict[str, set[str]] = {}
    for triple in triples:
        if value(triple.subject) in claims and isinstance(triple.object, NamedNode):
            spoken_of.setdefault(value(triple.object), set()).add(value(triple.subject))
    goes = carried(triples, drawn)
    return set().union(
        *(
            speakers
            for thing, speakers in spoken_of.items()
            if thing.removeprefix(ID).split("/")[0] in SITUATIONS and speakers <= drawn and thing not in goes
        )
    )


def figures(triples: list[Triple]) -> dict[str, tuple[str, str, str]]:
    """For each printed form of a figure that can be drawn anew: hedge, number and unit as printed."""
    nodes: dict[object, dict[str, str]] = {}
    for triple in triples:
        if not isinstance(triple.object, Triple):
            nodes.setdefault(triple.subject, {})[triple.predicate.value] = triple.object.value
    found = {}
    for node in nodes.values():
        comparator = node.get(ICR + "comparator", "").rpartition("/")[2]
        if comparator in HEDGES:
            unit = " percent" if node[ICR + "unit"].endswith("/PERCENT") else ""
            found[node[ICR + "printedForm"]] = HEDGES[comparator], node[ICR + "numericValue"], unit
    return found


class World:
    """One drawing from the pattern: the same original always gets the same stand-in."""

    def __init__(self, pattern: Pattern, seed: int, number: int | None = None) -> None:
        """Take a seed and a running number; without a number, the world is what all worlds have in common."""
        self.pattern = pattern
        self.seed = seed
        self.number = number
        self.years = LEAP_YEARS * self.chance("years").randrange(20)
        self.made: dict[str, str] = {}
        self.taken: set[str] = set()

    def chance(self, what: str) -> random.Random:
        """A source of chance that depends on nothing but the seed, the world and what it is for."""
        digest = hashlib.sha256(f"{self.seed} {self.number} {what}".encode()).digest()
        return random.Random(int.from_bytes(digest[:8], "big"))

    def stand_in(self, original: str, make: Callable[[random.Random], str]) -> str:
        """What `make` gives for the original: always the same, and never the same for another."""
        if original not in self.made:
            chance = self.chance(original)
            made = make(chance)
            while made in self.taken:
                made = make(chance)
            self.taken.add(made)
            self.made[original] = made
        return self.made[original]

    def files(self, common: World) -> Iterator[tuple[Path, list[Quad]]]:
        """The quads of the world by file, each file with the path that it has below seeds/."""
        for path, triples in self.pattern.files:
            name = path.with_stem(f"{path.stem}-{self.number}")
            if path.parts[0] == "documents":
                name = Path("documents", self.slug(path.parts[1]), path.name)
            graph = NamedNode(rdf.graph_of(layout.data_path("seeds", *name.parts)))
            drawn = {triple: None for original in triples for triple in self.drawn(original, common)}
            yield name, [rdf.quad_in(graph, triple) for triple in drawn]

    def drawn(self, triple: Triple, common: World) -> Iterator[Triple]:
        """The triples that stand in for one: more or fewer when its claim is drawn, none when another world has it."""
        subject, predicate = value(triple.subject), triple.predicate
        if is_common(subject):
            if self.number == 0:
                yield Triple(NamedNode(common.name(subject, common)), predicate, common.object(triple, common))
            return
        if predicate.value == ICR + "comparisonResult":  # figures are drawn, the conclusion on them is not
            note = NamedNode(terms.STANDARD["skos"] + "editorialNote")
            yield Triple(
                NamedNode(self.name(subject, common)), note, Literal("The figures are made up.", language="en")
            )
        for again in range(self.often(subject)):
            mark = " again" * again
            yield Triple(NamedNode(self.name(subject + mark, common)), predicate, self.object(triple, common, mark))

    def often(self, subject: str) -> int:
        """How often a thing is made: what only claims that are left out speak of is left out with them."""
        if subject in self.pattern.drawn:
            return self.chance(f"often {subject}").choice(HOW_OFTEN)
        claims = self.pattern.carried.get(subject, set())
        return min(1, max(map(self.often, claims))) if claims else 1

    def object(self, triple: Triple, common: World, mark: str = "") -> NamedNode | Literal:
        """The object in place of the original; `mark` tells the second of two claims from the first."""
        original, predicate = triple.object, triple.predicate.value
        if isinstance(original, Literal):
            drawn = self.literal(original, predicate, mark)
            if predicate == terms.STANDARD["rdfs"] + "label" and value(triple.subject) in self.pattern.mentioned:
                thing, name = self.pattern.mentioned[value(triple.subject)]
                named = (common if is_common(thing) else self).literal(name, predicate, mark)
                return Literal(f"{named.value}: {drawn.value}", language=drawn.language)
            return drawn
        if predicate == terms.STANDARD["dcterms"] + "source" and not value(original).startswith(terms.BASE):
            return NamedNode(f"https://example.org/{self.slug(value(original))}")
        return NamedNode(self.name(value(original), common))

    def name(self, iri: str, common: World) -> str:
        """The name in place of one below id/; any other stays."""
        if not iri.startswith(ID):
            return iri
        kind, *parts = iri.removeprefix(ID).split("/")
        world = common if kind in COMMON else self
        return ID + "/".join([kind, *map(world.slug, parts)])

    def slug(self, part: str) -> str:
        """Two invented words and the number of the world, in place of one part of a name."""
        if KEPT.fullmatch(part):
            return part
        tail = "" if self.number is None else f"-{self.number}"
        return self.stand_in(f"name {part}", lambda by: f"{word(by)}-{word(by)}{tail}")

    def literal(self, original: Literal, predicate: str, mark: str) -> Literal:
        """The literal in place of the original, of its datatype or language."""
        text, datatype = original.value, original.datatype
        if original.language:
            return Literal(self.text(text + mark, predicate, original.language), language=original.language)
        if predicate == ICR + "numericValue":
            return Literal(self.number_like(text), datatype=datatype)
        if datatype.value == XSD + "hexBinary":
            return Literal(hashlib.sha256(f"{self.seed} {self.number} {text}".encode()).hexdigest(), datatype=datatype)
        if datatype.value in DATES:
            later = re.sub(r"\b[12]\d{3}(?=\D|$)", lambda year: str(int(year[0]) + self.years), text)
            return Literal(later, datatype=datatype)
        if datatype.value == XSD + "string" and predicate not in KEPT_TEXT:
            return Literal(self.text(text, predicate, "en"))
        return original

    def text(self, original: str, predicate: str, language: str) -> str:
        """Invented text of as many words, or for Chinese as many characters; a figure stays a figure."""
        if predicate in SHORT and original in self.pattern.figures:
            hedge, number, unit = self.pattern.figures[original]
            return f"{hedge}{Decimal(self.number_like(number).removesuffix('.0')):,}{unit}"
        if original.endswith(".txt"):
            return self.slug(original.removesuffix(".txt")) + ".txt"
        tail = f" {self.number}" if predicate in LABELS and self.number is not None else ""
        if language.startswith(("zh", "ja")):
            length = max(3, len(original))
            return self.stand_in(f"characters {original}", lambda by: "".join(by.choices(CHARACTERS, k=length))) + tail
        longest = (LONGEST_SHORT if predicate in SHORT else LONGEST) - len(tail)
        count = len(original.split())
        told = (
            "".join(f" {cue}" for cue in dict.fromkeys(CUES[predicate].findall(original))) if predicate in CUES else ""
        )
        longest -= len(told)
        return self.stand_in(f"words {original}", lambda by: words(by, count)[:longest].strip()) + told + tail

    def number_like(self, number: str) -> str:
        """A decimal of the same size and as many significant digits; powers of ten and rounded figures stay."""
        whole = re.sub(r"\.0+$", "", number)
        significant = whole if "." in whole else whole.rstrip("0")
        if significant in {"", "1"} or number in self.pattern.kept:
            return number
        chance = self.chance(f"number {number}")
        drawn = re.sub(r"\d", lambda _: str(chance.randint(1, 9)), significant) + whole[len(significant) :]
        return drawn if "." in drawn else f"{drawn}.0"


def value(node: object) -> str:
    """The IRI of a node of the seeds, which have no blank nodes."""
    assert isinstance(node, NamedNode)
    return node.value


def is_common(iri: str) -> bool:
    """Whether the thing of this name is common to all worlds."""
    return not iri.startswith(ID) or iri.removeprefix(ID).split("/")[0] in COMMON


def word(chance: random.Random) -> str:
    """An invented word."""
    return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 3)))


def words(chance: random.Random, count: int) -> str:
    """Some invented words, as they begin a sentence."""
    return " ".join(word(chance) for _ in range(count)).capitalize()


def worlds(seed: int, enough: Callable[[int, int], bool]) -> Iterator[list[tuple[Path, list[Quad]]]]:
    """The files of one world after the other, until the claims and quads so far are enough."""
    pattern = Pattern()
    common = World(pattern, seed)
    claims = quads = 0
    for number in itertools.count():
        files = list(World(pattern, seed, number).files(common))
        yield files
        quads += sum(len(file) for _, file in files)
        claims += sum(quad.predicate.value == ICR + "saidIn" for _, file in files for quad in file)
        if enough(claims, quads):
            return


def write_quads(made: Iterator[list[tuple[Path, list[Quad]]]]) -> None:
    """The ontology and the worlds on stdout, as N-Quads."""
    ontology, _ = rdf.read_project(layout.walk(layout.data_path("ontology"), ".ttl"))
    for quads in itertools.chain([ontology], ([quad for _, file in files for quad in file] for files in made)):
        sys.stdout.buffer.write(b"".join(line + b"\n" for line in rdf.canonical_lines(quads)))


def write_project(made: Iterator[list[tuple[Path, list[Quad]]]], folder: Path) -> None:
    """The worlds as the seeds of a project of their own; all but the seeds is this one's."""
    folder.mkdir(parents=True)
    for part in ("kg", "ontology", "queries", "shapes"):
        (folder / part).symlink_to(Path(layout.data_root(), part).resolve())
    for files in made:
        for name, quads in files:
            path = folder / "seeds" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(rdf.serialise(sorted(quads, key=str), "turtle", terms.PREFIXES))


def whole_number(text: str) -> int:
    """A whole number above 0, as an argument."""
    if not re.fullmatch("[0-9]+", text) or not int(text):
        raise argparse.ArgumentTypeError(f"{text} is not a whole number above 0")
    return int(text)


def main() -> None:
    """Read the arguments and write the graph."""
    parser = Parser(prog="generate.py", description="Write a graph of the form of the real one, of any size.")
    size = parser.add_mutually_exclusive_group(required=True)
    size.add_argument("--claims", type=whole_number, metavar="N", help="at least so many claims with a passage")
    size.add_argument("--quads", type=whole_number, metavar="N", help="at least so many quads beside the ontology")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="what the drawing depends on (0)")
    parser.add_argument("--turtle", type=Path, metavar="DIR", help="write a project with the graph as its seeds")
    given = parser.parse_args()
    if given.turtle and given.turtle.exists():
        parser.error(f"{given.turtle} exists already: name a folder to make")
    made = worlds(given.seed, lambda claims, quads: claims >= (given.claims or 0) and quads >= (given.quads or 0))
    if not given.turtle:
        write_quads(made)
        return
    try:
        write_project(made, given.turtle)
    except OSError as error:
        parser.error(f"{given.turtle} cannot be written: {error.strerror}")


if __name__ == "__main__":
    main()
