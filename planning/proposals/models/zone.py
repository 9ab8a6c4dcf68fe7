"""What was drawn? One mutable draft per proposal, and append-only versions cut from it."""

from django.conf import settings
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from layers.fields import StorageGeometryField
from planning.proposals.models.proposal import Proposal


class LandUse(models.TextChoices):
    """Planned use of a land-use part of a cluster (QCVN 01:2021/BXD)."""

    FACTORY = "factory", _("factories and stores")
    CRAFT_FACTORY = "craft_factory", _("factories for craft-village producers")
    ROAD = "road", _("roads")
    GREEN = "green", _("greenery and water")
    TECHNICAL = "technical", _("technical hub")
    SERVICE = "service", _("administration and services")
    UNASSIGNED = "unassigned", _("use not given")


class Draft(models.Model):
    """Hold what autosave writes. ``cuts`` are lines that cut the zone; ``uses`` give each piece a use by a point in it.

    ``uses`` is a list of ``{"at": [easting, northing], "use": LandUse}`` in the storage CRS, metres.
    """

    proposal = models.OneToOneField(Proposal, models.CASCADE, related_name="draft")
    row_version = models.PositiveIntegerField(_("row version"), default=1)
    geom = StorageGeometryField(geom_type="MULTIPOLYGON", spatial_index=False, null=True, blank=True)
    cuts = StorageGeometryField(geom_type="MULTILINESTRING", spatial_index=False, null=True, blank=True)
    uses = models.JSONField(_("uses"), default=list, blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(_("saved at"), default=timezone.now)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")

    def __str__(self) -> str:
        return f"{self.proposal.code} r{self.row_version}"


class VersionKind(models.TextChoices):
    """How a version came about."""

    DRAWN = "drawn", _("drawn")
    MEASURED = "measured", _("measured")


class ZoneVersion(models.Model):
    """Keep one state of the boundary for ever. Append-only."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=8, choices=VersionKind.choices, default=VersionKind.DRAWN)
    geom = StorageGeometryField(geom_type="MULTIPOLYGON", spatial_index=False)
    geom_hash = models.CharField(_("SHA-256 of the geometry"), max_length=64)
    area_m2 = models.FloatField(_("area, m²"))
    cuts = StorageGeometryField(geom_type="MULTILINESTRING", spatial_index=False, null=True, blank=True)
    uses = models.JSONField(_("uses"), default=list, blank=True)
    reason = models.CharField(_("reason"), max_length=240, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("boundary version")
        verbose_name_plural = _("boundary versions")
        ordering = ["proposal", "number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="zone_version_number_once"),
            models.CheckConstraint(condition=Q(geom__isvalid=True), name="zone_version_geom_valid"),
        ]
        indexes = [GistIndex(fields=["geom"], name="zone_version_geom_gist")]

    def __str__(self) -> str:
        return f"{self.proposal.code} v{self.number}"


class ZonePart(models.Model):
    """Keep one land-use part of a version. Parts tile the zone by construction."""

    version = models.ForeignKey(ZoneVersion, models.PROTECT, related_name="parts")
    number = models.PositiveSmallIntegerField(_("number"))
    use = models.CharField(_("use"), max_length=16, choices=LandUse.choices)
    geom = StorageGeometryField(geom_type="POLYGON", spatial_index=False)
    area_m2 = models.FloatField(_("area, m²"))

    class Meta:
        verbose_name = _("land-use part")
        verbose_name_plural = _("land-use parts")
        ordering = ["version", "number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="zone_part_number_once")]

    def __str__(self) -> str:
        return f"{self.version} {self.number} {self.get_use_display()}"
