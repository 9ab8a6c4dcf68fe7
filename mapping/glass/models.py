"""What do tiles read? Display copies in Web Mercator, derived from editions; no figure is ever computed from them."""

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GistIndex
from django.utils.translation import gettext_lazy as _

from layers.models import Edition


class TileFeature(models.Model):
    """Hold one display piece of an edition for a band of zooms, in EPSG:3857, rings clockwise."""

    # guarded by a trigger that asks once a statement (sql/guard_tiles.sql)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    feature_id_at = models.BigIntegerField(_("feature"))
    min_zoom = models.PositiveSmallIntegerField(_("from zoom"))
    max_zoom = models.PositiveSmallIntegerField(_("to zoom"))
    name = models.CharField(_("name"), max_length=240, blank=True)
    class_code = models.CharField(_("class"), max_length=60, blank=True)
    props = models.JSONField(_("shown attributes"), default=dict, blank=True)
    weight = models.FloatField(_("weight"), default=0, help_text=_("Large features stay when a tile is too full."))
    geom = models.GeometryField(srid=3857, spatial_index=False)

    class Meta:
        verbose_name = _("tile feature")
        verbose_name_plural = _("tile features")
        indexes = [GistIndex(fields=["edition", "geom"], name="tile_edition_geom_gist")]

    def __str__(self) -> str:
        return f"{self.edition_id}/{self.feature_id_at}"
