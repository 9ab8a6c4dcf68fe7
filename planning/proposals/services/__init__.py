"""Which acts does the procedure know? One verb per file, imported from here.

Every verb is ``(actor, proposal, *, …)``: it locks the proposal's row, asks the table of `planning.proposals.workflow`,
writes, and records its event, all in one transaction. Acts return the row they wrote (its ``.proposal`` is fresh).
"""

from planning.proposals.services.accept_dossier import accept_dossier
from planning.proposals.services.add_comment import add_comment
from planning.proposals.services.answer_comment import answer_comment
from planning.proposals.services.appraise import appraise
from planning.proposals.services.attach_item import attach_item
from planning.proposals.services.bring_into_force import bring_into_force
from planning.proposals.services.close_comment import close_comment
from planning.proposals.services.dispute_finding import dispute_finding
from planning.proposals.services.edit_details import ApplicantData, edit_details
from planning.proposals.services.keep_version import keep_version
from planning.proposals.services.link_funding import link_funding, unlink_funding
from planning.proposals.services.load_catalogue import load_procedure_catalogue
from planning.proposals.services.order_survey import IssuedLink, order_survey, renew_survey, revoke_survey
from planning.proposals.services.recheck import recheck
from planning.proposals.services.record_decision import record_decision
from planning.proposals.services.record_package import may_make_package, record_package, require_may_make_package
from planning.proposals.services.record_paper import record_paper
from planning.proposals.services.return_for_changes import return_for_changes
from planning.proposals.services.rule_on_dispute import rule_on_dispute, withdraw_dispute
from planning.proposals.services.rule_on_return import accept_return, return_survey
from planning.proposals.services.save_draft import save_draft
from planning.proposals.services.send_return import Measured, send_return
from planning.proposals.services.sign_off import sign_off
from planning.proposals.services.start_proposal import start_proposal
from planning.proposals.services.submit import submit
from planning.proposals.services.use_survey_link import open_survey_link, record_survey_download
from planning.proposals.services.withdraw import withdraw

__all__ = [
    "ApplicantData",
    "IssuedLink",
    "Measured",
    "accept_dossier",
    "accept_return",
    "add_comment",
    "answer_comment",
    "appraise",
    "attach_item",
    "bring_into_force",
    "close_comment",
    "dispute_finding",
    "edit_details",
    "keep_version",
    "link_funding",
    "load_procedure_catalogue",
    "may_make_package",
    "open_survey_link",
    "order_survey",
    "recheck",
    "record_decision",
    "record_package",
    "record_paper",
    "record_survey_download",
    "renew_survey",
    "require_may_make_package",
    "return_for_changes",
    "return_survey",
    "revoke_survey",
    "rule_on_dispute",
    "save_draft",
    "send_return",
    "sign_off",
    "start_proposal",
    "submit",
    "unlink_funding",
    "withdraw",
    "withdraw_dispute",
]
