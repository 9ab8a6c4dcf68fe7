"""In which order do measured points make a boundary? Real files of points, in every order and kind of naming."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely

from layers.errors import InputRefused
from layers.intake.points import PointOrder, orders_of
from layers.intake.read import Intake, read_vector_file
from tests.cast import EAST0, NORTH0

pytestmark = pytest.mark.django_db
SQUARE = [(0, 500), (500, 500), (500, 0), (0, 0)]
Corner = tuple[float, float]


def places(corners: Sequence[Corner], east: float = 4_000) -> list[shapely.Point]:
    return [shapely.Point(EAST0 + east + x, NORTH0 + 4_000 + y) for x, y in corners]


def points_of(folder: Path, geometry: Sequence[Any], suffix: str = "shp", **columns: Sequence[Any]) -> Intake:
    """Write points with GDAL in the storage CRS and read them as the wizard does."""
    path = folder / f"diem.{suffix}"
    frame = geopandas.GeoDataFrame(columns, geometry=list(geometry), crs="EPSG:9218")
    if suffix == "gpx":
        frame.to_crs(4326).to_file(path, driver="GPX", layer="waypoints")
    else:
        frame.to_file(path)
    if suffix == "shp":
        import zipfile

        with zipfile.ZipFile(folder / "diem.zip", "w") as archive:
            for part in folder.glob("diem.*"):
                if part.suffix != ".zip":
                    archive.write(part, part.name)
        path = folder / "diem.zip"
    return read_vector_file(path, path.name, kind="point")


def best(intake: Intake) -> PointOrder:
    return orders_of(intake)[0]


def area(order: PointOrder) -> float:
    return float(shapely.area(order.intake.shapes).sum())


@pytest.mark.parametrize("suffix", ["shp", "gpkg", "gpx"])
def test_points_out_of_order_are_joined_by_their_names(tmp_path: Path, suffix: str) -> None:
    ten = [(0, 500), (250, 500), (500, 500), (500, 250), (500, 0), (400, 0), (300, 0), (200, 0), (100, 0), (0, 0)]
    written = [9, 1, 0, 5, 3, 2, 8, 4, 7, 6]
    named = {"name": [f"M{at + 1}" for at in written]}
    order = best(points_of(tmp_path, places([ten[at] for at in written]), suffix, **named))
    assert (order.column, order.block, order.rings, order.crossing) == ("name", "", 1, "")
    assert [row.name for row in order.facts.blocks[0].rows] == [f"M{number}" for number in range(1, 11)]
    if suffix != "gpx":
        assert area(order) == pytest.approx(250_000, abs=0.01)


def test_numbers_are_sorted_as_numbers_and_a_closing_point_ends_the_ring(tmp_path: Path) -> None:
    corners = [*SQUARE, SQUARE[0]]
    order = best(points_of(tmp_path, places(corners), "gpkg", so=[1.0, 2.0, 10.0, 11.0, 1.0]))
    assert (order.column, area(order)) == ("so", pytest.approx(250_000, abs=0.01))
    assert [row.name for row in order.facts.blocks[0].rows] == ["1", "2", "10", "11"]


def test_the_order_of_the_file_counts_when_nothing_is_numbered(tmp_path: Path) -> None:
    order = best(points_of(tmp_path, places(SQUARE), "gpkg", loai=["mốc"] * 4))
    assert (order.column, order.block, area(order)) == ("", "", pytest.approx(250_000, abs=0.01))


def test_orders_that_come_to_the_same_ring_are_offered_once(tmp_path: Path) -> None:
    (order,) = orders_of(points_of(tmp_path, places(SQUARE), "gpkg", stt=[1, 2, 3, 4], ten=["A", "B", "C", "D"]))
    assert order.column == "ten"


def test_an_order_that_crosses_stands_last_and_says_where(tmp_path: Path) -> None:
    wrong = [SQUARE[at] for at in (0, 2, 1, 3)]
    orders = orders_of(points_of(tmp_path, places(wrong), "gpkg", ten=["1", "3", "2", "4"]))
    assert [(one.column, bool(one.crossing)) for one in orders] == [("ten", False), ("", True)]
    assert "3" in orders[1].crossing and f"{NORTH0 + 4_250:.2f}"[:4] in orders[1].crossing.replace(".", "")


def test_points_that_only_cross_are_refused_with_sides_and_place(tmp_path: Path) -> None:
    wrong = [SQUARE[at] for at in (0, 2, 1, 3)]
    with pytest.raises(InputRefused) as refused:
        orders_of(points_of(tmp_path, places(wrong), "gpkg", ten=["1", "2", "3", "4"]))
    assert refused.value.code == "POINTS_CROSS"
    assert "1–2" in refused.value.where and "X " in refused.value.where and refused.value.todo


@pytest.mark.parametrize(
    ("columns", "block"),
    [
        ({"ten": ["A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4"]}, "*letters"),
        ({"ten": ["1", "2", "3", "4", "1", "2", "3", "4"]}, "*repeat"),
        ({"ten": ["1", "2", "3", "4", "1", "2", "3", "4"], "lo": ["I"] * 4 + ["II"] * 4}, "lo"),
    ],
    ids=["letters", "numbers that begin anew", "a column of blocks"],
)
def test_several_rings_are_told_apart(tmp_path: Path, columns: dict[str, list[str]], block: str) -> None:
    hole = [(x / 5 + 200, y / 5 + 200) for x, y in SQUARE]
    geometry = [*places(SQUARE), *places(hole)]
    orders = orders_of(points_of(tmp_path, geometry, "gpkg", **columns))
    assert (orders[0].rings, area(orders[0])) == (2, pytest.approx(240_000, abs=0.01))
    assert len(orders[0].intake.shapes) == 1, "the inner ring is left out of the outer"
    assert block in {one.block for one in orders}


def test_features_of_several_points_are_rings_of_their_own(tmp_path: Path) -> None:
    geometry = [shapely.MultiPoint(places(SQUARE)), shapely.MultiPoint(places(SQUARE, 6_000))]
    order = best(points_of(tmp_path, geometry, "gpkg", ten=["a", "b"]))
    assert (order.rings, area(order)) == (2, pytest.approx(500_000, abs=0.01))


@pytest.mark.parametrize("corners", [SQUARE[:1], SQUARE[:2], [SQUARE[0]] * 5], ids=["one", "two", "one place"])
def test_too_few_places_are_no_boundary(tmp_path: Path, corners: list[Corner]) -> None:
    with pytest.raises(InputRefused) as refused:
        orders_of(points_of(tmp_path, places(corners), "gpkg", ten=[str(at) for at in range(len(corners))]))
    assert refused.value.code == "POINTS_TOO_FEW"


def test_more_points_than_a_table_may_have_are_refused(tmp_path: Path) -> None:
    many = shapely.MultiPoint(places([(float(at), float(at % 7)) for at in range(2_001)]))
    intake = points_of(tmp_path, [many], "gpkg", ten=["a"])
    with pytest.raises(InputRefused) as refused:
        orders_of(intake)
    assert refused.value.code == "TOO_MANY_VERTICES"


def test_names_from_outside_are_only_names(tmp_path: Path) -> None:
    names = ["<b>1</b>", "../2", "'; DROP TABLE x", "=1+1"]
    orders = orders_of(points_of(tmp_path, places(SQUARE), "gpkg", ten=names))
    assert {row.name for row in orders[0].facts.blocks[0].rows} == set(names)
