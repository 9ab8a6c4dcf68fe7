"""What does one chunk of a site search do? Search one commune and keep its candidates with the exact check's answer."""

from __future__ import annotations

from typing import Any

import shapely

from layers.grid import geometry_hash
from layers.models import AdminUnit, Batch, ChunkState
from planning.checks.report import Report
from planning.checks.screening.candidates import offer_of
from planning.checks.screening.question import asked_by
from planning.checks.screening.wishes import Wishes
from planning.checks.types import Outcome
from planning.proposals.models import CandidateSite, SiteSearch

# Findings kept with a candidate, worst first; what is clear is not kept.
MAX_FINDINGS = 40


def search_unit(params: dict[str, Any], chunk: dict[str, Any]) -> dict[str, Any]:
    """Search one commune; the work of the batch kind ``site_search``.

    *params*: ``search`` (row number), ``asked`` (`planning.checks.screening.question.basis_data`), ``wishes``. *chunk*:
    ``unit`` (row number), ``number``. Returns the funnel, what was dropped and how many were found.
    """
    unit = AdminUnit.objects.get(pk=int(chunk["unit"]))
    offer = offer_of(
        shapely.from_wkb(bytes(unit.geom.wkb)), Wishes.of_data(params["wishes"]), asked_by(params["asked"])
    )
    first = int(chunk["number"]) * 100
    known = set(
        CandidateSite.objects.filter(
            search_id=int(params["search"]), number__gt=first, number__lt=first + 100
        ).values_list("number", flat=True)
    )
    CandidateSite.objects.bulk_create(
        CandidateSite(
            search_id=int(params["search"]),
            number=first + place,
            unit=unit,
            geom=candidate.zone,
            geom_hash=geometry_hash(candidate.zone),
            area_m2=round(candidate.report.area_m2, 2),
            verdict=candidate.report.verdict.value,
            measures=candidate.measures,
            findings=findings_of(candidate.report),
        )
        for place, candidate in enumerate(offer.candidates, start=1)
        if first + place not in known
    )
    return {
        "unit": unit.full_name,
        "funnel": offer.funnel,
        "dropped": offer.dropped,
        "found": len(offer.candidates),
    }


def findings_of(report: Report) -> list[dict[str, Any]]:
    """Return what the check found, worst first, without what is clear, in both languages and ready for JSON."""
    shown = [finding for finding in report.findings if finding.outcome != Outcome.CLEAR]
    return [
        {
            "rule": finding.rule,
            "severity": finding.severity,
            "outcome": finding.outcome.value,
            "title_vi": finding.title.vi,
            "title_en": finding.title.en,
            "text_vi": finding.text.vi,
            "text_en": finding.text.en,
            "layer": finding.layer_code,
            "overlap_ha": finding.overlap_ha,
            "distance_m": None if finding.distance_m is None else round(finding.distance_m, 1),
            "body_vi": finding.body.vi,
            "body_en": finding.body.en,
        }
        for finding in shown[:MAX_FINDINGS]
    ]


def seal(batch: Batch) -> None:
    """Write the sum of the funnels to a finished search; the finish of the batch kind ``site_search``."""
    SiteSearch.objects.filter(pk=int(batch.params["search"])).update(funnel=funnel_of(batch))


def funnel_of(batch: Batch) -> list[dict[str, Any]]:
    """Return what the communes searched so far lost to every criterion, in hectares, in the order it was asked."""
    order: list[str] = []
    lost: dict[str, float] = {}
    whole = 0.0
    dropped: dict[str, int] = {}
    for result in batch.chunks.filter(state=ChunkState.DONE).order_by("number").values_list("result", flat=True):
        steps = result["funnel"]
        whole += steps[0]["left_ha"]
        for step in steps[1:]:
            if step["code"] not in lost:
                order.append(step["code"])
            lost[step["code"]] = lost.get(step["code"], 0.0) + step["lost_ha"]
        for reason, count in result["dropped"].items():
            dropped[reason] = dropped.get(reason, 0) + count
    rows: list[dict[str, Any]] = [{"code": "unit", "lost_ha": 0.0, "left_ha": round(whole, 2)}]
    left = whole
    for code in order:
        left -= lost[code]
        rows.append({"code": code, "lost_ha": round(lost[code], 2), "left_ha": round(max(0.0, left), 2)})
    rows += [{"code": f"dropped:{reason}", "sites": count} for reason, count in sorted(dropped.items())]
    return rows
