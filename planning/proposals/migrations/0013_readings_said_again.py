"""How measurements were read is said in the language of whoever reads it; returns from before keep their plain texts."""

from django.db import migrations

import layers.fields


class Migration(migrations.Migration):
    dependencies = [("proposals", "0012_check_of_what_was_sent_back")]

    operations = [
        migrations.AlterField(
            model_name="surveyreturn",
            name="notices",
            field=layers.fields.SaidField(blank=True, default=list, verbose_name="notices"),
        ),
        migrations.RunSQL(
            "ALTER TABLE proposals_surveyreturn ALTER COLUMN reading TYPE jsonb USING to_jsonb(reading)",
            "ALTER TABLE proposals_surveyreturn ALTER COLUMN reading TYPE varchar(120)"
            " USING left(reading #>> '{}', 120)",
            state_operations=[
                migrations.AlterField(
                    model_name="surveyreturn",
                    name="reading",
                    field=layers.fields.SaidField(blank=True, default=str, verbose_name="read as"),
                ),
            ],
        ),
    ]
