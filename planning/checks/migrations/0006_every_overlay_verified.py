"""Install the questions anew: every overlay whose area reaches a finding is verified, totals count ground once."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parent.parent / "sql"

# A function whose result or parameters change is another function to PostgreSQL.
GONE = [
    "check_verified(geometry, geometry)",
    "check_register_overlap(geometry, geometry, boolean)",
    "check_coverage(geometry, bigint[])",
    "check_units(geometry, bigint, date)",
    "check_expanded(geometry, bigint[], date)",
    "check_green_strip(geometry, geometry, double precision)",
    "check_union(geometry, bigint, text[])",
]


class Migration(migrations.Migration):
    """Replace what changed; new are ``check_beyond``, ``check_common`` and ``check_once``."""

    dependencies = [("checks", "0005_more_questions")]

    operations = [
        *[migrations.RunSQL(f"DROP FUNCTION IF EXISTS {name}", migrations.RunSQL.noop) for name in GONE],
        *install(
            SQL,
            "check_verified",
            "check_beyond",
            "check_common",
            "check_once",
            "check_overlap",
            "check_setback",
            "check_nearest",
            "check_coverage",
            "check_units",
            "check_register",
            "check_expanded",
            "check_green_strip",
            "check_union",
            "check_facts",
        ),
    ]
