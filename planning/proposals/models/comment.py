"""What did reviewers and planners say to each other, and about which place? Threads pinned to the boundary."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from layers.fields import StorageGeometryField
from planning.proposals.models.proposal import Proposal
from planning.proposals.models.zone import ZoneVersion


class Anchor(models.TextChoices):
    """What a comment is pinned to."""

    PLACE = "place", _("a place")
    EDGE = "edge", _("an edge")
    PART = "part", _("a land-use part")
    FINDING = "finding", _("a row of the report")
    WHOLE = "whole", _("the whole proposal")


class CommentOutcome(models.TextChoices):
    """How a thread was closed."""

    DONE = "done", _("done")
    PARTLY = "partly", _("partly done")
    NOT_ACCEPTED = "not_accepted", _("not accepted")


class Comment(models.Model):
    """Open a thread or answer one. A thread blocks resubmission until it has an answer."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="comments")
    version = models.ForeignKey(ZoneVersion, models.PROTECT, null=True, blank=True, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="answers")
    anchor = models.CharField(_("pinned to"), max_length=10, choices=Anchor.choices, default=Anchor.WHOLE)
    anchor_key = models.CharField(_("row of the report"), max_length=120, blank=True)
    place = StorageGeometryField(geom_type="POINT", spatial_index=False, null=True, blank=True)
    place_hash = models.CharField(_("state of the place when pinned"), max_length=64, blank=True)
    text = models.TextField(_("text"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=14, choices=CommentOutcome.choices, blank=True)
    outcome_note = models.CharField(_("reason"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["proposal", "at", "id"]

    def __str__(self) -> str:
        return f"{self.proposal.code} #{self.pk}"
