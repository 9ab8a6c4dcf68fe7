"""Snap to the layers that rules use; their twins on the base map would only double the answer."""

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parents[1] / "glass" / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("mapping", "0004_layer_loads"),
    ]

    operations = [*install(SQL, "snap_targets")]
