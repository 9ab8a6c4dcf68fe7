"""What becomes of each feature of a file? Accepted, mended, asked about or refused, with the areas before and after.

It takes nothing: a person reads the verdicts, chooses among variants, and `layers.intake.read.to_zone` takes the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone

from layers.crs import storage_srid
from layers.errors import DatNgheError, InputRefused, TooManyRequests
from layers.intake.cad.placed import notices_by_feature
from layers.intake.candidates import BORDER_M
from layers.messages import place_text, sentence
from layers.models import AdminUnit
from layers.said import gettext as _
from layers.vetting import REPAIR, Limits, Notice, VettedFeature, call, vet_features

if TYPE_CHECKING:
    from layers.intake.candidates import CrsCandidate
    from layers.intake.read import Intake

BORDER_SNAP_M = 1.0
MOST_COMPARED = 2_000
_BLOCK = 500
STRUCTURE, LINEWORK, INSIDE = "structure", "linework", "inside"


@dataclass(frozen=True)
class Variant:
    """One way to take a feature that is asked about: *geom* in the storage CRS on the grid, *text* says which way."""

    key: str
    geom: GEOSGeometry
    area_m2: float
    text: str


@dataclass(frozen=True)
class FeatureVerdict:
    """What became of one feature of a file.

    *outcome*: ``ok``; ``repaired`` (see *notices*); ``ask`` (taken only with one of *variants* chosen); ``refused``.
    *area_before_m2* is that of the file's ring as it came, *area_after_m2* and *geom* (storage CRS, on the grid) are
    None when nothing can be taken without a choice. *refused* says why for ``ask`` and ``refused``.
    """

    number: int
    label: str
    outcome: str
    notices: tuple[Notice, ...] = ()
    refused: DatNgheError | None = None
    area_before_m2: float | None = None
    area_after_m2: float | None = None
    geom: GEOSGeometry | None = None
    variants: tuple[Variant, ...] = ()

    @property
    def confirm(self) -> bool:
        """Tell whether a notice wants a person's explicit yes."""
        return any(notice.confirm for notice in self.notices)


def verdicts(
    intake: Intake,
    candidate: CrsCandidate,
    *,
    limits: Limits = REPAIR,
    unit: AdminUnit | None = None,
    in_province: bool = True,
) -> tuple[FeatureVerdict, ...]:
    """Judge every feature of the file as *candidate* reads it; see `each_verdict`. Overlaps between them are noticed.

    Of more than 2,000 areas the overlaps are not compared: layers of a publisher overlap by right.
    """
    found = list(each_verdict(intake, candidate, limits=limits, unit=unit, in_province=in_province))
    if intake.kind == "polygon" and 1 < len(found) <= MOST_COMPARED:
        _notice_neighbours(found)
    return tuple(found)


def each_verdict(
    intake: Intake,
    candidate: CrsCandidate,
    *,
    limits: Limits = REPAIR,
    unit: AdminUnit | None = None,
    in_province: bool = True,
) -> Iterator[FeatureVerdict]:
    """Judge the features one block after the other, in the file's order, with flat memory.

    *unit*: the commune the data were declared for; what lies outside is noticed. *in_province*: what lies outside the
    province by more than 100 m is asked about or refused. Raises COORD_RANGE for a coordinate without a place, and
    TooManyRequests when no geometry child is free.
    """
    from layers.intake.read import storage_batches

    province = AdminUnit.objects.valid_on(timezone.localdate()).of_level("province").first() if in_province else None
    drawn = notices_by_feature(intake.cad, candidate)
    for first, shapes, rows in storage_batches(intake, candidate):
        for start in range(0, len(shapes), _BLOCK):
            block = shapes[start : start + _BLOCK]
            before = shapely.area(block)
            blobs = [bytes(blob) for blob in shapely.to_wkb(block, byte_order=1)]
            found = [
                _verdict(intake.numbers[first + start + at], label_of(rows[start + at]), vetted, float(before[at]))
                for at, vetted in enumerate(vet_features(blobs, intake.kind, limits))
            ]
            found = [_drawn(verdict, drawn.get(verdict.number, ())) for verdict in found]
            if province is not None:
                _hold_to_province(found, province)
            if unit is not None:
                _hold_to_unit(found, unit)
            yield from found


def chosen_shapes(shapes: Any, numbers: Sequence[int], choices: Mapping[int, str]) -> Any:
    """Return the shapes (shapely, storage CRS) with the chosen variant in the place of each feature asked about.

    *choices*: variant key by feature number. Raises InputRefused CHOICE_UNKNOWN for a feature or a variant that is not
    offered, so a stale page cannot choose what nobody showed.
    """
    taken = shapes.copy()
    places = {number: index for index, number in enumerate(numbers)}
    province = AdminUnit.objects.valid_on(timezone.localdate()).of_level("province").first()
    for number, key in choices.items():
        index = places.get(number)
        variant = None if index is None else _variant(shapes[index], key, province)
        if index is None or variant is None:
            raise InputRefused(
                _("This way to read the area is not offered."),
                code="CHOICE_UNKNOWN",
                where=_("feature %(number)s") % {"number": number},
                todo=_("Open the page again and choose once more."),
            )
        taken[index] = shapely.from_wkb(bytes(variant.geom.wkb))
    return taken


def _variant(shape: Any, key: str, province: AdminUnit | None) -> Variant | None:
    vetted = next(vet_features([shapely.to_wkb(shape, byte_order=1)], "polygon", REPAIR))
    found = [_verdict(1, "", vetted, float(shapely.area(shape)))]
    if province is not None:
        _hold_to_province(found, province)
    return next((variant for variant in found[0].variants if variant.key == key), None)


def label_of(row: Sequence[Any]) -> str:
    """Return the first words among a feature's attributes, to tell features apart."""
    return next((value.strip()[:80] for value in row if isinstance(value, str) and value.strip()), "")


def _verdict(number: int, label: str, vetted: VettedFeature, before: float) -> FeatureVerdict:
    refused = vetted.refused
    if isinstance(refused, TooManyRequests):  # nobody looked at it: that is no verdict
        raise refused
    if refused is None:
        mended = [notice for notice in vetted.notices if notice.before_m2 is not None]
        return FeatureVerdict(
            number,
            label,
            "repaired" if mended else "ok",
            notices=vetted.notices,
            area_before_m2=mended[0].before_m2 if mended else before,
            area_after_m2=vetted.area_m2,
            geom=GEOSGeometry(memoryview(vetted.wkb), srid=storage_srid()),
        )
    readings = refused.detail.get("readings") if refused.code == "REPAIR_AMBIGUOUS" else None
    variants = _readings(readings) if isinstance(readings, list) else ()
    return FeatureVerdict(
        number,
        label,
        "ask" if variants else "refused",
        refused=refused,
        area_before_m2=before,
        variants=variants,
    )


def _drawn(verdict: FeatureVerdict, mended: tuple[Notice, ...]) -> FeatureVerdict:
    """Add what was mended in a drawing before the area was there to be judged."""
    if not mended:
        return verdict
    before = next((notice.before_m2 for notice in mended if notice.before_m2 is not None), verdict.area_before_m2)
    return replace(
        verdict,
        outcome="repaired" if verdict.outcome == "ok" else verdict.outcome,
        notices=(*mended, *verdict.notices),
        area_before_m2=before,
    )


def _readings(readings: list[GEOSGeometry]) -> tuple[Variant, ...]:
    texts = (
        (STRUCTURE, _("Everything the boundary goes round belongs to the area.")),
        (LINEWORK, _("Ground the boundary goes round twice is left out.")),
    )
    return tuple(
        Variant(key, geom, geom.area, text) for (key, text), geom in zip(texts, readings, strict=False) if geom.area > 0
    )


def _hold_to_province(found: list[FeatureVerdict], province: AdminUnit) -> None:
    """Refuse what lies outside the province, ask about what lies more than 100 m beyond, point at what is nearer."""
    for index, item, inside in _outside(found, province):
        verdict, outside = found[index], float(item["outside_m2"])
        at = _place(item)
        if item["beyond_m"] > BORDER_M and item["inside_m2"] <= 0:
            found[index] = replace(
                verdict, outcome="refused", refused=_refused("OUTSIDE_PROVINCE", at, {}), geom=None, area_after_m2=None
            )
        elif item["beyond_m"] > BORDER_M:
            refused = _refused("PARTLY_OUTSIDE", at, {"outside_m2": outside, "beyond": float(item["beyond_m"])})
            text = _("Only what lies inside the province is kept.")
            variants = () if inside is None else (Variant(INSIDE, inside, inside.area, text),)
            found[index] = replace(
                verdict,
                outcome="ask" if variants else "refused",
                refused=refused,
                geom=None,
                area_after_m2=None,
                variants=variants,
            )
        elif item["beyond_m"] > 0.001:
            near = item["beyond_m"] <= BORDER_SNAP_M
            code = "BORDER_SNAP" if near else "PARTLY_OUTSIDE"
            params = {"outside_m2": outside, "beyond": float(item["beyond_m"])}
            found[index] = _noticed(verdict, code, at, params, confirm=not near)


def _hold_to_unit(found: list[FeatureVerdict], unit: AdminUnit) -> None:
    """Point at what lies outside the declared commune; boundaries of communes are drawn to about 100 m."""
    for index, item, _inside in _outside(found, unit):
        if item["beyond_m"] > BORDER_M:
            params = {"outside_m2": float(item["outside_m2"]), "unit": unit.full_name}
            found[index] = _noticed(found[index], "OUTSIDE_UNIT", _place(item), params, confirm=True)


def _outside(
    found: list[FeatureVerdict], frame: AdminUnit
) -> Iterator[tuple[int, dict[str, Any], GEOSGeometry | None]]:
    """Give (index, measures, what lies inside) of every taken feature that the frame does not cover."""
    taken = [(index, verdict.geom) for index, verdict in enumerate(found) if verdict.geom is not None]
    area = shapely.from_wkb(bytes(frame.geom.wkb))
    shapely.prepare(area)
    covered = shapely.covers(area, shapely.from_wkb([bytes(geom.wkb) for _index, geom in taken]))
    rest = [one for one, inside in zip(taken, covered, strict=True) if not inside]
    if not rest:
        return
    reply = call("beyond", frame.geom, *(geom for _index, geom in rest), timeout=10.0)
    insides = iter(reply.geoms)
    for (index, _geom), item in zip(rest, reply.info["items"], strict=True):
        inside = next(insides) if item["count"] else None
        if item["beyond_m"] > 0:
            yield index, item, inside


def _place(item: Mapping[str, Any]) -> tuple[float, float] | None:
    return (float(item["at"][0]), float(item["at"][1])) if item["at"] else None


def _refused(code: str, at: tuple[float, float] | None, params: Mapping[str, Any]) -> InputRefused:
    message, todo = sentence(code, params)
    return InputRefused(message, code=code, where=place_text(at), todo=todo, detail={"at": at, **params})


def _noticed(
    verdict: FeatureVerdict,
    code: str,
    at: tuple[float, float] | None,
    params: Mapping[str, Any],
    *,
    confirm: bool = False,
) -> FeatureVerdict:
    message, _todo = sentence(code, params)
    return replace(verdict, notices=(*verdict.notices, Notice(code, message, at, confirm=confirm)))


def _notice_neighbours(found: list[FeatureVerdict]) -> None:
    """Point at areas of the same file that are equal or overlap; the later one bears the notice of equality."""
    taken = [index for index, verdict in enumerate(found) if verdict.geom is not None]
    first: dict[bytes, int] = {}
    apart = []
    for index in taken:
        geom = found[index].geom
        same = first.setdefault(bytes(geom.wkb) if geom is not None else b"", index)
        if same is index:
            apart.append(index)
        else:
            params = {"other": found[same].number}
            found[index] = _noticed(found[index], "DUPLICATE_FEATURE", None, params, confirm=True)
    if len(apart) < 2:
        return
    try:
        reply = call("overlaps", *(geom for index in apart if (geom := found[index].geom) is not None), timeout=10.0)
    except InputRefused:
        found[apart[0]] = _noticed(found[apart[0]], "NEIGHBOURS_NOT_COMPARED", None, {}, confirm=True)
        return
    for one, other, area, at in reply.info["pairs"]:
        place = (float(at[0]), float(at[1])) if at else None
        for mine, theirs in ((one, other), (other, one)):
            said: dict[str, Any] = {"other": str(found[apart[theirs]].number), "common_m2": float(area)}
            found[apart[mine]] = _noticed(found[apart[mine]], "FEATURES_OVERLAP", place, said)
