"""How well an entry of another data set fits a thing of ours: by its names, by what it is, by where it is.

Nothing here knows where entries come from. A score is from 0 to 1; its parts are told, so that people can judge.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from kg import lookup

LEGAL_FORMS = re.compile(
    r"\b(?:co|company|corp|corporation|inc|incorporated|limited|llc|ltd|plc|gmbh|ag|kk|the)\b"
    r"|股份有限公司|有限责任公司|有限公司|股份公司|公司|株式会社|股份"
)
AREA_WORDS = re.compile(r"\b(?:city|county|municipality|prefecture|province)\b|[市省县]$")
GROUP = re.compile(r"\b(?:group|holdings?)\b|集团|集團|控股")
"""Words of a whole group, which is not the listed company of the same name."""

TYPES = {
    "Place": "area autonomous capital city country county district division island municipality place prefecture "
    "province region settlement sovereign state territory town township village",
    "Enterprise": "automaker business company conglomerate corporation enterprise firm manufacturer "
    "multinational subsidiary venture",
    "MediaOutlet": "agency broadcaster magazine media newspaper outlet periodical portal publisher website",
    "Organization": "agency authority bank body bureau cabinet commission committee council department executive "
    "government ministry office organ organization organisation party politburo",
    "Person": "human person politician",
    "Event": "conference conflict disaster event meeting pandemic session war",
    "Industry": "activity branch economic industry sector",
    "Product": "chemical compound device equipment good machine material product vehicle",
    "Technology": "method technique technology",
}
"""Words in the names of the types that entries of one of our classes have elsewhere."""

BROADER = {"Agency": "Organization", "AgencyUnit": "Organization", "PartyOrgan": "Organization"}
BROADER |= {"WorkingGroup": "Organization", "AdministrativeArea": "Place", "ContextEvent": "Event", "Meeting": "Event"}

AGREES, UNKNOWN, DIFFERS = "agrees", "unknown", "differs"
TYPE_FACTOR = {AGREES: 1.0, UNKNOWN: 0.9, DIFFERS: 0.4}
PLACE_FACTOR = {AGREES: 1.0, UNKNOWN: 0.97, DIFFERS: 0.5}

SAME_BUT_FOR_FORM = 0.97
"""Two names that differ in the legal form alone."""
SAME_BUT_FOR_AREA = 0.9
"""Two names that differ in "city" and the like: Jilin is a province, and a city in it."""
MISSPELT = 0.95
"""What the likeness of two names that are not the same is multiplied by."""
OTHER_LEVEL = 0.8
"""Most that the names of a group and of something that is none can reach."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A thing of ours as it is looked for."""

    iri: str
    names: tuple[str, ...]
    """The label first, then other languages and aliases."""
    kinds: tuple[str, ...]
    """Local names of its classes."""
    places: tuple[str, ...]
    """Names of the places that contain it, in both languages."""
    rejected: frozenset[str] = frozenset()
    """Identifiers of entries that somebody found to be something else."""
    sought: str = ""
    """The day on which it was last looked for in vain; empty when never."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate of another data set."""

    id: str
    names: tuple[str, ...]
    types: tuple[str, ...] = ()
    """Names of its types, or their identifiers where they have no names."""
    description: str = ""
    score: float = 0.0
    """What the service itself gives it, on a scale of its own."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How well an entry fits."""

    entry: Candidate
    score: float
    name: float
    ours: str
    """Our name that is most like one of the entry."""
    type: str
    """agrees, unknown or differs."""
    place: str
    """agrees, unknown or differs."""


def fit(thing: Sought, entry: Candidate, places: frozenset[str]) -> Fit:
    """How well an entry fits a thing; `places` are the folded names of all our places."""
    pairs = ((likeness(ours, theirs), ours) for ours in thing.names for theirs in entry.names)
    name, ours = max(pairs, key=lambda pair: pair[0], default=(0.0, ""))
    kind, place = _type(thing, entry), _place(thing, entry, places)
    return Fit(entry, round(name * TYPE_FACTOR[kind] * PLACE_FACTOR[place], 3), round(name, 3), ours, kind, place)


def likeness(one: str, other: str) -> float:
    """How alike two names are, whatever their case, accents, order of words and legal form.

    >>> likeness("FAW-Volkswagen Automobile Co., Ltd.", "FAW-Volkswagen Automobile")
    0.97
    >>> likeness("Yichang City", "Yichang"), likeness("Hitachi", "HITACHI")
    (0.9, 1.0)
    >>> likeness("Weichai Group", "Weichai Power") < 0.8 > likeness("Beijing", "Beijing Automotive")
    True
    """
    ours, theirs = lookup.fold(one), lookup.fold(other)
    if ours == theirs:
        return 1.0 if ours else 0.0
    plain, their_plain = _plain(ours), _plain(theirs)
    same_level = bool(GROUP.search(ours)) == bool(GROUP.search(theirs))
    if plain == their_plain and plain:
        return SAME_BUT_FOR_FORM
    if plain and _area(plain) == _area(their_plain):
        return SAME_BUT_FOR_AREA
    most = MISSPELT if same_level else OTHER_LEVEL
    return most * max(_ratio(plain, their_plain), _ratio(_sorted(plain), _sorted(their_plain)))


@cache
def _plain(folded: str) -> str:
    """A folded name without its legal form."""
    return " ".join(LEGAL_FORMS.sub(" ", folded).split())


def _area(folded: str) -> str:
    """A folded name without what says that it is a city or province."""
    return " ".join(AREA_WORDS.sub(" ", folded).split())


def _sorted(words: str) -> str:
    return " ".join(sorted(words.split()))


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _type(thing: Sought, entry: Candidate) -> str:
    """Whether the entry is of the kind of the thing, as far as the names of its types tell."""
    found = {word for name in entry.types for word in lookup.fold(name).split()}
    wanted = {word for kind in thing.kinds for word in TYPES.get(BROADER.get(kind, kind), "").split()}
    if not wanted or not found:
        return UNKNOWN
    if found & wanted:
        return AGREES
    others = {word for words in TYPES.values() for word in words.split()}
    return DIFFERS if found & others else UNKNOWN


def _place(thing: Sought, entry: Candidate, places: frozenset[str]) -> str:
    """Whether the description of the entry puts it where the thing is, or into another place of ours."""
    inside = {lookup.fold(name) for name in thing.places}
    told = f" {lookup.fold(entry.description)} "
    named = {place for place in places if (f" {place} " if place.isascii() else place) in told}
    if not inside or not named & (places - {lookup.fold(name) for name in thing.names}):
        return UNKNOWN
    elsewhere = named - inside - {lookup.fold(name) for name in thing.names}
    return DIFFERS if elsewhere else AGREES
