"""Does the view of approved zones keep its contract with the check: columns, rows, dates?"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from planning.checks.basis import basis_on
from planning.checks.engine import run_checks
from planning.checks.types import Subject
from planning.proposals.models import Decision, State
from planning.registers.models import ClusterBoundary
from tests.proposals.plans import Plans, zone

COLUMNS = ["proposal_code", "need_id", "version_id", "name", "geom", "geom_hash", "valid_from", "valid_to"]


def rows() -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM approved_zone ORDER BY proposal_code")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def test_columns(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM approved_zone LIMIT 0")
        assert [column[0] for column in cursor.description] == COLUMNS
        cursor.execute(
            "SELECT data_type FROM information_schema.columns WHERE table_name = 'approved_zone'"
            " ORDER BY ordinal_position"
        )
        assert [row[0] for row in cursor.fetchall()][-2:] == ["date", "date"]


def test_only_approved_zones(plans: Plans) -> None:
    approved = plans.approved()
    plans.in_state(State.REFUSED)
    plans.forwarded()
    (row,) = rows()
    version = approved.current_version
    assert version is not None
    assert (row["proposal_code"], row["need_id"], row["version_id"]) == (approved.code, approved.need_id, version.pk)
    assert (row["geom_hash"], row["valid_from"], row["valid_to"]) == (version.geom_hash, timezone.localdate(), None)


def test_an_annulled_zone_ends_the_day_before(plans: Plans) -> None:
    plans.approved()
    decision = Decision.objects.get()
    later = timezone.localdate() + timedelta(days=30)
    decision.pk, decision.number, decision.outcome = None, "2/QĐ-UBND", "annulled"
    decision.refers_to, decision.decided_on = Decision.objects.get(), later
    decision.save(force_insert=True)
    assert [row["valid_to"] for row in rows()] == [later - timedelta(days=1)]


def test_the_check_reads_it(plans: Plans) -> None:
    """An approved zone stands in the way even before it is a cluster of the register."""
    approved = plans.approved(zone(2_000, 2_000))
    ClusterBoundary.objects.all().delete()
    type(approved).objects.filter(pk=approved.pk).update(cluster=None)
    found = run_checks(Subject(zone(2_400, 2_000)), basis_on(timezone.localdate()))
    hit = [finding for finding in found if finding.rule == "register" and finding.outcome == "conflict"]
    assert [round(finding.overlap_m2 or 0) for finding in hit] == [50_000]
    ignored = run_checks(
        Subject(zone(2_400, 2_000), ignore_proposal_codes=(approved.code,)), basis_on(timezone.localdate())
    )
    assert not [finding for finding in ignored if finding.outcome == "conflict"]
