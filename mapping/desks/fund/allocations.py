"""How does the fund officer enter a year's money, and the confirmer confirm it?"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from layers.errors import DatNgheError, NotAllowed, NotFound
from mapping.desks.fund.doors import person
from mapping.desks.fund.forms import AllocationForm
from planning.people.capabilities import Capability
from planning.people.queries import require
from planning.registers.models import Allocation
from planning.registers.services import allocate, confirm_allocation, open_year


@require_http_methods(["GET", "POST"])
def new_allocation(request: HttpRequest) -> HttpResponse:
    """Enter an allocation."""
    require(request.user, Capability.ENTER_FUND)
    form = AllocationForm(request.POST or None, initial={"year": timezone.localdate().year})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                year = open_year(person(request), given["year"], given["settlement_due"])
                allocate(
                    person(request),
                    year,
                    given["source"],
                    given["amount_vnd"],
                    decision=given["decision"],
                    decided_on=given["decided_on"],
                )
            except NotAllowed:
                raise
            except DatNgheError as refusal:
                form.add_error(None, f"{refusal.message} {refusal.todo}".strip())
                status = refusal.status
            else:
                messages.success(request, _("The allocation is entered and waits for the second person."))
                return redirect("fund:home")
    return render(request, "fund/new_allocation.html", {"form": form, "section": "home"}, status=status)


@require_POST
def confirm_allocated(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm an allocation."""
    require(request.user, Capability.CONFIRM_FUND)
    allocation = Allocation.objects.filter(pk=pk).first()
    if allocation is None:
        raise NotFound(_("There is no such allocation."))
    confirm_allocation(person(request), allocation)
    messages.success(request, _("The allocation is confirmed."))
    return redirect("fund:home")
