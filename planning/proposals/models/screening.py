"""Which places of the province did the rules let through? One screening, its cells, and sums of cells for small scales.

A cell is two integers; its outline is derived by ``ST_Square`` or ``ST_Hexagon`` in the storage CRS and never stored.
"""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from layers.models import Batch


class CellShape(models.TextChoices):
    """The shape of the cells of a screening."""

    HEXAGON = "hexagon", _("hexagons")
    SQUARE = "square", _("squares")


class Screening(models.Model):
    """Keep one screening with what it was asked against.

    ``basis`` tells people and re-runs: rule-set version, edition per layer, date; ``asked`` names the same by row
    number for the chunks. ``rules`` lists, in the order that cells number them, code, titles, severity and whether the
    layer is restricted; ``unused`` the rules that concern a proposal and no place. ``counts``: cells by class;
    ``errors``: how the raster differs from the exact engine in the sample (`planning.checks.screening.exact.Errors`).
    ``cleared_at``: when its cells were cleared away; what it said in all stays.
    """

    shape = models.CharField(_("cell shape"), max_length=8, choices=CellShape.choices)
    cell_ha = models.FloatField(_("cell size, ha"), validators=[MinValueValidator(1), MaxValueValidator(25)])
    basis = models.JSONField(_("basis"))
    asked = models.JSONField(_("basis by row number"))
    rules = models.JSONField(_("rules asked"), default=list)
    unused = models.JSONField(_("rules not asked"), default=list)
    engine = models.JSONField(_("engine"), default=dict)
    counts = models.JSONField(_("cells by class"), default=dict)
    errors = models.JSONField(_("raster against engine"), default=dict)
    exact_round = models.PositiveIntegerField(_("times that cells were answered exactly"), default=0)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    cleared_at = models.DateTimeField(_("cells cleared at"), null=True, blank=True)

    class Meta:
        verbose_name = _("province screening")
        verbose_name_plural = _("province screenings")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"#{self.pk} {self.cell_ha:g} ha"


class ScreeningCell(models.Model):
    """Keep the answer for one cell; filled by COPY. `sql/guard_screening.sql` stands in for the foreign key.

    ``code`` is the place in `planning.checks.screening.classes.CLASSES`; ``shares`` two bytes a rule that fires or
    was not checked: number of the rule (+128: not checked), share in 250ths, rounded up.
    """

    pk = models.CompositePrimaryKey("screening_id", "i", "j")
    screening = models.ForeignKey(Screening, models.CASCADE, related_name="cells", db_index=False, db_constraint=False)
    i = models.IntegerField()
    j = models.IntegerField()
    code = models.SmallIntegerField(_("class"))
    score = models.SmallIntegerField(_("score"))
    shares = models.BinaryField(_("shares by rule"), default=bytes)
    exact = models.BooleanField(_("answered by the exact engine"), default=False)

    class Meta:
        verbose_name = _("screened cell")
        verbose_name_plural = _("screened cells")

    def __str__(self) -> str:
        return f"{self.screening_id} {self.i}/{self.j}"


class ScreeningSum(models.Model):
    """Sum the cells of one block by a larger cell: for maps at small scale. Blocks meet in a larger cell and are added.

    ``n0`` … ``n5`` count cells by class; ``score`` sums their scores.
    """

    pk = models.CompositePrimaryKey("screening_id", "level", "i", "j", "block")
    screening = models.ForeignKey(Screening, models.CASCADE, related_name="sums", db_index=False, db_constraint=False)
    level = models.SmallIntegerField(_("level"))
    i = models.IntegerField()
    j = models.IntegerField()
    block = models.IntegerField(_("block"))
    n0 = models.IntegerField()
    n1 = models.IntegerField()
    n2 = models.IntegerField()
    n3 = models.IntegerField()
    n4 = models.IntegerField()
    n5 = models.IntegerField()
    score = models.IntegerField()

    class Meta:
        verbose_name = _("sum of screened cells")
        verbose_name_plural = _("sums of screened cells")

    def __str__(self) -> str:
        return f"{self.screening_id} {self.level}: {self.i}/{self.j}"
