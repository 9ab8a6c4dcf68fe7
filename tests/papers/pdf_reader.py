"""What does a PDF draw? Reads the drawing commands of every page: stroked paths in points, with colour and width."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True)
class Stroke:
    """One stroked path: colour as #rrggbb, corners in points of the page."""

    colour: str
    points: tuple[tuple[float, float], ...]


def streams(pdf: bytes) -> list[bytes]:
    """Return all streams of the file, unpacked."""
    found = []
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(match[1]))
        except zlib.error:
            found.append(match[1])
    return found


def strokes(pdf: bytes) -> list[Stroke]:
    """Return every stroked path of the content streams that set a stroke colour."""
    return [stroke for stream in streams(pdf) if b" RG\n" in stream for stroke in _strokes(stream.decode("latin-1"))]


def _strokes(content: str) -> list[Stroke]:
    matrix, colour, stack = IDENTITY, "#000000", []
    path: list[tuple[float, float]] = []
    found = []
    for line in content.splitlines():
        *numbers, operator = line.split() or [""]
        if operator == "q":
            stack.append((matrix, colour))
        elif operator == "Q" and stack:
            matrix, colour = stack.pop()
        elif operator == "cm":
            matrix = _times(tuple(map(float, numbers)), matrix)  # type: ignore[arg-type]
        elif operator == "RG":
            colour = "#" + "".join(f"{round(float(value) * 255):02x}" for value in numbers)
        elif operator == "m":
            path = [_placed(matrix, *map(float, numbers))]
        elif operator == "l":
            path.append(_placed(matrix, *map(float, numbers)))
        elif operator in {"S", "B", "s", "b"}:
            found.append(Stroke(colour, tuple(path)))
    return found


def _times(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _placed(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e, b * x + d * y + f)
