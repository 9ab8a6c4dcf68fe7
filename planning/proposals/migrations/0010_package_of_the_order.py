"""Let a survey order say which package its team gets."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the chosen package; orders made before hold everything, in the province's zone."""

    dependencies = [("proposals", "0009_returns_never_changed")]

    operations = [
        migrations.AddField(
            model_name="surveyorder",
            name="package",
            field=models.JSONField(blank=True, default=dict, verbose_name="chosen package"),
        )
    ]
