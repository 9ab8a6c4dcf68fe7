"""Does the datum pipeline say what the registry and the published control point say, in every zone?"""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import LineString, Point, Polygon
from hypothesis import given
from hypothesis import strategies as st
from pyproj.transformer import TransformerGroup

from layers import crs
from layers.checks import control_points, gdal_data_found, storage_zone
from layers.errors import InputRefused


def test_published_control_point_of_dak_lak() -> None:
    x, y = crs.wgs84_to_zone(9218).transform(108.0383, 12.6667)
    assert x == pytest.approx(449656.410, abs=0.001)
    assert y == pytest.approx(1400856.185, abs=0.001)


@pytest.mark.parametrize("srid", sorted(crs.ZONES))
def test_pinned_pipeline_equals_the_registry_operation(srid: int) -> None:
    lon, lat, east, north = crs.CONTROL_POINTS[srid]
    group = TransformerGroup(4326, srid, always_xy=True, allow_ballpark=False)
    registry = [one for one in group.transformers if "VN-2000 to WGS 84 (2)" in one.description]
    assert len(registry) == 1
    assert registry[0].transform(lon, lat) == pytest.approx((east, north), abs=0.0005)
    assert crs.check_control_point(srid) < 0.001


def test_a_wrong_pipeline_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    lon, lat, east, north = crs.CONTROL_POINTS[9218]
    monkeypatch.setitem(crs.CONTROL_POINTS, 9218, (lon, lat, east + 194.7, north))
    with pytest.raises(RuntimeError, match="off by 19"):
        crs.check_control_point(9218)
    assert [message.id for message in control_points(None)] == ["layers.E002"]


def test_system_checks_pass_here(settings) -> None:
    assert control_points(None) == [] and gdal_data_found(None) == [] and storage_zone(None) == []
    settings.STORAGE_SRID = 32649
    assert [message.id for message in storage_zone(None)] == ["layers.E001"]


@pytest.mark.parametrize(
    ("srid", "label"), [(9218, "108°30′"), (9207, "104°30′"), (9208, "104°45′"), (5899, "107°45′"), (5898, "108°00′")]
)
def test_meridian_label(srid: int, label: str) -> None:
    assert crs.meridian_label(srid) == label


@given(st.floats(107.4, 109.5), st.floats(12.1, 13.7))
def test_there_and_back_stays_far_below_half_a_grid_step(lon: float, lat: float) -> None:
    x, y = crs.point_to_storage(lon, lat)
    lon2, lat2 = crs.point_to_wgs84(x, y)
    x2, y2 = crs.point_to_storage(round(lon2, 9), round(lat2, 9))
    assert abs(x2 - x) < 0.0004 and abs(y2 - y) < 0.0004


def test_geometry_keeps_kind_and_holes() -> None:
    shell = ((108.4, 12.8), (108.41, 12.8), (108.41, 12.81), (108.4, 12.81), (108.4, 12.8))
    hole = ((108.404, 12.804), (108.406, 12.804), (108.406, 12.806), (108.404, 12.806), (108.404, 12.804))
    stored = crs.to_storage(Polygon(shell, hole, srid=4326))
    assert stored.geom_type == "Polygon" and stored.srid == 9218 and stored.num_interior_rings == 1
    assert crs.to_wgs84(stored).equals_exact(Polygon(shell, hole, srid=4326), 2e-9)


def test_wrong_srid_is_refused() -> None:
    with pytest.raises(InputRefused) as refused:
        crs.to_storage(Point(450000, 1400000, srid=9218))
    assert refused.value.code == "CRS_MISMATCH"


def test_coordinates_without_a_place_are_refused() -> None:
    with pytest.raises(InputRefused) as refused:
        crs.to_storage(LineString((18.5, 91.0), (108.4, 12.8), srid=4326))
    assert refused.value.code == "COORD_RANGE"


def test_between_zones_no_datum_is_involved() -> None:
    x, y = crs.wgs84_to_zone(9217).transform(108.0383, 12.6667)
    assert x == pytest.approx(476811, abs=1)  # the wrong-zone signature
    here = crs.from_zone(Point(x, y, srid=9217), 9217)
    assert here.coords == pytest.approx(crs.wgs84_to_zone(9218).transform(108.0383, 12.6667), abs=1e-4)
