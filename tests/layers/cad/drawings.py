"""How do tests make drawings? DXF through ezdxf as an office's CAD program would, DGN v7 element by element by hand.

The DGN writer is our own because GDAL's writes no arcs, chains or texts in old code pages; GDAL reads what it wrote.
"""

from __future__ import annotations

import itertools
import math
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import ezdxf
from ezdxf.document import Drawing
from ezdxf.layouts import Modelspace

from tests.cast import EAST0, NORTH0

EAST, NORTH = EAST0 + 12_000, NORTH0 + 5_000  # inside "Xã Đông"
SQUARE = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]
LAYER = "RANH"


def at(*points: tuple[float, float], east: float = EAST, north: float = NORTH) -> list[tuple[float, float]]:
    """Move points given in metres from the lower left corner of the place to the map."""
    return [(east + x, north + y) for x, y in points]


def dxf(
    folder: Path, draw: Callable[[Modelspace, Drawing], object], *, version: str = "R2010", name: str = "ranh.dxf"
) -> Path:
    """Write a DXF with what *draw* puts into its model space."""
    document = ezdxf.new(version)
    draw(document.modelspace(), document)
    path = folder / name
    document.saveas(path)
    return path


def boundary(model: Modelspace, points: Sequence[tuple[float, ...]], **options: Any) -> None:
    """Draw a closed polyline on the boundary's layer."""
    attributes = {"layer": LAYER, **options.pop("dxfattribs", {})}
    model.add_lwpolyline(points, close=True, dxfattribs=attributes, **options)


def lines(model: Modelspace, points: Sequence[tuple[float, float]], layer: str = LAYER) -> None:
    """Draw separate lines from point to point."""
    for start, end in itertools.pairwise(points):
        model.add_line(start, end, dxfattribs={"layer": layer})


def bomb(document: Drawing, model: Modelspace, *, levels: int = 10, each: int = 10) -> None:
    """Draw blocks inside blocks: *each* to the power of *levels* lines."""
    document.blocks.new("B0").add_line((0, 0), (1, 1))
    for level in range(1, levels + 1):
        block = document.blocks.new(f"B{level}")
        for copy in range(each):
            block.add_blockref(f"B{level - 1}", (copy, 0))
    model.add_blockref(f"B{levels}", (EAST, NORTH))


class Dgn:
    """Write a DGN v7, flat: *sub* sub-units in a master unit, *resolution* units of resolution in a sub-unit."""

    def __init__(self, *, master: str = "m", sub: int = 1000, resolution: int = 1) -> None:
        self.scale = float(sub * resolution)
        head = bytearray(1536)
        head[0:4] = b"\x08\x09\xfe\x02"
        head[1112:1116] = self._integer(sub)
        head[1116:1120] = self._integer(resolution)
        head[1120:1122] = master.ljust(2).encode()[:2]
        head[1122:1124] = b"mm"
        self._records = [bytes(head)]

    def shape(self, points: Sequence[tuple[float, float]], level: int = 1) -> Dgn:
        """Add a closed shape."""
        return self._add(6, level, self._string([*points, points[0]]))

    def lines(self, points: Sequence[tuple[float, float]], level: int = 1, *, part: bool = False) -> Dgn:
        """Add a line of two points or a line string."""
        if len(points) == 2:
            return self._add(3, level, b"".join(map(self._point, points)), part=part)
        return self._add(4, level, self._string(points), part=part)

    def arc(
        self, centre: tuple[float, float], radius: float, start: float, sweep: float, level: int = 1, *,
        part: bool = False, minor: float | None = None, turn: float = 0.0,
    ) -> Dgn:  # fmt: skip
        """Add an arc of a circle, or of an ellipse with *minor*; angles in degrees."""
        swept = bytearray(self._integer(round(abs(sweep) * 360_000)))
        swept[1] |= 0x80 if sweep < 0 else 0
        body = self._integer(round(start * 360_000)) + bytes(swept)
        body += self._vax(radius * self.scale) + self._vax((minor or radius) * self.scale)
        body += self._integer(round(turn * 360_000))
        return self._add(16, level, body + b"".join(self._vax(value * self.scale) for value in centre), part=part)

    def curve(self, points: Sequence[tuple[float, float]], level: int = 1, *, part: bool = False) -> Dgn:
        """Add a curve through points; the first two and the last two only steer it."""
        return self._add(11, level, self._string(points), part=part)

    def spline(
        self, poles: Sequence[tuple[float, float]], order: int, level: int = 1, *, part: bool = False,
        knots: Sequence[float] = (), weights: Sequence[float] = (), closed: bool = False,
    ) -> Dgn:  # fmt: skip
        """Add a B-spline: its head, then its inner *knots*, poles and *weights* as elements of their own."""
        flags = (order - 2) | 0x10 | (0x40 if weights else 0) | (0x80 if closed else 0)
        self._add(27, level, bytes(4) + struct.pack("<BBHH", flags, 0, len(poles), len(knots)), part=part)
        if knots:
            self._add(26, level, self._shares(knots), part=True)
        self._add(21, level, self._string(poles), part=True)
        return self._add(28, level, self._shares(weights), part=True) if weights else self

    def other(self, kind: int, level: int = 1, *, part: bool = False) -> Dgn:
        """Add an element of another type, with an empty body."""
        return self._add(kind, level, bytes(40), part=part)

    def ellipse(self, centre: tuple[float, float], major: float, minor: float, turn: float, level: int = 1) -> Dgn:
        """Add a whole ellipse."""
        body = self._vax(major * self.scale) + self._vax(minor * self.scale) + self._integer(round(turn * 360_000))
        return self._add(15, level, body + b"".join(self._vax(value * self.scale) for value in centre))

    def chain(self, parts: int, level: int = 1, *, closed: bool = True) -> Dgn:
        """Add the head of a complex shape or chain; its *parts* elements follow with ``part=True``."""
        return self._add(14 if closed else 12, level, struct.pack("<HH", 20, parts) + bytes(8))

    def text(self, raw: bytes, where: tuple[float, float], height: float = 2.0, level: int = 2) -> Dgn:
        """Add a text in whatever bytes."""
        size = self._integer(round(height * self.scale * 1000 / 6))
        body = bytes([3, 0]) + size + size + self._integer(0) + self._point(where)
        return self._add(17, level, body + bytes([len(raw), 0]) + raw)

    def raw(self, record: bytes) -> Dgn:
        """Add bytes as they are."""
        self._records.append(record)
        return self

    def save(self, path: Path) -> Path:
        """Write the file."""
        path.write_bytes(b"".join(self._records) + b"\xff\xff")
        return path

    def _add(self, kind: int, level: int, body: bytes, *, part: bool = False) -> Dgn:
        body += b"\x00" * (len(body) % 2)
        size = 36 + len(body)
        head = bytearray(36)
        head[0], head[1] = level | (0x80 if part else 0), kind
        head[2:4] = struct.pack("<H", (size - 4) // 2)
        head[30:32] = struct.pack("<H", (size - 32) // 2)
        self._records.append(bytes(head) + body)
        return self

    def _shares(self, values: Sequence[float]) -> bytes:
        return b"".join(self._integer(round(value * (2**31 - 1))) for value in values)

    def _string(self, points: Sequence[tuple[float, float]]) -> bytes:
        return struct.pack("<H", len(points)) + b"".join(map(self._point, points))

    def _point(self, point: tuple[float, float]) -> bytes:
        return b"".join(self._integer(round(value * self.scale)) for value in point)

    @staticmethod
    def _integer(value: int) -> bytes:
        whole = value & 0xFFFF_FFFF
        return struct.pack("<HH", whole >> 16, whole & 0xFFFF)

    @staticmethod
    def _vax(value: float) -> bytes:
        if value == 0:
            return bytes(8)
        mantissa, exponent = math.frexp(abs(value))
        fraction = int(mantissa * 2**56) & ~(1 << 55)
        first = (0x8000 if value < 0 else 0) | (exponent + 128) << 7 | fraction >> 48
        return struct.pack("<4H", first, fraction >> 32 & 0xFFFF, fraction >> 16 & 0xFFFF, fraction & 0xFFFF)
