"""What does every page of the shell need to know? Which desks this person may enter, where, and in which mode we run.

It decides nothing about a page's content; a hidden entry is a courtesy, the desk itself guards its door.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mapping.demo_people import CARDS
from planning.people.capabilities import Capability
from planning.people.queries import capabilities_of, scope_name


@dataclass(frozen=True)
class NavEntry:
    """One entry of the rail: where it leads, what it is called, who may see it (any of *needs*; none = everybody)."""

    view: str
    label: object
    icon: str
    needs: tuple[Capability, ...] = ()
    href: str = ""
    current: bool = False


ENTRIES = (
    NavEntry("public:home", _("Map"), "map"),
    NavEntry("draw:home", pgettext_lazy("rail", "Proposals"), "proposals", (Capability.DRAW_PROPOSAL,)),
    NavEntry(
        "sites:home",
        pgettext_lazy("rail", "Sites"),
        "locate",
        (Capability.DRAW_PROPOSAL, Capability.APPRAISE, Capability.SIGN_OFF, Capability.SEE_EVERYTHING),
    ),
    NavEntry(
        "review:queue",
        _("Review"),
        "review",
        (
            Capability.SEE_SUBMITTED,
            Capability.SEE_EVERYTHING,
            Capability.ACCEPT_DOSSIER,
            Capability.SIGN_OFF,
            Capability.RECORD_DECISION,
        ),
    ),
    NavEntry("fund:home", _("Fund"), "fund", (Capability.SEE_FUND, Capability.ENTER_FUND, Capability.CONFIRM_FUND)),
    NavEntry("books:home", _("Registers"), "books", (Capability.SEE_REGISTERS, Capability.KEEP_VILLAGE)),
    NavEntry(
        "intake:home",
        pgettext_lazy("rail", "Files"),
        "upload",
        (Capability.DRAW_PROPOSAL, Capability.LOAD_EDITION, Capability.KEEP_VILLAGE, Capability.KEEP_CLUSTERS),
    ),
    NavEntry("steward:home", _("Layers"), "layers", (Capability.LOAD_EDITION, Capability.CONFIRM_EDITION)),
    NavEntry(
        "rules:home",
        pgettext_lazy("rail", "Rules"),
        "list",
        (Capability.WRITE_RULES, Capability.SEE_SUBMITTED, Capability.SEE_EVERYTHING),
    ),
    NavEntry("admin:index", _("Administration"), "admin", (Capability.MANAGE_PEOPLE, Capability.MANAGE_PARAMETERS)),
)
LAST_ENTRIES = (NavEntry("public:guide", _("Guide"), "guide"),)


def shell(request: HttpRequest) -> dict[str, object]:
    """Give templates ``shell``: nav entries, scope, modes. Built only when a template asks for it."""
    return {
        "nav": SimpleLazyObject(lambda: nav_entries(request, ENTRIES)),
        "nav_end": SimpleLazyObject(lambda: nav_entries(request, LAST_ENTRIES)),
        "scope": SimpleLazyObject(lambda: scope_name(request.user)),
        "demo": settings.DATNGHE_DEMO,
        "demo_role_cards": CARDS if settings.DATNGHE_DEMO else (),
        "osm_basemap": settings.OSM_BASEMAP,
        "languages_offered": settings.LANGUAGES,
    }


def nav_entries(request: HttpRequest, entries: tuple[NavEntry, ...]) -> list[NavEntry]:
    """Keep the *entries* this person may use, with address and current mark; desks that are not built are left out."""
    may = capabilities_of(request.user)
    match = request.resolver_match
    here = match.namespace if match else ""
    kept = []
    for entry in entries:
        if entry.needs and not may.intersection(entry.needs):
            continue
        try:
            href = reverse(entry.view)
        except NoReverseMatch:
            continue
        namespace, name = entry.view.split(":")
        guide = bool(match and match.url_name == "guide")
        current = here == namespace and (name == "guide") == guide
        kept.append(NavEntry(entry.view, entry.label, entry.icon, entry.needs, href, current))
    return kept
