"""How does published data become a staged edition? Vetted in the child, copied in bulk, parts and tiles built.

A staged edition answers no question yet: promoting it is a second act, by another person.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point, Polygon
from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from layers.changes import changes_against_current, note_duplicates
from layers.crs import storage_srid
from layers.derived import build_derived
from layers.errors import InputRefused
from layers.models import AdminUnit, Edition, EditionLine, EditionStatus, Layer, LineKind
from layers.vetting import FEATURES, Limits, Notice, VettedFeature, vet_features

MAX_FEATURES = 200_000
SHOWN_REPAIRS = 500
ANALYZE_FROM = 2_000
SKIPPED_CODES = frozenset({"GEOM_EMPTY", "GEOM_TOO_SMALL", "GEOM_DEGENERATE"})


class RowLike(Protocol):
    """One published object: geometry in the storage CRS (GEOS, shapely or WKB), name, class, further attributes."""

    @property
    def geom(self) -> Any:
        """Return the geometry in the storage CRS."""

    @property
    def name(self) -> str:
        """Return the name to show, or an empty text."""

    @property
    def class_code(self) -> str:
        """Return the class (land code, road class …), or an empty text."""

    @property
    def attributes(self) -> Mapping[str, Any]:
        """Return further attributes, JSON-ready."""


@dataclass(frozen=True)
class LayerRow:
    """A plain row for `stage_rows`."""

    geom: Any
    name: str = ""
    class_code: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    source_id: str = ""


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
    kept = list(rows)
    if not kept:
        raise InputRefused(_("There is no feature in it."), code="NO_FEATURES")
    if len(kept) > MAX_FEATURES:
        raise InputRefused(
            _("There are %(count)s features; at most %(limit)s are accepted.")
            % {"count": len(kept), "limit": MAX_FEATURES},
            code="TOO_MANY_FEATURES",
        )
    blobs = [wkb_of(row.geom) for row in kept]
    vetted = list(vet_features(blobs, layer.geometry_kind, limits))
    report = _Report()
    good = [
        (row, usable)
        for number, (row, feature) in enumerate(zip(kept, vetted, strict=True), start=1)
        if (usable := report.judge(number, row, feature)) is not None
    ]
    report.raise_when_refused(len(kept))
    if not good:
        raise InputRefused(_("There is no feature in it."), code="NO_FEATURES")
    digest = sha256 or hashlib.sha256(b"".join(feature.wkb for _row, feature in good)).hexdigest()
    with transaction.atomic():
        Layer.objects.select_for_update().get(pk=layer.pk)
        number = (Edition.objects.filter(layer=layer).aggregate(last=Max("number"))["last"] or 0) + 1
        edition = Edition.objects.create(
            layer=layer,
            number=number,
            status=EditionStatus.STAGED,
            effective_from=effective_from,
            looked_on=looked_on,
            source=source[:400],
            licence=licence,
            sha256=digest,
            schematic=schematic,
            note=note,
            coverage=coverage_of(coverage, [feature for _row, feature in good]),
            feature_count=len(good),
        )
        _copy_features(edition, good)
        built = build_derived(edition)
        if len(good) > ANALYZE_FROM:  # the comparison is planned by statistics that know nothing of these rows yet
            refresh_statistics()
        EditionLine.objects.bulk_create((repair.as_line(edition) for repair in report.repairs), batch_size=1_000)
        edition.report = {
            "rows": len(kept),
            "features": len(good),
            "built": built,
            **report.as_dict(),
            "duplicates": note_duplicates(edition),
            "changes": changes_against_current(edition),
            **(extra_report or {}),
        }
        Edition.objects.filter(pk=edition.pk).update(report=edition.report)
    return edition


def wkb_of(geom: Any) -> bytes:
    """Return WKB of a GEOS geometry (checked SRID), a shapely geometry or bytes."""
    if isinstance(geom, bytes | memoryview):
        return bytes(geom)
    if isinstance(geom, GEOSGeometry) and geom.srid != storage_srid():
        raise InputRefused(
            _("The coordinate system of a geometry is not the expected one."),
            code="CRS_MISMATCH",
            where=f"SRID {geom.srid}",
        )
    return bytes(geom.wkb)


def coverage_of(coverage: GEOSGeometry | None, features: list[VettedFeature]) -> MultiPolygon:
    """Return the coverage as a multipolygon in the storage CRS: as given, else the valid province, else the box."""
    if coverage is None:
        province = AdminUnit.objects.of_level("province").filter(valid_to__isnull=True).first()
        coverage = province.geom if province is not None else _box_of(features)
    if coverage.srid is None:
        coverage.srid = storage_srid()
    if isinstance(coverage, Polygon):
        coverage = MultiPolygon(coverage, srid=storage_srid())
    if not isinstance(coverage, MultiPolygon) or coverage.empty or not coverage.valid:
        raise InputRefused(_("The coverage is not a valid area."), code="COVERAGE_INVALID")
    return coverage


def _box_of(features: list[VettedFeature]) -> Polygon:
    import shapely

    west, south, east, north = (
        float(edge) for edge in shapely.total_bounds(shapely.from_wkb([f.wkb for f in features]))
    )
    if east - west < 1 or north - south < 1:
        west, south, east, north = west - 1, south - 1, east + 1, north + 1
    box = Polygon.from_bbox((west, south, east, north))
    box.srid = storage_srid()
    return box


def refresh_statistics() -> None:
    """Tell the planner about a bulk load at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT layers_analyze()")


def _copy_features(edition: Edition, rows: list[tuple[RowLike, VettedFeature]]) -> None:
    buffer = io.StringIO()
    for row, feature in rows:
        fields = (
            str(edition.pk),
            clean_text(getattr(row, "source_id", "") or "", 120),
            clean_text(row.name, 240),
            clean_text(row.class_code, 60),
            json.dumps(_clean(row.attributes), ensure_ascii=False, allow_nan=False, default=str),
            repr(feature.area_m2),
            hashlib.sha256(feature.wkb).hexdigest(),
            _ewkb_hex(feature.wkb),
        )
        buffer.write("\t".join(_escaped(text) for text in fields))
        buffer.write("\n")
    buffer.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            "COPY layers_feature (edition_id, source_id, name, class_code, attributes, area_m2, geom_hash, geom)"
            " FROM STDIN",
            buffer,
        )


def clean_text(value: object, limit: int) -> str:
    """Return text as NFC without control characters, cut to *limit*."""
    text = unicodedata.normalize("NFC", "" if value is None else str(value))
    return "".join(char for char in text if char >= " " or char in "\t\n").strip()[:limit]


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value, 10_000)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {clean_text(key, 60): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    if isinstance(value, bool | int) or value is None:
        return value
    return clean_text(value, 10_000)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _ewkb_hex(wkb: bytes) -> str:
    """Put the SRID into little-endian two-dimensional WKB."""
    kind = int.from_bytes(wkb[1:5], "little") | 0x20000000
    return (wkb[:1] + kind.to_bytes(4, "little") + storage_srid().to_bytes(4, "little") + wkb[5:]).hex()


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

    def judge(self, number: int, row: RowLike, feature: VettedFeature) -> VettedFeature | None:
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

    def _repair(self, number: int, row: RowLike, notice: Notice) -> None:
        if notice.before_m2 is not None and notice.after_m2 is not None:
            self.area_change_m2 += abs(notice.after_m2 - notice.before_m2)
        source_id = clean_text(getattr(row, "source_id", "") or "", 120)
        self.repairs.append(_Repair(number, clean_text(row.name, 240), source_id, notice))

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
