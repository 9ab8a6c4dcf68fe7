"""Ask for the nearest with what lies around: the other half of a live question takes longer."""

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Install the two halves of the question anew."""

    dependencies = [("checks", "0022_looked_inside")]

    operations = [*install(SQL, "check_around", "check_facts")]
