"""How is a rule about the zone itself answered? Size, plan list, occupancy, planned land use, green strip.

It measures nothing but the sums of drawn parts.
"""

from __future__ import annotations

import math

from planning.checks.case import Case, NotComputable, clear, fired, not_checked, standing, write
from planning.checks.report import Ratio, SizeLimits
from planning.checks.rules import CompiledRule
from planning.checks.types import Finding, Outcome
from planning.checks.wording import sentence, sentences

CRAFT_KIND = "craft_village_cluster"
EXPANSION_KINDS = frozenset({"expansion"})
UNASSIGNED = "unassigned"
# Areas are compared as they are printed, to 0.01 ha; a drawn 74.999 ha is 75.00 ha.
_HA_DIGITS = 2


def tested_area_ha(case: Case) -> float:
    """Return the area size rules test: of the whole cluster when one is expanded, else of the zone.

    Raises NotComputable.
    """
    if case.facts.expanded.get("sound") is False:
        raise NotComputable
    total = case.facts.expanded.get("total_m2")
    area = total if total is not None and case.subject.kind in EXPANSION_KINDS else case.area_m2
    return float(area) / 10_000


def size_limits(case: Case, rule: CompiledRule | None) -> SizeLimits:
    """Return the limits that hold for this zone: general, mountainous unit, or craft-village cluster."""
    try:
        area = tested_area_ha(case)
    except NotComputable:  # the finding of the rule says so; the panel shows the drawn area without limits
        return SizeLimits(case.area_m2 / 10_000, None, None, None)
    if rule is None or rule.unresolved:
        return SizeLimits(area, None, None, None)
    entry = case.facts.plan.get("entry") or {}
    values = rule.values
    low, reason = values.get("min"), sentences()["size_reason_general"]
    if "min_craft" in values and (case.subject.kind == CRAFT_KIND or entry.get("craft")):
        low, reason = values["min_craft"], sentences()["size_reason_craft"]
    elif "min_mountain" in values and _mountainous(case):
        low, reason = values["min_mountain"], sentences()["size_reason_mountain"]
    high = values.get("max")
    shown = round(area, _HA_DIGITS)
    fits = (low is None or shown >= low) and (high is None or shown <= high)
    return SizeLimits(area, low, high, fits, reason)


def answer_size(case: Case, rule: CompiledRule) -> list[Finding]:
    """Judge the area against the limits of the kind of cluster and of the place."""
    tested_area_ha(case)
    limits = size_limits(case, rule)
    facts = {
        "area_ha": round(limits.area_ha, _HA_DIGITS),
        "min_ha": limits.min_ha,
        "max_ha": limits.max_ha,
        "reason": limits.reason,
    }
    if limits.ok:
        return [clear(case, rule, sentence("size_ok", **facts), facts=facts)]
    return [fired(case, rule, facts)]


def answer_plan_list(case: Case, rule: CompiledRule) -> list[Finding]:
    """Judge whether a valid entry of the approved list is named, in this unit, and not smaller than what is drawn."""
    entry = case.facts.plan.get("entry")
    area = round(tested_area_ha(case), _HA_DIGITS)
    if entry is None:
        candidates = case.facts.plan.get("candidates", [])
        if case.subject.unit_id is None and case.subject.plan_entry_id is None:
            return [
                not_checked(case, rule, sentence("not_checked_entry", candidates=candidates), facts={"area_ha": area})
            ]
        return [fired(case, rule, {"reason": sentences()["plan_missing"], "area_ha": area, "candidates": candidates})]
    facts = {
        "entry": f"{entry['code']} {entry['name']}",
        "instrument": entry["instrument"],
        "unit": entry["unit"],
        "listed_ha": float(entry["area_ha"]),
        "area_ha": area,
    }
    if not entry["in_force"]:
        return [fired(case, rule, {**facts, "reason": sentence("plan_not_in_force", **facts)})]
    if not entry["in_unit"]:
        return [fired(case, rule, {**facts, "reason": sentence("plan_other_unit", **facts)})]
    if area > facts["listed_ha"] * (1 + rule.values.get("area_tolerance", 0.0)):
        text = sentence("plan_larger", **facts)
        return [write(case, rule, Outcome.CONDITION, text, facts=facts, next_step=rule.next_step)]
    return [clear(case, rule, sentence("plan_ok", **facts), facts=facts)]


def answer_occupancy(case: Case, rule: CompiledRule) -> list[Finding]:
    """Judge how full existing clusters are: in the rule's scope (establish), or the one being expanded."""
    expanding = bool(rule.settings.get("of_expanded"))
    clusters = case.facts.occupancy
    if expanding and not case.subject.ignore_cluster_ids:
        return [not_checked(case, rule, sentence("not_checked_occupancy", missing=["–"]))]
    if not clusters:
        return [clear(case, rule, sentence("occupancy_none"))]
    known = [row for row in clusters if row["leasable_ha"] and row["leased_ha"] is not None]
    missing = [row["name"] for row in clusters if row not in known]
    leasable = math.fsum(float(row["leasable_ha"]) for row in known)
    leased = math.fsum(float(row["leased_ha"]) for row in known)
    occupancy = leased / leasable if leasable else 0.0
    facts = {
        "occupancy_share": occupancy,
        "unleased_ha": leasable - leased,
        "count": len(known),
        "clusters": [row["name"] for row in known],
        "missing": missing,
        "min_share": rule.values.get("min_share"),
        "max_unleased_ha": rule.values.get("max_unleased_ha"),
        "demand_ha": case.subject.demand_ha,
    }
    if known and _occupied(case, rule, occupancy, leasable - leased, strict=not expanding):
        # Clusters without figures could only lower a passing average, so they leave the answer open.
        if missing:
            return [not_checked(case, rule, sentence("not_checked_occupancy", missing=missing), facts=facts)]
        return [clear(case, rule, sentence("occupancy_ok", **facts), facts=facts)]
    if missing:
        return [not_checked(case, rule, sentence("not_checked_occupancy", missing=missing), facts=facts)]
    return [fired(case, rule, facts)]


def _occupied(case: Case, rule: CompiledRule, occupancy: float, unleased_ha: float, *, strict: bool) -> bool:
    low = rule.values["min_share"]
    if occupancy > low or (not strict and occupancy >= low):
        return True
    if "max_unleased_ha" in rule.values and unleased_ha <= rule.values["max_unleased_ha"]:
        return True
    demand = case.subject.demand_ha
    return bool(rule.settings.get("or_demand")) and demand is not None and demand > unleased_ha


def ratio_of(case: Case, rule: CompiledRule) -> tuple[Ratio, float]:
    """Return the ratio a rule asks for and the most it could still become when parts without a use get one."""
    uses = frozenset(rule.settings.get("uses", ()))
    base = frozenset(rule.settings.get("of", ()))
    parts = case.subject.parts
    whole = math.fsum(part.area_m2 for part in parts if part.use in base) if base else case.area_m2
    open_m2 = math.fsum(part.area_m2 for part in parts if part.use == UNASSIGNED)
    low, high = rule.values.get("min"), rule.values.get("max")
    given = [part for part in parts if part.use != UNASSIGNED]
    if not given or not whole:
        return Ratio(rule.code, rule.title, None, low, high, None), 0.0
    value = math.fsum(part.area_m2 for part in parts if part.use in uses) / whole
    most = min(1.0, value + open_m2 / (whole + (open_m2 if base else 0.0)))
    fits = (low is None or value >= low - 1e-9) and (high is None or value <= high + 1e-9)
    return Ratio(rule.code, rule.title, value, low, high, fits), most


def _no_parts(case: Case, rule: CompiledRule) -> Finding:
    """Say that the planned parts do not answer the rule yet."""
    text, todo = sentence("not_checked_parts"), sentence("next_not_checked_parts")
    return standing(case, rule, "no_parts", wrote=lambda: not_checked(case, rule, text, next_step=todo))


def answer_ratio(case: Case, rule: CompiledRule) -> list[Finding]:
    """Judge a ratio of planned land use; while parts without a use could still mend it, it is not checked."""
    ratio, most = ratio_of(case, rule)
    facts = {"value_share": ratio.value, "min_share": ratio.min, "max_share": ratio.max}
    if ratio.ok is None or (not ratio.ok and ratio.min is not None and (ratio.value or 0) < ratio.min <= most):
        return [_no_parts(case, rule)]
    if ratio.ok:
        return [clear(case, rule, sentence("ratio_ok", **facts), facts=facts)]
    return [fired(case, rule, facts)]


def answer_green_buffer(case: Case, rule: CompiledRule) -> list[Finding]:
    """Judge the green strip inside the perimeter; ``min_share`` leaves room for gates."""
    given = [part for part in case.subject.parts if part.use != UNASSIGNED]
    strip = case.facts.green
    if not given or strip is None or not strip.required_m:
        return [_no_parts(case, rule)]
    if not strip.sound:
        raise NotComputable
    missing = strip.area_m2 or 0.0
    value = max(0.0, 1 - missing / strip.required_m)
    facts = {
        "width_m": rule.values["width"],
        "value_share": value,
        "min_share": rule.values.get("min_share", 1.0),
        "missing_ha": missing / 10_000,
    }
    if value >= rule.values.get("min_share", 1.0) - 1e-9:
        return [clear(case, rule, sentence("green_ok", **facts), facts=facts)]
    piece = None if strip.piece is None else bytes(strip.piece)
    return [fired(case, rule, facts, overlap_m2=missing, share_of_zone=case.share(missing), piece=piece)]


def _mountainous(case: Case) -> bool:
    """Tell whether the commune that most of the zone lies in is mountainous; without communes, the unit itself."""
    place = case.facts.communes[0] if case.facts.communes else case.facts.unit
    if place is None:
        return False
    return bool(place.details().get("mountainous"))
