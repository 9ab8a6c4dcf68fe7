"""What can anybody see without an account?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """Show the public map and its list."""
    return render(request, "public/home.html")


def guide(request: HttpRequest) -> HttpResponse:
    """Walk through the main job, step by step."""
    return render(request, "public/guide.html")
