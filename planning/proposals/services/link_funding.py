"""How is a proposal tied to the fund? By links to funded projects, each with a role and a share."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from layers.errors import InputRefused
from planning.people.models import User
from planning.proposals.models import FundingRole, Proposal, ProposalFunding
from planning.proposals.services._frame import act, record, write
from planning.proposals.workflow import Verb
from planning.registers.models import FundedProject


def link_funding(
    actor: User,
    proposal: Proposal,
    *,
    funded_project: FundedProject,
    role: str,
    share: Decimal = Decimal(1),
) -> ProposalFunding:
    """Link a draft to *funded_project*; linking again changes role and share (0 < share ≤ 1).

    Raises InputRefused for an unknown role or a share out of range.
    """
    if role not in FundingRole.values:
        raise InputRefused(_("This role is not in the list."), code="FUNDING_ROLE_UNKNOWN", where=role)
    if not Decimal(0) < share <= Decimal(1):
        raise InputRefused(_("The share must be above 0 and at most 1."), code="SHARE_RANGE", where=str(share))
    with act(actor, proposal, Verb.LINK_FUNDING) as (row, _step):
        link, _created = ProposalFunding.objects.update_or_create(
            proposal=row, funded_project=funded_project, defaults={"role": role, "share": share}
        )
        write(row)
        record(actor, Verb.LINK_FUNDING, row, {"funded_project": funded_project.code, "role": role, "share": share})
    return link


def unlink_funding(actor: User, proposal: Proposal, *, funded_project: FundedProject) -> Proposal:
    """Remove the link of a draft to *funded_project*; without such a link nothing happens."""
    with act(actor, proposal, Verb.UNLINK_FUNDING) as (row, _step):
        removed, _rows = ProposalFunding.objects.filter(proposal=row, funded_project=funded_project).delete()
        if removed:
            write(row)
            record(actor, Verb.UNLINK_FUNDING, row, {"funded_project": funded_project.code})
    return row
