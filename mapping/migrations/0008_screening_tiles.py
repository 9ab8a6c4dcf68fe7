"""Draw the cells of a screening as tiles."""

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parents[1] / "glass" / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("mapping", "0007_snap_today_in_viet_nam"),
        ("proposals", "0005_screening_and_sites"),
    ]

    operations = [*install(SQL, "screening_tile")]
