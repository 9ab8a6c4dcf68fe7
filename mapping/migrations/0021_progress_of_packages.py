"""Let a page say how far a survey package is."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the progress of a package that is being made."""

    dependencies = [("mapping", "0020_said_again")]

    operations = [
        migrations.AddField(
            model_name="packagebuild",
            name="progress",
            field=models.JSONField(blank=True, default=dict, verbose_name="progress"),
        )
    ]
