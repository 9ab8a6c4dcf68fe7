"""Guard display rows statement by statement, and sort them once instead of once a band."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from layers.sql_files import install

SQL = Path(__file__).resolve().parents[1] / "glass" / "sql"


class Migration(migrations.Migration):
    """Put the guard in before the key goes: there is no moment without either."""

    dependencies = [("mapping", "0021_progress_of_packages"), ("layers", "0010_keys_by_statement")]

    operations = [
        *install(SQL, "guard_tiles", "tile_rows"),
        migrations.AlterField(
            model_name="tilefeature",
            name="edition",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="layers.edition",
            ),
        ),
    ]
