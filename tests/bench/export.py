"""How long does a survey package take beside `ogr2ogr` of the same rows, and how long a report as PDF?

The baseline writes boundary, parts and corners from PostGIS as shapefiles and as one GeoPackage, and nothing else: no
reading back, no corner tables, no manifest; most of its time is six starts of a program. Without `ogr2ogr` on the
machine there is no baseline and the figure says so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection

from mapping.papers.report_pdf import report_pdf
from mapping.papers.survey_package import survey_package
from planning.proposals.models import CheckRun, State, ZoneVersion
from tests.bench.figure import Figure, interleaved

GOAL = 1.0
ROWS = {
    "ranh_gioi": "SELECT id, number, geom_hash, area_m2, geom FROM proposals_zoneversion WHERE id = {version}",
    "khu_chuc_nang": "SELECT number, use, area_m2, geom FROM proposals_zonepart WHERE version_id = {version}",
    "diem_goc": "SELECT (dump).path[3] AS diem, (dump).geom AS geom FROM (SELECT ST_DumpPoints(geom) AS dump"
    " FROM proposals_zoneversion WHERE id = {version}) AS corners",
}


def figures() -> Iterable[Figure]:
    """Yield the figure of the report and of the package."""
    run = CheckRun.objects.order_by("-id").first()
    if run is not None:
        paper = interleaved({"pdf": [partial(report_pdf, run, "https://example.vn/bao-cao/1-0123456789ab/")]}, rounds=4)
        yield Figure("report as PDF, p50", paper["pdf"].p50, None, "", None)
    version = ZoneVersion.objects.filter(proposal__state=State.BEING_SURVEYED).order_by("id").first()
    if version is None:
        raise SystemExit("the demo has no proposal that is being surveyed; load it with script/demo")
    program = shutil.which("ogr2ogr")
    if program is None:
        times = interleaved({"package": [partial(survey_package, version)]}, rounds=8)
        yield Figure("survey package, p50", times["package"].p50, None, "ogr2ogr is not installed (gdal-bin)", None)
        return
    with TemporaryDirectory() as folder:
        sides: dict[str, list[Callable[[], object]]] = {
            "package": [partial(survey_package, version)],
            "ogr2ogr": [partial(_ogr2ogr, program, version.pk, Path(folder))],
        }
        times = interleaved(sides, rounds=8)
    yield Figure("survey package, p50", times["package"].p50, times["ogr2ogr"].p50, "ogr2ogr of the same rows", GOAL)


def _ogr2ogr(program: str, version: int, folder: Path) -> None:
    """Write the rows once as shapefiles and once as a GeoPackage."""
    settings = connection.settings_dict
    source = f"PG:dbname={settings['NAME']} host={settings['HOST']} port={settings['PORT']} user={settings['USER']}"
    environment = {**os.environ, "PGPASSWORD": str(settings["PASSWORD"])}
    environment.pop("GDAL_DATA", None)  # the program has its own
    package = folder / "goi.gpkg"
    package.unlink(missing_ok=True)
    for name, rows in ROWS.items():
        sql = rows.format(version=version)
        shape = ["-f", "ESRI Shapefile", "-overwrite", "-lco", "ENCODING=UTF-8", str(folder / f"{name}.shp")]
        into = ["-f", "GPKG", *(["-update"] if package.exists() else []), str(package)]
        for target in (shape, into):
            command = [program, "-q", *target, source, "-sql", sql, "-nln", name]
            subprocess.run(command, env=environment, check=True, capture_output=True)
