"""Know of an edition whether its features share ground, from when its parts are built."""

from pathlib import Path

from django.db import migrations, models

from layers.sql_files import install

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Add the mark; editions built before stay unmarked and are asked pair by pair until they are built anew."""

    dependencies = [("layers", "0006_differ_near")]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="features_apart",
            field=models.BooleanField(null=True, verbose_name="no two features share ground"),
        ),
        *install(SQL, "features_apart"),
    ]
