"""How fast do files go out and come in beside `ogr2ogr`, with how much memory, and what does an upload cost the others?

Out: our side runs in this process, which is warm as a web process is, and reads every file back; `ogr2ogr` starts as a
program and does not. In: `ogr2ogr` copies the rows into a bare table and judges nothing; ours passes the gate and the
two reader children, vets each geometry, cuts parts and builds tiles. Memory is each process's own peak, in a fresh one.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection

from layers.crs import storage_srid
from mapping.papers.export import stream
from mapping.papers.export.gis_files import ZIP_LEVEL
from tests.bench.exchange_rows import COLUMNS, make_rows, query_of, table_of
from tests.bench.exchange_upload import UPLOAD_ROWS, upload_figures
from tests.bench.figure import Figure, interleaved
from tests.bench.province import bench_province

SMALL_PROVINCE = 10_000
MEMORY_MB = 210.0
IMPORT_MB = 220.0
GOALS = {"shp": 1.15, "gpkg": 1.0, "geojson": 0.25}
NAMES = {"shp": "zipped shapefile", "gpkg": "GeoPackage", "geojson": "GeoJSON"}


def counts() -> tuple[int, int]:
    """Return how many rows go out, and how many for flat memory: a tenth with ``--quick``."""
    return (10_000, 40_000) if os.environ.get("DATNGHE_BENCH_QUICK") else (100_000, 400_000)


def figures() -> Iterable[Figure]:
    """Yield the figures of exchange."""
    program = shutil.which("ogr2ogr")
    if program is None:
        raise SystemExit("ogr2ogr is not installed (Debian: gdal-bin)")
    province = bench_province(SMALL_PROVINCE)
    count, many = counts()
    for rows in {count, many, UPLOAD_ROWS}:
        make_rows(province.name, rows, storage_srid())
    with province.entered(), TemporaryDirectory(prefix="datnghe-bench-") as folder:
        yield from _out(program, Path(folder), count)
        yield from _memory(count, many)
        yield from _in(program, Path(folder), count)
        yield from upload_figures(Path(folder))


def _out(program: str, folder: Path, count: int) -> Iterable[Figure]:
    for kind, goal in GOALS.items():
        sides: dict[str, list[Callable[[], object]]] = {
            "ours": [partial(_ours, kind, count)],
            "ogr2ogr": [partial(_theirs, program, kind, folder, count)],
        }
        times = interleaved(sides, rounds=3)
        name = f"{NAMES[kind]}, {count:,} polygons, p50"
        against = f"ogr2ogr + zip level {ZIP_LEVEL}" if kind == "shp" else "ogr2ogr"
        yield Figure(name, times["ours"].p50, times["ogr2ogr"].p50, against, goal)


def _ours(kind: str, count: int) -> None:
    with stream(query_of(count), COLUMNS, kind, name="bench") as made:
        if made.rows != count:
            raise RuntimeError(f"{made.rows} rows instead of {count}")


def _theirs(program: str, kind: str, folder: Path, count: int) -> None:
    target = folder / "theirs"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    options = {
        "shp": ["-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8", str(target / "bench.shp")],
        "gpkg": ["-f", "GPKG", str(target / "bench.gpkg")],
        "geojson": [
            "-f",
            "GeoJSON",
            "-t_srs",
            "EPSG:4326",
            "-lco",
            "COORDINATE_PRECISION=9",
            str(target / "b.geojson"),
        ],
    }[kind]
    run([program, "-q", *options, source(), table_of(count)])
    if kind == "shp":
        with zipfile.ZipFile(target / "bench.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=ZIP_LEVEL) as archive:
            for part in sorted(target.glob("bench.[!z]*")):
                archive.write(part, part.name)


def source() -> str:
    """Return the database of this process as `ogr2ogr` names it; the password goes by the environment."""
    settings = connection.settings_dict
    return f"PG:dbname={settings['NAME']} host={settings['HOST']} port={settings['PORT']} user={settings['USER']}"


def run(command: list[str]) -> None:
    """Run a program without our GDAL's data; raise what it says when it fails."""
    environment = {**os.environ, "PGPASSWORD": str(connection.settings_dict["PASSWORD"])}
    for name in ("GDAL_DATA", "PROJ_DATA", "PROJ_LIB"):
        environment.pop(name, None)
    subprocess.run(command, env=environment, check=True, capture_output=True)


def child(*words: str) -> dict[str, float]:
    """Run `tests.bench.exchange_child` and return what it says."""
    command = [sys.executable, "-m", "tests.bench.exchange_child", *words]
    environment = {**os.environ, "PGOPTIONS": "-c statement_timeout=120s"}
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _memory(count: int, many: int) -> Iterable[Figure]:
    for kind in GOALS:
        few = child("export", kind, str(count))["peak_mb"]
        lots = child("export", kind, str(many))["peak_mb"]
        yield Figure(f"{NAMES[kind]}, peak memory, {count:,}", few, None, "", MEMORY_MB, "MB")
        yield Figure(f"{NAMES[kind]}, peak memory, {many:,}", lots, few, f"at {count:,}", 1.05, "MB")


def _in(program: str, folder: Path, count: int) -> Iterable[Figure]:
    path = folder / f"thua-dat-{count}.zip"
    with stream(query_of(count), COLUMNS, "shp", name="thua-dat") as made, path.open("wb") as target:
        shutil.copyfileobj(made.file, target)
    theirs = sorted(_copied(program, path) for _turn in range(3))[1]
    found = [child("import", str(path)) for _turn in range(2)]
    best = min(found, key=lambda one: one["seconds"])
    name = f"{count:,} polygons in"
    judged = (best["seconds"] - best["derived"]) * 1000
    yield Figure(f"{name}: read", best["read"] * 1000)
    yield Figure(f"{name}: gate, validity, staging", judged, theirs, "ogr2ogr COPY, unjudged", 2.0)
    yield Figure(f"{name}: with parts and tiles", best["seconds"] * 1000, theirs, "ogr2ogr COPY, unjudged")
    yield Figure(f"{name}: peak memory", best["peak_mb"], None, "", IMPORT_MB, "MB")
    yield Figure(f"{name}: peak memory of a child", best["child_mb"], None, "", IMPORT_MB, "MB")


def _copied(program: str, path: Path) -> float:
    """Return the milliseconds `ogr2ogr` takes to copy the unpacked shapefile into a table, as the owner."""
    from tests.bench.province import database

    folder = path.parent / "unpacked"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.unpack_archive(path, folder)
    shape = next(folder.glob("*.shp"))
    begun = time.perf_counter()
    run([
        program, "-q", "-f", "PostgreSQL", database.owner_dsn(str(connection.settings_dict["NAME"])).join(["PG:", ""]),
        str(shape), "-nln", "bench_exchange_in", "-overwrite", "-lco", "UNLOGGED=ON", "-nlt", "PROMOTE_TO_MULTI",
        "--config", "PG_USE_COPY", "YES",
    ])  # fmt: skip
    return (time.perf_counter() - begun) * 1000
