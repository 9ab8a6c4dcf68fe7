"""Which papers left the house? Every generated paper is kept with its hash."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planning.proposals.models.proposal import Proposal
from planning.proposals.models.zone import ZoneVersion


class PaperKind(models.TextChoices):
    """Kinds of paper the house writes."""

    SUBMISSION_LETTER = "to_trinh", _("submission letter (tờ trình)")
    CHECK_REPORT = "phieu_ra_soat", _("check report")


class Paper(models.Model):
    """Keep one generated paper. Append-only."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="papers")
    version = models.ForeignKey(ZoneVersion, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=PaperKind.choices)
    file = models.FileField(_("file"), upload_to="papers/%Y/")
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made at"), default=timezone.now)

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.proposal.code} {self.get_kind_display()}"
