"""Which acts does the procedure record? Submissions, returns, appraisals, sign-offs, decisions: all append-only."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planning.proposals.models.check_run import CheckRun
from planning.proposals.models.proposal import Proposal
from planning.proposals.models.zone import ZoneVersion


class Act(models.Model):
    """Share what every act has: the proposal, its round, the version it is about, who, when."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="%(class)ss")
    round = models.PositiveSmallIntegerField(_("round"))
    version = models.ForeignKey(ZoneVersion, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        abstract = True
        ordering = ["proposal", "at", "id"]

    def __str__(self) -> str:
        return f"{self.proposal.code} {self._meta.verbose_name} {self.round}"


class Submission(Act):
    """Record that a planner submitted exactly this version with exactly this check run."""

    run = models.ForeignKey(CheckRun, models.PROTECT, related_name="+")

    class Meta(Act.Meta):
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [models.UniqueConstraint(fields=["proposal", "round"], name="submission_once_per_round")]


class ReturnReason(models.TextChoices):
    """Why a proposal is returned; at least one is ticked, words come with it."""

    BOUNDARY = "boundary", _("the boundary must be changed")
    CONFLICT = "conflict", _("an obstacle is not settled")
    DOSSIER = "dossier", _("a dossier item is missing or wrong")
    NEED = "need", _("the need is not shown")
    APPLICANT = "applicant", _("the applicant's capacity is not shown")
    LAND_USE = "land_use", _("the planned land use does not meet the ratios")
    PLAN_LIST = "plan_list", _("it does not agree with the plan list")
    FUNDING = "funding", _("the funded projects are not right")
    OTHER = "other", _("another reason")


class Return(Act):
    """Record that the proposal was returned for changes, with reasons from the list and in words."""

    reasons = models.JSONField(_("reasons"), default=list)

    class Meta(Act.Meta):
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        constraints = [models.UniqueConstraint(fields=["proposal", "round"], name="return_once_per_round")]


class Appraisal(Act):
    """Record the department's appraisal of a version."""

    recommends = models.BooleanField(_("recommends approval"))
    run = models.ForeignKey(CheckRun, models.PROTECT, related_name="+")

    class Meta(Act.Meta):
        verbose_name = _("appraisal")
        verbose_name_plural = _("appraisals")
        constraints = [models.UniqueConstraint(fields=["proposal", "round"], name="appraisal_once_per_round")]


class SignOff(Act):
    """Record that the department leader, never the appraiser, signed the appraisal off.

    ``appraised_by`` repeats who appraised, so that the database itself can tell two persons apart.
    """

    appraisal = models.OneToOneField(Appraisal, models.PROTECT, related_name="sign_off")
    appraised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(Act.Meta):
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")
        constraints = [
            models.UniqueConstraint(fields=["proposal", "round"], name="sign_off_once_per_round"),
            models.CheckConstraint(condition=~models.Q(by=models.F("appraised_by")), name="sign_off_by_another_person"),
        ]


class DecisionOutcome(models.TextChoices):
    """What the committee decided."""

    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")
    CORRECTED = "corrected", _("corrected")
    ANNULLED = "annulled", _("annulled")
    SUPERSEDED = "superseded", _("superseded")


class Decision(Act):
    """Record the decision the provincial committee took. The system never decides. Append-only.

    ``appraised_by`` and ``signed_off_by`` repeat who acted before: the database itself tells three persons apart.
    """

    outcome = models.CharField(_("outcome"), max_length=12, choices=DecisionOutcome.choices)
    number = models.CharField(_("number"), max_length=60, unique=True)
    decided_on = models.DateField(_("decided on"))
    signer = models.CharField(_("signer"), max_length=120)
    signer_title = models.CharField(_("signer's office"), max_length=120, blank=True)
    file = models.FileField(_("file"), upload_to="decisions/%Y/")
    file_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    geom_hash = models.CharField(_("SHA-256 of the geometry"), max_length=64)
    conditions = models.JSONField(_("conditions"), default=list, blank=True)
    appraised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_off_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    refers_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later_decisions")

    class Meta(Act.Meta):
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "round"],
                condition=models.Q(refers_to__isnull=True),
                name="decision_once_per_round",
            ),
            models.CheckConstraint(
                condition=~models.Q(by=models.F("appraised_by")) & ~models.Q(by=models.F("signed_off_by")),
                name="decision_by_a_third_person",
            ),
        ]
