"""What do all pages of the administration share? Rights by capability, geometry as a picture, changes on record.

Nothing is ever deleted here.
"""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.admin import ModelAdmin
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Field, Model
from django.forms.widgets import Script
from django.http import HttpRequest
from leaflet.admin import LeafletAdminWidget, LeafletGeoAdminMixin

from mapping.glass.geojson import to_geojson
from planning.people.capabilities import Capability
from planning.people.models import User
from planning.people.queries import can
from planning.people.services import record_event


class PictureWidget(LeafletAdminWidget):  # type: ignore[misc]  # the package has no types
    """Show a geometry on the house's own map; there is no way to change it here."""

    include_media = False
    map_srid = settings.STORAGE_SRID  # keeps GeoDjango from transforming on its own before get_context does

    @property
    def media(self) -> forms.Media:
        """Bring the map's own files; the policy forbids inline scripts."""
        return forms.Media(
            css={"screen": ["vendor/leaflet/leaflet.css", "css/tokens.css", "css/map.css", "css/admin.css"]},
            js=[
                Script("vendor/leaflet/leaflet.js", defer=True),  # type: ignore[list-item]  # the stubs know text only
                Script("vendor/protomaps-leaflet/protomaps-leaflet.js", defer=True),  # type: ignore[list-item]  # as above
                Script("js/admin/picture.js", type="module"),  # type: ignore[list-item]  # as above
            ],
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Hand over the geometry in WGS 84 through the pinned operation, not through GDAL's choice."""
        context = forms.Textarea().get_context(name, "", attrs)
        context["geometry"] = to_geojson(value) if isinstance(value, GEOSGeometry) else None
        return context


class HouseAdmin(LeafletGeoAdminMixin, ModelAdmin):  # type: ignore[misc,type-arg]  # no types; not subscriptable
    """Give view, add and change to one capability; nothing is ever deleted here."""

    capability = Capability.MANAGE_PARAMETERS
    widget = PictureWidget
    map_template = "admin/picture.html"
    modifiable = False
    list_per_page = 50

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the group to who may change something in it."""
        return can(request.user, self.capability)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let look who may change."""
        return can(request.user, self.capability)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let add who may change."""
        return can(request.user, self.capability)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let change by capability."""
        return can(request.user, self.capability)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Keep everything: what ends gets an end date."""
        return False

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Show geometry fields as a picture; whatever is posted for them is ignored."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, GeometryField) and field is not None:
            field.disabled = True
            field.required = False
        return field

    def save_model(self, request: HttpRequest, obj: Model, form: forms.ModelForm[Any], change: bool) -> None:
        """Save without the geometry columns and put the change on record."""
        if change:
            columns = [
                field.name
                for field in obj._meta.concrete_fields
                if not isinstance(field, GeometryField) and not field.primary_key
            ]
            obj.save(update_fields=columns)
        else:
            obj.save()
        record_event(
            cast(User, request.user),
            "admin_change" if change else "admin_add",
            obj,
            {"name": str(obj), "fields": form.changed_data},
        )


class ReadOnlyAdmin(HouseAdmin):
    """Show without any way to change."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse."""
        return False
