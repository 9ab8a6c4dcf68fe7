"""Count the age of an edition from the day its publisher looked."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Install ``sql/check_editions.sql``."""

    dependencies = [("checks", "0012_side_of_the_flow"), ("layers", "0005_edition_lines")]

    operations = install(SQL, "check_editions")
