"""What did the fund pay for, to whom, and is it settled? Funded projects (đề án khuyến công) and their ledger rows.

Payments are append-only: a mistake is reversed by a new row, never edited.
"""

from django.conf import settings
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layers.fields import StorageGeometryField
from layers.models import AdminUnit
from planning.registers.models.cluster import IndustrialCluster
from planning.registers.models.fund import Allocation, FundLevel
from planning.registers.models.village import CraftVillage


class PartyKind(models.TextChoices):
    """Whether a party may be named in public."""

    LEGAL = "legal", _("legal entity")
    HOUSEHOLD = "household", _("household or natural person")
    PUBLIC_BODY = "public_body", _("public body")


class Party(models.Model):
    """Name an implementer or beneficiary. Natural persons are never public: the public reads ``public_name``."""

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=PartyKind.choices)
    public_name = models.CharField(
        _("name shown to the public"), max_length=200, help_text=_("For a person: “a household in …”.")
    )
    unit = models.ForeignKey(
        AdminUnit, models.PROTECT, null=True, blank=True, verbose_name=_("administrative unit"), related_name="+"
    )

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Activity(models.TextChoices):
    """Kinds of supported activity (Decree 45/2012/NĐ-CP, art. 4)."""

    TRAINING = "training", _("vocational training, handing down a craft")
    MANAGEMENT = "management", _("management capacity")
    DEMO_MODEL = "demo_model", _("technical demonstration model")
    MACHINERY = "machinery", _("advanced machinery, technology transfer")
    CLEANER = "cleaner", _("cleaner production")
    PRODUCT = "product", _("product development, fairs, trademarks")
    CONSULTANCY = "consultancy", _("consultancy")
    INFORMATION = "information", _("information")
    CLUSTER = "cluster", _("cluster infrastructure and environment")


class FundedProjectState(models.TextChoices):
    """Where a funded project stands."""

    PLANNED = "planned", _("in the plan")
    CONTRACTED = "contracted", _("contracted")
    RUNNING = "running", _("being carried out")
    ACCEPTED = "accepted", pgettext_lazy("funded project", "accepted")
    SETTLED = "settled", _("settled")
    STOPPED = "stopped", _("stopped")
    RECOVERED = "recovered", _("recovered")


class FundedProject(models.Model):
    """Describe one đề án khuyến công."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    title = models.CharField(_("title"), max_length=300)
    allocation = models.ForeignKey(
        Allocation, models.PROTECT, verbose_name=_("allocation"), related_name="funded_projects"
    )
    activity = models.CharField(_("activity"), max_length=16, choices=Activity.choices)
    level = models.CharField(_("level"), max_length=10, choices=FundLevel.choices)
    state = models.CharField(
        _("state"), max_length=12, choices=FundedProjectState.choices, default=FundedProjectState.PLANNED
    )
    implementer = models.ForeignKey(Party, models.PROTECT, verbose_name=_("implementer"), related_name="implements")
    beneficiary = models.ForeignKey(Party, models.PROTECT, verbose_name=_("beneficiary"), related_name="benefits")
    unit = models.ForeignKey(
        AdminUnit, models.PROTECT, verbose_name=_("administrative unit"), related_name="funded_projects"
    )
    unit_as_reported = models.CharField(_("place as reported"), max_length=240, blank=True)
    location = StorageGeometryField(geom_type="POINT", spatial_index=False, null=True, blank=True)
    village = models.ForeignKey(
        CraftVillage,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("craft village"),
        related_name="funded_projects",
    )
    cluster = models.ForeignKey(
        IndustrialCluster,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("industrial cluster"),
        related_name="funded_projects",
    )
    granted_vnd = models.DecimalField(_("support granted, đồng"), max_digits=18, decimal_places=0)
    counterpart_vnd = models.DecimalField(_("counterpart, đồng"), max_digits=18, decimal_places=0, default=0)
    recoverable = models.BooleanField(_("recoverable"), default=False)
    content_key = models.CharField(
        _("content"), max_length=160, blank=True, help_text=_("What is funded, in short; the same twice is flagged.")
    )
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    imported = models.BooleanField(_("imported history"), default=False)
    illustrative = models.BooleanField(_("illustrative"), default=False)
    source = models.CharField(_("source"), max_length=240, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("entered by"), related_name="+"
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        verbose_name = _("funded project")
        verbose_name_plural = _("funded projects")
        ordering = ["-allocation__fund_year__year", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(granted_vnd__gt=0), name="funded_project_granted_positive"),
            models.CheckConstraint(condition=Q(counterpart_vnd__gte=0), name="funded_project_counterpart_not_negative"),
        ]
        indexes = [GistIndex(fields=["location"], name="funded_project_location_gist")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Contract(models.Model):
    """Keep the contract between the fund and the implementer."""

    funded_project = models.OneToOneField(
        FundedProject, models.PROTECT, verbose_name=_("funded project"), related_name="contract"
    )
    number = models.CharField(_("number"), max_length=80)
    signed_on = models.DateField(_("signed on"))
    amount_vnd = models.DecimalField(_("amount, đồng"), max_digits=18, decimal_places=0)
    liquidated_on = models.DateField(_("liquidated on"), null=True, blank=True)

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")

    def __str__(self) -> str:
        return self.number


class PaymentKind(models.TextChoices):
    """Which payment it is."""

    ADVANCE = "advance", _("advance")
    FINAL = "final", _("final payment")
    REVERSAL = "reversal", _("reversal")
    RECOVERY = "recovery", _("recovery")


class Payment(models.Model):
    """Record one payment; ``amount_vnd`` is negative for a reversal or a recovery. Append-only."""

    funded_project = models.ForeignKey(
        FundedProject, models.PROTECT, verbose_name=_("funded project"), related_name="payments"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=PaymentKind.choices)
    amount_vnd = models.DecimalField(_("amount, đồng"), max_digits=18, decimal_places=0)
    paid_on = models.DateField(_("paid on"))
    document = models.CharField(_("document"), max_length=120, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("reverses"), related_name="reversed_by"
    )
    idempotency_key = models.CharField(_("idempotency key"), max_length=64, unique=True)
    imported = models.BooleanField(_("imported history"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("entered by"), related_name="+"
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["funded_project", "paid_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["advance", "final"], amount_vnd__gt=0)
                | Q(kind__in=["reversal", "recovery"], amount_vnd__lt=0),
                name="payment_sign_follows_kind",
            ),
            models.CheckConstraint(
                condition=~Q(kind="reversal") | Q(reverses__isnull=False), name="payment_reversal_names_row"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.funded_project.code} {self.get_kind_display()} {self.amount_vnd}"


class PaymentConfirmation(models.Model):
    """Record that a second person confirmed a payment. Append-only.

    ``entered_by`` repeats who entered the payment, so that the database itself can tell two persons apart.
    """

    payment = models.OneToOneField(Payment, models.PROTECT, verbose_name=_("payment"), related_name="confirmation")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("entered by"), related_name="+"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("confirmed by"), related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), default=timezone.now)

    class Meta:
        verbose_name = _("payment confirmation")
        verbose_name_plural = _("payment confirmations")
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | Q(entered_by__isnull=True) | ~Q(confirmed_by=F("entered_by")),
                name="payment_confirmed_by_another",
            )
        ]

    def __str__(self) -> str:
        return f"{self.payment} ✓"


class Acceptance(models.Model):
    """Record the acceptance meeting (nghiệm thu cơ sở)."""

    funded_project = models.OneToOneField(
        FundedProject, models.PROTECT, verbose_name=_("funded project"), related_name="acceptance"
    )
    accepted_on = models.DateField(_("accepted on"))
    passed = models.BooleanField(_("passed"))
    note = models.TextField(_("note"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("entered by"), related_name="+"
    )

    class Meta:
        verbose_name = _("acceptance")
        verbose_name_plural = _("acceptances")

    def __str__(self) -> str:
        return f"{self.funded_project.code} {self.accepted_on:%d/%m/%Y}"


class Settlement(models.Model):
    """Record the settlement (quyết toán) of a funded project."""

    funded_project = models.OneToOneField(
        FundedProject, models.PROTECT, verbose_name=_("funded project"), related_name="settlement"
    )
    settled_on = models.DateField(_("settled on"))
    settled_vnd = models.DecimalField(_("settled, đồng"), max_digits=18, decimal_places=0)
    document = models.CharField(_("document"), max_length=120, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("entered by"), related_name="+"
    )

    class Meta:
        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")

    def __str__(self) -> str:
        return f"{self.funded_project.code} {self.settled_on:%d/%m/%Y}"
