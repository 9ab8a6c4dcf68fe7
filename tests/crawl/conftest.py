"""Which fixtures does the crawler need? A served copy of the demo province."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command


@pytest.fixture(scope="module")
def demo(site: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Load the demo province into the copied database."""
    from django.conf import settings

    settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock():
        call_command("load_demo", quiet=True)
    return site
