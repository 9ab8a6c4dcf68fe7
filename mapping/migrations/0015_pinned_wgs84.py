"""Let SQL write WGS 84 by the pinned operation: exported GeoJSON is text that PostGIS makes."""

from django.db import migrations

from layers.spatial_ref_sys import insert_pinned_zones


class Migration(migrations.Migration):
    dependencies = [
        ("mapping", "0009_ask_for_classes"),
        ("layers", "0001_initial"),
    ]

    operations = [migrations.RunPython(insert_pinned_zones, migrations.RunPython.noop)]
