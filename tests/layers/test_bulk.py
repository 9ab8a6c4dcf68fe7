"""Is a large file, kept batch by batch, the same as a small one: every feature, number, row and refusal?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely

from layers.errors import DatNgheError
from layers.intake import IntakeLimits, limits, read_vector_file, to_rows
from layers.intake.bulk import BulkShapes
from layers.intake.read import storage_shapes
from tests.cast import EAST0, NORTH0, Land
from tests.layers import files
from tests.layers.make import make_layer

pytestmark = pytest.mark.django_db
COUNT = 11_000  # three batches of the reader child
LARGE = IntakeLimits(features=20_000, vertices=1_000_000, seconds=120.0)


@pytest.fixture(scope="module")
def shapes() -> list[shapely.Polygon | None]:
    corners = [(EAST0 + 12_000 + 4 * (i % 100), NORTH0 + 5_000 + 4 * (i // 100)) for i in range(COUNT)]
    made = list(shapely.box(*np.array([(x, y, x + 3, y + 3) for x, y in corners]).T))
    made[7], made[10_500] = None, None
    return made


@pytest.fixture(scope="module")
def large(shapes: list[shapely.Polygon | None], tmp_path_factory: pytest.TempPathFactory) -> Path:
    names = [f"Thửa đất số {number}" for number in range(1, COUNT + 1)]
    folder = tmp_path_factory.mktemp("large")
    return files.shapefile_zip(folder, shapes, names=names, encoding="UTF-8")


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FEATURES", 6_000)


def test_a_large_file_is_read_whole_and_numbered_as_it_stands(large: Path, shapes: list, land: Land) -> None:
    intake = read_vector_file(large, large.name, limits=LARGE, declared_unit=land.east)
    assert isinstance(intake.shapes, BulkShapes)
    assert len(intake.shapes) == len(intake.rows) == len(intake.numbers) == COUNT - 2
    assert list(intake.numbers[6:8]) == [7, 9]
    for index in (0, 6, 7, 4_999, 5_000, 9_998, 10_499, COUNT - 3, -1):
        number = intake.numbers[index]
        assert intake.attributes(index)["ten"] == f"Thửa đất số {number}"
        assert shapely.equals_exact(shapely.normalize(intake.shapes[index]), shapely.normalize(shapes[number - 1]))
    skipped = [notice.message for notice in intake.notices if notice.code == "FEATURE_SKIPPED"]
    assert len(skipped) == 1 and "8, 10501" in skipped[0]
    with pytest.raises(IndexError):
        intake.shapes[COUNT]


def test_a_large_file_gives_the_answers_of_a_small_one(
    large: Path, land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = read_vector_file(large, large.name, limits=LARGE, declared_unit=land.east)
    monkeypatch.setattr(limits, "FEATURES", 20_000)
    whole = read_vector_file(large, large.name, limits=LARGE, declared_unit=land.east)
    assert not isinstance(whole.shapes, BulkShapes)
    assert (kept.question, kept.best.key, kept.fields, kept.texts, kept.counts) == (
        whole.question, whole.best.key, whole.fields, whole.texts, whole.counts,
    )  # fmt: skip
    assert list(kept.rows) == list(whole.rows) and list(kept.numbers) == list(whole.numbers)
    assert list(kept.placeless) == list(whole.placeless)
    assert [(number, row[kept.fields.index("ten")]) for number, row in kept.placeless] == [
        (8, "Thửa đất số 8"), (10_501, "Thửa đất số 10501"),
    ]  # fmt: skip
    assert kept.rows[4_998:5_002] == tuple(whole.rows[4_998:5_002])
    assert (np.asarray(kept.shapes) == whole.shapes).all()
    assert (storage_shapes(kept, kept.best) == storage_shapes(whole, whole.best)).all()
    layer = make_layer("rice", name_field="ten")
    first, second = (list(to_rows(intake, intake.best, layer)) for intake in (kept, whole))
    assert first == second and first[-1].source_id == str(COUNT)
    assert kept.ghost(kept.best).extent == pytest.approx(whole.ghost(whole.best).extent, abs=15)


def test_limits_hold_over_all_batches(large: Path, land: Land) -> None:
    for cap, code in (
        (IntakeLimits(features=10_999, vertices=1_000_000, seconds=120.0), "TOO_MANY_FEATURES"),
        (IntakeLimits(features=20_000, vertices=54_000, seconds=120.0), "TOO_MANY_VERTICES"),
    ):
        with pytest.raises(DatNgheError) as caught:
            read_vector_file(large, large.name, limits=cap)
        assert caught.value.code == code


def test_a_point_far_into_the_file_is_named_by_its_own_number(tmp_path: Path, shapes: list, land: Land) -> None:
    broken = list(shapes)
    broken[10_800] = shapely.Point(EAST0 + 12_000, NORTH0 + 5_000)
    path = tmp_path / "a.gpkg"
    code = (
        "import sys,numpy as np,shapely;from pyogrio import raw;"
        "b=np.array([bytes.fromhex(x) if x else None for x in sys.stdin.read().split(',')],dtype=object);"
        "raw.write(sys.argv[1],geometry=b,field_data=[np.arange(len(b))],fields=['n'],geometry_type='Unknown',"
        "crs='EPSG:32649',driver='GPKG')"
    )
    text = ",".join("" if shape is None else shapely.to_wkb(shape, hex=True) for shape in broken)
    subprocess.run([sys.executable, "-c", code, str(path)], input=text, text=True, check=True, capture_output=True)
    with pytest.raises(DatNgheError) as caught:
        read_vector_file(path, path.name, limits=LARGE)
    assert caught.value.code == "GEOM_TYPE" and "10801" in caught.value.where


def test_nothing_is_left_of_a_large_file(
    large: Path, land: Land, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    intake = read_vector_file(large, large.name, limits=LARGE)
    assert list(tmp_path.iterdir()) == []  # its features wait in a file that has no name
    assert len(list(intake.shapes)) == COUNT - 2
