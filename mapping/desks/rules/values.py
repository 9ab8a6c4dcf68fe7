"""How does an administrator give a parameter a new value? With its day and citation; older values stay as they are."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from layers.errors import Conflict, InputRefused, NotFound
from mapping.desks.rules.choices import choices_for
from mapping.desks.rules.figures import figures_on
from mapping.desks.rules.forms import ValueForm
from planning.checks.services import add_value
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import require


@require_http_methods(["GET", "POST"])
def new_value(request: HttpRequest, code: str) -> HttpResponse:
    """Show the values of a parameter and take the next one."""
    require(request.user, Capability.MANAGE_PARAMETERS)
    figure = figures_on().get(code)
    if figure is None:
        raise NotFound(_("There is no such parameter."), where=code[:60])
    form = ValueForm(request.POST or None, options=choices_for("", "").instruments)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            value, instrument = form.given()
            given = form.cleaned_data
            try:
                add_value(
                    cast(User, request.user),
                    code,
                    value,
                    given["valid_from"],
                    instrument=instrument,
                    article=given["article"],
                    verified=given["verified"],
                )
            except (InputRefused, Conflict) as refusal:
                form.add_error(None, f"{refusal.message} {refusal.todo}".strip())
                status = refusal.status
            else:
                messages.success(
                    request, _("The new value of “%(title)s” is in the register.") % {"title": figure.title}
                )
                return redirect(f"{reverse('rules:parameters')}#{code}")
    return render(request, "rules/value.html", {"figure": figure, "form": form}, status=status)
