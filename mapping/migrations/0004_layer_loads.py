"""Keep where the loading of a layer file stands."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("layers", "0002_functions_and_guards"),
        ("mapping", "0003_tiles_in_one_statement"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LayerLoad",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting for the worker"),
                            ("reading", "reading the file"),
                            ("asking_layer", "which layer of the file?"),
                            ("asking_crs", "which coordinate system?"),
                            ("staging", "vetting, storing and building"),
                            ("done", "staged"),
                            ("failed", "file refused"),
                        ],
                        default="queued",
                        max_length=14,
                        verbose_name="state",
                    ),
                ),
                ("filename", models.CharField(max_length=200, verbose_name="file")),
                ("stored", models.CharField(max_length=200, verbose_name="place in storage")),
                ("options", models.JSONField(default=dict, verbose_name="options")),
                ("question", models.JSONField(blank=True, default=dict, verbose_name="question")),
                ("problem", models.JSONField(blank=True, default=dict, verbose_name="refusal")),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="started")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="last change")),
                (
                    "edition",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="layers.edition",
                    ),
                ),
                (
                    "layer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="layers.layer",
                        verbose_name="layer",
                    ),
                ),
                (
                    "loaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="loaded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "loading of a layer",
                "verbose_name_plural": "loadings of layers",
                "ordering": ["-started_at", "-id"],
            },
        ),
    ]
