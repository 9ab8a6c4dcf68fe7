"""Is the cluster in the approved provincial list? The plan and its entries: the first legal condition."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from layers.fields import StorageGeometryField
from layers.models import AdminUnit, LegalInstrument


class ClusterPlan(models.Model):
    """Name one approved plan for developing industrial clusters (phương án phát triển CCN)."""

    name = models.CharField(_("name"), max_length=240)
    instrument = models.ForeignKey(
        LegalInstrument, models.PROTECT, verbose_name=_("legal instrument"), related_name="cluster_plans"
    )
    period_from = models.PositiveSmallIntegerField(_("from year"))
    period_to = models.PositiveSmallIntegerField(_("to year"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    total_area_ha = models.DecimalField(_("total area, ha"), max_digits=10, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("cluster plan")
        verbose_name_plural = _("cluster plans")
        ordering = ["-valid_from"]

    def __str__(self) -> str:
        return self.name


class PlanListEntry(models.Model):
    """Name one cluster of the approved list (Danh mục CCN), with the area that the list gives it."""

    plan = models.ForeignKey(ClusterPlan, models.PROTECT, verbose_name=_("cluster plan"), related_name="entries")
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=160)
    unit = models.ForeignKey(
        AdminUnit, models.PROTECT, verbose_name=_("administrative unit"), related_name="plan_entries"
    )
    unit_as_reported = models.CharField(_("place as printed"), max_length=240, blank=True)
    area_ha = models.DecimalField(_("area, ha"), max_digits=8, decimal_places=2)
    phase = models.CharField(_("phase"), max_length=40, blank=True)
    craft_village_cluster = models.BooleanField(_("craft-village cluster"), default=False)
    indicative_place = StorageGeometryField(geom_type="POINT", spatial_index=False, null=True, blank=True)
    illustrative = models.BooleanField(_("illustrative"), default=False)

    class Meta:
        verbose_name = _("plan-list entry")
        verbose_name_plural = _("plan-list entries")
        ordering = ["plan", "code"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="plan_entry_code_once"),
            models.CheckConstraint(condition=models.Q(area_ha__gt=0), name="plan_entry_area_positive"),
        ]
        indexes = [GistIndex(fields=["indicative_place"], name="plan_entry_place_gist")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
