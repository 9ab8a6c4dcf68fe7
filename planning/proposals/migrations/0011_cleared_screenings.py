"""Let the cells of an overtaken screening be cleared away; the screening stays and says when."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the moment at which cells were cleared; of none so far."""

    dependencies = [("proposals", "0010_package_of_the_order")]

    operations = [
        migrations.AddField(
            model_name="screening",
            name="cleared_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="cells cleared at"),
        )
    ]
