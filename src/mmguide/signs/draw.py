"""Draws the signs. A sign is a function of the width of its lines: both weights come from one drawing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import pi, sin

from mmguide.signs.outlines import Sign, star

Drawing = Callable[[float], Sign]

# Lines of Source Sans's weights; the height about which mathematical signs are centred; a capital's height.
LINES = {400: 62, 700: 104}
_AXIS, CAPITAL = 330, 656
# Centre, radius and width of the circles in which certainty is shown.
_X, _Y, _R, _WIDE = 400, 330, 350, 800


def circled(*inside: Callable[[Sign, float], Sign]) -> Drawing:
    """A large circle with something in it."""

    def draw(s: float) -> Sign:
        sign = Sign(_WIDE).ring(_X, _Y, _R, s)
        for each in inside:
            each(sign, s)
        return sign

    return draw


def _across(sign: Sign, s: float) -> Sign:
    return sign.box(_X - _R + s / 2, _Y - s / 2, _X + _R - s / 2, _Y + s / 2)


def _upright(sign: Sign, s: float) -> Sign:
    return sign.box(_X - s / 2, _Y - _R + s / 2, _X + s / 2, _Y + _R - s / 2)


def _rising(sign: Sign, s: float) -> Sign:
    r = (_R - s / 2) * 0.7071
    return sign.line(((_X - r, _Y - r), (_X + r, _Y + r)), s)


def _falling(sign: Sign, s: float) -> Sign:
    r = (_R - s / 2) * 0.7071
    return sign.line(((_X - r, _Y + r), (_X + r, _Y - r)), s)


def _half(start: float, end: float) -> Drawing:
    """A circle of which one half is filled."""
    return lambda s: Sign(600).ring(300, _AXIS, 238, s * 0.8).arc(300, _AXIS, 110, start, end, 220)


def _letter_i(sign: Sign, s: float) -> Sign:
    return sign.disc(_X, _Y + 150, s * 0.75).box(_X - s / 2, _Y - 190, _X + s / 2, _Y + 70)


def square(left: float, right: float, fill: bool, width: int = 600) -> Drawing:
    def draw(s: float) -> Sign:
        low, high = _AXIS - (right - left) / 2, _AXIS + (right - left) / 2
        return Sign(width).box(left, low, right, high) if fill else Sign(width).frame(left, low, right, high, s)

    return draw


def shape(points: tuple[tuple[float, float], ...], fill: bool, width: int = 600) -> Drawing:
    """A polygon, filled or as a line."""
    return lambda s: Sign(width).polygon(points) if fill else Sign(width).outline(points, s)


def _ballot(*inside: tuple[tuple[float, float], ...]) -> Drawing:
    def draw(s: float) -> Sign:
        sign = Sign(798).frame(74, -10, 725, 671, s)
        for points in inside:
            sign.line(points, s * 1.25)
        return sign

    return draw


def lines(width: int, *each: tuple[tuple[float, float], ...], heavy: float = 1.0) -> Drawing:
    def draw(s: float) -> Sign:
        sign = Sign(width)
        for points in each:
            sign.line(points, s * heavy)
        return sign

    return draw


def _warning(s: float) -> Sign:
    sign = Sign(860).outline(((20, -20), (840, -20), (430, 690)), s)
    return sign.polygon(((430 - s * 0.6, 420), (430 + s * 0.6, 420), (430 + s * 0.4, 180), (430 - s * 0.4, 180))).disc(
        430, 100, s * 0.7
    )


def arrow(degrees: float, two: bool = False, double: bool = False) -> Drawing:
    """An arrow from the middle of the sign in a direction."""

    def draw(s: float) -> Sign:
        sign, y, reach = Sign(720), _AXIS, 190
        start, end = (150 if two else 60), (570 if double else 620)
        for height in (y - 75, y + 75) if double else (y,):
            sign.line(((start, height), (end, height)), s)
        sign.line(((640 - reach, y + reach), (640, y), (640 - reach, y - reach)), s)
        if two:
            sign.line(((80 + reach, y + reach), (80, y), (80 + reach, y - reach)), s)
        return sign.turned(degrees, 360, y)

    return draw


def _sexed(male: bool) -> Drawing:
    def draw(s: float) -> Sign:
        if male:
            sign = Sign(640).ring(270, 250, 210, s)
            return sign.line(((270 + 148, 250 + 148), (560, 540)), s).line(((390, 560), (570, 560), (570, 380)), s)
        return Sign(600).ring(300, 430, 210, s).box(300 - s / 2, -60, 300 + s / 2, 226).box(170, 60 - s / 2, 430, 60 + s / 2)

    return draw


def _waves(ys: tuple[float, ...], bars: tuple[float, ...] = ()) -> Drawing:
    def draw(s: float) -> Sign:
        sign = Sign(500)
        for y in ys:
            sign.line([(40 + 420 * k / 24, y + 52 * _SINES[k]) for k in range(25)], s)
        for y in bars:
            sign.box(40, y - s / 2, 460, y + s / 2)
        return sign

    return draw


_SINES = tuple(sin(2 * pi * k / 24) for k in range(25))


def _bars(*ys: float) -> Drawing:
    def draw(s: float) -> Sign:
        sign = Sign(500)
        for y in ys:
            sign.box(40, y - s / 2, 460, y + s / 2)
        return sign

    return draw


def _bowl(bar: bool = False, degrees: float = 0.0) -> Drawing:
    """A subset's sign, open to the right, turned."""

    def draw(s: float) -> Sign:
        y, r = _AXIS + (40 if bar else 0), 190
        sign = (
            Sign(640)
            .arc(270, y, r, 90, 270, s)
            .box(268, y + r - s / 2, 560, y + r + s / 2)
            .box(268, y - r - s / 2, 560, y - r + s / 2)
        )
        if degrees:
            sign = sign.turned(degrees, 320, y)
        return sign.box(80, -20 - s / 2, 560, -20 + s / 2) if bar else sign

    return draw


def _element(crossed: bool = False, mirrored: bool = False) -> Drawing:
    def draw(s: float) -> Sign:
        sign = Sign(600).arc(310, _AXIS, 230, 90, 270, s).box(308, _AXIS + 230 - s / 2, 500, _AXIS + 230 + s / 2)
        sign.box(308, _AXIS - 230 - s / 2, 500, _AXIS - 230 + s / 2).box(80 + s / 2, _AXIS - s / 2, 490, _AXIS + s / 2)
        if crossed:
            sign.line(((180, -20), (420, 680)), s)
        return sign.mirrored() if mirrored else sign

    return draw


def _proportional(s: float) -> Sign:
    sign = Sign(640).ring(210, _AXIS, 160, s)
    for side in (1, -1):
        sign.line(((330, _AXIS - 60 * side), (390, _AXIS + 60 * side), (450, _AXIS + 130 * side), (580, _AXIS + 145 * side)), s)
    return sign


def _empty_set(s: float) -> Sign:
    return Sign(660).ring(330, _AXIS, 260, s).line(((80, 40), (580, 620)), s)


def _celsius(s: float) -> Sign:
    return Sign(940).ring(150, 540, 120, s * 0.9).arc(640, 325, 300, 48, 312, s * 1.25)


def _fahrenheit(s: float) -> Sign:
    w = s * 1.3
    sign = Sign(840).ring(150, 540, 120, s * 0.9).box(400, 0, 400 + w, 656)
    return sign.box(400, 656 - w, 780, 656).box(400, 300, 730, 300 + w)


def _envelope(s: float) -> Sign:
    return Sign(900).frame(70, 60, 830, 600, s).line(((90, 570), (450, 290), (810, 570)), s)


def _diameter(s: float) -> Sign:
    return Sign(720).ring(360, _AXIS, 280, s).line(((70, 40), (650, 620)), s)


def _dots(*places: tuple[float, float], width: int = 500) -> Drawing:
    def draw(s: float) -> Sign:
        sign = Sign(width)
        for x, y in places:
            sign.disc(x, y, s * 0.85)
        return sign

    return draw


def _die(spots: str) -> Drawing:
    """The face of a die; its spots stand on nine places, by rows from the upper left."""

    def draw(s: float) -> Sign:
        sign = Sign(740).frame(70, 30, 670, 630, s)
        for at in (place for place, spot in enumerate(spots) if spot == "x"):
            sign.disc(370 + 165 * (at % 3 - 1), _AXIS - 165 * (at // 3 - 1), s * 0.95)
        return sign

    return draw


def _integral(closed: bool = False) -> Drawing:
    def draw(s: float) -> Sign:
        sign = Sign(500).arc(330, 690, 90, 20, 180, s).line(((240, 692), (240, -32)), s).arc(150, -30, 90, 200, 360, s)
        return sign.ring(240, _AXIS, 130, s * 0.8) if closed else sign

    return draw


_UP = ((62.0, 105.0), (538.0, 105.0), (300.0, 600.0))
_DOWN = ((62.0, 555.0), (538.0, 555.0), (300.0, 60.0))
_RIGHT = ((90.0, 92.0), (90.0, 568.0), (560.0, 330.0))
_LEFT = ((510.0, 92.0), (510.0, 568.0), (40.0, 330.0))
_DIAMOND = ((300.0, 70.0), (560.0, 330.0), (300.0, 590.0), (40.0, 330.0))
_STAR = tuple(star(430, 300, 400))
_TICK = ((150.0, 290.0), (310.0, 110.0), (620.0, 620.0))
_CROSS = (((110.0, 60.0), (550.0, 600.0)), ((110.0, 600.0), (550.0, 60.0)))

SIGNS: Mapping[str, Drawing] = {
    "◯": circled(),
    "⊕": circled(_across, _upright),
    "⊖": circled(_across),
    "⊗": circled(_rising, _falling),
    "⊘": circled(_rising),
    "⊙": circled(lambda sign, s: sign.disc(_X, _Y, s * 1.2)),
    "⊚": circled(lambda sign, s: sign.ring(_X, _Y, 150, s)),
    "ⓘ": circled(_letter_i),
    "○": lambda s: Sign(600).ring(300, _AXIS, 238, s * 0.8),
    "●": lambda s: Sign(600).disc(300, _AXIS, 238),
    "◎": lambda s: Sign(600).ring(300, _AXIS, 238, s * 0.8).ring(300, _AXIS, 130, s * 0.8),
    "◉": lambda s: Sign(600).ring(300, _AXIS, 238, s * 0.8).disc(300, _AXIS, 120),
    "◐": _half(90, 270),
    "◑": _half(-90, 90),
    "◒": _half(180, 360),
    "◓": _half(0, 180),
    "□": square(72, 528, False),
    "■": square(72, 528, True),
    "▪": square(130, 370, True, 500),
    "▫": square(130, 370, False, 500),
    "◼": square(40, 560, True),
    "◻": square(40, 560, False),
    "☐": _ballot(),
    "☑": _ballot(((190, 330), (350, 150), (620, 540))),
    "☒": _ballot(((200, 130), (600, 530)), ((200, 530), (600, 130))),
    "◆": shape(_DIAMOND, True),
    "◇": shape(_DIAMOND, False),
    "▲": shape(_UP, True),
    "△": shape(_UP, False),
    "▼": shape(_DOWN, True),
    "▽": shape(_DOWN, False),
    "▶": shape(_RIGHT, True),
    "▷": shape(_RIGHT, False),
    "◀": shape(_LEFT, True),
    "◁": shape(_LEFT, False),
    "★": shape(_STAR, True, 860),
    "☆": lambda s: Sign(860).polygon(_STAR).polygon(star(430, 300, 400 - s * 2.1), hole=True),
    "⚠": _warning,
    "⚀": _die("....x...."),
    "⚁": _die("x.......x"),
    "⚂": _die("x...x...x"),
    "⚃": _die("x.x...x.x"),
    "⚄": _die("x.x.x.x.x"),
    "⚅": _die("x.xx.xx.x"),
    "✓": lines(760, _TICK, heavy=1.15),
    "✔": lines(760, _TICK, heavy=2),
    "✗": lines(660, *_CROSS, heavy=1.15),
    "✘": lines(660, *_CROSS, heavy=2),
    "♀": _sexed(False),
    "♂": _sexed(True),
    "✉": _envelope,
    "⌀": _diameter,
    "℃": _celsius,
    "℉": _fahrenheit,
    "→": arrow(0),
    "➔": arrow(0),
    "⟶": arrow(0),
    "↗": arrow(45),
    "↑": arrow(90),
    "↖": arrow(135),
    "←": arrow(180),
    "⟵": arrow(180),
    "↙": arrow(225),
    "↓": arrow(270),
    "↘": arrow(315),
    "↔": arrow(0, two=True),
    "↕": arrow(90, two=True),
    "⇒": arrow(0, double=True),
    "⇑": arrow(90, double=True),
    "⇐": arrow(180, double=True),
    "⇓": arrow(270, double=True),
    "⇔": arrow(0, two=True, double=True),
    "⇌": lambda s: Sign(800).line(((110, 400), (660, 400), (530, 530)), s).line(((690, 260), (140, 260), (270, 130)), s),
    "∼": _waves((_AXIS,)),
    "≃": _waves((_AXIS + 70,), (_AXIS - 90,)),
    "≅": _waves((_AXIS + 150,), (_AXIS + 10, _AXIS - 130)),
    "≡": _bars(_AXIS - 150, _AXIS, _AXIS + 150),
    "≪": lines(840, ((420, 560), (100, 330), (420, 100)), ((740, 560), (420, 330), (740, 100))),
    "≫": lines(840, ((100, 560), (420, 330), (100, 100)), ((420, 560), (740, 330), (420, 100))),
    "∓": lines(500, ((40, 560), (460, 560)), ((40, 250), (460, 250)), ((250, 40), (250, 460))),
    "∝": _proportional,
    "∈": _element(),
    "∉": _element(crossed=True),
    "∋": _element(mirrored=True),
    "∅": _empty_set,
    "⊂": _bowl(),
    "⊃": _bowl(degrees=180),
    "⊆": _bowl(bar=True),
    "⊇": _bowl(bar=True, degrees=180),
    "∪": _bowl(degrees=90),
    "∩": _bowl(degrees=-90),
    "∧": lines(600, ((70, 60), (300, 600), (530, 60))),
    "∨": lines(600, ((70, 600), (300, 60), (530, 600))),
    "∀": lines(640, ((50, 656), (320, 0), (590, 656)), ((140, 420), (500, 420))),
    "∃": lines(560, ((80, 625), (460, 625)), ((460, 656), (460, 0)), ((80, 31), (460, 31)), ((110, 330), (460, 330))),
    "∇": lambda s: Sign(680).outline(((20, 656), (660, 656), (340, 0)), s),
    "∆": lambda s: Sign(680).outline(((20, 0), (660, 0), (340, 656)), s),
    "⊥": lines(620, ((50, 31), (570, 31)), ((310, 31), (310, 656))),
    "∥": lines(440, ((140, -40), (140, 700)), ((300, -40), (300, 700))),
    "∣": lines(260, ((130, -40), (130, 700))),
    "∠": lines(700, ((600, 560), (140, 50), (650, 50))),
    "∴": _dots((250, 480), (90, 180), (410, 180)),
    "∵": _dots((250, 180), (90, 480), (410, 480)),
    "⋅": _dots((130, _AXIS), width=260),
    "∙": _dots((130, _AXIS), width=260),
    "⋯": _dots((150, _AXIS), (450, _AXIS), (750, _AXIS), width=900),
    "⋮": _dots((150, 60), (150, _AXIS), (150, 600), width=300),
    "∘": lambda s: Sign(400).ring(200, _AXIS, 110, s),
    "∗": lambda s: lines(460, ((230, 160), (230, 500)), ((83, 245), (377, 415)), ((83, 415), (377, 245)))(s),
    "∖": lines(420, ((60, 680), (360, -20))),
    "∮": _integral(closed=True),
    "⌈": lines(380, ((330, 720), (140, 720), (140, -100))),
    "⌉": lines(380, ((50, 720), (240, 720), (240, -100))),
    "⌊": lines(380, ((140, 760), (140, -70), (330, -70))),
    "⌋": lines(380, ((240, 760), (240, -70), (50, -70))),
    "⟨": lines(380, ((300, 740), (100, 320), (300, -100))),
    "⟩": lines(380, ((80, 740), (280, 320), (80, -100))),
}
