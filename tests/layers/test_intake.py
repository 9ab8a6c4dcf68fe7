"""Do good files land where they belong, and does the coordinate system get asked about exactly when it must?"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from django.utils import translation
from pyproj import CRS

from layers import crs
from layers.errors import DatNgheError
from layers.foreign_crs import to_storage_xy
from layers.intake import LAYER, read_vector_file, to_rows, to_zone
from layers.intake.candidates import rank
from layers.intake.crs_names import identify
from tests.cast import Land
from tests.layers import files
from tests.layers.files import home, in_crs
from tests.layers.make import make_layer

pytestmark = pytest.mark.django_db


def same_place(zone, shape, tolerance: float = 0.001) -> bool:
    got = shapely.from_wkb(bytes(zone.geom.wkb))
    return shapely.hausdorff_distance(shapely.normalize(got), shapely.normalize(shape)) <= tolerance * 1.5


PARTS = ("shp", "shx", "dbf", "prj", "cpg")
FORMATS = {
    "shapefile zip": lambda folder: files.shapefile_zip(folder, [home()]),
    "GeoPackage": lambda folder: files.gpkg(folder, [home()]),
    "GeoJSON": lambda folder: files.geojson(folder / "ranh.geojson", [home()]),
    "KML": lambda folder: files.kml(folder / "ranh.kml", [home()]),
    "KMZ": lambda folder: files.zipped(
        folder / "a.kmz", {"doc.kml": files.kml(folder / "d.kml", [home()]), "files/x.png": b"x"}
    ),
    "zip in a folder": lambda folder: files.shapefile_zip(
        folder, [home()], rename={f"ranh.{part}": f"Hồ sơ 2026/Ranh giới.{part.upper()}" for part in PARTS}
    ),
    "zip with mac leftovers": lambda folder: files.zipped(
        folder / "m.zip",
        {
            **{part.name: part for part in files.shapefile(folder / "s", [home()]).parent.iterdir()},
            **dict.fromkeys(("__MACOSX/._ranh.shp", ".DS_Store", "ranh.qpj"), b"x"),
        },
    ),
    "zipped GeoJSON": lambda folder: files.zipped(
        folder / "g.zip", {"a.geojson": files.geojson(folder / "a.geojson", [home()])}
    ),
}


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_lands_on_the_millimetre(name: str, tmp_path: Path, land: Land) -> None:
    path = FORMATS[name](tmp_path)
    intake = read_vector_file(path, path.name, declared_unit=land.east)
    assert intake.question == "" and intake.best is not None and intake.best.declared
    assert intake.best.share_in_unit == 1.0 and len(intake.sha256) == 64
    zone = to_zone(intake, intake.best)
    assert same_place(zone, home()) and zone.area_m2 == pytest.approx(250_000, abs=0.5)
    ghost = intake.ghost(intake.best)
    assert ghost is not None and ghost.srid == 9218


def test_stored_boundary_equals_the_shapefile_to_the_millimetre(tmp_path: Path, land: Land) -> None:
    shape = shapely.transform(home(), lambda xy: xy + 0.4567)
    path = files.shapefile_zip(tmp_path, [shape])
    intake = read_vector_file(path, path.name)
    zone = to_zone(intake, intake.best)
    (seen,) = files.gdal_reads(str(tmp_path / "shp" / "ranh.shp"))
    assert shapely.hausdorff_distance(shapely.from_wkb(bytes(zone.geom.wkb)), seen) <= 0.001


def points_in(srid: int) -> np.ndarray:
    return shapely.get_coordinates(in_crs(home(), srid))


@pytest.mark.parametrize("srid", [9217, 5899, 5898, 3405, 3406, 32648, 32649, 4326, 4756, 3857])
def test_other_systems_named_by_the_file(srid: int, land: Land) -> None:
    ranking = rank(points_in(srid), {"epsg": srid, "how": "code"}, land.east)
    best = ranking.candidates[0]
    assert ranking.question == "" and ranking.declared_fits and best.srid == srid and best.declared
    landed = to_storage_xy(points_in(srid), srid)
    assert np.abs(landed - shapely.get_coordinates(home())).max() < 0.01


@pytest.mark.parametrize("srid", [9218, 9217, 5899, 3405, 32648, 4326])
def test_without_a_word_the_person_is_asked_and_the_right_one_is_first(srid: int, land: Land) -> None:
    ranking = rank(points_in(srid), {"epsg": None, "how": "missing"}, land.east)
    assert ranking.question == "CRS_MISSING"
    # UTM, or degrees, on either datum lie 200 m apart: only the outline on the map can tell
    twins = {3405: {3405, 32648}, 32648: {3405, 32648}, 4326: {4326, 4756}}
    assert ranking.candidates[0].srid in twins.get(srid, {srid})
    assert next(item for item in ranking.candidates if item.srid == srid).share_in_unit == 1.0


def test_a_file_that_says_nothing_is_read_and_asked_about(tmp_path: Path, land: Land) -> None:
    path = files.shapefile_zip(tmp_path, [home()], without=(".prj",))
    intake = read_vector_file(path, path.name, declared_unit=land.east)
    assert intake.question == "CRS_MISSING" and intake.question_text and intake.question_todo
    assert intake.best.srid == 9218 and intake.candidate("9218") is intake.best
    with pytest.raises(DatNgheError):
        intake.candidate("9999")


def test_wrong_zone_is_refused_with_the_zone_that_fits(tmp_path: Path, land: Land) -> None:
    path = files.shapefile_zip(tmp_path, [home()], srid=9205)  # says 103°00′, is 108°30′
    intake = read_vector_file(path, path.name, declared_unit=land.east)
    assert intake.question == "OUTSIDE_PROVINCE"
    assert intake.best.srid == 9218 and "108°30′" in intake.best.label


def test_survey_order_of_axes_is_offered(tmp_path: Path, land: Land) -> None:
    swapped = shapely.transform(home(), lambda xy: xy[:, ::-1])
    path = files.shapefile_zip(tmp_path, [swapped])
    intake = read_vector_file(path, path.name, declared_unit=land.east)
    assert intake.question == "CRS_SUSPECT_SWAP" and intake.best.swapped and intake.best.srid == 9218
    assert same_place(to_zone(intake, intake.best), home())


def test_latitude_first_is_offered(tmp_path: Path, land: Land) -> None:
    path = files.geojson(tmp_path / "a.geojson", [home()])
    data = json.loads(path.read_text())
    ring = data["features"][0]["geometry"]["coordinates"][0]
    data["features"][0]["geometry"]["coordinates"] = [[[y, x] for x, y in ring]]
    path.write_text(json.dumps(data))
    intake = read_vector_file(path, path.name, declared_unit=land.east)
    assert intake.question == "CRS_SUSPECT_SWAP" and same_place(to_zone(intake, intake.best), home())


def test_metres_in_geojson_are_a_question(tmp_path: Path, land: Land) -> None:
    path = tmp_path / "m.geojson"
    path.write_text(shapely.to_geojson(home()))
    intake = read_vector_file(path, path.name, declared_unit=land.east)
    assert intake.question == "CRS_SUSPECT_PROJECTED" and intake.best.srid == 9218


def test_degrees_with_a_projected_prj(tmp_path: Path, land: Land) -> None:
    path = files.shapefile_zip(tmp_path, [in_crs(home(), 4326)], srid=9218)
    intake = read_vector_file(path, path.name, declared_unit=land.east)
    assert intake.question == "OUTSIDE_PROVINCE" and intake.best.srid in {4326, 4756}


@pytest.mark.parametrize(
    ("crs_member", "question"),
    [
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}, ""),
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4326"}}, ""),
        ({"type": "name", "properties": {"name": "http://127.0.0.1:1/crs"}}, "CRS_UNKNOWN"),
        ({"type": "link", "properties": {"href": "http://127.0.0.1:1/crs"}}, "CRS_UNKNOWN"),
        ("EPSG:4326", "CRS_UNKNOWN"),
    ],
)
def test_legacy_crs_member(crs_member: object, question: str, tmp_path: Path, land: Land) -> None:
    path = files.geojson(tmp_path / "a.geojson", [home()], crs=crs_member)
    assert read_vector_file(path, path.name, declared_unit=land.east).question == question


def prj(
    datum: str,
    spheroid: str = "WGS_1984",
    scale: float = 0.9999,
    name: str = "VN_2000_TM_3_108_30",
    meridian: float = 108.5,
) -> str:
    return (
        f'PROJCS["{name}",GEOGCS["GCS",DATUM["{datum}",SPHEROID["{spheroid}",6378137.0,298.257223563]],'
        'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
        f'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{meridian}],'
        f'PARAMETER["Scale_Factor",{scale}],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )


@pytest.mark.parametrize(
    ("text", "epsg", "how"),
    [
        (prj("D_VN_2000"), 9218, "code"),
        (prj("D_Vietnam_2000", name="tinh Dak Lak"), 9218, "matched"),
        (prj("D_Vietnam_2000", meridian=108.25), 9217, "matched"),
        (prj("D_WGS_1984"), 9218, "suspect_datum"),
        (prj("D_WGS_1984", name="Ban do"), 9218, "suspect_datum"),
        (prj("D_WGS_1984", scale=0.9998), None, "unknown"),
        ("rubbish", None, "unknown"),
        ("http://127.0.0.1:1/9218.wkt", None, "unknown"),
        ("EPSG:9218", 9218, "code"),
        ("EPSG:2154", None, "unknown"),
        ("", None, "missing"),
        *(
            (CRS.from_epsg(code).to_wkt("WKT1_ESRI"), code, "")
            for code in (9218, 9205, 5896, 3405, 3406, 32648, 4326, 4756)
        ),
        *((CRS.from_epsg(code).to_wkt("WKT2_2019"), code, "") for code in (9218, 3406, 32649, 4326, 3857)),
    ],
)
def test_what_a_prj_means(text: str, epsg: int | None, how: str) -> None:
    found = identify(text)
    assert found["epsg"] == epsg and (found["how"] == how if how else found["how"] in {"code", "matched"}), found


def test_a_question_of_datum_offers_both_readings(land: Land) -> None:
    ranking = rank(points_in(9218), {"epsg": 9218, "how": "suspect_datum", "name": "x"}, land.east)
    assert ranking.question == "CRS_SUSPECT_DATUM"
    first, second = ranking.candidates[:2]
    assert first.srid == 9218 and "WGS 84" in second.label
    assert np.hypot(*np.subtract(first.centre, second.centre)) == pytest.approx(225.5, abs=1)


def test_several_areas_become_one_zone_and_common_ground_counts_once(tmp_path: Path, land: Land) -> None:
    path = files.shapefile_zip(tmp_path, [home(), home(), home(500, 12_250), home(100, 14_000)])
    intake = read_vector_file(path, path.name)
    zone = to_zone(intake, intake.best)
    assert zone.area_m2 == pytest.approx(250_000 + 125_000 + 10_000, abs=0.5)
    assert {"DUPLICATE_FEATURE", "FEATURES_OVERLAP"} <= {notice.code for notice in zone.notices}
    only = to_zone(intake, intake.best, features=[3])
    assert only.area_m2 == pytest.approx(10_000, abs=0.5)


def test_several_layers_are_a_question(tmp_path: Path, land: Land) -> None:
    path = files.gpkg(tmp_path, [home()])
    files.write(path, [home(100)], driver="GPKG", layer="khac", append=True)
    with pytest.raises(DatNgheError) as refused:
        read_vector_file(path, path.name)
    assert refused.value.code == "MULTIPLE_LAYERS" and refused.value.detail["layers"] == ["lop", "khac"]
    assert to_zone(*both(read_vector_file(path, path.name, layer="khac"))).area_m2 == pytest.approx(10_000, abs=0.5)


def test_two_shapefiles_in_one_zip_are_a_question(tmp_path: Path, land: Land) -> None:
    members = {
        f"{name}.{part}": (files.shapefile(tmp_path / name, [home()])).with_suffix(f".{part}")
        for name in ("a", "b")
        for part in ("shp", "shx", "dbf", "prj")
    }
    path = files.zipped(tmp_path / "two.zip", dict(members))
    with pytest.raises(DatNgheError) as refused:
        read_vector_file(path, path.name)
    assert refused.value.code == "MULTIPLE_LAYERS" and refused.value.detail["layers"] == ["a.shp", "b.shp"]
    assert read_vector_file(path, path.name, layer="b.shp").layer


def both(intake):
    return intake, intake.best


def test_closed_lines_become_areas_with_a_notice(tmp_path: Path, land: Land) -> None:
    path = files.shapefile_zip(tmp_path, [shapely.LineString(home().exterior.coords)])
    intake = read_vector_file(path, path.name)
    assert "LINE_CLOSED_TO_POLYGON" in [notice.code for notice in intake.notices]
    assert to_zone(intake, intake.best).area_m2 == pytest.approx(250_000)


def test_heights_collections_and_missing_geometry(tmp_path: Path, land: Land) -> None:
    area = in_crs(home(), 4326)
    ring = [[x, y, 500] for x, y in area.exterior.coords]
    path = tmp_path / "a.geojson"
    path.write_text(
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {"type": "Feature", "properties": {}, "geometry": None},
                    {
                        "type": "Feature",
                        "properties": {},
                        "geometry": {
                            "type": "GeometryCollection",
                            "geometries": [
                                {"type": "Point", "coordinates": [108.3, 12.7]},
                                {"type": "Polygon", "coordinates": [ring]},
                            ],
                        },
                    },
                ],
            }
        )
    )
    intake = read_vector_file(path, path.name)
    assert {"OK_Z_DROPPED", "FEATURE_SKIPPED"} <= {notice.code for notice in intake.notices}
    zone = to_zone(intake, intake.best)
    assert same_place(zone, home())


TEXTS = ["Đắk Lắk", "Cụm công nghiệp", "Xã Ea Đar", "đất trồng lúa", "rừng phòng hộ"]
TCVN3 = ["§¾k L¾k", "Côm c«ng nghiÖp", "X· Ea §ar", "®Êt trång lóa", "rõng phßng hé"]
VNI = ["Ñaék Laék", "Cuïm coâng nghieäp", "Xaõ Ea Ñar", "ñaát troàng luùa", "röøng phoøng hoä"]


@pytest.mark.parametrize(
    ("written", "cpg", "guessed"),
    [(TCVN3, "", "TCVN3"), (TCVN3, "UTF-8", "TCVN3"), (VNI, "1252", "VNI"), (TEXTS, "", "")],
)
def test_old_code_pages(written: list[str], cpg: str, guessed: str, tmp_path: Path, land: Land) -> None:
    encoding = "UTF-8" if written is TEXTS else "CP1252"
    shp = files.shapefile(
        tmp_path / "s", [home(100, 12_000 + 200 * i) for i in range(5)], names=written, encoding=encoding
    )
    shp.with_suffix(".cpg").write_text(cpg) if cpg else shp.with_suffix(".cpg").unlink(missing_ok=True)
    dbf = bytearray(shp.with_suffix(".dbf").read_bytes())
    dbf[29] = 0  # no language byte
    shp.with_suffix(".dbf").write_bytes(bytes(dbf))
    path = files.zipped(tmp_path / "a.zip", {part.name: part for part in shp.parent.iterdir()})
    intake = read_vector_file(path, path.name)
    assert [row[0] for row in intake.rows] == TEXTS
    notice = next((item for item in intake.notices if item.code == "ENCODING_GUESSED"), None)
    assert (guessed in notice.message and "Đắk Lắk" in notice.message) if guessed else notice is None


def test_rows_of_a_layer_take_name_and_class_from_its_columns(tmp_path: Path, land: Land) -> None:
    layer = make_layer("rice", name_field="TEN", class_field="ma")
    path = files.geojson(
        tmp_path / "a.geojson",
        [home(), home(100, 14_000)],
        properties={"ten": "Ruộng", "MA": "LUC", "status": "x", "id": 7, "gia": float(3)},
    )
    intake = read_vector_file(path, path.name, limits=LAYER)
    first = next(iter(to_rows(intake, intake.best, layer, id_field="ID")))
    assert (first.name, first.class_code, first.source_id) == ("Ruộng", "LUC", "7") and first.attributes[
        "status"
    ] == "x"


def test_lines_and_points_for_layers(tmp_path: Path, land: Land) -> None:
    path = files.shapefile_zip(tmp_path, [shapely.LineString([(490_000, 1_405_000), (491_000, 1_405_000)])])
    with pytest.raises(DatNgheError) as refused:
        read_vector_file(path, path.name)
    assert refused.value.code == "GEOM_TYPE"
    assert read_vector_file(path, path.name, kind="line").kind == "line"


def test_nowhere(tmp_path: Path, land: Land) -> None:
    path = files.geojson(tmp_path / "a.geojson", [home()])
    path.write_text(shapely.to_geojson(shapely.box(0, 0, 1, 1)))
    assert (
        read_vector_file(path, path.name).question == "OUTSIDE_PROVINCE"
        or read_vector_file(path, path.name).question == "NOWHERE"
    )


def test_labels_are_words(tmp_path: Path, land: Land) -> None:
    path = files.shapefile_zip(tmp_path, [home()], without=(".prj",))
    with translation.override("en"):
        intake = read_vector_file(path, path.name)
        assert intake.best.label == "VN-2000, central meridian 108°30′, 3° zone"
        assert crs.zone_label(3405) == "VN-2000, central meridian 105°00′, 6° zone"
