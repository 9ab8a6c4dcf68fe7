"""Let the next version of the rules be drafted, and close published ones to change (``sql/guard_rules.sql``)."""

from __future__ import annotations

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from layers.sql_files import install

SQL = Path(__file__).resolve().parent.parent / "sql"


def _person(label: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        django.db.models.deletion.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
    )


class Migration(migrations.Migration):
    """Add what a draft needs; rules published so far count as the catalogue's own, unedited."""

    dependencies = [
        ("checks", "0006_every_overlay_verified"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="rule",
            name="catalogue_sha256",
            field=models.CharField(blank=True, default="unedited", editable=False, max_length=64),
        ),
        migrations.AlterField(
            model_name="rule",
            name="catalogue_sha256",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="rule",
            name="row_version",
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name="row version"),
        ),
        migrations.AddField(
            model_name="ruleset",
            name="base",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="derived",
                to="checks.ruleset",
                verbose_name="made from version",
            ),
        ),
        migrations.AddField("ruleset", "opened_at", models.DateTimeField("opened at", null=True, blank=True)),
        migrations.AddField("ruleset", "opened_by", _person("opened by")),
        migrations.AddField("ruleset", "published_by", _person("published by")),
        migrations.AddField("ruleset", "row_version", models.PositiveIntegerField("row version", default=1)),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="rule_dates_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(published_at__isnull=True, base__isnull=False),
                name="one_draft_of_the_rules",
            ),
        ),
        *install(SQL, "guard_rules"),
    ]
