"""How does published data become a staged edition? Vetted in the child while it is copied; parts and tiles built.

A staged edition answers no question yet: promoting it is a second act, by another person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point, Polygon
from django.db import connection, transaction
from django.db.models import Max

from layers.changes import changes_against_current, note_duplicates
from layers.crs import storage_srid
from layers.derived import build_derived
from layers.errors import InputRefused
from layers.models import AdminUnit, Edition, EditionLine, EditionStatus, Layer, LineKind
from layers.said import gettext as _
from layers.said import ngettext
from layers.services.copy_lines import Bounds, Lines
from layers.services.rows import LayerRow, RowLike, wkb_of
from layers.vetting import FEATURES, Limits, Notice, VettedFeature

SHOWN_REPAIRS = 500
_LARGEST_NUMBER = 2**31 - 1
SKIPPED_CODES = frozenset({"GEOM_EMPTY", "GEOM_TOO_SMALL", "GEOM_DEGENERATE"})


def stage_rows(
    layer: Layer,
    rows: Iterable[RowLike],
    *,
    effective_from: date,
    source: str,
    looked_on: date | None = None,
    licence: str = "",
    coverage: GEOSGeometry | None = None,
    schematic: bool = False,
    note: str = "",
    sha256: str = "",
    limits: Limits = FEATURES,
    extra_report: Mapping[str, Any] | None = None,
) -> Edition:
    """Stage rows as a new edition of *layer*, with parts, tiles and a report; one transaction.

    *coverage* is where the publisher looked (storage CRS), without it the valid province, or the box of the rows when
    there is no province; *looked_on* is when, if that was earlier than *effective_from*. Raises InputRefused:
    EDITION_REFUSED with ``detail["refused"]`` (row number, code, sentence) when a row can neither be kept nor mended,
    NO_FEATURES, TOO_MANY_FEATURES. Rows without an area are skipped and counted; an ambiguous boundary is kept in its
    larger reading and listed for confirmation.
    """
    report = _Report()
    with transaction.atomic():
        drawn = _drawn_id()
        edition = Edition.objects.create(
            pk=drawn,
            layer=layer,
            number=_LARGEST_NUMBER - drawn,  # until its rows are in: nobody else sees it, and no other has the same
            status=EditionStatus.STAGED,
            effective_from=effective_from,
            looked_on=looked_on,
            source=source[:400],
            licence=licence,
            schematic=schematic,
            note=note,
            coverage=MultiPolygon(_box_of((0, 0, 0, 0)), srid=storage_srid()),
        )
        lines = Lines(edition.pk, layer.geometry_kind, limits, report.judge, hashed=not sha256)
        lines.copy(rows)
        report.raise_when_refused(lines.total)
        if not lines.kept:
            raise InputRefused(_("There is no feature in it."), code="NO_FEATURES")
        edition.sha256 = sha256 or lines.digest.hexdigest()
        edition.coverage = coverage_of(coverage, lines.bounds)
        edition.feature_count = lines.kept
        edition.save(update_fields=["sha256", "coverage", "feature_count"])
        built = build_derived(edition)
        EditionLine.objects.bulk_create((repair.as_line(edition) for repair in report.repairs), batch_size=1_000)
        edition.report = {
            "rows": lines.total,
            "features": lines.kept,
            "built": built,
            **report.as_dict(),
            "duplicates": note_duplicates(edition) if lines.repeated else 0,
            "changes": changes_against_current(edition),
            **(extra_report or {}),
        }
        # last of all: whoever wants the layer waits no longer than its editions are counted
        Layer.objects.select_for_update().get(pk=layer.pk)
        others = Edition.objects.filter(layer=layer).exclude(pk=edition.pk)
        edition.number = (others.aggregate(last=Max("number"))["last"] or 0) + 1
        edition.save(update_fields=["number", "report"])
    return edition


def _drawn_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('layers_edition', 'id'))")
        return int(cursor.fetchone()[0])


def coverage_of(coverage: GEOSGeometry | None, bounds: Bounds) -> MultiPolygon:
    """Return the coverage as a multipolygon in the storage CRS: as given, else the valid province, else the box."""
    if coverage is None:
        province = AdminUnit.objects.of_level("province").filter(valid_to__isnull=True).first()
        coverage = province.geom if province is not None else _box_of(bounds)
    if coverage.srid is None:
        coverage.srid = storage_srid()
    if isinstance(coverage, Polygon):
        coverage = MultiPolygon(coverage, srid=storage_srid())
    if not isinstance(coverage, MultiPolygon) or coverage.empty or not coverage.valid:
        raise InputRefused(_("The coverage is not a valid area."), code="COVERAGE_INVALID")
    return coverage


def _box_of(bounds: Bounds) -> Polygon:
    west, south, east, north = bounds
    if east - west < 1 or north - south < 1:
        west, south, east, north = west - 1, south - 1, east + 1, north + 1
    box = Polygon.from_bbox((west, south, east, north))
    box.srid = storage_srid()
    return box


@dataclass(frozen=True)
class _Repair:
    """One thing that was mended in one row."""

    row: int
    name: str
    source_id: str
    notice: Notice

    def as_line(self, edition: Edition) -> EditionLine:
        """Return the line of the full list."""
        before, after = self.notice.before_m2, self.notice.after_m2
        change = after - before if before is not None and after is not None else 0.0
        return EditionLine(
            edition=edition,
            kind=LineKind.REPAIRED,
            row=self.row,
            source_id=self.source_id,
            name=self.name,
            size_before=before,
            size_after=after,
            gained=max(0.0, change),
            lost=max(0.0, -change),
            weight=abs(change),
            text=self.notice.message[:240],
            confirm=self.notice.confirm,
            at=Point(*self.notice.at, srid=storage_srid()) if self.notice.at else None,
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the repair as JSON-ready data."""
        notice = self.notice
        return {
            "row": self.row,
            "name": self.name,
            "code": notice.code,
            "message": notice.message,
            "at": notice.at,
            "before_m2": notice.before_m2,
            "after_m2": notice.after_m2,
            "confirm": notice.confirm,
        }


class _Report:
    """Gather what was mended, skipped and refused."""

    def __init__(self) -> None:
        self.repairs: list[_Repair] = []
        self.area_change_m2 = 0.0
        self.skipped: list[int] = []
        self.refused: list[dict[str, Any]] = []

    def judge(self, number: int, row: LayerRow, feature: VettedFeature) -> VettedFeature | None:
        """Return the feature to keep, or None when it is skipped or refused."""
        error = feature.refused
        if error is None:
            for notice in feature.notices:
                self._repair(number, row, notice)
            return feature
        readings = error.detail.get("readings")
        if error.code == "REPAIR_AMBIGUOUS" and isinstance(readings, list) and readings:
            whole: GEOSGeometry = readings[0]
            at = error.detail.get("at")
            place = (float(at[0]), float(at[1])) if isinstance(at, tuple) else None
            other = error.detail.get("other_m2")
            notice = Notice(
                error.code, error.message, place, float(other) if isinstance(other, float) else None, whole.area, True
            )
            self._repair(number, row, notice)
            return VettedFeature(wkb_of(whole), whole.area, (notice,))
        if error.code in SKIPPED_CODES:
            self.skipped.append(number)
        else:
            self.refused.append(
                {"row": number, "name": row.name, "code": error.code, "message": error.message, "where": error.where}
            )
        return None

    def _repair(self, number: int, row: LayerRow, notice: Notice) -> None:
        if notice.before_m2 is not None and notice.after_m2 is not None:
            self.area_change_m2 += abs(notice.after_m2 - notice.before_m2)
        self.repairs.append(_Repair(number, row.name, row.source_id, notice))

    def raise_when_refused(self, total: int) -> None:
        """Raise InputRefused when a row could neither be kept nor mended."""
        if not self.refused:
            return
        first = self.refused[0]
        raise InputRefused(
            ngettext(
                "%(count)s of %(total)s features cannot be used.",
                "%(count)s of %(total)s features cannot be used.",
                len(self.refused),
            )
            % {"count": len(self.refused), "total": total},
            code="EDITION_REFUSED",
            where=_("Feature %(row)s: %(message)s %(where)s")
            % {"row": first["row"], "message": first["message"], "where": first["where"]},
            todo=_("Correct these features at the source and load the file again."),
            detail={"refused": self.refused[:SHOWN_REPAIRS]},
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON-ready data."""
        return {
            "repairs": [repair.as_dict() for repair in self.repairs[:SHOWN_REPAIRS]],
            "repair_count": len(self.repairs),
            "repaired_change_m2": round(self.area_change_m2, 2),
            "to_confirm": sum(repair.notice.confirm for repair in self.repairs),
            "skipped": self.skipped[:SHOWN_REPAIRS],
            "skipped_count": len(self.skipped),
        }
