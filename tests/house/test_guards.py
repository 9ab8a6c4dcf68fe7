"""Does the house keep its own rules? Import floors, foreign keys, migrations, start-up weight, docstrings."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("project", "mapping", "planning", "layers")
# From the roof down; a foreign key may point to the same floor or to a lower one.
FLOORS = ["project", "mapping", "proposals", "checks", "registers", "people", "layers"]
OUTSIDE = {"auth", "contenttypes", "admin", "sessions", "django_tasks_database"}


def source_files() -> list[Path]:
    """List our own Python files, without migrations."""
    return [
        path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def test_imports_only_point_down() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]


def test_import_linter_ignores_nothing() -> None:
    assert "ignore_imports" not in (ROOT / "pyproject.toml").read_text()


def test_rooms_and_ground_know_nothing_of_http() -> None:
    """Import-linter cannot name parts of an outside package, so the syntax tree is asked."""
    glass = ("django.http", "django.shortcuts", "django.views", "django.contrib.admin", "django.urls")
    found = []
    for path in source_files():
        if path.relative_to(ROOT).parts[0] not in {"planning", "layers"}:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            found += [f"{path.relative_to(ROOT)}: {name}" for name in names if name.startswith(glass)]
    assert found == []


def test_foreign_keys_only_point_down() -> None:
    wrong = []
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.app_label
        if label not in FLOORS:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if target is None or field.auto_created or isinstance(target, str):
                continue
            there = target._meta.app_label
            if there in OUTSIDE:
                continue
            if FLOORS.index(there) < FLOORS.index(label):
                wrong.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    assert wrong == []


@pytest.mark.django_db
def test_every_model_change_has_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_heavy_library_is_imported_at_start_up() -> None:
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE']='project.settings_test';"
        "import django; django.setup(); from django.urls import get_resolver; get_resolver().url_patterns;"
        "heavy={'geopandas','pandas','pyogrio','matplotlib','weasyprint','ezdxf','docx','docxtpl','openpyxl'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.stdout.strip().splitlines()[-1:] == ["[]"], run.stdout + run.stderr[-2000:]


def test_psycopg3_cannot_be_imported() -> None:
    with pytest.raises(ImportError):
        __import__("psycopg")


def test_every_module_says_which_question_it_answers() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in source_files()
        if path.read_text().strip() and ast.get_docstring(ast.parse(path.read_text())) is None
    ]
    assert silent == []


def test_no_file_grows_beyond_its_reason() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in [*source_files(), *sorted((ROOT / "tests").rglob("*.py"))]
        if (count := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


def test_parts_at_a_place_are_looked_for_on_the_sheet_of_their_edition() -> None:
    """The index over parts knows sheets only (``layers_sheet``); another condition reads every part of an edition."""
    bare = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in [*source_files(), *ROOT.glob("layers/sql/*.sql"), *ROOT.glob("planning/**/sql/*.sql")]
        if "layers_featurepart" in (text := path.read_text()) and "layers_sheet" not in text
        for match in re.finditer(r"layers_featurepart[^;]*?(&&|ST_Intersects|ST_DWithin|<->)", text)
    ]
    assert bare == []


def test_no_package_is_called_utils() -> None:
    assert [path for path in source_files() if path.stem in {"utils", "helpers", "misc", "common"}] == []


def test_one_gdal_and_one_geos_live_in_the_process() -> None:
    code = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE']='project.settings_test';"
        "import django; django.setup(); import django.contrib.gis.gdal, django.contrib.gis.geos, pyogrio, shapely;"
        "maps=open('/proc/self/maps').read();"
        "names={line.split('/')[-1] for line in maps.splitlines()};"
        "print(*sorted(name for name in names if 'libgdal' in name or 'libgeos_c' in name))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    libraries = run.stdout.split()
    assert sum("libgdal" in name for name in libraries) == 1, run.stdout + run.stderr[-1000:]
    assert sum("libgeos_c" in name for name in libraries) <= 2, libraries
