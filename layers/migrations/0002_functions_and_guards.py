"""Install the ground's SQL functions and close promoted editions."""

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("layers", "0001_initial"),
    ]

    operations = [
        *install(
            SQL, "sheet", "features_near", "build_parts", "edition_changes", "guard_editions", "analyze", "share_within"
        ),
    ]
