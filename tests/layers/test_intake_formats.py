"""Does every other kind of file an office sends land in place: GPX, GML, FlatGeobuf, MapInfo tables, loose parts?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

from layers.errors import DatNgheError
from layers.intake import read_vector_file, to_zone
from layers.intake.parts import gather_parts
from tests.cast import Land
from tests.layers import files
from tests.layers.encoders import ENCODERS
from tests.layers.files import home, in_crs, refused
from tests.layers.test_intake import same_place

pytestmark = pytest.mark.django_db
GPX = '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'


def gpx(path: Path, *, tracks: list[list[list[tuple[float, float]]]] = (), extra: str = "") -> Path:
    """Write tracks of segments (longitude, latitude)."""
    body = "".join(
        "<trk><name>Ranh Đắk Lắk</name>"
        + "".join(
            "<trkseg>" + "".join(f'<trkpt lat="{lat:.9f}" lon="{lon:.9f}"/>' for lon, lat in part) + "</trkseg>"
            for part in track
        )
        + "</trk>"
        for track in tracks
    )
    path.write_text(f"{GPX}{extra}{body}</gpx>", encoding="utf-8")
    return path


def ring(side: float = 500) -> list[tuple[float, float]]:
    return [(x, y) for x, y in in_crs(home(side), 4326).exterior.coords]


def mapinfo(folder: Path, suffix: str, **options: object) -> dict[str, Path]:
    """Write a MapInfo table; return its parts by name."""
    folder.mkdir(parents=True, exist_ok=True)
    files.write(folder / f"ranh{suffix}", [home()], driver="MapInfo File", **options)
    return {path.name: path for path in folder.iterdir()}


def mif(folder: Path, *, charset: str = "Neutral", text: bytes = b"Khu", system: str = "") -> dict[str, Path]:
    """Write a .mif and .mid by hand."""
    folder.mkdir(parents=True, exist_ok=True)
    corners = list(home().exterior.coords)
    system = system or 'CoordSys Earth Projection 8, 104, "m", 108.5, 0, 0.9999, 500000, 0'
    points = "\n".join(f"{x!r} {y!r}" for x, y in corners)
    (folder / "ranh.mif").write_text(
        f'Version 300\nCharset "{charset}"\nDelimiter ","\n{system}\nColumns 1\n  ten Char(80)\nData\n\n'
        f"Region 1\n  {len(corners)}\n{points}\n"
    )
    (folder / "ranh.mid").write_bytes(b'"' + text + b'"\n')
    return {path.name: path for path in folder.iterdir()}


def together(parts: dict[str, Path], folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return gather_parts(parts, folder)


FORMATS: dict[str, Callable[[Path], Path]] = {
    "FlatGeobuf": lambda folder: files.write(folder / "ranh.fgb", [home()], driver="FlatGeobuf"),
    "GML 3.2": lambda folder: files.write(folder / "ranh.gml", [home()], driver="GML", FORMAT="GML3.2"),
    "GML 2": lambda folder: files.write(folder / "ranh.gml", [home()], driver="GML", FORMAT="GML2"),
    "GPX": lambda folder: gpx(folder / "ranh.gpx", tracks=[[ring()]]),
    "MapInfo TAB": lambda folder: together(mapinfo(folder / "t", ".tab"), folder / "z"),
    "MapInfo MIF": lambda folder: together(mapinfo(folder / "m", ".mif"), folder / "z"),
    "loose shapefile": lambda folder: together(loose(folder), folder / "z"),
    "TAB in a folder of a zip": lambda folder: files.zipped(
        folder / "a.zip", {f"Hồ sơ/bản đồ/{name}": path for name, path in mapinfo(folder / "t", ".tab").items()}
    ),
    "FGB in a zip": lambda folder: files.zipped(folder / "a.zip", {"x/RANH.FGB": FORMATS["FlatGeobuf"](folder)}),
    "GPX in a zip": lambda folder: files.zipped(folder / "a.zip", {"ranh.GPX": FORMATS["GPX"](folder)}),
}  # fmt: skip


def loose(folder: Path) -> dict[str, Path]:
    shp = files.shapefile(folder / "s", [home()])
    return {path.name.upper(): path for path in shp.parent.iterdir()}


@pytest.mark.parametrize("name", FORMATS)
def test_each_lands_on_the_millimetre(name: str, tmp_path: Path, land: Land) -> None:
    path = FORMATS[name](tmp_path)
    intake = read_vector_file(path, path.name, declared_unit=land.east)
    best = intake.best
    assert best is not None and best.share_in_unit == 1.0
    # GDAL stores a TAB's coordinates as whole numbers of its bounds' grid
    assert same_place(to_zone(intake, best), home(), 0.02 if "TAB" in name else 0.001)
    assert intake.isolated or intake.format


def test_loose_parts_are_one_file_the_same_every_time(tmp_path: Path) -> None:
    parts = loose(tmp_path)
    digests = set()
    for number, order in enumerate((parts, dict(reversed(parts.items())))):
        digests.add(hashlib.sha256(together(order, tmp_path / str(number)).read_bytes()).hexdigest())
    assert len(digests) == 1
    one = next(iter(parts.values()))
    assert gather_parts({"a.gpkg": one}, tmp_path) == one


def test_loose_parts_that_are_none_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 100)
    refused("FILE_EMPTY", lambda: gather_parts({}, tmp_path))
    refused("ARCHIVE_TOO_MANY", lambda: gather_parts({f"{i}.shp": path for i in range(201)}, tmp_path))
    refused("ARCHIVE_DUPLICATE", lambda: gather_parts({"a.shp": path, "x/A.SHP": path}, tmp_path))
    target = gather_parts({"../../b.shp": path, "C:\\tmp\\b.dbf": path}, tmp_path)
    assert target.parent == tmp_path and not (tmp_path.parent / "b.shp").exists()
    monkeypatch.setattr("layers.intake.limits.UPLOAD_BYTES", 150)
    assert refused("UPLOAD_TOO_LARGE", lambda: gather_parts({"a.shp": path, "b.shp": path}, tmp_path)).status == 413


ALONE = [("ranh.shp", b"\x00\x00\x27\x0a" + b"\0" * 96), ("ranh.dbf", b"\x03"), ("ranh.tab", b"!table\n"),
         ("ranh.mif", b"Version 300\n"), ("ranh.mid", b"x"), ("ranh.map", b"x")]  # fmt: skip


@pytest.mark.parametrize(("name", "data"), ALONE)
def test_one_part_alone_asks_for_the_others(name: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert refused("SHP_NEEDS_ZIP", lambda: read_vector_file(path, name)).status == 415


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    tab = mapinfo(tmp_path / "t", ".tab")
    for gone in (".map", ".id", ".dat"):
        left = {name: path for name, path in tab.items() if path.suffix != gone}
        path = together(left, tmp_path / gone)
        assert gone in refused("TAB_MISSING_PART", lambda path=path: read_vector_file(path, path.name)).message
    path = together({name: path for name, path in tab.items() if path.suffix != ".tab"}, tmp_path / "tab")
    assert ".tab" in refused("TAB_MISSING_PART", lambda: read_vector_file(path, path.name)).message


def test_a_closed_walk_is_an_area_and_says_its_gap(tmp_path: Path, land: Land) -> None:
    corners = ring()
    nearly = [*corners[:-1], (corners[0][0], corners[0][1] + 0.00005)]  # 5.5 m short
    path = gpx(tmp_path / "a.gpx", tracks=[[nearly]])
    intake = read_vector_file(path, path.name)
    notice = next(item for item in intake.notices if item.code == "TRACK_TO_POLYGON")
    assert "5,5" in notice.message and notice.confirm
    assert to_zone(intake, intake.best).area_m2 == pytest.approx(250_000, rel=0.01)


def test_a_walk_interrupted_for_some_metres_is_one_walk(tmp_path: Path, land: Land) -> None:
    corners = ring()
    path = gpx(tmp_path / "a.gpx", tracks=[[corners[:3], [corners[2], *corners[3:]]]])
    intake = read_vector_file(path, path.name)
    assert same_place(to_zone(intake, intake.best), home(), 0.002)


@pytest.mark.parametrize("segments", [lambda c: [c[:-1]], lambda c: [c[:2], c[2:]]])
def test_an_open_walk_names_the_gap(segments: Callable, tmp_path: Path, land: Land) -> None:
    path = gpx(tmp_path / "a.gpx", tracks=[segments(ring())])
    error = refused("TRACK_NOT_CLOSED", lambda: read_vector_file(path, path.name))
    assert "500" in error.message and "1" in error.where


def test_what_a_gpx_holds_is_asked_about_or_refused(tmp_path: Path, land: Land) -> None:
    waypoint = '<wpt lat="12.8" lon="108.4"><name>M1</name></wpt>'
    path = gpx(tmp_path / "a.gpx", extra=waypoint)
    refused("GEOM_TYPE", lambda: read_vector_file(path, path.name))
    assert read_vector_file(path, path.name, kind="point").rows[0][0] == "M1"
    route = "<rte>" + "".join(f'<rtept lat="{lat}" lon="{lon}"/>' for lon, lat in ring()) + "</rte>"
    path = gpx(tmp_path / "b.gpx", tracks=[[ring()]], extra=waypoint + route)
    error = refused("MULTIPLE_LAYERS", lambda: read_vector_file(path, path.name))
    assert error.detail["layers"] == ["routes", "tracks"]
    assert read_vector_file(path, path.name, layer="routes").layer == "routes"
    path = gpx(tmp_path / "c.gpx", tracks=[[ring()[:1] * 2]])
    refused("GEOM_DEGENERATE", lambda: read_vector_file(path, path.name))


TCVN3 = ENCODERS["tcvn3"]("Cụm công nghiệp Ea Đar, đất trồng lúa")
CP1258 = ENCODERS["cp1258"]("Xã Ea Kiết, hộ ông Thuận, ở ngã ba")


@pytest.mark.parametrize(
    ("charset", "written", "read", "chosen"),
    [
        ("WindowsLatin1", TCVN3, "Cụm công nghiệp Ea Đar, đất trồng lúa", "tcvn3"),
        ("Neutral", TCVN3, "Cụm công nghiệp Ea Đar, đất trồng lúa", "tcvn3"),
        ("WindowsVietnamese", CP1258, "Xã Ea Kiết, hộ ông Thuận, ở ngã ba", "cp1258"),
        ("UTF-8", "Cụm công nghiệp".encode(), "Cụm công nghiệp", "utf-8"),
        ("WindowsLatin1", "Cụm công nghiệp".encode(), "Cụm công nghiệp", "utf-8"),
    ],
)
def test_the_charset_of_a_mapinfo_table_is_not_believed_blindly(
    charset: str, written: bytes, read: str, chosen: str, tmp_path: Path, land: Land
) -> None:
    path = together(mif(tmp_path / "m", charset=charset, text=written), tmp_path / "z")
    intake = read_vector_file(path, path.name)
    assert intake.texts is not None
    assert (intake.rows[0][0], intake.texts.chosen) == (read, chosen)


def test_a_person_chooses_how_texts_are_read(tmp_path: Path, land: Land) -> None:
    path = together(mif(tmp_path / "m", text=TCVN3), tmp_path / "z")
    first = read_vector_file(path, path.name)
    assert {"tcvn3", "vni", "viscii", "cp1258", "cp1252"} == {item.key for item in first.texts.readings}
    other = read_vector_file(path, path.name, encoding="vni")
    shown = next(item.samples for item in first.texts.readings if item.key == "vni")
    assert other.rows[0][0] == shown[0] and other.texts.certain
    assert not any(notice.code == "ENCODING_GUESSED" for notice in other.notices)
    refused("ENCODING_UNKNOWN", lambda: read_vector_file(path, path.name, encoding="utf-16"))


def test_a_geopackage_with_tcvn3_texts_saved_as_unicode_is_read(tmp_path: Path, land: Land) -> None:
    path = files.gpkg(tmp_path, [home()], names=[TCVN3.decode("cp1252")])
    intake = read_vector_file(path, path.name)
    assert intake.rows[0][0] == "Cụm công nghiệp Ea Đar, đất trồng lúa"
    assert any(notice.code == "ENCODING_GUESSED" for notice in intake.notices)
    assert read_vector_file(path, path.name, encoding="utf-8").rows[0][0] == TCVN3.decode("cp1252")


@pytest.mark.parametrize(
    ("datum", "question"),
    [
        ("104", "CRS_SUSPECT_DATUM"),
        ("9999, 28, -191.90441429, -39.30318279, -111.45032835, -0.00928836, 0.01975479, -0.00427372, 0.252906278, 0",
         ""),
    ],
)  # fmt: skip
def test_a_mapinfo_system_is_vn2000_by_its_shift_only(datum: str, question: str, tmp_path: Path, land: Land) -> None:
    system = f'CoordSys Earth Projection 8, {datum}, "m", 108.5, 0, 0.9999, 500000, 0 Bounds (0, 0) (1000000, 3000000)'
    path = together(mif(tmp_path / "m", system=system), tmp_path / "z")
    intake = read_vector_file(path, path.name, declared_unit=land.east)
    assert intake.question == question and intake.best.srid == 9218


def test_a_layer_inside_a_zipped_geopackage_can_be_chosen(tmp_path: Path, land: Land) -> None:
    inside = files.gpkg(tmp_path / "g", [home()])
    files.write(inside, [home(100)], driver="GPKG", layer="khac", append=True)
    path = files.zipped(tmp_path / "a.zip", {"x/lop.gpkg": inside})
    with pytest.raises(DatNgheError) as caught:
        read_vector_file(path, path.name)
    assert caught.value.detail["layers"] == ["lop", "khac"]
    assert shapely.area(read_vector_file(path, path.name, layer="khac").shapes[0]) == pytest.approx(10_000)
