"""Let the loading of a raster wait for its classes."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mapping", "0008_screening_tiles"),
    ]

    operations = [
        migrations.AlterField(
            model_name="layerload",
            name="state",
            field=models.CharField(
                choices=[
                    ("queued", "waiting for the worker"),
                    ("reading", "reading the file"),
                    ("asking_layer", "which layer of the file?"),
                    ("asking_crs", "which coordinate system?"),
                    ("asking_classes", "which classes?"),
                    ("staging", "vetting, storing and building"),
                    ("done", "staged"),
                    ("failed", "file refused"),
                ],
                default="queued",
                max_length=14,
                verbose_name="state",
            ),
        ),
    ]
