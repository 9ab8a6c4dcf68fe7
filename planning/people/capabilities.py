"""Who may do what? Roles map to capabilities here, once; every other room names capabilities, never roles."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The offices people hold."""

    PLANNER = "planner", _("planner")
    APPRAISER = "appraiser", _("appraiser")
    LEADER = "leader", _("department leader")
    RECORDER = "recorder", _("decision recorder")
    STEWARD = "steward", _("data steward")
    FUND_OFFICER = "fund_officer", _("fund officer")
    FUND_CONFIRMER = "fund_confirmer", _("fund confirmer")
    COMMUNE_OFFICER = "commune_officer", _("commune officer")
    INSPECTOR = "inspector", _("inspector")
    ADMINISTRATOR = "administrator", _("administrator")


class Capability(StrEnum):
    """The acts and sights a role can give, named verb first."""

    DRAW_PROPOSAL = "draw_proposal"  # start, edit, keep, submit, withdraw: in the planner's own scope
    SEE_SUBMITTED = "see_submitted"  # every proposal once it was submitted
    SEE_EVERYTHING = "see_everything"  # the inspector: drafts too, read only
    ACCEPT_DOSSIER = "accept_dossier"
    RETURN_PROPOSAL = "return_proposal"
    APPRAISE = "appraise"
    COMPARE = "compare"
    COMMENT = "comment"
    SIGN_OFF = "sign_off"
    RECORD_DECISION = "record_decision"
    ORDER_SURVEY = "order_survey"
    LOAD_EDITION = "load_edition"
    CONFIRM_EDITION = "confirm_edition"
    ENTER_FUND = "enter_fund"
    CONFIRM_FUND = "confirm_fund"
    SEE_FUND = "see_fund"
    KEEP_VILLAGE = "keep_village"  # records and yearly figures, in the officer's own scope
    KEEP_CLUSTERS = "keep_clusters"  # existing clusters and their half-yearly figures
    SEE_REGISTERS = "see_registers"
    SEE_RESTRICTED = "see_restricted"  # household lists, owners' names
    MANAGE_PEOPLE = "manage_people"
    MANAGE_PARAMETERS = "manage_parameters"
    WRITE_RULES = "write_rules"  # draft rules, and try them on what was submitted
    PUBLISH_RULES = "publish_rules"
    SEE_LOG = "see_log"


ROLE_CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.PLANNER: frozenset({Capability.DRAW_PROPOSAL, Capability.COMMENT, Capability.SEE_REGISTERS}),
    Role.APPRAISER: frozenset(
        {
            Capability.SEE_SUBMITTED,
            Capability.ACCEPT_DOSSIER,
            Capability.RETURN_PROPOSAL,
            Capability.APPRAISE,
            Capability.COMPARE,
            Capability.COMMENT,
            Capability.ORDER_SURVEY,
            Capability.CONFIRM_EDITION,
            Capability.KEEP_CLUSTERS,
            Capability.SEE_REGISTERS,
            Capability.SEE_FUND,
        }
    ),
    Role.LEADER: frozenset(
        {
            Capability.SEE_SUBMITTED,
            Capability.COMPARE,
            Capability.SIGN_OFF,
            Capability.RETURN_PROPOSAL,
            Capability.SEE_REGISTERS,
            Capability.SEE_FUND,
        }
    ),
    Role.RECORDER: frozenset({Capability.SEE_SUBMITTED, Capability.RECORD_DECISION, Capability.SEE_REGISTERS}),
    Role.STEWARD: frozenset({Capability.LOAD_EDITION, Capability.SEE_REGISTERS}),
    Role.FUND_OFFICER: frozenset(
        {Capability.ENTER_FUND, Capability.SEE_FUND, Capability.SEE_REGISTERS, Capability.SEE_RESTRICTED}
    ),
    Role.FUND_CONFIRMER: frozenset({Capability.CONFIRM_FUND, Capability.SEE_FUND, Capability.SEE_REGISTERS}),
    Role.COMMUNE_OFFICER: frozenset({Capability.KEEP_VILLAGE, Capability.SEE_REGISTERS, Capability.SEE_RESTRICTED}),
    Role.INSPECTOR: frozenset(
        {
            Capability.SEE_EVERYTHING,
            Capability.SEE_SUBMITTED,
            Capability.COMPARE,
            Capability.SEE_REGISTERS,
            Capability.SEE_FUND,
            Capability.SEE_LOG,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Capability.MANAGE_PEOPLE,
            Capability.MANAGE_PARAMETERS,
            Capability.WRITE_RULES,
            Capability.PUBLISH_RULES,
            Capability.SEE_LOG,
        }
    ),
}
