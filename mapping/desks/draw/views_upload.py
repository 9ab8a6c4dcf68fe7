"""How does a boundary file become the draft? Read, placed, shown, confirmed by a person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mapping.desks.draw.files import own
from mapping.desks.draw.forms import UploadForm


def upload(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form."""
    return render(request, "draw/upload.html", {"proposal": own(request, code), "form": UploadForm()})
