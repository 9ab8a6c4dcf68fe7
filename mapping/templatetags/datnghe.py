"""What do templates call to write numbers, areas, money, dates, icons and severities?

It holds no rules of writing: those are in `mapping.formats`; and it never marks data as safe HTML.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import cast
from urllib.parse import urlsplit

from django import forms, template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mapping import formats
from mapping.importmap import import_map_json
from mapping.papers.cells import plain
from mapping.severity import severity_code, severity_word

register = template.Library()

register.filter("ha", formats.hectares)
register.filter("m2", formats.square_metres)
register.filter("m2_as_ha", formats.hectares_of_m2)
register.filter("metres", formats.metres)
register.filter("vnd", formats.dong)
register.filter("vnd_short", formats.dong_short)
register.filter("pct", formats.percent)
register.filter("vndate", formats.date)
register.filter("vnmoment", formats.moment)
register.filter("plain", plain)
register.filter("severity_of", severity_code)


@register.simple_tag(takes_context=True)
def page_to_come_back_to(context: template.Context) -> str:
    """Return the address that shows this page again: a refused form was posted to an address that cannot be opened."""
    request = context["request"]
    if request.method in {"GET", "HEAD"}:
        return str(request.get_full_path())
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return "/"
    parts = urlsplit(came_from)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@register.filter
def num(value: formats.Numeric | None, places: int = 0) -> str:
    """Write a plain number with *places* decimals."""
    return formats.number(value, places)


@register.filter
def share_of(part: formats.Numeric | None, whole: formats.Numeric | None) -> Decimal | None:
    """Divide *part* by *whole*; nothing when either is not known."""
    numerator, denominator = formats.as_decimal(part), formats.as_decimal(whole)
    return numerator / denominator if numerator is not None and denominator else None


@register.filter
def unlocal(value: formats.Numeric | None) -> str:
    """Write a number for an attribute that a machine reads: point as decimal mark, no grouping."""
    number = formats.as_decimal(value)
    return "" if number is None else f"{number:.4f}".rstrip("0").rstrip(".")


@register.filter
def days_left(due: datetime.date | None) -> int | None:
    """Count calendar days from today to *due*; negative when it has passed."""
    if due is None:
        return None
    day = due.date() if isinstance(due, datetime.datetime) else due
    return (day - datetime.date.today()).days


@register.filter
def get(mapping: Mapping[object, object], key: object) -> object:
    """Read *mapping[key]*, or nothing."""
    return mapping.get(key, "")


@register.filter
def is_checkbox(field: forms.BoundField) -> bool:
    """Say whether the form field is a single tick box (its label stands behind it)."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """Draw one icon of ``img/icons.svg``; decorative unless *label* names it."""
    href = f"{static('img/icons.svg')}#{name}"
    css_class = f"icon {css}".strip()
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', css_class, label, href
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', css_class, href)


@register.simple_tag
def severity(code: str, text: str = "") -> SafeString:
    """Draw a severity badge: icon + word + colour. *text* replaces the standard word."""
    return format_html(
        '<span class="severity" data-sev="{}">{} {}</span>', code, icon(code), text or severity_word(code)
    )


@register.filter("severity_word")
def severity_word_filter(code: str) -> str:
    """Say the standard word of a severity or outcome code."""
    return severity_word(code)


@register.simple_tag
def import_map() -> SafeString:
    """Write the import map, the only inline script of the house; the policy allows it by its hash."""
    return SafeString(f'<script type="importmap">{import_map_json()}</script>')  # made of our own file names only


@register.simple_tag(takes_context=True)
def query(context: Mapping[str, object], **changes: object) -> str:
    """Build ``?…`` from the present query with *changes*; None or '' removes a key; the page is dropped."""
    request = cast(HttpRequest, context["request"])
    params = request.GET.copy()
    params.pop("page", None)
    for key, value in changes.items():
        if value in (None, ""):
            params.pop(key, None)
        else:
            params[key] = str(value)
    return "?" + params.urlencode() if params else "?"


@register.filter
def sparkline(values: list[float | None]) -> dict[str, str]:
    """Turn yearly values into a 200 x 44 drawing: paths ``line`` and ``area``; gaps are left out."""
    known = [(i, float(v)) for i, v in enumerate(values) if v is not None]
    if len(known) < 2:
        return {}
    low, high = min(v for _i, v in known), max(v for _i, v in known)
    span = (high - low) or 1.0
    points = [(4 + 192 * i / (len(values) - 1), 38 - 32 * (v - low) / span) for i, v in known]
    line = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return {
        "line": line,
        "area": f"{line} L{points[-1][0]:.1f} 44 L{points[0][0]:.1f} 44 Z",
    }


@register.simple_tag
def yes_no(value: bool | None) -> str:
    """Say yes, no, or that nobody knows."""
    if value is None:
        return _("no data")
    return _("yes") if value else _("no")
