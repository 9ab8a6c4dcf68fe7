"""What did the check answer, about which boundary, against which basis? Kept runs, append-only."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from layers.fields import StorageGeometryField
from planning.proposals.models.zone import ZoneVersion


class CheckRun(models.Model):
    """Keep one stored run.

    ``basis`` names rule-set version, edition per layer and date; ``engine`` the library versions.
    """

    version = models.ForeignKey(ZoneVersion, models.PROTECT, related_name="check_runs")
    at = models.DateTimeField(_("at"), default=timezone.now)
    verdict = models.CharField(_("verdict"), max_length=20)
    basis = models.JSONField(_("basis"))
    subject = models.JSONField(_("subject"), default=dict)
    engine = models.JSONField(_("engine"))
    geom_hash = models.CharField(_("SHA-256 of the geometry"), max_length=64)
    findings_hash = models.CharField(_("SHA-256 of the findings"), max_length=64)
    land_use = models.JSONField(_("existing land use"), default=list)
    ratios = models.JSONField(_("land-use ratios"), default=list)
    size = models.JSONField(_("size"), default=dict)
    totals = models.JSONField(_("totals by rule"), default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("check run")
        verbose_name_plural = _("check runs")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.version} {self.verdict}"


class CheckFinding(models.Model):
    """Keep one finding of a run, with its texts as they read that day. Append-only."""

    run = models.ForeignKey(CheckRun, models.PROTECT, related_name="findings")
    order = models.PositiveIntegerField(_("order"))
    rule_code = models.CharField(_("rule"), max_length=60)
    severity = models.CharField(_("severity"), max_length=12)
    outcome = models.CharField(_("outcome"), max_length=24)
    layer_code = models.CharField(_("layer"), max_length=60, blank=True)
    edition_id_at = models.BigIntegerField(_("edition"), null=True, blank=True)
    source_key = models.CharField(_("source row"), max_length=120, blank=True)
    source_hash = models.CharField(_("SHA-256 of the source row"), max_length=64, blank=True)
    feature_name = models.CharField(_("feature"), max_length=240, blank=True)
    overlap_m2 = models.FloatField(_("overlap, m²"), null=True, blank=True)
    share_of_zone = models.FloatField(_("share of the zone"), null=True, blank=True)
    distance_m = models.FloatField(_("distance, m"), null=True, blank=True)
    unchecked_share = models.FloatField(_("share not checked"), null=True, blank=True)
    data = models.JSONField(_("texts and details"), default=dict)
    piece = StorageGeometryField(spatial_index=False, null=True, blank=True)
    nearest_line = StorageGeometryField(geom_type="LINESTRING", spatial_index=False, null=True, blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["run", "order"]
        constraints = [models.UniqueConstraint(fields=["run", "order"], name="finding_order_once")]

    def __str__(self) -> str:
        return f"{self.rule_code} {self.outcome}"

    @property
    def title(self) -> str:
        """Return the rule's title in the active language, as it read on the day of the run."""
        return self._words("title")

    @property
    def text(self) -> str:
        """Return the finding's text in the active language, as it read on the day of the run."""
        return self._words("text")

    @property
    def next_step(self) -> str:
        """Return what to do, in the active language."""
        return self._words("next_step")

    @property
    def body(self) -> str:
        """Return the body to ask, in the active language."""
        return self._words("body")

    @property
    def overlap_ha(self) -> float | None:
        """Return the overlap in hectares, to 0.01 ha."""
        return None if self.overlap_m2 is None else round(self.overlap_m2 / 10_000, 2)

    def _words(self, name: str) -> str:
        english = (get_language() or "vi").startswith("en")
        return str(
            self.data.get(f"{name}_en") if english and self.data.get(f"{name}_en") else self.data.get(f"{name}_vi", "")
        )
