"""Install the questions and public views of the books, and close the ledger to change."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"
FILES = ("units.sql", "boundaries.sql", "public.sql", "search.sql", "fund.sql")
CLOSED = ("registers_payment", "registers_paymentconfirmation")


class Migration(migrations.Migration):
    """Install ``sql/*.sql`` in the order they use one another; close payments and their confirmations."""

    dependencies = [
        ("registers", "0002_fund_parameters_and_four_eyes"),
        ("people", "0002_guards_and_scope"),
        ("layers", "0001_initial"),
    ]

    operations = [
        *(
            migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)
            for name in FILES
        ),
        *(migrations.RunSQL(f"SELECT append_only_close('{table}')", migrations.RunSQL.noop) for table in CLOSED),
    ]
