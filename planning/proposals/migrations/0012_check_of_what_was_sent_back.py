"""Keep what the check said of measurements that were sent back."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the kept answer; rulings made before have none."""

    dependencies = [("proposals", "0011_cleared_screenings")]

    operations = [
        migrations.AddField(
            model_name="surveyruling",
            name="checked",
            field=models.JSONField(blank=True, default=dict, verbose_name="check of what was sent back"),
        )
    ]
