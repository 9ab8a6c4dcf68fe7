"""Do real units get in by command, without a demo, and find what went before them?"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from layers.crs import to_wgs84
from layers.models import AdminSuccession, AdminUnit
from layers.queries import communes_of_former, former_district_of
from tests.cast import multi, square

pytestmark = pytest.mark.django_db


def write(path: Path, units: list[tuple[str, str, Any]]) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": name, "km2": 1.234},
            "geometry": json.loads(to_wgs84(geom).geojson),
        }
        for code, name, geom in units
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return str(path)


def load(*arguments: str) -> str:
    out = io.StringIO()
    call_command("load_units", *arguments, stdout=out)
    return out.getvalue()


def test_province_districts_and_communes_come_in_and_are_linked(tmp_path: Path) -> None:
    whole, left, right = square(0, 0, 4000), square(0, 0, 2000), square(2000, 0, 2000)
    load(
        write(tmp_path / "p.geojson", [("66", "Đắk Lắk", multi(whole))]), "--level=province", "--valid-from=2004-01-01"
    )
    districts = write(tmp_path / "d.geojson", [("647", "Ea Kar", multi(left)), ("650", "M'Đrắk", multi(right))])
    load(
        districts, "--level=district", "--valid-from=2004-01-01", "--valid-to=2025-06-30", "--parent=66", "--kind=Huyện"
    )
    file = write(tmp_path / "c.geojson", [("24373", "Ea Kar", multi(left)), ("24400", "M'Đrắk", multi(right))])
    commune = (file, "--level=commune", "--valid-from=2025-07-01", "--parent=66", "--kind=Xã", "--area-field=km2")
    assert "2 units new, 0 refreshed, 2 successions" in load(*commune)
    ea_kar = AdminUnit.objects.get(level="commune", code="24373")
    before = former_district_of(ea_kar)
    assert ea_kar.full_name == "Xã Ea Kar" and str(ea_kar.official_area_km2) == "1.23"
    assert before is not None and before.full_name == "Huyện Ea Kar" and before.parent == ea_kar.parent
    assert list(communes_of_former(before)) == [ea_kar]
    assert "0 units new, 2 refreshed, 2 successions" in load(*commune)
    assert AdminSuccession.objects.count() == 2


def test_a_repeated_code_an_unknown_level_and_a_missing_column_load_nothing(tmp_path: Path) -> None:
    twice = write(
        tmp_path / "t.geojson", [("1", "A", multi(square(0, 0, 500))), ("1", "B", multi(square(900, 0, 500)))]
    )
    for more in (("--level=commune",), ("--level=parish",), ("--level=commune", "--kind-field=kind")):
        with pytest.raises(CommandError):
            load(twice, "--valid-from=2025-07-01", *more)
    assert not AdminUnit.objects.exists()
