"""Index parts on the sheet of their edition, and ask for them there."""

from pathlib import Path

import django.contrib.postgres.indexes
from django.db import migrations, models

from layers.sql_files import install

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    """Put the index over sheets in the place of the one over edition and geometry."""

    dependencies = [("layers", "0008_changes_by_hash")]

    operations = [
        migrations.RemoveIndex(model_name="featurepart", name="part_edition_geom_gist"),
        migrations.AddIndex(
            model_name="featurepart",
            index=django.contrib.postgres.indexes.GistIndex(
                models.Func("edition", "geom", function="layers_sheet"), name="part_sheet_gist"
            ),
        ),
        *install(SQL, "build_parts", "features_apart", "ground_only_in", "edition_changes", "differ_near"),
    ]
