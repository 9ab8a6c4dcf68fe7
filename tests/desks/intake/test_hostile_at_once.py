"""Do hostile files that come all at once leave a process, a temporary file or a busy database session behind?

Ten on a real server with its own temporary folder. What each of them is told the catalogue asks (test_catalogue).
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection, connections
from django.test import Client

from layers.models import Layer
from layers.models.layer import GeometryKind
from mapping.desks.intake.models import RUNNING, Arrival
from planning.people.models import User
from tests.bench.exchange_upload import hostile_files
from tests.bench.server import Visitor
from tests.cast import make_cast, make_land

pytestmark = pytest.mark.browser
CALM_S = 20.0


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the server a temporary folder of its own, which the reader child can reach."""
    tmp_path_factory.getbasetemp()  # pytest's own folder is made at its first use, and must not lie in ours
    folder = Path(tempfile.mkdtemp(prefix="dn-"))
    folder.chmod(0o711)
    before = tempfile.tempdir
    tempfile.tempdir = str(folder)
    yield folder
    tempfile.tempdir = before
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def staged(scratch: Path, site: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Put people and a layer into the served database."""
    from django.conf import settings

    settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock():
        make_cast(make_land())
        Layer.objects.get_or_create(
            code="heritage",
            defaults={"name_vi": "Di tích", "name_en": "Heritage", "geometry_kind": GeometryKind.POLYGON},
        )
    return site


def session_of(username: str) -> str:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client.cookies["sessionid"].value


def children() -> list[str]:
    """Return the command lines of reader processes that this process started and that still live."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            line = (folder / "cmdline").read_bytes() if folder.name.isdigit() else b""
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1]) if line else 0
        except (OSError, ProcessLookupError):
            continue
        if b"layers.intake.reader" in line and parent in {os.getpid(), 1}:
            found.append(line.decode(errors="replace"))
    return found


def busy_sessions() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND (state = 'active' OR state LIKE 'idle in transaction%')"
        )
        return int(cursor.fetchone()[0])


def test_ten_at_once_leave_nothing_behind(staged: str, scratch: Path, django_db_blocker: Any) -> None:
    port = urlsplit(staged).port or 0
    files = hostile_files()
    assert len(files) == 10
    with django_db_blocker.unblock():
        layer = str(Layer.objects.get(code="heritage").pk)
        session = session_of("steward")
        about = {"layer": layer, "effective_from": "01/02/2026", "source": "thử", "coverage": ""}

        def send(item: tuple[str, bytes]) -> int:
            visitor = Visitor(port)
            visitor.adopt(session)
            with closing(visitor):
                visitor.get("/tep-vao/moi/edition/")
                return visitor.post_file("/tep-vao/moi/edition/", about, *item)

        with ThreadPoolExecutor(10) as pool:
            answers = list(pool.map(send, files.items()))
        assert set(answers) <= {302, 413, 415, 422, 507}, dict(zip(files, answers, strict=True))
        assert answers.count(302) <= 2 and Arrival.objects.count() == 10 - answers.count(507)
        end = time.monotonic() + CALM_S
        while time.monotonic() < end and (children() or busy_sessions() or any(scratch.iterdir())):
            time.sleep(0.2)
        assert (children(), busy_sessions(), sorted(scratch.iterdir())) == ([], 0, [])
        assert not Arrival.objects.filter(state__in=RUNNING).exists()
        connections.close_all()
