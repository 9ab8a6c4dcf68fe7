"""How is a return judged? One page about it; accepting and sending back are posted to it and keep what was written."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from layers.errors import DatNgheError, InputRefused, NotFound
from mapping.desks.review.door import visible_proposal
from mapping.desks.review.measured_page import marks_of, measured_page
from mapping.desks.review.views_papers import as_attachment, send_file
from mapping.papers.measured_rings import printed_comparison
from mapping.papers.measured_sheet import measured_pdf, measured_xlsx
from mapping.papers.xlsx import XLSX
from planning.people.models import User
from planning.proposals import services
from planning.proposals.models import Handover, Proposal, SurveyReturn
from planning.proposals.queries import return_for
from planning.proposals.workflow import VERB_TITLES, Verb, check

PDF = "application/pdf"


@require_http_methods(["GET", "POST"])
def measured(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show what was measured beside what was approved; on POST accept it or send it back."""
    user, proposal = visible_proposal(request, code)
    returned = return_for(proposal, number)
    if request.method != "POST":
        return render(request, "review/measured.html", measured_page(user, proposal, returned))
    try:
        done = _ruled(request, user, proposal, returned)
    except DatNgheError as problem:
        if problem.status in {403, 404}:
            raise
        _same_user, fresh = visible_proposal(request, code)
        page = measured_page(user, fresh, return_for(fresh, number), problem=problem, posted=request.POST.dict())
        return render(request, "review/measured.html", page, status=problem.status)
    messages.success(request, _("Done: %(act)s.") % {"act": VERB_TITLES[done]})
    return HttpResponseRedirect(reverse("review:measured", args=[code, number]))


@require_safe
def measured_file(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """Send the file as the survey team sent it."""
    _user, proposal = visible_proposal(request, code)
    returned = return_for(proposal, number)
    return send_file(returned.file, returned.filename)


@require_safe
def measured_paper(request: HttpRequest, code: str, number: int, kind: str) -> HttpResponse:
    """Send the comparison as PDF or XLSX."""
    _user, proposal = visible_proposal(request, code)
    comparison = printed_comparison(return_for(proposal, number))
    if kind == "pdf":
        response = HttpResponse(measured_pdf(comparison), content_type=PDF)
    elif kind == "xlsx":
        response = HttpResponse(measured_xlsx(comparison), content_type=XLSX)
    else:
        raise NotFound(_("There is no such paper."), where=kind[:20])
    return as_attachment(response, f"doi-chieu-{proposal.code}-lan-{number}.{kind}")


@require_safe
def handover_file(request: HttpRequest, code: str) -> HttpResponseBase:
    """Send the minutes of the hand-over."""
    _user, proposal = visible_proposal(request, code)
    row = Handover.objects.filter(proposal=proposal).first()
    if row is None:
        raise NotFound(_("Nothing was handed over yet."), where=proposal.code)
    suffix = (row.file.name or "").rpartition(".")[2]
    return send_file(row.file, f"ban-giao-{proposal.code}.{suffix}")


def _ruled(request: HttpRequest, user: User, proposal: Proposal, returned: SurveyReturn) -> Verb:
    """Do what was pressed. Capability and state are asked before anything that was written is read."""
    pressed = request.POST.get("act", "")
    note = request.POST.get("note", "")[:4000]
    if pressed == Verb.ACCEPT_RETURN:
        check(user, proposal, Verb.ACCEPT_RETURN)
        services.accept_return(
            user, proposal, returned=returned, geom_hash=request.POST.get("geom_hash", ""), note=note
        )
        return Verb.ACCEPT_RETURN
    if pressed == Verb.RETURN_SURVEY:
        check(user, proposal, Verb.RETURN_SURVEY)
        marks = marks_of(returned, request.POST.dict())
        services.return_survey(user, proposal, returned=returned, note=note, marks=marks)
        return Verb.RETURN_SURVEY
    raise InputRefused(_("There is no such act."), code="ACT_UNKNOWN", where=quote(pressed[:40]))
