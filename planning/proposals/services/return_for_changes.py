"""How is a proposal sent back? With reasons from the list and in words; the next round begins as a draft."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from layers.errors import InputRefused
from planning.people.models import User
from planning.proposals.models import Proposal, Return, ReturnReason
from planning.proposals.services._frame import act, move, record
from planning.proposals.services._versions import version_at_the_department
from planning.proposals.workflow import Verb


def return_for_changes(actor: User, proposal: Proposal, *, reasons: Sequence[str], text: str) -> Return:
    """Return a proposal to its planner; the clock pauses until it is submitted again.

    *reasons* are codes of `ReturnReason`, at least one; *text* says it in words. Raises InputRefused without either.
    """
    codes = list(dict.fromkeys(reasons))
    unknown = [code for code in codes if code not in ReturnReason.values]
    if not codes or unknown:
        raise InputRefused(
            _("A return needs at least one reason from the list."),
            code="RETURN_REASON_MISSING",
            where=", ".join(unknown),
            todo=_("Tick a reason."),
        )
    if not text.strip():
        raise InputRefused(
            _("A return needs an explanation in words."),
            code="RETURN_TEXT_MISSING",
            todo=_("Write what must be changed or added."),
        )
    with act(actor, proposal, Verb.RETURN_FOR_CHANGES) as (row, step):
        returned = Return.objects.create(
            proposal=row,
            round=row.round,
            version=version_at_the_department(row),
            by=actor,
            note=text.strip(),
            reasons=codes,
        )
        move(row, step, round=row.round + 1)
        record(actor, Verb.RETURN_FOR_CHANGES, row, {"reasons": codes, "note": text.strip()})
    return returned
