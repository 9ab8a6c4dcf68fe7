"""What do GDAL's shapefile, GeoPackage and KML drivers read from this file? Geometry as 2-D WKB, attributes as JSON.

DBF texts are read as bytes and decoded here, because GDAL believes a ``.cpg`` that is wrong; curves come linearised.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyogrio.errors
from pyogrio import raw

from layers.geomchild.refusal import Refusal
from layers.intake import limits, shp_gate
from layers.intake.columns import Table
from layers.intake.crs_names import identify
from layers.intake.vietnamese import NAMES, read_texts

_CORRUPT = {"shp": "SHP_CORRUPT", "gpkg": "GPKG_CORRUPT", "kml": "XML_INVALID"}


def read(path: Path, params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Read one layer; raise Refusal MULTIPLE_LAYERS, NO_LAYER, TOO_MANY_FEATURES or the format's own "corrupt"."""
    kind = params["format"]
    records = shp_gate.check(path) if kind == "shp" else None
    try:
        layer = _choose_layer(path, kind, params.get("layer", ""))
        options: dict[str, Any] = {"IMMUTABLE": "YES"} if kind == "gpkg" else {}
        meta, _fids, geometry, columns = raw.read(
            str(path),
            layer=layer,
            encoding="ISO-8859-1" if kind == "shp" else None,
            force_2d=True,
            max_features=params["features"] + 1,
            datetime_as_string=True,
            **options,
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
        raise Refusal(_CORRUPT[kind], params={"reason": str(error)[:200]}) from error
    if geometry is None:
        raise Refusal("NO_GEOMETRY")
    if len(geometry) > params["features"]:
        raise Refusal("TOO_MANY_FEATURES", params={"limit": params["features"]})
    notices: list[dict[str, Any]] = []
    if _has_z(str(meta.get("geometry_type", ""))):
        notices.append({"code": "OK_Z_DROPPED", "params": {}})
    names = [str(name) for name in meta["fields"]]
    if records is not None:
        names, columns = _texts(names, list(columns), _codepage(path), notices)
        if nulls := shp_gate.nulls(path):
            shown = ", ".join(f"{name} ({count})" for name, count in nulls.items())
            notices.append({"code": "OK_NULL", "params": {"columns": shown[:300]}})
    table = Table()
    for index in range(len(geometry)):
        table.add({name: _value(column[index]) for name, column in zip(names, columns, strict=True)})
    if table.control:
        notices.append({"code": "TEXT_CONTROL_CHARS", "params": {}})
    blobs = [b"" if item is None else bytes(item) for item in geometry]
    if records is not None:
        for told in shp_gate.rings_by_nesting(path, records, blobs):
            notices.append({"code": "RING_ROLE", "params": told})
    declared = identify(_crs_text(path, kind, meta.get("crs")))
    if declared.get("how") == "matched":
        notices.append({"code": "OK_CRS_MATCHED", "params": {"name": declared["name"]}})
    return {"layer": str(layer), "declared": declared, "notices": notices, **table.as_dict()}, blobs


def _choose_layer(path: Path, kind: str, wanted: str) -> str:
    layers = [(str(name), geometry) for name, geometry in pyogrio.list_layers(str(path)) if geometry is not None]
    if not layers:
        raise Refusal("NO_LAYER")
    if wanted:
        if wanted not in [name for name, _geometry in layers]:
            raise Refusal("NO_LAYER")
        return wanted
    if kind == "kml" and len(layers) > 1:  # folders of one drawing: empty ones do not count
        layers = [
            item for item in layers if pyogrio.read_info(str(path), layer=item[0], force_feature_count=True)["features"]
        ]
        if not layers:
            raise Refusal("NO_FEATURES")
    if len(layers) > 1:
        raise Refusal("MULTIPLE_LAYERS", params={"layers": [name for name, _geometry in layers][:100]})
    return layers[0][0]


def _has_z(geometry_type: str) -> bool:
    return " Z" in geometry_type or "2.5D" in geometry_type or geometry_type.endswith((" M", " ZM"))


def _codepage(path: Path) -> str:
    cpg = path.with_suffix(".cpg")
    return cpg.read_bytes()[:40].decode("ascii", "replace").strip() if cpg.exists() else ""


def _crs_text(path: Path, kind: str, crs: Any) -> str:
    """Return the WKT or authority code; the .prj itself, because GDAL may have replaced it by its own idea."""
    if kind == "kml":
        return "EPSG:4326"
    prj = path.with_suffix(".prj")
    if kind == "shp":
        return prj.read_bytes()[:20_000].decode("utf-8", "replace").strip() if prj.exists() else ""
    return str(crs or "")


def _texts(
    names: list[str], columns: list[Any], codepage: str, notices: list[dict[str, Any]]
) -> tuple[list[str], list[Any]]:
    """Decode names and text columns that were read as Latin-1, all from one code page."""
    text_columns = [index for index, column in enumerate(columns) if column.dtype == object]
    flat = [name.encode("latin-1", "replace") for name in names]
    for index in text_columns:
        flat += [str(value).encode("latin-1", "replace") if value is not None else b"" for value in columns[index]]
    texts, guessed = read_texts(flat, codepage)
    if guessed:
        shown = list(dict.fromkeys(text for text in texts if text and not text.isascii()))[: limits.PREVIEW_TEXTS]
        notices.append(
            {"code": "ENCODING_GUESSED", "params": {"encoding": NAMES[guessed], "preview": "; ".join(shown)[:300]}}
        )
    read = iter(texts)
    decoded_names = [next(read) for _name in names]
    for index in text_columns:
        columns[index] = [next(read) if value is not None else (next(read) and None) for value in columns[index]]
    return decoded_names, columns


def _value(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bytes):
        return None
    return value
