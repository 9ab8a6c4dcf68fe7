"""Find the nearest piece of a zone's edge by what of a part lies near it."""

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Install ``check_distance`` and ``check_setback`` anew."""

    dependencies = [("checks", "0015_features_known_apart")]

    operations = [*install(SQL, "check_distance", "check_setback")]
