"""Snap to features found by their parts: they have no index over places of their own any more."""

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parents[1] / "glass" / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("layers", "0011_places_by_parts"),
        ("mapping", "0022_tiles_by_statement"),
    ]

    operations = [*install(SQL, "snap_targets")]
