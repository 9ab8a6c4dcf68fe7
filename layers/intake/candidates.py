"""In which coordinate system does this file make sense? Every plausible one, ranked by where the data land.

It never decides for the person when the file's own word does not fit: it ranks, names the doubt, and shows outlines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone

from layers import crs
from layers.foreign_crs import FOREIGN, LEGACY, ON_WGS84, Coordinates, accuracy_of, label_of, to_storage_xy
from layers.models import AdminUnit
from layers.said import gettext as _

BORDER_M = 100.0
# So much of the corners has to lie in the unit, or in the province, before nobody is asked to confirm.
WELL_INSIDE = 0.99
MILLIMETRES = 0.001
# The smallest coordinate of a Vietnamese zone in millimetres is far above the largest in metres.
_LIKE_MILLIMETRES = 5e7
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
    scale: float = 1.0

    @property
    def is_storage(self) -> bool:
        """Tell whether the file's coordinates are those of the storage CRS already."""
        return self.srid == crs.storage_srid() and not self.swapped and self.scale == 1.0

    def to_storage(self, xy: Coordinates) -> Coordinates:
        """Convert the file's coordinates (n, 2) to the storage CRS; not finite where they have no place."""
        return to_storage_xy(xy, self.srid, swapped=self.swapped, scale=self.scale)


@dataclass(frozen=True)
class Ranking:
    """The candidates, best first, and the question to put to the person (empty when the file's word fits).

    *hint* names the system that fits when the file's own does not. *must_confirm* is false only when the file states
    its system, nothing contradicts it, and the data land in the declared unit (without one: in the province).
    """

    candidates: tuple[CrsCandidate, ...]
    question: str = ""
    declared_fits: bool = False
    params: dict[str, Any] = field(default_factory=dict)
    hint: str = ""
    must_confirm: bool = True


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
    if unit_area is not None:
        shapely.prepare(unit_area)
    found = [
        candidate
        for way in _ways(declared, points)
        if (candidate := _judge(points, way, province, unit_area)) is not None
    ]
    own = next((candidate for candidate in found if candidate.declared), None)
    landing = [candidate for candidate in found if candidate.share_in_province >= 0.5]
    landing.sort(key=lambda item: _order(item, unit_area))
    question = _question(declared, own, landing, points, in_unit=unit_area is not None)
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
    return Ranking(
        tuple(kept),
        question if kept else "NOWHERE",
        declared_fits=bool(own is not None and not question),
        params={"unit": "" if unit is None else unit.full_name},
        hint=_hint(kept[0]) if own is not None and question and _alone(kept, own, unit_area) else "",
        must_confirm=bool(question) or own is None or not _settled(own, unit_area),
    )


def _settled(own: CrsCandidate, unit_area: Any) -> bool:
    share = own.share_in_province if unit_area is None else own.share_in_unit
    return share >= WELL_INSIDE and own.srid not in LEGACY


def _alone(kept: Sequence[CrsCandidate], own: CrsCandidate, unit_area: Any) -> bool:
    """Whether the first reading fits and no other zone but the file's own does as well: of several none is named."""

    def share(one: CrsCandidate) -> float:
        return one.share_in_province if unit_area is None else one.share_in_unit

    rivals = [one for one in kept[1:] if one is not own and one.srid in crs.STORAGE_ZONES]
    return bool(kept) and kept[0] is not own and all(share(one) < share(kept[0]) for one in rivals)


def _hint(best: CrsCandidate) -> str:
    """Name what fits, the way surveyors do: by the zone's meridian."""
    if best.srid in crs.STORAGE_ZONES and not best.swapped and best.scale == 1.0:
        return _("It fits if the zone is %(meridian)s.") % {"meridian": crs.meridian_label(best.srid)}
    return _("It fits as: %(crs)s.") % {"crs": best.label}


@dataclass(frozen=True)
class _Way:
    """One way to read the numbers of a file."""

    srid: int
    swapped: bool = False
    declared: bool = False
    scale: float = 1.0


def _ways(declared: dict[str, Any], points: Coordinates) -> list[_Way]:
    """List the ways: the file's word first, the storage zone next, then all others; swapped; in millimetres."""
    own = declared.get("epsg") if declared.get("how") != "suspect_datum" else None
    ways: list[_Way] = []
    if own is not None:
        ways.append(_Way(int(own), declared=True))
    storage = crs.storage_srid()
    others = [storage, *(srid for srid in crs.ZONES if srid != storage), crs.VN2000_GEOGRAPHIC, crs.WGS84]
    others += [*FOREIGN, *LEGACY]
    if declared.get("how") == "suspect_datum":
        ways += [_Way(int(declared["epsg"])), _Way(int(declared["epsg"]) + ON_WGS84)]
    ways += [_Way(srid) for srid in others if srid != own]
    swaps = dict.fromkeys([own, storage, crs.WGS84, *crs.STORAGE_ZONES, 3405, 3406, *LEGACY])
    ways += [_Way(int(srid), swapped=True) for srid in swaps if srid is not None and srid != 3857]
    if float(np.abs(points).max(initial=0.0)) > _LIKE_MILLIMETRES:
        zones = [storage, *(srid for srid in crs.ZONES if srid != storage)]
        ways += [_Way(srid, swapped=swapped, scale=MILLIMETRES) for swapped in (False, True) for srid in zones]
    return list(dict.fromkeys(ways))


def _judge(points: Coordinates, way: _Way, province: Any, unit_area: Any) -> CrsCandidate | None:
    landed = to_storage_xy(points, way.srid, swapped=way.swapped, scale=way.scale)
    finite = np.isfinite(landed).all(axis=1)
    if not finite.any():
        return _candidate(way, in_province=0.0, in_unit=0.0, centre=(0.0, 0.0)) if way.declared else None
    x, y = landed[finite, 0], landed[finite, 1]
    in_province = float(shapely.contains_xy(province, x, y).sum()) / len(points)
    in_unit = float(shapely.contains_xy(unit_area, x, y).sum()) / len(points) if unit_area is not None else 0.0
    return _candidate(way, in_province=in_province, in_unit=in_unit, centre=(float(x.mean()), float(y.mean())))


def _candidate(way: _Way, *, in_province: float, in_unit: float, centre: tuple[float, float]) -> CrsCandidate:
    millimetres = way.scale == MILLIMETRES
    return CrsCandidate(
        key=f"{way.srid}{'s' if way.swapped else ''}{'mm' if millimetres else ''}",
        srid=way.srid,
        swapped=way.swapped,
        label=label_of(way.srid, swapped=way.swapped, millimetres=millimetres),
        declared=way.declared,
        share_in_province=round(in_province, 4),
        share_in_unit=round(in_unit, 4),
        centre=centre,
        accuracy=accuracy_of(way.srid),
        scale=way.scale,
    )


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
        float(candidate.srid not in crs.ZONES) + float(candidate.srid in LEGACY),
        float(candidate.srid),
    )


def _question(
    declared: dict[str, Any],
    own: CrsCandidate | None,
    landing: list[CrsCandidate],
    points: Coordinates,
    *,
    in_unit: bool,
) -> str:
    how = declared.get("how")
    best = landing[0] if landing else None
    if how == "suspect_datum" or (best is not None and best.scale == MILLIMETRES):
        return "CRS_SUSPECT_DATUM" if how == "suspect_datum" else "UNITS_SUSPECT"
    if own is None:
        return "CRS_MISSING" if how in {"missing", None} else "CRS_UNKNOWN"
    if own in landing:
        # The neighbouring zones of a province overlap: only the declared unit tells 108°15′ from 108°30′.
        elsewhere = in_unit and own.share_in_unit < 0.5 and best is not None and best.share_in_unit >= 0.5
        return "CRS_OUTSIDE_UNIT" if elsewhere else ""
    if own.srid in {crs.WGS84, crs.VN2000_GEOGRAPHIC} and float(np.abs(points).max()) > 360:
        return "CRS_SUSPECT_PROJECTED"
    swapped = best is not None and best.swapped and best.srid == own.srid
    return "CRS_SUSPECT_SWAP" if swapped else "OUTSIDE_PROVINCE"


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
    moved = shapely.transform(shapes, candidate.to_storage)
    gathered = shapely.geometrycollections(moved[~shapely.is_missing(moved)])
    coordinates = shapely.get_coordinates(gathered)
    if not len(coordinates) or not np.isfinite(coordinates).all():
        return None
    west, south, east, north = shapely.total_bounds(gathered)
    parts = shapely.get_parts(gathered)
    light = shapely.simplify(parts, max(east - west, north - south) / points, preserve_topology=False)
    # thinned, a boundary that crosses itself would lose a half and a small part everything: they are shown as they are
    thin = shapely.is_valid(parts) & ~shapely.is_empty(light)
    shown: Any = shapely.geometrycollections(np.where(thin, light, parts))
    return GEOSGeometry(memoryview(shapely.to_wkb(shown, byte_order=1)), srid=crs.storage_srid())
