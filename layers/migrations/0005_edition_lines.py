"""List what became of each feature when an edition was staged; note when its publisher looked."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import layers.fields
from layers.sql_files import install

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("layers", "0004_batches"),
    ]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="looked_on",
            field=models.DateField(
                blank=True,
                help_text="When the publisher last looked, if that was earlier than the day of effect; age counts from it.",
                null=True,
                verbose_name="surveyed on",
            ),
        ),
        migrations.CreateModel(
            name="EditionLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("repaired", "mended on loading"),
                            ("duplicate", "published twice"),
                            ("added", "new"),
                            ("removed", "gone"),
                            ("moved", "boundary changed"),
                            ("relabelled", "renamed or reclassed"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("row", models.PositiveIntegerField(blank=True, null=True, verbose_name="row of the file")),
                ("source_id", models.CharField(blank=True, max_length=120, verbose_name="identifier at the source")),
                ("name", models.CharField(blank=True, max_length=240, verbose_name="name")),
                ("name_before", models.CharField(blank=True, max_length=240, verbose_name="name before")),
                ("class_code", models.CharField(blank=True, max_length=60, verbose_name="class")),
                ("class_before", models.CharField(blank=True, max_length=60, verbose_name="class before")),
                ("size_before", models.FloatField(blank=True, null=True, verbose_name="size before")),
                ("size_after", models.FloatField(blank=True, null=True, verbose_name="size after")),
                ("gained", models.FloatField(default=0, verbose_name="gained")),
                ("lost", models.FloatField(default=0, verbose_name="lost")),
                ("weight", models.FloatField(default=0, verbose_name="weight")),
                ("text", models.CharField(blank=True, max_length=240, verbose_name="what was mended")),
                ("confirm", models.BooleanField(default=False, verbose_name="to be looked at")),
                (
                    "at",
                    layers.fields.StorageGeometryField(blank=True, geom_type="POINT", null=True, spatial_index=False),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="layers.edition",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a loading report",
                "verbose_name_plural": "lines of loading reports",
                "ordering": ["edition", "kind", "-weight", "id"],
                "indexes": [models.Index(fields=["edition", "kind", "-weight", "id"], name="line_edition_kind")],
            },
        ),
        *install(SQL, "edition_changes", "ground_only_in", "guard_editions"),
    ]
