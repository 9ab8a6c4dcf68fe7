"""What do GDAL's drivers read from this file? Batches of 2-D WKB and columns of plain values: memory stays flat.

Texts of old formats are read as bytes and decoded here, because GDAL believes a ``.cpg`` that is wrong and drops
letters of Windows-1258; curves come linearised. It chooses no coordinate system.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyogrio.errors
from pyogrio import raw

from layers.geomchild.refusal import Refusal
from layers.intake import gpkg_gate, limits, shp_gate
from layers.intake.columns import Cleaner, unique_names
from layers.intake.crs_names import identify
from layers.intake.texts import Sampler, TextReadings, reader_of
from layers.intake.vietnamese import DECLARED, NAMES

Frame = tuple[dict[str, Any], list[bytes]]
BATCH = 5_000
_CORRUPT = {
    "shp": "SHP_CORRUPT", "gpkg": "GPKG_CORRUPT", "kml": "XML_INVALID", "gpx": "XML_INVALID", "gml": "XML_INVALID",
    "fgb": "FGB_CORRUPT", "tab": "TAB_CORRUPT", "mif": "TAB_CORRUPT",
}  # fmt: skip
# Formats that find their n-th feature without reading those before it (or nearly so); the others come in one piece.
_BATCHED = frozenset({"shp", "gpkg", "fgb"})
_BYTES = frozenset({"shp", "tab", "mif"})
_OPTIONS: dict[str, dict[str, str]] = {
    "gpkg": {"IMMUTABLE": "YES"},
    "gml": {"WRITE_GFS": "NO", "DOWNLOAD_SCHEMA": "NO", "XSD": "/vsimem/none.xsd", "EXPOSE_GML_ID": "NO"},
}
_GPX_LAYERS = {"polygon": ("tracks", "routes"), "line": ("tracks", "routes"), "point": ("waypoints",)}
_PRJ = ".said"  # the name under which a shapefile's .prj is put aside
_SWALLOWED = (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError)


def read(path: Path, params: dict[str, Any]) -> Iterator[Frame]:
    """Yield the head ``{"start"}``, batches ``{"columns"}`` with one WKB a feature, and the notices ``{"end"}``.

    Where another reader may share the work (*params* ``shared``), the head says what that one needs to know (``rest``),
    and only every other batch follows; with *params* ``rest``, the others come, without a head.

    Raises Refusal MULTIPLE_LAYERS, NO_LAYER, NO_GEOMETRY, TOO_MANY_FEATURES or the format's own "corrupt".
    """
    kind = params["format"]
    source = _Source(path, kind, params)
    try:
        yield from source.frames()
    except _SWALLOWED as error:
        if kind == "gpkg" and (number := gpkg_gate.broken(path)):
            raise Refusal("GEOM_CORRUPT", params={"feature": number}) from error
        raise Refusal(_CORRUPT[kind], params={"reason": str(error)[:200]}) from error


@dataclass(frozen=True)
class _Batch:
    """Some features as GDAL gave them: how many come before them, what is said of all, geometry and columns."""

    first: int
    meta: dict[str, Any]
    geometry: Any
    columns: list[Any]


class _Source:
    """One opened layer: how its texts are read, what was noticed on the way."""

    def __init__(self, path: Path, kind: str, params: dict[str, Any]) -> None:
        self.path, self.kind, self.params = path, kind, params
        self.notices: list[dict[str, Any]] = []
        self.cleaner = Cleaner()
        self.wanted: list[str] | None = None
        self.encoding = "ISO-8859-1" if kind in _BYTES else None
        self.every = 1  # of how many batches this process reads one
        self.done = 0

    def frames(self) -> Iterator[Frame]:
        """Yield all frames; see `read`."""
        records = _own_look(self.path) if self.kind == "shp" else None
        layer = _choose_layer(self.path, self.kind, self.params)
        if "rest" in self.params:
            yield from self._rest(layer, records)
            return
        batches = self._batches(layer)
        batch = next(batches)
        if batch.geometry is None:
            raise Refusal("NO_GEOMETRY")
        self.wanted = _filled(batch.meta["fields"], batch.columns) if self.kind == "gpx" else None
        if self.wanted is not None:
            batch = _Batch(0, *self._raw(layer, max_features=self.params["features"] + 1))
        meta = batch.meta
        texts = self._texts(layer, [str(name) for name in meta["fields"]], batch.columns)
        if self.encoding == "UTF-8":  # every text is: it comes out of the library ready
            batch = next(batches := self._batches(layer))
            meta = batch.meta
        read = reader_of(texts.chosen, raw=self.encoding == "ISO-8859-1")
        names = self._names([read(str(name)) for name in meta["fields"]])
        if len(names) > limits.FIELDS:
            raise Refusal("ATTR_TOO_MANY", params={"limit": limits.FIELDS})
        if " Z" in str(meta.get("geometry_type", "")) or str(meta.get("geometry_type", "")).endswith((" M", " ZM")):
            self._notice("OK_Z_DROPPED")
        declared = identify(_crs_text(self.path, self.kind, meta.get("crs")))
        if declared.get("how") == "matched":
            self._notice("OK_CRS_MATCHED", name=declared["name"])
        start = {"layer": layer, "fields": names, "declared": declared, "texts": texts.as_dict()}
        if self.params.get("shared") and records is not None and shp_gate.batches_are_small(self.path, records, BATCH):
            self.every = 2
            start["rest"] = {"encoding": self.encoding, "chosen": texts.chosen, "names": names}
        yield {"start": start}, []
        yield from self._told(batch, batches, names, read, records)
        self._check_count(layer)
        if records is not None and (nulls := shp_gate.nulls(self.path)):
            self._notice("OK_NULL", columns=", ".join(f"{name} ({count})" for name, count in nulls.items())[:300])
        yield self._end(), []

    def _rest(self, layer: str, records: shp_gate.Records | None) -> Iterator[Frame]:
        """Yield every other batch, beginning with the second, of a file whose first reader said how to read it."""
        rest = self.params["rest"]
        self.encoding, self.every = rest["encoding"], 2
        batches = self._batches(layer, BATCH)
        read = reader_of(rest["chosen"], raw=self.encoding == "ISO-8859-1")
        yield from self._told(next(batches), batches, rest["names"], read, records)
        yield self._end(), []

    def _told(
        self,
        batch: _Batch | None,
        batches: Iterator[_Batch],
        names: list[str],
        read: Callable[[str], str],
        records: shp_gate.Records | None,
    ) -> Iterator[Frame]:
        gc.freeze()  # what was loaded at the start need not be looked through at every batch
        while batch is not None and batch.geometry is not None and len(batch.geometry):
            self.done = batch.first + len(batch.geometry)
            if self.done > self.params["features"]:
                raise Refusal("TOO_MANY_FEATURES", params={"limit": self.params["features"]})
            blobs = [b"" if item is None else bytes(item) for item in batch.geometry]
            if records is not None:
                for told in shp_gate.rings_by_nesting(self.path, records, blobs, batch.first):
                    self._notice("RING_ROLE", **told)
            yield {"columns": self._plain(names, batch.columns, batch.first, read)}, blobs
            batch = next(batches, None)
            gc.collect()  # what GDAL's reader gave hangs in cycles: memory grew by 4 MB a batch

    def _end(self) -> dict[str, Any]:
        if self.cleaner.control:
            self._notice("TEXT_CONTROL_CHARS")
        return {"end": {"notices": self.notices}}

    def _notice(self, code: str, **params: Any) -> None:
        self.notices.append({"code": code, "params": params})

    def _batches(self, layer: str, first: int = 0) -> Iterator[_Batch]:
        size = BATCH if self.kind in _BATCHED else self.params["features"] + 1
        while True:
            batch = _Batch(first, *self._raw(layer, skip_features=first, max_features=size))
            yield batch
            if batch.geometry is None or len(batch.geometry) < size:
                return
            first += size * self.every

    def _raw(self, layer: str, **options: Any) -> tuple[dict[str, Any], Any, list[Any]]:
        meta, _fids, geometry, columns = raw.read(
            str(self.path),
            layer=layer,
            **({"columns": self.wanted} if self.wanted is not None else {}),
            encoding=self.encoding,
            force_2d=True,
            datetime_as_string=True,
            **options,
            **_OPTIONS.get(self.kind, {}),
        )
        return meta, geometry, list(columns)

    def _texts(self, layer: str, names: list[str], first: list[Any]) -> TextReadings:
        """Find out how the texts are written: from every one of an old format, from the first batch of a new one."""
        sampler = Sampler(raw=self.kind in _BYTES)
        sampler.add(names)
        for column in first:
            if column.dtype == object:
                sampler.add(column)
        if self.kind == "shp" and sampler.full and sampler.utf8 and shp_gate.is_utf8(self.path):
            sampler.settled = True
        if self.kind == "shp" and not sampler.settled and not _is_ascii(self.path.with_suffix(".dbf")):
            wanted = [name for name, column in zip(names, first, strict=True) if column.dtype == object]
            start = BATCH
            while wanted and len(first[0]) == BATCH:
                columns = self._raw(
                    layer, columns=wanted, read_geometry=False, skip_features=start, max_features=2 * BATCH
                )[2]
                for column in columns:
                    sampler.add(column)
                start += 2 * BATCH
                if sampler.settled or not columns or len(columns[0]) < 2 * BATCH:
                    break
        found = sampler.judge(_codepage(self.path, self.params), self.params.get("encoding", ""))
        if self.encoding and sampler.utf8 and found.chosen == "utf-8":
            self.encoding = "UTF-8"
        if found.readings and not self.params.get("encoding") and _was_guessed(found, self.path, self.params):
            shown = next(reading.samples for reading in found.readings if reading.key == found.chosen)
            self._notice("ENCODING_GUESSED", encoding=NAMES[found.chosen], preview="; ".join(shown)[:300])
        return found

    def _names(self, names: list[str]) -> list[str]:
        names, renamed = unique_names(names, self.cleaner.name)
        if renamed:
            self._notice("OK_RENAMED", columns=", ".join(renamed)[:300])
        return names

    def _plain(self, names: list[str], columns: list[Any], first: int, read: Callable[[str], str]) -> list[list[Any]]:
        return [self.cleaner.column(column, name, first + 1, read) for name, column in zip(names, columns, strict=True)]

    def _check_count(self, layer: str) -> None:
        """Refuse a FlatGeobuf that ends before the number of features its header names."""
        if self.kind != "fgb":
            return
        claimed = int(pyogrio.read_info(str(self.path), layer=layer)["features"])
        if claimed > 0 and claimed != self.done:
            raise Refusal("FGB_CORRUPT", params={"reason": f"{self.done} ≠ {claimed}"})


def _filled(names: Any, columns: list[Any]) -> list[str]:
    """Return the columns that hold anything: GDAL gives a track every column the standard knows."""
    return [
        str(name)
        for name, column in zip(names, columns, strict=True)
        if not (np.isnan(column).all() if column.dtype.kind == "f" else all(value is None for value in column))
    ]


def _is_ascii(dbf: Path) -> bool:
    """Tell whether a table's records (the numbers in its head aside) are plain ASCII."""
    with dbf.open("rb") as stream:
        stream.seek(8)
        stream.seek(int.from_bytes(stream.read(2), "little"))
        return all(block.isascii() for block in iter(lambda: stream.read(1 << 20), b""))


def _was_guessed(found: TextReadings, path: Path, params: dict[str, Any]) -> bool:
    return found.chosen not in {"utf-8", DECLARED.get(_codepage(path, params).strip().lower(), "")}


def _choose_layer(path: Path, kind: str, params: dict[str, Any]) -> str:
    wanted = params.get("layer", "")
    layers = [str(name) for name, geometry in pyogrio.list_layers(str(path)) if geometry is not None]
    if not layers:
        raise Refusal({"fgb": "FGB_CORRUPT", "kml": "NO_FEATURES"}.get(kind, "NO_LAYER"))
    if wanted:
        if wanted not in layers:
            raise Refusal("NO_LAYER")
        return str(wanted)
    if kind in {"kml", "gpx", "gml"} and len(layers) > 1:  # folders of one drawing: empty ones do not count
        layers = [name for name in layers if _count(path, kind, name)]
        if not layers:
            raise Refusal("NO_FEATURES")
    if kind == "gpx":
        # the points of tracks and routes are layers of their own to GDAL; nobody means them
        layers = [name for name in layers if not name.endswith("_points")]
        layers = [name for name in layers if name in _GPX_LAYERS.get(params.get("kind", ""), ())] or layers
    if len(layers) > 1:
        raise Refusal("MULTIPLE_LAYERS", params={"layers": layers[:100]})
    return layers[0]


def _count(path: Path, kind: str, layer: str) -> int:
    info = pyogrio.read_info(str(path), layer=layer, force_feature_count=True, **_OPTIONS.get(kind, {}))
    return int(info["features"])


def _codepage(path: Path, params: dict[str, Any]) -> str:
    """Return the code page the file names: its .cpg, or the MapInfo charset that the parent took out of the head."""
    cpg = path.with_suffix(".cpg")
    if cpg.exists():
        return cpg.read_bytes()[:40].decode("ascii", "replace").strip()
    return str(params.get("charset", ""))


def _own_look(path: Path) -> shp_gate.Records:
    """Check a shapefile and put its .prj aside: GDAL reads nothing at all when it cannot read that one."""
    records = shp_gate.check(path)
    prj = path.with_suffix(".prj")
    if prj.exists():
        prj.rename(prj.with_suffix(_PRJ))
    return records


def _crs_text(path: Path, kind: str, crs: Any) -> str:
    """Return the WKT or authority code; the .prj itself, because GDAL may have replaced it by its own idea."""
    if kind in {"kml", "gpx"}:
        return "EPSG:4326"
    prj = path.with_suffix(_PRJ)
    if kind == "shp":
        return prj.read_bytes()[:20_000].decode("utf-8", "replace").strip() if prj.exists() else ""
    return str(crs or "")
