"""Close the tables of the way back to change."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql" / "append_only_survey.sql"


class Migration(migrations.Migration):
    """Install ``sql/append_only_survey.sql``."""

    dependencies = [("proposals", "0008_returns_of_the_survey")]

    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
