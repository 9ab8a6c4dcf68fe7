"""Which cell is where? Squares or hexagons of an asked area over the plane of the storage CRS, and the pixels in them.

Cells are numbered as ``ST_Square`` and ``ST_Hexagon`` number them, so a stored cell is two integers and no geometry.
It deliberately reads nothing: what lies in a cell is asked elsewhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely

SQUARE = "square"
HEXAGON = "hexagon"
SHAPES = (SQUARE, HEXAGON)
MIN_HA, MAX_HA = 1.0, 25.0
# No pixel is larger than this; cells are divided evenly, so a pixel is a little smaller.
PIXEL_M = 25.0

Indices = "np.ndarray[Any, np.dtype[np.int64]]"
Floats = "np.ndarray[Any, np.dtype[np.float64]]"


@dataclass(frozen=True)
class Member:
    """Say that a pixel lies in a cell: offset in pixels from the origin of the cell's period, and the share (0–1)."""

    dx: int
    dy: int
    share: float


@dataclass(frozen=True)
class Pattern:
    """Hold how pixels lie in cells; it repeats with the grid.

    *width*, *height*: the period in metres; *nx*, *ny*: pixels in it; *members*: per cell of a period its pixels.
    """

    width: float
    height: float
    nx: int
    ny: int
    members: tuple[tuple[Member, ...], ...]

    @property
    def pixel_m(self) -> tuple[float, float]:
        """Return width and height of a pixel in metres."""
        return self.width / self.nx, self.height / self.ny

    @cached_property
    def places(self) -> dict[tuple[int, int, int], Any]:
        """Return what of the pixels of a period lies in which cell: shares (0–1) by column and row of the period.

        By neighbouring period (up, right) and number of the cell in the period it belongs to, for all that meet.
        """
        found: dict[tuple[int, int, int], Any] = {}
        for number, members in enumerate(self.members):
            for member in members:
                up, row = divmod(member.dy, self.ny)
                right, column = divmod(member.dx, self.nx)
                found.setdefault((up, right, number), np.zeros((self.nx, self.ny)))[column, row] = min(
                    member.share, 1.0
                )
        return found


@dataclass(frozen=True)
class Block:
    """Name a block of cells: *i0* ≤ i < *i1*, *j0* ≤ j < *j1*; i0 and i1 are even, so that hexagon columns pair up."""

    i0: int
    i1: int
    j0: int
    j1: int

    def as_data(self) -> dict[str, int]:
        """Return the block ready for JSON."""
        return {"i0": self.i0, "i1": self.i1, "j0": self.j0, "j1": self.j1}

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> Block:
        """Read what `as_data` wrote."""
        return cls(int(data["i0"]), int(data["i1"]), int(data["j0"]), int(data["j1"]))

    def around(self, i: Any, j: Any) -> Block:
        """Return the smallest block that holds some cells of this one (arrays, at least one cell)."""
        return Block(int(i.min()) // 2 * 2, (int(i.max()) // 2 + 1) * 2, int(j.min()), int(j.max()) + 1)

    def __len__(self) -> int:
        return (self.i1 - self.i0) * (self.j1 - self.j0)


@dataclass(frozen=True)
class Grid:
    """Divide the plane into cells of *area_m2*; *shape* is ``square`` or ``hexagon`` (flat top)."""

    shape: str
    area_m2: float

    def __post_init__(self) -> None:
        if self.shape not in SHAPES or not self.area_m2 > 0:
            raise ValueError(f"no grid of {self.area_m2} m² {self.shape}")

    @cached_property
    def size(self) -> float:
        """Return the length of a side in metres: what ``ST_Square`` and ``ST_Hexagon`` call size."""
        if self.shape == SQUARE:
            return math.sqrt(self.area_m2)
        return math.sqrt(2 * self.area_m2 / (3 * math.sqrt(3)))

    @property
    def step(self) -> tuple[float, float]:
        """Return the distance between neighbouring columns and rows of cells, in metres."""
        if self.shape == SQUARE:
            return self.size, self.size
        return 1.5 * self.size, math.sqrt(3) * self.size

    def centres(self, i: Any, j: Any) -> tuple[Any, Any]:
        """Return easting and northing of the centres of cells (arrays or numbers), in metres."""
        i, j = np.asarray(i, dtype=np.float64), np.asarray(j, dtype=np.float64)
        across, up = self.step
        if self.shape == SQUARE:
            return (i + 0.5) * across, (j + 0.5) * up
        return i * across, (j + 0.5 * (np.abs(i) % 2)) * up

    def index_of(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Return (i, j) of the cell that holds each point (arrays, metres); a point on a border has one of them."""
        x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        across, up = self.step
        if self.shape == SQUARE:
            return np.floor(x / across).astype(np.int64), np.floor(y / up).astype(np.int64)
        # a hexagon is where its centre is the nearest one: the nearest column or a neighbour of it
        best_i = np.zeros(x.shape, dtype=np.int64)
        best_j = np.zeros(x.shape, dtype=np.int64)
        best = np.full(x.shape, np.inf)
        nearest = np.rint(x / across).astype(np.int64)
        for column in (nearest - 1, nearest, nearest + 1):
            row = np.rint(y / up - 0.5 * (np.abs(column) % 2)).astype(np.int64)
            east, north = self.centres(column, row)
            distance = (x - east) ** 2 + (y - north) ** 2
            closer = distance < best
            best = np.where(closer, distance, best)
            best_i = np.where(closer, column, best_i)
            best_j = np.where(closer, row, best_j)
        return best_i, best_j

    def outlines(self, i: Any, j: Any) -> Any:
        """Return the cells as an array of shapely polygons in metres."""
        east, north = self.centres(i, j)
        corners = np.stack([east, north], axis=-1)[..., None, :] + self._corners()
        return shapely.polygons(corners)

    def _corners(self) -> Any:
        half = self.size / 2
        if self.shape == SQUARE:
            return np.array([(-half, -half), (-half, half), (half, half), (half, -half), (-half, -half)])
        high = half * math.sqrt(3)
        side = [(-self.size, 0), (-half, high), (half, high), (self.size, 0), (half, -high), (-half, -high)]
        return np.array([*side, side[0]], dtype=np.float64)

    def parent(self, level: int) -> Grid:
        """Return the grid of the same shape whose cells are 4 to the power of *level* as large; level 0 is this one."""
        return Grid(self.shape, self.area_m2 * 4**level) if level else self

    @cached_property
    def pattern(self) -> Pattern:
        """Return how pixels of at most 25 m lie in the cells.

        The period of squares is one cell, of hexagons two: both are divided evenly, so every cell has the same pixels
        with the same shares and their sum is the cell exactly.
        """
        width, height = (1 if self.shape == SQUARE else 2) * self.step[0], self.step[1]
        nx, ny = math.ceil(width / PIXEL_M - 1e-9), math.ceil(height / PIXEL_M - 1e-9)
        if self.shape == SQUARE:
            whole = tuple(Member(dx, dy, 1.0) for dy in range(ny) for dx in range(nx))
            return Pattern(width, height, nx, ny, (whole,))
        cells = self.outlines(np.array([0, 1]), np.array([0, 0]))
        return Pattern(width, height, nx, ny, tuple(_members(cell, width / nx, height / ny) for cell in cells))

    def block_of(self, box: tuple[float, float, float, float], side_m: float) -> list[Block]:
        """Return blocks of about *side_m* metres that cover *box* (west, south, east, north); cells on its edge too."""
        across, up = self.step
        columns = max(2, 2 * round(side_m / across / 2))
        rows = max(1, round(side_m / up))
        west, south, east, north = box
        first_i, last_i = math.floor(west / across) - 1, math.ceil(east / across) + 1
        first_j, last_j = math.floor(south / up) - 1, math.ceil(north / up) + 1
        return [
            Block(i, i + columns, j, j + rows)
            for i in range(first_i // columns * columns, last_i + 1, columns)
            for j in range(first_j // rows * rows, last_j + 1, rows)
        ]

    def box_of(self, block: Block) -> tuple[float, float, float, float]:
        """Return (west, south, east, north) that holds every cell of *block*, in metres."""
        across, up = self.step
        if self.shape == SQUARE:
            return block.i0 * across, block.j0 * up, block.i1 * across, block.j1 * up
        return (
            block.i0 * across - self.size,
            (block.j0 - 0.5) * up,
            (block.i1 - 1) * across + self.size,
            block.j1 * up,
        )


def _members(cell: Any, wide: float, high: float) -> tuple[Member, ...]:
    west, south, east, north = cell.bounds
    columns = range(math.floor(west / wide), math.ceil(east / wide))
    rows = range(math.floor(south / high), math.ceil(north / high))
    at = [(dx, dy) for dy in rows for dx in columns]
    boxes = shapely.box(
        [dx * wide for dx, _dy in at],
        [dy * high for _dx, dy in at],
        [(dx + 1) * wide for dx, _dy in at],
        [(dy + 1) * high for _dx, dy in at],
    )
    shares = shapely.area(shapely.intersection(boxes, cell)) / (wide * high)
    return tuple(Member(dx, dy, float(share)) for (dx, dy), share in zip(at, shares, strict=True) if share > 1e-9)
