"""The way back: every use of a survey link, what the team returned, the ruling on it, the hand-over of the stakes."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import layers.fields


def _key(name: str = "id") -> tuple[str, models.Field]:
    return (name, models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def _to(model: str, related: str = "+", **more: object) -> models.Field:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=related, to=model, **more)


class Migration(migrations.Migration):
    """Rename downloads to uses, give orders a scale and versions a kind, add the tables of the way back."""

    dependencies = [
        ("proposals", "0007_declared_figures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameModel("SurveyDownload", "SurveyUse"),
        migrations.AlterModelOptions(
            name="surveyuse",
            options={
                "ordering": ["-at", "-id"],
                "verbose_name": "use of a survey link",
                "verbose_name_plural": "uses of survey links",
            },
        ),
        migrations.AlterField(
            model_name="surveyuse", name="order", field=_to("proposals.surveyorder", "uses")
        ),
        migrations.AlterField(
            model_name="surveyuse", name="what", field=models.CharField(blank=True, max_length=60, verbose_name="what")
        ),
        migrations.AddField(
            model_name="surveyuse",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "opened"),
                    ("downloaded", "package downloaded"),
                    ("returned", "measurements sent"),
                    ("expired", "tried after it had expired"),
                    ("revoked", "tried after it was revoked"),
                    ("used_up", "tried after all downloads were used"),
                ],
                default="downloaded",
                max_length=12,
                verbose_name="kind of use",
            ),
        ),
        migrations.AddIndex(
            model_name="surveyuse", index=models.Index(fields=["order", "kind", "at"], name="survey_use_by_order")
        ),
        migrations.AddField(
            model_name="surveyorder",
            name="scale",
            field=models.PositiveIntegerField(
                choices=[(500, "1/500"), (1000, "1/1.000"), (2000, "1/2.000"), (5000, "1/5.000")],
                default=500,
                verbose_name="map scale",
            ),
        ),
        migrations.AddField(
            model_name="zoneversion",
            name="kind",
            field=models.CharField(
                choices=[("drawn", "drawn"), ("measured", "measured")],
                default="drawn",
                max_length=8,
                verbose_name="kind",
            ),
        ),
        migrations.CreateModel(
            name="SurveyReturn",
            fields=[
                _key(),
                ("order", _to("proposals.surveyorder", "returns")),
                ("proposal", _to("proposals.proposal", "survey_returns")),
                ("version", _to("proposals.zoneversion")),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("file", models.FileField(upload_to="survey-returns/%Y/", verbose_name="file")),
                ("filename", models.CharField(max_length=200, verbose_name="file name")),
                ("file_sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the file")),
                ("reading", models.CharField(blank=True, max_length=120, verbose_name="read as")),
                ("instrument", models.CharField(max_length=120, verbose_name="instrument")),
                ("base_points", models.CharField(max_length=240, verbose_name="base points")),
                ("measured_on", models.DateField(verbose_name="measured on")),
                ("signer", models.CharField(max_length=120, verbose_name="signed by")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("geom", layers.fields.StorageGeometryField(geom_type="MULTIPOLYGON", spatial_index=False)),
                ("geom_hash", models.CharField(max_length=64, verbose_name="SHA-256 of the geometry")),
                ("area_m2", models.FloatField(verbose_name="area, m²")),
                ("notices", models.JSONField(blank=True, default=list, verbose_name="notices")),
            ],
            options={
                "verbose_name": "survey return",
                "verbose_name_plural": "survey returns",
                "ordering": ["proposal", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("proposal", "number"), name="survey_return_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("geom__isvalid", True)), name="survey_return_geom_valid"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyRuling",
            fields=[
                _key(),
                (
                    "survey_return",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ruling", to="proposals.surveyreturn"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("accepted", "accepted"), ("sent_back", "sent back")],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("marks", models.JSONField(blank=True, default=list, verbose_name="marks")),
                ("summary", models.JSONField(default=dict, verbose_name="summary")),
                ("version", _to("proposals.zoneversion", null=True, blank=True)),
                ("run", _to("proposals.checkrun", null=True, blank=True)),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("by", _to(settings.AUTH_USER_MODEL)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
            ],
            options={
                "verbose_name": "ruling on a survey return",
                "verbose_name_plural": "rulings on survey returns",
                "ordering": ["survey_return", "at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("outcome", "sent_back"),
                                ("run__isnull", True),
                                ("valid_from__isnull", True),
                                ("version__isnull", True),
                            ),
                            models.Q(
                                ("outcome", "accepted"),
                                ("run__isnull", False),
                                ("valid_from__isnull", False),
                                ("version__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="survey_ruling_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                _key(),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("on", models.DateField(verbose_name="handed over on")),
                ("file", models.FileField(upload_to="handovers/%Y/", verbose_name="minutes")),
                ("file_sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the file")),
                ("by", _to(settings.AUTH_USER_MODEL)),
                ("proposal", _to("proposals.proposal", "%(class)ss")),
                ("version", _to("proposals.zoneversion")),
            ],
            options={
                "verbose_name": "hand-over of the boundary",
                "verbose_name_plural": "hand-overs of boundaries",
                "ordering": ["proposal", "at", "id"],
                "abstract": False,
                "constraints": [models.UniqueConstraint(fields=("proposal",), name="handover_once")],
            },
        ),
    ]
