"""What is in this GeoJSON? Read by hand, strictly, so that null is never 0 and true is never 1; GDAL is not asked.

A bare geometry, a Feature or a FeatureCollection; a legacy ``crs`` member by EPSG code is understood, a link is not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from layers.geomchild.refusal import Refusal
from layers.intake import limits
from layers.intake.columns import Table
from layers.json_gate import JsonRefused, parse_json

_EPSG = re.compile(r"(?:urn:ogc:def:crs:EPSG:[^:]*:|EPSG:)(\d{4,6})", re.IGNORECASE)
_CRS84 = re.compile(r"urn:ogc:def:crs:OGC:[^:]*:CRS84", re.IGNORECASE)
_FOREIGN = ("Topology", "esriGeometry", "stac_version", "geometryType", "spatialReference")


def read(path: Path, params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Read the file; return layer facts, attributes and WKB per feature."""
    try:
        data = parse_json(path.read_bytes(), max_depth=limits.JSON_DEPTH)
    except JsonRefused as error:
        raise Refusal(error.code, params={"path": error.where, "reason": error.reason}) from error
    features = _features(data)
    notices: list[dict[str, Any]] = []
    declared = _declared(data, notices)
    if len(features) > params["features"]:
        raise Refusal("TOO_MANY_FEATURES", params={"limit": params["features"]})
    reader = _Reader(params["vertices"])
    table = Table()
    blobs: list[bytes] = []
    for index, (geometry, properties) in enumerate(features):
        reader.feature = index + 1
        shape = reader.geometry(geometry, f"features[{index}].geometry") if geometry is not None else None
        blobs.append(b"" if shape is None else shapely.to_wkb(shape, byte_order=1))
        table.add(properties)
    if reader.dropped_z:
        notices.append({"code": "OK_Z_DROPPED", "params": {}})
    if reader.closed:
        notices.append({"code": "RING_CLOSED", "params": {"count": reader.closed, "gap_m": reader.widest}})
    notices += table.notices()
    return {"layer": path.name, "declared": declared, "notices": notices, **table.as_dict()}, blobs


def _features(data: Any) -> list[tuple[Any, dict[str, Any]]]:
    if not isinstance(data, dict):
        raise Refusal("JSON_INVALID", params={"path": "$"})
    kind = data.get("type")
    if kind == "Topology" or any(key in data for key in _FOREIGN if key != "Topology"):
        raise Refusal("FORMAT_UNSUPPORTED", params={"found": "TopoJSON / Esri JSON / STAC"})
    if kind == "FeatureCollection":
        rows = data.get("features")
        if not isinstance(rows, list):
            raise Refusal("JSON_INVALID", params={"path": "$.features"})
        return [_feature(row, f"$.features[{index}]") for index, row in enumerate(rows)]
    if kind == "Feature":
        return [_feature(data, "$")]
    return [(data, {})]


def _feature(row: Any, path: str) -> tuple[Any, dict[str, Any]]:
    if not isinstance(row, dict) or row.get("type") != "Feature" or "geometry" not in row:
        raise Refusal("JSON_INVALID", params={"path": path})
    properties = row.get("properties") or {}
    if not isinstance(properties, dict):
        raise Refusal("JSON_INVALID", params={"path": f"{path}.properties"})
    return row["geometry"], properties


def _declared(data: dict[str, Any], notices: list[dict[str, Any]]) -> dict[str, Any]:
    crs = data.get("crs")
    if crs is None:
        return {"epsg": 4326, "name": "WGS 84", "how": "standard"}
    name = (
        crs.get("properties", {}).get("name")
        if isinstance(crs, dict) and isinstance(crs.get("properties"), dict)
        else ""
    )
    if isinstance(name, str) and _CRS84.fullmatch(name):
        return {"epsg": 4326, "name": "WGS 84", "how": "standard"}
    match = _EPSG.fullmatch(name) if isinstance(name, str) else None
    if match is None:
        return {"epsg": None, "name": str(name)[:80], "how": "unknown"}
    notices.append({"code": "OK_LEGACY_CRS", "params": {"name": f"EPSG:{match[1]}"}})
    return {"epsg": int(match[1]), "name": f"EPSG:{match[1]}", "how": "legacy"}


class _Reader:
    """Build shapes from coordinates, counting vertices; every refusal names the feature and the JSON path."""

    def __init__(self, vertices: int) -> None:
        self.left = vertices
        self.limit = vertices
        self.feature = 0
        self.dropped_z = False
        self.closed = 0
        self.widest = 0.0

    def refuse(self, code: str, path: str, **params: Any) -> Refusal:
        return Refusal(code, params={"feature": self.feature, "path": path, **params})

    def geometry(self, value: Any, path: str, depth: int = 0) -> Any:
        if not isinstance(value, dict):
            raise self.refuse("JSON_INVALID", path)
        kind = value.get("type")
        if kind == "GeometryCollection":
            parts = value.get("geometries")
            if depth >= 8:
                raise self.refuse("GEOM_DEPTH", path)
            if not isinstance(parts, list):
                raise self.refuse("JSON_INVALID", f"{path}.geometries")
            return shapely.geometrycollections(
                [self.geometry(part, f"{path}.geometries[{i}]", depth + 1) for i, part in enumerate(parts)]
            )
        coordinates = value.get("coordinates")
        place = f"{path}.coordinates"
        builders: dict[str, Callable[[], Any]] = {
            "Point": lambda: shapely.points(self.positions([coordinates], place)[0]),
            "MultiPoint": lambda: shapely.multipoints(self.positions(coordinates, place)),
            "LineString": lambda: self.line(coordinates, place),
            "MultiLineString": lambda: shapely.multilinestrings(
                [self.line(*item) for item in self.items(coordinates, place)]
            ),
            "Polygon": lambda: self.polygon(coordinates, place),
            "MultiPolygon": lambda: self.multipolygon(coordinates, place),
        }
        build = builders.get(kind) if isinstance(kind, str) else None
        if build is None:
            raise self.refuse("JSON_INVALID", f"{path}.type")
        return build()

    def items(self, value: Any, path: str) -> list[tuple[Any, str]]:
        if not isinstance(value, list):
            raise self.refuse("JSON_INVALID", path)
        return [(item, f"{path}[{index}]") for index, item in enumerate(value)]

    def positions(self, value: Any, path: str) -> Any:
        rows = self.items(value, path)
        self.left -= len(rows)
        if self.left < 0:
            raise self.refuse("TOO_MANY_VERTICES", path, count=self.limit - self.left, limit=self.limit)
        out = np.empty((len(rows), 2))
        for index, (row, place) in enumerate(rows):
            if not isinstance(row, list) or not 2 <= len(row) <= 5:
                raise self.refuse("JSON_INVALID", place)
            if any(isinstance(number, bool) or not isinstance(number, int | float) for number in row):
                raise self.refuse("JSON_INVALID", place)
            self.dropped_z = self.dropped_z or len(row) > 2
            try:
                out[index] = row[0], row[1]
            except OverflowError as error:
                raise self.refuse("COORD_RANGE", place) from error
            if not (math.isfinite(out[index, 0]) and math.isfinite(out[index, 1])):
                raise self.refuse("COORD_NOT_FINITE", place)
        return out

    def line(self, value: Any, path: str) -> Any:
        points = self.positions(value, path)
        if len(points) < 2:
            raise self.refuse("GEOM_DEGENERATE", path)
        return shapely.linestrings(points)

    def polygon(self, value: Any, path: str) -> Any:
        rings = [self.ring(*item) for item in self.items(value, path)]
        if not rings:
            return shapely.polygons(np.empty((0, 2)))
        return shapely.polygons(rings[0], rings[1:]) if len(rings) > 1 else shapely.polygons(rings[0])

    def multipolygon(self, value: Any, path: str) -> Any:
        parts = [self.polygon(*item) for item in self.items(value, path)]
        return shapely.multipolygons(parts) if parts else shapely.from_wkt("MULTIPOLYGON EMPTY")

    def ring(self, value: Any, path: str) -> Any:
        points = self.positions(value, path)
        if len(points) < 3:
            raise self.refuse("GEOM_EMPTY" if not len(points) else "GEOM_DEGENERATE", path)
        gap = float(np.hypot(*(points[-1] - points[0])))
        if gap and np.abs(points).max() <= 360:
            gap *= limits.METRES_A_DEGREE
        if gap > limits.CLOSE_M:
            raise self.refuse("LINE_NOT_CLOSED", path, gap_m=gap)
        if gap:
            self.closed += 1
            self.widest = max(self.widest, gap)
            points = np.vstack([points, points[:1]])
        if len(points) < 4:
            raise self.refuse("GEOM_DEGENERATE", path)
        return shapely.linearrings(points)
