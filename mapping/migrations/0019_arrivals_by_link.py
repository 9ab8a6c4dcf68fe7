"""Let a file from outside belong to a survey link instead of a person: exactly one of both holds it."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Name the survey order of files that came by its link; a row without a holder was never written."""

    dependencies = [
        ("mapping", "0018_packages_of_orders"),
        ("proposals", "0010_package_of_the_order"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="arrival",
            name="person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AddField(
            model_name="arrival",
            name="order",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="proposals.surveyorder",
                verbose_name="survey order",
            ),
        ),
        migrations.AddConstraint(
            model_name="arrival",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("order__isnull", True), ("person__isnull", False)),
                    models.Q(("order__isnull", False), ("person__isnull", True)),
                    _connector="OR",
                ),
                name="arrival_of_person_or_link",
            ),
        ),
    ]
