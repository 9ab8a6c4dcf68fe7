"""Can an act be rewritten? Not by the application's role, not through the ORM, not in a console."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from planning.proposals import services
from planning.proposals.models import CheckFinding, Decision, State
from planning.proposals.services import record_paper
from tests.proposals.plans import FOREST, Plans, zone

TABLES = (
    "proposals_zoneversion",
    "proposals_zonepart",
    "proposals_checkrun",
    "proposals_checkfinding",
    "proposals_submission",
    "proposals_return",
    "proposals_appraisal",
    "proposals_signoff",
    "proposals_decision",
    "proposals_paper",
    "proposals_surveyuse",
    "proposals_surveyreturn",
    "proposals_surveyruling",
    "proposals_handover",
    "proposals_dispute",
    "proposals_disputeruling",
    "people_event",
)
RIGHTS = {"SELECT": True, "INSERT": True, "UPDATE": False, "DELETE": False, "TRUNCATE": False}


@pytest.fixture
def everything(plans: Plans) -> Plans:
    """Fill every append-only table of the procedure with at least one row."""
    returned = plans.returned()
    draft = returned.draft
    services.save_draft(
        plans.cast.planner,
        returned,
        row_version=draft.row_version,
        geom=draft.geom,
        uses=[{"at": [482_100, 1_402_100], "use": "factory"}],
    )
    services.keep_version(plans.cast.planner, returned)
    east, north, side = FOREST
    inside = plans.ready(zone(east + side - 100, north))
    finding = CheckFinding.objects.get(run__version__proposal=inside, outcome="conflict")
    dispute = services.dispute_finding(plans.cast.planner, inside, finding=finding, reason="Không còn rừng.")
    services.withdraw_dispute(plans.cast.planner, inside, dispute=dispute)
    proposal = plans.approved()
    version = proposal.current_version
    assert version is not None
    record_paper(plans.cast.planner, proposal, kind="to_trinh", version=version, content=b"docx")
    link = services.order_survey(plans.cast.appraiser, proposal, team="Đội")
    services.record_survey_download(link.order, what="goi.zip", sha256="0" * 64)
    plans.in_state(State.IN_FORCE)
    return plans


def test_no_row_is_changed_or_removed(everything: Plans) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone()[0] > 0, f"{table} is empty, the test would prove nothing"
            for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
                with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
                    cursor.execute(statement)


def test_the_application_role_has_no_such_right(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT grantee FROM information_schema.role_table_grants WHERE table_name = %s", [TABLES[0]]
        )
        others = {row[0] for row in cursor.fetchall()} - {connection.settings_dict["USER"]}
        if not others:
            pytest.skip("nobody but the owner has any right here: the cluster has no application role")
        for role in others:
            for table in TABLES:
                for right, expected in RIGHTS.items():
                    cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [role, table, right])
                    assert cursor.fetchone()[0] == expected, (role, table, right)


def test_not_through_the_orm_either(everything: Plans) -> None:
    decision = Decision.objects.order_by("pk")[0]
    decision.number = "0/QĐ-UBND"
    with pytest.raises(DatabaseError), transaction.atomic():
        decision.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        decision.delete()
    kept = Decision.objects.get(pk=decision.pk)
    assert kept.number != "0/QĐ-UBND"
    assert everything.fresh(kept.proposal).state == State.BEING_SURVEYED


def test_the_guard_does_not_depend_on_the_search_path(everything: Plans) -> None:
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        cursor.execute("SET LOCAL search_path = pg_temp")
        cursor.execute("DELETE FROM public.proposals_decision")
