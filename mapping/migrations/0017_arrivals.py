"""Keep files from outside on their way in, their log, and what columns of a sender mean; loadings of layers go in here.

A loading that waits for an answer is lost: it is a working paper, and its file is sent again.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mapping", "0016_survey_packages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.DeleteModel(name="LayerLoad"),
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(max_length=20, verbose_name="purpose")),
                ("target", models.CharField(blank=True, max_length=80, verbose_name="what it is for")),
                ("sender", models.CharField(blank=True, max_length=120, verbose_name="sender")),
                ("filename", models.CharField(max_length=200, verbose_name="file")),
                ("stored", models.CharField(blank=True, max_length=200, verbose_name="place in storage")),
                ("size", models.PositiveBigIntegerField(verbose_name="size, bytes")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting for the worker"),
                            ("reading", "reading the file"),
                            ("asking", "waiting for an answer"),
                            ("ready", "read: look and take"),
                            ("taking", "taking the file"),
                            ("taken", "taken"),
                            ("refused", "file refused"),
                            ("dropped", "given up"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("answers", models.JSONField(blank=True, default=dict, verbose_name="answers")),
                ("facts", models.JSONField(blank=True, default=dict, verbose_name="what was read")),
                ("picture", models.JSONField(blank=True, null=True, verbose_name="picture")),
                ("problem", models.JSONField(blank=True, default=dict, verbose_name="refusal")),
                ("rejected", models.CharField(blank=True, max_length=200, verbose_name="rejected rows in storage")),
                ("became", models.CharField(blank=True, max_length=200, verbose_name="address of what it became")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="sent at")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="last change")),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "file from outside",
                "verbose_name_plural": "files from outside",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ArrivalLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("text", models.CharField(blank=True, max_length=400, verbose_name="text")),
                (
                    "arrival",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="mapping.arrival",
                        verbose_name="file from outside",
                    ),
                ),
                (
                    "who",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "line of the log of a file",
                "verbose_name_plural": "lines of the log of a file",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="SenderMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sender_key", models.CharField(max_length=120, verbose_name="sender, without accents")),
                ("purpose", models.CharField(max_length=20, verbose_name="purpose")),
                ("target", models.CharField(blank=True, max_length=80, verbose_name="what it is for")),
                ("mapping", models.JSONField(default=dict, verbose_name="columns")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="last change")),
            ],
            options={
                "verbose_name": "columns of a sender",
                "verbose_name_plural": "columns of senders",
                "constraints": [
                    models.UniqueConstraint(fields=("sender_key", "purpose", "target"), name="sender_mapping_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="arrival",
            index=models.Index(fields=["person", "-created_at"], name="arrival_person"),
        ),
    ]
