"""Count requests of the drawing board for all web processes together."""

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parents[1] / "desks" / "draw" / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("mapping", "0005_snap_to_constraints"),
    ]

    operations = [*install(SQL, "count_request")]
