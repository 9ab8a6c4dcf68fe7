"""Do units answer by place and time, and do abolished districts lead to their communes?"""

from __future__ import annotations

from datetime import date

import pytest

from layers.queries import (
    communes_of_former,
    former_district_of,
    former_districts,
    is_within,
    share_within,
    unit_at,
    units_of,
    units_touched,
)
from tests.cast import Land, multi, point, rectangle, square


def test_unit_at_a_point_depends_on_the_day(land: Land) -> None:
    assert unit_at(point(15_000, 5_000)) == land.east
    assert unit_at(point(15_000, 5_000), "district", date(2025, 1, 1)) == land.old_district
    assert unit_at(point(15_000, 5_000), "district") is None
    assert unit_at(point(15_000, 5_000), "commune", date(2025, 1, 1)) is None
    assert unit_at(point(-900_000, 0)) is None


def test_units_of_a_level(land: Land) -> None:
    assert set(units_of("commune")) >= {land.east, land.west, land.far}
    assert land.old_district in units_of("district", date(2025, 6, 30))
    assert land.old_district in former_districts()


def test_former_district_and_its_communes(land: Land) -> None:
    assert former_district_of(land.east) == land.old_district
    assert former_district_of(land.old_district) == land.old_district
    assert former_district_of(land.province) is None
    assert set(communes_of_former(land.old_district)) == {land.east, land.west}


@pytest.mark.parametrize(
    ("east_edge", "share"), [(10_000, 1.0), (9_750, 0.5), (9_500, 0.0), (9_999.9, 0.9998), (9_000, 0.0)]
)
def test_share_within_a_unit(land: Land, east_edge: float, share: float) -> None:
    zone = multi(square(east_edge, 5_000, 500))
    assert share_within(zone, land.east) == pytest.approx(share, abs=1e-6)
    assert is_within(zone, land.east) is (share >= 0.999)


def test_units_touched_are_told_with_their_shares(land: Land) -> None:
    zone = multi(rectangle(9_600, 5_000, 500, 100))
    assert [(unit, round(share, 4)) for unit, share in units_touched(zone)] == [(land.west, 0.8), (land.east, 0.2)]
