"""How does the house read its environment? Typed readers for variables; it knows no setting by name."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit


def env_text(name: str, default: str = "") -> str:
    """Read a text variable; an empty value counts as missing."""
    return os.environ.get(name) or default


def env_flag(name: str, *, default: bool = False) -> bool:
    """Read a yes/no variable.

    Raises ValueError on anything but 1/0/true/false/yes/no, because a misspelt switch must not silently be off.
    """
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes"}:
        return True
    if value in {"0", "false", "no"}:
        return False
    raise ValueError(f"{name}={value!r} is neither 1/true/yes nor 0/false/no")


def env_list(name: str, default: str = "") -> list[str]:
    """Read a comma-separated variable as a list without empty items."""
    return [item.strip() for item in env_text(name, default).split(",") if item.strip()]


def database_from_url(url: str) -> dict[str, object]:
    """Turn ``postgis://user:password@host:port/name?host=/socket/folder`` into a Django database entry.

    Raises ValueError when the scheme is not a PostgreSQL one or the name is missing.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgis", "postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL must start with postgis://, not {parts.scheme!r}")
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ValueError("DATABASE_URL names no database")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = query.pop("host", None) or unquote(parts.hostname or "")
    port = query.pop("port", None) or (str(parts.port) if parts.port else "")
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "OPTIONS": query,
    }


def wheel_library(package: str, pattern: str) -> str | None:
    """Find a shared library that a wheel carries beside *package*, without importing it.

    The hashed file names change with every release, so they are looked up, never written down.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent.parent / f"{package}.libs"
    found = sorted(folder.glob(pattern))
    return str(found[0]) if found else None
