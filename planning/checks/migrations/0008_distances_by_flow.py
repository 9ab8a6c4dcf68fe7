"""Ask for distances upstream and downstream, and from planned parts; the facts name area and attributes on demand."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Install ``check_setback_flow`` and the facts that call it."""

    dependencies = [("checks", "0007_drafts_of_rules")]

    operations = install(SQL, "check_setback_flow", "check_facts")
