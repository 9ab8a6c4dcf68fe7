"""How does a visitor of the demonstration become somebody? One click on a card; and the living style sheet.

It is wired in demo mode only (a system check refuses anything else), and asks again before it acts.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from layers.errors import NotFound
from mapping.demo_people import card_of
from mapping.entrance import first_desk, safe_next
from mapping.fields import DateField, DongField, FileField, HectareField
from mapping.severity import SEVERITY_WORDS


@require_POST
def demo_login(request: HttpRequest, username: str) -> HttpResponse:
    """Sign the visitor in as a demo person and lead to that person's desk.

    Raises NotFound outside demo mode and for anybody who is not a demo person.
    """
    card = card_of(username)
    people = get_user_model().objects.filter(username=username, is_active=True, is_superuser=False)
    person = people.first() if card and settings.DATNGHE_DEMO else None
    if card is None or person is None:
        raise NotFound(_("There is no such demonstration account."), todo=_("Pick a card on the first page."))
    login(request, person, backend=f"{ModelBackend.__module__}.{ModelBackend.__qualname__}")
    wanted = safe_next(request)
    if wanted:
        return HttpResponseRedirect(wanted)
    try:
        return HttpResponseRedirect(reverse(card.start))
    except NoReverseMatch:
        return HttpResponseRedirect(first_desk(request))


class SampleForm(forms.Form):
    """Show every kind of field once."""

    name = forms.CharField(label=gettext_lazy("Name"), help_text=gettext_lazy("As written on papers."))
    signed_on = DateField(label=gettext_lazy("Signed on"), required=False)
    area = HectareField(label=gettext_lazy("Area, ha"), required=False)
    amount = DongField(label=gettext_lazy("Amount, đồng"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[("a", gettext_lazy("new cluster")), ("b", gettext_lazy("expansion"))]
    )
    file = FileField(label=gettext_lazy("File"), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agree = forms.BooleanField(label=gettext_lazy("The figures are complete"), required=False)


def style_sheet(request: HttpRequest) -> HttpResponse:
    """Show every component with its markup's name: the page builders copy from."""
    form = (
        SampleForm(request.POST)
        if request.method == "POST"
        else SampleForm(initial={"signed_on": datetime.date.today()})
    )
    context = {
        "form": form,
        "severities": SEVERITY_WORDS,
        "counts": {"prohibited": 2, "condition": 3, "advice": 1, "clear": 9, "not_checked": 1},
        "steps": [
            {"label": _("Draft"), "state": "done"},
            {"label": _("Submitted"), "state": "done"},
            {"label": _("Under review"), "state": "now"},
            {"label": _("Decision"), "state": "todo"},
        ],
        "area_ha": Decimal("1234.5678"),
        "amount_vnd": Decimal(1_250_000_000),
        "spark": [80, 92, None, 110, 104, 131, 150],
    }
    return render(request, "public/style_sheet.html", context)
