"""Which fixtures do the tests of the rules' desk share? Proposals made through the verbs."""

from tests.proposals.conftest import files_apart, plans

__all__ = ["files_apart", "plans"]
