"""With which findings does the planner disagree, and what did the department say? Both append-only.

The kept run is never altered: what a disagreement changes is worked out in `planning.proposals.disputes`.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from layers.fields import StorageGeometryField
from planning.proposals.models.check_run import CheckFinding
from planning.proposals.models.proposal import Proposal


class Dispute(models.Model):
    """Record that a planner disagrees with one finding of a kept run: reason, file, place."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="disputes")
    round = models.PositiveSmallIntegerField(_("round"))
    finding = models.ForeignKey(CheckFinding, models.PROTECT, related_name="disputes")
    reason = models.TextField(_("reason"))
    file = models.FileField(_("file"), upload_to="disputes/%Y/", blank=True)
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    file_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    file_size = models.PositiveIntegerField(_("size, bytes"), null=True, blank=True)
    place = StorageGeometryField(geom_type="POINT", spatial_index=False, null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("disagreement with a finding")
        verbose_name_plural = _("disagreements with findings")
        ordering = ["proposal", "at", "id"]

    def __str__(self) -> str:
        return f"{self.proposal.code} {self.finding.rule_code}"


class RulingOutcome(models.TextChoices):
    """How a disagreement ended."""

    UPHELD = "upheld", _("the finding stands")
    ACCEPTED = "accepted", _("the finding is set aside")
    WITHDRAWN = "withdrawn", _("withdrawn by the planner")


class DisputeRuling(models.Model):
    """Record how a disagreement ended: ruled on by an appraiser, or withdrawn by the planner's side. One for each."""

    dispute = models.OneToOneField(Dispute, models.PROTECT, related_name="ruling")
    outcome = models.CharField(_("outcome"), max_length=10, choices=RulingOutcome.choices)
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("ruling on a disagreement")
        verbose_name_plural = _("rulings on disagreements")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.dispute} {self.outcome}"
