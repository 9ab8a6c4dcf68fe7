"""What does a paper say about a proposal? Gathers stored figures as finished Vietnamese text; it computes nothing anew.

Papers are always Vietnamese: they are documents of a Vietnamese office.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from layers.crs import meridian_label, operation_name, storage_srid, zone_of
from layers.models import AdminUnit
from mapping import formats
from mapping.papers.corner_table import corner_blocks
from mapping.verdict_words import verdict_shown
from planning.checks.types import Outcome
from planning.proposals.models import CheckRun, DossierRequirement, LandUse, Proposal, ProposalKind, ZoneVersion
from planning.proposals.queries import verdicts_of

HECTARE_M2 = 10_000
ASKS_FOR = {
    ProposalKind.NEW_CLUSTER: "thành lập cụm công nghiệp",
    ProposalKind.CRAFT_VILLAGE_CLUSTER: "thành lập cụm công nghiệp làng nghề",
    ProposalKind.EXPANSION: "mở rộng cụm công nghiệp",
    ProposalKind.ADJUSTMENT: "điều chỉnh ranh giới cụm công nghiệp",
    ProposalKind.LIST_ENTRY: "bổ sung vào danh mục cụm công nghiệp",
    ProposalKind.LIST_CHANGE: "điều chỉnh trong danh mục cụm công nghiệp",
    ProposalKind.LIST_REMOVAL: "đưa ra khỏi danh mục cụm công nghiệp",
}
# Findings of these outcomes are rows of the table; the rest is counted, and what was not checked stands apart.
LISTED = (Outcome.CONFLICT, Outcome.NOT_COMPUTABLE, Outcome.CONDITION, Outcome.ADVICE, Outcome.CONTACT)


def paper_context(proposal: Proposal, version: ZoneVersion, run: CheckRun) -> dict[str, Any]:
    """Return everything both papers print, except the picture. Call it with Vietnamese active."""
    unit = proposal.unit
    province = province_of(unit)
    return {
        **_head(proposal, unit, province),
        **_zone(proposal, version),
        **_check(run),
        "applicant": _applicant(proposal),
        "plan_entry": _plan_entry(proposal),
        "need": proposal.need.statement or "(chưa nêu)",
        "legal_bases": _legal_bases(proposal),
        "funding": _funding(proposal),
        "planned_use": _planned_use(version),
        "closing": "Kính đề nghị xem xét, thẩm định và trình cấp có thẩm quyền quyết định.",
    }


def province_of(unit: AdminUnit) -> AdminUnit:
    """Return the unit at the top above *unit*."""
    while unit.parent is not None:
        unit = unit.parent
    return unit


def _head(proposal: Proposal, unit: AdminUnit, province: AdminUnit) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "agency_first": "ỦY BAN NHÂN DÂN",
        "agency_second": unit.full_name.upper(),
        "agency_name": f"Ủy ban nhân dân {unit.kind_name.lower()} {unit.name}",
        "addressee": f"Ủy ban nhân dân {province.kind_name.lower()} {province.name} (qua Sở Công Thương)",
        "place": unit.name,
        "year": str(today.year),
        "made_on_long": f"ngày {today.day:02d} tháng {today.month:02d} năm {today.year}",
        "asks_for": ASKS_FOR[ProposalKind(proposal.kind)],
        "code": proposal.code,
        "name": proposal.name,
        "unit": f"{unit.full_name}, {province.kind_name.lower()} {province.name}",
    }


def _zone(proposal: Proposal, version: ZoneVersion) -> dict[str, Any]:
    zone = zone_of(storage_srid())
    corners = [
        {
            "block": block.title,
            "number": str(corner.number),
            "x": formats.number(corner.x_m, 3),
            "y": formats.number(corner.y_m, 3),
            "side": formats.number(corner.side_m, 2) if corner.side_m is not None else "",
        }
        for block in corner_blocks(version.geom)
        for corner in block.corners
    ]
    return {
        "version": str(version.number),
        "area_ha": formats.hectares(version.area_m2 / HECTARE_M2),
        "geom_hash": version.geom_hash,
        "corners": corners,
        "crs_text": f"Hệ tọa độ VN-2000, kinh tuyến trục {meridian_label()}, múi chiếu {zone.width}°",
        "operation": operation_name(),
        "schematic_note": "Địa giới trên sơ đồ chỉ để minh hoạ." if proposal.unit.schematic else "",
    }


def _check(run: CheckRun) -> dict[str, Any]:
    findings = list(run.findings.all())
    counted = {outcome: sum(finding.outcome == outcome for finding in findings) for outcome in Outcome}
    counts = [f"{Outcome(outcome).label}: {number}" for outcome, number in counted.items() if number]
    rank = {outcome.value: index for index, outcome in enumerate(LISTED)}
    rows = [
        {
            "outcome": str(Outcome(finding.outcome).label),
            "text": ": ".join(filter(None, (finding.data.get("title_vi", ""), finding.data.get("text_vi", "")))),
            "area": _if_any(finding.overlap_m2, lambda value: formats.hectares(value / HECTARE_M2)),
            "share": _if_any(finding.share_of_zone, formats.percent),
            "distance": _if_any(finding.distance_m, formats.metres),
            "citation": finding.data.get("citation", ""),
        }
        for finding in sorted(findings, key=lambda finding: (rank.get(finding.outcome, 99), finding.order))
        if finding.outcome in rank
    ]
    unchecked = [
        f"{finding.data.get('title_vi', finding.rule_code)}"
        + (f" ({formats.percent(finding.unchecked_share)} diện tích)" if finding.unchecked_share else "")
        for finding in findings
        if finding.outcome == Outcome.NOT_CHECKED
    ]
    return {
        "verdict": verdict_shown(verdicts_of(run)).sentence,
        "counts": "; ".join(counts) or "Không có nội dung vướng mắc",
        "findings": rows,
        "unchecked": unchecked or ["Không có"],
        "land_use": [_land_use_row(row) for row in run.land_use],
        "ratios": [_ratio_row(row) for row in run.ratios],
        "size_text": _size_text(run.size),
        "editions": [_edition_text(row) for row in run.basis.get("editions", [])],
        "rule_set": str(run.basis.get("ruleset", "")),
        "basis_date": _day(run.basis.get("date")),
        "engine": ", ".join(f"{name} {value}" for name, value in sorted(run.engine.items())),
        "findings_hash": run.findings_hash,
    }


def _if_any(value: float | None, write: Any) -> str:
    return "" if value is None else str(write(value))


def _land_use_row(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "code": row.get("code") or "–",
        "name": row.get("name_vi", ""),
        "area": formats.number(row["area_m2"] / HECTARE_M2, 2),
        "share": formats.number(row["share"] * 100, 1),
        "parcels": formats.number(row.get("parcels")),
    }


def _ratio_row(row: Mapping[str, Any]) -> dict[str, str]:
    low, high = row.get("min"), row.get("max")
    limits = " ".join(
        filter(
            None,
            (
                f"≥ {formats.percent(low)}" if low is not None else "",
                f"≤ {formats.percent(high)}" if high is not None else "",
            ),
        )
    )
    ok = row.get("ok")
    result = "chưa xét" if ok is None else "đạt" if ok else "không đạt"
    return {
        "title": row.get("title_vi", ""),
        "value": formats.percent(row.get("value")),
        "limits": limits,
        "result": result,
    }


def _size_text(size: Mapping[str, Any]) -> str:
    low, high = size.get("min_ha"), size.get("max_ha")
    if low is None and high is None:
        return ""
    return f"(quy định từ {formats.hectares(low)} đến {formats.hectares(high)})"


def _edition_text(edition: Mapping[str, Any]) -> str:
    text = (
        f"{edition.get('title_vi', edition.get('layer', ''))}: phiên bản {edition.get('number')},"
        f" hiệu lực {_day(edition.get('effective_from'))}"
    )
    return f"{text}, sơ đồ minh hoạ" if edition.get("schematic") else text


def _day(value: str | None) -> str:
    return formats.date(date.fromisoformat(value)) if value else ""


def _applicant(proposal: Proposal) -> str:
    applicant = proposal.applicant
    if applicant is None:
        return "(chưa có)"
    details = [applicant.name]
    if applicant.registration_number:
        details.append(f"mã số {applicant.registration_number}")
    if applicant.address:
        details.append(f"địa chỉ {applicant.address}")
    if applicant.capital_vnd is not None:
        details.append(f"vốn chủ sở hữu {formats.dong(applicant.capital_vnd)}")
    return "; ".join(details) + "."


def _plan_entry(proposal: Proposal) -> str:
    entry = proposal.plan_entry
    if entry is None:
        return "Chưa có trong danh mục cụm công nghiệp được phê duyệt."
    return (
        f"Danh mục cụm công nghiệp: {entry.name} (mã {entry.code}),"
        f" diện tích trong danh mục {formats.hectares(entry.area_ha)},"
        f" theo {entry.plan.instrument.number}."
    )


def _legal_bases(proposal: Proposal) -> list[str]:
    """List the instruments that ask for this dossier and that approved the plan list."""
    today = timezone.localdate()
    required = DossierRequirement.objects.filter(proposal_kind=proposal.kind, valid_from__lte=today).select_related(
        "instrument"
    )
    instruments = {requirement.instrument for requirement in required}
    if proposal.plan_entry is not None:
        instruments.add(proposal.plan_entry.plan.instrument)
    ordered = sorted(instruments, key=lambda text: (text.issued_on or date.min, text.number))
    return [f"{text.title} (số {text.number})" for text in ordered] or ["các quy định hiện hành"]


def _funding(proposal: Proposal) -> list[str]:
    links = proposal.funding.select_related("funded_project").order_by("funded_project__code")
    return [
        f"{link.funded_project.code} – {link.funded_project.title}: {formats.dong(link.funded_project.granted_vnd)}"
        f" ({link.get_role_display()})"
        for link in links
    ] or ["Không có"]


def _planned_use(version: ZoneVersion) -> list[dict[str, str]]:
    sums: dict[str, float] = {}
    for part in version.parts.all():
        sums[part.use] = sums.get(part.use, 0.0) + part.area_m2
    rows = [
        {
            "name": str(LandUse(use).label),
            "area": formats.number(area / HECTARE_M2, 2),
            "share": formats.number(area / version.area_m2 * 100, 1),
        }
        for use, area in sorted(sums.items(), key=lambda item: -item[1])
    ]
    return rows or [
        {"name": "Chưa phân khu", "area": formats.number(version.area_m2 / HECTARE_M2, 2), "share": "100,0"}
    ]
