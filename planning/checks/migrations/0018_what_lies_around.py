"""Ask what lies around a zone by a function of its own."""

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Install ``check_around``, and ``check_facts`` anew."""

    dependencies = [("checks", "0017_planned_parts_joined")]

    operations = [*install(SQL, "check_around", "check_facts")]
