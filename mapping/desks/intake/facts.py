"""What was read, as the pages show it: coordinate readings with ghosts, texts side by side, columns with samples.

Plain JSON only: it is kept with the arrival, so that a page needs no second reading.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import shapely
from django.contrib.gis.geos import GeometryCollection, GEOSGeometry

from layers.crs import storage_srid
from layers.models import AdminUnit
from layers.said import gettext as _
from layers.vetting import Notice
from mapping.desks.intake.purposes.base import Column
from mapping.desks.intake.purposes.cells import value_of
from mapping.glass.geojson import to_geojson

if TYPE_CHECKING:
    from layers.intake.candidates import CrsCandidate
    from layers.intake.read import Intake

WELL_INSIDE = 0.5
SAMPLES = 3
SAMPLE_LENGTH = 60
SAMPLED = 400
GHOST_PARTS = 300
REMARKS = 100
WORDS_ASKED = 40
"""A column with more strange words than anyone looks through is the wrong one; its other rows have their reasons."""


def read_facts(intake: Intake) -> dict[str, Any]:
    """Return what is said of the file as a whole."""
    return {
        "format": intake.format,
        "layer": intake.layer,
        "kind": intake.kind,
        "features": len(intake.shapes),
        "declared": intake.declared_name,
        "notices": [{"code": notice.code, "message": notice.message} for notice in intake.notices],
        "remarks": corner_remarks(intake),
    }


def corner_remarks(intake: Intake) -> list[dict[str, Any]]:
    """Return what does not agree in a corner table, row by row."""
    if intake.corners is None:
        return []
    return [{"line": remark.line, "text": str(remark.text)} for remark in intake.corners.remarks[:REMARKS]]


def crs_facts(intake: Intake, unit: AdminUnit | None) -> dict[str, Any]:
    """Return the question of the coordinate system: readings, best first, each with its ghost in WGS 84."""
    return {
        "code": intake.question,
        "text": intake.question_text,
        "todo": intake.question_todo,
        "candidates": [_reading(intake, one, unit) for one in intake.candidates],
    }


def _reading(intake: Intake, one: CrsCandidate, unit: AdminUnit | None) -> dict[str, Any]:
    ghost = intake.ghost(one)
    if unit is not None and one.share_in_unit >= WELL_INSIDE:
        lands = _("lands in %(place)s") % {"place": unit.full_name}
    elif one.share_in_province >= WELL_INSIDE:
        lands = (
            _("lands in the province, outside %(place)s") % {"place": unit.full_name}
            if unit is not None
            else _("lands in the province")
        )
    else:
        lands = _("lands outside the province")
    return {
        "key": one.key,
        "label": one.label,
        "declared": one.declared,
        "swapped": one.swapped,
        "lands": lands,
        "share": one.share_in_province,
        "accuracy": one.accuracy,
        "geometry": None if ghost is None else to_geojson(_light(ghost)),
    }


def _light(ghost: GEOSGeometry) -> GEOSGeometry:
    """Return at most `GHOST_PARTS` parts of an outline, spread evenly: a hint on a map, kept once per reading."""
    parts = list(ghost) if isinstance(ghost, GeometryCollection) else [ghost]
    if len(parts) <= GHOST_PARTS:
        return ghost
    return GeometryCollection(*parts[:: len(parts) // GHOST_PARTS + 1], srid=ghost.srid)


def field_facts(intake: Intake) -> list[dict[str, Any]]:
    """Return each column of the file with its first values."""
    found = []
    first = next((rows[:SAMPLED] for _start, _shapes, rows in intake.batches()), ())
    for place, name in enumerate(intake.fields):
        values = [str(row[place])[:SAMPLE_LENGTH] for row in first if row[place] not in (None, "")]
        found.append({"name": name, "samples": list(dict.fromkeys(values))[:SAMPLES]})
    return found


def unknown_words(columns: Sequence[Column], chosen: Mapping[str, str], intake: Intake) -> list[dict[str, Any]]:
    """Return the words in columns of certain words that are none of these, each with how many rows have it."""
    found: list[dict[str, Any]] = []
    for column in columns:
        if not column.words or chosen.get(column.key) not in intake.fields:
            continue
        place = intake.fields.index(chosen[column.key])
        told = Counter(" ".join(str(row[place]).split()) for row in intake.rows if row[place] not in (None, ""))
        strange = [(word, count) for word, count in told.items() if word and not value_of(word, column.words)]
        strange.sort(key=lambda one: -one[1])
        found += [{"column": column.key, "word": word, "rows": count} for word, count in strange[:WORDS_ASKED]]
    return found


def notice_facts(notice: Notice) -> dict[str, Any]:
    """Return one remark with the place on the map and the areas."""
    return {
        "code": notice.code,
        "message": notice.message,
        "before_m2": notice.before_m2,
        "after_m2": notice.after_m2,
    }


def as_geojson(shape: Any, tolerance_m: float = 0.0) -> dict[str, Any] | None:
    """Return a shapely shape of the storage CRS as light GeoJSON in WGS 84; None for what has no place."""
    if shape is None or shape.is_empty:
        return None
    # thinned, a boundary that crosses itself would lose a half
    thin = bool(tolerance_m) and shapely.is_valid(shape)
    light = shapely.simplify(shape, tolerance_m, preserve_topology=False) if thin else shape
    kept = shape if light.is_empty else light
    return to_geojson(GEOSGeometry(memoryview(shapely.to_wkb(kept, byte_order=1)), srid=storage_srid()))
