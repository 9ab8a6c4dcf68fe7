"""How does a refusal of the drawing board cross the glass? As problem+json, geometry in its details as GeoJSON.

It decides nothing: every refusal keeps its code, its sentence and its status.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from layers.errors import DatNgheError, NotAllowed
from mapping.errors import problem_response
from mapping.glass.geojson import problem_detail

View = Callable[..., HttpResponse]


class NotSignedIn(NotAllowed):
    """Refuse an act that needs an account, asked without one."""

    status = 401
    default_code = "NOT_SIGNED_IN"


def json_api(view: View) -> View:
    """Answer refusals of *view* as problem+json with geometry in WGS 84."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DatNgheError as error:
            error.detail = problem_detail(error.detail)
            return problem_response(request, error)

    return answered


def require_sign_in(request: HttpRequest) -> None:
    """Raise NotSignedIn (401 for scripts, the sign-in page for people) when nobody is signed in."""
    if not request.user.is_authenticated:
        raise NotSignedIn(_("You are not signed in."), todo=_("Sign in and try again; your drawing stays in this browser."))
