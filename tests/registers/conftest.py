"""Which fixtures do the tests of the books share?"""

from __future__ import annotations

import pytest

from tests.cast import Cast, Land
from tests.registers.books import Books, make_books


@pytest.fixture
def books(cast: Cast, land: Land) -> Books:
    """Give the books with one confirmed allocation."""
    return make_books(cast, land)
