"""Close the tables of acts to change, and publish the approved zones to the check."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


def _file(name: str) -> migrations.RunSQL:
    return migrations.RunSQL((SQL / f"{name}.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    """Install ``sql/append_only_tables.sql`` and ``sql/approved_zone.sql``."""

    dependencies = [("proposals", "0002_three_persons_and_totals"), ("people", "0002_guards_and_scope")]

    operations = [_file("append_only_tables"), _file("approved_zone")]
