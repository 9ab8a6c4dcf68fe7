"""What does the engine answer about the golden zones, how is that kept, and what moved against what was kept?

It keeps hashes and key figures only: enough to say whether, where and by how much an answer moved.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from layers.crs import point_to_storage, point_to_wgs84
from planning.checks.engine import check_report
from planning.checks.report import Report
from planning.checks.types import Basis, Level
from tests.cast import Land
from tests.checks.golden.zones import golden_zones

FILE = Path(__file__).with_name("golden.json")
# What another version of GEOS or PROJ may move without anybody deciding otherwise.
AREA_M2 = 0.1
SHARE = 1e-6
DISTANCE_M = 0.01
DEGREES = 1e-8  # a millimetre


def answers(land: Land, against: Basis) -> dict[str, Any]:
    """Ask about every golden zone; return what is kept of the answers."""
    zones: dict[str, Any] = {}
    engine: dict[str, str] = {}
    for golden in golden_zones(land):
        report = check_report(golden.subject, against, level=Level.STORED)
        live = check_report(golden.subject, against, level=Level.LIVE)
        if live.canonical_bytes() != report.canonical_bytes():
            raise AssertionError(f"{golden.name}: live and stored level answer differently")
        zones[golden.name] = _kept(report)
        engine = dict(report.engine)
    return {"engine": engine, "zones": zones}


def _kept(report: Report) -> dict[str, Any]:
    rows = [
        [
            finding.rule,
            finding.outcome.value,
            finding.feature_name,
            _figure(finding.overlap_m2, 2),
            _figure(finding.distance_m, 2),
            _figure(finding.unchecked_share, 6),
        ]
        for finding in report.findings
        if finding.outcome.value != "clear" or finding.distance_m is not None
    ]
    x, y = report.zone.centroid.coords
    lon, lat = point_to_wgs84(round(x, 3), round(y, 3))
    back = point_to_storage(lon, lat)
    return {
        "hash": report.findings_hash,
        "zone": report.geom_hash[:16],
        "verdict": report.verdict.value,
        "area_m2": round(report.area_m2, 2),
        "lonlat": [round(lon, 9), round(lat, 9)],
        "there_and_back_mm": round(math.dist(back, (round(x, 3), round(y, 3))) * 1_000, 1),
        "totals": {total.rule: round(total.overlap_m2, 2) for total in report.totals},
        "land": {row.code: round(row.area_m2, 2) for row in report.land_use},
        "findings": sorted(rows, key=json.dumps),
    }


def _figure(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits) + 0.0


def load() -> dict[str, Any]:
    """Read what was kept."""
    kept: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return kept


def save(found: dict[str, Any]) -> int:
    """Keep *found*, one line per zone; return the size in bytes."""
    lines = [f"{json.dumps(name)}: {json.dumps(zone, separators=(',', ':'))}" for name, zone in found["zones"].items()]
    body = ",\n".join(lines)
    text = f'{{"engine": {json.dumps(found["engine"])},\n"zones": {{\n{body}\n}}}}\n'
    FILE.write_text(text, encoding="utf-8")
    return len(text.encode())


def moved(kept: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """Return what moved beyond the written tolerance, one line each: zone, what, before → after."""
    lines: list[str] = []
    for name in dict.fromkeys([*kept["zones"], *found["zones"]]):
        before, after = kept["zones"].get(name), found["zones"].get(name)
        if before is None or after is None:
            lines.append(f"{name}: {'gone' if after is None else 'new'}")
            continue
        lines += [f"{name}: {line}" for line in _zone_moved(before, after)]
    return lines


def other_hashes(kept: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """Return the zones whose findings have another hash."""
    return [name for name, zone in found["zones"].items() if kept["zones"].get(name, {}).get("hash") != zone["hash"]]


def _zone_moved(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    lines = [f"{what}: {before[what]} → {after[what]}" for what in ("zone", "verdict") if before[what] != after[what]]
    if not _near(before["area_m2"], after["area_m2"], _area(before["area_m2"])):
        lines.append(f"area_m2: {before['area_m2']} → {after['area_m2']}")
    if math.dist(before["lonlat"], after["lonlat"]) > DEGREES or after["there_and_back_mm"] > 1:
        lines.append(f"place: {before['lonlat']} → {after['lonlat']}, {after['there_and_back_mm']} mm there and back")
    for table in ("totals", "land"):
        for key in sorted({*before[table], *after[table]}):
            was, now = before[table].get(key), after[table].get(key)
            if not _near(was, now, _area(was)):
                lines.append(f"{table} {key or '?'}: {was} → {now}")
    return lines + _findings_moved(before["findings"], after["findings"])


def _findings_moved(before: list[list[Any]], after: list[list[Any]]) -> list[str]:
    def by_row(rows: list[list[Any]]) -> dict[str, list[list[Any]]]:
        held: dict[str, list[list[Any]]] = {}
        for row in rows:
            held.setdefault(" ".join(str(piece) for piece in row[:3]), []).append(row[3:])
        return held

    was, now = by_row(before), by_row(after)
    lines = []
    for row in dict.fromkeys([*was, *now]):
        old, new = was.get(row, []), now.get(row, [])
        if len(old) != len(new) or not all(_same(one, other) for one, other in zip(old, new, strict=True)):
            lines.append(f"{row}: {old} → {new}")
    return lines


def _same(one: list[Any], other: list[Any]) -> bool:
    allowed = (_area(one[0]), DISTANCE_M, SHARE)
    return all(_near(was, now, step) for was, now, step in zip(one, other, allowed, strict=True))


def _area(value: float | None) -> float:
    return max(AREA_M2, 1e-6 * (value or 0.0))


def _near(was: float | None, now: float | None, allowed: float) -> bool:
    if was is None or now is None:
        return was is now
    return abs(was - now) <= allowed + 1e-9
