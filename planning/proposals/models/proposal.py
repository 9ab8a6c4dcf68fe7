"""What is proposed, by whom, where does it stand? The proposal, the need its alternatives share, the applicant."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from layers.models import AdminUnit
from planning.registers.models import IndustrialCluster, PlanListEntry


class ProposalKind(models.TextChoices):
    """What a proposal asks for."""

    NEW_CLUSTER = "new_cluster", _("new industrial cluster")
    EXPANSION = "expansion", _("expansion of a cluster")
    ADJUSTMENT = "adjustment", _("adjustment of a boundary")
    CRAFT_VILLAGE_CLUSTER = "craft_village_cluster", _("craft-village cluster")
    LIST_ENTRY = "list_entry", _("entry into the plan list")
    LIST_CHANGE = "list_change", _("change of the plan list")
    LIST_REMOVAL = "list_removal", _("removal from the plan list")


class State(models.TextChoices):
    """Where a proposal stands in the procedure; the transitions are in `planning.proposals.workflow`."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    UNDER_REVIEW = "under_review", _("under appraisal")
    APPRAISED = "appraised", _("appraised")
    FORWARDED = "forwarded", _("forwarded to the provincial committee")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    BEING_SURVEYED = "being_surveyed", _("being surveyed")
    SURVEYED = "surveyed", _("surveyed")
    IN_FORCE = "in_force", _("in force")


class Applicant(models.Model):
    """Name the enterprise or co-operative that asks to own the infrastructure."""

    name = models.CharField(_("name"), max_length=200)
    registration_number = models.CharField(_("registration number"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=240, blank=True)
    capital_vnd = models.DecimalField(_("own capital, đồng"), max_digits=18, decimal_places=0, null=True, blank=True)

    class Meta:
        verbose_name = _("applicant")
        verbose_name_plural = _("applicants")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Need(models.Model):
    """State the need that alternatives A, B, C share."""

    statement = models.TextField(_("need statement"), blank=True)
    unit = models.ForeignKey(AdminUnit, models.PROTECT, related_name="needs")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")

    def __str__(self) -> str:
        return self.statement[:60] or f"#{self.pk}"


class Proposal(models.Model):
    """Describe one proposal: one alternative for one need. ``row_version`` grows with every write."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=24, choices=ProposalKind.choices)
    need = models.ForeignKey(Need, models.PROTECT, related_name="alternatives")
    alternative = models.CharField(_("alternative"), max_length=1, default="A")
    name = models.CharField(_("name"), max_length=160)
    unit = models.ForeignKey(AdminUnit, models.PROTECT, related_name="proposals")
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.DRAFT)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    plan_entry = models.ForeignKey(PlanListEntry, models.PROTECT, null=True, blank=True, related_name="proposals")
    expands = models.ForeignKey(IndustrialCluster, models.PROTECT, null=True, blank=True, related_name="expansions")
    applicant = models.ForeignKey(Applicant, models.PROTECT, null=True, blank=True, related_name="proposals")
    cluster = models.ForeignKey(
        IndustrialCluster,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        help_text=_("Made by approval."),
    )
    demand_ha = models.DecimalField(
        _("documented demand for industrial land, ha"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    declared = models.JSONField(
        _("declared figures"),
        default=dict,
        blank=True,
        help_text=_("See planning.checks.declared; empty = undeclared."),
    )
    current_version = models.ForeignKey(
        "proposals.ZoneVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    dossier_accepted_at = models.DateTimeField(_("complete dossier accepted at"), null=True, blank=True)
    row_version = models.PositiveIntegerField(_("row version"), default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="proposals")
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-changed_at"]
        constraints = [
            models.UniqueConstraint(fields=["need", "alternative"], name="proposal_alternative_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
