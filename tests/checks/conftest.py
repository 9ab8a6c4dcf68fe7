"""Which fixtures do the checks' tests share? The land with the published rule catalogue."""

from __future__ import annotations

import pytest

from planning.checks.models import RuleSet
from planning.checks.services import load_catalogue
from tests.cast import Land


@pytest.fixture
def rules(land: Land) -> RuleSet:
    """Give the published rule catalogue on the land."""
    return load_catalogue().rule_set
