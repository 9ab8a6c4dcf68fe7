"""Compare parts in pairs only where features are not known to lie apart."""

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Install ``check_overlap`` anew."""

    dependencies = [("checks", "0014_zone_wholly_in_a_corridor"), ("layers", "0007_features_apart")]

    operations = [*install(SQL, "check_overlap")]
