"""Do the generated communes form a coverage with the printed areas, and do they resemble the real ones?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from project.demo.figures_reader import read_rows
from project.demo.frame import storage_xy
from project.demo.units import communes, districts, province

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "daklak" / "communes_2025.geojson"


def test_there_are_102_communes_in_24_former_districts() -> None:
    kinds = [commune.kind for commune in communes()]
    assert (kinds.count("Xã"), kinds.count("Phường")) == (88, 14)
    assert len(districts()) == 24
    assert len(read_rows("outline")) > 300


def test_the_communes_are_a_coverage_on_the_grid() -> None:
    shapes = np.array([commune.geom for commune in communes()], dtype=object)
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    assert abs(province().area - shapely.area(shapes).sum()) < 1.0
    assert len(province().geoms) == 1
    assert not province().geoms[0].interiors
    coordinates = shapely.get_coordinates(shapes)
    assert np.abs(coordinates * 1000 - np.round(coordinates * 1000)).max() < 1e-3


def test_areas_follow_the_printed_ones() -> None:
    errors = np.array([abs(c.geom.area / 1e6 / c.area_km2 - 1) for c in communes()])
    print(f"area error: median {np.median(errors):.1%}, largest {errors.max():.1%}")
    assert np.median(errors) < 0.05
    assert errors.max() < 0.15


def test_the_same_seed_gives_the_same_bytes() -> None:
    first = [commune.geom.wkb for commune in communes()]
    communes.cache_clear()
    assert [commune.geom.wkb for commune in communes()] == first


def _neighbours(shapes: list[Any]) -> set[tuple[int, int]]:
    """Pairs that share more than about 1.5 km of border."""
    tree, pairs = shapely.STRtree(shapes), set()
    for one, shape in enumerate(shapes):
        wide = shapely.buffer(shape, 50)
        for other in tree.query(wide):
            if other > one and shapely.intersection(wide, shapes[other]).area / 50 > 1500:
                pairs.add((one, int(other)))
    return pairs


def test_they_resemble_the_real_communes() -> None:
    if not REAL.exists():
        pytest.skip("the folder with real boundaries is absent: nothing to compare the generated communes with")
    real = {}
    for feature in json.loads(REAL.read_text(encoding="utf-8"))["features"]:
        geometry = shapely.from_geojson(json.dumps(feature["geometry"]))
        moved = shapely.transform(geometry, lambda xy: storage_xy(xy[:, 0], xy[:, 1]))
        real[feature["properties"]["code"]] = shapely.make_valid(moved)
    made = [commune.geom for commune in communes()]
    true = [real[commune.code] for commune in communes()]
    iou = np.array(
        [shapely.intersection(a, b).area / shapely.union(a, b).area for a, b in zip(made, true, strict=True)]
    )
    mine, theirs = _neighbours(made), _neighbours(true)
    print(
        f"IoU median {np.median(iou):.3f}, mean {iou.mean():.3f}, lowest {iou.min():.2f}; "
        f"neighbours: {len(mine & theirs)} of {len(theirs)} real pairs found, {len(mine - theirs)} false"
    )
    assert np.median(iou) >= 0.6
    assert len(mine & theirs) / len(theirs) >= 0.8
    assert len(mine & theirs) / len(mine) >= 0.8
