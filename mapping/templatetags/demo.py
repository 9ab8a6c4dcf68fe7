"""What do templates need in demo mode? The address of the drawing board without an account."""

from __future__ import annotations

from django import template
from django.urls import NoReverseMatch, reverse

register = template.Library()


@register.simple_tag
def trial_address() -> str:
    """Return the address of *Vẽ thử*; empty while that desk has none."""
    return address("draw:trial")


@register.simple_tag
def address(view: str, *args: object) -> str:
    """Return the address of *view*; empty when no desk answers it, so that a guide never shows a broken link."""
    try:
        return reverse(view, args=args)
    except NoReverseMatch:
        return ""
