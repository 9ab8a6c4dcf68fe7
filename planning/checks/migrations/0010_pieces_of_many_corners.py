"""Count ground once without asking pieces of many corners in pairs."""

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("checks", "0009_boundaries_being_expanded")]

    operations = [*install(SQL, "check_once")]
