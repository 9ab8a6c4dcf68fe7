"""Which craft villages and clusters are there, and where? The public list beside the public map.

The list is a plain GET form and works without JavaScript; htmx only swaps the results, the map only draws them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from layers.crs import point_to_wgs84
from mapping import formats
from mapping.downloads import downloads
from mapping.emblems import emblem_address
from mapping.papers.export import TYPES
from planning.registers.models import Lifecycle, VillageKind
from planning.registers.queries.public_books import CLUSTER, VILLAGE, Place, PlaceFilter, place_choices, places

PAGE_SIZE = 60
MAX_TYPED = 100


@dataclass(frozen=True)
class PlaceCard:
    """One place as list and map show it."""

    place: Place
    address: str
    trade: str
    state: str
    state_css: str
    emblem: str

    def for_map(self) -> dict[str, Any]:
        """Return what the map needs, WGS 84; texts go in as text there."""
        lon, lat = point_to_wgs84(self.place.location.x, self.place.location.y)
        return {
            "kind": self.place.kind,
            "slug": self.place.slug,
            "name": self.place.name,
            "trade": self.trade,
            "place": self.place.unit_name,
            "money": formats.dong_short(self.place.funded_vnd) if self.place.funded_vnd else "",
            "emblem": self.emblem,
            "href": self.address,
            "at": [round(lon, 6), round(lat, 6)],
        }


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the public map and its list; htmx gets the results only."""
    narrow = read_filter(request.GET)
    cards = [card_of(place) for place in places(narrow)]
    page = Paginator(cards, PAGE_SIZE).get_page(request.GET.get("page"))
    partial = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]  # set by django_htmx
    context = {
        "narrow": narrow,
        "narrowed": narrow != PlaceFilter(),
        "choices": None if partial else place_choices(),
        "page_obj": page,
        "total": len(cards),
        "villages": sum(card.place.kind == VILLAGE for card in cards),
        "clusters": sum(card.place.kind == CLUSTER for card in cards),
        "money": sum(card.place.funded_vnd for card in cards),
        "nearly": bool(cards) and all(card.place.level == 3 for card in cards),
        "for_map": [card.for_map() for card in cards],
        "files": downloads(_file_address, request.GET, tuple(TYPES), count=len(cards), by_map=True),
    }
    response = render(request, "public/results.html" if partial else "public/home.html", context)
    response["Vary"] = "HX-Request, Cookie, Accept-Language"
    return response


def _file_address(kind: str) -> str:
    return reverse("public:places_file", args=[kind])


def read_filter(asked: QueryDict) -> PlaceFilter:
    """Read the filter from the address; anything that makes no sense is left out, never an error."""

    def number(name: str) -> int | None:
        text = asked.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    funded = asked.get("funded", "")
    if funded != "any" and not (funded.isascii() and funded.isdigit() and len(funded) == 4):
        funded = ""
    kind = asked.get("kind", "")
    return PlaceFilter(
        typed=asked.get("q", "").replace("\x00", "").strip()[:MAX_TYPED],
        kind=kind if kind in (VILLAGE, CLUSTER) else "",
        unit=number("unit"),
        district=number("district"),
        trade=asked.get("trade", "").replace("\x00", "")[:MAX_TYPED],
        funded=funded,
    )


def card_of(place: Place) -> PlaceCard:
    """Dress a place for the list: words, address, emblem."""
    in_english = (get_language() or "vi").startswith("en")
    if place.kind == VILLAGE:
        state, css = VillageKind(place.sub_kind).label, village_css(place.sub_kind)
    else:
        state, css = Lifecycle(place.sub_kind).label, cluster_css(place.sub_kind)
    return PlaceCard(
        place=place,
        address=reverse(f"public:{place.kind}", args=[place.slug]),
        trade=(place.trade_en if in_english and place.trade_en else place.trade_vi),
        state=str(state),
        state_css=css,
        emblem=emblem_address(place.trade) if place.kind == VILLAGE else "",
    )


def village_css(kind: str) -> str:
    """Choose the chip of a village's recognition."""
    return "" if kind == VillageKind.UNRECOGNISED else "chip-good"


def cluster_css(lifecycle: str) -> str:
    """Choose the chip of a cluster's state."""
    if lifecycle in (Lifecycle.OPERATING, Lifecycle.EXPANDING):
        return "chip-good"
    return "chip-warn" if lifecycle == Lifecycle.REMOVED else "chip-accent"
