"""Which fixtures do the themes of the catalogue share? The judge, with the land it judges on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cast import Land
from tests.layers.catalogue.harness import Answer, Case, judge


@pytest.fixture
def judged(tmp_path: Path, land: Land, settings: Any) -> Callable[[Case], Answer]:
    """Judge one case of the catalogue in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return lambda case: judge(case, tmp_path, land)
