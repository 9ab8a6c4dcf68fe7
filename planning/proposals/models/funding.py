"""Which funded projects does a proposal rest on or serve?"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from planning.proposals.models.proposal import Proposal
from planning.registers.models import FundedProject


class FundingRole(models.TextChoices):
    """Why the link exists."""

    INFRASTRUCTURE = "infrastructure", _("pays for infrastructure of the place")
    BENEFICIARY = "beneficiary", _("its beneficiary moves in")
    STUDY = "study", _("paid for planning or a study")
    CONTEXT = "context", _("nearby, for information")


class ProposalFunding(models.Model):
    """Link a proposal to a funded project with a role and the share (0–1) of the support that concerns it."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="funding")
    funded_project = models.ForeignKey(FundedProject, models.PROTECT, related_name="proposal_links")
    role = models.CharField(_("role"), max_length=16, choices=FundingRole.choices)
    share = models.DecimalField(_("share"), max_digits=4, decimal_places=3, default=1)

    class Meta:
        verbose_name = _("link to a funded project")
        verbose_name_plural = _("links to funded projects")
        constraints = [
            models.UniqueConstraint(fields=["proposal", "funded_project"], name="proposal_funding_once"),
            models.CheckConstraint(condition=models.Q(share__gt=0, share__lte=1), name="proposal_funding_share_0_1"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal.code} – {self.funded_project.code}"
