"""Where does a file from outside stand on its way in? One row per file, so that the way can be left and resumed.

It is a working paper, no source of truth: what was taken lives in the draft, the edition or the register.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layers.fields import SaidField


class ArrivalState(models.TextChoices):
    """Where a file stands."""

    QUEUED = "queued", _("waiting for the worker")
    READING = "reading", _("reading the file")
    ASKING = "asking", _("waiting for an answer")
    READY = "ready", _("read: look and take")
    TAKING = "taking", _("taking the file")
    TAKEN = "taken", pgettext_lazy("file", "taken")
    REFUSED = "refused", _("file refused")
    DROPPED = "dropped", _("given up")


RUNNING = (ArrivalState.QUEUED, ArrivalState.READING, ArrivalState.TAKING)
WAITING = (ArrivalState.ASKING, ArrivalState.READY)
OPEN = (*RUNNING, *WAITING)
SILENT = timedelta(minutes=5)


class Arrival(models.Model):
    """Follow one file of a person, or of the survey *order* whose link it came by, from its upload to what it became.

    *target* names in the purpose's own words what the file is for; *answers* is what the person said, by step;
    *facts* what was read, as the pages show it; *picture* the features for the map (GeoJSON, WGS 84).
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    order = models.ForeignKey(
        "proposals.SurveyOrder",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("survey order"),
    )
    purpose = models.CharField(_("purpose"), max_length=20)
    target = models.CharField(_("what it is for"), max_length=80, blank=True)
    sender = models.CharField(_("sender"), max_length=120, blank=True)
    filename = models.CharField(_("file"), max_length=200)
    stored = models.CharField(_("place in storage"), max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("size, bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=ArrivalState.choices, default=ArrivalState.QUEUED)
    answers = SaidField(_("answers"), default=dict, blank=True)
    facts = SaidField(_("what was read"), default=dict, blank=True)
    picture = models.JSONField(_("picture"), null=True, blank=True)
    problem = SaidField(_("refusal"), default=dict, blank=True)
    rejected = models.CharField(_("rejected rows in storage"), max_length=200, blank=True)
    became = models.CharField(_("address of what it became"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("sent at"), default=timezone.now)
    changed_at = models.DateTimeField(_("last change"), auto_now=True)

    class Meta:
        verbose_name = _("file from outside")
        verbose_name_plural = _("files from outside")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["person", "-created_at"], name="arrival_person")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, order__isnull=True)
                | models.Q(person__isnull=True, order__isnull=False),
                name="arrival_of_person_or_link",
            )
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_running(self) -> bool:
        """Tell whether work is under way."""
        return self.state in RUNNING

    @property
    def is_waiting(self) -> bool:
        """Tell whether the person is asked something."""
        return self.state in WAITING

    @property
    def is_open(self) -> bool:
        """Tell whether the file is neither taken nor refused nor given up."""
        return self.state in OPEN

    @property
    def is_stuck(self) -> bool:
        """Tell whether the work has been silent for so long that it was probably ended."""
        return self.is_running and timezone.now() - self.changed_at > SILENT

    def move(self, state: ArrivalState, **changes: Any) -> None:
        """Write a new state with other fields, at once visible to the page."""
        for name, value in {"state": state, **changes}.items():
            setattr(self, name, value)
        self.save(update_fields=["state", "changed_at", *changes])

    def note(self, code: str, text: str = "", who: Any = None) -> None:
        """Write one line of the log; a sentence (`layers.said`) is said in the language of whoever reads it."""
        ArrivalLine.objects.create(arrival=self, code=code, text=text, who=who)


class ArrivalLine(models.Model):
    """Keep one line of what happened to a file; refused and forgotten files keep theirs."""

    arrival = models.ForeignKey(Arrival, models.CASCADE, related_name="lines", verbose_name=_("file from outside"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    code = models.CharField(_("code"), max_length=40)
    text = SaidField(_("text"), default=str, blank=True)
    who = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("line of the log of a file")
        verbose_name_plural = _("lines of the log of a file")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()


class SenderMapping(models.Model):
    """Remember which column of a sender's files means what, by purpose, and which word of a column; never a row.

    *target*: the layer for editions; for words the key of their column, see `columns.WORDS_OF`.
    """

    sender_key = models.CharField(_("sender, without accents"), max_length=120)
    purpose = models.CharField(_("purpose"), max_length=20)
    target = models.CharField(_("what it is for"), max_length=80, blank=True)
    mapping = models.JSONField(_("columns"), default=dict)
    changed_at = models.DateTimeField(_("last change"), auto_now=True)

    class Meta:
        verbose_name = _("columns of a sender")
        verbose_name_plural = _("columns of senders")
        constraints = [
            models.UniqueConstraint(fields=["sender_key", "purpose", "target"], name="sender_mapping_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sender_key} · {self.purpose}"
