"""Who sees which proposal, and which of its boundaries? One queryset that every page, paper and tile starts from.

It does not say what a person may do: that is `planning.proposals.workflow`.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, F, Func, IntegerField, Q, QuerySet
from django.utils.translation import gettext as _

from layers.errors import NotFound
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import assignments_of, can, roles_with
from planning.proposals.models import Proposal, State, VersionKind, ZoneVersion


class _UnitsCoveredBy(Func):
    """Call the SQL function of people that lists the units an office reaches."""

    function = "units_covered_by"
    output_field = IntegerField()
    set_returning = True


def visible_to(user: User | AnonymousUser) -> QuerySet[Proposal]:
    """Return the proposals *user* may open.

    Planners see every proposal of their scope, the inspector every one; who may see submitted proposals sees them from
    the first submission on (returned and withdrawn ones too). Nobody else sees any.
    """
    proposals = Proposal.objects.select_related(
        "unit", "need", "created_by", "current_version", "plan_entry", "applicant"
    )
    if not isinstance(user, User):
        return proposals.none()
    drawn = _in_reach(user, Capability.DRAW_PROPOSAL)
    everything = _in_reach(user, Capability.SEE_EVERYTHING)
    submitted = _in_reach(user, Capability.SEE_SUBMITTED) & (~Q(state=State.DRAFT) | Q(round__gt=1))
    return proposals.filter(drawn | everything | submitted)


def proposal_for(user: User | AnonymousUser, code: str) -> Proposal:
    """Return the proposal *code* when *user* may open it. Raises NotFound otherwise, whether it exists or not."""
    proposal = visible_to(user).filter(code=code).first()
    if proposal is None:
        raise NotFound(
            _("There is no proposal with this code, or it is not yours to see."),
            where=code[:40],
            todo=_("Check the code, or ask who sent you the link."),
        )
    return proposal


def may_see_draft(user: User | AnonymousUser, proposal: Proposal) -> bool:
    """Tell whether *user* may see what is being drawn and versions not submitted yet."""
    return can(user, Capability.DRAW_PROPOSAL, proposal.unit) or can(user, Capability.SEE_EVERYTHING, proposal.unit)


def versions_for(user: User | AnonymousUser, proposal: Proposal) -> QuerySet[ZoneVersion]:
    """Return the kept versions *user* may see, newest first: all of them, or only those submitted or measured."""
    versions = ZoneVersion.objects.filter(proposal=proposal).select_related("author").order_by("-number")
    if may_see_draft(user, proposal):
        return versions
    return versions.filter(Q(pk__in=proposal.submissions.values("version_id")) | Q(kind=VersionKind.MEASURED))


def shown_version(user: User | AnonymousUser, proposal: Proposal) -> ZoneVersion | None:
    """Return the version *user* looks at first: the newest one the person may see."""
    return versions_for(user, proposal).first()


def _in_reach(user: User, capability: Capability) -> Q:
    """Build the condition that an office with *capability* reaches the proposal's unit."""
    held = assignments_of(user).filter(role__in=roles_with(capability))
    reached = held.filter(unit__isnull=False).order_by().annotate(reached_id=_UnitsCoveredBy(F("unit_id")))
    return Q(Exists(held.filter(unit__isnull=True))) | Q(unit_id__in=reached.values("reached_id"))
