"""Which questions do the books answer? Nouns, imported from here; one file per subject inside."""

from planning.registers.queries.clusters import (
    BOUNDARY_COLUMNS,
    Occupancy,
    ScopeOccupancy,
    boundaries_asof,
    boundary_of,
    occupancy_in,
    occupancy_of,
)
from planning.registers.queries.fund import (
    Flag,
    ProjectMoney,
    YearMoney,
    flags_of,
    flags_on,
    money_by_project,
    money_by_year,
    project_money,
    remaining_vnd,
    waiting_payments,
)
from planning.registers.queries.parameters import parameter_on, parameter_row_on
from planning.registers.queries.plan_list import Quota, entries_for_unit, plan_in_force, quota_of, used_ha_by_entry
from planning.registers.queries.returns import ReturnState, VillageReturn, village_returns
from planning.registers.queries.search import Hit, folded, search
from planning.registers.queries.totals import TotalLine, Totals, totals_by
from planning.registers.queries.villages import Criterion, CriterionState, VillageCriteria, village_criteria

__all__ = [
    "BOUNDARY_COLUMNS",
    "Criterion",
    "CriterionState",
    "Flag",
    "Hit",
    "Occupancy",
    "ProjectMoney",
    "Quota",
    "ReturnState",
    "ScopeOccupancy",
    "TotalLine",
    "Totals",
    "VillageCriteria",
    "VillageReturn",
    "YearMoney",
    "boundaries_asof",
    "boundary_of",
    "entries_for_unit",
    "flags_of",
    "flags_on",
    "folded",
    "money_by_project",
    "money_by_year",
    "occupancy_in",
    "occupancy_of",
    "parameter_on",
    "parameter_row_on",
    "plan_in_force",
    "project_money",
    "quota_of",
    "remaining_vnd",
    "search",
    "totals_by",
    "used_ha_by_entry",
    "village_criteria",
    "village_returns",
    "waiting_payments",
]
