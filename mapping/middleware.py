"""What does every response carry besides its body? The import map's hash in the policy, and a language for readers.

It does not decide who may see a page: desks do, through `planning.people`.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from mapping.importmap import import_map_source

Handler = Callable[[HttpRequest], HttpResponse]


class VisitorAddressMiddleware:
    """Tell visitors apart behind a proxy of ours: its own last word in X-Forwarded-For, never what came before it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put the visitor's address where a direct visitor's would be."""
        told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if settings.BEHIND_PROXY and told:
            request.META["REMOTE_ADDR"] = told
        return self.get_response(request)


class LanguageMiddleware:
    """Speak Vietnamese until the person presses the switch, whatever the browser was set up with.

    Office machines in the province often run an English browser; the language of the house is not a guess about that.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Choose by the switch's cookie only."""
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):  # left behind, it would speak in the next task of this thread
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        if response.get("Content-Type", "").startswith(("text/", "application/json", "application/problem+json")):
            response.headers.setdefault("Content-Language", language)
            patch_vary_headers(response, ["Cookie"])  # tiles and files say the same in every language
        return response


class PolicyMiddleware:
    """Allow the import map by its hash on HTML pages, and isolate the window."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request and add what every answer carries."""
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            update = dict(getattr(response, "_csp_update", None) or {})
            sources = update.get("script-src") or []
            update["script-src"] = [*([sources] if isinstance(sources, str) else sources), import_map_source()]
            response._csp_update = update  # type: ignore[attr-defined]  # read by csp.middleware
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(), microphone=(), payment=()")
        return response
