"""Do rasters become areas by class, cell for cell, and are files that are none refused in time?"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely

from layers.crs import storage_srid
from layers.errors import DatNgheError, InputRefused
from layers.intake.coverage import coverage_of_data, coverage_of_file
from layers.intake.raster import Classes, parse_breaks, raster_facts, raster_report, read_raster_file
from layers.intake.read import storage_shapes, to_rows
from layers.intake.reader_raster import codes_of
from layers.services import stage_rows
from tests.cast import Land, multi, square
from tests.layers import files
from tests.layers.make import make_layer
from tests.layers.rasters import geotiff, header_bomb

pytestmark = pytest.mark.django_db
DEM = Path(__file__).resolve().parents[3] / "shared" / "data" / "daklak" / "dem_500m.tif"


def slope_layer():
    return make_layer("slope", name_field="name", class_field="class", theme="relief")


def areas_by_class(intake) -> dict[str, float]:
    shapes = storage_shapes(intake, intake.candidates[0])
    found: dict[str, float] = {}
    for row, area in zip(intake.rows, shapely.area(shapes), strict=True):
        found[row[1]] = found.get(row[1], 0.0) + float(area)
    return found


def test_areas_of_classes_are_their_cells(land: Land, tmp_path: Path) -> None:
    values = np.random.default_rng(7).integers(0, 40, (60, 70)).astype(np.float32)
    path = geotiff(tmp_path / "doc.tif", values)
    intake = read_raster_file(path, "doc.tif", slope_layer(), Classes((8, 15, 25), "", 0))
    assert intake.question == "" and intake.candidates[0].srid == storage_srid()
    expected = dict.fromkeys(("0-8", "8-15", "15-25", "25+"), 0)
    for code, low, high in zip(expected, (-1, 8, 15, 25), (8, 15, 25, 99), strict=True):
        expected[code] = int(((values >= low) & (values < high)).sum())
    found = areas_by_class(intake)
    assert found == pytest.approx({code: cells * 10_000 for code, cells in expected.items()})
    assert [one["cells"] for one in intake.raster["classes"]] == list(expected.values())
    report = raster_report(intake, intake.candidates[0])
    assert [one["area_ha"] for one in report["classes"]] == list(expected.values())
    assert (report["breaks"], report["step"], report["unit"]) == ([8, 15, 25], [100, 100], "%")


def test_neighbours_meet_without_gap_in_another_coordinate_system(land: Land, tmp_path: Path) -> None:
    values = np.repeat(np.repeat(np.arange(48).reshape(6, 8) % 4 * 10.0, 50, axis=0), 50, axis=1)
    step = 0.001
    place = [108.35, step, 0.0, 13.02, 0.0, -step]
    path = geotiff(tmp_path / "doc.tif", values.astype(np.float32), srid=4326, place=place)
    intake = read_raster_file(path, "doc.tif", slope_layer(), Classes((8, 15, 25), "", 0))
    shapes = shapely.transform(storage_shapes(intake, intake.candidates[0]), lambda xy: np.round(xy, 3))  # the grid
    whole = coverage_of_data(intake, intake.candidates[0])
    assert whole.valid and whole.num_geom == 1
    assert float(shapely.area(shapes).sum()) == pytest.approx(whole.area, abs=0.01)  # 40 × 30 km: nothing twice
    cells_m2 = sum(one["cells"] for one in intake.raster["classes"]) * intake.raster["cell_m2"]
    assert whole.area == pytest.approx(cells_m2, rel=0.002)


def test_where_there_is_no_data_nobody_looked(land: Land, tmp_path: Path) -> None:
    values = np.full((20, 20), 5.0, dtype=np.float32)
    values[5:10, 5:10] = -9999
    values[15, 15] = np.nan
    path = geotiff(tmp_path / "doc.tif", values, nodata=-9999)
    intake = read_raster_file(path, "doc.tif", slope_layer(), Classes((8,), "", 0))
    candidate = intake.candidates[0]
    coverage = coverage_of_data(intake, candidate)
    assert coverage.area == pytest.approx((400 - 26) * 10_000)
    assert intake.raster["nodata_share"] == pytest.approx(26 / 400)
    layer = slope_layer()
    edition = stage_rows(
        layer, to_rows(intake, candidate, layer), effective_from=date(2026, 1, 1), source="x", coverage=coverage
    )
    feature = edition.features.get()
    assert (feature.class_code, feature.name, feature.attributes["to"]) == ("0-8", "0-8 %", 8)
    assert feature.area_m2 == pytest.approx(edition.coverage.area)


def test_small_specks_go_to_the_area_around_them(land: Land, tmp_path: Path) -> None:
    values = np.zeros((30, 30), dtype=np.float32)
    values[10, 10] = 50
    values[20:24, 20:24] = 50
    path = geotiff(tmp_path / "doc.tif", values)
    intake = read_raster_file(path, "doc.tif", slope_layer(), Classes((8,), "", 50_000))
    classes = {one["code"]: (one["cells_read"], one["cells"]) for one in intake.raster["classes"]}
    assert classes == {"0-8": (883, 884), "8+": (17, 16)}
    assert areas_by_class(intake)["8+"] == 160_000


def test_slope_is_computed_from_heights(land: Land, tmp_path: Path) -> None:
    heights = np.tile(np.arange(40, dtype=np.float32) * 10, (40, 1))  # 10 m in 100 m: 10 %
    path = geotiff(tmp_path / "cao.tif", heights)
    intake = read_raster_file(path, "cao.tif", slope_layer(), Classes((8, 15), "slope", 0))
    cells = {one["code"]: one["cells"] for one in intake.raster["classes"]}
    assert cells["8-15"] == 38 * 40 and cells["15+"] == 0  # the outer columns see only half of the rise
    assert intake.raster["derive"] == "slope"


def test_a_plain_is_cut_into_windows_that_stay_whole_together(land: Land, tmp_path: Path) -> None:
    values = np.zeros((300, 520), dtype=np.uint8)
    values[100:130, 200:300] = 30
    path = geotiff(tmp_path / "doc.tif", values, cell=10.0)
    intake = read_raster_file(path, "doc.tif", slope_layer(), Classes((8, 25), "", 0))
    assert len(intake.shapes) > 6
    assert sum(areas_by_class(intake).values()) == 300 * 520 * 100
    assert coverage_of_data(intake, intake.candidates[0]).area == 300 * 520 * 100


@pytest.mark.skipif(not DEM.is_file(), reason="the shared elevation raster is not here")
def test_the_heights_of_dak_lak(land: Land) -> None:
    facts = raster_facts(DEM, DEM.name)
    assert facts["degrees"] and 1_000 < facts["max"] < 3_000
    intake = read_raster_file(DEM, DEM.name, slope_layer(), Classes((8, 15, 25), "slope", 0))
    candidate = intake.candidate("4326")
    cells = sum(one["cells"] for one in intake.raster["classes"])
    hectares = sum(one["area_ha"] for one in raster_report(intake, candidate)["classes"])
    assert hectares == pytest.approx(cells * facts["cell_m2"] / 10_000, rel=0.002)
    assert cells == facts["rows"] * facts["columns"]


def refused(path: Path, name: str = "") -> str:
    with pytest.raises(DatNgheError) as problem:
        raster_facts(path, name or path.name)
    return problem.value.code


def test_hostile_rasters_are_refused_in_time(land: Land, tmp_path: Path) -> None:
    values = np.zeros((8, 8), dtype=np.float32)
    plain = geotiff(tmp_path / "a.tif", values)
    cut = tmp_path / "cut.tif"
    cut.write_bytes(plain.read_bytes()[:-100])
    vrt = tmp_path / "vrt.tif"
    vrt.write_text(
        '<VRTDataset rasterXSize="1" rasterYSize="1"><SourceFilename>/etc/passwd</SourceFilename></VRTDataset>'
    )
    empty = tmp_path / "empty.tif"
    empty.write_bytes(b"")
    junk = tmp_path / "junk.tif"
    junk.write_bytes(b"II*\x00" + bytes(range(256)) * 20)
    sides = (60_000, 4_000_000_000)
    bombs = [header_bomb(tmp_path / f"{side}.tif", side, side) for side in sides]
    claim = header_bomb(tmp_path / "claim.tif", 5_000, 5_000)  # within the limits, but nothing is behind it
    cases = {
        "FILE_EMPTY": [empty],
        "FORMAT_MISMATCH": [vrt],
        "RASTER_TOO_LARGE": bombs,
        "RASTER_CORRUPT": [cut, junk],
        "RASTER_BANDS": [geotiff(tmp_path / "rgb.tif", np.zeros((3, 8, 8), dtype=np.uint8))],
        "RASTER_NUMBERS": [geotiff(tmp_path / "complex.tif", np.zeros((8, 8), dtype=np.complex64))],
        "RASTER_COMPRESSION": [geotiff(tmp_path / "jpeg.tif", np.zeros((16, 16), dtype=np.uint8), compress="JPEG")],
        "RASTER_NO_PLACE": [geotiff(tmp_path / "nowhere.tif", values, place=[], srid=0), claim],
        "RASTER_ROTATED": [geotiff(tmp_path / "rotated.tif", values, place=[480_000, 100, 5, 1_400_000, 5, -100])],
        "RASTER_EMPTY": [geotiff(tmp_path / "nothing.tif", values, nodata=0)],
    }  # fmt: skip
    for code, paths in cases.items():
        for path in paths:
            started = time.monotonic()
            assert refused(path) in {code, "RASTER_CORRUPT" if code == "RASTER_TOO_LARGE" else code}, path.name
            assert time.monotonic() - started < 10


def test_side_files_are_not_looked_at(land: Land, tmp_path: Path) -> None:
    path = geotiff(tmp_path / "a.tif", np.ones((8, 8), dtype=np.float32))
    before = raster_facts(path, "a.tif")
    (tmp_path / "a.tif.aux.xml").write_text(
        "<PAMDataset><SRS>EPSG:3857</SRS><GeoTransform>0,1,0,0,0,-1</GeoTransform></PAMDataset>"
    )
    (tmp_path / "a.tif.ovr").write_bytes(path.read_bytes())
    assert raster_facts(path, "a.tif") == before


def test_a_raster_is_no_boundary(land: Land, tmp_path: Path) -> None:
    from layers.intake import read_vector_file

    path = geotiff(tmp_path / "a.tif", np.ones((8, 8), dtype=np.float32))
    with pytest.raises(DatNgheError) as problem:
        read_vector_file(path, "a.tif")
    assert problem.value.code == "FORMAT_UNSUPPORTED"


def test_a_raster_without_a_coordinate_system_is_asked_about(land: Land, tmp_path: Path) -> None:
    path = geotiff(tmp_path / "a.tif", np.ones((8, 8), dtype=np.float32), srid=0)
    intake = read_raster_file(path, "a.tif", slope_layer(), Classes((8,), "", 0))
    assert intake.question == "CRS_MISSING" and intake.candidates[0].srid == storage_srid()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("8; 15; 25", (8, 15, 25)), ("0,5;1;2", (0.5, 1, 2)), ("8\n15", (8, 15)), ("-5;0", (-5, 0))],
)
def test_class_limits_are_read_as_people_write_them(text: str, expected: tuple[float, ...]) -> None:
    assert parse_breaks(text) == expected


@pytest.mark.parametrize("text", ["", "a", "15; 8", "8; 8", "inf", "nan; 1", "; ".join(map(str, range(20)))])
def test_class_limits_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(InputRefused):
        parse_breaks(text)


def test_class_names_follow_the_catalogue() -> None:
    assert codes_of([8, 15, 25]) == ["0-8", "8-15", "15-25", "25+"]
    assert codes_of([0.5, 1, 2]) == ["0-0.5", "0.5-1", "1-2", "2+"]
    assert codes_of([-5, 5]) == ["<-5", "-5-5", "5+"]


def test_a_coverage_of_its_own_is_read_from_a_file(land: Land, tmp_path: Path) -> None:
    path = files.geojson(tmp_path / "pham_vi.geojson", [files.home(500), files.home(500, east=12_400)])
    coverage = coverage_of_file(path, "pham_vi.geojson")
    assert coverage.area == pytest.approx(450_000, abs=1)  # the overlap of the two counts once
    assert coverage.valid and multi(square(12_000, 5_000, 100)).within(coverage)
