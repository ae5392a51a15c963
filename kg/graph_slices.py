"""The graph cut into slices, each with all that shapes of a local kind (kg.shape_rewriting) need to judge its nodes.

A slice holds all triples of its own nodes, the classes of the nodes that they point at, the tree of classes, and marks
that say which of its own nodes are aimed at: what a target would find in the whole graph it may not find in a part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from kg import terms

SIZE = 60_000
"""Triples of its own that a slice has at least: so many that starting a process for it does not count."""

INSTANCE_OF = "urn:kg:instance-of:"
SUBJECT_OF = "urn:kg:subject-of:"
OBJECT_OF = "urn:kg:object-of:"
"""`<urn:kg:slice> <urn:kg:instance-of:CLASS> node` marks a node that shapes for the class are aimed at."""

TYPE = f"<{terms.STANDARD['rdf']}type>".encode()
SUBCLASS = f"<{terms.STANDARD['rdfs']}subClassOf>".encode()


@dataclass(frozen=True, slots=True)
class Aims:
    """What shapes are aimed at: instances of classes, subjects and objects of properties, as IRIs."""

    classes: frozenset[str]
    subjects_of: frozenset[str]
    objects_of: frozenset[str]


def slices(ntriples: bytes, aims: Aims, size: int = SIZE) -> Iterator[bytes]:
    """The slices of canonical N-Triples without blank nodes; what is aimed at is marked in exactly one of them.

    `size` is the number of its own triples from which on a slice is full.
    """
    lines = sorted(set(ntriples.splitlines()))
    own = {node: list(group) for node, group in groupby(lines, key=lambda line: line.split(b" ", 1)[0])}
    tree = [line for line in lines if _parts(line)[1] == SUBCLASS]
    marks = _marks(lines, _above(tree), aims)
    for nodes in _gathered({node: len(own.get(node, ())) for node in own.keys() | marks.keys()}, size):
        inside = [line for node in nodes for line in own.get(node, ())]
        beyond = {_parts(line)[2] for line in inside} - nodes
        types = [line for node in beyond for line in own.get(node, ()) if _parts(line)[1] == TYPE]
        aimed = [b"<urn:kg:slice> %s %s ." % (mark, node) for node in nodes for mark in marks.get(node, ())]
        yield b"\n".join({*inside, *types, *tree, *aimed})


def _parts(line: bytes) -> list[bytes]:
    """Subject, property and object of a line of canonical N-Triples."""
    return line[:-2].split(b" ", 2)


def _gathered(weights: dict[bytes, int], size: int) -> Iterator[set[bytes]]:
    """The nodes in parts of about the weight, those of one document together where they can be."""
    part: set[bytes] = set()
    weight = 0
    for node in sorted(weights, key=_place):
        part.add(node)
        weight += weights[node]
        if weight >= size:
            yield part
            part, weight = set(), 0
    if part:
        yield part


def _place(node: bytes) -> tuple[bytes, bytes]:
    """Where a node stands in the order of slices: by the document in its name (id/claim/DOCUMENT/…)."""
    _, _, local = node.partition(f"<{terms.BASE}id/".encode())
    return b"".join(local.split(b"/")[1:2]), node


def _above(tree: Iterable[bytes]) -> dict[bytes, set[bytes]]:
    """The classes directly above each class."""
    above: defaultdict[bytes, set[bytes]] = defaultdict(set)
    for line in tree:
        cls, _, higher = _parts(line)
        above[cls].add(higher)
    return dict(above)


def _marks(lines: Iterable[bytes], above: dict[bytes, set[bytes]], aims: Aims) -> dict[bytes, set[bytes]]:
    """The marks of each node that something is aimed at."""
    of_class = {f"<{iri}>".encode(): f"<{INSTANCE_OF}{iri}>".encode() for iri in aims.classes}
    of_subject = {f"<{iri}>".encode(): f"<{SUBJECT_OF}{iri}>".encode() for iri in aims.subjects_of}
    of_object = {f"<{iri}>".encode(): f"<{OBJECT_OF}{iri}>".encode() for iri in aims.objects_of}

    @cache
    def of_instance(cls: bytes) -> set[bytes]:
        """The marks of an instance: of its class, and of every class above that."""
        found, ahead = set(), {cls}
        while ahead:
            found |= ahead
            ahead = {higher for known in ahead for higher in above.get(known, ())} - found
        return {of_class[known] for known in found & of_class.keys()}

    marks: defaultdict[bytes, set[bytes]] = defaultdict(set)
    for line in lines:
        subject, predicate, obj = _parts(line)
        if predicate == TYPE:
            marks[subject] |= of_instance(obj)
        if predicate in of_subject:
            marks[subject].add(of_subject[predicate])
        if predicate in of_object:
            marks[obj].add(of_object[predicate])
    return marks
