"""Do drawings, globe files, tables and papers hold the boundary, in every zone, and is a damaged one never given?"""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import ezdxf.filemanagement
import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely
from django.contrib.gis.geos import Polygon
from docx import Document
from openpyxl import load_workbook

from layers.crs import coordinates_to_storage, zone_choices, zone_to_zone
from layers.errors import InputRefused, NotComputable
from mapping.papers import survey_package as package_module
from mapping.papers.archive import pack
from mapping.papers.survey import dxf, globe, handover, sheets
from mapping.papers.survey.choice import Content, PackageChoice, package_choice
from mapping.papers.survey_package import survey_package
from planning.proposals.models import ZoneVersion
from tests.cast import Cast, Land, multi, square
from tests.papers.survey_folder import unpacked
from tests.papers.test_survey_package import make_version

HOSTILE = "<b>Cụm</b> %%c {\\fArial;x} ^J \u202e=1+1 Ấp “Đ”"
QUICK = PackageChoice(frozenset({Content.SHAPEFILE, Content.GEOPACKAGE, Content.DXF, Content.KML, Content.GPX}))


@pytest.fixture
def version(land: Land, cast: Cast) -> ZoneVersion:
    hole = square(100.1111, 100.2222, 50).exterior_ring
    with_hole = Polygon(square(0.1234, 0.5678, 500).exterior_ring, hole, srid=9218)
    return make_version(land, cast, multi(with_hole, square(900.5, 0.25, 100)))


def stored(version: ZoneVersion) -> Any:
    return np.unique(np.round(shapely.get_coordinates(shapely.from_wkb(bytes(version.geom.wkb))), 6), axis=0)


def gap(read: Any, version: ZoneVersion) -> float:
    """Return how far a corner that was read lies from the nearest stored one at most, metres; all must be there."""
    wanted = stored(version)
    apart = np.hypot(*(read[:, None, :] - wanted[None, :, :]).transpose(2, 0, 1))
    assert set(apart.argmin(axis=1)) == set(range(len(wanted)))
    return float(apart.min(axis=1).max())


@pytest.mark.parametrize(("name", "release"), [("2010", "R2010"), ("r12", "R12")])
def test_a_drawing_opens_with_named_layers_labels_and_exact_corners(
    version: ZoneVersion, tmp_path: Path, name: str, release: str
) -> None:
    path = unpacked(version, tmp_path, QUICK) / "dxf" / f"ranh_gioi_{name}.dxf"
    document = ezdxf.filemanagement.readfile(path)
    assert document.acad_release == release
    assert not document.audit().errors
    used = {entity.dxf.layer for entity in document.modelspace()}
    assert used == {dxf.OUTLINE, dxf.PARTS, dxf.POINTS, dxf.NUMBERS, dxf.SIDES, dxf.NAMES, dxf.NOTES, dxf.DRAFT}
    _meta, _fids, wkb, (layers, texts) = pyogrio.raw.read(path, columns=["Layer", "Text"])
    shapes = shapely.from_wkb(wkb)
    outline = shapely.get_coordinates(shapes[layers == dxf.OUTLINE])
    assert gap(outline, version) <= 0.0005
    assert sorted(texts[layers == dxf.NUMBERS], key=int) == [str(number) for number in range(1, 13)]
    words = " ".join(texts[layers == dxf.NAMES])
    assert ("nhà máy" in words) if release == "R2010" else ("nha may" in words)
    assert path.read_bytes().isascii()


def test_a_drawing_says_which_coordinate_system_and_that_it_is_a_draft(version: ZoneVersion, tmp_path: Path) -> None:
    path = unpacked(version, tmp_path, QUICK) / "dxf" / "ranh_gioi_2010.dxf"
    layers, texts = pyogrio.raw.read(path, columns=["Layer", "Text"])[3]
    notes = " ".join(texts[layers == dxf.NOTES])
    assert "EPSG:9218" in notes
    assert "DỰ THẢO" in notes


def test_what_to_read_first_does_not_call_a_draft_decided(version: ZoneVersion, tmp_path: Path) -> None:
    folder = unpacked(version, tmp_path, PackageChoice(frozenset({Content.CORNERS})))
    assert "đã quyết định" not in (folder / "DOC_TRUOC.txt").read_text(encoding="utf-8-sig")
    assert "and decided" not in (folder / "README.txt").read_text(encoding="utf-8-sig")


def test_the_corner_table_for_paper_says_that_it_is_a_draft(version: ZoneVersion, tmp_path: Path) -> None:
    folder = unpacked(version, tmp_path, PackageChoice(frozenset({Content.CORNERS})))
    sheet = openpyxl.load_workbook(folder / "bang_toa_do.xlsx").active
    heading = [sheet.cell(row, 1).value for row in range(1, 7)]
    assert any(str(line).startswith("DỰ THẢO") for line in heading), heading


@pytest.mark.parametrize(("name", "layer"), [("ccn-2026-007.kml", "ranh_gioi"), ("diem_goc.gpx", "waypoints")])
def test_globe_files_come_back_to_the_stored_corners(
    version: ZoneVersion, tmp_path: Path, name: str, layer: str
) -> None:
    _meta, _fids, wkb, _columns = pyogrio.raw.read(unpacked(version, tmp_path, QUICK) / name, layer=layer)
    degrees = shapely.get_coordinates(shapely.force_2d(shapely.from_wkb(wkb)))
    assert gap(coordinates_to_storage(degrees), version) <= 0.001


@pytest.mark.parametrize("srid", [9217, 5898, 3406, 9205])
def test_another_zone_is_computed_by_the_pinned_projection_and_keeps_the_numbers(
    version: ZoneVersion, tmp_path: Path, srid: int
) -> None:
    choice = PackageChoice(frozenset({Content.SHAPEFILE, Content.CORNERS, Content.DXF}), srid)
    here = unpacked(version, tmp_path / "here", PackageChoice(choice.contents))
    there = unpacked(version, tmp_path / "there", choice)
    meta, _fids, own, _rows = pyogrio.raw.read(here / "shapefile" / "diem_goc.shp")
    numbers = pyogrio.raw.read(here / "shapefile" / "diem_goc.shp", columns=["diem"])[3][0]
    other_meta, _fids, wkb, (other_numbers,) = pyogrio.raw.read(there / "shapefile" / "diem_goc.shp", columns=["diem"])
    assert (meta["crs"], other_meta["crs"]) == ("EPSG:9218", f"EPSG:{srid}")
    assert list(numbers) == list(other_numbers)
    east, north = shapely.get_coordinates(shapely.from_wkb(own)).T
    wanted = np.column_stack(zone_to_zone(9218, srid).transform(east, north))
    moved = shapely.get_coordinates(shapely.from_wkb(wkb))
    assert float(np.abs(moved - wanted).max()) <= 0.00051
    assert np.allclose(moved, np.round(moved, 3), atol=1e-9)
    assert f"EPSG:{srid}" in (there / "DOC_TRUOC.txt").read_text(encoding="utf-8-sig")


def test_the_corner_table_states_the_area_of_every_block(version: ZoneVersion, tmp_path: Path) -> None:
    folder = unpacked(version, tmp_path, PackageChoice(frozenset({Content.CORNERS})))
    sheet = load_workbook(folder / "bang_toa_do.xlsx").active
    lines = [str(row[0]).replace("\u00a0", " ") for row in sheet.iter_rows(values_only=True) if row[0]]
    assert "Diện tích khối: 250.000,0 m²" in lines
    assert "Diện tích khối: 2.500,0 m² (phần trừ ra)" in lines
    assert "Diện tích khối: 10.000,0 m²" in lines


def test_the_handover_papers_carry_every_marker_and_say_draft(version: ZoneVersion, tmp_path: Path) -> None:
    folder = unpacked(version, tmp_path, PackageChoice(frozenset({Content.HANDOVER}))) / "ban_giao"
    assert {path.name for path in folder.iterdir()} == {f"{name}.docx" for name in handover.PAPERS}
    for path in folder.iterdir():
        document = Document(str(path))
        assert any("DỰ THẢO" in line.text for line in document.paragraphs), path.name
        numbers = [row.cells[1].text for table in document.tables[1:] for row in table.rows]
        assert [number for number in numbers if number.isdigit()] == [str(each) for each in range(1, 13)]
    assert Document(str(folder / "so_do_moc.docx")).inline_shapes


def test_only_what_was_chosen_is_in_the_package(version: ZoneVersion, tmp_path: Path) -> None:
    folder = unpacked(version, tmp_path, PackageChoice(frozenset({Content.GPX})))
    assert {path.name for path in folder.iterdir()} == {
        "diem_goc.gpx",
        "tu_dien_du_lieu.csv",
        "DOC_TRUOC.txt",
        "README.txt",
        "MANIFEST.sha256",
    }
    readme = (folder / "DOC_TRUOC.txt").read_text(encoding="utf-8-sig")
    assert "diem_goc.gpx" in readme
    assert "ban_giao/" not in readme


def test_sha256sum_accepts_the_manifest(version: ZoneVersion, tmp_path: Path) -> None:
    folder = unpacked(version, tmp_path, QUICK)
    command = ["sha256sum", "-c", "MANIFEST.sha256"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


def test_the_same_version_and_choice_give_the_same_bytes_with_drawings(version: ZoneVersion) -> None:
    first = survey_package(version)
    assert survey_package(ZoneVersion.objects.get(pk=version.pk)).sha256 == first.sha256


def test_a_hostile_name_is_text_everywhere(land: Land, cast: Cast, tmp_path: Path) -> None:
    version = make_version(land, cast, multi(square(0, 0, 500)), name=HOSTILE)
    folder = unpacked(version, tmp_path)
    names = pyogrio.raw.read(folder / "ccn-2026-007.gpkg", layer="ranh_gioi", columns=["ten"])[3][0]
    assert names[0] == HOSTILE
    assert b"<b>" not in (folder / "ccn-2026-007.kml").read_bytes()


def test_a_text_that_a_shapefile_would_cut_is_refused_with_its_field(land: Land, cast: Cast) -> None:
    version = make_version(land, cast, multi(square(0, 0, 500)), name="ệ" * 90)
    with pytest.raises(InputRefused) as refused:
        survey_package(version, PackageChoice(frozenset({Content.SHAPEFILE})))
    assert refused.value.code == "TEXT_TOO_LONG"
    assert "ten" in refused.value.where
    assert survey_package(version, PackageChoice(frozenset({Content.GEOPACKAGE}))).content


@pytest.mark.parametrize(
    ("contents", "srid", "paper", "code"),
    [
        ([], "9218", "auto", "PACKAGE_CHOICE"),
        (["shapefile", "exe"], "9218", "auto", "PACKAGE_CHOICE"),
        (["shapefile"], "9218", "A0", "PACKAGE_CHOICE"),
        (["shapefile"], "4326", "auto", "CRS_UNKNOWN"),
        (["shapefile"], "9218; DROP", "auto", "CRS_UNKNOWN"),
        (["shapefile"], "-1", "auto", "CRS_UNKNOWN"),
        (["shapefile"], "٩٢١٨", "auto", "CRS_UNKNOWN"),
    ],
)
def test_a_choice_out_of_the_lists_is_refused(contents: list[str], srid: str, paper: str, code: str) -> None:
    with pytest.raises(InputRefused) as refused:
        package_choice(contents, srid, paper)
    assert refused.value.code == code


def test_the_provinces_zone_comes_first() -> None:
    assert zone_choices()[0] == 9218
    assert len(zone_choices()) == len(set(zone_choices())) == 20


def _two_millimetres_off(write: Callable[..., bytes]) -> Callable[..., bytes]:
    return lambda place, *rest: write(_shifted(place), *rest)


def _shifted(place: Any) -> Any:
    blocks = tuple(
        replace(block, corners=tuple(replace(corner, x_m=corner.x_m + 0.002) for corner in block.corners))
        for block in place.blocks
    )
    return replace(place, blocks=blocks)


def _one_corner_less(write: Callable[..., bytes]) -> Callable[..., bytes]:
    return lambda version, blocks, *rest: write(version, blocks[:-1], *rest)


def _table_off(write: Callable[..., bytes]) -> Callable[..., bytes]:
    return lambda *arguments, **more: write(*arguments[:-1], _shifted_blocks(arguments[-1]), **more)


def _shifted_blocks(blocks: Any) -> Any:
    return tuple(
        replace(block, corners=tuple(replace(corner, y_m=corner.y_m - 0.002) for corner in block.corners))
        for block in blocks
    )


def _papers_off(write: Callable[..., dict[str, bytes]]) -> Callable[..., dict[str, bytes]]:
    return lambda place, facts: write(_shifted(place), facts)


def _half(write: Callable[..., Any]) -> Callable[..., Any]:
    def half(*arguments: Any) -> Any:
        drawn = write(*arguments)
        return replace(drawn, pdf=drawn.pdf[: len(drawn.pdf) // 2])

    return half


SPOILED: dict[str, tuple[Any, str, Callable[..., Any], Content]] = {
    "dxf": (dxf, "drawing", _two_millimetres_off, Content.DXF),
    "gpx": (globe, "gpx", _one_corner_less, Content.GPX),
    "kml": (globe, "kml", _one_corner_less, Content.KML),
    "csv": (package_module, "corner_csv", _table_off, Content.CORNERS),
    "xlsx": (package_module, "corner_xlsx", _table_off, Content.CORNERS),
    "docx": (package_module, "handover_papers", _papers_off, Content.HANDOVER),
    "plan": (sheets, "plan", _half, Content.PLAN),
    "sketch": (sheets, "sketch", _half, Content.SKETCH),
}


@pytest.mark.parametrize("spoiled", SPOILED)
def test_a_package_with_one_spoiled_file_is_never_given(
    version: ZoneVersion, monkeypatch: pytest.MonkeyPatch, spoiled: str
) -> None:
    module, name, spoil, content = SPOILED[spoiled]
    choice = PackageChoice(frozenset({content}))
    assert survey_package(version, choice).content
    monkeypatch.setattr(module, name, spoil(getattr(module, name)))
    with pytest.raises(NotComputable) as refused:
        survey_package(version, choice)
    assert refused.value.code == "EXPORT_NOT_VERIFIED"


@pytest.mark.parametrize("suffix", [".shp", ".dbf", ".gpkg", ".dxf", ".kml", ".gpx"])
def test_a_file_damaged_on_its_way_into_the_zip_is_found(
    version: ZoneVersion, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    def damaged(files: dict[str, bytes]) -> bytes:
        name = next(name for name in sorted(files) if name.endswith(suffix))
        content = files[name]
        middle = len(content) // 2
        return pack(files | {name: content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :]})

    monkeypatch.setattr(package_module, "pack", damaged)
    with pytest.raises(NotComputable) as refused:
        survey_package(version, QUICK)
    assert refused.value.code == "EXPORT_NOT_VERIFIED"


def test_the_zip_holds_no_path_that_leaves_its_folder(version: ZoneVersion) -> None:
    with zipfile.ZipFile(io.BytesIO(survey_package(version, QUICK).content)) as archive:
        assert all(name.startswith("ccn-2026-007/") and ".." not in name for name in archive.namelist())
