"""Disagreements with findings and the rulings on them; both tables are closed to change."""

from __future__ import annotations

from pathlib import Path

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import layers.fields

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Create ``Dispute`` and ``DisputeRuling`` and install ``sql/append_only_disputes.sql``."""

    dependencies = [
        ("proposals", "0005_screening_and_sites"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Dispute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                ("reason", models.TextField(verbose_name="reason")),
                ("file", models.FileField(blank=True, upload_to="disputes/%Y/", verbose_name="file")),
                ("file_name", models.CharField(blank=True, max_length=200, verbose_name="file name")),
                ("file_sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256 of the file")),
                ("file_size", models.PositiveIntegerField(blank=True, null=True, verbose_name="size, bytes")),
                (
                    "place",
                    layers.fields.StorageGeometryField(blank=True, geom_type="POINT", null=True, spatial_index=False),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disputes",
                        to="proposals.checkfinding",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="disputes", to="proposals.proposal"
                    ),
                ),
            ],
            options={
                "verbose_name": "disagreement with a finding",
                "verbose_name_plural": "disagreements with findings",
                "ordering": ["proposal", "at", "id"],
            },
        ),
        migrations.CreateModel(
            name="DisputeRuling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("upheld", "the finding stands"),
                            ("accepted", "the finding is set aside"),
                            ("withdrawn", "withdrawn by the planner"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "dispute",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ruling", to="proposals.dispute"
                    ),
                ),
            ],
            options={
                "verbose_name": "ruling on a disagreement",
                "verbose_name_plural": "rulings on disagreements",
                "ordering": ["at", "id"],
            },
        ),
        migrations.RunSQL((SQL / "append_only_disputes.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
