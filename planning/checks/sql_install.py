"""How do the check's SQL functions get into a database? One file each in ``sql/``, run by a migration, in the order given."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent / "sql"


def install(*names: str) -> list[migrations.RunSQL]:
    """Return one migration operation per file of ``sql/`` (without ``.sql``); going back keeps the functions."""
    return [migrations.RunSQL((SQL / f"{name}.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop) for name in names]
