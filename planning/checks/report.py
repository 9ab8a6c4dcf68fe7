"""What does the check say about one subject as a whole? The report: findings, verdict, land use, ratios, size, totals.

It deliberately judges nothing; `planning.checks.engine` fills it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.gis.geos import GEOSGeometry

from planning.checks.types import NO_WORDS, Basis, Finding, Level, Outcome, Part, Verdict, Words, rounded


@dataclass(frozen=True)
class LandUseRow:
    """State how much of the zone lies on one kind of land today; ``code`` is empty for unknown land."""

    code: str
    name: Words
    area_m2: float
    share: float
    parcels: int
    colour: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return the row ready for JSON."""
        return {
            "code": self.code,
            "name_vi": self.name.vi,
            "name_en": self.name.en,
            "area_m2": round(self.area_m2, 2),
            "area_ha": round(self.area_m2 / 10_000, 2),
            "share": round(self.share, 6),
            "parcels": self.parcels,
            "colour": self.colour,
        }


@dataclass(frozen=True)
class Ratio:
    """State one ratio of planned land use (0–1) beside its limits; ``ok`` is None when there is nothing to judge."""

    rule: str
    title: Words
    value: float | None
    min: float | None
    max: float | None
    ok: bool | None

    def as_data(self) -> dict[str, Any]:
        """Return the ratio ready for JSON."""
        return {
            "rule": self.rule,
            "title_vi": self.title.vi,
            "title_en": self.title.en,
            "value": rounded(self.value, 6),
            "min": self.min,
            "max": self.max,
            "ok": self.ok,
        }


@dataclass(frozen=True)
class SizeLimits:
    """State the area tested (of the whole cluster when it is expanded) beside its limits, in hectares."""

    area_ha: float
    min_ha: float | None
    max_ha: float | None
    ok: bool | None
    reason: Words = NO_WORDS

    def as_data(self) -> dict[str, Any]:
        """Return the limits ready for JSON."""
        return {
            "area_ha": round(self.area_ha, 2),
            "min_ha": self.min_ha,
            "max_ha": self.max_ha,
            "ok": self.ok,
            "reason_vi": self.reason.vi,
            "reason_en": self.reason.en,
        }


@dataclass(frozen=True)
class RuleTotal:
    """State how much of the zone one rule touches, each square metre counted once; measured when it is read.

    A live report shows few of its totals, and uniting corridors is most of what judging costs.
    """

    rule: str
    title: Words
    features: int
    zone_m2: float
    measure: Callable[[], float] = field(repr=False, compare=False)

    @cached_property
    def overlap_m2(self) -> float:
        """Return the area, m²."""
        return self.measure()

    @property
    def share_of_zone(self) -> float:
        """Return the area as share of the zone, 0–1."""
        return min(1.0, self.overlap_m2 / self.zone_m2) if self.zone_m2 else 0.0


@dataclass(frozen=True)
class Report:
    """Hold everything the check says about one subject."""

    findings: tuple[Finding, ...]
    verdict: Verdict
    land_use: tuple[LandUseRow, ...]
    ratios: tuple[Ratio, ...]
    totals: tuple[RuleTotal, ...]
    parts: tuple[Part, ...]
    size: SizeLimits
    area_m2: float
    zone: GEOSGeometry
    geom_hash: str
    basis: Basis
    level: Level
    engine: Mapping[str, str]
    sources: Mapping[str, Any] = field(default_factory=dict)

    @property
    def area_ha(self) -> float:
        """Return the zone's area in hectares, to 0.01 ha."""
        return round(self.area_m2 / 10_000, 2)

    def counts(self) -> dict[str, int]:
        """Count the findings by outcome; every outcome is a key."""
        counted = {outcome.value: 0 for outcome in Outcome}
        for finding in self.findings:
            counted[finding.outcome.value] += 1
        return counted

    @property
    def findings_hash(self) -> str:
        """Return the SHA-256 of the canonical findings and land use."""
        return hashlib.sha256(self.canonical_bytes()).hexdigest()

    def canonical_bytes(self) -> bytes:
        """Return findings and land use as canonical JSON: same question, same bytes, in whatever order rows lie."""
        findings = sorted(json.dumps(finding.canonical(), sort_keys=True) for finding in self.findings)
        rows = sorted(json.dumps([row.code, round(row.area_m2, 2), row.parcels]) for row in self.land_use)
        return json.dumps([findings, rows], separators=(",", ":")).encode()
