"""Which fixtures do the tests of the books desk share?"""

from __future__ import annotations

from tests.registers.conftest import books

__all__ = ["books"]
