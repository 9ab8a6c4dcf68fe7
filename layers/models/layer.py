"""Which themes published by somebody else do we hold? A layer is a theme; its data live in editions."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class GeometryKind(models.TextChoices):
    """The kind of geometry every feature of a layer has."""

    POINT = "point", _("points")
    LINE = "line", _("lines")
    POLYGON = "polygon", _("areas")


class LayerTheme(models.TextChoices):
    """The group a layer is listed under."""

    LAND = "land", _("land use")
    FOREST = "forest", _("forest")
    WATER = "water", _("water")
    TRAFFIC = "traffic", _("traffic")
    ENERGY = "energy", _("energy")
    PEOPLE = "people", _("settlement")
    HERITAGE = "heritage", _("heritage")
    INDUSTRY = "industry", _("industry")
    RELIEF = "relief", _("relief")
    BASEMAP = "basemap", _("base map")
    DEFENCE = "defence", _("defence and border")


class Layer(models.Model):
    """Name one theme; what is known about it in time is in its editions."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name_vi = models.CharField(_("name in Vietnamese"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160)
    theme = models.CharField(_("theme"), max_length=12, choices=LayerTheme.choices)
    geometry_kind = models.CharField(_("geometry"), max_length=8, choices=GeometryKind.choices)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    is_public = models.BooleanField(_("public"), default=True)
    is_constraint = models.BooleanField(_("used by rules"), default=True)
    name_field = models.CharField(_("name column"), max_length=60, default="name")
    class_field = models.CharField(
        _("class column"), max_length=60, blank=True, help_text=_("Land code, road class, voltage, water function …")
    )
    min_zoom = models.PositiveSmallIntegerField(_("smallest zoom shown"), default=6)
    review_after_days = models.PositiveIntegerField(_("review after, days"), default=365)
    style = models.JSONField(_("style hints"), default=dict, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("layer")
        verbose_name_plural = _("layers")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name_en if (get_language() or "vi").startswith("en") else self.name_vi
