"""Which kept version is the department looking at? The one submitted in this round, never the draft."""

from __future__ import annotations

from planning.proposals.models import Appraisal, Proposal, Submission, ZoneVersion


def submission_of(proposal: Proposal) -> Submission:
    """Return the submission of the current round. Raises Submission.DoesNotExist before it was submitted."""
    return Submission.objects.select_related("version", "run").get(proposal=proposal, round=proposal.round)


def version_at_the_department(proposal: Proposal) -> ZoneVersion:
    """Return the version submitted in the current round."""
    return submission_of(proposal).version


def appraisal_of(proposal: Proposal) -> Appraisal:
    """Return the appraisal of the current round. Raises Appraisal.DoesNotExist before it was appraised."""
    return Appraisal.objects.select_related("version", "run").get(proposal=proposal, round=proposal.round)
