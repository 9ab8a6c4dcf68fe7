"""Who may enter the administration, and what is it called? One site of our own; it decides nothing and pays nothing."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.i18n import JavaScriptCatalog

from layers.errors import NotAllowed
from planning.people.capabilities import Capability
from planning.people.queries import can

DOORS = (Capability.MANAGE_PEOPLE, Capability.MANAGE_PARAMETERS)


class DatNgheAdminSite(AdminSite):
    """The administration at ``/quan-tri/``: people, units, instruments, parameters, holidays, the log."""

    site_title = gettext_lazy("Administration")
    site_header = gettext_lazy("Đất Nghề – administration")
    index_title = gettext_lazy("People, units and parameters")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in who may manage people or parameters; ``is_staff`` and ``is_superuser`` open nothing."""
        return any(can(request.user, capability) for capability in DOORS)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the house's own sign-in page; refuse who is signed in and may not enter."""
        if request.user.is_authenticated:
            raise NotAllowed(_("The administration is open to administrators only."))
        wanted = urlencode({"next": request.GET.get("next", reverse("admin:index"))})
        return HttpResponseRedirect(f"{reverse('account:login')}?{wanted}")

    def i18n_javascript(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Give the texts of Django's own scripts together with ours, which fill what its catalogue lacks."""
        return cast(HttpResponse, JavaScriptCatalog.as_view()(request))


site = DatNgheAdminSite(name="admin")
