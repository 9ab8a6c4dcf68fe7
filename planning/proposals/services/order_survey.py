"""How does a survey team get to the approved boundary? By a signed link that expires; its secret is given out once.

The link's use is checked in `planning.proposals.survey_links`; the package itself is made by `mapping.papers`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.errors import InputRefused
from planning.people.models import User
from planning.proposals.models import Decision, DecisionOutcome, Proposal, SurveyOrder, SurveyScale
from planning.proposals.services._frame import act, move, record, write
from planning.proposals.survey_links import new_secret, token_of
from planning.proposals.workflow import Verb

DEFAULT_DAYS = 14
DEFAULT_DOWNLOADS = 20


@dataclass(frozen=True)
class IssuedLink:
    """A survey order with the token of its link; the token exists here only, the database keeps a hash."""

    order: SurveyOrder
    token: str


def longest_days() -> int:
    """Return how many days a survey link may live: the setting SURVEY_LINK_MAX_DAYS, 14 when absent."""
    return int(getattr(settings, "SURVEY_LINK_MAX_DAYS", DEFAULT_DAYS))


def order_survey(
    actor: User,
    proposal: Proposal,
    *,
    team: str,
    days: int | None = None,
    max_downloads: int = DEFAULT_DOWNLOADS,
    scale: int = SurveyScale.S500,
    package: Mapping[str, object] | None = None,
) -> IssuedLink:
    """Order the survey of the approved version; the link lives *days* days (at most `longest_days`).

    *scale*: the denominator of the map the survey is made for, which sets the tolerance of its corners. *package*: what
    the team gets (``contents``, ``srid``, ``paper``), in the words of `mapping.papers.survey.choice`; nothing said:
    everything, in the province's zone. Raises InputRefused without a team, for a life out of range or another scale.
    """
    terms = _Terms(team.strip(), days if days is not None else longest_days(), max_downloads, scale, package or {})
    _check(terms)
    with act(actor, proposal, Verb.ORDER_SURVEY) as (row, step):
        issued = _issue(actor, row, terms)
        move(row, step)
        _record(actor, Verb.ORDER_SURVEY, row, issued.order)
    return issued


def renew_survey(
    actor: User,
    proposal: Proposal,
    *,
    team: str,
    days: int | None = None,
    max_downloads: int = DEFAULT_DOWNLOADS,
    scale: int = SurveyScale.S500,
    package: Mapping[str, object] | None = None,
) -> IssuedLink:
    """Issue a new link while the boundary is being surveyed; the older links stop working at once."""
    terms = _Terms(team.strip(), days if days is not None else longest_days(), max_downloads, scale, package or {})
    _check(terms)
    with act(actor, proposal, Verb.RENEW_SURVEY) as (row, _step):
        _revoke(row)
        issued = _issue(actor, row, terms)
        write(row)
        _record(actor, Verb.RENEW_SURVEY, row, issued.order)
    return issued


def revoke_survey(actor: User, proposal: Proposal) -> Proposal:
    """Revoke every open survey link of the proposal."""
    with act(actor, proposal, Verb.REVOKE_SURVEY) as (row, _step):
        revoked = _revoke(row)
        write(row)
        record(actor, Verb.REVOKE_SURVEY, row, {"links": revoked})
    return row


@dataclass(frozen=True)
class _Terms:
    """What a link is given for: the team, days, downloads, denominator of the map scale, the chosen package."""

    team: str
    days: int
    max_downloads: int
    scale: int
    package: Mapping[str, object] = field(default_factory=dict)


def _check(terms: _Terms) -> None:
    if not terms.team:
        raise InputRefused(_("The survey team is not named."), code="TEAM_MISSING", todo=_("Name the survey team."))
    if not 1 <= terms.days <= longest_days():
        raise InputRefused(
            _("A survey link lives between 1 and %(longest)d days.") % {"longest": longest_days()},
            code="LINK_LIFE",
            where=str(terms.days),
            todo=_("Choose fewer days; a new link can be issued later."),
        )
    if not 1 <= terms.max_downloads <= 1000:
        raise InputRefused(
            _("The number of downloads is out of range."), code="LINK_USES", where=str(terms.max_downloads)
        )
    if terms.scale not in SurveyScale.values:
        raise InputRefused(_("This map scale is not in the list."), code="SCALE_UNKNOWN", where=f"1/{terms.scale}")


def _issue(actor: User, proposal: Proposal, terms: _Terms) -> IssuedLink:
    decision = (
        Decision.objects.filter(proposal=proposal, outcome=DecisionOutcome.APPROVED)
        .select_related("version")
        .latest("at")
    )
    secret, secret_hash = new_secret()
    order = SurveyOrder.objects.create(
        proposal=proposal,
        version=decision.version,
        team=terms.team,
        scale=terms.scale,
        package=dict(terms.package),
        token_hash=secret_hash,
        expires_at=timezone.now() + timedelta(days=terms.days),
        max_downloads=terms.max_downloads,
        ordered_by=actor,
    )
    return IssuedLink(order, token_of(secret))


def _revoke(proposal: Proposal) -> int:
    return SurveyOrder.objects.filter(proposal=proposal, revoked_at__isnull=True).update(revoked_at=timezone.now())


def _record(actor: User, verb: Verb, proposal: Proposal, order: SurveyOrder) -> None:
    data = {"team": order.team, "expires_at": order.expires_at, "version": order.version.number, "order": order.pk}
    record(actor, verb, proposal, {**data, "scale": order.scale, "package": order.package})
