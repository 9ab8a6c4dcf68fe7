"""Which administrative unit was where, when? Time-versioned units, their succession, and consulted bodies.

Neither a code nor a name is a key here: the reform of July 2025 reused both. The row is the key.
"""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from layers.fields import StorageGeometryField


class AdminLevel(models.Model):
    """Name a level of administration; levels are data because districts came and went."""

    code = models.SlugField(_("code"), primary_key=True)
    name_vi = models.CharField(_("name in Vietnamese"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60)
    rank = models.PositiveSmallIntegerField(_("rank"), help_text=_("1 is the widest level."))

    class Meta:
        verbose_name = _("administrative level")
        verbose_name_plural = _("administrative levels")
        ordering = ["rank"]

    def __str__(self) -> str:
        return self.name_en if (get_language() or "vi").startswith("en") else self.name_vi


class AdminUnitQuerySet(models.QuerySet["AdminUnit"]):
    """Ask for units by validity and level."""

    def valid_on(self, day: date) -> AdminUnitQuerySet:
        """Keep the units that existed on *day*."""
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))

    def of_level(self, level: str) -> AdminUnitQuerySet:
        """Keep the units of one level, by its code (``province``, ``district``, ``commune``)."""
        return self.filter(level_id=level)


class AdminUnit(models.Model):
    """Describe one administrative unit during the time its extent and name held."""

    code = models.CharField(_("code"), max_length=10, help_text=_("Code of the statistics office; not unique in time."))
    name = models.CharField(_("name"), max_length=120)
    kind_name = models.CharField(_("kind"), max_length=40, help_text=_("Xã, Phường, Huyện, Thành phố, Tỉnh …"))
    level = models.ForeignKey(AdminLevel, models.PROTECT, verbose_name=_("level"), related_name="units")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("wider unit"), related_name="children"
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    official_area_km2 = models.DecimalField(
        _("official area, km²"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    mountainous = models.BooleanField(_("mountainous"), default=False)
    mountainous_citation = models.ForeignKey(
        "layers.LegalInstrument",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("basis of “mountainous”"),
        related_name="+",
    )
    schematic = models.BooleanField(_("schematic boundary"), default=False)
    source = models.CharField(_("source"), max_length=240, blank=True)
    geom = StorageGeometryField(_("boundary"), geom_type="MULTIPOLYGON", spatial_index=False)

    objects = AdminUnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("administrative unit")
        verbose_name_plural = _("administrative units")
        ordering = ["level", "code"]
        constraints = [
            models.UniqueConstraint(fields=["level", "code", "valid_from"], name="unit_code_once_per_date"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="unit_valid_to_after_from"
            ),
            models.CheckConstraint(condition=Q(geom__isvalid=True), name="unit_geom_valid"),
        ]
        indexes = [GistIndex(fields=["geom"], name="unit_geom_gist")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Return kind and name as written on papers: "Xã Ea Kar"."""
        return f"{self.kind_name} {self.name}".strip()


class SuccessionKind(models.TextChoices):
    """How the territory of one unit passed to another."""

    FULL = "full", _("whole territory")
    PARTIAL = "partial", _("part of the territory")
    RENAME = "rename", _("renamed")
    LEVEL = "level", _("territory of an abolished level")


class AdminSuccession(models.Model):
    """Record that *successor* took over *share* (0–1) of the territory of *predecessor*."""

    predecessor = models.ForeignKey(
        AdminUnit, models.PROTECT, verbose_name=_("predecessor"), related_name="successions"
    )
    successor = models.ForeignKey(AdminUnit, models.PROTECT, verbose_name=_("successor"), related_name="origins")
    kind = models.CharField(_("kind"), max_length=10, choices=SuccessionKind.choices)
    share = models.DecimalField(_("share"), max_digits=7, decimal_places=6, default=1)
    instrument = models.ForeignKey(
        "layers.LegalInstrument",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("legal instrument"),
        related_name="+",
    )

    class Meta:
        verbose_name = _("succession of units")
        verbose_name_plural = _("successions of units")
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor", "kind"], name="succession_once"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="succession_share_0_1"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class Body(models.Model):
    """Name a body that is asked or that decides (department, committee, military command), versioned like units."""

    code = models.SlugField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    unit = models.ForeignKey(
        AdminUnit, models.PROTECT, null=True, blank=True, verbose_name=_("administrative unit"), related_name="bodies"
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("replaced by"), related_name="replaces"
    )

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="body_code_once_per_date")]

    def __str__(self) -> str:
        return self.name
