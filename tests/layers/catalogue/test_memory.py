"""Does the watch over the readers' memory see it, and does it speak up?"""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.intake.read import read_vector_file
from tests.cast import Land
from tests.layers import files
from tests.layers.catalogue.memory import little_memory

pytestmark = pytest.mark.django_db


def test_the_memory_of_a_reader_is_seen(land: Land, tmp_path: Path) -> None:
    path = files.shapefile_zip(tmp_path, [files.home()])
    with little_memory() as watch:
        read_vector_file(path, path.name)
    assert 20_000 < watch.peak_kb < 600_000


def test_a_reader_above_the_bound_fails_the_test(land: Land, tmp_path: Path) -> None:
    path = files.shapefile_zip(tmp_path, [files.home()])
    with pytest.raises(AssertionError, match="in a reader"), little_memory(1_000):
        read_vector_file(path, path.name)
