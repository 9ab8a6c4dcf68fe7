"""Which legal text says so? Instruments with validity, cited by rules, parameters, decisions and funds."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _


class LegalInstrument(models.Model):
    """Name one legal text: law, decree, circular, standard or decision."""

    number = models.CharField(_("number"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=400)
    title_en = models.CharField(_("title in English"), max_length=400, blank=True)
    issuer = models.CharField(_("issuer"), max_length=160)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    in_force_to = models.DateField(_("in force to"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("replaced by"), related_name="replaces"
    )
    verified = models.BooleanField(
        _("text checked"), default=False, help_text=_("Somebody compared the cited figures with the printed text.")
    )

    class Meta:
        verbose_name = _("legal instrument")
        verbose_name_plural = _("legal instruments")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number

    def in_force_on(self, day: date) -> bool:
        """Tell whether the instrument was in force on *day*; an open end counts as still in force."""
        return (self.in_force_from is None or self.in_force_from <= day) and (
            self.in_force_to is None or day <= self.in_force_to
        )
