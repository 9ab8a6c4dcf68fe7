"""Let a package be the one of a survey order."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Tie a package to the order it was made for; packages made in the house have none."""

    dependencies = [("mapping", "0017_arrivals"), ("proposals", "0010_package_of_the_order")]

    operations = [
        migrations.AddField(
            model_name="packagebuild",
            name="order",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="proposals.surveyorder",
            ),
        )
    ]
