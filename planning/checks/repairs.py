"""Which small changes of the boundary would end a conflict? Each computed, checked again whole, with what it costs.

It changes nothing and stores nothing: a suggestion is taken over by the person, as one step that can be undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.utils.translation import gettext as _

from layers.errors import NotFound
from layers.vetting import LIVE, call, vet
from planning.checks.cutting import cut_into_parts
from planning.checks.engine import check_report
from planning.checks.models import Question
from planning.checks.report import Report
from planning.checks.taking import FIRED, can_be_cut, taken_by
from planning.checks.types import Basis, Finding, Outcome, Subject, Words

# What the cut may not leave behind: a strip narrower than the green strip of a cluster, a piece of less than 0.1 ha.
MIN_WIDTH_M = 10.0
MIN_PART_M2 = 1_000.0
# A tenth of the smallest cluster the law knows (10 ha): what is left of less is no way out.
MIN_LEFT_M2 = 10_000.0
# What the cut may add to the corners of a boundary; the live check takes 2,000 in all.
MORE_CORNERS = 300
MOST_CORNERS = 1_990
TIMEOUT_S = 4.0
ALL = "all"


class Kind(StrEnum):
    """How a way out changes the boundary."""

    CUT_OUT = "cut_out"
    SET_BACK = "set_back"
    STRAIGHT = "straight"
    LARGEST = "largest"


class WhyNot(StrEnum):
    """Why a way out is not offered."""

    NO_CONFLICT = "no_conflict"  # touching below tolerance, clear, not checked: nothing is to be ended
    WHOLE_ZONE = "whole_zone"  # the finding is about the zone as a whole, or has no area that can be left out
    NOTHING_LEFT = "nothing_left"
    TOO_LITTLE_LEFT = "too_little_left"
    TOO_MANY_CORNERS = "too_many_corners"
    STILL_THERE = "still_there"
    BREAKS_ANOTHER = "breaks_another"


@dataclass(frozen=True)
class Worse:
    """Name a rule that answers worse after the change than before."""

    rule: str
    title: Words
    text: Words
    before: Outcome
    after: Outcome


@dataclass(frozen=True)
class Way:
    """One way out. *zone*, *removed* in the storage CRS, *zone* vetted and on the grid; areas in m².

    *report*: the whole check of the changed zone. *parts*: pieces of the changed zone. *holes*: new holes. *crumbs_m2*:
    part of the loss that was too narrow or small to keep. *simpler_m*: how much straighter the new edge is than the
    exact one (0: exact).
    """

    kind: Kind
    zone: MultiPolygon
    removed: GEOSGeometry
    area_m2: float
    lost_m2: float
    report: Report
    worse: tuple[Worse, ...]
    ended: tuple[str, ...]
    parts: int
    holes: int
    crumbs_m2: float
    simpler_m: float

    @property
    def conflicts_left(self) -> int:
        """Count the prohibited conflicts that remain."""
        return sum(finding.outcome == Outcome.CONFLICT for finding in self.report.findings)


@dataclass(frozen=True)
class NotOffered:
    """Say why one way, or any (*kind* None), is not offered; *rules* are the titles of rules it would break."""

    reason: WhyNot
    kind: Kind | None = None
    rules: tuple[Words, ...] = ()


@dataclass(frozen=True)
class WaysOut:
    """Hold the ways out of one finding or all conflicts: fewest conflicts left first, no new hole, then least lost."""

    key: str
    before: Report
    ways: tuple[Way, ...]
    not_offered: tuple[NotOffered, ...]


def ways_out(
    subject: Subject,
    against: Basis,
    key: str,
    *,
    cuts: GEOSGeometry | None = None,
    uses: Sequence[Mapping[str, Any]] = (),
) -> WaysOut:
    """Compute the ways out of the finding *key* of *subject*, or of all prohibited conflicts (`ALL`).

    *subject*: as for the check, its zone vetted. *cuts*, *uses*: what its parts were cut by; they are cut again in
    every changed zone. A way is offered only when the check of the changed zone no longer has the finding, and when no
    other prohibited conflict appears but one of size, which is named. Raises NotFound (FINDING_GONE) when the boundary
    has no such finding, InputRefused when the child cannot compute it in time.
    """
    before = check_report(subject, against)
    wanted = _wanted(before, key)
    cuttable = [finding for finding in wanted if can_be_cut(finding)]
    if not cuttable:
        fires = any(finding.outcome in FIRED for finding in wanted)
        return WaysOut(key, before, (), (NotOffered(WhyNot.WHOLE_ZONE if fires else WhyNot.NO_CONFLICT),))
    taken = taken_by(cuttable, before.zone, {rule.code: rule for rule in against.rules})
    reply = call(
        "clear_away",
        before.zone,
        *(each.geom for each in taken),
        timeout=TIMEOUT_S,
        distances=[each.distance_m for each in taken],
        min_width_m=MIN_WIDTH_M,
        min_part_m2=MIN_PART_M2,
        max_corners=min(MOST_CORNERS, before.zone.num_coords + MORE_CORNERS),
    )
    if not reply.info["variants"]:
        return WaysOut(key, before, (), (NotOffered(WhyNot(reply.info["reason"])),))
    ways: list[Way] = []
    not_offered: list[NotOffered] = []
    for place, variant in enumerate(reply.info["variants"]):
        kind = _kind(variant["kind"], cuttable)
        left, removed = reply.geoms[2 * place], reply.geoms[2 * place + 1]
        if float(variant["area_m2"]) < MIN_LEFT_M2:
            not_offered.append(NotOffered(WhyNot.TOO_LITTLE_LEFT, kind))
            continue
        way = _way(subject, against, before, cuttable, kind, left, removed, variant, cuts, uses)
        refused = _refused(way, before, cuttable)
        if refused is not None:
            not_offered.append(refused)
        elif all(way.zone.wkb != other.zone.wkb for other in ways):
            ways.append(way)
    ways.sort(key=lambda way: (way.conflicts_left, len(way.worse), way.holes, round(way.lost_m2, 2), way.kind))
    return WaysOut(key, before, tuple(ways), tuple(not_offered))


def _wanted(report: Report, key: str) -> list[Finding]:
    if key == ALL:
        found = [finding for finding in report.findings if finding.outcome == Outcome.CONFLICT]
    else:
        found = [finding for finding in report.findings if finding.key == key]
    if not found:
        raise NotFound(
            _("The boundary no longer runs into this."), code="FINDING_GONE", todo=_("Wait for the report to refresh.")
        )
    return found


def _kind(variant: str, findings: Iterable[Finding]) -> Kind:
    if variant != "cut":
        return Kind(variant)
    return Kind.SET_BACK if all(finding.question == Question.SETBACK.value for finding in findings) else Kind.CUT_OUT


def _way(  # noqa: PLR0917 - private to this file
    subject: Subject,
    against: Basis,
    before: Report,
    findings: Sequence[Finding],
    kind: Kind,
    left: GEOSGeometry,
    removed: GEOSGeometry,
    variant: Mapping[str, Any],
    cuts: GEOSGeometry | None,
    uses: Sequence[Mapping[str, Any]],
) -> Way:
    vetted = vet(left, LIVE)
    parts = cut_into_parts(vetted.geom, cuts, uses) if cuts is not None or uses else []
    report = check_report(replace(subject, zone=vetted.geom, parts=tuple(parts)), against)
    return Way(
        kind=kind,
        zone=vetted.geom,
        removed=removed,
        area_m2=vetted.area_m2,
        lost_m2=before.area_m2 - vetted.area_m2,
        report=report,
        worse=worse_after(before, report),
        ended=tuple(finding.key for finding in findings if not _stands(finding, report)),
        parts=int(variant["parts"]),
        holes=int(variant["holes"]),
        crumbs_m2=float(variant["crumbs_m2"]),
        simpler_m=float(variant["simpler_m"]),
    )


def _stands(finding: Finding, report: Report) -> bool:
    """Tell whether the rule still fires about the same source row; about merged rows, whether it fires at all."""
    return any(
        other.rule == finding.rule and other.outcome in FIRED and finding.source_key in {"", other.source_key}
        for other in report.findings
    )


def _refused(way: Way, before: Report, findings: Sequence[Finding]) -> NotOffered | None:
    """Say why *way* is no way out: what it should end is still there, or it runs into something forbidden instead."""
    if len(way.ended) < len(findings):
        return NotOffered(WhyNot.STILL_THERE, way.kind)
    sizes = {finding.rule for finding in way.report.findings if finding.question == Question.SIZE.value}
    broken = tuple(worse.title for worse in way.worse if worse.after == Outcome.CONFLICT and worse.rule not in sizes)
    return NotOffered(WhyNot.BREAKS_ANOTHER, way.kind, broken) if broken else None


# How bad an answer is; a rule answers as its worst finding does. Touching below tolerance is as good as clear.
_BADNESS = {
    Outcome.CONFLICT: 5,
    Outcome.NOT_COMPUTABLE: 4,
    Outcome.CONDITION: 3,
    Outcome.ADVICE: 2,
    Outcome.NOT_CHECKED: 1,
    Outcome.CONTACT: 0,
    Outcome.CLEAR: 0,
}


def worse_after(before: Report, after: Report) -> tuple[Worse, ...]:
    """Return the rules that answer worse in *after* than in *before*, worst first; never silently left out."""
    old = {rule: finding.outcome for rule, finding in _worst(before).items()}
    found = [
        Worse(rule, finding.title, finding.text, old.get(rule, Outcome.CLEAR), finding.outcome)
        for rule, finding in _worst(after).items()
        if _BADNESS[finding.outcome] > _BADNESS[old.get(rule, Outcome.CLEAR)]
    ]
    return tuple(sorted(found, key=lambda worse: (-_BADNESS[worse.after], worse.rule)))


def _worst(report: Report) -> dict[str, Finding]:
    worst: dict[str, Finding] = {}
    for finding in report.findings:
        held = worst.get(finding.rule)
        if held is None or _BADNESS[finding.outcome] > _BADNESS[held.outcome]:
            worst[finding.rule] = finding
    return worst
