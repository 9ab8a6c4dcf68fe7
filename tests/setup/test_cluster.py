"""Does the own cluster choose a good port and a good place, and keep the promises about safety? It starts no server."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from .shell import ROOT, call


def test_a_taken_port_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        done = call(f"free_port {port}")
    assert int(done.stdout) > port


@pytest.mark.parametrize("kind", ["ext2/ext3", "xfs", "btrfs", "overlayfs", "tmpfs", "zfs"])
def test_local_disks_may_hold_the_data(kind: str) -> None:
    assert call(f"is_local_filesystem '{kind}'").returncode == 0


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb2", "v9fs", "fuseblk", "vboxsf", "ceph"])
def test_disks_of_other_machines_may_not(kind: str) -> None:
    assert call(f"is_local_filesystem '{kind}'").returncode == 1


def test_a_folder_that_loses_its_mode_may_not_hold_the_data(tmp_path: Path) -> None:
    # what a FAT or a mounted share does: every folder comes out 0755
    careless = 'mkdir() { command mkdir -p "${@: -1}"; command chmod 0755 "${@: -1}"; }'
    assert call(f'{careless}; can_hold_data "{tmp_path}/pg"').returncode == 1


def test_the_data_go_to_the_state_folder_when_the_checkout_cannot_hold_them(tmp_path: Path) -> None:
    refuse = 'can_hold_data() { [[ $1 != "$LOCAL"/* ]]; }'
    done = call(
        f"{refuse}; id() {{ echo 1000; }}; cluster_home", local=tmp_path, environment={"XDG_STATE_HOME": "/state"}
    )
    assert done.stdout.startswith(f"/state/datnghe/{ROOT.name}-")
    assert "the checkout cannot hold the database" in done.stderr
    done = call(f"{refuse}; id() {{ echo 0; }}; cluster_home", local=tmp_path)
    assert done.stdout.startswith(f"/var/lib/datnghe/{ROOT.name}-")


def test_the_recorded_place_is_kept_but_not_in_a_copied_checkout(tmp_path: Path) -> None:
    accept = "can_hold_data() { return 0; }"
    (tmp_path / "env").write_text(f"DATNGHE_STATE={tmp_path}\nDATNGHE_PGHOME=/kept\n")
    assert call(f"{accept}; cluster_home", local=tmp_path).stdout == "/kept\n"
    (tmp_path / "env").write_text("DATNGHE_STATE=/the/original/.local\nDATNGHE_PGHOME=/the/original/.local/pg\n")
    assert call(f"{accept}; cluster_home", local=tmp_path).stdout == f"{tmp_path}/pg\n"


@pytest.mark.parametrize("length", [10, 60, 84, 85, 86, 87, 120])
def test_the_socket_path_stays_under_the_limit(length: int) -> None:
    home = "/" + "x" * length
    folder = call(f"socket_folder {home}").stdout.strip()
    assert len(f"{folder}/.s.PGSQL.65535".encode()) < 107
    assert folder == f"{home}/run" or length > 80


def test_data_of_another_major_version_stop_with_the_commands(tmp_path: Path) -> None:
    (tmp_path / "pg" / "data").mkdir(parents=True)
    (tmp_path / "pg" / "data" / "PG_VERSION").write_text("9\n")
    place = f'as_pg() {{ "$@"; }}; cluster_home() {{ echo "{tmp_path}/pg"; }}'
    installed = """find_postgres() { [[ ${1:-} == 9 ]] && return 1; echo /usr/lib/postgresql/99/bin; }"""
    done = call(f"{place}; {installed}; locate_cluster; echo through", local=tmp_path)
    assert done.returncode == 1
    assert "through" not in done.stdout
    for words in ("written by PostgreSQL 9, installed is 99", "pg_dump", "pg_restore", "Nothing was changed"):
        assert words in done.stderr


def test_settings_keep_what_was_committed_and_listen_only_here(tmp_path: Path) -> None:
    done = call(
        'as_pg() { "$@"; }; DATA=$LOCAL SOCKETS=$LOCAL/run; write_settings 15555; write_settings 15555',
        local=tmp_path,
    )
    assert done.stdout == "changed\n", "an unchanged file must not restart the server"
    settings = (tmp_path / "datnghe.conf").read_text()
    for line in ("fsync = on", "full_page_writes = on", "synchronous_commit = on", "listen_addresses = '127.0.0.1'"):
        assert line in settings


def test_the_server_never_runs_as_root() -> None:
    source = (ROOT / "script/lib/cluster.sh").read_text()
    for program in ("initdb", "pg_ctl", "psql"):
        lines = [line for line in source.splitlines() if f'"$PG_BIN/{program}"' in line]
        assert lines
        assert all("as_pg" in line for line in lines), program
    assert "--data-checksums" in source


@pytest.mark.skipif(os.environ.get("DATNGHE_CLUSTER") != "own", reason="the database is not our own cluster")
@pytest.mark.django_db
def test_the_running_cluster_keeps_its_promises() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for name, value in {"fsync": "on", "full_page_writes": "on", "data_checksums": "on", "jit": "off"}.items():
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone() == (value,), name
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolsuper")
        assert cursor.fetchall() == [("postgres",)]
        cursor.execute("SELECT extname FROM pg_extension")
        installed = {name for (name,) in cursor.fetchall()}
    assert installed >= {"postgis", "pg_trgm", "unaccent", "btree_gist", "pgcrypto"}


@pytest.mark.skipif(os.environ.get("DATNGHE_CLUSTER") != "own", reason="the database is not our own cluster")
def test_the_application_role_is_limited_and_may_not_create_tables() -> None:
    import psycopg2

    from project.environment import database_from_url

    place = database_from_url(os.environ["DATABASE_URL"])
    connection = psycopg2.connect(
        host=place["HOST"], port=place["PORT"], user=place["USER"], password=place["PASSWORD"], dbname=place["NAME"]
    )
    try:
        with connection.cursor() as cursor:
            for name, value in {
                "jit": "off",
                "lock_timeout": "3s",
                "idle_in_transaction_session_timeout": "30s",
            }.items():
                cursor.execute(f"SHOW {name}")
                assert cursor.fetchone() == (value,), name
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute("CREATE TABLE public.not_allowed (x int)")
    finally:
        connection.close()
