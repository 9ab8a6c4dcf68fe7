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
from planning.proposals.models.dispute import Dispute, DisputeRuling, RulingOutcome
from planning.proposals.models.dossier import DossierItem, DossierItemState, DossierRequirement
from planning.proposals.models.funding import FundingRole, ProposalFunding
from planning.proposals.models.paper import Paper, PaperKind
from planning.proposals.models.proposal import Applicant, Need, Proposal, ProposalKind, State
from planning.proposals.models.screening import CellShape, Screening, ScreeningCell, ScreeningSum
from planning.proposals.models.site_search import CandidateSite, SiteOpening, SiteSearch
from planning.proposals.models.survey import SurveyOrder, SurveyScale, SurveyUse, UseKind
from planning.proposals.models.survey_return import (
    Handover,
    ReturnOutcome,
    ReturnState,
    SurveyReturn,
    SurveyRuling,
)
from planning.proposals.models.zone import Draft, LandUse, VersionKind, ZonePart, ZoneVersion

__all__ = [
    "Anchor",
    "Applicant",
    "Appraisal",
    "CandidateSite",
    "CellShape",
    "CheckFinding",
    "CheckRun",
    "ClockRule",
    "ClockUnit",
    "Comment",
    "CommentOutcome",
    "Decision",
    "DecisionOutcome",
    "Dispute",
    "DisputeRuling",
    "DossierItem",
    "DossierItemState",
    "DossierRequirement",
    "Draft",
    "FundingRole",
    "Handover",
    "LandUse",
    "Need",
    "Paper",
    "PaperKind",
    "Proposal",
    "ProposalFunding",
    "ProposalKind",
    "Return",
    "ReturnOutcome",
    "ReturnReason",
    "ReturnState",
    "RulingOutcome",
    "Screening",
    "ScreeningCell",
    "ScreeningSum",
    "SignOff",
    "SiteOpening",
    "SiteSearch",
    "State",
    "Submission",
    "SurveyOrder",
    "SurveyReturn",
    "SurveyRuling",
    "SurveyScale",
    "SurveyUse",
    "UseKind",
    "VersionKind",
    "ZonePart",
    "ZoneVersion",
]
