"""What becomes of each feature of a file, as page and map show it? The verdicts of the ground, ready for JSON.

It changes nothing and stores nothing: a mended geometry is shown beside the area it had.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import shapely

from layers.vetting import FEATURES, REPAIR
from mapping.desks.intake.facts import as_geojson, notice_facts
from mapping.desks.intake.figures import square_metres
from mapping.desks.intake.purposes.base import Line

if TYPE_CHECKING:
    from layers.intake.candidates import CrsCandidate
    from layers.intake.read import Intake
    from layers.intake.verdicts import FeatureVerdict
    from layers.models import AdminUnit
    from mapping.desks.intake.models import Arrival

LISTED = 2_000
PICTURED = 600
SIGN_OF_LIFE = 2_000
"""Features between two signs of life to the page."""


def judge(
    arrival: Arrival, intake: Intake, candidate: CrsCandidate, unit: AdminUnit | None, *, in_province: bool
) -> tuple[list[Line], dict[str, Any], Counter[str]]:
    """Return the lines worth reading, the picture for the map, and how many features have which outcome.

    Of a large file only the features that need a look are listed; the picture holds those first.
    """
    from layers.intake.read import storage_shapes

    shapes = storage_shapes(intake, candidate)
    lines: list[Line] = []
    counts: Counter[str] = Counter()
    pictured: list[dict[str, Any]] = []
    quiet: list[dict[str, Any]] = []
    tolerance = _tolerance(shapes)
    listed = len(shapes) <= LISTED
    for index, verdict in enumerate(_verdicts(intake, candidate, unit, in_province=in_province)):
        counts[verdict.outcome] += 1
        if listed or (verdict.outcome != "ok" and len(lines) < LISTED):
            lines.append(line_of(verdict))
        room = quiet if verdict.outcome == "ok" else pictured
        if len(room) < PICTURED:
            room += _features(verdict, shapes[index], tolerance)
        if not listed and index % SIGN_OF_LIFE == 0:
            arrival.facts["progress"] = {"done": index, "total": len(shapes)}
            arrival.save(update_fields=["facts", "changed_at"])
    shown = pictured + quiet[: max(0, PICTURED - len(pictured))]
    return lines, {"type": "FeatureCollection", "features": shown}, counts


def refusals(
    intake: Intake, candidate: CrsCandidate, unit: AdminUnit | None, lines: Iterable[Line], *, in_province: bool
) -> dict[int, Any]:
    """Return why each feature cannot be used, by its number: what *lines* say, and of a large file all the others."""
    found: dict[int, Any] = {}
    if len(intake.shapes) > LISTED:
        for verdict in _verdicts(intake, candidate, unit, in_province=in_province):
            if verdict.refused is not None:
                found[verdict.number] = line_of(verdict).refused
    return found | {line.number: line.refused for line in lines if line.refused is not None}


def _verdicts(
    intake: Intake, candidate: CrsCandidate, unit: AdminUnit | None, *, in_province: bool
) -> Iterable[FeatureVerdict]:
    from layers.intake.verdicts import each_verdict, verdicts

    if len(intake.shapes) <= LISTED:
        return verdicts(intake, candidate, limits=REPAIR, unit=unit, in_province=in_province)
    return each_verdict(intake, candidate, limits=FEATURES, unit=unit, in_province=in_province)


def line_of(verdict: FeatureVerdict) -> Line:
    """Return a verdict as the page shows it."""
    refused = verdict.refused
    return Line(
        number=verdict.number,
        label=verdict.label[:80],
        outcome=verdict.outcome,
        notices=tuple(notice_facts(notice) for notice in verdict.notices),
        refused=None
        if refused is None
        else {
            "code": refused.code,
            "message": str(refused.message),
            "where": str(refused.where),
            "todo": str(refused.todo),
        },
        before_m2=verdict.area_before_m2,
        after_m2=verdict.area_after_m2,
        variants=tuple(
            {"key": one.key, "text": str(one.text), "area": square_metres(one.area_m2)} for one in verdict.variants
        ),
    )


def _features(verdict: FeatureVerdict, shape: Any, tolerance: float) -> list[dict[str, Any]]:
    """Return the feature as it will be kept, every way when it is asked about, as it came when refused."""
    ways = {one.key: shapely.from_wkb(bytes(one.geom.wkb)) for one in verdict.variants}
    if not ways:
        ways = {"": shape if verdict.geom is None else shapely.from_wkb(bytes(verdict.geom.wkb))}
    found = []
    for variant, one in ways.items():
        geometry = as_geojson(one, tolerance)
        if geometry is not None:
            told = {"number": verdict.number, "outcome": verdict.outcome, "variant": variant}
            found.append({"type": "Feature", "geometry": geometry, "properties": told})
    return found


def _tolerance(shapes: Any) -> float:
    """Return how far a drawn outline may stray (metres): invisible at the scale that shows the whole file."""
    west, south, east, north = shapely.total_bounds(shapes)
    return float(max(east - west, north - south)) / 4_000
