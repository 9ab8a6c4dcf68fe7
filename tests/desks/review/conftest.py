"""Which fixtures do the tests of the review desk share? Those of the procedure, and the browser."""

from tests.browser import browser, page_at, site, test_database
from tests.proposals.conftest import committed_plans, files_apart, plans

__all__ = ["browser", "committed_plans", "files_apart", "page_at", "plans", "site", "test_database"]
