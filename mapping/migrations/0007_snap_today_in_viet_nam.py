"""Snap to the communes of today as the clock in Việt Nam shows it; the server's day begins seven hours later."""

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parents[1] / "glass" / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("mapping", "0006_count_requests"),
    ]

    operations = [*install(SQL, "snap_targets")]
