"""What does a file on its way in cost everybody else? A 50 MB upload beside open pages, and ten hostile files at once.

On the real server with its worker, by the wizard's own address. It counts what is left behind, not what the files say:
`tests/layers/catalogue` asks that.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from django.db import connection

from mapping.desks.intake.models import Arrival, ArrivalState
from mapping.papers.export import stream
from tests.bench.exchange_rows import COLUMNS, query_of
from tests.bench.figure import Figure, Timing
from tests.bench.server import ROOT, Visitor, served

PAGES = ("/", "/so-theo-doi/cum-cong-nghiep/", "/ho-so/", "/du-lieu-mo/")
GOAL_MS = 500.0
UPLOAD_BYTES = 50 * 1024 * 1024
UPLOAD_ROWS = 10_000
QUIET_S = 4.0
LONGEST_S = 90.0
BUSY = (ArrivalState.QUEUED, ArrivalState.READING, ArrivalState.TAKING)


def upload_figures(folder: Path) -> Iterable[Figure]:
    """Yield the figures of uploads; *folder* is for files of this run."""
    media, scratch = folder / "media", folder / "tmp"
    for one in (media, scratch):
        one.mkdir(mode=0o711)
    folder.chmod(0o711)  # the reader child gives up root and must still reach its job folder
    with _environment(MEDIA_ROOT=str(media), TMPDIR=str(scratch)), served() as port, _worker():
        yield from _large(port, _large_file(folder))
        yield from _hostile(port, scratch)
    Arrival.objects.all().delete()


@contextlib.contextmanager
def _environment(**more: str) -> Iterator[None]:
    """Let the processes that are started meanwhile have these settings."""
    before = {name: os.environ.get(name) for name in more}
    os.environ.update(more)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


@contextlib.contextmanager
def _worker() -> Iterator[None]:
    """Run the worker as `script/serve worker` does."""
    environment = {**os.environ, "DATNGHE_DEMO": "1", "PGOPTIONS": "-c statement_timeout=120s"}
    command = ["nice", "-n", "5", sys.executable, "manage.py", "db_worker", "--queue-name", "default"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def _large_file(folder: Path) -> Path:
    """Write a zipped shapefile as near to 50 MB as its rows allow, not compressed."""
    path = folder / "thua-dat-50.zip"
    with stream(query_of(UPLOAD_ROWS), COLUMNS, "shp", name="thua-dat") as made:
        parts = zipfile.ZipFile(io.BytesIO(made.file.read()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name in parts.namelist():
            if name.startswith("thua_dat."):
                archive.writestr(name, parts.read(name))
        room = UPLOAD_BYTES - archive.fp.tell() - 4_096  # type: ignore[union-attr]
        if room > 0:  # an unread part that every archive of a GIS may carry
            archive.writestr("thua_dat.sbn", os.urandom(room))
    return path


class _Reader(threading.Thread):
    """Open pages one after the other, as somebody at work does, and note how long each takes."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self._visitor = Visitor(port)
        self._visitor.sign_in("hbia.planner")
        self.times: list[float] = []
        self.failed = ""
        self._ended = threading.Event()

    def run(self) -> None:
        turn = 0
        while not self._ended.is_set():
            begun = time.perf_counter()
            try:
                self._visitor.get(PAGES[turn % len(PAGES)])
            except (OSError, RuntimeError) as problem:
                self.failed = str(problem)[:200]
                return
            self.times.append((time.perf_counter() - begun) * 1000)
            turn += 1
            self._ended.wait(0.05)

    def result(self) -> Timing:
        self._ended.set()
        self.join()
        if self.failed or not self.times:
            raise RuntimeError(f"a page failed during the upload: {self.failed}")
        return Timing(tuple(self.times))


def _large(port: int, path: Path) -> Iterable[Figure]:
    warm = _Reader(port)
    warm.start()
    time.sleep(QUIET_S)
    quiet = warm.result()
    steward = Visitor(port)
    steward.sign_in("nam.steward")
    reader = _Reader(port)
    reader.start()
    begun = time.perf_counter()
    status = steward.post_file("/tep-vao/moi/edition/", _about(), path.name, path.read_bytes())
    sent = (time.perf_counter() - begun) * 1000
    _settled()
    during = reader.result()
    last = Arrival.objects.order_by("-pk").first()
    if status != 302 or last is None or last.state == ArrivalState.REFUSED:
        raise RuntimeError(f"the large file was not taken: {status} {last.state if last else ''}")
    yield Figure("50 MB upload: sent and kept", sent)
    yield Figure("50 MB upload: read by the worker", (time.perf_counter() - begun) * 1000)
    yield Figure("other pages meanwhile, p50", during.p50, quiet.p50, "without an upload")
    yield Figure("other pages meanwhile, p95", during.p95, None, "", GOAL_MS)


def _about() -> dict[str, str]:
    return {"layer": _layer(), "effective_from": f"{date(2026, 11, 22):%d/%m/%Y}", "source": "bench"}


def _layer() -> str:
    from layers.models import Layer

    return str(Layer.objects.get(code="land_parcel").pk)


def _settled() -> None:
    """Wait until no file is being read or taken, at most so long as a reading may last."""
    end = time.perf_counter() + LONGEST_S
    while time.perf_counter() < end:
        if not Arrival.objects.filter(state__in=BUSY).exists():
            return
        time.sleep(0.2)


def _hostile(port: int, scratch: Path) -> Iterable[Figure]:
    files = hostile_files()
    failures: list[str] = []

    def send(person: str, purpose: str, name: str, content: bytes) -> None:
        try:
            visitor = Visitor(port)
            visitor.sign_in(person)
            status = visitor.post_file(
                f"/tep-vao/moi/{purpose}/", _about() if purpose == "edition" else {}, name, content
            )
            if status >= 500 and status != 507:
                failures.append(f"{name}: {status}")
        except (OSError, RuntimeError) as problem:
            failures.append(f"{name}: {problem}")

    senders = (("nam.steward", "edition"), ("lan.appraiser", "clusters"))
    threads = [
        threading.Thread(target=send, args=(*senders[turn % 2], name, content))
        for turn, (name, content) in enumerate(files.items())
    ]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _settled()
    took = (time.perf_counter() - begun) * 1000
    time.sleep(1.0)
    yield Figure(f"{len(files)} hostile files at once: all answered", took)
    yield Figure("  requests that failed", float(len(failures)), None, "; ".join(failures)[:120], 0.0, "")
    yield Figure("  still being read", float(Arrival.objects.filter(state__in=BUSY).count()), None, "", 0.0, "")
    yield Figure("  reader processes left", float(len(_readers())), None, "", 0.0, "")
    yield Figure("  temporary files and folders left", float(len(list(scratch.iterdir()))), None, "", 0.0, "")
    yield Figure("  busy database backends left", float(_busy_backends()), None, "", 0.0, "")


def _readers() -> list[int]:
    """Return the reader processes of this database's servers that still run."""
    found = []
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if folder.name.isdigit() and b"layers.intake.reader" in (folder / "cmdline").read_bytes():
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
                name = str(connection.settings_dict["NAME"]).encode()
                if parent == 1 or name in (Path("/proc") / str(parent) / "environ").read_bytes():
                    found.append(int(folder.name))
    return found


def _busy_backends() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND (state = 'active' AND now() - query_start > interval '500 ms' OR state LIKE 'idle in transaction%')"
        )
        return int(cursor.fetchone()[0])


def hostile_files() -> dict[str, bytes]:
    """Return ten files that are cheap to send and dear to read, by name."""
    angles = [500 * turn * math.tau / 1001 for turn in range(1001)]
    ring = [[108 + 0.01 * math.cos(angle), 12.7 + 0.01 * math.sin(angle)] for angle in angles]
    star = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return {
        "sao.geojson": json.dumps(star).encode(),
        "sau.geojson": b'{"a":' * 100_000,
        "so-dai.geojson": b'{"type":"Point","coordinates":[' + b"9" * 200_000 + b",1]}",
        "cuoi.kml": f'<?xml version="1.0"?><!DOCTYPE k [<!ENTITY l0 "ha">{laughs}]><kml>&l9;</kml>'.encode(),
        "bom.zip": _zipped({"a.shp": bytes(60_000_000), "a.shx": b"", "a.dbf": b""}),
        "long.zip": _zipped({f"{n}.shp": b"x" for n in range(400)}),
        "gia.shp": b'<OGRVRTDataSource><OGRVRTLayer name="p"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>',
        "vo-tan.gpkg": _endless_gpkg(),
        "khoi.dxf": _block_bomb(),
        "cut.fgb": b"fgb\x03fgb\x01" + b"\xff" * 40_000,
    }


def _zipped(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def _endless_gpkg() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "v.gpkg"
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.executescript(
                "PRAGMA application_id = 1196444487; PRAGMA user_version = 10300;"
                "CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT, identifier TEXT, srs_id INT);"
                "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT,"
                " srs_id INT, z INT, m INT);"
                "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INT, organization TEXT,"
                " organization_coordsys_id INT, definition TEXT, description TEXT);"
                "CREATE VIEW v AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                " SELECT i AS fid, x'00' AS geom FROM n;"
                "INSERT INTO gpkg_contents VALUES ('v', 'features', 'v', 4326);"
                "INSERT INTO gpkg_geometry_columns VALUES ('v', 'geom', 'POLYGON', 4326, 0, 0);"
            )
        return path.read_bytes()


def _block_bomb(levels: int = 10, width: int = 10) -> bytes:
    lines = ["0", "SECTION", "2", "BLOCKS"]
    for level in range(levels):
        lines += ["0", "BLOCK", "8", "0", "2", f"B{level}", "70", "0", "10", "0", "20", "0"]
        for turn in range(width):
            deeper = ["0", "INSERT", "8", "0", "2", f"B{level + 1}", "10", str(turn), "20", "0"]
            deepest = ["0", "LINE", "8", "0", "10", "0", "20", "0", "11", "1", "21", str(turn)]
            lines += deeper if level < levels - 1 else deepest
        lines += ["0", "ENDBLK"]
    lines += ["0", "ENDSEC", "0", "SECTION", "2", "ENTITIES", "0", "INSERT", "8", "0", "2", "B0", "10", "0", "20", "0"]
    return "\n".join([*lines, "0", "ENDSEC", "0", "EOF", ""]).encode()
