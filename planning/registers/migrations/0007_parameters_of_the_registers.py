"""Keep the criteria of craft villages as dated parameters too: what was the fund's table now serves all books."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Rename the table, say the article, know the new names."""

    dependencies = [("registers", "0006_today_in_viet_nam")]

    operations = [
        migrations.RenameModel("FundParameter", "RegisterParameter"),
        migrations.AlterModelOptions(
            name="registerparameter",
            options={
                "ordering": ["name", "-valid_from"],
                "verbose_name": "parameter of the registers",
                "verbose_name_plural": "parameters of the registers",
            },
        ),
        migrations.RemoveConstraint(model_name="registerparameter", name="fund_parameter_once_per_day"),
        migrations.AddConstraint(
            model_name="registerparameter",
            constraint=models.UniqueConstraint(fields=("name", "valid_from"), name="register_parameter_once_per_day"),
        ),
        migrations.AddField(
            model_name="registerparameter",
            name="article",
            field=models.CharField(blank=True, max_length=80, verbose_name="article"),
        ),
        migrations.AlterField(
            model_name="registerparameter",
            name="name",
            field=models.CharField(
                choices=[
                    ("max_advance_share", "largest advance, share of the support granted (0–1)"),
                    (
                        "village_household_share",
                        "craft village: smallest share of the households that take part (0–1)",
                    ),
                    ("village_stable_years", "craft village: consecutive years of stable production, at least"),
                    ("craft_years", "traditional craft: years of existence, more than"),
                ],
                max_length=40,
                verbose_name="name",
            ),
        ),
    ]
