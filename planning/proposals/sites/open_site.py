"""How does a candidate become a draft proposal? By the planner's own verbs, once; the opening is recorded."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import Conflict, InputRefused
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require
from planning.people.services import record_event
from planning.proposals.models import CandidateSite, Draft, Proposal, ProposalKind, SiteOpening, SiteSearch
from planning.proposals.services import save_draft, start_proposal


def open_site(actor: User, search: SiteSearch, number: int) -> Proposal:
    """Open candidate *number* of *search* as a draft of a new cluster in the commune it lies in; return the proposal.

    A second click of the same person leads to the same proposal. Raises NotAllowed outside the planner's scope,
    InputRefused (SITE_UNKNOWN), Conflict (SITE_OPENED) when somebody else opened it.
    """
    with transaction.atomic():
        site = CandidateSite.objects.select_related("unit").filter(search=search, number=number).first()
        if site is None:
            raise InputRefused(_("The search has no such site."), code="SITE_UNKNOWN", where=str(number)[:20])
        require(actor, Capability.DRAW_PROPOSAL, site.unit)
        # the search's row stands for all its sites: two people cannot open one at the same moment
        SiteSearch.objects.select_for_update().get(pk=search.pk)
        opening = SiteOpening.objects.select_related("proposal", "by").filter(candidate=site).first()
        if opening is not None:
            return _again(actor, opening)
        area = round(site.area_m2 / 10_000, 2)
        proposal = start_proposal(
            actor,
            kind=ProposalKind.NEW_CLUSTER,
            unit=site.unit,
            name=_("Site %(place)s, %(unit)s") % {"place": f"{search.pk}-{site.number}", "unit": site.unit.full_name},
            need_statement=_("Found by site search %(search)s on %(date)s: about %(area)s ha.")
            % {
                "search": search,
                "date": f"{timezone.localtime(search.created_at):%d/%m/%Y}",
                "area": f"{area:.2f}".replace(".", ","),
            },
        )
        draft = Draft.objects.get(proposal=proposal)
        save_draft(actor, proposal, row_version=draft.row_version, geom=site.geom)
        SiteOpening.objects.create(candidate=site, proposal=proposal, by=actor)
        record_event(
            actor,
            "open_site",
            proposal,
            {"code": proposal.code, "search": search.pk, "site": site.number, "geom_hash": site.geom_hash},
        )
    return proposal


def _again(actor: User, opening: SiteOpening) -> Proposal:
    if opening.by_id != actor.pk:
        raise Conflict(
            _("This site was opened as proposal %(code)s already.") % {"code": opening.proposal.code},
            code="SITE_OPENED",
            where=opening.by.get_full_name(),
            todo=_("Choose another site, or talk to who opened it."),
        )
    return opening.proposal
