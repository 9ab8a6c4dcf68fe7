"""Rows 55–57, 97, 111 and 112: what is said of a single feature, and how a person's choice is honoured."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import shapely

from layers.intake.read import read_vector_file, to_zone
from layers.intake.verdicts import FeatureVerdict, verdicts
from tests.cast import EAST0, NORTH0, Land
from tests.layers import files, hostile
from tests.layers.catalogue.harness import fingerprint
from tests.layers.files import home


@dataclass(frozen=True)
class Judged:
    """One file of one row, and the verdict on its last feature."""

    row: int
    name: str
    shapes: tuple[Any, ...]
    outcome: str
    code: str
    says: str = ""

    def __str__(self) -> str:
        return f"r{self.row:03d} {self.name}"


def box(east: float, north: float, width: float, height: float) -> Any:
    """Return a rectangle in metres from the land's origin."""
    return shapely.box(EAST0 + east, NORTH0 + north, EAST0 + east + width, NORTH0 + north + height)


LOOSE_HOLE = shapely.Polygon(home().exterior.coords, [home(100, 15_000).exterior.coords])
# The province begins at −5,000 m; "Xã Đông" lies between 10,000 and 20,000 m.
CASES = [
    Judged(54, "outside the province, whatever the reading", (box(-90_000, 0, 500, 500),), "refused",
           "OUTSIDE_PROVINCE"),
    Judged(55, "300 m beyond the border", (box(-5_300, 0, 800, 500),), "ask", "PARTLY_OUTSIDE", "15,00 ha"),
    Judged(55, "50 m beyond the border", (box(-5_050, 0, 550, 500),), "ok", "PARTLY_OUTSIDE", "2,50 ha"),
    Judged(56, "half a metre beyond the border", (box(-5_000.5, 0, 500, 500),), "ok", "BORDER_SNAP"),
    Judged(57, "in the neighbouring commune", (box(5_000, 5_000, 500, 500),), "ok", "OUTSIDE_UNIT", "Xã Đông"),
    Judged(57, "across the border of the communes", (box(9_500, 5_000, 1_000, 500),), "ok", "OUTSIDE_UNIT",
           "25,00 ha"),
    Judged(97, "ground gone round twice", (shapely.from_wkt(hostile.star(5).wkt),), "ask", "REPAIR_AMBIGUOUS"),
    Judged(99, "hole outside its shell", (LOOSE_HOLE,),
           "refused", "HOLE_OUTSIDE"),
    Judged(111, "two areas overlap", (home(), home(500, 12_250)), "ok", "FEATURES_OVERLAP", "125"),
    Judged(112, "one area twice", (home(), home()), "ok", "DUPLICATE_FEATURE", "1"),
]  # fmt: skip


def judged(case: Judged, folder: Path, land: Land) -> tuple[Any, FeatureVerdict]:
    """Read the case's shapefile and return the intake and the verdict on its last feature."""
    path = files.shapefile_zip(folder, list(case.shapes))
    intake = read_vector_file(path, path.name, declared_unit=land.east)
    own = next(one for one in intake.candidates if one.srid == 9218 and not one.swapped)
    return intake, verdicts(intake, own, unit=land.east)[-1]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_of_every_feature_is_said_what_becomes_of_it(case: Judged, tmp_path: Path, land: Land) -> None:
    before = fingerprint()
    _intake, verdict = judged(case, tmp_path, land)
    said = {notice.code: notice for notice in verdict.notices}
    told = f"{verdict.outcome} {verdict.refused and verdict.refused.code} {sorted(said)}"
    assert verdict.number == len(case.shapes) and verdict.outcome == case.outcome, told
    if case.outcome in {"ask", "refused"}:
        assert verdict.refused is not None and verdict.refused.code == case.code, told
        assert verdict.refused.message and verdict.refused.todo and verdict.refused.where, told
        assert verdict.refused.status == 422 and verdict.geom is None and verdict.area_after_m2 is None
        text = verdict.refused.message
    else:
        assert case.code in said, told
        text = said[case.code].message
        # Told, but not cut: the area is as it came.
        assert verdict.area_after_m2 == pytest.approx(verdict.area_before_m2, abs=0.01)
    assert case.says in text and case.code not in text, text
    assert fingerprint() == before


@pytest.mark.parametrize("case", [case for case in CASES if case.outcome == "ask"], ids=str)
def test_a_choice_is_honoured_and_only_one_that_was_offered(case: Judged, tmp_path: Path, land: Land) -> None:
    intake, verdict = judged(case, tmp_path, land)
    own = next(one for one in intake.candidates if one.srid == 9218 and not one.swapped)
    for variant in verdict.variants:
        zone = to_zone(intake, own, choices={verdict.number: variant.key})
        assert zone.area_m2 == pytest.approx(variant.area_m2, abs=0.01) and variant.text
    files.refused("CHOICE_UNKNOWN", lambda: to_zone(intake, own, choices={verdict.number: "other"}))
    assert len(verdict.variants) == (2 if case.row == 97 else 1)


@pytest.mark.parametrize("shapes", [pytest.param([home(), home(500, 12_250)], id="r111 common ground"),
                                    pytest.param([home(), home()], id="r112 the same area twice")])  # fmt: skip
def test_common_ground_counts_once(shapes: list[Any], tmp_path: Path, land: Land) -> None:
    path = files.shapefile_zip(tmp_path, shapes)
    intake = read_vector_file(path, path.name, declared_unit=land.east)
    assert intake.best is not None
    assert to_zone(intake, intake.best).area_m2 == pytest.approx(shapely.union_all(shapes).area, abs=0.5)
