"""Compare editions by hash joins, whatever the planner expects of each step."""

from pathlib import Path

from django.db import migrations

from layers.sql_files import install

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Install the comparison of features and the one of ground anew; their answers are the same."""

    dependencies = [("layers", "0007_features_apart")]

    operations = install(SQL, "sheet", "edition_changes", "ground_only_in")
