"""Which days does the administration not work? Dated rows, because holidays and swapped days are decided yearly."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Holiday(models.Model):
    """Mark one day as free (``is_working=False``) or a week-end day as worked (``is_working=True``)."""

    day = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_working = models.BooleanField(_("worked day"), default=False)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"
