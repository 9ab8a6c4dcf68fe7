"""What does the file of one proposal show to this person? Gathers header, tab, map and acts for one page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mapping.desks.review.changes import changes_of
from mapping.desks.review.dispute_tab import CODE as DISPUTES
from mapping.desks.review.dispute_tab import dispute_context, dispute_lines, dispute_pins
from mapping.desks.review.forms import FORMS, AnswerForm, CloseForm, CommentForm, SurveyForm
from mapping.desks.review.link_uses import use_lines
from mapping.glass.geojson import feature, feature_collection, to_geojson
from mapping.papers.stored_report import finding_pieces, stored_report
from mapping.papers.survey.ordered import newest_build, stage_of
from mapping.papers.survey.progress import progress_shown
from mapping.papers.survey.store import choice_of
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import can
from planning.proposals.models import PaperKind, Proposal, ReturnState, State, SurveyOrder, ZoneVersion
from planning.proposals.queries import (
    Disputed,
    Thread,
    allowed_verbs,
    clock_of,
    dossier_state,
    freshness_of,
    latest_run,
    log_of,
    returns_of,
    shown_version,
    threads_of,
    versions_for,
    visible_to,
)
from planning.proposals.services import may_make_package
from planning.proposals.workflow import Verb

# Acts of the action bar, in the order of the procedure; comments have their own places.
BAR = (
    Verb.ACCEPT_DOSSIER,
    Verb.APPRAISE,
    Verb.SIGN_OFF,
    Verb.RECORD_DECISION,
    Verb.ORDER_SURVEY,
    Verb.BRING_INTO_FORCE,
    Verb.RENEW_SURVEY,
    Verb.REVOKE_SURVEY,
    Verb.RETURN_FOR_CHANGES,
    Verb.WITHDRAW,
)
MAIN_WAY = (
    State.DRAFT,
    State.SUBMITTED,
    State.UNDER_REVIEW,
    State.APPRAISED,
    State.FORWARDED,
    State.APPROVED,
    State.BEING_SURVEYED,
    State.SURVEYED,
    State.IN_FORCE,
)


@dataclass(frozen=True)
class Tab:
    """One tab: its code in the address, title, and a count that calls for attention."""

    code: str
    title: str | Promise
    count: int = 0


@dataclass(frozen=True)
class Act:
    """One act of the bar: possible now, or why not; with its form."""

    verb: Verb
    title: str
    enabled: bool
    reasons: tuple[Any, ...]
    form: forms.Form
    main: bool


def file_page(
    user: User,
    proposal: Proposal,
    tab: str,
    *,
    row: str = "",
    failed: tuple[Verb, forms.Form] | None = None,
    problem: Any = None,
) -> dict[str, Any]:
    """Return the context of the file page on *tab*; *failed* is a form to show again with its errors.

    *row*: the row of the report somebody is about to disagree with.
    """
    version = shown_version(user, proposal)
    run = latest_run(version) if version is not None else None
    threads = threads_of(proposal, version)
    lines = dispute_lines(user, proposal, run)
    tabs = _tabs(threads, lines)
    chosen = tab if tab in {each.code for each in tabs} else "tong-quan"
    choices = {choice.verb: choice for choice in allowed_verbs(user, proposal)}
    report = stored_report(run) if run is not None else None
    context: dict[str, Any] = {
        "proposal": proposal,
        "version": version,
        "run": run,
        "report": report,
        "fresh": freshness_of(run) if run is not None else None,
        "steps": _steps(proposal),
        "clock": clock_of(proposal),
        "tabs": tabs,
        "tab": chosen,
        "acts": _acts(choices, proposal, version, failed),
        "open_act": failed[0] if failed else None,
        "problem": problem,
        "papers": PaperKind.choices if run is not None else [],
        "may_package": version is not None and may_make_package(user, proposal),
        "may_comment": Verb.ADD_COMMENT in choices and choices[Verb.ADD_COMMENT].enabled,
        "map_data": {**_map_data(version, run, threads), "disputes": dispute_pins(lines)},
        "may_dispute": Verb.DISPUTE_FINDING in choices and choices[Verb.DISPUTE_FINDING].enabled,
        "submission": proposal.submissions.select_related("by").order_by("round").last(),
        "decision": proposal.decisions.select_related("by", "version").order_by("at").last(),
        "rivals": _rivals(user, proposal),
        "waiting_return": next((item for item in returns_of(proposal) if item.state == ReturnState.SENT), None),
        "may_compare": can(user, Capability.COMPARE, proposal.unit)
        or can(user, Capability.DRAW_PROPOSAL, proposal.unit),
    }
    if chosen == DISPUTES:
        context.update(dispute_context(lines, run, choices, row, failed))
    else:
        context.update(_TAB_CONTENT[chosen](user, proposal, choices, threads))
    return context


def _tabs(threads: list[Thread], lines: list[tuple[int, Disputed]]) -> list[Tab]:
    return [
        Tab("tong-quan", _("Overview")),
        Tab("ket-qua", _("Check report")),
        Tab(DISPUTES, _("Disagreements"), sum(line.open for _number, line in lines)),
        Tab("thay-doi", _("Changes")),
        Tab("gop-y", _("Comments"), sum(not thread.closed for thread in threads)),
        Tab("thanh-phan", _("Dossier")),
        Tab("de-an", _("Funded projects")),
        Tab("quyet-dinh", _("Decision")),
        Tab("nhat-ky", _("Log")),
    ]


def _steps(proposal: Proposal) -> list[dict[str, object]]:
    """Return the stepper: what is done, where it stands, what is to come; a refusal ends it."""
    state = State(proposal.state)
    if state in {State.REFUSED, State.WITHDRAWN}:
        way = [State.SUBMITTED, *([State.UNDER_REVIEW, State.FORWARDED] if state == State.REFUSED else [])]
        return [{"label": step.label, "state": "done"} for step in way] + [{"label": state.label, "state": "stopped"}]
    here = MAIN_WAY.index(state) if state in MAIN_WAY else len(MAIN_WAY)
    return [
        {"label": step.label, "state": "done" if index < here else "now" if index == here else "todo"}
        for index, step in enumerate(MAIN_WAY)
    ]


def _acts(
    choices: dict[Verb, Any], proposal: Proposal, version: ZoneVersion | None, failed: tuple[Verb, forms.Form] | None
) -> list[Act]:
    acts = []
    for verb in BAR:
        choice = choices.get(verb)
        if choice is None or not choice.in_state:
            continue
        if failed is not None and failed[0] == verb:
            form = failed[1]
        else:
            form = FORMS[verb](initial=_initial(verb, proposal, version), prefix=None)
        main = verb not in {Verb.RETURN_FOR_CHANGES, Verb.WITHDRAW, Verb.REVOKE_SURVEY, Verb.RENEW_SURVEY}
        acts.append(Act(verb, choice.title, choice.enabled, choice.reasons, form, main))
    return acts


def _initial(verb: Verb, proposal: Proposal, version: ZoneVersion | None) -> dict[str, Any]:
    """Return what a form begins with.

    The version and hash the recorder sees, so that a decision cannot be about another boundary; the terms of the last
    survey link, because a new one is most often for the same team.
    """
    if verb == Verb.RECORD_DECISION and version is not None:
        return {"version": version.pk, "geom_hash": version.geom_hash}
    if verb == Verb.RENEW_SURVEY:
        return SurveyForm.terms_of(proposal.survey_orders.first())
    return {}


def _rivals(user: User, proposal: Proposal) -> list[Proposal]:
    return list(visible_to(user).filter(need_id=proposal.need_id).exclude(pk=proposal.pk).order_by("alternative")[:3])


def _map_data(version: ZoneVersion | None, run: Any, threads: list[Thread]) -> dict[str, Any]:
    if version is None:
        return {}
    pins = [
        feature(
            thread.opening.place,
            {
                "number": thread.number,
                "state": "closed" if thread.closed else "waiting" if thread.waits_for_answer else "answered",
                "changed": thread.place_changed,
                "text": thread.opening.text[:160],
            },
        )
        for thread in threads
        if thread.opening.place is not None
    ]
    return {
        "boundary": to_geojson(version.geom),
        "parts": feature_collection(
            [
                feature(part.geom, {"use": part.use, "label": str(part.get_use_display())})
                for part in version.parts.order_by("number")
            ]
        ),
        "pieces": finding_pieces(run) if run is not None else feature_collection([]),
        "pins": feature_collection(pins),
    }


def _overview(user: User, proposal: Proposal, choices: dict[Verb, Any], threads: list[Thread]) -> dict[str, Any]:
    return {"last_return": proposal.returns.select_related("by").order_by("round").last()}


def _report(user: User, proposal: Proposal, choices: dict[Verb, Any], threads: list[Thread]) -> dict[str, Any]:
    return {}


def _changes(user: User, proposal: Proposal, choices: dict[Verb, Any], threads: list[Thread]) -> dict[str, Any]:
    return {"changes": changes_of(list(versions_for(user, proposal)[:12]))}


def _comments(user: User, proposal: Proposal, choices: dict[Verb, Any], threads: list[Thread]) -> dict[str, Any]:
    return {
        "threads": [
            {
                "thread": thread,
                "answer": AnswerForm(
                    initial={"comment": thread.opening.pk}, auto_id=f"id_answer_{thread.opening.pk}_%s"
                ),
                "close": CloseForm(initial={"comment": thread.opening.pk}, auto_id=f"id_close_{thread.opening.pk}_%s"),
            }
            for thread in threads
        ],
        "comment_form": CommentForm(auto_id="id_comment_%s"),
        "may_answer": Verb.ANSWER_COMMENT in choices and choices[Verb.ANSWER_COMMENT].enabled,
        "may_close": Verb.CLOSE_COMMENT in choices and choices[Verb.CLOSE_COMMENT].enabled,
    }


def _dossier(user: User, proposal: Proposal, choices: dict[Verb, Any], threads: list[Thread]) -> dict[str, Any]:
    return {"dossier": dossier_state(proposal)}


def _funding(user: User, proposal: Proposal, choices: dict[Verb, Any], threads: list[Thread]) -> dict[str, Any]:
    links = proposal.funding.select_related(
        "funded_project", "funded_project__beneficiary", "funded_project__allocation__fund_year"
    )
    return {"funding": links.order_by("funded_project__code")}


def _decision(user: User, proposal: Proposal, choices: dict[Verb, Any], threads: list[Thread]) -> dict[str, Any]:
    return {
        "appraisals": proposal.appraisals.select_related("by", "sign_off", "sign_off__by").order_by("-round"),
        "decisions": proposal.decisions.select_related("by", "version").order_by("-at"),
        "orders": [_order_line(order) for order in proposal.survey_orders.select_related("ordered_by")],
        "returns": returns_of(proposal),
        "handover": proposal.handovers.select_related("by", "version").first(),
    }


def _order_line(order: SurveyOrder) -> dict[str, Any]:
    """Return a survey order with the newest uses of its link and how far its package is."""
    build = newest_build(order)
    line = {"order": order, "uses": use_lines(order), "build": build, "stage": stage_of(order, build)}
    if build is None:
        return line
    return {**line, "shown": progress_shown(choice_of(build), build.progress, verified=False)}


def _log(user: User, proposal: Proposal, choices: dict[Verb, Any], threads: list[Thread]) -> dict[str, Any]:
    return {"events": log_of(proposal, user)[:200]}


_TAB_CONTENT: dict[str, Callable[[User, Proposal, dict[Verb, Any], list[Thread]], dict[str, Any]]] = {
    "tong-quan": _overview,
    "ket-qua": _report,
    "thay-doi": _changes,
    "gop-y": _comments,
    "thanh-phan": _dossier,
    "de-an": _funding,
    "quyet-dinh": _decision,
    "nhat-ky": _log,
}
