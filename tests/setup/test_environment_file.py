"""Is the environment file private, readable by others than a shell, and overruled by the environment?"""

from __future__ import annotations

from pathlib import Path

import pytest

from project.environment import database_from_url

from .shell import call


def write(local: Path, text: str) -> None:
    local.mkdir(exist_ok=True)
    (local / "env").write_text(text)


def test_what_is_in_the_environment_wins_over_what_was_recorded(tmp_path: Path) -> None:
    write(tmp_path, "SECRET_KEY=recorded\nDATNGHE_STATE=/somewhere\n")
    done = call('load_env; echo "$SECRET_KEY $DATNGHE_STATE"', local=tmp_path, environment={"SECRET_KEY": "given"})
    assert done.stdout.split() == ["given", "/somewhere"]


def test_a_server_of_ones_own_is_not_mixed_with_the_own_cluster(tmp_path: Path) -> None:
    write(tmp_path, "SECRET_KEY=s\nDATNGHE_CLUSTER=own\nPGHOST=/socket\nDATABASE_URL=postgis://recorded/x\n")
    done = call(
        'load_env; echo "$DATABASE_URL ${PGHOST:-none}"',
        local=tmp_path,
        environment={"DATABASE_URL": "postgis://elsewhere/x", "MIGRATE_DATABASE_URL": "postgis://elsewhere/x"},
    )
    assert done.stdout.split() == ["postgis://elsewhere/x", "none"]


@pytest.mark.parametrize("name", ["DATABASE_URL", "MIGRATE_DATABASE_URL"])
def test_half_a_switch_is_refused(name: str) -> None:
    done = call("check_database_switch; echo through", environment={name: "postgis://elsewhere/x"})
    assert done.returncode == 1
    assert "set both or neither" in done.stderr


def test_both_addresses_switch_the_own_cluster_off() -> None:
    both = {"DATABASE_URL": "postgis://elsewhere/x", "MIGRATE_DATABASE_URL": "postgis://elsewhere/x"}
    assert call("check_database_switch; external_database && echo external", environment=both).stdout == "external\n"
    # the same variables, exported by our own environment file
    assert call("external_database || echo own", environment={**both, "DATNGHE_CLUSTER": "own"}).stdout == "own\n"


def test_the_file_is_private_and_keeps_its_secrets(tmp_path: Path) -> None:
    spaced = tmp_path / "with space"
    spaced.mkdir()
    write_env = 'PORT=15555 PGHOME="$LOCAL/pg" SOCKETS="$LOCAL/pg/run"; write_env'
    assert call(write_env, local=spaced).returncode == 0
    file = spaced / "env"
    first = file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert call(write_env.replace("15555", "15556"), local=spaced).returncode == 0
    second = file.read_text()
    assert second == first.replace("15555", "15556")
    done = call('load_env; echo "$DATABASE_URL"; echo "$DATNGHE_STATE"', local=spaced)
    url, state = done.stdout.splitlines()
    assert state == str(spaced)
    database = database_from_url(url)
    assert (database["USER"], database["NAME"], database["PORT"]) == ("datnghe_app", "datnghe", "15556")
    assert database["HOST"] == f"{spaced}/pg/run"


def test_secrets_are_long_and_differ(tmp_path: Path) -> None:
    call("PORT=1 PGHOME=/x SOCKETS=/x/run; write_env", local=tmp_path)
    values = dict(line.split("=", 1) for line in (tmp_path / "env").read_text().splitlines())
    secrets = {values[name] for name in ("SECRET_KEY", "DATNGHE_OWNER_PASSWORD", "DATNGHE_APP_PASSWORD")}
    assert len(secrets) == 3
    assert min(map(len, secrets)) >= 64
