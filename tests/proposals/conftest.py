"""Which fixtures do the tests of the procedure share?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planning.checks.basis import forget_basis
from planning.proposals.services import load_procedure_catalogue
from tests.cast import Cast, Land, make_cast, make_land
from tests.proposals.plans import Plans, publish_rules


@pytest.fixture(autouse=True)
def files_apart(settings: Any, tmp_path: Path) -> None:
    """Keep attached files out of the state folder."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def plans(cast: Cast, land: Land) -> Plans:
    """Give proposals, rules and the catalogue of the procedure."""
    return _plans(cast, land)


@pytest.fixture
def committed_plans(transactional_db: None) -> Plans:
    """Give the same, visible to other connections."""
    land = make_land()
    return _plans(make_cast(land), land)


def _plans(cast: Cast, land: Land) -> Plans:
    load_procedure_catalogue()
    publish_rules()
    forget_basis()
    return Plans(cast, land)
