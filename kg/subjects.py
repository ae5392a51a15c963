"""The subject guard: a right number must not stand on the wrong thing, place, speaker or day.

What a claim speaks of has to be named where its passages stand: in the spans, or in their paragraphs. Words that refer
back ("such firms") reach to the passage that icr:refersBackTo names, a headline to the passages that it rounds. And
where the spans name another thing of the same kind by its own name, that one has to be what the claim speaks of. The
label, in which a person has put what the claim says, has to share key words with the spans.
"""

from __future__ import annotations

import re

from kg import label_words, phrases
from kg.dates import MONTHS, agrees, printed, stated
from kg.evidence import OWN_VOICE, Claim, Evidence, When
from kg.guards import Located, Reading, Trouble
from kg.scene import Register, Scene, kind_of

NAMED = {"place", "person", "org", "product", "industry", "technology", "platform", "policy-document", "chain"}
"""Kinds of things that have names; the others (populations, events, measures …) have descriptions."""
PROPER = {"place", "person", "org"}
SETS = {"population", "aggregate"}
LEAST = {True: 0.3, False: 0.15}
"""The share of key words that has to stand there, of names and of descriptions."""
HALF = 0.5
"""The share of key words of a proper name that a label has to hold where it holds another such name whole."""
LEAST_SET = 0.19
"""The share of key words of the description of a set."""
BETTER = 0.45
"""By how much another description has to fit better to be taken for the one meant."""
ALONE = 0.7
"""How well another description has to fit where the thing's own does not fit at all."""
QUALIFIERS = {"product", "place", "industry"}
"""Kinds of things that tell of what, where, or in which industry a figure holds."""
VOICES = {"speaker", "onBehalfOf"}
LOOSE = {"about", "claimsSituation", "promotes", "defines", "inIndustry", "heldPost", "inChain"}
"""Roles that say what else is concerned: that may be told by the label as well, and excuses other names."""
LEAST_LOOSE = 0.2
"""The share of key words, without those of many names, of a thing in a loose role."""
ENDS = {"claimSubject", "claimObject"}
"""The two things of a relation, which its label tells."""
IN_WORDS = {"Assertion", "Request", "Pledge", "Definition"}
"""Claims whose only subjects are what they are about."""
CAPITAL = re.compile(r"\b[A-Z][a-z]+")
LEAST_TIME = 0.2
"""The share of key words of a time that is worked out and not printed, such as "the week before"."""
LEAST_LABEL = 0.15
"""The share of the key words of its label, weighted, that the spans of a claim hold: of right claims nearly all reach
it, of claims with a passage of another paragraph one in forty."""
MONTHS_AND_DAYS = re.compile(r"\d+|\b(?:" + "|".join(MONTHS) + r")\b|\([^)]*\)")
YEAR = re.compile(r"(?:19|20)\d\d")
ASKED = re.compile(
    r"\b(?:ask(?:s|ed)|urge[sd]|call(?:s|ed) (?:on|for|upon)|propose[sd]|press(?:es|ed)|encourage[sd]|instruct(?:s|ed)|"
    r"request(?:s|ed)|pledge[sd]|promise[sd]|vow(?:s|ed)|(?:aim|plan|intend|hope)s? to|will|would be|"
    r"(?<!task )(?<!purpose )(?<!aim )(?:is|are|was|were) to(?! the))\b"
)
"""Verbs with which our labels tell that something is asked for, or wanted."""
WEEKDAYS = re.compile("Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday")
FIX = (
    "make it what the text names, add the printed name as an alias or mention, or name by icr:refersBackTo the passage "
    "that the words go back to"
)
FIX_LABEL = "take the passage that says it, or use the key words of the passage in the label"
FIX_ASKED = "make it a request, pledge or target, or say in the label what is so"
FIX_DATE = (
    "take the day that the text prints, with the passage that prints it; one that was worked out has another "
    "icr:dateBasis than stated, and an icr:inferredFromNote"
)


def check(claim: Claim, own: list[Located], evidence: Evidence, reading: Reading) -> list[Trouble]:
    """What is wrong with the things, the speaker and the days of a claim whose passages are `own`."""
    scene = Scene.of(claim, own, evidence, reading)
    messages = [*subjects(claim, scene), *speaker(claim, scene)]
    troubles = [Trouble("subject", message, FIX, own[0]) for message in messages]
    if share(claim.label, scene.spans, reading) < LEAST_LABEL:
        message = f"the passage has hardly a word of the claim's label {claim.label!r}"
        troubles.append(Trouble("label", message, FIX_LABEL, own[0]))
    if claim.kind == "Assertion" and (verb := ASKED.search(claim.label)):
        message = f"the label says that it is asked for or wanted ({verb[0]}), the graph that it is so"
        troubles.append(Trouble("modality", message, FIX_ASKED, own[0]))
    return troubles + [Trouble("date", message, FIX_DATE, own[0]) for message in dates(claim, scene)]


def share(label: str, spans: str, reading: Reading) -> float:
    """How much of a label's key words stands in the spans, from 0 to 1; words that are rare in the text weigh more.

    The weight is the inverse document frequency of information retrieval, with paragraphs as documents.
    """
    words, wanted = set(label_words.stems(spans)), sorted(label_words.key_words(label))
    weights = {word: reading.rarity(word) for word in wanted}
    here = sum(weight for word, weight in weights.items() if label_words.is_among(word, words))
    return here / sum(weights.values()) if wanted else 1.0


def subjects(claim: Claim, scene: Scene) -> list[str]:
    """Which things of the claim are not named, or another of their kind instead."""
    spoken_of = [(role, thing) for role, thing in claim.subjects if role not in VOICES]
    found = [told for role, thing in spoken_of if (told := _unnamed(role, thing, claim, scene))]
    found += [
        f"the label has no word of {scene.shown(thing)} ({role})"
        for role, thing in claim.subjects
        if role in ENDS and kind_of(thing) and scene.fit(thing, claim.label) < LEAST[False]
    ]
    found += [
        f"{scene.shown(thing)} (about) is not named in the paragraph"
        for role, thing in claim.subjects
        if claim.kind in IN_WORDS and role == "about" and kind_of(thing) in PROPER and not is_named(thing, scene)
    ]
    found += [
        f"the claim says nothing of {scene.shown(thing)}, which label and words name" for thing in unsaid(claim, scene)
    ]
    about = [thing for role, thing in claim.subjects if role == "about" and kind_of(thing)]
    if claim.kind in IN_WORDS and about and not any(is_named(thing, scene) for thing in about):
        found.append(f"nothing that the claim is about is named in the paragraph: {', '.join(map(scene.shown, about))}")
    return found


def _unnamed(role: str, thing: str, claim: Claim, scene: Scene) -> str:
    """How the words fail to name a thing in its role, or name another of its kind; empty when they name it."""
    shown = f"{scene.shown(thing)} ({role})"
    if role in LOOSE:
        # the reasoner makes a claim be about whatever it measures or relates
        other_role = role == "about" and any(t == thing for r, t in claim.subjects if r not in LOOSE)
        if other_role or not kind_of(thing):
            return ""
        fit = scene.fit(thing, f"{scene.paragraphs}\n{claim.label}", apart=True)
        return f"{shown} is named neither in the paragraph nor in the label" if fit < LEAST_LOOSE else ""
    if not is_named(thing, scene):
        return f"{shown} is not named in the paragraph"
    if other := rival(thing, claim, scene):
        return f"the words name {scene.shown(other)}, not {shown}"
    if other := told_instead(thing, claim, scene):
        return f"the label names {scene.shown(other)}, not {shown}"
    if role == "measuredEntity" and kind_of(thing) in SETS and (number := _other_number(thing, scene)):
        return f"{shown} is the set of {number}, which is not printed there"
    return ""


def unsaid(claim: Claim, scene: Scene) -> list[str]:
    """The products and places of a figure that label and spans name, and of which nothing in the claim has a word."""
    if not claim.quantities:
        return []
    register = Register.of(scene.evidence)
    told = {word for _, thing in claim.subjects for name in scene.names(thing) for word in label_words.key_words(name)}
    both = register.longest(claim.label) & register.longest(scene.spans)
    asked = (thing for thing in sorted(both) if kind_of(thing) in QUALIFIERS)
    return [q for q in asked if not any(label_words.key_words(name) & told for name in scene.names(q))]


def is_named(thing: str, scene: Scene) -> bool:
    """Whether a thing is named in the paragraphs; the place that the document is about needs no name."""
    names, kind = scene.names(thing), kind_of(thing)
    if not kind or not names:
        return True
    least, register = LEAST[kind in NAMED], Register.of(scene.evidence)
    if kind in SETS and (not _its_place_is_named(names, scene) or scene.fit(thing, scene.paragraphs) < LEAST_SET):
        return False
    return scene.fit(thing, scene.paragraphs) >= least or (kind == "place" and thing == register.topic(scene))


def _other_number(thing: str, scene: Scene) -> str:
    """The number by which every name of a set tells it, when the paragraphs do not print it; empty otherwise."""
    told = [
        {f.value for f in phrases.figures(name) if not f.family and not YEAR.fullmatch(name[f.number : f.end])}
        for name in scene.names(thing)
    ]
    printed_here = {figure.value for figure in phrases.figures(scene.spans)}
    if not told or not all(told) or any(numbers & printed_here for numbers in told):
        return ""
    return f"{max(told[0]):f}"


def _its_place_is_named(names: tuple[str, ...], scene: Scene) -> bool:
    """Whether a set is told by no place, or by one that the paragraphs name too."""
    register = Register.of(scene.evidence)
    here = register.longest(scene.paragraphs) | {register.topic(scene)}
    return any(all(thing in here for thing in register.longest(name) if kind_of(thing) == "place") for name in names)


def rival(thing: str, claim: Claim, scene: Scene) -> str:
    """Another thing of the same kind that the spans name, where they do not name this one; empty when none."""
    kind, own = kind_of(thing), {t for role, t in claim.subjects if role != "about"}
    here = Register.of(scene.evidence).longest(scene.spans)
    if thing in here:
        return ""
    for other in sorted(here):
        if kind_of(other) == kind and other not in own and not _apart(thing, other, scene):
            return other
    return _better(thing, kind, own, scene) if kind in SETS else ""


def told_instead(thing: str, claim: Claim, scene: Scene) -> str:
    """Another thing of the same kind that the label names, where it has hardly a word of this one; empty when none."""
    kind = kind_of(thing)
    if scene.fit(thing, claim.label) >= (HALF if kind in PROPER else LEAST[kind in NAMED]):
        return ""
    own = {t for role, t in claim.subjects if role != "about"}
    named = Register.of(scene.evidence).longest(claim.label)
    return next((other for other in sorted(named) if kind_of(other) == kind and other not in own), "")


def _apart(thing: str, other: str, scene: Scene) -> bool:
    """Whether the spans hold a word of the thing's names that is not a word of the other's."""
    mine, others = scene.names(thing), scene.names(other)
    if kind_of(thing) in PROPER:
        printed_names = [name for name in others if label_words.stands_in(name, scene.spans)]
        if any(label_words.key_words(name) <= label_words.key_words(own) for name in printed_names for own in mine):
            return True
    theirs = {word for name in others for word in label_words.key_words(name)}
    words = set(label_words.stems(scene.spans))
    return any((label_words.key_words(name) - theirs) & words for name in mine)


def _better(thing: str, kind: str, own: set[str], scene: Scene) -> str:
    """Another description that fits the spans far better than the thing's; empty when none."""
    fit, wide = (scene.fit(thing, words, apart=True) for words in (scene.spans, scene.paragraphs))
    plain = scene.fit(thing, scene.spans)
    least = ALONE if not fit and plain < LEAST[True] else max(max(fit, plain) + BETTER, wide)
    for other in sorted(scene.evidence.names):
        if kind_of(other) != kind or other in own or scene.fit(other, scene.spans, apart=True) < least:
            continue
        if _telling(other, scene):
            return other
    return ""


def _telling(other: str, scene: Scene) -> bool:
    """Whether what stands there of a description is more than one ordinary word: two words, or a proper name."""
    common = Register.of(scene.evidence).common(kind_of(other))
    words = set(label_words.stems(scene.spans))
    for name in scene.names(other):
        present = (label_words.key_words(name) - common) & words
        if len(present) > 1 or any(label_words.stem(w) in present and w in scene.spans for w in CAPITAL.findall(name)):
            return True
    return False


def speaker(claim: Claim, scene: Scene) -> list[str]:
    """Whether those who speak are named there; where nobody is, they have to be named somewhere before."""
    if claim.attribution in OWN_VOICE:
        return []
    mine = {thing for role, thing in claim.subjects if role in VOICES}
    heard = {
        voice
        for voice in Register.of(scene.evidence).voices(claim.document)
        if label_words.named(scene.names(voice), scene.paragraphs) == 1.0
        or label_words.named(scene.names(voice), scene.speaker_label) >= LEAST[True]
    }
    people, others = ({v for v in mine if (kind_of(v) == "person") is person} for person in (True, False))
    if heard and not heard & mine:
        return [f"the words name {scene.shown(min(heard))} as the one who speaks"]
    if people and not people & heard and (named := {v for v in heard if kind_of(v) == "person"}):
        return [f"the words name {scene.shown(min(named))} as the one who speaks, not {scene.shown(min(people))}"]
    words = "\n".join((scene.before, scene.paragraphs, scene.speaker_label))
    lost = sorted(v for v in people | others if label_words.named(scene.names(v), words) < LEAST[True])
    return [f"the speaker {scene.shown(voice)} is not named up to there" for voice in lost]


def dates(claim: Claim, scene: Scene) -> list[str]:
    """Whether a stated day is printed, and whether the days that the spans print are those of the claim."""
    found = []
    for when in claim.times:
        if when.basis == "stated" and not stated(when.edtf, scene.spans):
            found.append(f"{when.label!r} ({when.role}, {when.edtf}) is not printed in a passage of the claim")
        for day in WEEKDAYS.findall(when.label):
            if day not in scene.document:
                found.append(f"{day} ({when.role}) is printed nowhere in the document")
        if when.basis in {"calendar", "other-source"} and not _told(when, claim, scene):
            found.append(f"{when.label!r} ({when.role}) is not told in the paragraph")
    days = printed(scene.spans)
    if days and claim.kind == "Measurement" and not claim.times:
        found.append(f"the words print {days[0].text!r}, and the figure has no time")
    known = [when for when in claim.times if when.earliest or when.latest]
    if days and known and not any(agrees(day, when.earliest, when.latest) for day in days for when in known):
        whose = "the words, with those that they go back to, print" if claim.back else "the words print"
        found.append(f"{whose} {days[0].text!r}, the claim has {known[0].label!r}")
    return found


def _told(when: When, claim: Claim, scene: Scene) -> bool:
    """Whether the words tell a day that was worked out ("the week before"), or it is the day of the document."""
    rendition = scene.evidence.renditions.get(claim.document)
    label = MONTHS_AND_DAYS.sub(" ", when.label)
    return (
        bool(rendition and rendition.issued == when.latest)
        or label_words.share_in(label, scene.paragraphs) >= LEAST_TIME
    )
