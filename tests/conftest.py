"""Which fixtures does every test share? The land, the cast, the browser and the --slow switch."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.browser import browser, page_at, site, test_database
from tests.cast import Cast, Land, make_cast, make_land

# One browser for a process: a fixture imported by each folder would start one each, and Playwright allows only one.
__all__ = ["browser", "page_at", "site", "test_database"]


# No unit test is timed: the first example of a file may wait for libraries or for another process.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --slow."""
    parser.addoption("--slow", action="store_true", default=False, help="also run the long tests")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip long tests unless asked for."""
    if config.getoption("--slow"):
        return
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="long test; run with --slow"))


@pytest.fixture
def land(db: None) -> Land:
    """Give the administrative units of the tests."""
    return make_land()


@pytest.fixture
def cast(land: Land) -> Cast:
    """Give the people of the tests."""
    return make_cast(land)
