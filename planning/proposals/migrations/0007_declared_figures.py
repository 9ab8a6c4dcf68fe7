"""What a planner declares that no drawing shows: demand for land, trade class, wastewater plant, plot density."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the declared figures to the proposal."""

    dependencies = [("proposals", "0006_disputes")]

    operations = [
        migrations.AddField(
            model_name="proposal",
            name="demand_ha",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                max_digits=8,
                null=True,
                verbose_name="documented demand for industrial land, ha",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="declared",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="See planning.checks.declared; empty = undeclared.",
                verbose_name="declared figures",
            ),
        ),
    ]
