"""Does the reading child stand alone when every gate was passed? No network, no rights, no endless work, no trace."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import shapely
from pyproj import CRS

from layers.errors import DatNgheError
from layers.intake import limits, read_vector_file, run
from layers.intake.limits import IntakeLimits
from layers.intake.refusals import FILES, refusal
from tests.layers import files
from tests.layers.files import home, refused
from tests.layers.test_intake_hostile import CANARY, SET, SHP, VRT, polygon


@pytest.fixture
def listener():
    """Count connections to a loopback port; the child must never make one."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    seen: list[object] = []
    stop = threading.Event()

    def listen() -> None:
        while not stop.is_set():
            try:
                connection, peer = server.accept()
            except TimeoutError:
                continue
            seen.append(peer)
            connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    yield server.getsockname()[1], seen
    stop.set()
    thread.join()
    server.close()


def raw_read(path: Path, kind: str, **options: object):
    return run.read_in_child(path, kind, limits=options.pop("limits", limits.PROPOSAL), filename=path.name, **options)


def test_a_vrt_never_leads_anywhere(tmp_path: Path, listener) -> None:
    port, seen = listener
    secret = tmp_path / "secret"
    secret.mkdir(mode=0o700)
    (secret / "canary.csv").write_text(f"x,y,{CANARY}\n1,2,3\n")
    for index, source in enumerate(
        [secret / "canary.csv", f"/vsicurl/http://127.0.0.1:{port}/a.csv", f"PG:host=127.0.0.1 port={port}"]
    ):
        for kind, suffix in (("shp", ".shp"), ("kml", ".kml"), ("gpkg", ".gpkg")):
            folder = tmp_path / f"{index}{kind}"
            folder.mkdir()
            path = folder / f"layer{suffix}"
            path.write_text(VRT.format(source))
            with pytest.raises(DatNgheError) as caught:  # past the gates on purpose: the child stands alone
                raw_read(path, kind)
            shown = f"{caught.value.message} {caught.value.where} {caught.value.detail}"
            assert CANARY not in shown
    assert seen == []


def test_the_child_has_no_network_and_no_rights(tmp_path: Path, db: None) -> None:
    folder = tmp_path / "job"
    folder.mkdir()
    facts, blobs = raw_read(files.kml(folder / "layer.kml", [home()]), "kml")
    assert len(blobs) == 1 and facts["layer"]
    assert facts["isolated"] or os.getuid() != 0  # a container may forbid it; the environment then still closes drivers


def test_a_child_that_waits_for_a_file_refused_at_the_gate_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, land: object
) -> None:
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def start(*given: Any, **more: Any) -> subprocess.Popen[bytes]:
        started.append(popen(*given, **more))
        return started[-1]

    monkeypatch.setattr(run.subprocess, "Popen", start)
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK\x03\x04" + bytes(40))
    refused("ARCHIVE_CORRUPT", lambda: read_vector_file(path, path.name))
    assert [child.poll() for child in started] == [-signal.SIGKILL]


def test_time_is_limited(tmp_path: Path) -> None:
    folder = tmp_path / "job"
    folder.mkdir()
    path = folder / "layer.geojson"
    ring = [[108.0 + i * 1e-7, 12.0] for i in range(400_000)]
    path.write_text(json.dumps(polygon(ring)))
    started = time.monotonic()
    error = refused(
        "FILE_TOO_COMPLEX", lambda: raw_read(path, "geojson", limits=IntakeLimits(10, 10_000_000, seconds=0.0))
    )
    assert error
    assert time.monotonic() - started < 20


SHAPEFILES = {
    "cut-off shp": (
        lambda shp: shp.write_bytes(shp.read_bytes()[:120]),
        {"SHP_CORRUPT", "NO_GEOMETRY", "FILE_UNREADABLE"},
    ),
    "random shp": (
        lambda shp: shp.write_bytes(SHP + os.urandom(400)),
        {"SHP_CORRUPT", "NO_GEOMETRY", "FILE_UNREADABLE", "NO_FEATURES"},
    ),
    "random dbf": (
        lambda shp: shp.with_suffix(".dbf").write_bytes(os.urandom(300)),
        {"SHP_CORRUPT", "FILE_UNREADABLE", "ATTR_TOO_MANY"},
    ),
    "cut-off shx": (
        lambda shp: shp.with_suffix(".shx").write_bytes(b"\x00\x00\x27\x0a"),
        {"SHP_CORRUPT", "FILE_UNREADABLE"},
    ),
}


@pytest.mark.parametrize("name", SHAPEFILES)
def test_damaged_shapefiles(name: str, tmp_path: Path, db: None) -> None:
    damage, codes = SHAPEFILES[name]
    shp = files.shapefile(tmp_path / "s", [home()])
    damage(shp)
    path = files.zipped(tmp_path / "a.zip", {part.name: part for part in shp.parent.iterdir()})
    with pytest.raises(DatNgheError) as caught:
        read_vector_file(path, path.name)
    assert caught.value.code in codes


def test_null_shapes_and_no_features(tmp_path: Path, db: None) -> None:
    path = tmp_path / "a.geojson"
    path.write_text('{"type":"FeatureCollection","features":[]}')
    refused("NO_FEATURES", lambda: read_vector_file(path, path.name))
    path.write_text('{"type":"Feature","properties":{},"geometry":null}')
    refused("NO_GEOMETRY", lambda: read_vector_file(path, path.name))


def test_degrees_and_metres_in_one_file(tmp_path: Path, db: None) -> None:
    path = tmp_path / "a.geojson"
    both = [home(), files.in_crs(home(), 4326)]
    features = [
        {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(shape))} for shape in both
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert "2" in refused("CRS_SUSPECT_PROJECTED", lambda: read_vector_file(path, path.name)).message


def test_no_folder_is_left_behind(tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "t"))
    (tmp_path / "t").mkdir()
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", None)
    path = files.zipped(tmp_path / "a.zip", SET)
    with pytest.raises(DatNgheError):
        read_vector_file(path, path.name)
    assert list((tmp_path / "t").iterdir()) == []


def test_every_code_has_a_sentence_and_most_a_thing_to_do() -> None:
    for code, (message, todo) in FILES.items():
        error = refusal(code, found="x", named="x", part="x", limit=1, name="x", feature=1)
        assert error.message and "%(" not in error.message
        assert todo or code.startswith(
            ("OK_", "TRACK_TO", "CORNER_REMARKS", "FEATURE", "ENCODING", "TEXT", "LINE", "GEOM_MIXED", "DUPLICATE")
        ), (
            code,
            message,
        )


def test_a_known_system_is_written_by_gdal_as_we_name_it() -> None:
    assert "108-30" in CRS.from_epsg(9218).name
