"""Which craft villages are there, what do they make, how do they fare? Villages, their years, facilities, products."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from layers.fields import StorageGeometryField
from layers.models import AdminUnit, LegalInstrument


class VillageKind(models.TextChoices):
    """Recognition under Decree 52/2018/NĐ-CP, art. 3."""

    TRADITIONAL_CRAFT = "traditional_craft", _("traditional craft")
    CRAFT_VILLAGE = "craft_village", _("craft village")
    TRADITIONAL_VILLAGE = "traditional_village", _("traditional craft village")
    UNRECOGNISED = "unrecognised", _("not yet recognised")


class TradeGroup(models.TextChoices):
    """The seven groups of rural trades (Decree 52/2018/NĐ-CP, art. 4)."""

    FOOD = "food", _("processing of farm, forest and water products")
    HANDICRAFT = "handicraft", _("handicraft and fine art")
    MATERIALS = "materials", _("processing of raw materials for rural trades")
    WOOD_TEXTILE = "wood_textile", _("wood, rattan, ceramics, textiles, small mechanics")
    ORNAMENTAL = "ornamental", _("ornamental plants and animals")
    SALT = "salt", _("salt making")
    SERVICES = "services", _("services for rural production and life")


class CraftVillage(models.Model):
    """Describe one craft village: one or more hamlets doing a trade; it is not a commune."""

    slug = models.SlugField(_("address name"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=24, choices=VillageKind.choices)
    trade_group = models.CharField(_("trade group"), max_length=16, choices=TradeGroup.choices)
    trade = models.SlugField(
        _("trade"), max_length=40, help_text=_("Weaving, pottery, rice paper …; names the emblem.")
    )
    trade_name_vi = models.CharField(_("trade in Vietnamese"), max_length=120)
    trade_name_en = models.CharField(_("trade in English"), max_length=120)
    hamlets = models.CharField(_("hamlets"), max_length=240, blank=True)
    unit = models.ForeignKey(AdminUnit, models.PROTECT, verbose_name=_("administrative unit"), related_name="villages")
    unit_as_reported = models.CharField(_("place as reported"), max_length=240, blank=True)
    location = StorageGeometryField(geom_type="POINT", spatial_index=False)
    since_year = models.PositiveSmallIntegerField(_("craft since"), null=True, blank=True)
    recognition = models.ForeignKey(
        LegalInstrument, models.PROTECT, null=True, blank=True, verbose_name=_("recognition decision"), related_name="+"
    )
    recognition_text = models.CharField(_("recognition decision"), max_length=160, blank=True)
    recognised_on = models.DateField(_("recognised on"), null=True, blank=True)
    environment_plan = models.BooleanField(_("environmental plan in place"), null=True, blank=True)
    cultural_identity = models.BooleanField(_("products carry cultural identity"), null=True, blank=True)
    about_vi = models.TextField(_("about, in Vietnamese"), blank=True)
    about_en = models.TextField(_("about, in English"), blank=True)
    reporting_agency = models.CharField(_("reporting agency"), max_length=160, blank=True)
    source = models.CharField(_("source"), max_length=240, blank=True)
    illustrative = models.BooleanField(_("illustrative"), default=False)
    is_public = models.BooleanField(_("public"), default=True)

    class Meta:
        verbose_name = _("craft village")
        verbose_name_plural = _("craft villages")
        ordering = ["name"]
        indexes = [GistIndex(fields=["location"], name="village_location_gist")]

    def __str__(self) -> str:
        return self.name

    @property
    def trade_name(self) -> str:
        """Return the trade in the active language."""
        english = (get_language() or "vi").startswith("en")
        return self.trade_name_en if english and self.trade_name_en else self.trade_name_vi


class VillageYear(models.Model):
    """Keep a village's figures for one year."""

    village = models.ForeignKey(CraftVillage, models.CASCADE, verbose_name=_("craft village"), related_name="years")
    year = models.PositiveSmallIntegerField(_("year"))
    households_total = models.PositiveIntegerField(_("households in the area"), null=True, blank=True)
    households_engaged = models.PositiveIntegerField(_("households in the trade"), null=True, blank=True)
    workers = models.PositiveIntegerField(_("workers"), null=True, blank=True)
    artisans = models.PositiveIntegerField(_("artisans"), null=True, blank=True)
    revenue_vnd = models.DecimalField(_("revenue, đồng"), max_digits=18, decimal_places=0, null=True, blank=True)
    output_text = models.CharField(_("output"), max_length=160, blank=True)
    stable = models.BooleanField(_("stable production"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("village year")
        verbose_name_plural = _("village years")
        ordering = ["village", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["village", "year"], name="village_year_once"),
            models.CheckConstraint(
                condition=models.Q(households_engaged__isnull=True)
                | models.Q(households_total__isnull=True)
                | models.Q(households_engaged__lte=models.F("households_total")),
                name="village_engaged_within_total",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.year}"


class Facility(models.Model):
    """Name one producer of a village or cluster. The owner of a household business is restricted, never public."""

    name = models.CharField(_("name"), max_length=200)
    village = models.ForeignKey(
        CraftVillage, models.CASCADE, null=True, blank=True, verbose_name=_("craft village"), related_name="facilities"
    )
    cluster = models.ForeignKey(
        "registers.IndustrialCluster",
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("industrial cluster"),
        related_name="facilities",
    )
    is_household = models.BooleanField(_("household business"), default=False)
    trade = models.CharField(_("trade"), max_length=120, blank=True)
    plot_ha = models.DecimalField(_("plot, ha"), max_digits=8, decimal_places=2, null=True, blank=True)
    workers = models.PositiveIntegerField(_("workers"), null=True, blank=True)

    class Meta:
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """Name one product of a village with its OCOP stars."""

    village = models.ForeignKey(CraftVillage, models.CASCADE, verbose_name=_("craft village"), related_name="products")
    name = models.CharField(_("name"), max_length=160)
    ocop_stars = models.PositiveSmallIntegerField(_("OCOP stars"), null=True, blank=True)
    ocop_year = models.PositiveSmallIntegerField(_("OCOP year"), null=True, blank=True)
    typical_rural_product = models.CharField(_("typical rural product"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["village", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ocop_stars__isnull=True) | models.Q(ocop_stars__gte=1, ocop_stars__lte=5),
                name="product_stars_1_5",
            )
        ]

    def __str__(self) -> str:
        return self.name
