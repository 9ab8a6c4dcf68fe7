"""How do a floor's SQL functions get into a database? One file each, run by a migration, in the order given."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations


def install(folder: Path, *names: str) -> list[migrations.RunSQL]:
    """Return one migration operation per file ``folder/name.sql``; going back keeps the functions."""
    return [
        migrations.RunSQL((folder / f"{name}.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop)
        for name in names
    ]
