"""How many days does each step have, counted how, since when? Dated rows with their citation."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from layers.models import LegalInstrument


class ClockUnit(models.TextChoices):
    """How an instrument counts days."""

    CALENDAR = "calendar", _("calendar days")
    WORKING = "working", _("working days")


class ClockRule(models.Model):
    """Give one step its time limit. Clocks pause while a supplement is awaited."""

    step = models.SlugField(_("step"), max_length=40)
    title_vi = models.CharField(_("title in Vietnamese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200)
    days = models.PositiveSmallIntegerField(_("days"))
    counted_in = models.CharField(_("counted in"), max_length=10, choices=ClockUnit.choices)
    instrument = models.ForeignKey(LegalInstrument, models.PROTECT, related_name="+")
    article = models.CharField(_("article"), max_length=80, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        ordering = ["step", "-valid_from"]
        constraints = [models.UniqueConstraint(fields=["step", "valid_from"], name="clock_rule_once")]

    def __str__(self) -> str:
        return f"{self.step} {self.days}"
