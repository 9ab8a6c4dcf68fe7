"""Which nouns does the procedure have? Import them from here; one noun per file inside."""

from planning.proposals.models.acts import (
    Appraisal,
    Decision,
    DecisionOutcome,
    Return,
    ReturnReason,
    SignOff,
    Submission,
)
from planning.proposals.models.check_run import CheckFinding, CheckRun
from planning.proposals.models.clock import ClockRule, ClockUnit
from planning.proposals.models.comment import Anchor, Comment, CommentOutcome
from planning.proposals.models.dossier import DossierItem, DossierItemState, DossierRequirement
from planning.proposals.models.funding import FundingRole, ProposalFunding
from planning.proposals.models.paper import Paper, PaperKind
from planning.proposals.models.proposal import Applicant, Need, Proposal, ProposalKind, State
from planning.proposals.models.survey import SurveyDownload, SurveyOrder
from planning.proposals.models.zone import Draft, LandUse, ZonePart, ZoneVersion

__all__ = [
    "Anchor",
    "Applicant",
    "Appraisal",
    "CheckFinding",
    "CheckRun",
    "ClockRule",
    "ClockUnit",
    "Comment",
    "CommentOutcome",
    "Decision",
    "DecisionOutcome",
    "DossierItem",
    "DossierItemState",
    "DossierRequirement",
    "Draft",
    "FundingRole",
    "LandUse",
    "Need",
    "Paper",
    "PaperKind",
    "Proposal",
    "ProposalFunding",
    "ProposalKind",
    "Return",
    "ReturnReason",
    "SignOff",
    "State",
    "Submission",
    "SurveyDownload",
    "SurveyOrder",
    "ZonePart",
    "ZoneVersion",
]
