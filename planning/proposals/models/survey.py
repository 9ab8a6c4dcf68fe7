"""Who was asked to stake out the boundary, with which link, and how was the link used?

What the team sent back is in `planning.proposals.models.survey_return`.
"""

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planning.proposals.models.proposal import Proposal
from planning.proposals.models.zone import ZoneVersion


class SurveyScale(models.IntegerChoices):
    """Scale of the map the survey is made for; the tolerance of a corner follows it."""

    S500 = 500, "1/500"
    S1000 = 1_000, "1/1.000"
    S2000 = 2_000, "1/2.000"
    S5000 = 5_000, "1/5.000"


class SurveyOrder(models.Model):
    """Order the survey of one approved version. The link's secret is kept as a hash only."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="survey_orders")
    version = models.ForeignKey(ZoneVersion, models.PROTECT, related_name="+")
    team = models.CharField(_("survey team"), max_length=200)
    scale = models.PositiveIntegerField(_("map scale"), choices=SurveyScale.choices, default=SurveyScale.S500)
    # contents, srid and paper of the package, by the lists of mapping.papers; empty: everything, in the province's zone
    package = models.JSONField(_("chosen package"), default=dict, blank=True)
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

    @property
    def downloads(self) -> "QuerySet[SurveyUse]":
        """Return the uses that count against the downloads allowed."""
        return self.uses.filter(kind=UseKind.DOWNLOADED)

    @property
    def downloads_left(self) -> int:
        """Return how often the package may still be downloaded."""
        return max(0, self.max_downloads - self.downloads.count())


class UseKind(models.TextChoices):
    """What a survey link was used for, or why it did not work."""

    OPENED = "opened", _("opened")
    DOWNLOADED = "downloaded", _("package downloaded")
    RETURNED = "returned", _("measurements sent")
    EXPIRED = "expired", _("tried after it had expired")
    REVOKED = "revoked", _("tried after it was revoked")
    USED_UP = "used_up", _("tried after all downloads were used")


class SurveyUse(models.Model):
    """Record one use of a survey link, also one that failed. Append-only."""

    order = models.ForeignKey(SurveyOrder, models.PROTECT, related_name="uses")
    at = models.DateTimeField(_("at"), default=timezone.now)
    kind = models.CharField(_("kind of use"), max_length=12, choices=UseKind.choices, default=UseKind.DOWNLOADED)
    what = models.CharField(_("what"), max_length=60, blank=True)
    sha256 = models.CharField(_("SHA-256 of what was sent"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("use of a survey link")
        verbose_name_plural = _("uses of survey links")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["order", "kind", "at"], name="survey_use_by_order")]

    def __str__(self) -> str:
        return f"{self.order} {self.get_kind_display()}"
