"""How do tests drive real Chromium? A served copy of the test database, one browser, pages that remember mishaps.

A test module that drives the browser takes the fixture ``site`` (its own copy of the database, made from the test
database as a template, so nothing is flushed and append-only tables stay closed) and ``page_at``; the
root conftest registers both.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import OperationalError, ProgrammingError, connection, connections
from django.test.testcases import LiveServerThread
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import Browser, Page, sync_playwright

__all__ = ["browser", "page_at", "site", "test_database"]

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps an event loop in this thread

ROOT = Path(__file__).resolve().parents[1]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WATCH = """
window.__csp = [];
document.addEventListener("securitypolicyviolation", (e) => {
  window.__csp.push(`${e.violatedDirective} ${e.blockedURI}`);
});
"""


@pytest.fixture(scope="session")
def test_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Give the name of the migrated test database; pytest-django makes it only when some test carries its marker."""
    name = connection.settings_dict["TEST"]["NAME"]
    if connection.settings_dict["NAME"] == name:
        yield name
        return
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield name
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="module")
def site(test_database: str, django_db_blocker: Any) -> Iterator[str]:
    """Serve a fresh copy of the test database; yields its address without a final slash. The ORM sees the copy too."""
    with django_db_blocker.unblock(), served_copy(test_database, f"{test_database}_site") as address:
        yield address


@contextmanager
def served_copy(original: str, copy: str) -> Iterator[str]:
    """Copy the database *original* to *copy*, serve it, and drop it at the end; yields the address."""
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        _drop_database(cursor, copy)
        _copy_database(cursor, original, copy)
    connection.settings_dict["NAME"] = copy
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override={})
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    try:
        yield f"http://127.0.0.1:{thread.port}"
    finally:
        thread.terminate()
        connections.close_all()
        connection.settings_dict["NAME"] = original
        with connection._nodb_cursor() as cursor:
            _drop_database(cursor, copy)


def _drop_database(cursor: Any, name: str) -> None:
    # the server's housekeeping in it belongs to no role of ours and is not ours to end: it is soon done
    for attempt in range(60):
        try:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        except ProgrammingError:
            if attempt == 59:
                raise
            time.sleep(0.5)
        else:
            return


def _copy_database(cursor: Any, original: str, copy: str) -> None:
    # a template must have no other session; ours may take a moment to end
    for attempt in range(30):
        # only our own sessions: the server's housekeeping belongs to no role of ours, and gives way by itself
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = %s AND usename = current_user",
            [original],
        )
        try:
            cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{original}"')
        except OperationalError:
            if attempt == 29:
                raise
            time.sleep(0.1)
        else:
            return


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once."""
    with sync_playwright() as play:
        path = os.environ.get("DATNGHE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
        started = play.chromium.launch(executable_path=path, args=CHROMIUM_SWITCHES)
        yield started
        started.close()


@pytest.fixture
def page_at(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page at a width; at the end every page must be free of policy reports and script errors."""
    opened: list[tuple[Page, list[str]]] = []

    def open_page(address: str, width: int = 1440, height: int = 900, *, javascript: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="vi-VN", java_script_enabled=javascript
        )
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        if javascript:
            page.add_init_script(WATCH)
        opened.append((page, errors))
        page.goto(address)
        return page

    yield open_page
    problems: list[str] = []
    for page, errors in opened:
        reports = page.evaluate("window.__csp || []") if not page.is_closed() else []
        problems += [f"{page.url}: {text}" for text in [*errors, *reports]]
        page.context.close()
    assert problems == []


def axe_violations(page: Page) -> list[str]:
    """Run axe (WCAG 2.2 A and AA) and return one line per violation."""
    page.evaluate(AXE.read_text() + "; undefined")
    found = page.evaluate(
        """async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}))
           .violations.map(v => v.id + ': ' + v.nodes.slice(0, 4).map(n => n.target.join(' ') + ' — '
           + (n.any[0] || n.all[0] || n.none[0] || {}).message).join(' | '))"""
    )
    return list(found)


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
