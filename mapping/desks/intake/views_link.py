"""How do measurements come in through a survey link? The page that takes the file; its steps are those of every file.

The link is the key: no account, no session, and nothing but the link's own files. The department compares and decides.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from layers.errors import InputRefused, LimitExceeded
from mapping.desks.intake.door import Holder, holder_of
from mapping.desks.intake.forms import MeasuredForm, SendForm
from mapping.desks.intake.models import OPEN
from mapping.desks.intake.pages import read_answer
from mapping.desks.intake.purposes.measured import MEASURED
from mapping.desks.intake.receiving import receive
from mapping.rate import limit_rate
from mapping.unseen import unseen_form
from planning.proposals.models import State, SurveyOrder
from planning.proposals.queries import returns_of


@require_http_methods(["GET", "POST"])
@unseen_form
def measured(request: HttpRequest, token: str) -> HttpResponse:
    """Show what was sent and what still waits by this link; take a file and how it was measured."""
    holder = holder_of(request, token)
    order = holder.order
    if order is None:
        raise TypeError("a link leads to an order")
    if request.method != "POST":
        return _page(request, holder, order, (SendForm(), MEASURED.about_form(request, str(order.pk))))
    limit_rate(request, "upload")
    MEASURED.door(None, str(order.pk))
    form, about = SendForm(request.POST, request.FILES), MEASURED.about_form(request, str(order.pk))
    valid = form.is_valid()
    if not about.is_valid() or not valid:
        return _page(request, holder, order, (form, about), status=422)
    try:
        arrival = receive(holder, MEASURED, str(order.pk), form.cleaned_data["file"], about=about, sender=order.team)
    except (LimitExceeded, InputRefused) as problem:
        form.add_error("file", f"{problem.message} {problem.todo}".strip())
        return _page(request, holder, order, (form, about), status=problem.status)
    return read_answer(request, holder, arrival)


def _page(
    request: HttpRequest, holder: Holder, order: SurveyOrder, asked: tuple[SendForm, MeasuredForm], status: int = 200
) -> HttpResponse:
    form, about = asked
    waiting = holder.arrivals().filter(state__in=OPEN).defer("picture", "facts", "answers")
    context = {
        "order": order,
        "token": holder.token,
        "proposal": order.proposal,
        "form": form,
        "about": about,
        "takes": order.proposal.state == State.BEING_SURVEYED,
        "returns": returns_of(order.proposal),
        "waiting": [{"arrival": one, "address": holder.address("arrival", one.pk)} for one in waiting],
    }
    return render(request, "intake/measured.html", context, status=status)
