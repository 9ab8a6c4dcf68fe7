"""Which fixtures do the tests of the survey desk share? Those of the procedure."""

from tests.proposals.conftest import committed_plans, files_apart, plans

__all__ = ["committed_plans", "files_apart", "plans"]
