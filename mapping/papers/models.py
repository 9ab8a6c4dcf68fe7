"""Which numbers did the windows give to papers? The code on the QR of a boundary, and packages that were asked for."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planning.proposals.models import SurveyOrder, ZoneVersion

CODE_BYTES = 16


def new_code() -> str:
    """Return a new code of 128 random bits in lower-case letters and digits, so that it can be typed from paper."""
    return secrets.token_hex(CODE_BYTES)


class BoundaryCode(models.Model):
    """Give a boundary version the code that its papers print. Random and kept: it outlives every key of the house."""

    version = models.OneToOneField(ZoneVersion, models.PROTECT, related_name="+")
    code = models.CharField(_("code"), max_length=32, unique=True, default=new_code)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)

    class Meta:
        verbose_name = _("code of a boundary")
        verbose_name_plural = _("codes of boundaries")

    def __str__(self) -> str:
        return f"{self.version} {self.code[:8]}…"


class BuildState(models.TextChoices):
    """Where the building of a package stands."""

    QUEUED = "queued", _("waiting for the worker")
    DONE = "done", _("ready")
    FAILED = "failed", _("not issued")


class PackageBuild(models.Model):
    """Follow one asked-for package from the form to its file or a refusal. A working paper: the log has the event."""

    version = models.ForeignKey(ZoneVersion, models.PROTECT, related_name="+")
    choice = models.JSONField(_("choice"))
    state = models.CharField(_("state"), max_length=8, choices=BuildState.choices, default=BuildState.QUEUED)
    # how far it is while it is being made, by mapping.papers.survey.progress; empty before and afterwards
    progress = models.JSONField(_("progress"), default=dict, blank=True)
    problem = models.JSONField(_("refusal"), default=dict, blank=True)
    filename = models.CharField(_("file"), max_length=120, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    size = models.PositiveBigIntegerField(_("size, bytes"), default=0)
    files = models.JSONField(_("files"), default=list, blank=True)
    # the order whose team gets it; none: made for somebody in the house
    order = models.ForeignKey(SurveyOrder, models.PROTECT, related_name="+", null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)

    class Meta:
        verbose_name = _("survey package")
        verbose_name_plural = _("survey packages")
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return f"{self.version} {self.get_state_display()}"
