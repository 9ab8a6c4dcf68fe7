"""Which papers must this dossier have, and which are there? Requirements of the day beside the items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language

from planning.proposals.models import DossierItem, DossierItemState, DossierRequirement, Proposal, State


@dataclass(frozen=True)
class DossierLine:
    """One required paper with what is there."""

    requirement: DossierRequirement
    item: DossierItem | None
    state: DossierItemState
    made_by_system: bool

    @property
    def ready(self) -> bool:
        """Tell whether nothing is to be done about this paper."""
        return self.state != DossierItemState.MISSING

    @property
    def title(self) -> str:
        """Return the paper's title in the active language."""
        language = get_language() or "vi"
        return self.requirement.title_en if language.startswith("en") else self.requirement.title_vi


def requirements_on(kind: str, day: date) -> list[DossierRequirement]:
    """Return the papers required for *kind* of proposal on *day*, in the order of the dossier."""
    rows = DossierRequirement.objects.filter(proposal_kind=kind, valid_from__lte=day).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    )
    return list(rows.select_related("instrument").order_by("order", "code"))


def dossier_day(proposal: Proposal) -> date:
    """Return the day whose requirements bind: today while it is a draft, else the day it was submitted."""
    if proposal.state != State.DRAFT:
        submission = proposal.submissions.order_by("-round").first()
        if submission is not None:
            return timezone.localdate(submission.at)
    return timezone.localdate()


def dossier_state(proposal: Proposal) -> list[DossierLine]:
    """Return every required paper of *proposal* with its item and state."""
    items = {
        item.requirement_id: item
        for item in DossierItem.objects.filter(proposal=proposal, replaced_at__isnull=True).select_related(
            "attached_by", "accepted_by"
        )
    }
    lines = []
    for requirement in requirements_on(proposal.kind, dossier_day(proposal)):
        item = items.get(requirement.pk)
        made = item is None and requirement.generated and proposal.current_version_id is not None
        if item is not None:
            state = DossierItemState(item.state)
        else:
            state = DossierItemState.ATTACHED if made else DossierItemState.MISSING
        lines.append(DossierLine(requirement, item, state, made))
    return lines


def missing_items(proposal: Proposal) -> list[DossierLine]:
    """Return the mandatory papers that are neither attached nor made by the system."""
    return [line for line in dossier_state(proposal) if line.requirement.mandatory and not line.ready]
