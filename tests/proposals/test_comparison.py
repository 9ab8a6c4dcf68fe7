"""Do the numbers of a comparison come from the kept runs, and are best and worst marked where one is better?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from planning.proposals import services
from planning.proposals.models import Proposal, ZoneVersion
from planning.proposals.queries import comparison_of
from tests.proposals.plans import Plans, zone
from tests.registers.books import make_books


def compared(plans: Plans, *proposals: Proposal) -> dict[str, tuple[list[object], list[bool], list[bool]]]:
    pairs: list[tuple[Proposal, ZoneVersion]] = []
    for proposal in proposals:
        fresh = plans.fresh(proposal)
        assert fresh.current_version is not None
        pairs.append((fresh, fresh.current_version))
    table = comparison_of(pairs)
    return {
        row.title: (
            [cell.value for cell in row.cells],
            [cell.best for cell in row.cells],
            [cell.worst for cell in row.cells],
        )
        for row in table.rows
    }


def test_rows_best_and_worst(plans: Plans) -> None:
    clear = plans.ready(zone(1_000, 1_000, 600))
    blocked = plans.ready(zone(4_800, 5_200, 500), rival_of=clear)
    project = make_books(plans.cast, plans.land).planned()
    services.link_funding(plans.cast.planner, clear, funded_project=project, role="study", share=Decimal("0.5"))
    rows = compared(plans, clear, blocked)
    assert rows["Diện tích ranh giới"] == ([36.0, 25.0], [False, False], [False, False])
    assert rows["Chồng lấn, không được phép"] == ([0, 1], [True, False], [False, True])
    assert rows["Diện tích chồng lấn không được phép"] == ([0.0, 15.0], [True, False], [False, True])
    assert rows["Câu hỏi chưa rà soát"] == ([1, 1], [False, False], [False, False])
    values = rows["Kinh phí hỗ trợ liên quan"][0]
    assert values == [float(project.granted_vnd / 2), 0.0]


def test_a_plan_with_a_prohibited_conflict_is_not_eligible(plans: Plans) -> None:
    clear = plans.fresh(plans.ready(zone(1_000, 1_000)))
    blocked = plans.fresh(plans.ready(zone(4_800, 5_200)))
    table = comparison_of([(plan, plan.current_version) for plan in (clear, blocked)])  # type: ignore[misc]
    assert [column.eligible for column in table.columns] == [True, False]


def test_at_most_four(plans: Plans) -> None:
    proposal = plans.ready()
    assert proposal.current_version is not None
    with pytest.raises(ValueError, match="5 plans"):
        comparison_of([(proposal, proposal.current_version)] * 5)
    with pytest.raises(ValueError, match="0 plans"):
        comparison_of([])
