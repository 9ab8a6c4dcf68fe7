"""Rows 24 and 42–58, 63: coordinates that are swapped, in the wrong zone, in no zone, or nowhere near."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import CRS

from layers.errors import DatNgheError
from layers.intake.candidates import CrsCandidate
from layers.intake.read import Intake, to_zone
from layers.intake.verdicts import verdicts
from tests.layers import files
from tests.layers.catalogue.harness import Answer, Case, Make
from tests.layers.files import home, in_crs
from tests.layers.test_intake import prj

AREA = 250_000


def shp(shape: Any = None, **options: Any) -> Make:
    """Zip a shapefile; *prj* replaces what it says of its coordinates."""
    text = options.pop("prj", None)

    def make(folder: Path) -> Path:
        made = files.shapefile(folder / "s", [home() if shape is None else shape], **options)
        if text is not None:
            made.with_suffix(".prj").write_text(text)
        return files.zipped(folder / "ranh.zip", {part.name: part for part in sorted(made.parent.iterdir())})

    return make


def geojson(*shapes: Any, crs: Any = None, raw: bool = False) -> Make:
    """Write a GeoJSON; *raw*: the coordinates as they are, not in WGS 84."""

    def make(folder: Path) -> Path:
        path = folder / "ranh.geojson"
        if not raw:
            return files.geojson(path, list(shapes), crs=crs)
        rows = [{"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(s))} for s in shapes]
        path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
        return path

    return make


def swapped(shape: Any) -> Any:
    """Swap the axes."""
    return shapely.transform(shape, lambda xy: xy[:, ::-1])


def moved(shape: Any, east: float, north: float = 0.0) -> Any:
    """Move a shape."""
    return shapely.transform(shape, lambda xy: np.add(xy, (east, north)))


def times(shape: Any, factor: float) -> Any:
    """Scale coordinates."""
    return shapely.transform(shape, lambda xy: np.multiply(xy, factor))


def degrees(shape: Any) -> Any:
    """Convert to longitude and latitude."""
    return in_crs(shape, 4326)


def named(name: str) -> dict[str, Any]:
    """Return a legacy member ``crs``."""
    return {"type": "name", "properties": {"name": name}}


def ask(row: int, name: str, make: Make, code: str, **more: Any) -> Case:
    """Shorten a question."""
    return Case(row, name, make, "ask", (code,), **more)


CASES = [
    ask(24, "shapefile without .prj", shp(srid=0), "CRS_MISSING"),
    ask(24, "empty .prj", shp(prj=""), "CRS_MISSING"),
    ask(42, "latitude first", geojson(swapped(degrees(home())), raw=True), "CRS_SUSPECT_SWAP"),
    ask(43, "northing first", shp(swapped(home())), "CRS_SUSPECT_SWAP"),
    ask(44, "metres in GeoJSON", geojson(home(), raw=True), "CRS_SUSPECT_PROJECTED"),
    ask(44, "metres, and the .prj says WGS 84", shp(srid=4326), "CRS_SUSPECT_PROJECTED"),
    ask(45, "degrees, and the .prj says VN-2000", shp(degrees(home())), "OUTSIDE_PROVINCE"),
    ask(46, "zone 103°00′ said, 108°30′ meant", shp(srid=9205), "OUTSIDE_PROVINCE", says="108°30′"),
    Case(47, "legacy member with an EPSG code", geojson(home(), crs=named("urn:ogc:def:crs:EPSG::4326")), "accept",
         ("OK_LEGACY_CRS",), area_m2=AREA),
    ask(48, "crs is a link", geojson(home(), crs={"type": "link", "properties": {"href": "http://127.0.0.1:9/c"}}),
        "CRS_UNKNOWN"),
    ask(48, "crs is an address", geojson(home(), crs=named("http://127.0.0.1:9/9218")), "CRS_UNKNOWN"),
    ask(48, ".prj is an address", shp(prj="http://127.0.0.1:9/9218.wkt"), "CRS_UNKNOWN"),
    ask(49, ".prj that is no definition", shp(prj="tỉnh Đắk Lắk"), "CRS_UNKNOWN"),
    ask(49, ".prj cut off", shp(prj=CRS.from_epsg(9218).to_wkt("WKT1_ESRI")[:80]), "CRS_UNKNOWN"),
    Case(50, "custom projection named otherwise", shp(prj=prj("D_Vietnam_2000", name="tinh Dak Lak")), "accept",
         ("OK_CRS_MATCHED",), area_m2=AREA),
    ask(51, "VN-2000 meridian on the WGS 84 datum", shp(prj=prj("D_WGS_1984")), "CRS_SUSPECT_DATUM", says="225"),
    *(Case(52, name, shp(in_crs(home(), srid), srid=srid), "accept", area_m2=AREA) for name, srid in [
        ("zone 107°45′", 5899), ("zone 108°15′", 9217), ("UTM 48N on VN-2000", 3405), ("UTM 48N", 32648),
        ("UTM 49N", 32649), ("Web Mercator", 3857), ("degrees on VN-2000", 4756)]),
    ask(53, "millimetres", shp(times(home(), 1000)), "UNITS_SUSPECT", says="mi-li-mét"),
    ask(54, "in the sea at 0,0", geojson(shapely.box(0, 0, 0.1, 0.1), raw=True), "OUTSIDE_PROVINCE"),
    ask(54, "at the antimeridian", geojson(shapely.box(179.9, 10, 180, 10.1), raw=True), "OUTSIDE_PROVINCE"),
    ask(54, "at the pole", geojson(shapely.box(100, 89.9, 101, 90), raw=True), "OUTSIDE_PROVINCE"),
    Case(54, "far above the earth", geojson(times(home(), 1e7), raw=True), "reject", ("COORD_RANGE",)),
    Case(58, "longitude a turn too far", geojson(moved(degrees(home()), 360), raw=True), "reject", ("COORD_RANGE",)),
    Case(58, "longitude a turn too little", geojson(moved(degrees(home()), -360), raw=True), "reject",
         ("COORD_RANGE",)),
    Case(63, "second feature in metres", geojson(degrees(home()), home(), raw=True), "reject",
         ("CRS_SUSPECT_PROJECTED",), says="2"),
]  # fmt: skip
# The reading that is right, for the questions that can be answered: it must be offered, and land to the millimetre.
RIGHT = {24: 9218, 42: 4326, 43: 9218, 44: 9218, 45: 4326, 46: 9218, 48: 4326, 49: 9218, 51: 9218, 53: 9218}


def refused_everywhere(intake: Intake, candidate: CrsCandidate) -> list[str]:
    """Return why each feature is refused as this candidate reads it; a taken one is "" and fails the test."""
    try:
        found = verdicts(intake, candidate)
    except DatNgheError as refused:
        return [refused.code]
    return [item.refused.code if item.refused is not None and item.outcome == "refused" else "" for item in found]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_coordinate_systems(case: Case, judged: Callable[[Case], Answer]) -> None:
    answer = judged(case)
    if case.row == 54 and answer.intake is not None:  # no reading leads to land, so there is nothing to confirm
        assert all(one.share_in_province == 0 for one in answer.intake.candidates)
        said = [item for one in answer.intake.candidates for item in refused_everywhere(answer.intake, one)]
        assert set(said) <= {"OUTSIDE_PROVINCE", "COORD_RANGE"}
    srid = RIGHT.get(case.row)
    if srid is None or answer.intake is None:
        return
    if case.name.startswith(".prj is") or case.row == 49:
        srid = 9218
    right = next(one for one in answer.intake.candidates if one.srid == srid and one.share_in_unit == 1.0)
    zone = to_zone(answer.intake, right)
    kept = shapely.from_wkb(bytes(zone.geom.wkb))
    assert shapely.hausdorff_distance(shapely.normalize(kept), shapely.normalize(home())) <= 0.002
    if case.row != 51:
        assert answer.intake.best is not None and answer.intake.best.share_in_unit == 1.0


LEGACY = [
    pytest.param(3148, "r052 Indian 1960 in zone 48", id="r052 Indian 1960"),
    pytest.param(3149, "r052 Indian 1960 in zone 49", id="r052 Indian 1960, zone 49"),
]


@pytest.mark.parametrize(("srid", "name"), LEGACY)
def test_legacy_systems_show_their_accuracy(srid: int, name: str, judged: Callable[[Case], Answer]) -> None:
    answer = judged(Case(52, name, shp(in_crs(home(), srid), srid=srid), "accept", ("OK_CRS_LEGACY",), says="m"))
    assert answer.intake is not None and answer.intake.best is not None and answer.intake.best.accuracy
