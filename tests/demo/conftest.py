"""Which fixtures do the demo's tests share? The whole demo province, loaded once per module and rolled back after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "daklak"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Give the folder of real data, or skip with a message."""
    if not DATA.is_dir():
        pytest.skip("the folder ../shared/data/daklak is absent: real input is not tested here")
    return DATA


@pytest.fixture(scope="module")
def demo_province(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[list[str]]:
    """Load the demo inside one transaction; a module may name a file of real units in ``UNITS``. Gives what it said."""
    if settings.STORAGE_SRID != 9218:
        pytest.skip("the demo province lies in EPSG:9218")
    if not connection.settings_dict["NAME"].startswith("test"):
        pytest.fail("mark the module with pytest.mark.django_db: without it no test database is made")
    from project.demo.loader import load_demo

    units: Path | None = getattr(request.module, "UNITS", None)
    if units is not None and not units.is_file():
        pytest.skip(f"{units.name} is absent: loading real boundaries is not tested here")
    said: list[str] = []
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")),
        transaction.atomic(),
    ):
        load_demo(units=units, say=said.append)
        yield said
        transaction.set_rollback(True)


@pytest.fixture
def demo(demo_province: list[str], db: None) -> list[str]:
    """Give a test the loaded demo; what it changes is rolled back. Its module carries the database mark."""
    return demo_province
