"""Which papers must a dossier have, and which are there? Requirements are dated data; items hold the files."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layers.models import LegalInstrument
from planning.proposals.models.proposal import Proposal, ProposalKind


class DossierRequirement(models.Model):
    """Require one paper for one kind of proposal while the instrument is in force."""

    proposal_kind = models.CharField(_("kind of proposal"), max_length=24, choices=ProposalKind.choices)
    code = models.SlugField(_("code"), max_length=40)
    order = models.PositiveSmallIntegerField(_("order"), default=10)
    title_vi = models.CharField(_("title in Vietnamese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200)
    mandatory = models.BooleanField(_("mandatory"), default=True)
    generated = models.BooleanField(_("made by the system"), default=False)
    instrument = models.ForeignKey(LegalInstrument, models.PROTECT, related_name="+")
    article = models.CharField(_("article"), max_length=80, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("dossier requirement")
        verbose_name_plural = _("dossier requirements")
        ordering = ["proposal_kind", "order"]
        constraints = [
            models.UniqueConstraint(fields=["proposal_kind", "code", "valid_from"], name="dossier_requirement_once")
        ]

    def __str__(self) -> str:
        return self.title_vi


class DossierItemState(models.TextChoices):
    """Where one paper of a dossier stands."""

    MISSING = "missing", _("missing")
    ATTACHED = "attached", _("attached")
    ACCEPTED = "accepted", pgettext_lazy("dossier item", "accepted")


class DossierItem(models.Model):
    """Hold one paper of one dossier. A newer upload makes a new row; the older one stays with ``replaced_at``."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="dossier_items")
    requirement = models.ForeignKey(DossierRequirement, models.PROTECT, related_name="items")
    state = models.CharField(
        _("state"), max_length=10, choices=DossierItemState.choices, default=DossierItemState.ATTACHED
    )
    file = models.FileField(_("file"), upload_to="dossiers/%Y/")
    original_name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.PositiveIntegerField(_("size, bytes"))
    attached_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    attached_at = models.DateTimeField(_("attached at"), default=timezone.now)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    replaced_at = models.DateTimeField(_("replaced at"), null=True, blank=True)

    class Meta:
        verbose_name = _("dossier item")
        verbose_name_plural = _("dossier items")
        ordering = ["requirement__order", "-attached_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "requirement"],
                condition=models.Q(replaced_at__isnull=True),
                name="dossier_item_one_current",
            )
        ]

    def __str__(self) -> str:
        return f"{self.proposal.code} {self.requirement}"
