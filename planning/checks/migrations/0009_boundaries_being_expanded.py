"""Let a kept run name the boundaries of the cluster it was told to expand."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Install ``check_expanded`` anew: it also answers with the hashes of the boundaries."""

    dependencies = [("checks", "0008_distances_by_flow")]

    operations = install(SQL, "check_expanded")
