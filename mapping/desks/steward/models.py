"""Where does the loading of a layer file stand? One row per upload, so that the page survives a reload and a restart.

It is the steward's working paper, no source of truth: the edition and its report are.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from layers.models import Edition, Layer


class LoadState(models.TextChoices):
    """The steps of a loading."""

    QUEUED = "queued", _("waiting for the worker")
    READING = "reading", _("reading the file")
    ASKING_LAYER = "asking_layer", _("which layer of the file?")
    ASKING_CRS = "asking_crs", _("which coordinate system?")
    ASKING_CLASSES = "asking_classes", _("which classes?")
    STAGING = "staging", _("vetting, storing and building")
    DONE = "done", _("staged")
    FAILED = "failed", _("file refused")


SILENT = timedelta(minutes=5)
RUNNING = (LoadState.QUEUED, LoadState.READING, LoadState.STAGING)


class LayerLoad(models.Model):
    """Follow one file from its upload to a staged edition or a refusal."""

    layer = models.ForeignKey(Layer, models.CASCADE, related_name="+", verbose_name=_("layer"))
    state = models.CharField(_("state"), max_length=14, choices=LoadState.choices, default=LoadState.QUEUED)
    filename = models.CharField(_("file"), max_length=200)
    stored = models.CharField(_("place in storage"), max_length=200)
    options = models.JSONField(_("options"), default=dict)
    question = models.JSONField(_("question"), default=dict, blank=True)
    problem = models.JSONField(_("refusal"), default=dict, blank=True)
    edition = models.ForeignKey(Edition, models.SET_NULL, null=True, blank=True, related_name="+")
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("loaded by")
    )
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    changed_at = models.DateTimeField(_("last change"), auto_now=True)

    class Meta:
        verbose_name = _("loading of a layer")
        verbose_name_plural = _("loadings of layers")
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return f"{self.filename} → {self.layer}"

    @property
    def is_stuck(self) -> bool:
        """Tell whether the worker has been silent for so long that it was probably ended."""
        return self.is_running and timezone.now() - self.changed_at > SILENT

    @property
    def is_running(self) -> bool:
        """Tell whether the worker still has something to do."""
        return self.state in RUNNING

    def move(self, state: LoadState, **changes: Any) -> None:
        """Write a new state with other fields, at once visible to the page."""
        for name, value in {"state": state, **changes}.items():
            setattr(self, name, value)
        self.save(update_fields=["state", "changed_at", *changes])
