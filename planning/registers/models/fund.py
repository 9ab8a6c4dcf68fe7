"""How much money may the fund spend, from which source, in which year? Sources, years, allocations, ceilings."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from layers.models import LegalInstrument


class FundLevel(models.TextChoices):
    """Whose programme pays."""

    NATIONAL = "national", _("national")
    LOCAL = "local", _("local")


class FundingSource(models.Model):
    """Name one source of industry-promotion money."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    level = models.CharField(_("level"), max_length=10, choices=FundLevel.choices)
    instrument = models.ForeignKey(
        LegalInstrument, models.PROTECT, null=True, blank=True, verbose_name=_("legal instrument"), related_name="+"
    )

    class Meta:
        verbose_name = _("funding source")
        verbose_name_plural = _("funding sources")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class FundYear(models.Model):
    """Open or close one budget year."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    settlement_due = models.DateField(_("settlement due"), help_text=_("Settlements after this day are late."))

    class Meta:
        verbose_name = _("fund year")
        verbose_name_plural = _("fund years")
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)


class Allocation(models.Model):
    """Give one source's money for one year. ``committed_vnd`` moves under a row lock and never exceeds the amount.

    Imported history may exceed it; such rows carry ``imported_overrun_vnd`` and are flagged, not refused.
    """

    fund_year = models.ForeignKey(FundYear, models.PROTECT, verbose_name=_("budget year"), related_name="allocations")
    source = models.ForeignKey(
        FundingSource, models.PROTECT, verbose_name=_("funding source"), related_name="allocations"
    )
    amount_vnd = models.DecimalField(_("amount, đồng"), max_digits=18, decimal_places=0)
    committed_vnd = models.DecimalField(_("committed, đồng"), max_digits=18, decimal_places=0, default=0)
    imported_overrun_vnd = models.DecimalField(_("imported overrun, đồng"), max_digits=18, decimal_places=0, default=0)
    decision = models.CharField(_("decision"), max_length=120)
    decided_on = models.DateField(_("decided on"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("entered by"), related_name="+"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("confirmed by"),
        related_name="+",
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ["-fund_year__year", "source"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_vnd__gt=0), name="allocation_amount_positive"),
            models.CheckConstraint(condition=Q(committed_vnd__gte=0), name="allocation_committed_not_negative"),
            models.CheckConstraint(
                condition=Q(committed_vnd__lte=F("amount_vnd") + F("imported_overrun_vnd")),
                name="allocation_committed_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | Q(created_by__isnull=True) | ~Q(confirmed_by=F("created_by")),
                name="allocation_confirmed_by_another",
            ),
            models.UniqueConstraint(fields=["fund_year", "source", "decision"], name="allocation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.fund_year}"


class SupportCeiling(models.Model):
    """State the ceiling of support for one activity during some time (Circular 28/2018/TT-BTC, art. 8, and local)."""

    activity = models.CharField(_("activity"), max_length=24)
    level = models.CharField(_("level"), max_length=10, choices=FundLevel.choices)
    max_share = models.DecimalField(_("share of cost, 0–1"), max_digits=4, decimal_places=3, null=True, blank=True)
    max_vnd = models.DecimalField(_("ceiling, đồng"), max_digits=18, decimal_places=0, null=True, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    instrument = models.ForeignKey(
        LegalInstrument, models.PROTECT, verbose_name=_("legal instrument"), related_name="+"
    )
    verified = models.BooleanField(_("figure checked"), default=False)

    class Meta:
        verbose_name = _("support ceiling")
        verbose_name_plural = _("support ceilings")
        ordering = ["activity", "-valid_from"]

    def __str__(self) -> str:
        return f"{self.activity} {self.valid_from:%Y}"
