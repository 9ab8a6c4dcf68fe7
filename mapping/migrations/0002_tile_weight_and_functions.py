"""Give tile rows their weight and shown attributes, and install the tile functions."""

from pathlib import Path

from django.db import migrations, models

from layers.sql_files import install

SQL = Path(__file__).resolve().parents[1] / "glass" / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("mapping", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="tilefeature",
            name="props",
            field=models.JSONField(blank=True, default=dict, verbose_name="shown attributes"),
        ),
        migrations.AddField(
            model_name="tilefeature",
            name="weight",
            field=models.FloatField(
                default=0, help_text="Large features stay when a tile is too full.", verbose_name="weight"
            ),
        ),
        *install(SQL, "tile", "tile_rows", "snap_targets"),
    ]
