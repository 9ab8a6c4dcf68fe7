"""How does a refusal reach the person? `DatNgheError` becomes a page, an htmx fragment or problem+json; so do 400–500.

It does not decide what went wrong and never shows driver text or a traceback.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.urls import reverse
from django.utils.translation import gettext as _

from layers.errors import DatNgheError, LimitExceeded, NotAllowed, NotFound
from mapping.glass.geojson import problem_detail

logger = logging.getLogger(__name__)


class MethodRefused(DatNgheError):
    """Refuse a method this address does not answer."""

    status = 405
    default_code = "METHOD_NOT_ALLOWED"


Handler = Callable[[HttpRequest], HttpResponse]


class ProblemMiddleware:
    """Turn every refusal raised by a desk or a room below into an answer for the person who asked."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; refusals come back through `process_exception`. Django's blank 405 gets its words."""
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            told = problem_response(request, wrong_method())
            told.headers["Allow"] = response.headers["Allow"]
            return told
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer the exceptions that are meant for a person; anything else goes on to the 500 page and the log."""
        if isinstance(exception, DatNgheError):
            return problem_response(request, exception)
        wording: Callable[[], DatNgheError] | None = None
        if isinstance(exception, (RequestDataTooBig, TooManyFilesSent)):
            wording = too_large
        elif holds_nul(exception):
            wording = malformed
        elif wants_json(request):
            if isinstance(exception, Http404):
                wording = missing
            elif isinstance(exception, PermissionDenied):
                wording = forbidden
            elif isinstance(exception, SuspiciousOperation):
                wording = malformed
        return problem_response(request, wording()) if wording is not None else None


def holds_nul(exception: Exception) -> bool:
    """Say whether the driver refused a text with a NUL character, which PostgreSQL cannot hold and nobody types.

    Forms refuse it by field; this is for addresses and bare parameters. Nothing was sent to the server by then.
    """
    return isinstance(exception, ValueError) and "NUL (0x00)" in str(exception)


def wants_json(request: HttpRequest) -> bool:
    """Say whether the request comes from a script that reads JSON: an /api/ address, a JSON body or Accept header."""
    return (
        request.path.startswith("/api/")
        or request.content_type == "application/json"
        or request.get_preferred_type(["text/html", "application/json", "application/problem+json"])
        in {"application/json", "application/problem+json"}
    )


def problem_response(request: HttpRequest, error: DatNgheError) -> HttpResponse:
    """Write *error* for this request: problem+json, an htmx fragment, a way to the login page, or a whole page."""
    if wants_json(request):
        body = {
            "code": error.code,
            "message": str(error.message),
            "where": str(error.where),
            "todo": str(error.todo),
            **problem_detail(error.detail),
        }
        return JsonResponse(body, status=error.status, content_type="application/problem+json")
    htmx = bool(getattr(request, "htmx", False))
    user = getattr(request, "user", None)
    if isinstance(error, NotAllowed) and not (user and user.is_authenticated) and request.method == "GET":
        to_login = f"{reverse('account:login')}?{urlencode({'next': request.get_full_path()})}"
        if htmx:
            return HttpResponse(status=200, headers={"HX-Redirect": to_login})
        return HttpResponseRedirect(to_login)
    template = "errors/problem_fragment.html" if htmx else "errors/problem.html"
    response = render(request, template, {"problem": error, "status": error.status}, status=error.status)
    if htmx:
        response.headers["HX-Retarget"] = "#toasts"
        response.headers["HX-Reswap"] = "beforeend"
    return response


# --- the refusals Django itself raises --------------------------------------------------------------------------------


def malformed() -> DatNgheError:
    """Word a request that cannot be read."""
    return DatNgheError(
        _("This request cannot be read."),
        code="BAD_REQUEST",
        todo=_("Go back, reload the page and try again."),
    )


def wrong_method() -> DatNgheError:
    """Word an address asked in a way it does not answer, such as a form's address opened as a page."""
    return MethodRefused(
        _("This address only takes what a form sends; there is no page here."),
        todo=_("Go back to the page before and start again from there."),
    )


def forbidden() -> DatNgheError:
    """Word a page the person may not see."""
    return NotAllowed(
        _("You may not see or do this."),
        todo=_("If it belongs to your work, ask the administrator to check your assignment."),
    )


def stale_form() -> DatNgheError:
    """Word a form whose CSRF token does not match."""
    return NotAllowed(
        _("The form is too old or your session has ended, so nothing was saved."),
        code="CSRF_FAILED",
        todo=_("Go back, reload the page and send it again; sign in if you are asked to."),
    )


def missing() -> DatNgheError:
    """Word an address that leads nowhere."""
    return NotFound(
        _("There is no page at this address."),
        todo=_("Check the address, or start again from the map."),
    )


def too_large() -> DatNgheError:
    """Word an upload above the limit."""
    return LimitExceeded(
        _("What you sent is larger than is accepted here."),
        todo=_("Send a smaller file, or split it into several."),
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 (``handler400``); 413 when the body was too large."""
    if isinstance(exception, (RequestDataTooBig, TooManyFilesSent)):
        return problem_response(request, too_large())
    return problem_response(request, malformed())


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 (``handler403``)."""
    return problem_response(request, forbidden())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a failed CSRF check (``CSRF_FAILURE_VIEW``); *reason* is Django's English and goes to the log only."""
    logger.info("csrf failure at %s: %s", request.path, reason)
    return problem_response(request, stale_form())


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 (``handler404``)."""
    return problem_response(request, missing())


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 (``handler500``) without touching the database, the session or the shell."""
    if wants_json(request):
        body = {
            "code": "SERVER_ERROR",
            "message": _("Something failed on our side."),
            "where": "",
            "todo": _("Try again in a minute. Your draft is kept."),
        }
        return JsonResponse(body, status=500, content_type="application/problem+json")
    try:
        return render(None, "errors/500.html", status=500)  # no request: no context processors
    except TemplateDoesNotExist:
        return HttpResponse("500", status=500)
