"""How many hectares of a list entry are spoken for? Alternatives of one need count once: only one of them can win."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from mapping.desks.draw.file_tabs import quota
from planning.proposals.models import Proposal
from planning.registers.models import ClusterPlan, PlanListEntry
from tests.cast import make_instrument
from tests.proposals.plans import Plans, zone

pytestmark = pytest.mark.django_db


def test_rivals_of_one_need_are_pending_once(plans: Plans) -> None:
    plan = ClusterPlan.objects.create(
        name="Phương án", instrument=make_instrument(), period_from=2021, period_to=2030, valid_from=date(2024, 1, 1)
    )
    entry = PlanListEntry.objects.create(plan=plan, code="1", name="CCN Thử", unit=plans.land.west, area_ha=75)
    first = plans.submitted(zone(2_000, 2_000, 500))
    plans.submitted(zone(2_000, 3_000, 400), rival_of=first)
    plans.submitted(zone(3_000, 2_000, 300))
    mine = plans.draft(zone(4_000, 2_000, 200))
    Proposal.objects.update(plan_entry=entry)
    found = quota(plans.fresh(mine))
    assert found is not None
    assert (found.pending_ha, found.mine_ha) == (Decimal("34.00"), Decimal("4.00"))
