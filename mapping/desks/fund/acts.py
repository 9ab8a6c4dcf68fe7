"""How does a person take a step on a funded project? One address per step; a refusal comes back on the same page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from layers.errors import DatNgheError, NotAllowed, NotFound
from mapping.desks.fund.doors import payment_for, person, project_for, reader
from mapping.desks.fund.forms import ReversalForm
from mapping.desks.fund.project_context import ACTS, context_of
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require
from planning.people.services import record_event
from planning.registers.models import FundedProject
from planning.registers.services import (
    confirm_payment,
    enter_payment,
    extend_project,
    record_acceptance,
    recover,
    reverse_payment,
    settle,
    sign_contract,
    stop_project,
)

Taker = Callable[[User, FundedProject, dict[str, Any]], object]

TAKERS: dict[str, Taker] = {
    "hop-dong": lambda actor, project, given: sign_contract(actor, project, **given),
    "chi": lambda actor, project, given: enter_payment(
        actor,
        project,
        given["kind"],
        given["amount_vnd"],
        given["paid_on"],
        idempotency_key=given["key"],
        document=given["document"],
    ),
    "nghiem-thu": lambda actor, project, given: record_acceptance(
        actor, project, accepted_on=given["accepted_on"], passed=given["passed"] == "yes", note=given["note"]
    ),
    "quyet-toan": lambda actor, project, given: settle(actor, project, **given),
    "gia-han": lambda actor, project, given: extend_project(actor, project, **given),
    "thu-hoi": lambda actor, project, given: recover(
        actor,
        project,
        given["amount_vnd"],
        given["paid_on"],
        idempotency_key=given["key"],
        document=given["document"],
    ),
    "dung": lambda actor, project, given: stop_project(actor, project, **given),
}


@require_POST
def take(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Take one step on a project."""
    project = project_for(request, pk)
    require(request.user, Capability.ENTER_FUND, project.unit)
    if act not in ACTS:
        raise NotFound(_("There is no such step."))
    form = ACTS[act].form(request.POST)
    status = 422
    if form.is_valid():
        try:
            TAKERS[act](person(request), project, form.cleaned_data)
        except NotAllowed:
            raise
        except DatNgheError as refusal:
            form.add_error(None, f"{refusal.message} {refusal.todo}".strip())
            status = refusal.status
        else:
            messages.success(request, _("Recorded: %(act)s.") % {"act": str(ACTS[act].title)})
            return redirect("fund:project", pk=pk)
    context = context_of(project_for(request, pk), reader(request), request.user, failed=(act, form))
    context["refused"] = form.non_field_errors() if act not in {row["act"].slug for row in context["acts"]} else None
    return render(request, "fund/project.html", context, status=status)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a payment that somebody else entered."""
    payment = payment_for(request, pk)
    confirm_payment(person(request), payment)
    messages.success(request, _("The payment is confirmed."))
    if request.POST.get("back") == "home":
        return redirect("fund:home")
    return redirect("fund:project", pk=payment.funded_project_id)


@require_POST
def reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a payment back by a row of the opposite sign."""
    payment = payment_for(request, pk)
    form = ReversalForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    reverse_payment(person(request), payment, reason=reason)
    messages.success(request, _("The payment is reversed."))
    return redirect("fund:project", pk=payment.funded_project_id)


@require_POST
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a household's name once; the reading goes on record."""
    project = project_for(request, pk)
    require(request.user, Capability.SEE_RESTRICTED)
    record_event(person(request), "read_restricted", project, {"what": "party names"})
    context = context_of(project, reader(request), request.user, names_shown=True)
    return render(request, "fund/project.html", context)
