"""How does a planner write what no drawing shows? Name, need statement, plan-list entry, applicant, declared figures.

It does not touch the boundary, nor the number of the alternative.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from layers.errors import Conflict, InputRefused
from planning.checks.declared import Declared
from planning.people.models import User
from planning.proposals.models import Applicant, Proposal
from planning.proposals.services._frame import act, record, write
from planning.proposals.workflow import Verb
from planning.registers.models import PlanListEntry


class Unchanged:
    """Mark a detail that is to stay as it is; None means "empty it"."""


UNCHANGED: Final = Unchanged()


@dataclass(frozen=True)
class ApplicantData:
    """Name the enterprise that asks to own the infrastructure; ``capital_vnd`` in whole đồng."""

    name: str
    registration_number: str = ""
    address: str = ""
    capital_vnd: Decimal | None = None


def edit_details(
    actor: User,
    proposal: Proposal,
    *,
    name: str | Unchanged = UNCHANGED,
    need_statement: str | Unchanged = UNCHANGED,
    plan_entry: PlanListEntry | Unchanged | None = UNCHANGED,
    applicant: ApplicantData | Unchanged | None = UNCHANGED,
    demand_ha: Decimal | Unchanged | None = UNCHANGED,
    declared: Declared | Unchanged = UNCHANGED,
    row_version: int | None = None,
) -> Proposal:
    """Write the given details of a draft; the others stay.

    The need statement is shared by all alternatives of the need. With *row_version* (of the proposal) a stale write
    raises Conflict DETAILS_STALE. Raises InputRefused for an empty name.
    """
    with act(actor, proposal, Verb.EDIT_DETAILS) as (row, _step):
        if row_version is not None and row_version != row.row_version:
            raise Conflict(
                _("Somebody changed the details after you opened them. Nothing was overwritten."),
                code="DETAILS_STALE",
                where=row.code,
                todo=_("Open the details again and repeat your change."),
                detail={"row_version": row.row_version},
            )
        changes: dict[str, object] = {}
        if not isinstance(name, Unchanged):
            if not name.strip():
                raise InputRefused(_("The proposal has no name."), code="NAME_MISSING", todo=_("Give it a name."))
            changes["name"] = name.strip()
        if not isinstance(plan_entry, Unchanged):
            changes["plan_entry"] = plan_entry
        if not isinstance(applicant, Unchanged):
            changes["applicant"] = _applicant(row, applicant)
        if not isinstance(demand_ha, Unchanged):
            changes["demand_ha"] = demand_ha
        if not isinstance(declared, Unchanged):
            changes["declared"] = declared.as_data()
        if not isinstance(need_statement, Unchanged):
            row.need.statement = need_statement.strip()
            row.need.save(update_fields=["statement"])
        write(row, **changes)
        record(actor, Verb.EDIT_DETAILS, row, {"changed": _names(changes, need_statement)})
    return row


def _applicant(proposal: Proposal, data: ApplicantData | None) -> Applicant | None:
    """Return the applicant row of this proposal with *data*; other proposals keep their own row."""
    if data is None:
        return None
    if not data.name.strip():
        raise InputRefused(
            _("The applicant has no name."), code="NAME_MISSING", todo=_("Write the registered name of the enterprise.")
        )
    values = {
        "name": data.name.strip(),
        "registration_number": data.registration_number.strip(),
        "address": data.address.strip(),
        "capital_vnd": data.capital_vnd,
    }
    own = proposal.applicant
    if own is not None and own.proposals.count() == 1:
        for field, value in values.items():
            setattr(own, field, value)
        own.save()
        return own
    return Applicant.objects.create(**values)


def _names(changes: dict[str, object], need_statement: str | Unchanged) -> list[str]:
    extra = [] if isinstance(need_statement, Unchanged) else ["need_statement"]
    return sorted([*changes, *extra])
