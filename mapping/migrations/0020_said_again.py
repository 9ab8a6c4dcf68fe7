"""Sentences kept with a file can be said again in another language; lines of the log from before stay plain texts."""

from django.db import migrations

import layers.fields


class Migration(migrations.Migration):
    dependencies = [("mapping", "0019_arrivals_by_link")]

    operations = [
        migrations.AlterField(
            model_name="arrival",
            name="answers",
            field=layers.fields.SaidField(blank=True, default=dict, verbose_name="answers"),
        ),
        migrations.AlterField(
            model_name="arrival",
            name="facts",
            field=layers.fields.SaidField(blank=True, default=dict, verbose_name="what was read"),
        ),
        migrations.AlterField(
            model_name="arrival",
            name="problem",
            field=layers.fields.SaidField(blank=True, default=dict, verbose_name="refusal"),
        ),
        migrations.RunSQL(
            "ALTER TABLE mapping_arrivalline ALTER COLUMN text TYPE jsonb USING to_jsonb(text)",
            "ALTER TABLE mapping_arrivalline ALTER COLUMN text TYPE varchar(400) USING left(text #>> '{}', 400)",
            state_operations=[
                migrations.AlterField(
                    model_name="arrivalline",
                    name="text",
                    field=layers.fields.SaidField(blank=True, default=str, verbose_name="text"),
                ),
            ],
        ),
    ]
