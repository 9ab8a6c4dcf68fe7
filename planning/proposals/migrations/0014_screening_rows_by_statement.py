"""Guard the cells and sums of screenings statement by statement, in the place of keys that ask row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql" / "guard_screening.sql"


def _key(of: str) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name=of,
        to="proposals.screening",
    )


class Migration(migrations.Migration):
    """Put the guards in before the keys go: there is no moment without either."""

    dependencies = [("proposals", "0013_readings_said_again")]

    operations = [
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.AlterField(model_name="screeningcell", name="screening", field=_key("cells")),
        migrations.AlterField(model_name="screeningsum", name="screening", field=_key("sums")),
    ]
