"""Which elements does this DGN v7 hold? Bytes to numbers: integers and floats of a VAX, one record after another.

We read it ourselves because GDAL draws an arc in steps of five degrees, whatever its radius: 2.4 m beside an arc of
1,000 m radius and 8°. Layout after the DGN v7 notes of DGNLib and GDAL's ``dgnread.cpp``; GDAL is the judge in tests.
It makes no lines; `dgn` does.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from layers.geomchild.refusal import Refusal
from layers.intake.cad.strokes import Points

TCB = 9
LINE, LINE_STRING, SHAPE, CURVE, TEXT = 3, 4, 6, 11, 17
COMPLEX_CHAIN, COMPLEX_SHAPE = 12, 14
ELLIPSE, ARC = 15, 16
POLES, KNOTS, SPLINE, WEIGHTS = 21, 26, 27, 28
SHARED_CELL = 34
_ANGLE = math.radians(1 / 360_000)
_DISPLAY_HEAD = 36
_PATTERN_CLASS = 1


@dataclass(frozen=True)
class Element:
    """One record: *data* is all of it, *part* tells that it belongs to the complex element before it."""

    type: int
    level: int
    part: bool
    data: bytes

    @property
    def pattern(self) -> bool:
        """Tell whether it is only a line of a hatching."""
        return len(self.data) > _DISPLAY_HEAD and self.data[32] & 0x0F == _PATTERN_CLASS


@dataclass(frozen=True)
class Conic:
    """An ellipse or a part of one, in units of resolution; *span*: first angle and sweep in radians."""

    centre: tuple[float, float]
    axes: tuple[tuple[float, float], tuple[float, float]]
    span: tuple[float, float]


@dataclass(frozen=True)
class Words:
    """One text element in units of resolution."""

    raw: bytes
    at: tuple[float, float]
    height: float


@dataclass(frozen=True)
class Units:
    """How the file counts: units of resolution in one master unit, where its origin lies, what it calls the unit."""

    per_master: float
    origin: tuple[float, float]
    name: str
    flat: bool

    def master(self, points: Points) -> Points:
        """Turn units of resolution into master units."""
        moved: Points = points / self.per_master - np.array(self.origin)
        return moved


def elements(data: bytes) -> Iterator[Element]:
    """Yield the records that are not deleted, to the end mark or the end of the file; raise Refusal DGN_CORRUPT."""
    place = 0
    while place + 4 <= len(data) and data[place : place + 2] != b"\xff\xff":
        size = 4 + 2 * int.from_bytes(data[place + 2 : place + 4], "little")
        if place + size > len(data):
            raise Refusal("DGN_CORRUPT", params={"path": f"byte {place}"})
        if not data[place + 1] & 0x80:
            record = data[place : place + size]
            yield Element(record[1] & 0x7F, record[0] & 0x3F, bool(record[0] & 0x80), record)
        place += size


def units_of(first: Element) -> Units:
    """Read the units from the file's head (the element of type 9); raise Refusal DGN_CORRUPT for another element."""
    data = first.data
    if first.type != TCB or len(data) < 1264:
        raise Refusal("DGN_CORRUPT", params={"path": "TCB"})
    sub, resolution = _integer(data, 1112), _integer(data, 1116)
    if sub <= 0 or resolution <= 0:
        raise Refusal("DGN_CORRUPT", params={"path": "TCB"})
    per_master = float(sub) * float(resolution)
    origin = (_vax(data, 1240) / per_master, _vax(data, 1248) / per_master)
    name = data[1120:1122].decode("ascii", "replace").strip("\x00 ").lower()
    return Units(per_master, origin, name, flat=not data[1214] & 0x40)


def points_of(element: Element, *, flat: bool) -> Points:
    """Return the corners of a line, line string, shape, curve or pole element in units of resolution (n, 2)."""
    return spots_of(element, flat=flat)[:, :2]


def spots_of(element: Element, *, flat: bool) -> Points:
    """Return the same with the heights of a drawing in space (n, 3), which decide the shape of a curve."""
    if element.type == LINE:
        return _places(element.data, 36, 2, flat=flat)
    _need(element.data, 38)
    return _places(element.data, 38, int.from_bytes(element.data[36:38], "little"), flat=flat)


@dataclass(frozen=True)
class SplineHead:
    """What the head of a B-spline says; *knots* counts the inner ones, none for a spline of even steps."""

    order: int
    rational: bool
    closed: bool
    poles: int
    knots: int


def spline_of(element: Element) -> SplineHead:
    """Return the head of a B-spline curve."""
    _need(element.data, 46)
    flags = element.data[40]
    poles, knots = struct.unpack_from("<HH", element.data, 42)
    return SplineHead((flags & 0x0F) + 2, bool(flags & 0x40), bool(flags & 0x80), int(poles), int(knots))


def shares_of(element: Element, count: int) -> Points:
    """Return *count* knots or weights, each between -1 and 1."""
    _need(element.data, 36 + 4 * count)
    return np.array([_integer(element.data, 36 + 4 * index) for index in range(count)], dtype=float) / (2.0**31 - 1)


def conic_of(element: Element, *, flat: bool) -> Conic:
    """Return an ellipse or arc."""
    data = element.data
    span = (0.0, 2 * math.pi)
    start = 36
    if element.type == ARC:
        _need(data, 44)
        back = bool(data[41] & 0x80)
        sweep = _integer(data[:41] + bytes([data[41] & 0x7F]) + data[42:], 40) * _ANGLE
        span = (_integer(data, 36) * _ANGLE, (-sweep if back else sweep) or 2 * math.pi)
        start = 44
    _need(data, start + (36 if flat else 48))
    primary, secondary = _vax(data, start), _vax(data, start + 8)
    if flat:
        turn = _integer(data, start + 16) * _ANGLE
        centre = (_vax(data, start + 20), _vax(data, start + 28))
        ways = ((math.cos(turn), math.sin(turn)), (-math.sin(turn), math.cos(turn)))
    else:
        centre = (_vax(data, start + 32), _vax(data, start + 40))
        ways = _turned([_integer(data, start + 16 + 4 * index) for index in range(4)])
    major = (primary * ways[0][0], primary * ways[0][1])
    minor = (secondary * ways[1][0], secondary * ways[1][1])
    return Conic(centre, (major, minor), span)


def words_of(element: Element, *, flat: bool) -> Words:
    """Return a text: its bytes, where it begins, how tall it is."""
    data, place = element.data, 50 if flat else 62
    count_at = place + (8 if flat else 12)
    _need(data, count_at + 2)
    at = (float(_integer(data, place)), float(_integer(data, place + 4)))
    height = abs(_integer(data, 42)) * 6 / 1000
    raw = data[count_at + 2 : count_at + 2 + data[count_at]]
    return Words(raw.split(b"\x00")[0], at, height)


def members_of(element: Element) -> int:
    """Return how many elements make up a complex chain or shape."""
    _need(element.data, 40)
    return int.from_bytes(element.data[38:40], "little")


def _places(data: bytes, start: int, count: int, *, flat: bool) -> Points:
    width = 2 if flat else 3
    _need(data, start + 4 * width * count)
    halves = np.frombuffer(data, "<u2", count * width * 2, start).astype(np.uint32).reshape(count, width, 2)
    whole = (halves[:, :, 0] << 16 | halves[:, :, 1]).astype(np.uint32).view(np.int32)
    places: Points = whole.astype(float)
    return places


def _turned(quaternion: list[int]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return where a rotation in space takes the two axes, seen from above."""
    w, x, y, z = (value / -(2.0**31) for value in quaternion)
    first = (x * x - y * y - z * z + w * w, 2 * (x * y - z * w))
    second = (2 * (z * w + x * y), -x * x + y * y - z * z + w * w)
    return first, second


def _integer(data: bytes, place: int) -> int:
    """Read 32 bits whose halves stand in the order of a PDP-11."""
    _need(data, place + 4)
    high, low = struct.unpack_from("<HH", data, place)
    value = int(high) << 16 | int(low)
    return value - (1 << 32) if value & 0x8000_0000 else value


def _vax(data: bytes, place: int) -> float:
    """Read a VAX D float: exponent of 8 bits, fraction of 55 with a hidden first one."""
    _need(data, place + 8)
    words = struct.unpack_from("<4H", data, place)
    exponent = words[0] >> 7 & 0xFF
    if exponent == 0:
        return 0.0
    fraction = (words[0] & 0x7F | 0x80) << 48 | words[1] << 32 | words[2] << 16 | words[3]
    value = math.ldexp(fraction, exponent - 128 - 56)
    return -value if words[0] & 0x8000 else value


def _need(data: bytes, size: int) -> None:
    if len(data) < size:
        raise Refusal("DGN_CORRUPT", params={"path": "element"})
