"""Which fixtures do the tests of look and behaviour share? A served site and a browser."""

from tests.browser import browser, page_at, site, test_database

__all__ = ["browser", "page_at", "site", "test_database"]
