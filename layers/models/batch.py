"""Which long work is under way, and how far is it? A batch of chunks, each done or not done, never half.

A chunk's result and its mark *done* are written in one transaction, so progress, cancel and resume are reads.
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class BatchState(models.TextChoices):
    """Where a batch stands."""

    RUNNING = "running", _("running")
    DONE = "done", _("finished")
    CANCELLED = "cancelled", _("cancelled")
    FAILED = "failed", _("failed")


class ChunkState(models.TextChoices):
    """Where a chunk stands; a chunk that is being worked on is still waiting."""

    WAITING = "waiting", _("waiting")
    DONE = "done", _("finished")
    FAILED = "failed", _("failed")


class Batch(models.Model):
    """Hold one piece of long work; *kind* names who does it (`layers.batches.kinds`), *params* what all chunks need."""

    kind = models.SlugField(_("kind"), max_length=40)
    title = models.CharField(_("title"), max_length=200, blank=True)
    params = models.JSONField(_("parameters"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=BatchState.choices, default=BatchState.RUNNING)
    total = models.PositiveIntegerField(_("chunks"), default=0)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("long work")
        verbose_name_plural = _("long work")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.title or f"{self.kind} {self.pk}"


class Chunk(models.Model):
    """Hold one part of a batch, small enough to be lost and done again (aim: ten seconds)."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField(_("number"))
    params = models.JSONField(_("parameters"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=ChunkState.choices, default=ChunkState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("error"), blank=True)
    result = models.JSONField(_("result"), default=dict, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("part of long work")
        verbose_name_plural = _("parts of long work")
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="chunk_number_once")]
        indexes = [models.Index(fields=["batch", "state"], name="chunk_batch_state")]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.number}"
