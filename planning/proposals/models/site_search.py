"""Where else could it be? A kept search for sites, its candidates, and which of them were opened as proposals."""

from django.conf import settings
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from layers.fields import StorageGeometryField
from layers.models import AdminUnit, Batch
from planning.proposals.models.proposal import Proposal


class SiteSearch(models.Model):
    """Keep one search: what was wished for, against what, and what became of every hectare.

    ``wishes`` are the fields of `planning.checks.screening.wishes.Wishes`; ``weights`` the ones first asked with;
    ``funnel`` the hectares each criterion took away, in order, by commune. Never changed once its batch is done.
    """

    title = models.CharField(_("title"), max_length=160, blank=True)
    wishes = models.JSONField(_("wishes"))
    weights = models.JSONField(_("weights"), default=dict)
    basis = models.JSONField(_("basis"))
    asked = models.JSONField(_("basis by row number"))
    engine = models.JSONField(_("engine"), default=dict)
    funnel = models.JSONField(_("hectares by criterion"), default=list)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        verbose_name = _("site search")
        verbose_name_plural = _("site searches")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.title or f"#{self.pk}"


class CandidateSite(models.Model):
    """Keep one candidate with the exact check's answer. Append-only.

    ``measures`` are the figures that ranking weighs; ``findings`` what the check found, worst first, in both languages.
    """

    search = models.ForeignKey(SiteSearch, models.PROTECT, related_name="candidates")
    number = models.PositiveIntegerField(_("number"))
    unit = models.ForeignKey(AdminUnit, models.PROTECT, related_name="+")
    geom = StorageGeometryField(geom_type="MULTIPOLYGON", spatial_index=False)
    geom_hash = models.CharField(_("SHA-256 of the geometry"), max_length=64)
    area_m2 = models.FloatField(_("area, m²"))
    verdict = models.CharField(_("verdict"), max_length=20)
    measures = models.JSONField(_("figures"), default=dict)
    findings = models.JSONField(_("findings"), default=list)

    class Meta:
        verbose_name = _("candidate site")
        verbose_name_plural = _("candidate sites")
        ordering = ["search", "number"]
        constraints = [models.UniqueConstraint(fields=["search", "number"], name="candidate_number_once")]
        indexes = [GistIndex(fields=["geom"], name="candidate_geom_gist")]

    def __str__(self) -> str:
        return f"{self.search_id}/{self.number}"


class SiteOpening(models.Model):
    """Record that a candidate became a draft proposal: once. Append-only."""

    candidate = models.OneToOneField(CandidateSite, models.PROTECT, related_name="opening")
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="site")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("opened site")
        verbose_name_plural = _("opened sites")

    def __str__(self) -> str:
        return f"{self.candidate} → {self.proposal_id}"
