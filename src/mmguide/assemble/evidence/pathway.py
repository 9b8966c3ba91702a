"""Stage assemble, evidence: decision pathways, drawn from a list of steps whose branches are indented below them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from mmguide.assemble.evidence.drawing import BOLD, REGULAR, Line, Shape, Sheet, Text, text_width, wrapped
from mmguide.ast import Blocks, Element, attr_of, iterate, plain_text
from mmguide.theme import Theme

WIDTH = 150.0
SIZE, SMALL, LINE = 7.8, 7.2, 3.4
_PAD, _LAYER, _BETWEEN, _MOST_STEPS = 2.2, 11.0, 5.0, 60
_NARROWEST, _POINT = 24.0, 1.8


class Step(Struct):
    """A step: its words, and the steps that follow with the condition of each. A question ends with a question mark."""

    words: str
    name: str
    id: str = ""
    follows: list[tuple[str, Step]] = []

    @property
    def question(self) -> bool:
        return self.words.endswith("?")


class Unreadable(Exception):
    """The list cannot be read as a pathway; the text says why."""


def read_steps(blocks: Blocks) -> list[Step]:
    """The steps in a list, the first one on top. Raises Unreadable."""
    lists = [b for b in blocks if b["t"] in ("BulletList", "OrderedList")]
    if len(lists) != 1:
        raise Unreadable("it needs exactly one list of steps")
    found: list[Step] = []
    links: list[tuple[Step, str, str]] = []
    top = [step for _, step in _items(lists[0], found, links)]
    if len(found) > _MOST_STEPS:
        raise Unreadable(f"it has more than {_MOST_STEPS} steps")
    for earlier, later in pairwise(top):
        # Items of one level at the top follow one another.
        _last(earlier).follows.append(("", later))
    named = {step.id: step for step in found if step.id}
    for step, condition, target in links:
        if target not in named:
            raise Unreadable(f"no step has the identifier '{target}'")
        step.follows.append((condition, named[target]))
    return found


def words(steps: Sequence[Step]) -> Iterator[str]:
    """All words that are drawn on the pathway."""
    for step in steps:
        yield step.words
        yield from (condition for condition, _ in step.follows)


def _last(step: Step) -> Step:
    return step if len(step.follows) != 1 else _last(step.follows[0][1])


def _items(element: Element, found: list[Step], links: list[tuple[Step, str, str]]) -> list[tuple[str, Step]]:
    items = element["c"] if element["t"] == "BulletList" else element["c"][1]
    made: list[tuple[str, Step]] = []
    for item in items:
        own = [b for b in item if b["t"] in ("Plain", "Para")]
        condition, words = _condition(own)
        if not words:
            raise Unreadable("a step has no words")
        step = Step(words, f"step:{len(found) + 1}", next((attr_of(e).id for e in iterate(own) if attr_of(e).id), ""))
        found.append(step)
        made.append((condition, step))
        for inner in (b for b in item if b["t"] in ("BulletList", "OrderedList")):
            for branch in inner["c"] if inner["t"] == "BulletList" else inner["c"][1]:
                target = _link_only(branch)
                if target:
                    links.append((step, _condition(branch)[0], target))
                else:
                    step.follows += _items({"t": "BulletList", "c": [branch]}, found, links)
    return made


def _condition(blocks: Blocks) -> tuple[str, str]:
    """The condition in bold that a branch begins with, without its colon, and the words behind it."""
    text = plain_text(blocks)
    first = blocks[0]["c"][0] if blocks and blocks[0]["c"] else None
    if first and first["t"] == "Strong" and plain_text(first["c"]).endswith(":"):
        lead = plain_text(first["c"])
        return lead.rstrip(": "), text.removeprefix(lead).strip()
    return "", text


def _link_only(item: Blocks) -> str:
    """The identifier that an item leads back to when it holds nothing but a link, '' otherwise."""
    inlines = [e for b in item if b["t"] in ("Plain", "Para") for e in b["c"] if e["t"] not in ("Space", "SoftBreak", "Strong")]
    if len(item) == 1 and len(inlines) == 1 and inlines[0]["t"] == "Link":
        return str(inlines[0]["c"][2][0]).removeprefix("#")
    return ""


class Box(NamedTuple):
    """A step on the sheet: middle, size and its lines of text."""

    step: Step
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]


Points = tuple[tuple[float, float], ...]


class Layout(NamedTuple):
    """Boxes, the corners of each arrow between two of them, and the height of the sheet."""

    boxes: tuple[Box, ...]
    arrows: tuple[tuple[str, str, Points, str], ...]
    height: float


def draw(steps: Sequence[Step], theme: Theme) -> Sheet:
    """The pathway on a sheet."""
    made = layout(steps, theme)
    sheet = Sheet(WIDTH, made.height, theme)
    for start, end, points, condition in made.arrows:
        sheet.add(*_arrow(start, end, points, theme))
        sheet.add(*_condition_text(points, condition, theme))
    for box in made.boxes:
        sheet.add(*_box(box, theme))
    return sheet


def layout(steps: Sequence[Step], theme: Theme) -> Layout:
    """Boxes in layers from top to bottom, their words broken into narrower boxes until all stand side by side on the sheet."""
    widest = max(_layer_sizes(steps))
    room = max(_NARROWEST, min(60.0, (WIDTH - _BETWEEN * (widest - 1)) / widest))
    while True:
        sizes = {step.name: _size(step, room, theme) for step in steps}
        placed, ways = _placed(steps, sizes)
        left = min(x - sizes[n][0] / 2 for n, (x, _) in placed.items())
        right = max(x + sizes[n][0] / 2 for n, (x, _) in placed.items())
        if right - left <= WIDTH - 4 or room <= _NARROWEST:
            break
        room = max(_NARROWEST, room - 3)
    squeeze = min(1.0, (WIDTH - 4) / (right - left))
    shift = (WIDTH - (right - left) * squeeze) / 2
    top = min(y - sizes[n][1] / 2 for n, (_, y) in placed.items()) - 0.5

    def at(point: tuple[float, float]) -> tuple[float, float]:
        return (point[0] - left) * squeeze + shift, point[1] - top

    boxes = {s.name: Box(s, *at(placed[s.name]), *sizes[s.name][:2], sizes[s.name][2]) for s in steps}
    arrows = []
    for number, step in enumerate(steps):
        for condition, following in step.follows:
            way = tuple(at(p) for p in ways[step.name, following.name])
            corners = _corners(boxes[step.name], boxes[following.name], way, -0.9 * (number % 3))
            arrows.append((step.name, following.name, corners, condition))
    return Layout(tuple(boxes.values()), tuple(arrows), max(b.y + b.height / 2 for b in boxes.values()) + 0.5)


def _placed(
    steps: Sequence[Step], sizes: Mapping[str, tuple[float, float, tuple[str, ...]]]
) -> tuple[dict[str, tuple[float, float]], dict[tuple[str, str], Points]]:
    """The middle of each box and the ways of long arrows. Layers and order come from grandalf."""
    from grandalf.graphs import Edge, Graph, Vertex  # type: ignore[import-untyped]
    from grandalf.layouts import SugiyamaLayout  # type: ignore[import-untyped]

    vertices = {step.name: Vertex(step) for step in steps}
    for step in steps:
        # The points at the sides of a question need room too.
        vertices[step.name].view = _View(sizes[step.name][0] + (2 * _POINT if step.question else 0), sizes[step.name][1])
    edges = {(s.name, f.name): Edge(vertices[s.name], vertices[f.name]) for s in steps for _, f in s.follows}
    for edge in edges.values():
        edge.view = _Way()
    # One graph: each step is a branch of another, or follows the one before it.
    (graph,) = Graph(list(vertices.values()), list(edges.values())).C
    sugiyama = SugiyamaLayout(graph)
    sugiyama.xspace, sugiyama.yspace = _BETWEEN, _LAYER
    sugiyama.init_all(roots=[vertices[steps[0].name]])
    sugiyama.draw(4)
    ways = {between: tuple(edge.view.points[1:-1]) for between, edge in edges.items()}
    return {s.name: vertices[s.name].view.xy for s in steps}, ways


def _corners(start: Box, end: Box, way: Points, offset: float) -> Points:
    """The corners of an arrow: down from a box, across between the layers, down into the next; `offset` keeps arrows apart."""
    if end.y <= start.y:
        # Back to an earlier step: around the right side.
        side = max(start.x + start.width / 2, end.x + end.width / 2) + 4
        return ((start.x + start.width / 2, start.y), (side, start.y), (side, end.y), (end.x + end.width / 2, end.y))
    points: list[tuple[float, float]] = [(start.x, start.y + start.height / 2)]
    first_bend = points[0][1] + 5.5 + offset
    stops = [*way, (end.x, end.y - end.height / 2)]
    for at, (x, y) in enumerate(stops):
        bend = first_bend if at == 0 else min(y - 5.0, points[-1][1] + 4)
        if abs(x - points[-1][0]) > 0.05:
            points += [(points[-1][0], bend), (x, bend)]
        points.append((x, y))
    return tuple(points)


class _View:
    """What grandalf asks of a vertex: its width and height; it writes the place into `xy`."""

    def __init__(self, w: float, h: float) -> None:
        self.w, self.h = w, h
        self.xy: tuple[float, float] = (0.0, 0.0)


class _Way:
    """What grandalf asks of an edge: it is told the points that it leads through."""

    def __init__(self) -> None:
        self.points: list[tuple[float, float]] = []

    def setpath(self, points: list[tuple[float, float]]) -> None:
        self.points = list(points)


def _layer_sizes(steps: Sequence[Step]) -> list[int]:
    level: dict[str, int] = {steps[0].name: 0}
    for step in steps:
        for _, following in step.follows:
            level[following.name] = max(level.get(following.name, 0), level.get(step.name, 0) + 1)
    counts: dict[int, int] = {}
    for at in level.values():
        counts[at] = counts.get(at, 0) + 1
    return list(counts.values())


def _size(step: Step, room: float, theme: Theme) -> tuple[float, float, tuple[str, ...]]:
    family = theme.fonts.table
    weight = BOLD if step.question else REGULAR
    lines = tuple(wrapped(step.words, room - 2 * _PAD, SIZE, family, weight))
    width = max(text_width(line, SIZE, family, weight) for line in lines) + 2 * _PAD
    return width, len(lines) * LINE + 2 * _PAD - 0.6, lines


def _box(box: Box, theme: Theme) -> Iterator[Shape | Text]:
    colours, step = theme.colours, box.step
    left, right, top, bottom = box.x - box.width / 2, box.x + box.width / 2, box.y - box.height / 2, box.y + box.height / 2
    corners: tuple[tuple[float, float], ...] = ((left, top), (right, top), (right, bottom), (left, bottom))
    if step.question:
        # Six sides for a question, four for an action: the shape tells them apart without colour.
        corners = ((left, top), (right, top), (right + _POINT, box.y), (right, bottom), (left, bottom), (left - _POINT, box.y))
    leaf = not step.follows
    yield Shape(corners, colours.accent, colours.tint if not leaf else colours.paper, 0.6 if leaf else 0.25, step.name)
    for at, words in enumerate(box.lines):
        y = top + _PAD + LINE * at + 2.3
        yield Text(box.x, y, words, SIZE, colours.ink, BOLD if step.question else REGULAR, "middle")


def _arrow(start: str, end: str, points: Points, theme: Theme) -> Iterator[Line | Shape]:
    colour, (x, y), (before_x, before_y) = theme.colours.muted, points[-1], points[-2]
    yield Line(points, colour, 0.3, name=f"arrow:{start}:{end}")
    if abs(x - before_x) > abs(y - before_y):
        tip = 1.6 if x < before_x else -1.6
        yield Shape(((x, y), (x + tip, y - 0.9), (x + tip, y + 0.9)), colour, colour, 0.1)
    else:
        yield Shape(((x, y), (x - 0.9, y - 1.6), (x + 0.9, y - 1.6)), colour, colour, 0.1)


def _condition_text(points: Points, condition: str, theme: Theme) -> Iterator[Text]:
    """The condition of a branch, on the horizontal part of its arrow or beside its end."""
    if not condition:
        return
    lines = wrapped(condition, 30.0, SMALL, theme.fonts.table, BOLD)
    (x, y), beside = points[0], len(points) == 2
    if not beside:
        x, y = points[2]
    anchor = "start" if beside or points[1][0] > x else "end"
    base = y + 8.4 if beside else y - 1.0
    for at, words in enumerate(reversed(lines)):
        yield Text(x + (1.2 if beside else 0), base - 3.0 * at, words, SMALL, theme.colours.heading, BOLD, anchor)
