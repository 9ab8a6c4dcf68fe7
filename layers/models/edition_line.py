"""What was mended and what became of each feature when an edition was staged? One row per feature worth a look.

The loading report of an edition holds the sums; these rows are its full lists. They answer no question of the check.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from layers.fields import StorageGeometryField
from layers.models.edition import Edition


class LineKind(models.TextChoices):
    """Why a feature is listed."""

    REPAIRED = "repaired", _("mended on loading")
    DUPLICATE = "duplicate", _("published twice")
    ADDED = "added", _("new")
    REMOVED = "removed", _("gone")
    MOVED = "moved", _("boundary changed")
    RELABELLED = "relabelled", _("renamed or reclassed")


class EditionLine(models.Model):
    """List one feature of a staged edition. Sizes in m² (areas) or m (lines), before and after; *at*: where to look."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="lines", db_index=False)
    kind = models.CharField(_("kind"), max_length=10, choices=LineKind.choices)
    row = models.PositiveIntegerField(_("row of the file"), null=True, blank=True)
    source_id = models.CharField(_("identifier at the source"), max_length=120, blank=True)
    name = models.CharField(_("name"), max_length=240, blank=True)
    name_before = models.CharField(_("name before"), max_length=240, blank=True)
    class_code = models.CharField(_("class"), max_length=60, blank=True)
    class_before = models.CharField(_("class before"), max_length=60, blank=True)
    size_before = models.FloatField(_("size before"), null=True, blank=True)
    size_after = models.FloatField(_("size after"), null=True, blank=True)
    gained = models.FloatField(_("gained"), default=0)
    lost = models.FloatField(_("lost"), default=0)
    weight = models.FloatField(_("weight"), default=0)  # what changed in all: the list begins with the largest
    text = models.CharField(_("what was mended"), max_length=240, blank=True)
    confirm = models.BooleanField(_("to be looked at"), default=False)
    at = StorageGeometryField(geom_type="POINT", spatial_index=False, null=True, blank=True)

    class Meta:
        verbose_name = _("line of a loading report")
        verbose_name_plural = _("lines of loading reports")
        ordering = ["edition", "kind", "-weight", "id"]
        indexes = [models.Index(fields=["edition", "kind", "-weight", "id"], name="line_edition_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name or self.source_id or self.pk}"
