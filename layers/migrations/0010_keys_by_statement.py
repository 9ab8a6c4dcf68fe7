"""Guard features and parts statement by statement, in the place of foreign keys that ask row by row."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from layers.sql_files import install

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Put the guards in before the keys go: there is no moment without either."""

    dependencies = [("layers", "0009_sheets")]

    operations = [
        *install(SQL, "guard_editions", "guard_rows"),
        migrations.AlterField(
            model_name="feature",
            name="edition",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="features",
                to="layers.edition",
            ),
        ),
        migrations.AlterField(
            model_name="featurepart",
            name="edition",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="parts",
                to="layers.edition",
            ),
        ),
        migrations.AlterField(
            model_name="featurepart",
            name="feature",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="parts",
                to="layers.feature",
            ),
        ),
    ]
