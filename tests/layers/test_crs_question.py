"""Is every plausible coordinate system tried, is the right one first, and is a person asked whenever there is doubt?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from django.utils.translation import override
from pyproj import Transformer

from layers import crs
from layers.foreign_crs import FOREIGN, LEGACY, ON_WGS84, accuracy_of, to_storage_xy
from layers.intake.candidates import Ranking, outline, rank
from layers.intake.crs_names import READABLE, identify
from layers.models import AdminUnit
from tests.cast import Land
from tests.layers.files import home, in_crs

STATED = {"how": "code", "name": "stated"}
SILENT: dict[str, Any] = {"epsg": None, "name": "", "how": "missing"}


def corners(shape: Any) -> Any:
    return shapely.get_coordinates(shape)


def asked(shape: Any, declared: dict[str, Any], unit: AdminUnit | None) -> Ranking:
    return rank(corners(shape), declared, unit)


def test_the_ghost_of_a_boundary_that_crosses_itself_keeps_both_halves(land: Land) -> None:
    e, n = 492_000.0, 1_405_000.0
    tie = shapely.polygons([(e, n), (e + 400, n + 400), (e + 400, n), (e, n + 400), (e, n)])
    best = asked(home(), STATED | {"epsg": crs.storage_srid()}, land.east).candidates[0]
    for points in (400, 2):
        ghost = outline(np.array([tie, shapely.box(e, n + 600, e + 100, n + 700)], dtype=object), best, points=points)
        assert ghost is not None and ghost.extent == (e, n, e + 400, n + 700)


# --- the pipelines ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("srid", [*crs.ZONES, crs.WGS84, crs.VN2000_GEOGRAPHIC, *FOREIGN, *LEGACY])
def test_every_system_that_is_read_by_name_can_be_placed(srid: int) -> None:
    assert srid in READABLE
    assert np.isfinite(to_storage_xy(np.array([[500_000.0, 1_400_000.0]]), srid)).all() or srid in {
        crs.WGS84, crs.VN2000_GEOGRAPHIC, *LEGACY,
    }  # fmt: skip


@pytest.mark.parametrize("srid", crs.ZONES)
def test_control_points_of_all_zones_meet_in_the_storage_zone(srid: int) -> None:
    lon, lat, east, north = crs.CONTROL_POINTS[srid]
    there = to_storage_xy(np.array([[east, north]]), srid)
    by_degrees = to_storage_xy(np.array([[lon, lat]]), crs.WGS84)
    assert np.abs(there - by_degrees).max() < 0.002


@pytest.mark.parametrize("srid", [*FOREIGN, 2044, 3148, 3149])
def test_foreign_systems_agree_with_proj_by_code(srid: int) -> None:
    to_file = Transformer.from_crs(4326, srid, always_xy=True, allow_ballpark=False)
    x, y = to_file.transform(108.0383, 12.6667)
    assert np.abs(to_storage_xy(np.array([[x, y]]), srid) - [449_656.410, 1_400_856.185]).max() < 0.01


def test_a_zone_on_the_wgs84_datum_is_225_metres_off() -> None:
    east, north = 449_851.113, 1_400_742.357  # what a proj4 text without datum shift gives at Buôn Ma Thuột
    there = to_storage_xy(np.array([[east, north]]), 9218 + ON_WGS84)
    assert there == pytest.approx(np.array([[449_656.410, 1_400_856.185]]), abs=0.01)
    assert np.hypot(*(there[0] - [east, north])) == pytest.approx(225.5, abs=0.1)


def test_millimetres_and_swapped_axes_are_undone() -> None:
    given = np.array([[1_400_856_185.0, 449_656_410.0]])
    assert to_storage_xy(given, 9218, swapped=True, scale=0.001) == pytest.approx(
        np.array([[449_656.410, 1_400_856.185]])
    )


def test_old_systems_say_how_exact_they_are() -> None:
    assert all(accuracy_of(srid) for srid in LEGACY) and not accuracy_of(9218)


# --- the question ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("srid", [9218, 9217, 5899, 3405, 3406, 4326, 4756, 32648, 32649, 3857])
def test_stated_consistent_and_in_the_unit_needs_no_confirmation(srid: int, land: Land) -> None:
    ranking = asked(in_crs(home(), srid), {**STATED, "epsg": srid}, land.east)
    assert (ranking.question, ranking.must_confirm, ranking.hint) == ("", False, "")
    assert ranking.candidates[0].srid == srid and ranking.candidates[0].share_in_unit == 1


def test_without_a_declared_unit_the_province_has_to_do(land: Land) -> None:
    assert not asked(home(), {**STATED, "epsg": 9218}, None).must_confirm


@pytest.mark.parametrize(
    ("name", "shape", "declared", "question"),
    [
        ("nothing stated", home(), SILENT, "CRS_MISSING"),
        ("unknown name", home(), {"epsg": None, "name": "local", "how": "unknown"}, "CRS_UNKNOWN"),
        ("by link", home(), identify("http://127.0.0.1:1/crs"), "CRS_UNKNOWN"),
        ("neighbouring zone, into another commune", in_crs(home(), 9217), {**STATED, "epsg": 9218}, "CRS_OUTSIDE_UNIT"),
        ("neighbouring zone", home(), {**STATED, "epsg": 9217}, "OUTSIDE_PROVINCE"),
        ("far zone", home(), {**STATED, "epsg": 9205}, "OUTSIDE_PROVINCE"),
        ("metres called degrees", home(), {**STATED, "epsg": 4326}, "CRS_SUSPECT_PROJECTED"),
        ("datum without shift", home(), {"epsg": 9218, "name": "x", "how": "suspect_datum"}, "CRS_SUSPECT_DATUM"),
        ("northing first", shapely.transform(home(), lambda xy: xy[:, ::-1]), {**STATED, "epsg": 9218},
         "CRS_SUSPECT_SWAP"),
        ("millimetres", shapely.transform(home(), lambda xy: xy * 1000), SILENT, "UNITS_SUSPECT"),
        ("millimetres, swapped", shapely.transform(home(), lambda xy: xy[:, ::-1] * 1000), SILENT, "UNITS_SUSPECT"),
    ],
)  # fmt: skip
def test_doubt_is_put_to_a_person_and_the_reading_that_fits_stands_first(
    name: str, shape: Any, declared: dict[str, Any], question: str, land: Land
) -> None:
    ranking = asked(shape, declared, land.east)
    assert (ranking.question, ranking.must_confirm) == (question, True), name
    best = ranking.candidates[0]
    assert best.share_in_unit == 1
    assert np.abs(best.to_storage(corners(shape)) - corners(home())).max() < 0.01


def test_the_hint_names_the_meridian_that_fits(land: Land) -> None:
    with override("en"):
        assert asked(home(), {**STATED, "epsg": 9217}, land.east).hint == "It fits if the zone is 108°30′."
        assert "WGS 84" in asked(in_crs(home(), 4326), {**STATED, "epsg": 9218}, land.east).hint
        assert not asked(home(), SILENT, land.east).hint


def test_where_several_meridians_fit_none_is_named(land: Land) -> None:
    middle = shapely.transform(home(), lambda xy: xy + np.array([20_000, 0]))  # far inside: a zone beside fits, too
    ranking = asked(middle, {**STATED, "epsg": 9205}, None)
    fits = [one.srid for one in ranking.candidates if one.share_in_province == 1]
    assert (ranking.question, len(fits) > 1, ranking.hint) == ("OUTSIDE_PROVINCE", True, ""), fits


def test_data_of_a_neighbouring_commune_are_confirmed_but_not_questioned(land: Land) -> None:
    ranking = asked(home(), {**STATED, "epsg": 9218}, land.west)
    assert (ranking.question, ranking.must_confirm) == ("", True)


def test_old_systems_are_always_confirmed(land: Land) -> None:
    ranking = asked(in_crs(home(), 3149), {**STATED, "epsg": 3149}, land.east)
    assert ranking.question == "" and ranking.must_confirm and ranking.candidates[0].accuracy


def test_hanoi_1972_is_recognised_by_its_prefixed_easting(land: Land) -> None:
    ranking = asked(in_crs(home(), 2044), SILENT, land.east)
    assert ranking.candidates[0].srid == 2044


def test_what_lies_nowhere_is_said_and_offers_nothing(land: Land) -> None:
    ranking = asked(shapely.box(1, 1, 2, 2), SILENT, land.east)
    assert ranking.question == "NOWHERE" and ranking.must_confirm and not ranking.candidates


def test_keys_are_unique_and_lead_back(land: Land) -> None:
    candidates = asked(home(), SILENT, land.east).candidates
    assert len({one.key for one in candidates}) == len(candidates) <= 9
