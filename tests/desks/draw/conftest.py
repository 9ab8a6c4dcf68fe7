"""Which fixtures do the tests of the draw desk share? Proposals made by verbs, and a signed-in client."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from planning.checks.basis import forget_basis
from planning.people.models import User
from planning.proposals.models import Proposal
from planning.proposals.services import load_procedure_catalogue
from tests.cast import Cast, Land, make_cast, make_land
from tests.proposals.plans import Plans, publish_rules, zone


@pytest.fixture(autouse=True)
def apart(settings: Any, tmp_path: Path) -> None:
    """Keep files out of the state folder and start every test with an empty counter of requests."""
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def plans(cast: Cast, land: Land) -> Plans:
    """Give proposals, three rules and the catalogue of the procedure."""
    load_procedure_catalogue()
    publish_rules()
    forget_basis()
    return Plans(cast, land)


@pytest.fixture
def signed_in(client: Client) -> Callable[[User], Client]:
    """Give a client signed in as a person."""

    def client_of(user: User) -> Client:
        own = Client()
        own.force_login(user)
        return own

    return client_of


@pytest.fixture(scope="module")
def staged(site: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Plans:
    """Put the land, the cast, rules and the forest into the served database."""
    from django.conf import settings

    settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock():
        land = make_land()
        load_procedure_catalogue()
        publish_rules()
        forget_basis()
        return Plans(make_cast(land), land)


@pytest.fixture
def draft(staged: Plans, django_db_blocker: Any) -> Callable[..., Proposal]:
    """Give a maker of drafts with a 25 ha square at a place in metres from the origin."""

    def make(east: float = 2_000, north: float = 2_000, side: float = 500) -> Proposal:
        with django_db_blocker.unblock():
            return staged.draft(zone(east, north, side))

    return make
