"""The shapes that signs are drawn of, in thousandths of the em. Outlines run clockwise and holes counter-clockwise, as TrueType wants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import atan2, cos, hypot, pi, sin, tan

from msgspec import Struct

Point = tuple[float, float]
# A circle is that many curves: beyond a ten-thousandth of its radius nothing is left to see.
_CURVES = 16
_ARC_STEP = pi / 36


class Sign(Struct):
    """One sign while it is drawn: closed outlines, each of points on it, or of control points alone (a circle)."""

    width: int = 0
    polygons: list[tuple[Point, ...]] = []
    circles: list[tuple[Point, ...]] = []

    def polygon(self, points: Iterable[Point], hole: bool = False) -> Sign:
        """A filled polygon, or one cut out."""
        corners = tuple(points)
        if (_area(corners) > 0) != hole:
            corners = corners[::-1]
        self.polygons.append(corners)
        return self

    def disc(self, x: float, y: float, radius: float, hole: bool = False) -> Sign:
        """A filled circle, or one cut out."""
        outer = radius / cos(pi / _CURVES)
        turn = 1 if hole else -1
        self.circles.append(
            tuple(
                (x + outer * cos(turn * 2 * pi * k / _CURVES), y + outer * sin(turn * 2 * pi * k / _CURVES))
                for k in range(_CURVES)
            )
        )
        return self

    def ring(self, x: float, y: float, radius: float, line: float) -> Sign:
        """A circle as a line that lies within `radius`."""
        return self.disc(x, y, radius).disc(x, y, radius - line, hole=True)

    def box(self, left: float, bottom: float, right: float, top: float, hole: bool = False) -> Sign:
        return self.polygon(((left, bottom), (right, bottom), (right, top), (left, top)), hole)

    def frame(self, left: float, bottom: float, right: float, top: float, line: float) -> Sign:
        """A rectangle as a line within its bounds."""
        return self.box(left, bottom, right, top).box(left + line, bottom + line, right - line, top - line, hole=True)

    def outline(self, points: Sequence[Point], line: float) -> Sign:
        """A polygon as a line within its bounds."""
        inner = min((_beside(points, side, True) for side in (line, -line)), key=lambda beside: abs(_area(beside)))
        return self.polygon(points).polygon(inner, hole=True)

    def line(self, points: Sequence[Point], line: float) -> Sign:
        """A line of that width along the points, its corners mitred."""
        return self.polygon((*_beside(points, line / 2, False), *reversed(_beside(points, -line / 2, False))))

    def arc(self, x: float, y: float, radius: float, start: float, end: float, line: float) -> Sign:
        """A part of a circle's line around `radius`, between two angles in degrees, counter-clockwise from the right."""
        first, last = start * pi / 180, end * pi / 180
        steps = max(2, round(abs(last - first) / _ARC_STEP))
        angles = [first + (last - first) * k / steps for k in range(steps + 1)]
        return self.line([(x + radius * cos(a), y + radius * sin(a)) for a in angles], line)

    def turned(self, degrees: float, x: float, y: float) -> Sign:
        """The same sign turned about a point."""
        angle = degrees * pi / 180

        def turn(points: Iterable[Point]) -> tuple[Point, ...]:
            return tuple(
                (x + (px - x) * cos(angle) - (py - y) * sin(angle), y + (px - x) * sin(angle) + (py - y) * cos(angle))
                for px, py in points
            )

        return Sign(self.width, [turn(p) for p in self.polygons], [turn(c) for c in self.circles])

    def mirrored(self) -> Sign:
        """The same sign as in a mirror."""
        return Sign(self.width, [_mirror(p, self.width) for p in self.polygons], [_mirror(c, self.width) for c in self.circles])


def _mirror(points: tuple[Point, ...], width: int) -> tuple[Point, ...]:
    return tuple((width - x, y) for x, y in reversed(points))


def star(x: float, y: float, radius: float, points: int = 5, inner: float = 0.4) -> list[Point]:
    """The corners of a star that stands on two of its points."""
    radii = (radius, radius * inner)
    return [(x + radii[k % 2] * sin(pi * k / points), y + radii[k % 2] * cos(pi * k / points)) for k in range(2 * points)]


def _area(points: Sequence[Point]) -> float:
    """Twice the area, positive where the points run counter-clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, [*points[1:], points[0]], strict=True))


def _beside(points: Sequence[Point], distance: float, closed: bool) -> tuple[Point, ...]:
    """The line beside a line, at its left for a positive distance."""
    found = []
    count = len(points)
    for at, (x, y) in enumerate(points):
        before = points[at - 1] if at or closed else None
        after = points[(at + 1) % count] if at + 1 < count or closed else None
        arriving = atan2(y - before[1], x - before[0]) if before else None
        leaving = atan2(after[1] - y, after[0] - x) if after else None
        one, other = (arriving if arriving is not None else leaving), (leaving if leaving is not None else arriving)
        assert one is not None
        assert other is not None
        turn = (other - one + pi) % (2 * pi) - pi
        middle, reach = one + turn / 2 + pi / 2, distance * hypot(1, tan(turn / 2))
        found.append((x + reach * cos(middle), y + reach * sin(middle)))
    return tuple(found)
