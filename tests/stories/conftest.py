"""Which fixtures do the stories share? The demo province, loaded once for all of them, served, and a way in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from playwright.sync_api import Page

from tests.browser import served_copy
from tests.stories.hands import MAP_HOOK


@pytest.fixture(scope="package")
def site(test_database: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the demo province; yields its address without a final slash."""
    if settings.STORAGE_SRID != 9218:
        pytest.skip("the demo province lies in EPSG:9218")
    kept = settings.MEDIA_ROOT
    settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), served_copy(test_database, f"{test_database}_stories") as address:
        call_command("load_demo", verbosity=0)
        yield address
    settings.MEDIA_ROOT = kept


@pytest.fixture(autouse=True)
def unhurried() -> None:
    """Start every story with an empty counter of requests."""
    cache.clear()


@pytest.fixture
def visitor(page_at: Callable[..., Page], site: str) -> Callable[..., Page]:
    """Open the first page as somebody without an account; the maps of its pages can be asked where a place lies."""

    def arrive(path: str = "/", width: int = 1440, height: int = 900, *, javascript: bool = True) -> Page:
        page = page_at("about:blank", width, height, javascript=javascript)
        page.set_default_timeout(20_000)
        if javascript:
            page.add_init_script(MAP_HOOK)
        page.goto(site + path, wait_until="domcontentloaded")
        return page

    return arrive
