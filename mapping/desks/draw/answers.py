"""How is somebody without an account turned away? With 401 for scripts and the sign-in page for people."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from layers.errors import NotAllowed


class NotSignedIn(NotAllowed):
    """Refuse an act that needs an account, asked without one."""

    status = 401
    default_code = "NOT_SIGNED_IN"


def require_sign_in(request: HttpRequest) -> None:
    """Raise NotSignedIn when nobody is signed in."""
    if not request.user.is_authenticated:
        raise NotSignedIn(
            _("You are not signed in."), todo=_("Sign in and try again; your drawing stays in this browser.")
        )
