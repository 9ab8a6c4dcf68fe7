"""Find features by their parts, and keep one index over their editions instead of three."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from layers.sql_files import install

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Drop the index over places, which parts have, and the one over editions, which the one over classes begins with."""

    dependencies = [("layers", "0010_keys_by_statement")]

    operations = [
        *install(SQL, "features_near", "edition_changes"),
        migrations.RemoveIndex(model_name="feature", name="feature_geom_gist"),
        migrations.AlterField(
            model_name="feature",
            name="edition",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="features",
                to="layers.edition",
            ),
        ),
    ]
