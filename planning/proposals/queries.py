"""Which questions does the procedure answer? Nouns for desks and papers, imported from here; nothing is written."""

from planning.proposals.clocks import Clock, WorkCalendar, clock_of, days_left, due_date
from planning.proposals.comparison import Comparison, comparison_of
from planning.proposals.disputes import (
    Disputed,
    DisputeState,
    Verdicts,
    dispute_for,
    disputes_in,
    disputes_of,
    verdicts_by_run,
    verdicts_of,
)
from planning.proposals.dossier import DossierLine, dossier_state, missing_items, requirements_on
from planning.proposals.freshness import freshness_of, identical, latest_run, parts_of, subject_for
from planning.proposals.homes import IN_THE_QUEUE, PlannerHome, Row, planner_home, review_queue
from planning.proposals.kept_runs import report_for, report_number, reports_of, runs_referred_to
from planning.proposals.log import event_title, log_of
from planning.proposals.measured_check import MeasuredCheck, check_of_return
from planning.proposals.readiness import Check, submit_checks, submit_reasons
from planning.proposals.survey_comparison import ReturnComparison, comparison_of_return, report_of_return
from planning.proposals.survey_links import order_by_token, require_downloads
from planning.proposals.survey_returns import return_for, returns_of
from planning.proposals.threads import Thread, threads_of, unanswered
from planning.proposals.visibility import may_see_draft, proposal_for, shown_version, versions_for, visible_to
from planning.proposals.workflow import VerbChoice, allowed_verbs

__all__ = [
    "IN_THE_QUEUE",
    "Check",
    "Clock",
    "Comparison",
    "DisputeState",
    "Disputed",
    "DossierLine",
    "MeasuredCheck",
    "PlannerHome",
    "ReturnComparison",
    "Row",
    "Thread",
    "VerbChoice",
    "Verdicts",
    "WorkCalendar",
    "allowed_verbs",
    "check_of_return",
    "clock_of",
    "comparison_of",
    "comparison_of_return",
    "days_left",
    "dispute_for",
    "disputes_in",
    "disputes_of",
    "dossier_state",
    "due_date",
    "event_title",
    "freshness_of",
    "identical",
    "latest_run",
    "log_of",
    "may_see_draft",
    "missing_items",
    "order_by_token",
    "parts_of",
    "planner_home",
    "proposal_for",
    "report_for",
    "report_number",
    "report_of_return",
    "reports_of",
    "require_downloads",
    "requirements_on",
    "return_for",
    "returns_of",
    "review_queue",
    "runs_referred_to",
    "shown_version",
    "subject_for",
    "submit_checks",
    "submit_reasons",
    "threads_of",
    "unanswered",
    "verdicts_by_run",
    "verdicts_of",
    "versions_for",
    "visible_to",
]
