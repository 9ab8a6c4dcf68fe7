"""What changes when an edition replaces the current one? Feature by feature, ground and coverage gained or lost.

It compares parts of changed features only, but may still take seconds on a large layer: jobs and commands call it.
"""

from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection, transaction

from layers.models import Edition, EditionLine, EditionStatus, LineKind

# Sums are whole, pictures are light: corners of the coverage's difference are thinned to this for the page's map.
DRAWN_TO_M = 50.0
DRAWN_FROM_M2 = 100.0
STATEMENT_MS = "1800000"
_CHANGES = (LineKind.ADDED, LineKind.REMOVED, LineKind.MOVED, LineKind.RELABELLED)


def changes_against_current(edition: Edition) -> dict[str, Any]:
    """Compare an edition with its layer's current one, see `note_changes`; empty when there is none."""
    current = (
        Edition.objects.filter(layer_id=edition.layer_id, status=EditionStatus.CURRENT).exclude(pk=edition.pk).first()
    )
    return note_changes(edition, current) if current is not None else {}


def note_changes(new: Edition, old: Edition) -> dict[str, Any]:
    """List what became of each feature between two editions of one layer (`EditionLine`), and return the sums.

    Areas in ha, lines in m. *moved* features have the same identity and another boundary; *gained* and *lost* ground
    counts every square metre once, whatever feature it belongs to. Lines noted earlier for *new* are replaced.
    """
    kind = new.layer.geometry_kind
    with transaction.atomic(), connection.cursor() as cursor:
        EditionLine.objects.filter(edition=new, kind__in=_CHANGES).delete()
        # jobs have two minutes for a statement; a layer of 200,000 features that moved as a whole needs longer
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [STATEMENT_MS])
        cursor.execute(_NOTE_CHANGES, [new.pk, new.pk, old.pk, kind])
        cursor.execute(
            "SELECT kind, count(*), sum(gained), sum(lost) FROM layers_editionline WHERE edition_id = %s GROUP BY kind",
            [new.pk],
        )
        sums = {name: (count, gained, lost) for name, count, gained, lost in cursor.fetchall()}
        cursor.execute(
            "SELECT layers_ground_only_in(%s, %s, %s), layers_ground_only_in(%s, %s, %s)",
            [new.pk, old.pk, kind, old.pk, new.pk, kind],
        )
        gained, lost = cursor.fetchone()
    counts = {name.value: sums.get(name, (0, 0.0, 0.0))[0] for name in _CHANGES}
    changed = counts["added"] + counts["moved"] + counts["relabelled"]
    result: dict[str, Any] = {
        "against": old.pk,
        "against_number": old.number,
        "unchanged": new.feature_count - changed,
        **counts,
    }
    unit, divisor, digits = {"polygon": ("ha", 10_000, 2), "line": ("m", 1, 1)}.get(kind, ("", 1, 0))
    if unit:
        result |= {f"gained_{unit}": round(gained / divisor, digits), f"lost_{unit}": round(lost / divisor, digits)}
        for name in (LineKind.ADDED, LineKind.REMOVED, LineKind.MOVED):
            _count, more, less = sums.get(name, (0, 0.0, 0.0))
            result[f"{name}_{unit}"] = round((more + less) / divisor, digits)
    if unit == "ha":
        result["changed_ha"] = round((gained + lost) / 10_000, 2)
    return result | {"coverage": _coverage_change(new, old)}


def note_duplicates(edition: Edition) -> int:
    """List the features whose boundary and class the same edition holds already; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_DUPLICATES, [edition.pk])
        return int(cursor.rowcount)


def _coverage_change(new: Edition, old: Edition) -> dict[str, Any]:
    """Measure the area that only one of two coverages holds; *shapes*: hexadecimal WKB (storage CRS) for a picture."""
    with connection.cursor() as cursor:
        cursor.execute(_COVERAGES, [new.pk, old.pk, DRAWN_TO_M, DRAWN_FROM_M2])
        gained, lost, gained_shape, lost_shape = cursor.fetchone()
    return {
        "gained_ha": round(gained / 10_000, 2),
        "lost_ha": round(lost / 10_000, 2),
        "gained_shape": gained_shape or "",
        "lost_shape": lost_shape or "",
    }


def drawn(hexadecimal: str, srid: int) -> GEOSGeometry | None:
    """Return a shape of a report's coverage change as a geometry in the storage CRS."""
    return GEOSGeometry(memoryview(bytes.fromhex(hexadecimal)), srid=srid) if hexadecimal else None


_NOTE_CHANGES = """
INSERT INTO layers_editionline (edition_id, kind, source_id, name, name_before, class_code, class_before, size_before,
                                size_after, gained, lost, weight, text, confirm, at)
SELECT %s, change.kind, coalesce(n.source_id, o.source_id), coalesce(n.name, ''), coalesce(o.name, ''),
       coalesce(n.class_code, ''), coalesce(o.class_code, ''), change.size_before, change.size_after, change.gained,
       change.lost, change.gained + change.lost, '', false, ST_PointOnSurface(coalesce(n.geom, o.geom))
FROM layers_edition_changes(%s, %s, %s) change
LEFT JOIN layers_feature n ON n.id = change.new_id
LEFT JOIN layers_feature o ON o.id = change.old_id
"""

_NOTE_DUPLICATES = """
INSERT INTO layers_editionline (edition_id, kind, source_id, name, name_before, class_code, class_before, size_after,
                                gained, lost, weight, text, confirm, at)
SELECT edition_id, 'duplicate', source_id, name, '', class_code, '', area_m2, 0, 0, area_m2, '', false,
       ST_PointOnSurface(geom)
FROM (
    SELECT f.*, row_number() OVER (PARTITION BY f.geom_hash, f.class_code ORDER BY f.id) AS turn
    FROM layers_feature f WHERE f.edition_id = %s
) again
WHERE turn > 1
"""

_COVERAGES = """
WITH whole AS (
    SELECT n.coverage AS new, o.coverage AS old, ST_AsBinary(n.coverage) = ST_AsBinary(o.coverage) AS same
    FROM layers_edition n, layers_edition o WHERE n.id = %s AND o.id = %s
), apart AS (
    SELECT CASE WHEN NOT same THEN ST_CollectionExtract(ST_Difference(new, old), 3) END AS gained,
           CASE WHEN NOT same THEN ST_CollectionExtract(ST_Difference(old, new), 3) END AS lost
    FROM whole
), light AS (
    SELECT apart.*, %s::double precision AS tolerance, %s::double precision AS least FROM apart
)
SELECT coalesce(ST_Area(gained), 0), coalesce(ST_Area(lost), 0),
       CASE WHEN ST_Area(gained) >= least
            THEN encode(ST_AsBinary(ST_SimplifyPreserveTopology(gained, tolerance)), 'hex') END,
       CASE WHEN ST_Area(lost) >= least
            THEN encode(ST_AsBinary(ST_SimplifyPreserveTopology(lost, tolerance)), 'hex') END
FROM light
"""
