"""How do coordinates of any readable system reach the storage zone? One written-out pipeline per system.

PROJ is never asked to choose an operation here: what it would pick depends on the point and on its version. Reading a
VN-2000 projection "as if on WGS 84" is a system of its own (`ON_WGS84`), because badly written .prj files mean it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from layers import crs
from layers.said import gettext as _

if TYPE_CHECKING:
    from pyproj import Transformer

Coordinates = NDArray[np.float64]
# A VN-2000 zone's projection on the WGS 84 datum: SRID plus this.
ON_WGS84 = 1_000_000
_TO_DEGREES = "+step +proj=unitconvert +xy_in=rad +xy_out=deg"


def _shifted(ellipsoid: str, helmert: str) -> str:
    return (
        f"+step +proj=push +v_3 +step +proj=cart +ellps={ellipsoid} +step +proj=helmert {helmert}"
        f" +step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3 {_TO_DEGREES}"
    )


# Indian 1960 to WGS 84 (2), EPSG:1542, onshore between 14° and 18° N, accuracy 44 m; Hanoi 1972 to WGS 84 (1),
# EPSG:1544, accuracy 5 m around Vũng Tàu (PROJ itself has only a ballpark for the zone east of 108° E).
_INDIAN_1960 = _shifted("evrst30", "+x=198 +y=881 +z=317")
_HANOI_1972 = _shifted("krass", "+x=-17.51 +y=-108.32 +z=-62.39")
_TO_WGS84 = {
    32648: f"+step +inv +proj=utm +zone=48 +ellps=WGS84 {_TO_DEGREES}",
    32649: f"+step +inv +proj=utm +zone=49 +ellps=WGS84 {_TO_DEGREES}",
    3857: f"+step +inv +proj=webmerc +ellps=WGS84 {_TO_DEGREES}",
    3148: f"+step +inv +proj=utm +zone=48 +ellps=evrst30 {_INDIAN_1960}",
    3149: f"+step +inv +proj=utm +zone=49 +ellps=evrst30 {_INDIAN_1960}",
    2044: f"+step +inv +proj=tmerc +lat_0=0 +lon_0=105 +k=1 +x_0=18500000 +y_0=0 +ellps=krass {_HANOI_1972}",
    2045: f"+step +inv +proj=tmerc +lat_0=0 +lon_0=111 +k=1 +x_0=19500000 +y_0=0 +ellps=krass {_HANOI_1972}",
}
LEGACY = {
    2044: "Hà Nội 1972 (HN-72) / Gauss-Krüger 18",
    2045: "Hà Nội 1972 (HN-72) / Gauss-Krüger 19",
    3148: "Indian 1960 / UTM 48N",
    3149: "Indian 1960 / UTM 49N",
}
FOREIGN = tuple(srid for srid in _TO_WGS84 if srid not in LEGACY)


def accuracy_of(srid: int) -> str:
    """Say how exactly a legacy system can be brought over; empty for the others."""
    if srid in {3148, 3149}:
        return _("± 28–45 m")
    return _("± 5 m around Vũng Tàu, not known elsewhere") if srid in LEGACY else ""


def label_of(srid: int, *, swapped: bool = False, millimetres: bool = False) -> str:
    """Name a readable system for a person."""
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
            **LEGACY,
        }.get(srid, f"EPSG:{srid}")
    if millimetres:
        label = _("%(crs)s, in millimetres") % {"crs": label}
    return _("%(crs)s, axes swapped") % {"crs": label} if swapped else label


def to_storage_xy(xy: Coordinates, srid: int, *, swapped: bool = False, scale: float = 1.0) -> Coordinates:
    """Convert coordinates (n, 2) of a readable system to the storage CRS; not finite where they have no place.

    *swapped*: northing stands before easting. *scale*: metres per unit of the file (0.001 for millimetres). Raises
    KeyError for a system nobody listed.
    """
    if swapped:
        xy = xy[:, ::-1]
    x, y = np.ascontiguousarray(xy[:, 0]) * scale, np.ascontiguousarray(xy[:, 1]) * scale
    storage = crs.storage_srid()
    with np.errstate(all="ignore"):
        if srid == storage:
            return np.column_stack([x, y])
        if srid in crs.ZONES:
            return np.column_stack(crs.zone_to_zone(srid, storage).transform(x, y))
        if srid == crs.VN2000_GEOGRAPHIC:
            placed = np.column_stack(_from_vn2000_degrees(storage).transform(x, y))
            return _only_on_globe(placed, x, y)
        if srid > ON_WGS84:
            lon, lat = _to_degrees(srid - ON_WGS84).transform(x, y)
        else:
            lon, lat = (x, y) if srid == crs.WGS84 else _to_wgs84(srid).transform(x, y)
        return _only_on_globe(np.column_stack(crs.wgs84_to_zone(storage).transform(lon, lat)), lon, lat)


def _only_on_globe(placed: Coordinates, lon: Any, lat: Any) -> Coordinates:
    placed[~((np.abs(lon) <= 180) & (np.abs(lat) <= 90))] = np.inf
    return placed


@cache
def _from_vn2000_degrees(storage: int) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_pipeline(
        f"+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step {crs.zone_of(storage).projection}"
    )


@cache
def _to_degrees(srid: int) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_pipeline(f"+proj=pipeline +step +inv {crs.zone_of(srid).projection} {_TO_DEGREES}")


@cache
def _to_wgs84(srid: int) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_pipeline(f"+proj=pipeline {_TO_WGS84[srid]}")
