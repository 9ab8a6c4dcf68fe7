"""Which measurements came back for a proposal, and what became of them? Nouns for desks; nothing is written."""

from __future__ import annotations

from django.utils.translation import gettext as _

from layers.errors import NotFound
from planning.proposals.models import Proposal, SurveyReturn


def returns_of(proposal: Proposal) -> list[SurveyReturn]:
    """Return the measurements that came back, newest first, with order, version and ruling at hand."""
    return list(
        SurveyReturn.objects.filter(proposal=proposal)
        .select_related("order", "version", "ruling", "ruling__by", "ruling__version")
        .order_by("-number")
    )


def return_for(proposal: Proposal, number: int) -> SurveyReturn:
    """Return one of them. *proposal* is one the reader may see. Raises NotFound when it has no such return."""
    found = (
        SurveyReturn.objects.filter(proposal=proposal, number=number)
        .select_related("proposal", "order", "version", "ruling", "ruling__by", "ruling__version")
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such return."), where=f"{proposal.code} #{number}"[:60])
    return found
