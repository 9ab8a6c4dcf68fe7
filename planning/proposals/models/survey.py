"""Who was asked to stake out the boundary, with which link? Orders and what was downloaded."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planning.proposals.models.proposal import Proposal
from planning.proposals.models.zone import ZoneVersion


class SurveyOrder(models.Model):
    """Order the survey of one approved version. The link's secret is kept as a hash only."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="survey_orders")
    version = models.ForeignKey(ZoneVersion, models.PROTECT, related_name="+")
    team = models.CharField(_("survey team"), max_length=200)
    token_hash = models.CharField(_("SHA-256 of the link's secret"), max_length=64, unique=True)
    expires_at = models.DateTimeField(_("expires at"))
    max_downloads = models.PositiveSmallIntegerField(_("downloads allowed"), default=20)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField(_("ordered at"), default=timezone.now)

    class Meta:
        verbose_name = _("survey order")
        verbose_name_plural = _("survey orders")
        ordering = ["-ordered_at"]

    def __str__(self) -> str:
        return f"{self.proposal.code} {self.team}"


class SurveyDownload(models.Model):
    """Record one use of a survey link. Append-only."""

    order = models.ForeignKey(SurveyOrder, models.PROTECT, related_name="downloads")
    at = models.DateTimeField(_("at"), default=timezone.now)
    what = models.CharField(_("what"), max_length=60)
    sha256 = models.CharField(_("SHA-256 of what was sent"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("survey download")
        verbose_name_plural = _("survey downloads")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.order} {self.what}"
