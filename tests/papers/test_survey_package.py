"""Does the survey package equal what is stored, to 1 mm, in every file, for every program?"""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pyogrio
import pytest
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.utils import timezone

from layers.crs import operation_name
from layers.grid import geometry_hash, on_grid
from mapping.papers.survey_package import SurveyPackage, survey_package
from planning.proposals.models import LandUse, Need, Proposal, ProposalKind, ZonePart, ZoneVersion
from tests.cast import Cast, Land, multi, rectangle, square

SRID = 9218


def make_version(land: Land, cast: Cast, geom: MultiPolygon, *, name: str = "CCN Ea Đar – đợt 2") -> ZoneVersion:
    need = Need.objects.create(unit=land.west, created_by=cast.planner, statement="Di dời cơ sở làng nghề")
    proposal = Proposal.objects.create(
        code="CCN-2026-007",
        kind=ProposalKind.NEW_CLUSTER,
        need=need,
        name=name,
        unit=land.west,
        created_by=cast.planner,
    )
    gridded = on_grid(geom)
    version = ZoneVersion.objects.create(
        proposal=proposal,
        number=1,
        geom=gridded,
        geom_hash=geometry_hash(gridded),
        area_m2=gridded.area,
        author=cast.planner,
        at=timezone.now(),
    )
    for number, (use, part) in enumerate(
        [
            (LandUse.FACTORY, rectangle(0.1234, 0.5678, 250, 500)),
            (LandUse.GREEN, rectangle(250.1234, 0.5678, 250, 500)),
        ],
        1,
    ):
        ZonePart.objects.create(version=version, number=number, use=use, geom=on_grid(part), area_m2=part.area)
    return version


@pytest.fixture
def version(land: Land, cast: Cast) -> ZoneVersion:
    hole = square(100.1111, 100.2222, 50).exterior_ring
    with_hole = Polygon(square(0.1234, 0.5678, 500).exterior_ring, hole, srid=SRID)
    return make_version(land, cast, multi(with_hole, square(900.5, 0.25, 100)))


@pytest.fixture
def package(version: ZoneVersion) -> SurveyPackage:
    return survey_package(version)


@pytest.fixture
def folder(package: SurveyPackage, tmp_path: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(package.content)) as archive:
        archive.extractall(tmp_path)
    return tmp_path / "ccn-2026-007"


def largest_gap(one: GEOSGeometry, other: GEOSGeometry) -> float:
    """Return the largest distance between corresponding vertices, metres."""
    pairs = zip(sorted(set(_vertices(one))), sorted(set(_vertices(other))), strict=True)
    return max(((x1 - x2) ** 2 + (y1 - y2) ** 2) ** 0.5 for (x1, y1), (x2, y2) in pairs)


def _vertices(geom: GEOSGeometry) -> list[tuple[float, float]]:
    return [(x, y) for polygon in geom for ring in polygon for x, y, *_ in ring.coords]


@pytest.mark.parametrize("where", ["shapefile/ranh_gioi.shp", "ccn-2026-007.gpkg"])
def test_the_boundary_reopened_by_gdal_equals_the_stored_one_to_a_millimetre(
    version: ZoneVersion, folder: Path, where: str
) -> None:
    meta, _fids, wkb, _columns = pyogrio.raw.read(folder / where, layer="ranh_gioi")
    read = GEOSGeometry(memoryview(bytes(wkb[0])), srid=SRID)
    assert largest_gap(read, version.geom) <= 0.001
    assert geometry_hash(on_grid(read)) == version.geom_hash
    assert meta["crs"] == "EPSG:9218"


def test_ogrinfo_reads_it_too(folder: Path) -> None:
    if shutil.which("ogrinfo") is None:
        pytest.skip("ogrinfo is not installed on this machine")
    run = subprocess.run(
        ["ogrinfo", "-al", "-so", str(folder / "shapefile" / "ranh_gioi.shp")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Feature Count: 1" in run.stdout
    assert "VN-2000" in run.stdout.replace("VN_2000", "VN-2000")
    assert "480000.123" in run.stdout


def test_field_names_are_ascii_and_at_most_ten_characters(folder: Path) -> None:
    for path in (folder / "shapefile").glob("*.shp"):
        for name in pyogrio.read_info(path)["fields"]:
            assert name.isascii()
            assert len(name) <= 10


def test_text_keeps_its_diacritics(folder: Path) -> None:
    assert (folder / "shapefile" / "ranh_gioi.cpg").read_text() == "UTF-8"
    meta, _fids, _wkb, columns = pyogrio.raw.read(folder / "shapefile" / "ranh_gioi.shp")
    assert columns[list(meta["fields"]).index("ten")][0] == "CCN Ea Đar – đợt 2"


def test_the_projection_file_names_the_datum(folder: Path) -> None:
    prj = (folder / "shapefile" / "ranh_gioi.prj").read_text()
    assert "Transverse_Mercator" in prj
    assert "108.5" in prj
    assert "500000" in prj


def test_every_file_is_in_the_manifest_with_its_hash(version: ZoneVersion, folder: Path) -> None:
    lines = (folder / "MANIFEST.sha256").read_text().splitlines()
    assert f"# geometry SHA-256 {version.geom_hash}" in lines
    listed = dict(reversed(line.split("  ", 1)) for line in lines if not line.startswith("#"))
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    files.pop("MANIFEST.sha256")
    assert set(listed) == set(files)
    assert all(listed[name] == hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items())


def test_the_corner_tables_agree_with_the_stored_boundary(version: ZoneVersion, folder: Path) -> None:
    with (folder / "bang_toa_do.csv").open(encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    stored = {(round(x, 3), round(y, 3)) for x, y in _vertices(version.geom)}
    assert {(float(row["Y (m)"]), float(row["X (m)"])) for row in rows} == stored
    sheet = openpyxl.load_workbook(folder / "bang_toa_do.xlsx").active
    numbers = {
        (row[2], row[1])
        for row in sheet.iter_rows(values_only=True)
        if isinstance(row[1], float) and row[0] is not None
    }
    assert numbers == stored
    text = " ".join(str(value) for row in sheet.iter_rows(max_row=4, values_only=True) for value in row if value)
    assert "108°30′" in text


def test_the_readme_names_system_and_operation(folder: Path) -> None:
    for name in ("DOC_TRUOC.txt", "README.txt"):
        text = (folder / name).read_text(encoding="utf-8-sig")
        assert "EPSG:9218" in text
        assert operation_name() in text
        assert "108°30′" in text


def test_each_readme_writes_the_area_in_its_own_language(folder: Path) -> None:
    """25 ha less a hole of 0.25 ha, and another hectare."""
    vietnamese = (folder / "DOC_TRUOC.txt").read_text(encoding="utf-8-sig").replace("\u00a0", " ")
    english = (folder / "README.txt").read_text(encoding="utf-8-sig").replace("\u00a0", " ")
    assert "25,75 ha" in vietnamese
    assert "25.75 ha" in english


def test_the_geopackage_carries_a_style_for_every_layer(folder: Path) -> None:
    names, qml = pyogrio.raw.read(
        folder / "ccn-2026-007.gpkg", layer="layer_styles", columns=["f_table_name", "styleQML"]
    )[3]
    assert set(names) == {"ranh_gioi", "khu_chuc_nang", "diem_goc"}
    assert all("<qgis" in text for text in qml)


def test_the_same_version_gives_the_same_bytes(version: ZoneVersion, package: SurveyPackage) -> None:
    again = survey_package(ZoneVersion.objects.get(pk=version.pk))
    assert again.sha256 == package.sha256


def test_a_name_that_looks_like_a_formula_stays_text(land: Land, cast: Cast, tmp_path: Path) -> None:
    version = make_version(land, cast, multi(square(0, 0, 500)), name='=HYPERLINK("x")')
    with zipfile.ZipFile(io.BytesIO(survey_package(version).content)) as archive:
        archive.extract("ccn-2026-007/bang_toa_do.xlsx", tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "ccn-2026-007" / "bang_toa_do.xlsx").active
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
