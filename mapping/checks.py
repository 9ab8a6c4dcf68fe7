"""Are the windows safe to open? System checks of the windows: demo mode, content security.

It does not test pages; tests do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, ProgrammingError
from django.urls import NoReverseMatch, reverse

from mapping.demo_people import CARDS

DEMO_PASSWORD = "datnghe"  # noqa: S105  # printed by script/demo; works in no other mode
LOOSE_SOURCES = ("'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:")


@register(Tags.security)
def demo_login_only_in_demo(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Refuse one-click sign-in that can be reached outside demo mode, and demo mode that looks like service."""
    if settings.DATNGHE_DEMO:
        if settings.HTTPS_ONLY or "*" in settings.ALLOWED_HOSTS:
            return [
                Error(
                    "Demo mode lets anybody in by one click, but this looks like a real server.",
                    hint="Unset DATNGHE_DEMO, or unset HTTPS_ONLY and name the hosts in ALLOWED_HOSTS.",
                    id="mapping.E001",
                )
            ]
        return []
    try:
        reverse("public:demo_login", args=["x"])
    except NoReverseMatch:
        return []
    return [Error("The one-click sign-in is wired although this is not demo mode.", id="mapping.E002")]


@register(Tags.database)
def no_demo_passwords_in_service(app_configs: Any, databases: Any = None, **kwargs: Any) -> Sequence[CheckMessage]:
    """Refuse demo people with the demo password in a database that is not served in demo mode."""
    if settings.DATNGHE_DEMO or not databases:
        return []
    try:
        people = list(get_user_model().objects.filter(username__in=[card.username for card in CARDS], is_active=True))
    except (OperationalError, ProgrammingError):  # not migrated yet
        return []
    known = sorted(person.username for person in people if person.check_password(DEMO_PASSWORD))
    if not known:
        return []
    return [
        Error(
            f"Demo accounts with the published password can sign in: {', '.join(known)}.",
            hint="Deactivate them, or start in demo mode.",
            id="mapping.E003",
        )
    ]


@register(Tags.security)
def policy_is_strict(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Refuse a content security policy that lets foreign or inline scripts run."""
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    loose = [source for source in directives["script-src"] if source in LOOSE_SOURCES]
    if not loose:
        return []
    return [Error(f"script-src of the content security policy is too loose: {' '.join(loose)}.", id="mapping.E004")]
