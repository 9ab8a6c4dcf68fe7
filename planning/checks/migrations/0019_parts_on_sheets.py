"""Look for parts on the sheet of their edition."""

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Install the questions that look for parts at a place."""

    dependencies = [("checks", "0018_what_lies_around"), ("layers", "0009_sheets")]

    operations = [*install(SQL, "check_overlap", "check_setback", "check_setback_flow", "check_nearest")]
