"""What else must hold, besides capability and state, before an act? The guards that the table of the workflow names.

They only read; each answers with every reason it has, never with the first one only.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from layers.grid import geometry_hash
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import can
from planning.proposals.disputes import open_disputes
from planning.proposals.dossier import missing_items
from planning.proposals.freshness import latest_run
from planning.proposals.models import (
    Appraisal,
    Draft,
    Proposal,
    ReturnOutcome,
    ReturnState,
    SignOff,
    Submission,
    SurveyReturn,
    SurveyRuling,
)
from planning.proposals.readiness import submit_reasons
from planning.proposals.reasons import Reason, Topic


def has_boundary(user: User, proposal: Proposal) -> list[Reason]:
    """Ask for something drawn."""
    if Draft.objects.filter(proposal=proposal, geom__isnull=False).exists():
        return []
    return [Reason("NO_BOUNDARY", Topic.BOUNDARY, _("No boundary is drawn."), todo=_("Draw or upload the boundary."))]


def ready_to_submit(user: User, proposal: Proposal) -> list[Reason]:
    """Ask for everything a submission needs."""
    return submit_reasons(proposal)


def dossier_complete(user: User, proposal: Proposal) -> list[Reason]:
    """Ask for every mandatory paper, as the instrument in force on the day of submission names them."""
    return [
        Reason(
            "ITEM_MISSING",
            Topic.DOSSIER,
            _("A dossier item is missing: %(title)s.") % {"title": line.title},
            where=line.requirement.code,
            todo=_("Return the proposal and ask for the paper."),
        )
        for line in missing_items(proposal)
    ]


def not_the_author(user: User, proposal: Proposal) -> list[Reason]:
    """Ask for somebody who neither started nor submitted the proposal."""
    wrote = user.pk == proposal.created_by_id or Submission.objects.filter(proposal=proposal, by=user).exists()
    return [_same_person(_("You started or submitted this proposal yourself."))] if wrote else []


def not_of_the_authors_side(user: User, proposal: Proposal) -> list[Reason]:
    """Ask for somebody who does not draw proposals in this unit."""
    own = can(user, Capability.DRAW_PROPOSAL, proposal.unit)
    return [_same_person(_("You draw proposals in this unit yourself."))] if own else []


def disputes_ruled_on(user: User, proposal: Proposal) -> list[Reason]:
    """Ask that no disagreement with a finding of the newest report waits for a ruling."""
    version = proposal.current_version
    run = latest_run(version) if version is not None else None
    return [
        Reason(
            "DISPUTE_OPEN",
            Topic.REPORT,
            _("The planner disagrees with “%(title)s”, and nobody has ruled on it.") % {"title": line.finding.title},
            where=proposal.code,
            todo=_("Rule on it on the tab Disagreements."),
        )
        for line in (open_disputes(run) if run is not None else ())
        if line.finding is not None
    ]


def not_the_appraiser(user: User, proposal: Proposal) -> list[Reason]:
    """Ask for somebody else than who appraised this round."""
    same = Appraisal.objects.filter(proposal=proposal, round=proposal.round, by=user).exists()
    return [_same_person(_("You appraised this proposal yourself."))] if same else []


def not_the_signer(user: User, proposal: Proposal) -> list[Reason]:
    """Ask for somebody else than who signed the appraisal of this round off."""
    same = SignOff.objects.filter(proposal=proposal, round=proposal.round, by=user).exists()
    return [_same_person(_("You signed the appraisal off yourself."))] if same else []


def report_of_the_submission(user: User, proposal: Proposal) -> list[Reason]:
    """Ask that the submission of this round stands: its version is the current one and its report is about it."""
    submission = (
        Submission.objects.filter(proposal=proposal, round=proposal.round).select_related("version", "run").first()
    )
    if (
        submission is not None
        and submission.version_id == proposal.current_version_id
        and submission.run.geom_hash == submission.version.geom_hash
    ):
        return []
    return [_broken_chain(proposal)]


def version_unbroken(user: User, proposal: Proposal) -> list[Reason]:
    """Ask that submission, appraisal and sign-off are about one version and that its geometry is what was hashed."""
    signed = SignOff.objects.filter(proposal=proposal, round=proposal.round).select_related("version").first()
    submission = Submission.objects.filter(proposal=proposal, round=proposal.round).select_related("run").first()
    if (
        signed is not None
        and submission is not None
        and signed.version_id == submission.version_id == proposal.current_version_id
        and geometry_hash(signed.version.geom) == signed.version.geom_hash == submission.run.geom_hash
    ):
        return []
    return [_broken_chain(proposal)]


def return_waits(user: User, proposal: Proposal) -> list[Reason]:
    """Ask for measurements that nobody has answered yet."""
    newest = SurveyReturn.objects.filter(proposal=proposal).order_by("-number").first()
    if newest is not None and newest.state == ReturnState.SENT:
        return []
    return [
        Reason(
            "NO_RETURN",
            Topic.STATE,
            _("The survey team has sent no measurements that wait for an answer."),
            where=proposal.code,
            todo=_("Wait for the team, or issue a new link when theirs has ended."),
        )
    ]


def not_who_accepted_the_return(user: User, proposal: Proposal) -> list[Reason]:
    """Ask for somebody else than who accepted the measured boundary."""
    accepted = SurveyRuling.objects.filter(
        survey_return__proposal=proposal, outcome=ReturnOutcome.ACCEPTED, by=user
    ).exists()
    return [_same_person(_("You accepted the measured boundary yourself."))] if accepted else []


def _same_person(text: str) -> Reason:
    return Reason(
        "SAME_PERSON",
        Topic.PEOPLE,
        text,
        todo=_("Appraisal, sign-off and decision are acts of three different persons; hand it to a colleague."),
    )


def _broken_chain(proposal: Proposal) -> Reason:
    return Reason(
        "VERSION_MISMATCH",
        Topic.STATE,
        _("The boundary in hand is not the one that was submitted and checked."),
        where=proposal.code,
        todo=_("Return the proposal; it must be checked and submitted again."),
    )
