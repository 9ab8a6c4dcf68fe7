"""Which industrial clusters exist, how large, how full, and where exactly? Kept record by record, dated."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from layers.fields import StorageGeometryField
from layers.models import AdminUnit, LegalInstrument
from planning.registers.models.plan_list import PlanListEntry


class ClusterKind(models.TextChoices):
    """What kind of place the record describes."""

    CLUSTER = "cluster", _("industrial cluster")
    CRAFT_VILLAGE_CLUSTER = "craft_village_cluster", _("craft-village cluster")
    LEGACY = "legacy", _("industrial point before 2009")


class Lifecycle(models.TextChoices):
    """Where a cluster stands between the list and operation."""

    PLANNED = "planned", _("in the provincial list")
    ESTABLISHED = "established", _("established")
    BUILDING = "building", _("infrastructure under construction")
    OPERATING = "operating", _("operating")
    EXPANDING = "expanding", _("expanding")
    REMOVED = "removed", _("removed from the list")


class WastewaterState(models.TextChoices):
    """State of the central wastewater plant (Law on Environmental Protection 72/2020/QH14, art. 52)."""

    OPERATING = "operating", _("central plant operating")
    BUILDING = "building", _("central plant under construction")
    NONE = "none", _("no central plant")
    EXEMPT = "exempt", _("treated on site")
    UNKNOWN = "unknown", _("not reported")


class IndustrialCluster(models.Model):
    """Describe one industrial cluster of the register."""

    slug = models.SlugField(_("address name"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=24, choices=ClusterKind.choices, default=ClusterKind.CLUSTER)
    lifecycle = models.CharField(_("state"), max_length=16, choices=Lifecycle.choices)
    unit = models.ForeignKey(AdminUnit, models.PROTECT, verbose_name=_("administrative unit"), related_name="clusters")
    unit_as_reported = models.CharField(_("place as reported"), max_length=240, blank=True)
    plan_entry = models.ForeignKey(
        PlanListEntry, models.PROTECT, null=True, blank=True, verbose_name=_("plan-list entry"), related_name="clusters"
    )
    established_by = models.CharField(_("established by"), max_length=120, blank=True)
    established_on = models.DateField(_("established on"), null=True, blank=True)
    infrastructure_owner = models.CharField(_("infrastructure owner"), max_length=200, blank=True)
    wastewater_state = models.CharField(
        _("wastewater"), max_length=12, choices=WastewaterState.choices, default=WastewaterState.UNKNOWN
    )
    trades = models.CharField(_("trades"), max_length=240, blank=True)
    location = StorageGeometryField(geom_type="POINT", spatial_index=False, null=True, blank=True)
    source = models.CharField(_("source"), max_length=240, blank=True)
    illustrative = models.BooleanField(_("illustrative"), default=False)
    is_public = models.BooleanField(_("public"), default=True)
    valid_from = models.DateField(_("in the register since"))
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("industrial cluster")
        verbose_name_plural = _("industrial clusters")
        ordering = ["name"]
        indexes = [GistIndex(fields=["location"], name="cluster_location_gist")]

    def __str__(self) -> str:
        return self.name


class AreaKind(models.TextChoices):
    """Which of a cluster's several areas a figure means."""

    PLANNED = "planned", _("planned area")
    ESTABLISHED = "established", _("area of the establishing decision")
    DETAILED_PLAN = "detailed_plan", _("detailed-plan area")
    INDUSTRIAL_LAND = "industrial_land", _("industrial land")
    LEASABLE = "leasable", _("leasable industrial land")
    LEASED = "leased", _("leased industrial land")
    OUTSIDE_FENCE = "outside_fence", _("land outside the fence")


class ClusterArea(models.Model):
    """State one area of a cluster with its date and the text it comes from."""

    cluster = models.ForeignKey(
        IndustrialCluster, models.CASCADE, verbose_name=_("industrial cluster"), related_name="areas"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=AreaKind.choices)
    area_ha = models.DecimalField(_("area, ha"), max_digits=8, decimal_places=2)
    on = models.DateField(_("on"))
    instrument = models.ForeignKey(
        LegalInstrument, models.PROTECT, null=True, blank=True, verbose_name=_("legal instrument"), related_name="+"
    )
    source = models.CharField(_("source"), max_length=240, blank=True)

    class Meta:
        verbose_name = _("cluster area")
        verbose_name_plural = _("cluster areas")
        ordering = ["cluster", "kind", "-on"]
        constraints = [
            models.UniqueConstraint(fields=["cluster", "kind", "on"], name="cluster_area_once_per_day"),
            models.CheckConstraint(condition=Q(area_ha__gte=0), name="cluster_area_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.cluster} {self.get_kind_display()} {self.area_ha} ha"


class BoundaryKind(models.TextChoices):
    """How the boundary became known."""

    DECIDED = "decided", _("decided")
    MEASURED = "measured", _("measured")
    ILLUSTRATIVE = "illustrative", _("illustrative")


class ClusterBoundary(models.Model):
    """Hold a boundary during the time it was the valid one; the check uses the latest valid one."""

    cluster = models.ForeignKey(
        IndustrialCluster, models.PROTECT, verbose_name=_("industrial cluster"), related_name="boundaries"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=BoundaryKind.choices)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=120, blank=True)
    proposal_code = models.CharField(_("proposal"), max_length=40, blank=True)
    geom = StorageGeometryField(geom_type="MULTIPOLYGON", spatial_index=False)
    geom_hash = models.CharField(_("SHA-256 of the geometry"), max_length=64)
    area_m2 = models.FloatField(_("area, m²"))

    class Meta:
        verbose_name = _("cluster boundary")
        verbose_name_plural = _("cluster boundaries")
        ordering = ["cluster", "-valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(geom__isvalid=True), name="cluster_boundary_valid"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="cluster_boundary_dates"
            ),
            models.UniqueConstraint(
                fields=["cluster"], condition=Q(valid_to__isnull=True), name="cluster_boundary_one_open"
            ),
        ]
        indexes = [GistIndex(fields=["geom"], name="cluster_boundary_gist")]

    def __str__(self) -> str:
        return f"{self.cluster} {self.get_kind_display()} {self.valid_from:%d/%m/%Y}"


class ClusterReport(models.Model):
    """Keep the figures a cluster reported for half a year (Circular 14/2024/TT-BCT)."""

    cluster = models.ForeignKey(
        IndustrialCluster, models.CASCADE, verbose_name=_("industrial cluster"), related_name="reports"
    )
    period_end = models.DateField(_("period ends"))
    leasable_ha = models.DecimalField(_("leasable industrial land, ha"), max_digits=8, decimal_places=2, null=True)
    leased_ha = models.DecimalField(_("leased industrial land, ha"), max_digits=8, decimal_places=2, null=True)
    projects = models.PositiveIntegerField(_("projects"), null=True, blank=True)
    projects_operating = models.PositiveIntegerField(_("projects operating"), null=True, blank=True)
    workers = models.PositiveIntegerField(_("workers"), null=True, blank=True)
    revenue_vnd = models.DecimalField(_("revenue, đồng"), max_digits=18, decimal_places=0, null=True, blank=True)

    class Meta:
        verbose_name = _("cluster report")
        verbose_name_plural = _("cluster reports")
        ordering = ["cluster", "-period_end"]
        constraints = [models.UniqueConstraint(fields=["cluster", "period_end"], name="cluster_report_once")]

    def __str__(self) -> str:
        return f"{self.cluster} {self.period_end:%d/%m/%Y}"
