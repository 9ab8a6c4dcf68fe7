"""Let promotion of an edition notice what was written to the books since its sweep."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Install ``sql/sweep_stamp.sql``."""

    dependencies = [
        ("proposals", "0003_guards_and_approved_zone"),
        ("registers", "0007_parameters_of_the_registers"),
        ("layers", "0005_edition_lines"),
    ]

    operations = install(SQL, "sweep_stamp")
