"""What is the house wired with? One settings file, every difference between machines is an environment variable.

It deliberately has no "development" and "production" variants: ``DEBUG`` and ``DATNGHE_DEMO`` are the only modes.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from project.environment import database_from_url, env_flag, env_list, env_text, wheel_library

BASE_DIR = Path(__file__).resolve().parent.parent

# --- geospatial libraries: one GDAL, one GEOS, one PROJ in the process -----------------------------------------------
# Django loads libgdal through ctypes; pyogrio's own copy must be the same one, and must find its data folder before
# anything touches GDAL, or `import pyogrio` refuses. See docs/decisions/0003-gdal-from-wheels.md.
_pyogrio = importlib.util.find_spec("pyogrio")
if _pyogrio is not None and _pyogrio.origin is not None:
    os.environ.setdefault("GDAL_DATA", str(Path(_pyogrio.origin).parent / "gdal_data"))
GDAL_LIBRARY_PATH = env_text("GDAL_LIBRARY_PATH") or wheel_library("pyogrio", "libgdal*")
GEOS_LIBRARY_PATH = env_text("GEOS_LIBRARY_PATH") or wheel_library("shapely", "libgeos_c*")

# --- modes and secrets ------------------------------------------------------------------------------------------------
DEBUG = env_flag("DEBUG")
DATNGHE_DEMO = env_flag("DATNGHE_DEMO")
SECRET_KEY = env_text("SECRET_KEY", "insecure-key-for-tools-only" if DEBUG or env_flag("DATNGHE_TOOLS") else "")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

# --- the province -----------------------------------------------------------------------------------------------------
# The province's VN-2000 / TM-3 zone. Everything stored, measured and exported uses it
# (docs/decisions/0001-storage-crs.md).
STORAGE_SRID = int(env_text("STORAGE_SRID", "9218"))
OSM_BASEMAP = env_flag("OSM_BASEMAP")

# --- parts of the house -----------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "project.apps.ProjectConfig",
    "mapping.apps.MappingConfig",
    "planning.proposals.apps.ProposalsConfig",
    "planning.checks.apps.ChecksConfig",
    "planning.registers.apps.RegistersConfig",
    "planning.people.apps.PeopleConfig",
    "layers.apps.LayersConfig",
    "leaflet",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "django.contrib.gis",
    "django.contrib.postgres",
    "django.contrib.admin",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "mapping.middleware.VisitorAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "mapping.middleware.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "mapping.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mapping.errors.ProblemMiddleware",
]

ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mapping.context_processors.shell",
            ],
        },
    },
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # our widgets' templates live in templates/components/
CSRF_FAILURE_VIEW = "mapping.errors.csrf_failure"

# --- database ---------------------------------------------------------------------------------------------------------
DATABASES = {
    "default": {
        **database_from_url(env_text("DATABASE_URL", "postgis://datnghe_app@127.0.0.1/datnghe")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {
            "NAME": env_text("DATNGHE_TEST_DB", "test_datnghe"),
            "TEMPLATE": env_text("DATNGHE_TEMPLATE_DB", "template_datnghe"),
        },
    },
}
AUTH_USER_MODEL = "people.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account:login"
LOGIN_REDIRECT_URL = "draw:home"
LOGOUT_REDIRECT_URL = "public:home"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
HTTPS_ONLY = env_flag("HTTPS_ONLY")
# Printed on papers as QR code: where anybody asks whether a boundary still counts.
PUBLIC_ADDRESS = env_text(
    "PUBLIC_ADDRESS", f"{'https' if HTTPS_ONLY else 'http'}://{next(iter(ALLOWED_HOSTS), 'localhost').lstrip('.*')}"
).rstrip("/")
# A proxy of ours ends TLS and writes X-Forwarded-Proto and X-Forwarded-For; without one anybody could write them.
BEHIND_PROXY = env_flag("BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_SECURE = HTTPS_ONLY
SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS_ONLY else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- jobs -------------------------------------------------------------------------------------------------------------
# Long work has a queue and a worker of its own: an hour of screening must not keep a file from being read.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "batches"]}}
# Where the chunks of long work run: on a Dask cluster when its scheduler is named, else in local processes
# (0: in the worker itself).
DASK_SCHEDULER = env_text("DASK_SCHEDULER")
BATCH_WORKERS = int(env_text("BATCH_WORKERS") or len(os.sched_getaffinity(0)))

# --- language, time ---------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
# locale/library fills holes in the libraries' own Vietnamese; makemessages must not touch it.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "library"]
USE_I18N = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
FORMAT_MODULE_PATH = ["project.formats"]
USE_THOUSAND_SEPARATOR = False

# --- files ------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATE_DIR = Path(env_text("DATNGHE_STATE", str(BASE_DIR / ".local")))
STATIC_ROOT = STATE_DIR / "static"
MEDIA_ROOT = Path(env_text("MEDIA_ROOT", str(STATE_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- content security -------------------------------------------------------------------------------------------------
# The import map is the only inline script; mapping/middleware.py adds its hash to script-src.
_SELF = "'self'"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [_SELF],
        "script-src": [_SELF],
        "style-src": [_SELF],
        "img-src": [_SELF, "data:", "blob:", *(["https://tile.openstreetmap.org"] if OSM_BASEMAP else [])],
        "font-src": [_SELF],
        "connect-src": [_SELF],
        "worker-src": [_SELF],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [_SELF],
        "frame-ancestors": ["'none'"],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"survey_links": {"()": "mapping.desks.survey.log_filter.SurveyLinkFilter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["survey_links"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Django's own handlers would print addresses as they are, survey links among them
        "django": {"level": "INFO", "handlers": []},
        "django.server": {"level": "INFO", "handlers": [], "propagate": True},
        "pyogrio": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}
