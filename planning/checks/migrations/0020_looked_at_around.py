"""Measure what was not looked at around a zone, as far as a distance is asked."""

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Install the question about the coverage around a zone, and the one that asks it."""

    dependencies = [("checks", "0019_parts_on_sheets")]

    operations = [*install(SQL, "check_looked", "check_around")]
