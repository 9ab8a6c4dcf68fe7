"""Which figures does the law give to the books, since when? Dated rows with their citation; a row is never replaced."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from layers.models import LegalInstrument


class RegisterParameterName(models.TextChoices):
    """Figures of the fund's rules and of the recognition of craft villages that change with the law."""

    MAX_ADVANCE_SHARE = "max_advance_share", _("largest advance, share of the support granted (0–1)")
    VILLAGE_HOUSEHOLD_SHARE = (
        "village_household_share",
        _("craft village: smallest share of the households that take part (0–1)"),
    )
    VILLAGE_STABLE_YEARS = "village_stable_years", _("craft village: consecutive years of stable production, at least")
    CRAFT_YEARS = "craft_years", _("traditional craft: years of existence, more than")


class RegisterParameter(models.Model):
    """State one figure during some time, with the text it comes from. ``verified``: somebody read it in that text."""

    name = models.CharField(_("name"), max_length=40, choices=RegisterParameterName.choices)
    value = models.DecimalField(_("value"), max_digits=12, decimal_places=4)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    instrument = models.ForeignKey(
        LegalInstrument, models.PROTECT, null=True, blank=True, verbose_name=_("legal instrument"), related_name="+"
    )
    article = models.CharField(_("article"), max_length=80, blank=True)
    verified = models.BooleanField(_("figure checked"), default=False)

    class Meta:
        verbose_name = _("parameter of the registers")
        verbose_name_plural = _("parameters of the registers")
        ordering = ["name", "-valid_from"]
        constraints = [models.UniqueConstraint(fields=["name", "valid_from"], name="register_parameter_once_per_day")]

    def __str__(self) -> str:
        return f"{self.get_name_display()} {self.value}"

    @property
    def citation(self) -> str:
        """Return instrument and article the way papers cite: ``52/2018/NĐ-CP, Điều 5``."""
        number = "" if self.instrument is None else self.instrument.number
        return ", ".join(piece for piece in (number, self.article) if piece)
