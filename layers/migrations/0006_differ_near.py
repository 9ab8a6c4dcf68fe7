"""Tell whether two editions say anything different near a zone."""

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("layers", "0005_edition_lines"),
    ]

    operations = install(SQL, "differ_near")
