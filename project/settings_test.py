"""How do tests differ from service? Quick hashing, plain static files, jobs at once; the database stays real PostGIS.

The test database is created and migrated by the owner role, because the application role may not create tables.
"""

from __future__ import annotations

from project.environment import database_from_url, env_text
from project.settings import *  # noqa: F403
from project.settings import DATABASES, STORAGES

SECRET_KEY = "tests-only"  # noqa: S105
DATNGHE_DEMO = True
DATABASES["default"].update(
    {
        key: value
        for key, value in database_from_url(
            env_text("MIGRATE_DATABASE_URL") or env_text("DATABASE_URL", "postgis://datnghe_owner@127.0.0.1/datnghe")
        ).items()
        if key in {"USER", "PASSWORD", "HOST", "PORT", "NAME", "OPTIONS"}
    }
)
DATABASES["default"]["CONN_MAX_AGE"] = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["default", "batches"]}}
BATCH_WORKERS = 0
DASK_SCHEDULER = ""
