"""Does another province get a house too? Migrates a second database for another zone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_the_database_knows_every_provincial_zone() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM spatial_ref_sys WHERE srid BETWEEN 9205 AND 9218 AND proj4text LIKE '%towgs84%'"
        )
        assert cursor.fetchone()[0] == 14


@pytest.mark.django_db(transaction=True)
def test_a_second_database_migrates_for_another_zone() -> None:
    """EPSG:9217 serves Bình Định, Khánh Hòa and Ninh Thuận of old."""
    entry = settings.DATABASES["default"]
    name = f"{connection.settings_dict['NAME']}_9217"
    connect = {
        "user": entry["USER"],
        "password": entry["PASSWORD"],
        "host": entry["HOST"],
        "port": entry["PORT"] or None,
    }
    admin = psycopg2.connect(dbname="postgres", **connect)
    admin.autocommit = True
    try:
        with admin.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE {entry["TEST"]["TEMPLATE"]}')
        url = f"postgis://{entry['USER']}:{entry['PASSWORD']}@/{name}?host={entry['HOST']}&port={entry['PORT']}"
        env = {**os.environ, "STORAGE_SRID": "9217", "DATABASE_URL": url, "MIGRATE_DATABASE_URL": url}
        run = subprocess.run(
            [sys.executable, "manage.py", "migrate", "-v", "0", "--settings", "project.settings_test"],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-3000:]
        there = psycopg2.connect(dbname=name, **connect)
        with there, there.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT srid FROM geometry_columns WHERE srid NOT IN (0, 3857) AND f_table_schema = 'public'"
            )
            assert cursor.fetchall() == [(9217,)]
        there.close()
    finally:
        with admin.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.close()
