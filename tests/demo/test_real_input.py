"""Do real files go through the same loader as any layer, and does the same check answer on them? Skips where absent.

Nothing of these files is copied: they are read from the folder of real data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from django.contrib.gis.geos import Point
from django.db.models import Sum

from layers.crs import as_multi, storage_srid
from layers.grid import on_grid
from layers.intake import LAYER, read_vector_file, to_rows
from layers.models import AdminLevel, AdminUnit, Edition, Feature, FeaturePart, Layer
from layers.services import promote_edition, stage_rows
from planning.checks.basis import basis_on
from planning.checks.engine import check_report
from planning.checks.report import Report
from planning.checks.services import load_catalogue
from planning.checks.types import Outcome, Subject

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@dataclass(frozen=True)
class RealFile:
    """One file: the layer it becomes and what is known about it."""

    name: str
    layer: str
    kind: str
    features: int
    class_field: str = ""
    name_field: str = "name"
    area_km2: float | None = None


COMMUNES = RealFile("communes_2025.geojson", "communes", "polygon", 102, "type", area_km2=18_100)
DISTRICTS = RealFile("districts_pre2025_from_communes.geojson", "districts", "polygon", 15, area_km2=13_070)
ROADS = RealFile("roads_osm.geojson", "road", "line", 47, "road_class", "ref")
RIVERS = RealFile("rivers_derived.geojson", "water", "line", 219, "class")
BANDS = RealFile("elevation_bands.geojson", "relief", "polygon", 7, "band_m", "band_m", area_km2=18_075)
FILES = (COMMUNES, DISTRICTS, ROADS, RIVERS, BANDS)


def publish(folder: Path, file: RealFile) -> Edition:
    """Read, stage and promote one file, as the steward's desk does."""
    intake = read_vector_file(folder / file.name, file.name, kind=file.kind, limits=LAYER)
    best = intake.candidates[0]
    assert best.srid == 4326
    layer = Layer.objects.create(
        code=file.layer,
        name_vi=file.layer,
        name_en=file.layer,
        theme="basemap",
        geometry_kind=file.kind,
        name_field=file.name_field,
        class_field=file.class_field,
    )
    edition = stage_rows(
        layer,
        to_rows(intake, best, layer),
        effective_from=date(2025, 7, 1),
        source=file.name,
        sha256=intake.sha256,
    )
    return promote_edition(edition)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.layer)
def test_real_files_become_editions(real_data: Path, file: RealFile) -> None:
    edition = publish(real_data, file)
    print(f"{file.name}: {edition.feature_count} features, {edition.report['repair_count']} repaired")
    assert edition.feature_count == file.features
    assert edition.parts_built
    assert FeaturePart.objects.filter(edition=edition).count() >= file.features
    if file.area_km2 is not None:
        total = Feature.objects.filter(edition=edition).aggregate(total=Sum("area_m2"))["total"] / 1e6
        assert total == pytest.approx(file.area_km2, rel=0.01)


def test_vietnamese_names_survive(real_data: Path) -> None:
    edition = publish(real_data, COMMUNES)
    names = set(Feature.objects.filter(edition=edition).values_list("name", flat=True))
    assert {"Cư M'gar", "Ea H'Leo", "M'Drắk", "Dliê Ya", "Krông Pắc"} <= names


@pytest.fixture
def real_ground(real_data: Path) -> dict[str, AdminUnit]:
    """Give the real communes as units, real roads, rivers and bands as current layers, and the rules."""
    AdminLevel.objects.create(code="commune", name_vi="Xã", name_en="Commune", rank=3)
    for file in (COMMUNES, ROADS, RIVERS, BANDS):
        publish(real_data, file)
    load_catalogue()
    return {
        feature.name: AdminUnit.objects.create(
            code=feature.attributes["code"],
            name=feature.name,
            kind_name=feature.class_code,
            level_id="commune",
            valid_from=date(2025, 7, 1),
            mountainous=True,
            geom=as_multi(feature.geom),
        )
        for feature in Feature.objects.filter(edition__layer__code="communes")
    }


def outcomes(report: Report, rule: str) -> set[Outcome]:
    """Return the outcomes of one rule."""
    return {finding.outcome for finding in report.findings if finding.rule == rule}


def test_the_same_check_answers_on_real_roads_and_rivers(real_ground: dict[str, AdminUnit]) -> None:
    basis = basis_on(TODAY)
    unit = real_ground["Ea Kar"]
    road = Feature.objects.filter(edition__layer__code="road", name="QL.26", geom__intersects=unit.geom).first()
    assert road is not None
    inside = road.geom.intersection(unit.geom)
    longest = inside if inside.geom_type == "LineString" else max(inside, key=lambda line: line.length)
    middle = longest.interpolate_normalized(0.5)
    zone = as_multi(on_grid(middle.buffer(300, 1).envelope))
    report = check_report(Subject(zone=zone, kind="new_cluster", unit_id=unit.pk), basis)
    found = [finding for finding in report.findings if finding.rule == "road_corridor"]
    assert {finding.outcome for finding in found} == {Outcome.CONFLICT}
    assert any("QL.26" in finding.feature_name for finding in found)
    # a layer that nobody loaded is never clear
    assert outcomes(report, "forest_special") == {Outcome.NOT_CHECKED}


def test_a_quiet_place_is_clear_of_real_roads_and_rivers(real_ground: dict[str, AdminUnit]) -> None:
    unit = real_ground["Ea Kar"]
    obstacles = Feature.objects.filter(edition__layer__code__in=("road", "water"))
    step, (west, south, east, north) = 900.0, unit.geom.extent
    places = (
        Point(x, y, srid=storage_srid())
        for x in (west + step * i for i in range(1, int((east - west) / step)))
        for y in (south + step * j for j in range(1, int((north - south) / step)))
    )
    quiet = next(
        spot
        for spot in places
        if unit.geom.contains(spot.buffer(700)) and not obstacles.filter(geom__dwithin=(spot, 900)).exists()
    )
    zone = as_multi(on_grid(quiet.buffer(270, 1).envelope))
    report = check_report(Subject(zone=zone, kind="new_cluster", unit_id=unit.pk), basis_on(TODAY))
    assert outcomes(report, "road_corridor") == {Outcome.CLEAR}
    assert outcomes(report, "water_corridor") == {Outcome.CLEAR}
    assert outcomes(report, "unit") == {Outcome.CLEAR}
    assert outcomes(report, "size") == {Outcome.CLEAR}
