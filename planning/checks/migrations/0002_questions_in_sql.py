"""Install the SQL functions that answer the check's questions."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Install every file of ``sql/``; functions come after the ones they call."""

    dependencies = [
        ("checks", "0001_initial"),
        ("layers", "0001_initial"),
        ("people", "0002_guards_and_scope"),
        ("registers", "0001_initial"),
    ]

    operations = install(
        SQL,
        "check_basis_stamp",
        "check_editions",
        "check_verified",
        "check_overlap",
        "check_distance",
        "check_setback",
        "check_nearest",
        "check_coverage",
        "check_units",
        "check_register",
        "check_plan_list",
        "check_occupancy",
        "check_expanded",
        "check_green_strip",
        "check_union",
        "check_facts",
    )
