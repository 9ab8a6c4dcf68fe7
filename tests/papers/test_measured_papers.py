"""Do the papers of a measured boundary tell decided and measured coordinates apart, and say how it was measured?"""

from __future__ import annotations

from pathlib import Path

import pyogrio
import pytest
from docx import Document

from layers.crs import zone_to_zone
from layers.errors import NotComputable
from mapping import formats
from mapping.papers.corner_table import corner_blocks
from mapping.papers.survey import staked
from mapping.papers.survey.choice import Content, PackageChoice
from mapping.papers.survey_package import survey_package
from planning.proposals.models import SurveyRuling, ZoneVersion
from tests.cast import multi
from tests.papers.survey_folder import unpacked
from tests.proposals.plans import Plans, zone
from tests.proposals.test_survey_returns import accept, pushed

PAPERS = frozenset({Content.HANDOVER, Content.SHAPEFILE})


@pytest.fixture
def ruling(plans: Plans) -> SurveyRuling:
    return accept(plans, plans.measurements(multi(pushed(0.05))))


def minutes(folder: Path) -> tuple[list[list[str]], str]:
    """Return the rows of the minutes of staking and its paragraphs."""
    document = Document(str(folder / "ban_giao" / "bien_ban_cam_moc.docx"))
    rows = [[cell.text for cell in row.cells] for row in document.tables[1].rows][1:]
    return rows, "\n".join(line.text for line in document.paragraphs)


def spoken(version: ZoneVersion) -> list[list[str]]:
    return [
        [formats.number(corner.x_m, 3), formats.number(corner.y_m, 3)]
        for block in corner_blocks(version.geom)
        for corner in block.corners[:-1]
    ]


def test_decided_and_measured_coordinates_stand_in_their_own_columns(ruling: SurveyRuling, tmp_path: Path) -> None:
    assert ruling.version is not None
    rows, text = minutes(unpacked(ruling.version, tmp_path, PackageChoice(PAPERS)))
    decided, measured = spoken(ruling.survey_return.version), spoken(ruling.version)
    assert [row[2:4] for row in rows] == decided
    assert [row[4:6] for row in rows] == measured
    assert decided != measured
    assert "GNSS RTK; ĐC-01, ĐC-02" in text and "Lê Đo" in text
    assert "lớn nhất 0,050 m; cho phép 0,07 m (bản đồ 1/500)" in text


def test_of_a_decided_boundary_the_measured_half_is_left_for_the_field(plans: Plans, tmp_path: Path) -> None:
    version = plans.approved().current_version
    assert version is not None
    rows, text = minutes(unpacked(version, tmp_path, PackageChoice(PAPERS)))
    assert [row[2:4] for row in rows] == spoken(version)
    assert {cell for row in rows for cell in row[4:6]} == {""}
    assert "sử dụng: ....." in text


def test_a_decided_corner_that_nobody_measured_is_named_and_a_further_one_has_no_decided_place(
    plans: Plans, tmp_path: Path
) -> None:
    drawn = zone(2_000, 2_000)
    corner_cut = multi(drawn.difference(pushed(0, 2_490, 2_490, 10)))
    ruling = accept(plans, plans.measurements(corner_cut, drawn), note="Góc vướng nhà.")
    assert ruling.version is not None
    rows, _text = minutes(unpacked(ruling.version, tmp_path, PackageChoice(PAPERS)))
    assert [row[1] for row in rows][-1].startswith("(")
    assert rows[-1][4:6] == ["–", "–"] and "–" not in rows[-1][2:4]
    assert ["–", "–"] in [row[2:4] for row in rows[:-1]]


def test_in_another_zone_both_halves_lie_in_that_zone(ruling: SurveyRuling, tmp_path: Path) -> None:
    assert ruling.version is not None
    rows, _text = minutes(unpacked(ruling.version, tmp_path, PackageChoice(PAPERS, 9217)))
    corner = corner_blocks(ruling.survey_return.version.geom)[0].corners[0]
    east, north = zone_to_zone(9218, 9217).transform(corner.y_m, corner.x_m)
    assert rows[0][2:4] == [formats.number(round(north, 3), 3), formats.number(round(east, 3), 3)]
    assert rows[0][4:6] == rows[0][2:4]  # this corner was not pushed


def test_the_files_say_that_the_boundary_was_measured(ruling: SurveyRuling, tmp_path: Path) -> None:
    assert ruling.version is not None
    folder = unpacked(ruling.version, tmp_path, PackageChoice(PAPERS))
    status = pyogrio.raw.read(folder / "shapefile" / "diem_goc.shp", columns=["tinh_trang"])[3][0]
    assert set(status) == {"ĐO ĐẠC THEO QUYẾT ĐỊNH"}


def test_minutes_with_the_columns_taken_for_each_other_are_never_given(
    ruling: SurveyRuling, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ruling.version is not None
    monkeypatch.setattr("mapping.papers.survey.handover.staked", lambda _version, _srid: staked.Staked())
    with pytest.raises(NotComputable) as refused:
        survey_package(ruling.version, PackageChoice(frozenset({Content.HANDOVER})))
    assert refused.value.code == "EXPORT_NOT_VERIFIED"
