"""Does a real QGIS open every file of the package, at the right place, with its style and Vietnamese text?

Debian's python3-qgis does the opening, in a process of its own: it brings its own GDAL. `script/test` installs it;
where continuous integration lacks it the test fails, on another machine it is skipped and says so.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from django.contrib.gis.geos import Polygon

from mapping.papers.survey.choice import Content, PackageChoice
from tests.cast import Cast, Land, multi, square
from tests.papers.survey_folder import unpacked
from tests.papers.test_survey_package import make_version

SYSTEM_PYTHON = "/usr/bin/python3"
GIS = frozenset({Content.SHAPEFILE, Content.GEOPACKAGE, Content.DXF, Content.KML, Content.GPX})
PROGRAM = """
import json, os, sys
from qgis.core import Qgis, QgsApplication, QgsRectangle, QgsVectorLayer
QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
answer = {"version": Qgis.QGIS_VERSION, "layers": {}}
for name, source in json.loads(sys.argv[1]).items():
    layer = QgsVectorLayer(source, name, "ogr")
    rows = list(layer.getFeatures()) if layer.isValid() else []
    box = QgsRectangle()
    box.setMinimal()
    for row in rows:
        if layer.fields().indexOf("Layer") < 0 or row["Layer"] == "RANH_GIOI":  # a drawing has labels outside too
            box.combineExtentWith(row.geometry().boundingBox())
    symbol = layer.renderer().symbol() if layer.isValid() and hasattr(layer.renderer(), "symbol") else None
    answer["layers"][name] = {
        "valid": layer.isValid(), "rows": len(rows), "crs": layer.crs().authid(),
        "box": [box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()],
        "symbol": symbol.symbolLayer(0).properties() if symbol else {},
        "first": [str(value) for value in rows[0].attributes()] if rows else [],
    }
print(json.dumps(answer), flush=True)
os._exit(0)  # QGIS 3.22 now and then falls over its own feet when it tidies up
"""


def qgis(sources: dict[str, str]) -> dict[str, object]:
    """Open *sources* in QGIS without a window and return what it says."""
    if subprocess.run([SYSTEM_PYTHON, "-c", "import qgis.core"], capture_output=True, check=False).returncode:
        if os.environ.get("CI"):
            pytest.fail("python3-qgis is not installed: script/test installs it")
        pytest.skip("python3-qgis is not installed on this machine")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GDAL", "PROJ", "PYTHON"))}
    run = subprocess.run(
        [SYSTEM_PYTHON, "-c", PROGRAM, json.dumps(sources)],
        env=environment | {"QT_QPA_PLATFORM": "offscreen", "HOME": "/tmp"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.stdout, run.stderr
    return dict(json.loads(run.stdout.splitlines()[-1]))


def test_qgis_opens_every_file_in_its_place(land: Land, cast: Cast, tmp_path: Path) -> None:
    hole = square(100.1111, 100.2222, 50).exterior_ring
    with_hole = Polygon(square(0.1234, 0.5678, 500).exterior_ring, hole, srid=9218)
    version = make_version(land, cast, multi(with_hole, square(900.5, 0.25, 100)))
    folder = unpacked(version, tmp_path, PackageChoice(GIS))
    sources = {
        "shp": f"{folder}/shapefile/ranh_gioi.shp",
        "gpkg": f"{folder}/ccn-2026-007.gpkg|layername=ranh_gioi",
        "corners": f"{folder}/ccn-2026-007.gpkg|layername=diem_goc",
        "dxf2010": f"{folder}/dxf/ranh_gioi_2010.dxf|layername=entities|geometrytype=LineString",
        "dxfr12": f"{folder}/dxf/ranh_gioi_r12.dxf|layername=entities|geometrytype=LineString",
        "kml": f"{folder}/ccn-2026-007.kml|layername=ranh_gioi",
        "gpx": f"{folder}/diem_goc.gpx|layername=waypoints",
    }
    said = qgis(sources)
    print(f"opened by QGIS {said['version']}")
    layers: dict[str, dict[str, object]] = said["layers"]  # type: ignore[assignment]
    assert all(layer["valid"] and layer["rows"] for layer in layers.values()), layers
    assert {name: layers[name]["crs"] for name in ("shp", "gpkg", "kml", "gpx")} == {
        "shp": "EPSG:9218",
        "gpkg": "EPSG:9218",
        "kml": "EPSG:4326",
        "gpx": "EPSG:4326",
    }
    for name in ("shp", "gpkg", "corners", "dxf2010", "dxfr12"):
        assert layers[name]["box"] == pytest.approx(version.geom.extent, abs=0.001), name
    assert layers["corners"]["rows"] == layers["gpx"]["rows"] == 12
    assert "CCN Ea Đar – đợt 2" in layers["shp"]["first"]  # type: ignore[operator]
    assert layers["gpkg"]["symbol"]["outline_color"] == "160,30,30,255"  # type: ignore[index]
