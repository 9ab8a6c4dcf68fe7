"""Does the terminal print the same report? A file in, lines out, in both languages."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from layers.crs import to_wgs84
from planning.checks.models import RuleSet
from tests.cast import Land, multi, square
from tests.checks.ground import check, publish, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    path = tmp_path / "khu-dat.geojson"
    geometry = json.loads(to_wgs84(multi(square(12_000, 1_000, 500))).geojson)
    path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": geometry}), encoding="utf-8")
    return path


def printed(path: Path, **options: object) -> str:
    out = StringIO()
    call_command("check_zone", path, stdout=out, **options)
    return out.getvalue()


def test_the_report_in_vietnamese(rules: RuleSet, land: Land, drawn: Path) -> None:
    publish("forest_special", [row(square(12_400, 1_000, 500), "Rừng Thử")])
    text = printed(drawn, unit="Đông")
    assert "25,00 ha" in text
    assert "Chồng lấn rừng đặc dụng Rừng Thử 5,00 ha (20 %)." in text
    assert "EPSG:6960" in text
    assert "108°30′" in text
    assert check(square(12_000, 1_000, 500), unit_id=land.east.pk).geom_hash[:16] in text


def test_the_report_in_english(rules: RuleSet, drawn: Path) -> None:
    text = printed(drawn, language="en", live=True)
    assert "25.00 ha" in text
    assert "Verdict" in text
    assert "No parcel data" in text


def test_an_unknown_unit_is_told(rules: RuleSet, drawn: Path) -> None:
    with pytest.raises(CommandError):
        printed(drawn, unit="Nowhere")


def test_a_file_that_is_no_boundary_is_refused(rules: RuleSet, tmp_path: Path) -> None:
    path = tmp_path / "x.geojson"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(CommandError):
        printed(path)
