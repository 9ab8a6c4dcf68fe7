"""Which coordinate system does this text mean? EPSG code by parameters, never by name alone, never by fetching a link.

A transverse Mercator with a VN-2000 meridian on the WGS 84 datum stays a question: the two readings differ by 225 m.
"""

from __future__ import annotations

import re
from typing import Any

VN_MERIDIANS = {
    102.0: 5896, 103.0: 9205, 104.0: 9206, 104.5: 9207, 104.75: 9208, 105.0: 5897, 105.5: 9209, 105.75: 9210,
    106.0: 9211, 106.25: 9212, 106.5: 9213, 107.0: 9214, 107.25: 9215, 107.5: 9216, 107.75: 5899, 108.0: 5898,
    108.25: 9217, 108.5: 9218,
}  # fmt: skip
VN_SHIFT_M = (-191.90, -39.30, -111.45)
UTM = {105.0: (3405, 32648), 111.0: (3406, 32649)}
READABLE = frozenset({*VN_MERIDIANS.values(), 3405, 3406, 4756, 4326, 32648, 32649, 3857, 3148, 3149, 2044, 2045})
_WKT_STARTS = ("PROJCS", "GEOGCS", "PROJCRS", "GEOGCRS", "BOUNDCRS", "COMPD_CS")
_NAMELESS = frozenset({"unknown", "undefined", "undefined geographic srs", "undefined cartesian srs"})
_VN_DATUM = re.compile(r"vn[-_ ]?2000|vietnam[-_ ]?2000", re.IGNORECASE)


def identify(text: str) -> dict[str, Any]:
    """Return EPSG code, name and how it was found: ``missing, unknown, code, matched, suspect_datum``."""
    if not text:
        return {"epsg": None, "name": "", "how": "missing"}
    code = re.fullmatch(r"EPSG:(\d{4,6})", text.strip(), re.IGNORECASE)
    if code:
        return _known(int(code[1]), text.strip().upper(), "code")
    return _from_wkt(text)


def _from_wkt(text: str) -> dict[str, Any]:
    if "://" in text[:200] and not text.lstrip().upper().startswith(_WKT_STARTS):
        return {"epsg": None, "name": text[:80], "how": "unknown"}
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        crs = CRS.from_wkt(text)
    except CRSError:
        return {"epsg": None, "name": text[:80], "how": "unknown"}
    name = (crs.name or "")[:80]
    shifted = crs.is_bound and _is_vn2000_shift(crs.coordinate_operation)
    if crs.is_bound and crs.source_crs is not None:
        crs = crs.source_crs
    if name.lower() in _NAMELESS and not crs.is_projected:
        return {"epsg": None, "name": name, "how": "missing"}
    if crs.is_geographic:
        return _geographic(crs, name, shifted=shifted)
    return (
        _projected(crs, name, shifted=shifted) if crs.is_projected else {"epsg": None, "name": name, "how": "unknown"}
    )


def _known(epsg: int, name: str, how: str) -> dict[str, Any]:
    if epsg in READABLE:
        return {"epsg": epsg, "name": name, "how": how}
    return {"epsg": None, "name": name, "how": "unknown"}


def _datum(crs: Any) -> str:
    datum = crs.geodetic_crs.datum if crs.geodetic_crs is not None else None
    name = (datum.name if datum is not None else "") or ""
    geodetic = crs.geodetic_crs.name if crs.geodetic_crs is not None else ""
    if _VN_DATUM.search(name) or _VN_DATUM.search(geodetic or ""):
        return "vn2000"
    if re.search(r"wgs[-_ ]?(19)?84|world geodetic system 1984", name, re.IGNORECASE):
        return "wgs84"
    return name


def _is_vn2000_shift(operation: Any) -> bool:
    """Tell whether a datum shift to WGS 84 is VN-2000's (EPSG:6960 or the older set, which differ by a metre)."""
    found = list(operation.towgs84) if operation is not None else []
    return len(found) >= 3 and all(abs(own - its) <= 2 for own, its in zip(VN_SHIFT_M, found[:3], strict=True))


def _geographic(crs: Any, name: str, *, shifted: bool) -> dict[str, Any]:
    datum = "vn2000" if shifted else _datum(crs)
    if datum == "vn2000":
        return {"epsg": 4756, "name": name, "how": "matched"}
    if datum == "wgs84":
        return {"epsg": 4326, "name": name, "how": "code"}
    return {"epsg": None, "name": name, "how": "unknown"}


def _projected(crs: Any, name: str, *, shifted: bool) -> dict[str, Any]:
    operation = crs.coordinate_operation
    if operation is None or "transverse mercator" not in operation.method_name.lower():
        return _known(crs.to_epsg(min_confidence=90) or 0, name, "code")
    values = {param.name.lower(): (param.value, param.unit_conversion_factor) for param in operation.params}
    scale = values.get("scale factor at natural origin", (1.0, 1))[0]
    meridian = _degrees(values.get("longitude of natural origin", (0.0, 1)))
    easting = values.get("false easting", (0.0, 1))
    plain = (
        abs(_degrees(values.get("latitude of natural origin", (0.0, 1)))) < 1e-9
        and abs(easting[0] * easting[1] - 500_000) < 1e-3
        and abs(values.get("false northing", (0.0, 1))[0]) < 1e-3
        and all(abs(axis.unit_conversion_factor - 1) < 1e-12 for axis in crs.axis_info)
    )
    datum = "vn2000" if shifted else _datum(crs)
    zone = next((epsg for at, epsg in VN_MERIDIANS.items() if abs(at - meridian) < 1e-6), None)
    if plain and abs(scale - 0.9999) < 1e-9 and zone is not None:
        if datum == "vn2000":
            exact = crs.to_epsg(min_confidence=90) == zone
            return {"epsg": zone, "name": name, "how": "code" if exact else "matched"}
        # VN-2000's shift to WGS 84 in the text tells what was meant; WGS 84 alone, or "VN-2000" in a name, does not.
        return {"epsg": zone, "name": name, "how": "suspect_datum"}
    if plain and abs(scale - 0.9996) < 1e-9:
        pair = next((codes for at, codes in UTM.items() if abs(at - meridian) < 1e-6), None)
        if pair is not None and datum in {"vn2000", "wgs84"}:
            return {"epsg": pair[0] if datum == "vn2000" else pair[1], "name": name, "how": "code"}
    return _known(crs.to_epsg(min_confidence=90) or 0, name, "code")


def _degrees(value: tuple[float, float]) -> float:
    """Return an angle in degrees; the factor converts to radians (degree: 0.01745…)."""
    return value[0] * value[1] / 0.017453292519943295 if value[1] != 1 else value[0]
