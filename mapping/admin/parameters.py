"""How are the law's figures kept? Dated rows with their citation; a new figure is a new row with a later date."""

from __future__ import annotations

from django.contrib.admin import TabularInline
from django.db.models import Model
from django.http import HttpRequest

from mapping.admin.base import HouseAdmin
from mapping.admin.site import site
from planning.checks.models import Parameter
from planning.people.capabilities import Capability
from planning.people.queries import can
from planning.registers.models import ClusterPlan, FundingSource, PlanListEntry, RegisterParameter, SupportCeiling


class FigureAdmin(HouseAdmin):
    """Dated figures: what a row says from its day on is never edited, because stored answers rest on it.

    Its citation, its end and that somebody compared it with the printed text are.
    """

    figures: tuple[str, ...]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Close the figure of a row that exists."""
        return self.figures if obj is not None else ()


class ParameterAdmin(FigureAdmin):
    """Thresholds of the rules."""

    figures = ("code", "value", "unit", "valid_from")

    list_display = ("code", "title_vi", "value", "unit", "valid_from", "valid_to", "instrument", "verified")
    list_filter = ("verified",)
    search_fields = ("code", "title_vi", "title_en")
    autocomplete_fields = ("instrument",)
    list_select_related = ("instrument",)


class CeilingAdmin(FigureAdmin):
    """Ceilings of support."""

    figures = ("activity", "level", "max_share", "max_vnd", "valid_from")

    list_display = ("activity", "level", "max_share", "max_vnd", "valid_from", "valid_to", "instrument", "verified")
    list_filter = ("level", "activity", "verified")
    autocomplete_fields = ("instrument",)
    list_select_related = ("instrument",)


class RegisterParameterAdmin(FigureAdmin):
    """Figures of the law that the books use."""

    figures = ("name", "value", "valid_from")

    list_display = ("name", "value", "valid_from", "valid_to", "instrument", "article", "verified")
    list_filter = ("name", "verified")
    autocomplete_fields = ("instrument",)
    list_select_related = ("instrument",)


class SourceAdmin(HouseAdmin):
    """Sources of the fund's money."""

    list_display = ("name", "code", "level", "instrument")
    search_fields = ("name", "code")
    autocomplete_fields = ("instrument",)


class EntryInline(TabularInline):  # type: ignore[type-arg]  # not subscriptable at run time
    """Entries of a plan, one line each."""

    model = PlanListEntry
    fields = ("code", "name", "unit", "unit_as_reported", "area_ha", "phase", "craft_village_cluster", "illustrative")
    autocomplete_fields = ("unit",)
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Follow the plan."""
        return can(request.user, Capability.MANAGE_PARAMETERS)

    has_change_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Follow the plan."""
        return can(request.user, Capability.MANAGE_PARAMETERS)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Keep every entry."""
        return False


class PlanAdmin(HouseAdmin):
    """The approved plans and their lists."""

    list_display = ("name", "instrument", "period_from", "period_to", "valid_from", "valid_to")
    search_fields = ("name",)
    autocomplete_fields = ("instrument",)
    inlines = (EntryInline,)


site.register(Parameter, ParameterAdmin)
site.register(SupportCeiling, CeilingAdmin)
site.register(RegisterParameter, RegisterParameterAdmin)
site.register(FundingSource, SourceAdmin)
site.register(ClusterPlan, PlanAdmin)
