"""Does only what was chosen leave, by an outline drawn on the map, and in the zone that was chosen?"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pyogrio
import pytest
import shapely

from layers.crs import point_to_wgs84, zone_choices, zone_to_zone
from layers.errors import InputRefused
from mapping.papers.export import stream
from mapping.papers.export.query import MOST_CORNERS
from tests.papers.export.lists import COLUMNS, areas, mixed, plain, points
from tests.papers.export.test_stream import saved

pytestmark = pytest.mark.django_db
# Corners (easting, northing) around the near square of the lists, not around the one 90 km away.
NEAR = ((479_000, 1_399_000), (482_000, 1_399_000), (481_000, 1_402_000))


def drawn(corners: tuple[tuple[float, float], ...] = NEAR) -> str:
    degrees = (point_to_wgs84(x, y) for x, y in corners)
    return "_".join(f"{lon:.5f}_{lat:.5f}" for lon, lat in degrees)


def count(asked: dict[str, str]) -> int:
    with stream(areas().narrowed(asked), COLUMNS, "csv", name="x") as export:
        return export.rows


def test_what_touches_the_drawn_outline_leaves() -> None:
    assert count({"area": drawn()}) == 1
    assert count({"area": drawn(NEAR[::-1])}) == 1, "the way round does not matter"
    beside = tuple((x, y + 10_000) for x, y in NEAR)
    assert count({"area": drawn(beside)}) == 0
    corner_cut = ((479_990, 1_399_990), (480_010, 1_399_990), (480_010, 1_400_010))
    assert count({"area": drawn(corner_cut)}) == 1, "a corner inside is enough"


def test_a_dent_of_the_outline_is_no_part_of_it() -> None:
    dented = ((479_000, 1_399_000), (479_500, 1_401_000), (479_000, 1_403_000), (478_000, 1_401_000))
    assert count({"area": drawn(dented)}) == 0, "the box around it would hold the square"


def test_outline_map_and_ticks_narrow_together() -> None:
    assert count({"area": drawn(), "ids": "2,3"}) == 0
    assert count({"area": drawn(), "bbox": "108.31,12.6,108.33,12.7", "ids": "1"}) == 1
    with stream(plain().narrowed({"area": "1", "srid": "9217"}), COLUMNS, "csv", name="x") as export:
        assert export.rows == 3, "a list without places has nothing to narrow"


@pytest.mark.parametrize(
    "area",
    [
        "108_12_109_12", "108_12_109_12_108", "108_12_108_12_108_12", "a_b_c_d_e_f", "nan_12_109_12_109_13",
        "1e400_12_109_12_109_13", "108_95_109_12_109_13", "108_12_109_13_109_12_108_13", "108_12_109_12_110_12",
        "10°_12_109_12_109_13", "_".join(f"108.{n:03}_12.{n * n % 997:03}" for n in range(MOST_CORNERS + 1)),
    ],
)  # fmt: skip
def test_an_outline_that_makes_no_sense_is_refused(area: str) -> None:
    with pytest.raises(InputRefused) as refused:
        areas().narrowed({"area": area})
    assert refused.value.code == "EXPORT_SELECTION"
    assert refused.value.todo


@pytest.mark.parametrize("kind", ["gpkg", "shp"])
def test_map_files_come_in_the_zone_that_was_chosen(tmp_path: Path, kind: str) -> None:
    path = saved(tmp_path, areas().narrowed({"srid": "9217"}), kind)
    frame = pyogrio.read_dataframe(path if kind == "gpkg" else f"/vsizip/{path}/thu_nghiem.shp")
    assert "108.25" in frame.crs.to_wkt(), "names of zones differ between readers; the meridian does not"
    x, y = zone_to_zone(9218, 9217).transform(480000.123, 1400000.456)
    found = shapely.get_coordinates(frame.geometry[0])
    assert min(abs(found - (x, y)).max(axis=1)) < 1e-6
    assert frame.geometry[2] is None
    if kind == "shp":
        with zipfile.ZipFile(path) as archive:
            assert "EPSG:9217" in archive.read("DOC_TOI.txt").decode()


@pytest.mark.parametrize("srid", zone_choices())
def test_every_zone_of_the_list_can_be_had(tmp_path: Path, srid: int) -> None:
    path = saved(tmp_path, points().narrowed({"srid": str(srid)}), "gpkg")
    assert pyogrio.read_info(path)["crs"] == f"EPSG:{srid}"


def test_several_kinds_of_places_move_together(tmp_path: Path) -> None:
    path = saved(tmp_path, mixed().narrowed({"srid": "5898"}), "gpkg")
    point = pyogrio.read_dataframe(path, layer="thu_nghiem_diem").geometry[0]
    area = pyogrio.read_dataframe(path, layer="thu_nghiem_vung").geometry[0]
    assert area.distance(point) < 1e-6, "the point is a corner of the area"


@pytest.mark.parametrize("srid", ["4326", "9219", "x", "-9217", "٩٢١٧", "9" * 30, "9217;"])
def test_a_system_that_is_no_zone_is_refused(srid: str) -> None:
    with pytest.raises(InputRefused) as refused:
        areas().narrowed({"srid": srid})
    assert refused.value.code == "CRS_UNKNOWN"
