"""Say on which side of the flow a zone falls short of an intake: upstream, downstream, or nobody knows."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Install ``check_setback_flow`` with one more column, and the facts that hand it on."""

    dependencies = [("checks", "0011_strip_drawn_by_the_child")]

    operations = [
        migrations.RunSQL(
            "DROP FUNCTION IF EXISTS check_setback_flow(geometry, jsonb, boolean)", migrations.RunSQL.noop
        ),
        *install(SQL, "check_setback_flow", "check_facts"),
    ]
