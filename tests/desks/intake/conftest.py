"""Which fixtures do the tests of the intake desk share? Proposals, a signed-in client, files in an own folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from planning.checks.basis import forget_basis
from planning.people.models import User
from planning.proposals.services import load_procedure_catalogue
from tests.cast import Cast, Land
from tests.proposals.plans import Plans, publish_rules


@pytest.fixture(autouse=True)
def apart(settings: Any, tmp_path: Path) -> None:
    """Keep files out of the state folder and start every test with an empty counter of requests."""
    settings.MEDIA_ROOT = tmp_path / "media"
    cache.clear()


@pytest.fixture
def plans(cast: Cast, land: Land) -> Plans:
    """Give proposals, three rules and the catalogue of the procedure."""
    load_procedure_catalogue()
    publish_rules()
    forget_basis()
    return Plans(cast, land)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """Give a client signed in as a person."""

    def client_of(user: User) -> Client:
        own = Client()
        own.force_login(user)
        return own

    return client_of
