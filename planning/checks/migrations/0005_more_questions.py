"""Two more kinds of question: distance from planned parts, and a declared figure."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Widen the list of questions."""

    dependencies = [("checks", "0004_labels")]

    operations = [
        migrations.AlterField(
            model_name="rule",
            name="question",
            field=models.CharField(
                choices=[
                    ("overlap", "overlap with a layer"),
                    ("setback", "distance to a layer"),
                    ("containment", "inside the planner's unit"),
                    ("share", "share of the zone in a class"),
                    ("size", "size of the zone"),
                    ("land_use_ratio", "ratio of planned land use"),
                    ("plan_list", "presence in the approved list"),
                    ("register_overlap", "overlap with a cluster or approved zone"),
                    ("occupancy", "occupancy of existing clusters"),
                    ("green_buffer", "green strip inside the perimeter"),
                    ("count_inside", "features inside the zone"),
                    ("part_setback", "distance from planned parts to a layer"),
                    ("declared", "declared figure"),
                ],
                max_length=20,
                verbose_name="question",
            ),
        ),
    ]
