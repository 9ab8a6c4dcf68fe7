"""How are units, bodies, legal instruments and holidays kept? By hand, but for boundaries: those come by loading."""

from __future__ import annotations

from django.http import HttpRequest

from layers.models import AdminSuccession, AdminUnit, Body, Holiday, LegalInstrument
from mapping.admin.base import HouseAdmin, ReadOnlyAdmin
from mapping.admin.site import site


class AdminUnitAdmin(HouseAdmin):
    """Units: names, dates and flags; the boundary is shown, not changed."""

    list_display = ("full_name", "code", "level", "valid_from", "valid_to", "mountainous")
    list_filter = ("level", "mountainous", "valid_to")
    search_fields = ("name", "code")
    autocomplete_fields = ("parent", "mountainous_citation")
    list_select_related = ("level",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: a unit comes with its boundary, by loading."""
        return False


class SuccessionAdmin(ReadOnlyAdmin):
    """Which unit took over which territory."""

    list_display = ("predecessor", "successor", "kind", "share", "instrument")
    list_filter = ("kind",)
    search_fields = ("predecessor__name", "successor__name")
    list_select_related = ("predecessor", "successor", "instrument")


class BodyAdmin(HouseAdmin):
    """Bodies that are asked or that decide."""

    list_display = ("name", "short_name", "unit", "valid_from", "valid_to")
    search_fields = ("name", "short_name", "code")
    autocomplete_fields = ("unit", "replaced_by")
    list_select_related = ("unit",)


class InstrumentAdmin(HouseAdmin):
    """Legal texts."""

    list_display = ("number", "title", "issuer", "in_force_from", "in_force_to", "verified")
    list_filter = ("verified", "issuer")
    search_fields = ("number", "title")
    autocomplete_fields = ("replaced_by",)


class HolidayAdmin(HouseAdmin):
    """Days off and swapped days."""

    list_display = ("day", "name", "is_working")
    list_filter = ("is_working",)
    search_fields = ("name",)
    date_hierarchy = "day"


site.register(AdminUnit, AdminUnitAdmin)
site.register(AdminSuccession, SuccessionAdmin)
site.register(Body, BodyAdmin)
site.register(LegalInstrument, InstrumentAdmin)
site.register(Holiday, HolidayAdmin)
