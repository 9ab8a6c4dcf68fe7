"""How does an act of the procedure reach its verb? Form, verb, and back to the file; a refusal is said at its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from layers.errors import DatNgheError, NotFound
from mapping.desks.review.door import visible_proposal
from mapping.desks.review.file_page import file_page
from mapping.desks.review.forms import FORMS, SurveyForm, comment_of, disagreement_of
from planning.people.models import User
from planning.proposals import services
from planning.proposals.models import CheckFinding, Comment, Proposal, ZoneVersion
from planning.proposals.queries import dispute_for, versions_for
from planning.proposals.services import IssuedLink
from planning.proposals.workflow import VERB_TITLES, Verb, check

Call = Callable[[User, Proposal, forms.Form], Any]
# The tab a person is led back to after an act.
TAB_AFTER = {
    Verb.ADD_COMMENT: "gop-y",
    Verb.ANSWER_COMMENT: "gop-y",
    Verb.CLOSE_COMMENT: "gop-y",
    Verb.DISPUTE_FINDING: "khong-dong-y",
    Verb.RULE_ON_DISPUTE: "khong-dong-y",
    Verb.WITHDRAW_DISPUTE: "khong-dong-y",
    Verb.ACCEPT_DOSSIER: "thanh-phan",
    Verb.RECORD_DECISION: "quyet-dinh",
    Verb.ORDER_SURVEY: "quyet-dinh",
    Verb.RENEW_SURVEY: "quyet-dinh",
    Verb.REVOKE_SURVEY: "quyet-dinh",
    Verb.BRING_INTO_FORCE: "quyet-dinh",
}


@require_POST
def act(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """Do one act. A form with mistakes or a refusal shows the file again, with the sentence where the act was tried."""
    user, proposal = visible_proposal(request, code)
    wanted = _verb(verb)
    form = FORMS[wanted](request.POST, request.FILES)
    tab = TAB_AFTER.get(wanted, "tong-quan")
    try:
        check(user, proposal, wanted)
        if not form.is_valid():
            page = file_page(user, proposal, tab, failed=(wanted, form))
            return render(request, "review/file.html", page, status=422)
        done = CALLS[wanted](user, proposal, form)
    except DatNgheError as error:
        if error.status in {403, 404}:
            raise
        fresh = visible_proposal(request, code)[1]
        page = file_page(user, fresh, tab, failed=(wanted, form), problem=error)
        return render(request, "review/file.html", page, status=error.status)
    if isinstance(done, IssuedLink):
        return _show_link(request, user, code, done)
    messages.success(request, _("Done: %(act)s.") % {"act": _title(wanted)})
    if wanted == Verb.WITHDRAW:
        return HttpResponseRedirect(reverse("draw:home"))
    return HttpResponseRedirect(f"{reverse('review:file', args=[code])}?tab={tab}")


def _verb(name: str) -> Verb:
    try:
        wanted = Verb(name)
    except ValueError as error:
        raise NotFound(_("There is no such act."), where=name[:40]) from error
    if wanted not in FORMS:
        raise NotFound(_("This act is done on the drawing board."), where=name)
    return wanted


def _title(verb: Verb) -> str:
    return str(VERB_TITLES[verb])


def _show_link(request: HttpRequest, user: User, code: str, issued: IssuedLink) -> HttpResponse:
    """Show the survey link this once; the database keeps only its hash."""
    proposal = visible_proposal(request, code)[1]
    link = request.build_absolute_uri(reverse("survey:order", args=[issued.token]))
    page = file_page(user, proposal, "quyet-dinh")
    response = render(request, "review/file.html", {**page, "issued_link": link, "issued_order": issued.order})
    response.headers["Cache-Control"] = "no-store"
    return response


def _comment_of(proposal: Proposal, form: forms.Form) -> Comment:
    comment = Comment.objects.filter(pk=form.cleaned_data["comment"], proposal=proposal).first()
    if comment is None:
        raise NotFound(_("There is no such comment."), where=proposal.code)
    return comment


def _record_decision(user: User, proposal: Proposal, form: forms.Form) -> Any:
    data = dict(form.cleaned_data)
    version = ZoneVersion.objects.filter(pk=data.pop("version"), proposal=proposal).first()
    if version is None:
        raise NotFound(_("There is no such boundary version."), where=proposal.code)
    return services.record_decision(user, proposal, version=version, **data)


def _terms(form: forms.Form) -> dict[str, Any]:
    return form.terms() if isinstance(form, SurveyForm) else form.cleaned_data


def _add_comment(user: User, proposal: Proposal, form: forms.Form) -> Any:
    return services.add_comment(user, proposal, **comment_of(form.cleaned_data))


def _dispute_finding(user: User, proposal: Proposal, form: forms.Form) -> Any:
    finding = CheckFinding.objects.filter(
        pk=form.cleaned_data["finding"], run__version__in=versions_for(user, proposal)
    ).first()
    if finding is None:
        raise NotFound(_("There is no such row of the report."), where=proposal.code)
    return services.dispute_finding(user, proposal, finding=finding, **disagreement_of(form.cleaned_data))


def _rule_on_dispute(user: User, proposal: Proposal, form: forms.Form) -> Any:
    data = dict(form.cleaned_data)
    dispute = dispute_for(user, proposal, data.pop("dispute"))
    return services.rule_on_dispute(user, proposal, dispute=dispute, **data)


def _withdraw_dispute(user: User, proposal: Proposal, form: forms.Form) -> Any:
    dispute = dispute_for(user, proposal, form.cleaned_data["dispute"])
    return services.withdraw_dispute(user, proposal, dispute=dispute, reason=form.cleaned_data["reason"])


CALLS: dict[Verb, Call] = {
    Verb.ACCEPT_DOSSIER: lambda user, proposal, form: services.accept_dossier(user, proposal),
    Verb.RETURN_FOR_CHANGES: lambda user, proposal, form: services.return_for_changes(
        user, proposal, reasons=form.cleaned_data["reasons"], text=form.cleaned_data["text"]
    ),
    Verb.APPRAISE: lambda user, proposal, form: services.appraise(user, proposal, **form.cleaned_data),
    Verb.SIGN_OFF: lambda user, proposal, form: services.sign_off(user, proposal, **form.cleaned_data),
    Verb.RECORD_DECISION: _record_decision,
    Verb.ORDER_SURVEY: lambda user, proposal, form: services.order_survey(user, proposal, **_terms(form)),
    Verb.RENEW_SURVEY: lambda user, proposal, form: services.renew_survey(user, proposal, **_terms(form)),
    Verb.REVOKE_SURVEY: lambda user, proposal, form: services.revoke_survey(user, proposal),
    Verb.BRING_INTO_FORCE: lambda user, proposal, form: services.bring_into_force(user, proposal, **form.cleaned_data),
    Verb.WITHDRAW: lambda user, proposal, form: services.withdraw(user, proposal),
    Verb.ADD_COMMENT: _add_comment,
    Verb.ANSWER_COMMENT: lambda user, proposal, form: services.answer_comment(
        user, proposal, comment=_comment_of(proposal, form), text=form.cleaned_data["text"]
    ),
    Verb.DISPUTE_FINDING: _dispute_finding,
    Verb.RULE_ON_DISPUTE: _rule_on_dispute,
    Verb.WITHDRAW_DISPUTE: _withdraw_dispute,
    Verb.CLOSE_COMMENT: lambda user, proposal, form: services.close_comment(
        user,
        proposal,
        comment=_comment_of(proposal, form),
        outcome=form.cleaned_data["outcome"],
        note=form.cleaned_data["note"],
    ),
}
