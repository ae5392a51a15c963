"""The picture of the main classes: boxes and arrows with their places, from kg/templates/diagram.toml."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass

from kg import layout

WIDTH, HEIGHT = 148, 46
"""Size of a box, in pixels."""
COLUMN, ROW = 280, 104
"""Distance from one box to the next."""
MARGIN = 8


@dataclass(frozen=True, slots=True)
class Box:
    """A class in the picture; x and y are its middle, in pixels."""

    name: str
    x: int
    y: int
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class Arrow:
    """A property in the picture; the ends touch the boxes, the label stands in the middle."""

    tail: str
    label: str
    """The property, as a compact name."""
    head: str
    ends: tuple[float, float, float, float]

    @property
    def middle(self) -> tuple[float, float]:
        """Where the label stands."""
        x1, y1, x2, y2 = self.ends
        return round((x1 + x2) / 2, 1), round((y1 + y2) / 2, 1)

    @property
    def words(self) -> str:
        """The label: the property without its prefix, or what a subclass is."""
        return "is a kind of" if self.label == "rdfs:subClassOf" else _local(self.label)


@dataclass(frozen=True, slots=True)
class Diagram:
    """Boxes, arrows, and the size of the whole in pixels."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    width: int
    height: int

    @property
    def words(self) -> str:
        """The picture in words, for those who cannot see it."""
        return ". ".join(f"{_local(a.tail)} {a.words} {_local(a.head)}" for a in self.arrows) + "."


def read() -> Diagram:
    """The picture of the main classes."""
    with open(os.path.join(layout.PACKAGE, "templates", "diagram.toml"), "rb") as file:
        data = tomllib.load(file)
    boxes = {name: _box(name, *place) for name, place in data["boxes"].items()}
    arrows = tuple(Arrow(t, label, h, _ends(boxes[t], boxes[h])) for t, label, h in data["arrows"])
    width = max(box.x for box in boxes.values()) + WIDTH // 2 + MARGIN
    height = max(box.y for box in boxes.values()) + HEIGHT // 2 + MARGIN
    return Diagram(tuple(boxes.values()), arrows, width, height)


def _box(name: str, column: int, row: int) -> Box:
    return Box(name, MARGIN + WIDTH // 2 + column * COLUMN, MARGIN + HEIGHT // 2 + row * ROW)


def _ends(tail: Box, head: Box) -> tuple[float, float, float, float]:
    """Where the line between the middles of two boxes leaves the one and meets the other."""
    dx, dy = head.x - tail.x, head.y - tail.y
    share = min(WIDTH / 2 / abs(dx) if dx else 1.0, HEIGHT / 2 / abs(dy) if dy else 1.0)
    x, y = round(share * dx, 1), round(share * dy, 1)
    return tail.x + x, tail.y + y, head.x - x, head.y - y


def _local(name: str) -> str:
    return name.partition(":")[2]
