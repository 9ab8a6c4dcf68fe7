"""How do tests get a kept report with anything in it? Rows as the procedure writes them, figures chosen by the test."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.utils import timezone

from layers.grid import geometry_hash, on_grid
from planning.proposals.models import CheckFinding, CheckRun, Need, Proposal, ProposalKind, ZoneVersion
from tests.cast import Cast, Land

ENGINE = {"engine": "1", "geos": "3.11.1", "postgis": "3.3.2", "proj": "9.1.1"}


def make_run(
    land: Land, cast: Cast, zone: MultiPolygon, *, name: str = "CCN Ea Đar", verdict: str = "clear"
) -> CheckRun:
    """Keep a proposal, a version and an empty report about it."""
    need = Need.objects.create(unit=land.west, created_by=cast.planner, statement="Di dời cơ sở làng nghề")
    proposal = Proposal.objects.create(
        code=f"DX-2026-{Proposal.objects.count() + 700:04d}",
        kind=ProposalKind.NEW_CLUSTER,
        need=need,
        name=name[:160],
        unit=land.west,
        created_by=cast.planner,
    )
    gridded = on_grid(zone)
    version = ZoneVersion.objects.create(
        proposal=proposal,
        number=1,
        geom=gridded,
        geom_hash=geometry_hash(gridded),
        area_m2=gridded.area,
        author=cast.planner,
        at=timezone.now(),
    )
    return CheckRun.objects.create(
        version=version,
        verdict=verdict,
        by=cast.planner,
        basis={"date": "2026-11-22", "ruleset": 1, "editions": [], "missing_layers": ["road"]},
        subject={"kind": proposal.kind, "unit": land.west.pk},
        engine=ENGINE,
        geom_hash=version.geom_hash,
        findings_hash="ab" * 32,
        size={"area_ha": round(gridded.area / 10_000, 2), "min_ha": 5.0, "max_ha": 75.0, "ok": True},
    )


def add_finding(run: CheckRun, outcome: str, piece: GEOSGeometry | None = None, **changes: Any) -> CheckFinding:
    """Keep one finding of *run*; its place is the next one."""
    data = {
        "title_vi": "Rừng đặc dụng",
        "title_en": "Special-use forest",
        "text_vi": "Chồng lấn rừng.",
        "text_en": "Overlaps the forest.",
        "next_step_vi": "Vẽ tránh rừng.",
        "next_step_en": "Draw around it.",
        "citation": "16/2017/QH14, Điều 14",
        "verified": False,
        **changes.pop("data", {}),
    }
    facts: dict[str, Any] = {
        "rule_code": "forest",
        "severity": "prohibited",
        "feature_name": "Rừng Thử",
        "overlap_m2": piece.area if piece is not None else None,
        "share_of_zone": piece.area / run.version.area_m2 if piece is not None else None,
    }
    return CheckFinding.objects.create(
        run=run, order=run.findings.count() + 1, outcome=outcome, piece=piece, data=data, **(facts | changes)
    )
