"""Take today from the clock of Việt Nam: until 7 in the morning the server's day was still yesterday."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Install ``sql/public.sql`` again."""

    dependencies = [("registers", "0005_ask_once")]

    operations = [migrations.RunSQL((SQL / "public.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop)]
