"""Does the boundary on this paper still count? What the QR code of a paper opens: yes, or what took its place.

It names no place, no area and no person: whoever holds the paper has them, nobody else learns anything.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from layers.errors import NotFound
from mapping.papers.models import BoundaryCode
from planning.proposals.standing import standing_of


@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Say how the boundary behind *code* stands. A code that was never printed is told as any unknown address is."""
    found = BoundaryCode.objects.select_related("version__proposal").filter(code=code.lower()[:40]).first()
    if found is None:
        raise NotFound(
            _("No paper of this house carries this code."),
            todo=_("Scan the code again, or type the address as it is printed."),
        )
    response = render(
        request, "public/verify.html", {"stand": standing_of(found.version), "version": found.version, "code": code}
    )
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    add_never_cache_headers(response)
    return response
