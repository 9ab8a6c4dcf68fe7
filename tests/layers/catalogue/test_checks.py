"""Rows 113–116: a check that cannot tell says so; to touch is no conflict; what was not looked at is not clear."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.db import IntegrityError, connection, transaction

from layers.errors import InputRefused
from layers.models import Edition, Feature
from planning.checks.engine import run_checks
from planning.checks.models import RuleSet
from planning.checks.services import load_catalogue
from planning.checks.types import Level, Outcome, Subject, Verdict
from planning.checks.verdict import verdict_of
from tests.cast import EAST0, NORTH0, Land, multi, rectangle, square
from tests.checks.ground import basis, check, one, publish, row

LEVELS = [Level.LIVE, Level.STORED]
ZONE = square(1_000, 1_000, 500)
RULE = "forest_special"
BOW_TIE = "POLYGON((0 0,100 100,100 0,0 100,0 0))"


@pytest.fixture
def rules(land: Land) -> RuleSet:
    """Give the published rule catalogue on the land."""
    return load_catalogue().rule_set


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "neighbour",
    [
        pytest.param(square(1_500, 1_000, 500), id="r113 along an edge"),
        pytest.param(square(1_500, 1_500, 500), id="r113 in a corner"),
    ],
)
def test_to_touch_is_no_conflict(rules: RuleSet, neighbour: GEOSGeometry, level: Level) -> None:
    publish(RULE, [row(neighbour, "Rừng")])
    findings = run_checks(Subject(multi(ZONE)), basis(), level=level)
    (finding,) = [item for item in findings if item.rule == RULE]
    assert finding.outcome in {Outcome.CONTACT, Outcome.CLEAR} and not finding.overlap_m2
    assert finding.distance_m in {None, 0.0}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("reach", "outcome"),
    [
        pytest.param(0.001, Outcome.CONTACT, id="r114 half a square metre"),
        pytest.param(0.1, Outcome.CONFLICT, id="r114 fifty square metres"),
    ],
)
def test_an_overlap_below_tolerance_is_listed_and_no_conflict(
    rules: RuleSet, reach: float, outcome: Outcome, level: Level
) -> None:
    publish(RULE, [row(rectangle(1_500 - reach, 1_000, 100, 500), "Rừng")])
    finding = one(check(ZONE, level=level), RULE)
    assert finding.outcome == outcome and finding.overlap_m2 == pytest.approx(reach * 500, abs=0.01)


@pytest.mark.parametrize(
    "verdict", [pytest.param(Verdict.NOT_COMPUTABLE, id="r115 both overlays contradict themselves")]
)
def test_an_overlay_that_contradicts_itself_twice_is_never_no_conflict(rules: RuleSet, verdict: Verdict) -> None:
    publish(RULE, [row(square(1_200, 1_200, 500), "Rừng")])
    assert one(check(ZONE, level=Level.STORED), RULE).outcome == Outcome.CONFLICT
    with connection.cursor() as cursor:  # as if both overlays, plain and on the grid, had failed their own tests
        cursor.execute(
            "CREATE OR REPLACE FUNCTION check_verified(part geometry, zone geometry, OUT piece geometry,"
            " OUT beyond geometry, OUT sound boolean) LANGUAGE sql STABLE AS"
            " 'SELECT NULL::geometry, NULL::geometry, false'"
        )
    report = check(ZONE, level=Level.STORED)
    found = [finding for finding in report.findings if finding.rule == RULE]
    assert Outcome.NOT_COMPUTABLE in {finding.outcome for finding in found}
    assert not {Outcome.CLEAR, Outcome.CONTACT} & {finding.outcome for finding in found}
    assert verdict_of(report.findings) == verdict


@pytest.mark.parametrize("level", [pytest.param(level, id=f"r116 {level.value}, invalid") for level in LEVELS])
def test_an_invalid_constraint_does_not_come_in(rules: RuleSet, level: Level) -> None:
    edition = publish(RULE, [row(square(5_000, 5_000, 100), "Rừng")])
    shape = GEOSGeometry(BOW_TIE, srid=9218)
    with pytest.raises(IntegrityError, match="feature_geom_valid"), transaction.atomic():
        Feature.objects.create(edition=edition, name="x", geom=shape, area_m2=1, geom_hash="0" * 64)
    outside = GEOSGeometry(
        f"POLYGON(({EAST0} {NORTH0},{EAST0 + 9} {NORTH0},{EAST0} {NORTH0 + 9},{EAST0} {NORTH0}),"
        f"({EAST0 + 50} {NORTH0},{EAST0 + 59} {NORTH0},{EAST0 + 50} {NORTH0 + 9},{EAST0 + 50} {NORTH0}))",
        srid=9218,
    )
    with pytest.raises(InputRefused) as refused:
        publish(RULE, [row(outside, "Rừng")])
    assert refused.value.code == "EDITION_REFUSED"
    assert (
        one(check(square(5_000, 5_000, 100), level=level), RULE).outcome == Outcome.CONFLICT
    )  # the old one still holds


@pytest.mark.parametrize("level", [pytest.param(level, id=f"r116 {level.value}, empty") for level in LEVELS])
def test_an_empty_or_half_built_constraint_layer_is_not_checked_and_never_clear(rules: RuleSet, level: Level) -> None:
    with pytest.raises(InputRefused) as refused:
        publish(RULE, [])
    assert refused.value.code == "NO_FEATURES"
    edition = publish(RULE, [row(square(1_000, 1_000, 100), "Rừng")])
    Edition.objects.filter(pk=edition.pk).update(parts_built=False)
    assert one(check(ZONE, level=level), RULE).outcome == Outcome.NOT_CHECKED
