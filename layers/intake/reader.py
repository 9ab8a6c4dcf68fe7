"""What is in this file? The reader child: no network, no other user's files, limited memory and time, then GDAL.

It imports no Django. What it answers is data only (JSON and WKB frames); texts for people are made by its parent.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from layers.geomchild import protocol
from layers.geomchild.refusal import Refusal
from layers.intake import wire
from layers.intake.formats import FORMATS

NOBODY = 65534
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000

# Everything GDAL of the wheels can open besides what is asked for; verified at every start, see _close_drivers.
OTHER_DRIVERS = (
    "MEM", "PCIDSK", "PDS4", "VICAR", "PDF", "MBTiles", "EEDA", "OGCAPI", "GDALG", "ESRI Shapefile", "MapInfo File",
    "LVBAG", "S57", "DGN", "OGR_VRT", "CSV", "GML", "GPX", "LIBKML", "KML", "GeoJSON", "GeoJSONSeq", "ESRIJSON",
    "TopoJSON", "OGR_GMT", "GPKG", "SQLite", "WAsP", "OpenFileGDB", "DXF", "FlatGeobuf", "GeoRSS", "VFK", "PGDUMP",
    "OSM", "GPSBabel", "OGR_PDS", "WFS", "OAPIF", "EDIGEO", "Idrisi", "ODS", "XLSX", "Elasticsearch", "Carto",
    "AmigoCloud", "SXF", "Selafin", "JML", "PLSCENES", "CSW", "VDV", "MVT", "NGW", "MapML", "GTFS", "PMTiles",
    "JSONFG", "MiraMonVector", "ADBC", "AVCBin", "AVCE00", "AIVector", "HTTP", "VRT", "GTI", "STACIT", "STACTA",
    "WMS", "WCS", "WMTS", "PostgreSQL", "PostGISRaster", "MySQL", "MSSQLSpatial", "ODBC", "PGeo", "NetCDF",
    "JP2OpenJPEG", "CAD", "Parquet", "Arrow",
)  # fmt: skip


def leave_the_network() -> bool:
    """Enter an empty network namespace; False where the kernel or the container forbids it."""
    libc = ctypes.CDLL(None, use_errno=True)
    return any(libc.unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET))


def drop_rights(*, become_nobody: bool) -> None:
    """Stay unable to gain rights; become nobody when started by root, who gave the job folder to nobody."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    if become_nobody:
        with contextlib.suppress(OSError):
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)


def limit(memory: int, seconds: float) -> None:
    """Limit memory, CPU time, files written (none), open files and core dumps."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def prepare_gdal(wanted: set[str]) -> None:
    """Set GDAL's environment before its library loads: no other driver, no network file system, no temporary files."""
    os.environ["GDAL_SKIP"] = ",".join(name for name in OTHER_DRIVERS if name not in wanted)
    os.environ["OGR_SKIP"] = os.environ["GDAL_SKIP"]
    os.environ["CPL_VSIL_CURL_ALLOWED_EXTENSIONS"] = ".none"
    os.environ["GDAL_HTTP_TIMEOUT"] = "1"
    os.environ["GDAL_DISABLE_READDIR_ON_OPEN"] = "NO"
    os.environ["GDAL_PAM_ENABLED"] = "NO"
    os.environ["GDAL_DRIVER_PATH"] = "disable"
    os.environ["OGR_SQLITE_LOAD_EXTENSIONS"] = ""
    os.environ["LIBKML_RESOLVE_STYLE"] = "NO"
    os.environ["SHAPE_RESTORE_SHX"] = "NO"
    os.environ["GML_SKIP_RESOLVE_ELEMS"] = "ALL"
    os.environ["GML_DOWNLOAD_SCHEMA"] = "NO"
    for name in ("geopandas", "pandas", "pyarrow"):  # pyogrio reads without them; saves 0.5 s and 100 MB
        sys.modules[name] = None  # type: ignore[assignment]  # forbids the import; the stubs know modules only


def _close_drivers(wanted: set[str]) -> None:
    """Refuse to read when a driver nobody listed is open: a newer library may bring new ones."""
    import pyogrio

    left = set(pyogrio.list_drivers()) - wanted - {"MEM", "Memory"}
    if left:
        raise Refusal("DRIVERS_OPEN", params={"found": ", ".join(sorted(left))})


def warm_up(*, head: bool = True) -> None:
    """Load what every reader needs, while the parent still unpacks; GDAL waits until the format is known.

    *head*: whether it reads the head of a file, too, which names a coordinate system (0.1 s).
    """
    import shapely

    if head:
        import pyproj

        pyproj.CRS.from_epsg(9218).to_epsg()  # opens proj.db
    shapely.from_wkt("POINT EMPTY")


def load(kind: str, gdal: str = "", *, head: bool = True) -> dict[str, Any]:
    """Import all that reading needs while the interpreter's files can be reached: nobody may not look under /root."""
    import importlib

    warm_up(head=head)
    for name in ("cp1252", "cp1258", "latin_1", "utf_16", "utf_8_sig"):
        importlib.import_module(f"encodings.{name}")
    importlib.import_module("mmap")  # numpy imports it at the first memmap
    if kind == "tif":
        from layers.intake import reader_raster

        reader_raster.prepare(gdal)
        return {"read": reader_raster.read}
    whole = FORMATS[kind]
    reader = importlib.import_module(whole.reader)
    gate = importlib.import_module(whole.gate).check if whole.gate else None
    return {"read": reader.read, "check": gate}


def frames(params: dict[str, Any], gates: dict[str, Any]) -> Iterator[tuple[dict[str, Any], list[bytes]]]:
    """Gate and read one file; yield its frames: all at once as ``{"result"}``, or as its reader streams them.

    Raises Refusal with a catalogue code.
    """
    path = Path(params["path"])
    check = gates.get("check")
    told = check(path) if check is not None else ()
    found = gates["read"](path, params)
    for head, blobs in [({"result": found[0]}, found[1])] if isinstance(found, tuple) else found:
        said = head.get("result") or head.get("end")
        if said is not None:
            said["notices"] += [{"code": code, "params": {}} for code in told]
        yield head, blobs


def main() -> None:
    """Read one request from stdin, answer on stdout, end."""
    with_head = os.environ.get("DATNGHE_READS") != "rest"
    warm_up(head=with_head)
    frame = protocol.read_frame(sys.stdin.buffer)
    if frame is None:
        return
    params = frame[0]
    isolated = leave_the_network()
    whole = FORMATS.get(params["format"])
    wanted = set(whole.drivers) if whole is not None else set()
    try:
        if wanted:
            prepare_gdal(wanted)
            _close_drivers(wanted)
        if params["format"] == "tif":  # its reader registers its own two drivers and none else
            prepare_gdal(set())
        gates = load(params["format"], params.get("gdal", ""), head=with_head)
        drop_rights(become_nobody=params["become_nobody"])
        limit(params["memory"], params["seconds"])
        _say({"isolated": isolated})
        for head, blobs in frames(params, gates):
            if "rest" in head.get("start", {}):  # another reader has the other half of what this may cost
                limit(params["memory"] // 2, params["seconds"] / 2)
            _say(head, blobs)
    except Refusal as refused:
        _say({"refused": refused.as_dict()})
    except MemoryError:
        _say({"refused": Refusal("FILE_TOO_COMPLEX").as_dict()})
    except RecursionError:
        _say({"refused": Refusal("JSON_DEPTH").as_dict()})
    except Exception as error:  # noqa: BLE001 – whatever a hostile file breaks, the parent gets an answer
        _say({"error": f"{type(error).__name__}: {error}"[:500]})


def _say(head: dict[str, Any], blobs: Sequence[bytes] = ()) -> None:
    if "columns" in head:  # as a blob of its own: the parent takes it apart when somebody asks for values
        head, blobs = {"packed": True}, [wire.pack(head["columns"]), *blobs]
    sys.stdout.buffer.write(protocol.encode(head, blobs))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
