"""Which ground does each commune, former district and the province cover in the demo? Generated, always the same.

Real boundaries come in by `load_demo --units FILE`; this file does not read any.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon

from project.demo.figures_reader import read_rows
from project.demo.frame import GRID_M, outline, storage_xy
from project.demo.power_diagram import divide
from project.demo.rough_borders import rough_coverage

PROVINCE_CODE = "66"


@dataclass(frozen=True)
class Commune:
    """One commune of the demo: figures as printed, geometry generated (EPSG:9218, 1 mm grid)."""

    code: str
    name: str
    kind: str
    area_km2: float
    district: str
    mountainous: bool
    geom: MultiPolygon


def multi(geometry: Any) -> MultiPolygon:
    """Return a polygon or multipolygon as a multipolygon."""
    return geometry if isinstance(geometry, MultiPolygon) else MultiPolygon([geometry])


@cache
def communes() -> tuple[Commune, ...]:
    """Generate the communes inside the province outline: a coverage, ordered by code."""
    rows = read_rows("communes")
    seeds = storage_xy([r["lon"] for r in rows], [r["lat"] for r in rows])
    areas = np.array([float(r["area_km2"]) for r in rows])
    diagram = divide(outline(), seeds, areas)
    shapes = rough_coverage(
        diagram.cells, outline(), step_m=260.0, amplitude=0.085, outline_amplitude=0.06, limit_m=380.0
    )
    return tuple(
        Commune(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            area_km2=float(row["area_km2"]),
            district=row["district"],
            mountainous=row["mountainous"] == "1",
            geom=multi(shape),
        )
        for row, shape in zip(rows, shapes, strict=True)
    )


@cache
def districts() -> dict[str, MultiPolygon]:
    """Return the former districts as unions of their communes, by code."""
    codes = [row["code"] for row in read_rows("districts")]
    return {
        code: multi(shapely.unary_union([c.geom for c in communes() if c.district == code], grid_size=GRID_M))
        for code in codes
    }


@cache
def province() -> MultiPolygon:
    """Return the union of the communes."""
    return multi(shapely.unary_union([c.geom for c in communes()], grid_size=GRID_M))
