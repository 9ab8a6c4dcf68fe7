"""Install the one-statement tile builder where the earlier one was installed."""

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parents[1] / "glass" / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("mapping", "0002_tile_weight_and_functions"),
    ]

    operations = [
        migrations.RunSQL(
            "DROP FUNCTION IF EXISTS glass_build_band(bigint, integer, integer, double precision, text[])",
            migrations.RunSQL.noop,
        ),
        *install(SQL, "tile_rows"),
    ]
