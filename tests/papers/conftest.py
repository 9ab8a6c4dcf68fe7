"""Which fixtures do the tests of papers share? Those of the procedure."""

from tests.proposals.conftest import plans

__all__ = ["plans"]
