"""In which database does the bench province live? One per size, made from the project's template and kept between runs.

It deliberately touches no other database: names start with ``DATNGHE_BENCH_DB`` (default ``datnghe_bench``).
"""

from __future__ import annotations

import ast
import hashlib
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2

ROOT = Path(__file__).resolve().parents[3]
PREFIX = os.environ.get("DATNGHE_BENCH_DB", "datnghe_bench")
TEMPLATE = os.environ.get("DATNGHE_TEMPLATE_DB", "template_datnghe")


def generator_stamp() -> str:
    """Return the hash of the code that generates the rows; the seed is part of it, words about it are not."""
    digest = hashlib.sha256()
    for name in ("noise", "parcels", "shapes", "sheets", "load"):
        tree = ast.parse((Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
                node.body[0] = ast.Pass()
        digest.update(ast.dump(tree).encode())
    return digest.hexdigest()


def app_url(name: str) -> str:
    """Return the address of database *name* for the application role."""
    return _renamed(os.environ["DATABASE_URL"], name)


def owner_url(name: str) -> str:
    """Return the address of database *name* for the owner role."""
    return _renamed(os.environ["MIGRATE_DATABASE_URL"], name)


def owner_dsn(name: str) -> str:
    """Return the owner's address the way the driver takes it."""
    return owner_url(name).replace("postgis://", "postgresql://", 1)


def _renamed(url: str, name: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{name}"))


def exists(name: str) -> bool:
    """Tell whether there is such a database."""
    return bool(_server("SELECT 1 FROM pg_database WHERE datname = %s", name))


def create(name: str, template: str = TEMPLATE) -> None:
    """Make *name* anew from *template*; what was there is dropped."""
    drop(name)
    _server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def drop(name: str) -> None:
    """Drop a database of the bench."""
    if not name.startswith(PREFIX):
        raise ValueError(f"{name} is no database of the bench")
    _server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _server(sql: str, *parameters: Any) -> list[Any]:
    with closing(psycopg2.connect(owner_dsn("postgres"))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return list(cursor.fetchall()) if cursor.description else []


def migrate(name: str) -> None:
    """Bring the tables and SQL functions of *name* to the state of the code."""
    environment = {**os.environ, "DATABASE_URL": owner_url(name)}
    command = [sys.executable, "manage.py", "migrate", "--noinput", "--skip-checks", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def furnished(name: str) -> bool:
    """Tell whether the registers were loaded to their end: clusters come last."""
    return bool(_one(name, "SELECT to_regclass('registers_clusterboundary') IS NOT NULL")) and bool(
        _one(name, "SELECT EXISTS (SELECT 1 FROM registers_clusterboundary)")
    )


def stamp_of(name: str) -> str:
    """Return the stamp of the generator that filled *name*; empty when it was never finished or was lost in a crash."""
    if not _one(name, "SELECT to_regclass('bench_stamp') IS NOT NULL"):
        return ""
    if not _one(name, "SELECT EXISTS (SELECT 1 FROM layers_featurepart)"):  # unlogged: empty after a crash
        return ""
    return str(_one(name, "SELECT stamp FROM bench_stamp"))


def _one(name: str, sql: str) -> Any:
    with closing(psycopg2.connect(owner_dsn(name))) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return (cursor.fetchone() or (None,))[0]


def set_stamp(name: str, stamp: str) -> None:
    """Note which generator filled *name*."""
    with closing(psycopg2.connect(owner_dsn(name))) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_stamp (stamp text)")
        cursor.execute("INSERT INTO bench_stamp VALUES (%s)", [stamp])
        connection.commit()
