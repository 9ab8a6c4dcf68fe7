"""Fold every text once per search, resolve every place once per total, measure districts only when there is a choice."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Install ``sql/units.sql``, ``sql/search.sql`` and ``sql/fund.sql`` again."""

    dependencies = [("registers", "0004_labels")]

    operations = [
        migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)
        for name in ("units.sql", "search.sql", "fund.sql")
    ]
