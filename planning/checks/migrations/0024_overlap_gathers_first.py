"""Measure the pieces of an overlap after they were gathered by feature: most features have but one."""

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Install the overlap anew."""

    dependencies = [("checks", "0023_nearest_around")]

    operations = [*install(SQL, "check_overlap")]
