"""Which number does the law give, since when? Dated parameters with their citation."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from layers.models import LegalInstrument


class Parameter(models.Model):
    """State one threshold during one time. ``verified`` is false until somebody read it in the printed text."""

    code = models.SlugField(_("code"), max_length=60)
    title_vi = models.CharField(_("title in Vietnamese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=4)
    unit = models.CharField(_("unit of measure"), max_length=20, help_text=_("ha, m, share, days …"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    instrument = models.ForeignKey(
        LegalInstrument,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("legal instrument"),
        related_name="parameters",
    )
    article = models.CharField(_("article"), max_length=80, blank=True)
    verified = models.BooleanField(_("checked against the text"), default=False)

    class Meta:
        verbose_name = _("parameter")
        verbose_name_plural = _("parameters")
        ordering = ["code", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="parameter_once_per_date"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="parameter_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} = {self.value} {self.unit}"
