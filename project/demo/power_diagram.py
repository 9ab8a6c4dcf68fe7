"""How is a region divided among seed points so that every cell has its official area?

A power diagram (Aurenhammer 1987): the weights are found so that the areas match, the sites move a little so that
each cell's middle stays at its seed. It knows nothing of communes, files or coordinate systems.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon

Array = NDArray[np.float64]

SAMPLE_M = 1000.0
ROUNDS = 160
SETTLE_FROM, SETTLE_TO = 30, 120
MIDDLE_GAIN = 0.10
MIDDLE_REACH = 0.6  # of the radius of a disc of the cell's area
NEIGHBOURS = 60
NEWTON_STEPS = 12
SMALLEST_STEP = 0.02
AREA_TOLERANCE = 1e-3


@dataclass(frozen=True)
class Diagram:
    """Cells in the order of the seeds, with the sites and weights that made them (kilometres, about `origin`)."""

    cells: tuple[Polygon, ...]
    sites: Array
    weights: Array


def divide(region: Polygon, seeds: Array, areas_km2: Array) -> Diagram:
    """Divide *region* (metres) among *seeds* (n, 2; metres) in proportion to *areas_km2* (n).

    Areas are scaled to the region first. Raises ValueError when a cell vanishes, which means that the figures
    contradict one another.
    """
    origin = np.array(region.centroid.coords[0])
    wanted = areas_km2 * (region.area / 1e6) / areas_km2.sum()
    sites, weights = _sampled_fit(region, origin, (seeds - origin) / 1000.0, wanted)
    cells, weights = _exact_fit(region, origin, sites, weights, wanted)
    if any(cell.is_empty for cell in cells):
        raise ValueError("A seed lost its whole cell: check seeds, areas and outline.")
    return Diagram(tuple(cells), sites, weights)


def _sampled_fit(region: Polygon, origin: Array, seeds: Array, wanted: Array) -> tuple[Array, Array]:
    """Fit weights and sites on a 1 km sample of the region."""
    shapely.prepare(region)
    min_x, min_y, max_x, max_y = region.bounds
    x, y = np.meshgrid(np.arange(min_x, max_x, SAMPLE_M) + 500, np.arange(min_y, max_y, SAMPLE_M) + 500)
    sample = np.column_stack([x.ravel(), y.ravel()])
    sample = (sample[shapely.contains_xy(region, sample)] - origin) / 1000.0
    unit = wanted.sum() / len(sample)
    sites, weights, count = seeds.copy(), np.zeros(len(seeds)), len(seeds)
    reach = MIDDLE_REACH * np.sqrt(wanted / np.pi)
    for turn in range(ROUNDS):
        power = sample @ (-2.0 * sites.T) + ((sites**2).sum(1) - weights)
        owner = power.argmin(1)
        got = np.bincount(owner, minlength=count) * unit
        weights += (0.6 if turn < SETTLE_TO else 0.3) * (wanted - got) / np.sqrt(wanted)
        if SETTLE_FROM < turn < SETTLE_TO:
            number = np.maximum(got / unit, 1.0)
            middle = np.column_stack([np.bincount(owner, sample[:, axis], count) / number for axis in (0, 1)])
            step = np.clip(seeds - middle, -2.0, 2.0)
            starving = (got < 0.5 * wanted)[:, None]
            shift = np.where(starving, 0.7 * (sites - seeds), sites - seeds + MIDDLE_GAIN * step)
            length = np.maximum(np.hypot(shift[:, 0], shift[:, 1]), 1e-9)
            sites = seeds + shift * np.minimum(1.0, reach / length)[:, None]
    return sites, weights


def _exact_fit(
    region: Polygon, origin: Array, sites: Array, weights: Array, wanted: Array
) -> tuple[list[Polygon], Array]:
    """Polish the weights with Newton's method on the exact cells (an area's derivative is edge length ÷ 2 distance)."""
    count = len(sites)
    cells, edges = _cells(region, origin, sites, weights)
    got = _areas(cells)
    for _ in range(NEWTON_STEPS):
        missing = wanted - got
        if np.abs(missing / wanted).max() < AREA_TOLERANCE:
            break
        slope = np.zeros((count, count))
        for (one, other), length in edges.items():
            rate = length / (2.0 * float(np.hypot(*(sites[one] - sites[other]))))
            slope[one, one] += rate
            slope[one, other] -= rate
        slope = (slope + slope.T) / 2.0
        step = np.linalg.lstsq(slope + 1e-6 * np.eye(count), missing, rcond=None)[0]
        step -= step.mean()
        part = 1.0
        while True:
            tried = weights + part * step
            cells, edges = _cells(region, origin, sites, tried)
            got = _areas(cells)
            better = np.abs(wanted - got).sum() < np.abs(missing).sum() and (got > 0.2 * wanted).all()
            if better or part < SMALLEST_STEP:
                break
            part /= 2.0
        weights = tried
    return cells, weights


def _areas(cells: list[Polygon]) -> Array:
    """Return the cells' areas in km²."""
    return np.array([cell.area / 1e6 for cell in cells])


def _cells(
    region: Polygon, origin: Array, sites: Array, weights: Array
) -> tuple[list[Polygon], dict[tuple[int, int], float]]:
    """Clip a square by the likeliest neighbours' bisectors, then by the region; return cells and edge lengths (km)."""
    squares = (sites**2).sum(1)
    cells: list[Polygon] = []
    sides: list[LineString] = []
    pairs: list[tuple[int, int]] = []
    for one in range(len(sites)):
        corners: list[tuple[float, float, int]] = [(-1e3, -1e3, -1), (1e3, -1e3, -1), (1e3, 1e3, -1), (-1e3, 1e3, -1)]
        near = np.argsort(((sites - sites[one]) ** 2).sum(1) - weights)[:NEIGHBOURS]
        for other in near:
            if other != one and corners:
                normal = 2.0 * (sites[other] - sites[one])
                limit = squares[other] - weights[other] - squares[one] + weights[one]
                corners = _clip(corners, float(normal[0]), float(normal[1]), float(limit), int(other))
        ring = [(x * 1000.0 + origin[0], y * 1000.0 + origin[1]) for x, y, _ in corners]
        cell: Any = Polygon(ring).intersection(region) if len(ring) > 2 else Polygon()
        cells.append(cell)
        for position, (_x, _y, other) in enumerate(corners):
            if other >= 0:
                pairs.append((one, other))
                sides.append(LineString([ring[position], ring[(position + 1) % len(ring)]]))
    lengths = shapely.length(shapely.intersection(np.array(sides, dtype=object), region)) / 1000.0
    return cells, {pair: float(length) for pair, length in zip(pairs, lengths, strict=True) if length > 0}


def _clip(
    corners: list[tuple[float, float, int]], a: float, b: float, limit: float, label: int
) -> list[tuple[float, float, int]]:
    """Keep the part of a convex ring where a·x + b·y ≤ limit; a corner carries the label of the side that leaves it."""
    kept: list[tuple[float, float, int]] = []
    values = [a * x + b * y - limit for x, y, _ in corners]
    for position, (x0, y0, side) in enumerate(corners):
        x1, y1, _ = corners[(position + 1) % len(corners)]
        v0, v1 = values[position], values[(position + 1) % len(corners)]
        if v0 <= 0:
            kept.append((x0, y0, side))
        if v0 * v1 < 0:
            part = v0 / (v0 - v1)
            kept.append((x0 + part * (x1 - x0), y0 + part * (y1 - y0), label if v0 < 0 else side))
    return kept
