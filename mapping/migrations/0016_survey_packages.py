"""Give boundaries the code their papers print, and follow packages that were asked for."""

import django.db.models.deletion
import django.utils.timezone
import mapping.papers.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mapping", "0015_pinned_wgs84"),
        ("proposals", "0007_declared_figures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BoundaryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(default=mapping.papers.models.new_code, max_length=32, unique=True, verbose_name="code")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="made at")),
                ("version", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="proposals.zoneversion")),
            ],
            options={"verbose_name": "code of a boundary", "verbose_name_plural": "codes of boundaries"},
        ),
        migrations.CreateModel(
            name="PackageBuild",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("choice", models.JSONField(verbose_name="choice")),
                ("state", models.CharField(choices=[("queued", "waiting for the worker"), ("done", "ready"), ("failed", "not issued")], default="queued", max_length=8, verbose_name="state")),
                ("problem", models.JSONField(blank=True, default=dict, verbose_name="refusal")),
                ("filename", models.CharField(blank=True, max_length=120, verbose_name="file")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="size, bytes")),
                ("files", models.JSONField(blank=True, default=list, verbose_name="files")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked at")),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("version", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="proposals.zoneversion")),
            ],
            options={"verbose_name": "survey package", "verbose_name_plural": "survey packages", "ordering": ["-asked_at", "-id"]},
        ),
    ]
