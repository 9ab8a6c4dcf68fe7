"""Close the log of acts to change, and install the functions that say which office reaches which place."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Install ``sql/append_only.sql`` and ``sql/scope.sql``; close people_event."""

    dependencies = [("people", "0001_initial"), ("layers", "0001_initial")]

    operations = [
        migrations.RunSQL((SQL / "append_only.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.RunSQL((SQL / "scope.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.RunSQL("SELECT append_only_close('people_event')", migrations.RunSQL.noop),
    ]
