"""Measure what was not looked at with what lies inside: what lies around can then be asked before it is known."""

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Install the two halves of the question anew."""

    dependencies = [("checks", "0021_ground_by_the_flow")]

    operations = [*install(SQL, "check_around", "check_facts")]
