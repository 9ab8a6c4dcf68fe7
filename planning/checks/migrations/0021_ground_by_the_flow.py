"""Draw the ground an intake guards without an overlay, verify what is taken of it, and guess no direction of flow."""

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Install the question about points on flowing water anew, and what it draws."""

    dependencies = [("checks", "0020_looked_at_around")]

    operations = [*install(SQL, "check_flow_ground", "check_setback_flow")]
