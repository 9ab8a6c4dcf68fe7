"""How is a rule about other things on the ground answered? Overlap, setback, share, count, unit, register.

It measures nothing: areas and distances are facts from the database; here they are judged.
"""

from __future__ import annotations

from typing import Any

from planning.checks.case import (
    DUST_M,
    Case,
    NotComputable,
    clear,
    fired,
    label,
    merged_piece,
    not_checked,
    standing,
    write,
)
from planning.checks.facts import Fact
from planning.checks.left_over import left_over
from planning.checks.rules import CompiledRule
from planning.checks.said_of_all import (
    as_bytes,
    contact,
    contacts,
    joined_hash,
    nearest_first,
    no_edition,
    not_computable,
    nothing_near,
    totalled,
    what_is_left,
)
from planning.checks.types import EditionRef, Finding, Outcome, Words
from planning.checks.wording import sentence, tolerance


def answer_overlap(case: Case, rule: CompiledRule) -> list[Finding]:
    """Judge what lies in the zone: one finding per feature, or one for all when the rule merges."""
    edition = case.edition(rule)
    if edition is None:
        return [no_edition(case, rule)]
    rows = [row for row in case.facts.overlaps.get(edition.id, ()) if rule.takes(row.class_code or "")]
    rows = [row for row in rows if _large_enough(rule, row)]
    hits = [row for row in rows if row.sound and case.counts(row.area_m2, row.perimeter_m)]
    findings = [not_computable(case, rule, row) for row in rows if not row.sound or _is_no_area(row)]
    if hits and rule.merged:
        total = case.once_m2(edition, hits)
        case.total(rule, len(hits), total)
        findings.append(_merged_overlap(case, rule, hits, total))
    elif hits:
        findings += [_overlap(case, rule, row) for row in hits]
        findings += totalled(case, rule, hits, lambda: case.once_m2(edition, hits))
    if rule.merged and hits:  # a neighbouring parcel says nothing new then, unless it overlaps
        rows = [row for row in rows if row.area_m2]
    findings += contacts(case, rule, rows, hits)
    return findings + what_is_left(case, rule, edition, findings, case.facts.nearest.get(edition.id, ()))


def _is_no_area(row: Fact) -> bool:
    """Tell whether the feature is a line or a point: the guards refuse such a rule, and it must never read as clear."""
    return row.dims is not None and row.dims < 2


def _overlap(case: Case, rule: CompiledRule, row: Fact) -> Finding:
    area = row.area_m2 or 0.0
    facts = {
        "feature": label(row, rule),
        "overlap_ha": area / 10_000,
        "overlap_m2": area,
        "overlap_share": case.share(area),
        **_decider(rule, area),
    }
    return fired(
        case,
        rule,
        facts,
        fact=row,
        overlap_m2=area,
        share_of_zone=case.share(area),
        distance_m=0.0,
        piece=as_bytes(row.piece),
    )


def _merged_overlap(case: Case, rule: CompiledRule, hits: list[Fact], total: float) -> Finding:
    classes = sorted({row.class_code or "" for row in hits})
    names = sorted({row.name for row in hits if row.name})
    facts = {
        "feature": ", ".join(names[:3]) or ", ".join(classes),
        "classes": classes,
        "count": len(hits),
        "overlap_ha": total / 10_000,
        "overlap_m2": total,
        "overlap_share": case.share(total),
        **_decider(rule, total),
    }
    return fired(
        case,
        rule,
        facts,
        feature_name=", ".join(names[:3]),
        feature_class=", ".join(classes),
        feature_count=len(hits),
        source_hash=joined_hash(hits),
        overlap_m2=total,
        share_of_zone=case.share(total),
        distance_m=0.0,
        piece=case.piece(hits, total),
    )


def _decider(rule: CompiledRule, area_m2: float) -> dict[str, Words]:
    """Name who decides on taking this area; nobody when the rule does not say."""
    fit = [decider.name for decider in rule.deciders if decider.from_ha <= area_m2 / 10_000]
    return {"decider": fit[-1]} if fit else {}


def _large_enough(rule: CompiledRule, row: Fact) -> bool:
    """Tell whether the feature itself, not the overlap, reaches the size from which the rule concerns it."""
    general, urban = rule.values.get("min_feature_ha"), rule.values.get("min_feature_urban_ha")
    if general is None and urban is None:
        return True
    extra = row.details()
    attributes = extra.get("attributes") or {}
    if attributes.get(rule.settings.get("always_attribute")) is True:
        return True
    in_town = attributes.get(rule.settings.get("urban_attribute")) is True
    least = urban if in_town and urban is not None else general
    return least is None or round(float(extra.get("area_m2") or 0.0), 1) >= least * 10_000


def answer_setback(case: Case, rule: CompiledRule) -> list[Finding]:
    """Judge how close the zone comes: a finding for every feature that is nearer than the rule asks."""
    edition = case.edition(rule)
    if edition is None:
        return [no_edition(case, rule)]
    findings: list[Finding] = []
    far: list[Fact] = []
    hits: list[Fact] = []
    for row in case.facts.setbacks.get(rule.code, ()):
        distance, required = row.distance_m or 0.0, row.required_m or 0.0
        if not row.sound:
            findings.append(not_computable(case, rule, row))
        elif distance > required - DUST_M:
            far.append(row)
        elif not case.counts(row.area_m2, row.perimeter_m):
            findings.append(contact(case, rule, row))
        else:
            hits.append(row)
            findings.append(_too_close(case, rule, row))
    findings += totalled(case, rule, hits, lambda: case.together_m2(hits))
    rest = what_is_left(case, rule, edition, findings, ())
    if far and rest and rest[-1].outcome == Outcome.CLEAR:
        return [_far_enough(case, rule, min(far, key=nearest_first))]
    return findings + rest


def _too_close(case: Case, rule: CompiledRule, row: Fact) -> Finding:
    area, distance, required = row.area_m2 or 0.0, row.distance_m or 0.0, row.required_m or 0.0
    facts = {
        "feature": label(row, rule),
        "class": row.class_code or "",
        "distance_m": distance,
        "required_m": required,
        "overlap_ha": area / 10_000,
        "overlap_m2": area,
        "overlap_share": case.share(area),
        **_grounds(case, rule, row),
    }
    return fired(
        case,
        rule,
        facts,
        fact=row,
        overlap_m2=area,
        share_of_zone=case.share(area),
        distance_m=distance,
        required_m=required,
        piece=as_bytes(row.piece),
        nearest_line=as_bytes(row.line),
    )


def _far_enough(case: Case, rule: CompiledRule, row: Fact) -> Finding:
    grounds = _grounds(case, rule, row)
    text = sentence(
        "clear_setback_grounds" if grounds else "clear_setback",
        feature=label(row, rule),
        distance_m=row.distance_m or 0.0,
        required_m=row.required_m or 0.0,
        grounds=next(iter(grounds.values()), None),
    )
    return clear(
        case,
        rule,
        text,
        fact=row,
        distance_m=row.distance_m,
        required_m=row.required_m,
        nearest_line=as_bytes(row.line),
    )


def _grounds(case: Case, rule: CompiledRule, row: Fact) -> dict[str, Words]:
    """Say on what a distance rests besides the class of the feature: declared trade class, side of the flow."""
    if rule.by_trade:
        trade = case.subject.declared.trade_class
        return {"trade": sentence("trade_declared", trade=trade) if trade else sentence("trade_undeclared")}
    side = row.details().get("side")
    return {"side": sentence(f"side_{side}")} if side else {}


def answer_share(case: Case, rule: CompiledRule) -> list[Finding]:
    """Judge which share of the zone lies in some classes: above ``limit`` (slope) or below ``min`` (land plan)."""
    edition = case.edition(rule)
    if edition is None:
        return [no_edition(case, rule)]
    rows = [row for row in case.facts.overlaps.get(edition.id, ()) if rule.takes(row.class_code or "")]
    findings = [not_computable(case, rule, row) for row in rows if not row.sound or _is_no_area(row)]
    hits = [row for row in rows if row.sound and row.area_m2]
    area = case.once_m2(edition, hits)
    value = case.share(area)
    facts = {"value_share": value, "overlap_ha": area / 10_000}
    if "min" in rule.values:
        return findings + _least_share(case, rule, edition, hits, facts)
    facts["limit_share"] = rule.values["limit"]
    if hits and value > rule.values["limit"]:
        case.total(rule, len(hits), area)
        classes = ", ".join(sorted({row.class_code or "" for row in hits}))
        findings.append(
            fired(
                case,
                rule,
                facts,
                feature_class=classes,
                overlap_m2=area,
                share_of_zone=value,
                piece=case.piece(hits, area),
            )
        )
    elif not findings:
        rest = what_is_left(case, rule, edition, [], ())
        if rest[-1].outcome == Outcome.CLEAR:
            return [clear(case, rule, sentence("share_ok", **facts), share_of_zone=value, facts=facts)]
        return rest
    return findings + what_is_left(case, rule, edition, findings, ())


def _least_share(
    case: Case, rule: CompiledRule, edition: EditionRef, hits: list[Fact], facts: dict[str, float]
) -> list[Finding]:
    """Judge a least share; land the publisher did not look at could still make it up, so it leaves the answer open."""
    least, value = rule.values["min"], facts["value_share"]
    facts = {**facts, "min_share": least, "missing_ha": (1 - value) * case.area_m2 / 10_000}
    if value >= least - 1e-9:
        return [clear(case, rule, sentence("share_ok", **facts), share_of_zone=value, facts=facts)]
    unseen = case.share(case.uncovered_m2(edition))
    if value + unseen >= least - 1e-9:
        return what_is_left(case, rule, edition, [], ())
    missing = (1 - value) * case.area_m2
    piece = left_over(case, hits, missing)
    case.total(rule, len(hits), missing)
    fires = fired(case, rule, facts, overlap_m2=missing, share_of_zone=case.share(missing), piece=piece)
    return [fires, *what_is_left(case, rule, edition, [fires], ())]


def answer_count(case: Case, rule: CompiledRule) -> list[Finding]:
    """Judge how many features lie in the zone (dwellings); an area counts when it lies in it by more than tolerance."""
    edition = case.edition(rule)
    if edition is None:
        return [no_edition(case, rule)]
    rows = [row for row in case.facts.overlaps.get(edition.id, ()) if rule.takes(row.class_code or "")]
    findings = [not_computable(case, rule, row) for row in rows if not row.sound]
    hits = [row for row in rows if row.sound and (row.dims != 2 or case.counts(row.area_m2, row.perimeter_m))]
    if hits:
        facts = {"count": len(hits), "names": sorted({row.name for row in hits if row.name})[:5]}
        findings.append(
            fired(
                case,
                rule,
                facts,
                feature_count=len(hits),
                source_hash=joined_hash(hits),
                distance_m=0.0,
                piece=merged_piece(hits),
            )
        )
    rest = what_is_left(case, rule, edition, findings, ())
    if rest and rest[-1].outcome == Outcome.CLEAR:
        return [standing(case, rule, "count_none", wrote=lambda: clear(case, rule, sentence("count_none")))]
    return findings + rest


def answer_containment(case: Case, rule: CompiledRule) -> list[Finding]:
    """Judge whether the zone lies in the unit of the proposal; without a unit, name the communes it lies in."""
    if not all(row.sound for row in case.facts.communes):
        raise NotComputable
    communes = [row.name or "" for row in case.facts.communes if case.counts(row.area_m2, row.perimeter_m)]
    if case.subject.unit_id is None:
        return [_communes_only(case, rule, communes)]
    unit = case.facts.unit
    if unit is None:
        return [not_checked(case, rule, sentence("not_checked_unit"))]
    if not unit.sound:
        raise NotComputable
    outside = unit.area_m2 or 0.0
    facts = {
        "unit": unit.name,
        "units": communes,
        "outside_ha": outside / 10_000,
        "outside_m2": outside,
        "outside_share": case.share(outside),
    }
    if not outside:
        return [clear(case, rule, sentence("unit_inside", unit=unit.name), facts=facts)]
    measured: dict[str, Any] = {
        "feature_name": unit.name or "",
        "overlap_m2": outside,
        "share_of_zone": case.share(outside),
        "piece": as_bytes(unit.piece),
    }
    if not case.counts(outside, unit.perimeter_m):
        text = sentence("contact_unit", tolerance=tolerance(case.basis.contact), **facts)
        return [write(case, rule, Outcome.CONTACT, text, facts=facts, **measured)]
    case.total(rule, 1, outside)
    return [fired(case, rule, facts, **measured)]


def _communes_only(case: Case, rule: CompiledRule, communes: list[str]) -> Finding:
    if not communes:
        return not_checked(case, rule, sentence("not_checked_unit"))
    if len(communes) > 1:
        text = sentence("unit_spans", count=len(communes), units=communes)
        return write(case, rule, Outcome.ADVICE, text, facts={"units": communes})
    return clear(case, rule, sentence("unit_inside", unit=communes[0]), facts={"units": communes})


def answer_register(case: Case, rule: CompiledRule) -> list[Finding]:
    """Judge overlaps with clusters of the register and approved zones; a cluster without a boundary is not checked."""
    rows = [row for row in case.facts.register if row.ref != "unplaced"]
    findings = [not_computable(case, rule, row) for row in rows if not row.sound]
    hits = [row for row in rows if row.sound and case.counts(row.area_m2, row.perimeter_m)]
    findings += [_overlap(case, rule, row) for row in hits]
    findings += totalled(case, rule, hits, lambda: case.together_m2(hits))
    findings += contacts(case, rule, [row for row in rows if row.area_m2 is not None], hits)
    for row in case.facts.register:
        if row.ref == "unplaced":
            text = sentence("not_checked_unplaced", feature=row.name, distance_m=row.distance_m)
            findings.append(
                not_checked(case, rule, text, fact=row, distance_m=row.distance_m, nearest_line=as_bytes(row.line))
            )
    if findings:
        return findings
    return [nothing_near(case, rule, rows)]
