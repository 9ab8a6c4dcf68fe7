"""How does a village fare, and how does its commune officer enter and send a year?"""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from layers.errors import DatNgheError, NotAllowed, NotFound
from mapping.desks.books.forms import VillageYearForm
from mapping.desks.books.pages import asked_year, reader
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import can, require
from planning.registers.models import CraftVillage, VillageYear
from planning.registers.queries import village_criteria
from planning.registers.services import save_village_year, send_village_year

YEARS_OFFERED = 3


def village_for(request: HttpRequest, slug: str) -> CraftVillage:
    """Return a village for a person who may read the registers; raises NotAllowed or NotFound."""
    reader(request)
    village = CraftVillage.objects.select_related("unit").filter(slug=slug).first()
    if village is None:
        raise NotFound(_("There is no such village in the books."))
    return village


def context_of(request: HttpRequest, village: CraftVillage, year: int, form: VillageYearForm | None) -> dict[str, Any]:
    """Build the page of a village: years, criteria, and the form of one year for who may enter it."""
    today = timezone.localdate()
    keeps = can(request.user, Capability.KEEP_VILLAGE, village.unit)
    years = list(VillageYear.objects.filter(village=village))
    row = next((one for one in years if one.year == year), None)
    return {
        "village": village,
        "years": years if keeps else [one for one in years if one.sent_at],
        "year": year,
        "years_offered": [today.year - back for back in range(YEARS_OFFERED)],
        "row": row,
        "keeps": keeps,
        "form": form or VillageYearForm.of(row),
        "editable": keeps and (row is None or row.sent_at is None),
        "criteria": village_criteria(village, today),
        "products": village.products.all(),
        "section": "villages",
    }


@require_safe
def village_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one village of the books."""
    village = village_for(request, slug)
    return render(request, "books/village.html", context_of(request, village, asked_year(request), None))


@require_POST
def save_year(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """Keep the figures of one year; with ``gui`` in the form, send them at once."""
    village = village_for(request, slug)
    require(request.user, Capability.KEEP_VILLAGE, village.unit)
    form = VillageYearForm(request.POST)
    status = 422
    if form.is_valid():
        actor = cast(User, request.user)
        try:
            save_village_year(actor, village, year, form.figures())
            if "gui" in request.POST:
                send_village_year(actor, village, year)
        except NotAllowed:
            raise
        except DatNgheError as refusal:
            form.add_error(None, f"{refusal.message} {refusal.todo}".strip())
            status = refusal.status
        else:
            said = (
                _("The figures of %(year)s are sent.")
                if "gui" in request.POST
                else _("The figures of %(year)s are saved.")
            )
            messages.success(request, said % {"year": year})
            return redirect(f"{reverse('books:village', args=[slug])}?nam={year}")
    return render(request, "books/village.html", context_of(request, village, year, form), status=status)


@require_POST
def send_year(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """Send the figures of one year as they were saved."""
    village = village_for(request, slug)
    send_village_year(cast(User, request.user), village, year)
    messages.success(request, _("The figures of %(year)s are sent.") % {"year": year})
    return redirect(f"{reverse('books:village', args=[slug])}?nam={year}")
