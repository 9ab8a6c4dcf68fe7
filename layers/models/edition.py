"""What did a publisher say at one time? Editions, their features, and the subdivided parts that questions run on.

An edition is never edited; parts are derived and can be dropped and rebuilt. What belongs to what is guarded by
triggers that ask once a statement (`sql/guard_rows.sql`), because foreign keys ask once a row.
"""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from layers.fields import StorageGeometryField
from layers.models.layer import Layer


class EditionStatus(models.TextChoices):
    """Where an edition stands."""

    STAGED = "staged", _("staged")
    CURRENT = "current", _("current")
    RETIRED = "retired", _("retired")


class Edition(models.Model):
    """Hold one published version of a layer, whole."""

    layer = models.ForeignKey(Layer, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(_("number"))
    status = models.CharField(_("status"), max_length=8, choices=EditionStatus.choices, default=EditionStatus.STAGED)
    effective_from = models.DateField(_("effective from"))
    looked_on = models.DateField(
        _("surveyed on"),
        null=True,
        blank=True,
        help_text=_("When the publisher last looked, if that was earlier than the day of effect; age counts from it."),
    )
    retired_on = models.DateField(_("retired on"), null=True, blank=True)
    staged_at = models.DateTimeField(_("staged at"), auto_now_add=True)
    promoted_at = models.DateTimeField(_("promoted at"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=400)
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    sha256 = models.CharField(_("SHA-256 of the source file"), max_length=64)
    schematic = models.BooleanField(_("illustrative"), default=False)
    note = models.TextField(_("note"), blank=True)
    coverage = StorageGeometryField(
        geom_type="MULTIPOLYGON",
        spatial_index=False,
        help_text=_("Where the publisher looked; outside it nothing is known."),
    )
    feature_count = models.PositiveIntegerField(_("features"), default=0)
    report = models.JSONField(_("loading report"), default=dict, blank=True)
    parts_built = models.BooleanField(_("parts built"), default=False)
    features_apart = models.BooleanField(_("no two features share ground"), null=True)
    tiles_built = models.BooleanField(_("tiles built"), default=False)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["layer", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["layer", "number"], name="edition_number_once"),
            models.UniqueConstraint(fields=["layer"], condition=Q(status="current"), name="edition_one_current"),
        ]

    def __str__(self) -> str:
        return f"{self.layer} – {self.number}"

    @property
    def known_as_of(self) -> date:
        """Return the day the edition speaks of: when its publisher looked, else when it took effect."""
        return self.looked_on or self.effective_from


class Feature(models.Model):
    """Hold one published object as published, on the 1 mm grid, valid."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="features", db_index=False, db_constraint=False)
    source_id = models.CharField(_("identifier at the source"), max_length=120, blank=True)
    name = models.CharField(_("name"), max_length=240, blank=True)
    class_code = models.CharField(_("class"), max_length=60, blank=True)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    area_m2 = models.FloatField(_("area, m²"), default=0)
    geom_hash = models.CharField(_("SHA-256 of the geometry"), max_length=64, blank=True)
    geom = StorageGeometryField(spatial_index=False)

    class Meta:
        verbose_name = _("feature")
        verbose_name_plural = _("features")
        constraints = [models.CheckConstraint(condition=Q(geom__isvalid=True), name="feature_geom_valid")]
        # each further index costs a tenth to a quarter of copying the rows; places are found by the parts
        indexes = [models.Index(fields=["edition", "class_code"], name="feature_edition_class")]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class FeaturePart(models.Model):
    """Hold a piece (at most 256 vertices) of a feature; overlays run on pieces only. Filled by one SQL statement."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="parts", db_index=False, db_constraint=False)
    feature = models.ForeignKey(Feature, models.CASCADE, related_name="parts", db_constraint=False)
    geom = StorageGeometryField(spatial_index=False)

    class Meta:
        verbose_name = _("feature part")
        verbose_name_plural = _("feature parts")
        indexes = [GistIndex(Func("edition", "geom", function="layers_sheet"), name="part_sheet_gist")]

    def __str__(self) -> str:
        return f"{self.feature_id}/{self.pk}"
