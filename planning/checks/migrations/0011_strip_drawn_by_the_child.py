"""Let the geometry child draw the zone in for the green strip: no query can be stopped while GEOS buffers a zone."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Replace ``check_green_strip``, which takes the inner area now, and the facts that call it."""

    dependencies = [("checks", "0010_pieces_of_many_corners")]

    operations = [
        migrations.RunSQL(
            "DROP FUNCTION IF EXISTS check_green_strip(geometry, geometry, double precision, boolean)",
            migrations.RunSQL.noop,
        ),
        *install(SQL, "check_green_strip", "check_facts"),
    ]
