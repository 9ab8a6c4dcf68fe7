"""Which question does the check ask, of what, how severe, on whose authority?

Rules are data; a rule set is one published version of them.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from layers.models import LegalInstrument


class Severity(models.TextChoices):
    """What it means when a rule fires."""

    PROHIBITED = "prohibited", _("prohibited")
    CONDITIONAL = "conditional", _("conditional")
    ADVISORY = "advisory", _("advisory")


class Question(models.TextChoices):
    """The kind of question; each has one answering function in `planning.checks.engine`."""

    OVERLAP = "overlap", _("overlap with a layer")
    SETBACK = "setback", _("distance to a layer")
    CONTAINMENT = "containment", _("inside the planner's unit")
    SHARE = "share", _("share of the zone in a class")
    SIZE = "size", _("size of the zone")
    LAND_USE_RATIO = "land_use_ratio", _("ratio of planned land use")
    PLAN_LIST = "plan_list", _("presence in the approved list")
    REGISTER_OVERLAP = "register_overlap", _("overlap with a cluster or approved zone")
    OCCUPANCY = "occupancy", _("occupancy of existing clusters")
    GREEN_BUFFER = "green_buffer", _("green strip inside the perimeter")
    COUNT_INSIDE = "count_inside", _("features inside the zone")
    PART_SETBACK = "part_setback", _("distance from planned parts to a layer")
    DECLARED = "declared", _("declared figure")


class RuleSet(models.Model):
    """Version the rules. Publishing makes a new version; nothing stored changes.

    Without ``published_at`` it is a draft: *base* names the version it was made from, *version* the number it will get.
    Once published, the set and its rules are closed to change by the database (``sql/guard_rules.sql``).
    """

    version = models.PositiveIntegerField(_("version"), unique=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=400, blank=True)
    content_sha256 = models.CharField(_("SHA-256 of the rules"), max_length=64, blank=True)
    base = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="derived", verbose_name=_("made from version")
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    row_version = models.PositiveIntegerField(_("row version"), default=1)

    class Meta:
        verbose_name = _("rule set")
        verbose_name_plural = _("rule sets")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(published_at__isnull=True, base__isnull=False),
                name="one_draft_of_the_rules",
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version}"


class Rule(models.Model):
    """Ask one question of one source, or of the zone itself."""

    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="rules")
    code = models.SlugField(_("code"), max_length=60)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    question = models.CharField(_("question"), max_length=20, choices=Question.choices)
    layer_code = models.SlugField(_("layer"), max_length=60, blank=True)
    classes = models.JSONField(
        _("classes"), default=list, blank=True, help_text=_("Only features of these classes; empty = all.")
    )
    distance_m = models.DecimalField(_("distance, m"), max_digits=10, decimal_places=2, null=True, blank=True)
    distance_by_class = models.JSONField(
        _("distance by class, m"), default=dict, blank=True, help_text=_("For example by road class or line voltage.")
    )
    settings = models.JSONField(
        _("settings"),
        default=dict,
        blank=True,
        help_text=_("Names of parameters and kinds of proposal the question uses."),
    )
    severity = models.CharField(_("severity"), max_length=12, choices=Severity.choices)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    instrument = models.ForeignKey(LegalInstrument, models.PROTECT, related_name="rules")
    article = models.CharField(_("article"), max_length=120, blank=True)
    verified = models.BooleanField(_("figures checked"), default=False)
    body_code = models.SlugField(_("body to ask"), max_length=60, blank=True)
    title_vi = models.CharField(_("title in Vietnamese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200)
    text_vi = models.TextField(_("text in Vietnamese"))
    text_en = models.TextField(_("text in English"))
    next_step_vi = models.TextField(_("what to do, in Vietnamese"), blank=True)
    next_step_en = models.TextField(_("what to do, in English"), blank=True)
    row_version = models.PositiveIntegerField(_("row version"), default=1, editable=False)
    # What the house's own catalogue said when this rule was last compared with it; empty: written by an administrator.
    catalogue_sha256 = models.CharField(max_length=64, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["rule_set", "order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "code"], name="rule_code_once_per_set"),
            models.CheckConstraint(
                condition=~Q(title_vi="") & ~Q(title_en="") & ~Q(text_vi="") & ~Q(text_en=""),
                name="rule_texts_in_both_languages",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="rule_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.rule_set})"
