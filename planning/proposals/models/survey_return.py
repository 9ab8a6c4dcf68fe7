"""What did the survey team send back, and what became of it? Returns, the rulings on them, the hand-over of the stakes.

All three are append-only: a second return answers the first, a ruling answers a return, nothing is overwritten.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from layers.fields import SaidField, StorageGeometryField
from planning.proposals.models.acts import Act
from planning.proposals.models.check_run import CheckRun
from planning.proposals.models.proposal import Proposal
from planning.proposals.models.survey import SurveyOrder
from planning.proposals.models.zone import ZoneVersion


class ReturnState(models.TextChoices):
    """Where a return stands; it follows from what was written after it."""

    SENT = "sent", _("waits for the department")
    REPLACED = "replaced", _("replaced by a later return")
    ACCEPTED = "accepted", _("accepted")
    SENT_BACK = "sent_back", _("sent back")


class SurveyReturn(models.Model):
    """Keep what a survey team sent: the file as it came, how it was measured, and the vetted boundary read from it.

    ``version`` is the approved version it is judged against; ``notices`` what reading and vetting remarked, a list of
    ``{"code", "message", "before_m2", "after_m2"}``. Both it and ``reading`` are said in the language of whoever reads.
    """

    order = models.ForeignKey(SurveyOrder, models.PROTECT, related_name="returns")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="survey_returns")
    version = models.ForeignKey(ZoneVersion, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(_("number"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    file = models.FileField(_("file"), upload_to="survey-returns/%Y/")
    filename = models.CharField(_("file name"), max_length=200)
    file_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    reading = SaidField(_("read as"), default=str, blank=True)
    instrument = models.CharField(_("instrument"), max_length=120)
    base_points = models.CharField(_("base points"), max_length=240)
    measured_on = models.DateField(_("measured on"))
    signer = models.CharField(_("signed by"), max_length=120)
    note = models.TextField(_("note"), blank=True)
    geom = StorageGeometryField(geom_type="MULTIPOLYGON", spatial_index=False)
    geom_hash = models.CharField(_("SHA-256 of the geometry"), max_length=64)
    area_m2 = models.FloatField(_("area, m²"))
    notices = SaidField(_("notices"), default=list, blank=True)

    class Meta:
        verbose_name = _("survey return")
        verbose_name_plural = _("survey returns")
        ordering = ["proposal", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="survey_return_number_once"),
            models.CheckConstraint(condition=Q(geom__isvalid=True), name="survey_return_geom_valid"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal.code} #{self.number}"

    @cached_property
    def state(self) -> ReturnState:
        """Return where it stands, as of when it is first asked."""
        ruling = SurveyRuling.objects.filter(survey_return=self).first()
        if ruling is not None:
            return ReturnState(ruling.outcome)
        later = SurveyReturn.objects.filter(proposal_id=self.proposal_id, number__gt=self.number)
        return ReturnState.REPLACED if later.exists() else ReturnState.SENT


class ReturnOutcome(models.TextChoices):
    """What the department ruled on a return."""

    ACCEPTED = ReturnState.ACCEPTED.value, ReturnState.ACCEPTED.label
    SENT_BACK = ReturnState.SENT_BACK.value, ReturnState.SENT_BACK.label


class SurveyRuling(models.Model):
    """Record what became of a return.

    ``marks``: what to measure again, a list of ``{"corner", "at": [easting, northing], "text"}``; ``summary``: the
    figures the ruling was made on (tolerance, largest displacement, areas). Accepted: ``version`` is the measured
    version, ``run`` its check, ``valid_from`` the first day the measured boundary holds. Sent back: ``checked`` is what
    the check said of the measured boundary (`planning.proposals.measured_check`); empty for rulings before it was kept.
    """

    survey_return = models.OneToOneField(SurveyReturn, models.PROTECT, related_name="ruling")
    outcome = models.CharField(_("outcome"), max_length=12, choices=ReturnOutcome.choices)
    note = models.TextField(_("note"), blank=True)
    marks = models.JSONField(_("marks"), default=list, blank=True)
    summary = models.JSONField(_("summary"), default=dict)
    checked = models.JSONField(_("check of what was sent back"), default=dict, blank=True)
    version = models.ForeignKey(ZoneVersion, models.PROTECT, null=True, blank=True, related_name="+")
    run = models.ForeignKey(CheckRun, models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("ruling on a survey return")
        verbose_name_plural = _("rulings on survey returns")
        ordering = ["survey_return", "at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="sent_back", version__isnull=True, run__isnull=True, valid_from__isnull=True)
                | Q(outcome="accepted", version__isnull=False, run__isnull=False, valid_from__isnull=False),
                name="survey_ruling_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_return} {self.get_outcome_display()}"


class Handover(Act):
    """Record that the staked-out boundary was handed over and is in force: the day and the signed minutes."""

    on = models.DateField(_("handed over on"))
    file = models.FileField(_("minutes"), upload_to="handovers/%Y/")
    file_sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)

    class Meta(Act.Meta):
        verbose_name = _("hand-over of the boundary")
        verbose_name_plural = _("hand-overs of boundaries")
        constraints = [models.UniqueConstraint(fields=["proposal"], name="handover_once")]
