"""What runs into what? The one entry of the check: facts from one round trip, judged rule by rule, nothing stored.

It deliberately answers no permission question and keeps no result; `planning.proposals` stores runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection

from layers.grid import hash_on_grid, on_grid
from planning.checks.basis import basis_on, engine_versions
from planning.checks.case import Case, NotComputable, not_checked, standing, uncomputed
from planning.checks.facts import Gathered, gather, rules_for
from planning.checks.land_use import land_use_rows
from planning.checks.models import Question
from planning.checks.planned_answers import answer_declared, answer_part_setback
from planning.checks.report import LandUseRow, Report
from planning.checks.rules import CompiledRule
from planning.checks.sources import sources_of
from planning.checks.spatial_answers import (
    answer_containment,
    answer_count,
    answer_overlap,
    answer_register,
    answer_setback,
    answer_share,
)
from planning.checks.subject_answers import (
    answer_green_buffer,
    answer_occupancy,
    answer_plan_list,
    answer_ratio,
    answer_size,
    ratio_of,
    size_limits,
)
from planning.checks.types import Basis, Finding, Level, Outcome, Subject
from planning.checks.verdict import verdict_of
from planning.checks.wording import sentence

Answer = Callable[[Case, CompiledRule], list[Finding]]

ANSWERS: dict[str, Answer] = {
    Question.OVERLAP.value: answer_overlap,
    Question.SETBACK.value: answer_setback,
    Question.CONTAINMENT.value: answer_containment,
    Question.SHARE.value: answer_share,
    Question.SIZE.value: answer_size,
    Question.LAND_USE_RATIO.value: answer_ratio,
    Question.PLAN_LIST.value: answer_plan_list,
    Question.REGISTER_OVERLAP.value: answer_register,
    Question.OCCUPANCY.value: answer_occupancy,
    Question.GREEN_BUFFER.value: answer_green_buffer,
    Question.COUNT_INSIDE.value: answer_count,
    Question.PART_SETBACK.value: answer_part_setback,
    Question.DECLARED.value: answer_declared,
}
_WORST_FIRST = {
    outcome: place
    for place, outcome in enumerate(
        (
            Outcome.CONFLICT,
            Outcome.NOT_COMPUTABLE,
            Outcome.CONDITION,
            Outcome.ADVICE,
            Outcome.NOT_CHECKED,
            Outcome.CONTACT,
            Outcome.CLEAR,
        )
    )
}


def run_checks(subject: Subject, against: Basis, *, level: Level = Level.LIVE) -> tuple[Finding, ...]:
    """Return the findings of *subject* against *against*, worst first; see `check_report`."""
    return check_report(subject, against, level=level).findings


def land_use_inside(zone: GEOSGeometry, against: Basis, *, level: Level = Level.LIVE) -> tuple[LandUseRow, ...]:
    """Return the existing land use inside *zone*; the rows sum to the zone to 1 m², unknown land is a row."""
    return check_report(Subject(zone), against, level=level).land_use


def check_report(subject: Subject, against: Basis, *, level: Level = Level.LIVE) -> Report:
    """Answer every rule of *against* about *subject*: findings, verdict, land use, ratios, size, totals.

    The zone must be valid and vetted (`layers.vetting`); it is put on the 1 mm grid here. *level* ``stored`` verifies
    every overlay (decision 0012) and is what is kept. Pure: reads the database, writes nothing.
    """
    return _answered(replace(subject, zone=on_grid(subject.zone)), against, level)[0]


def check_live(subject: Subject, against: Basis) -> Report:
    """Answer the live question against what held at the moment of the answer; *against* is `basis_at_hand`.

    The zone must be as `layers.vetting.vet` returns it: on the grid, in normal order. The stamp comes back with the
    facts: when something was published since *against* was built, all is asked again.
    """
    report, stamp = _answered(subject, against, Level.LIVE, waited_for=True)
    return report if stamp == against.stamp else check_report(subject, basis_on(against.date))


def _answered(subject: Subject, against: Basis, level: Level, *, waited_for: bool = False) -> tuple[Report, str]:
    """Return the report about a zone on the grid, and the stamp of the basis at the moment of the answer."""
    zone = subject.zone
    rules = rules_for(subject, against)
    gathered = gather(subject, zone, rules, against, verified=level == Level.STORED, waited_for=waited_for)
    case, findings = _judged(subject, zone, rules, against, gathered)
    order = {rule.code: place for place, rule in enumerate(rules)}
    findings.sort(key=lambda finding: (_WORST_FIRST[finding.outcome], order[finding.rule], *_within(finding)))
    findings = _told_apart(findings)
    size_rule = next((rule for rule in rules if rule.question == Question.SIZE), None)
    report = Report(
        findings=tuple(findings),
        verdict=verdict_of(findings),
        land_use=land_use_rows(case),
        ratios=tuple(ratio_of(case, rule)[0] for rule in rules if rule.question == Question.LAND_USE_RATIO),
        totals=tuple(sorted(case.totals, key=lambda total: order[total.rule])),
        parts=subject.parts,
        size=size_limits(case, size_rule),
        area_m2=case.area_m2,
        zone=zone,
        geom_hash=hash_on_grid(zone),
        basis=against,
        level=level,
        engine=engine_versions(str(connection.settings_dict["NAME"])),
        sources=sources_of(case.facts),
    )
    return report, case.facts.stamp


def _judged(
    subject: Subject, zone: GEOSGeometry, rules: Sequence[CompiledRule], against: Basis, gathered: Gathered
) -> tuple[Case, list[Finding]]:
    """Answer the rules, those that need not wait first: the database works on the rest meanwhile."""
    case = Case(subject, zone, float(zone.area), against, gathered.facts)
    early = [finding for rule in rules if rule.code not in gathered.late for finding in _answer(case, rule)]
    whole = gathered.whole()
    if whole is not case.facts:
        return _judged(subject, zone, rules, against, Gathered(whole))
    return case, early + [finding for rule in rules if rule.code in gathered.late for finding in _answer(case, rule)]


def _answer(case: Case, rule: CompiledRule) -> list[Finding]:
    if rule.unresolved:
        text = sentence("not_checked_value", parameters=rule.unresolved)
        return [standing(case, rule, "unresolved", wrote=lambda: not_checked(case, rule, text))]
    try:
        return ANSWERS[rule.question](case, rule)
    except NotComputable:
        return [uncomputed(case, rule)]


def _told_apart(findings: list[Finding]) -> list[Finding]:
    """Number the keys of findings about features on the same ground that no identifier tells apart."""
    if len({finding.key for finding in findings}) == len(findings):
        return findings
    met: Counter[str] = Counter()
    numbered = []
    for finding in findings:
        met[finding.key] += 1
        again = met[finding.key]
        numbered.append(finding if again == 1 else replace(finding, key=f"{finding.key}:{again}"))
    return numbered


def _within(finding: Finding) -> tuple[float, float, str, str, str]:
    """Order the findings of one rule: largest overlap, then nearest, then by what the source row is."""
    return (
        -round(finding.overlap_m2 or 0.0, 2),
        round(finding.distance_m or 0.0, 2),
        finding.source_hash,
        finding.source_key,
        finding.feature_name,
    )
