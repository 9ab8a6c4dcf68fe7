"""In which coordinate system does this file make sense? Every plausible one, ranked by where the data land.

It never decides for the person when the file's own word does not fit: it ranks, names the doubt, and shows outlines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from layers import crs
from layers.models import AdminUnit

Coordinates = NDArray[np.float64]
BORDER_M = 100.0
# A VN-2000 zone's projection on the WGS 84 datum, as badly written .prj files mean it or not: SRID plus this.
ON_WGS84 = 1_000_000
_LEGACY = {3148: "Indian 1960 / UTM 48N", 3149: "Indian 1960 / UTM 49N"}
# Without any province in the books, "somewhere in Việt Nam" has to do: degrees west, south, east, north.
_VIETNAM = (102.0, 8.0, 110.5, 23.5)


@dataclass(frozen=True)
class CrsCandidate:
    """One way to read a file's coordinates, and where the data land then (storage CRS)."""

    key: str
    srid: int
    swapped: bool
    label: str
    declared: bool
    share_in_province: float
    share_in_unit: float
    centre: tuple[float, float]
    accuracy: str = ""


@dataclass(frozen=True)
class Ranking:
    """The candidates, best first, and the question to put to the person (empty when the file's word fits)."""

    candidates: tuple[CrsCandidate, ...]
    question: str = ""
    declared_fits: bool = False
    params: dict[str, Any] = field(default_factory=dict)


def to_storage_xy(xy: Coordinates, srid: int, *, swapped: bool = False) -> Coordinates:
    """Convert coordinates (n, 2) of a readable CRS to the storage CRS; not finite where they have no place."""
    if swapped:
        xy = xy[:, ::-1]
    x, y = np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])
    storage = crs.storage_srid()
    out: Coordinates
    with np.errstate(all="ignore"):
        if srid == storage:
            return np.column_stack([x, y])
        if srid in crs.ZONES:
            return np.column_stack(crs.zone_to_zone(srid, storage).transform(x, y))
        if srid > ON_WGS84:
            lon, lat = _unproject(srid - ON_WGS84).transform(x, y)
            return np.column_stack(crs.wgs84_to_zone(storage).transform(lon, lat))
        if srid == crs.VN2000_GEOGRAPHIC:
            return np.column_stack(_vn2000_geographic(storage).transform(x, y))
        lon, lat = (x, y) if srid == crs.WGS84 else _to_wgs84(srid).transform(x, y)
        off_globe = ~((np.abs(lon) <= 180) & (np.abs(lat) <= 90))
        out = np.column_stack(crs.wgs84_to_zone(storage).transform(lon, lat))
        out[off_globe] = np.inf
        return out


def _vn2000_geographic(storage: int) -> Any:
    from pyproj import Transformer

    return Transformer.from_pipeline(
        f"+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step {crs.zone_of(storage).projection}"
    )


def _unproject(srid: int) -> Any:
    from pyproj import Transformer

    return Transformer.from_pipeline(
        f"+proj=pipeline +step +inv {crs.zone_of(srid).projection} +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )


def _to_wgs84(srid: int) -> Any:
    from pyproj import Transformer

    return Transformer.from_crs(srid, crs.WGS84, always_xy=True, allow_ballpark=False)


def sample(shapes: Any, limit: int = 400) -> Coordinates:
    """Return up to *limit* coordinates spread evenly over all features."""
    coordinates: Coordinates = shapely.get_coordinates(shapes)
    if len(coordinates) <= limit:
        return coordinates
    spread: Coordinates = coordinates[np.linspace(0, len(coordinates) - 1, limit).astype(int)]
    return spread


def rank(points: Coordinates, declared: dict[str, Any], unit: AdminUnit | None = None) -> Ranking:
    """Rank the ways to read *points* (file coordinates) given what the file declares."""
    province = _province_area()
    unit_area = None if unit is None else shapely.buffer(shapely.from_wkb(bytes(unit.geom.wkb)), BORDER_M)
    found = [
        candidate
        for srid, swapped, is_declared in _ways(declared)
        if (candidate := _judge(points, srid, province, unit_area, swapped=swapped, declared=is_declared)) is not None
    ]
    own = next((candidate for candidate in found if candidate.declared), None)
    landing = [candidate for candidate in found if candidate.share_in_province >= 0.5]
    landing.sort(key=lambda item: _order(item, unit_area))
    question = _question(declared, own, landing, points)
    if own is not None and own not in landing and not landing:
        return Ranking((own,), question or "NOWHERE")
    if declared.get("how") == "suspect_datum":  # the two readings first, whatever else lands near
        pair = {int(declared["epsg"]), int(declared["epsg"]) + ON_WGS84}
        landing.sort(key=lambda item: (item.srid not in pair, item.srid))
    kept = landing[:8]
    if own is not None and own not in kept:
        kept.append(own)
    if own is not None and not question:
        kept.remove(own)
        kept.insert(0, own)
    return Ranking(tuple(kept), question if kept else "NOWHERE", declared_fits=bool(own is not None and not question))


def _ways(declared: dict[str, Any]) -> list[tuple[int, bool, bool]]:
    """List (SRID, axes swapped, declared): the file's word first, the storage zone next, then all others."""
    own = declared.get("epsg") if declared.get("how") != "suspect_datum" else None
    ways: list[tuple[int, bool, bool]] = []
    if own is not None:
        ways.append((int(own), False, True))
    storage = crs.storage_srid()
    others = [storage, *(srid for srid in crs.ZONES if srid != storage), crs.VN2000_GEOGRAPHIC, crs.WGS84]
    others += [32648, 32649, 3857, *_LEGACY]
    if declared.get("how") == "suspect_datum":
        ways += [(int(declared["epsg"]), False, False), (int(declared["epsg"]) + ON_WGS84, False, False)]
    ways += [(srid, False, False) for srid in others if srid != own]
    swaps = dict.fromkeys([own, storage, crs.WGS84, *(srid for srid in crs.STORAGE_ZONES)])
    ways += [(int(srid), True, False) for srid in swaps if srid is not None and srid != 3857]
    return list(dict.fromkeys(ways))


def _judge(
    points: Coordinates, srid: int, province: Any, unit_area: Any, *, swapped: bool, declared: bool
) -> CrsCandidate | None:
    landed = to_storage_xy(points, srid, swapped=swapped)
    finite = np.isfinite(landed).all(axis=1)
    if not finite.any():
        return (
            None
            if not declared
            else _candidate(srid, swapped=swapped, declared=declared, in_province=0.0, in_unit=0.0, centre=(0.0, 0.0))
        )
    spots = shapely.points(landed[finite])
    in_province = float(shapely.contains(province, spots).sum()) / len(points)
    in_unit = float(shapely.contains(unit_area, spots).sum()) / len(points) if unit_area is not None else 0.0
    middle = landed[finite].mean(axis=0)
    centre = (float(middle[0]), float(middle[1]))
    return _candidate(srid, swapped=swapped, declared=declared, in_province=in_province, in_unit=in_unit, centre=centre)


def _candidate(
    srid: int, *, swapped: bool, declared: bool, in_province: float, in_unit: float, centre: tuple[float, float]
) -> CrsCandidate:
    return CrsCandidate(
        key=f"{srid}{'s' if swapped else ''}",
        srid=srid,
        swapped=swapped,
        label=label_of(srid, swapped=swapped),
        declared=declared,
        share_in_province=round(in_province, 4),
        share_in_unit=round(in_unit, 4),
        centre=centre,
        accuracy=_("± 28–45 m") if srid in _LEGACY else "",
    )


def label_of(srid: int, *, swapped: bool = False) -> str:
    """Name a readable CRS for a person."""
    if srid in crs.ZONES:
        label = crs.zone_label(srid)
    elif srid > ON_WGS84:
        label = _("%(crs)s, but on the WGS 84 datum") % {"crs": crs.zone_label(srid - ON_WGS84)}
    else:
        label = {
            crs.WGS84: _("WGS 84, longitude and latitude"),
            crs.VN2000_GEOGRAPHIC: _("VN-2000, longitude and latitude"),
            32648: "WGS 84 / UTM 48N",
            32649: "WGS 84 / UTM 49N",
            3857: _("Web Mercator"),
            **_LEGACY,
        }.get(srid, f"EPSG:{srid}")
    return _("%(crs)s, axes swapped") % {"crs": label} if swapped else label


def _order(candidate: CrsCandidate, unit_area: Any) -> tuple[float, ...]:
    distance = 0.0
    if unit_area is not None:
        distance = float(shapely.distance(unit_area, shapely.points(candidate.centre)))
    # Small differences of shares must not beat the plain reading in the province's own zone.
    return (
        -round(candidate.share_in_unit, 1),
        distance,
        -round(candidate.share_in_province, 1),
        float(candidate.swapped),
        float(not candidate.declared),
        float(candidate.srid != crs.storage_srid()),
        float(candidate.srid not in crs.ZONES) + float(candidate.srid in _LEGACY),
        float(candidate.srid),
    )


def _question(
    declared: dict[str, Any], own: CrsCandidate | None, landing: list[CrsCandidate], points: Coordinates
) -> str:
    how = declared.get("how")
    if how == "suspect_datum":
        return "CRS_SUSPECT_DATUM"
    if own is not None and own in landing:
        return ""
    if own is not None:
        big = float(np.abs(points).max())
        if own.srid in {crs.WGS84, crs.VN2000_GEOGRAPHIC} and big > 360:
            return "CRS_SUSPECT_PROJECTED"
        if landing and landing[0].swapped and landing[0].srid == own.srid:
            return "CRS_SUSPECT_SWAP"
        return "OUTSIDE_PROVINCE"
    return "CRS_MISSING" if how in {"missing", None} else "CRS_UNKNOWN"


def _province_area() -> Any:
    province = AdminUnit.objects.valid_on(timezone.localdate()).of_level("province").first()
    if province is not None:
        area = shapely.buffer(shapely.simplify(shapely.from_wkb(bytes(province.geom.wkb)), 20.0), BORDER_M)
    else:
        west, south, east, north = _VIETNAM
        ring = np.array([[west, south], [east, south], [east, north], [west, north]])
        area = shapely.box(*shapely.total_bounds(shapely.points(to_storage_xy(ring, crs.WGS84))))
    shapely.prepare(area)
    return area


def outline(shapes: Any, candidate: CrsCandidate, *, points: int = 400) -> GEOSGeometry | None:
    """Return a light outline of the data as a candidate reads them, a ghost for the map; None without a place."""
    moved = shapely.transform(shapes, lambda xy: to_storage_xy(xy, candidate.srid, swapped=candidate.swapped))
    gathered = shapely.geometrycollections(moved[~shapely.is_missing(moved)])
    coordinates = shapely.get_coordinates(gathered)
    if not len(coordinates) or not np.isfinite(coordinates).all():
        return None
    west, south, east, north = shapely.total_bounds(gathered)
    light = shapely.simplify(gathered, max(east - west, north - south) / points, preserve_topology=False)
    return GEOSGeometry(memoryview(shapely.to_wkb(light, byte_order=1)), srid=crs.storage_srid())
