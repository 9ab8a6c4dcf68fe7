"""Buffer nothing for a zone that lies in a corridor as a whole."""

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("checks", "0013_age_of_editions")]

    operations = [*install(SQL, "check_setback")]
