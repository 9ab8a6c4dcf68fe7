"""Does every file of an undecided version say by itself that it is a draft, and since when, torn from its package?"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ezdxf.filemanagement
import openpyxl
import pyogrio
import pytest
import shapely
from django.contrib.gis.geos import Polygon

from layers.errors import NotComputable
from mapping import formats
from mapping.papers import survey_package as package_module
from mapping.papers.survey import dxf
from mapping.papers.survey.choice import Content, PackageChoice
from mapping.papers.survey_fields import LAYERS
from mapping.papers.survey_package import survey_package
from planning.proposals.models import ZoneVersion
from tests.cast import Cast, Land, multi, square
from tests.papers.survey_folder import unpacked
from tests.papers.test_survey_package import make_version
from tests.proposals.plans import Plans

FILES = PackageChoice(
    frozenset(
        {Content.SHAPEFILE, Content.GEOPACKAGE, Content.DXF, Content.KML, Content.GPX, Content.CORNERS}
    )
)  # fmt: skip
KEPT_ON = datetime(2026, 3, 5, 20, tzinfo=UTC)  # already the sixth in Việt Nam
DAY, SPOKEN = "2026-03-06", "06/03/2026"


@pytest.fixture
def draft(land: Land, cast: Cast) -> ZoneVersion:
    hole = square(100.1111, 100.2222, 50).exterior_ring
    with_hole = Polygon(square(0.1234, 0.5678, 500).exterior_ring, hole, srid=9218)
    version = make_version(land, cast, multi(with_hole, square(900.5, 0.25, 100)))
    version.at = KEPT_ON  # read by whoever makes papers; the row itself is closed
    return version


@pytest.fixture
def decided(plans: Plans) -> ZoneVersion:
    version = plans.approved().current_version
    assert version is not None
    return version


def rows(path: Path, layer: str | None = None) -> list[tuple[str, str]]:
    """Return status and its day of every row of a GIS layer."""
    status, day = pyogrio.raw.read(path, layer=layer, columns=["tinh_trang", "ngay_tt"])[3]
    return list(zip(status.tolist(), day.tolist(), strict=True))


def texts(path: Path) -> dict[str, list[tuple[str, Any]]]:
    """Return the labels of a drawing with their places, by layer, as GDAL reads them."""
    _meta, _fids, wkb, (layers, labels) = pyogrio.raw.read(path, columns=["Layer", "Text"])
    found: dict[str, list[tuple[str, Any]]] = {}
    for layer, label, shape in zip(layers, labels, shapely.from_wkb(wkb), strict=True):
        found.setdefault(layer, []).append((label or "", shape))
    return found


def gis_layers(folder: Path) -> list[tuple[Path, str | None]]:
    shapes: list[tuple[Path, str | None]] = [(path, None) for path in sorted((folder / "shapefile").glob("*.shp"))]
    package = next(folder.glob("*.gpkg"))
    names = [name for name, kind in pyogrio.list_layers(package) if kind is not None]
    return shapes + [(package, name) for name in names]


def test_every_row_of_shapefile_and_geopackage_says_draft_and_since_when(draft: ZoneVersion, tmp_path: Path) -> None:
    found = gis_layers(unpacked(draft, tmp_path, FILES))
    assert len(found) == 6
    for path, layer in found:
        assert set(rows(path, layer)) == {("DỰ THẢO", DAY)}, (path.name, layer)


def test_of_a_decided_version_they_say_decided_and_when(decided: ZoneVersion, tmp_path: Path) -> None:
    day = decided.proposal.decisions.get().decided_on.isoformat()
    for path, layer in gis_layers(unpacked(decided, tmp_path, FILES)):
        assert set(rows(path, layer)) == {("ĐÃ QUYẾT ĐỊNH", day)}, (path.name, layer)


@pytest.mark.parametrize(("name", "words"), [("2010", "DỰ THẢO"), ("r12", "DU THAO")])
def test_a_drawing_carries_it_across_every_area_on_a_layer_of_its_own(
    draft: ZoneVersion, tmp_path: Path, name: str, words: str
) -> None:
    path = unpacked(draft, tmp_path, FILES) / "dxf" / f"ranh_gioi_{name}.dxf"
    stamps = texts(path)[dxf.DRAFT]
    areas = shapely.get_parts(shapely.from_wkb(bytes(draft.geom.wkb)))
    assert len(stamps) == len(areas) == 2
    for label, shape in stamps:
        assert label.startswith(words) and SPOKEN in label
        assert any(
            area.contains(shapely.get_point(shape, 0) if shape.geom_type != "Point" else shape) for area in areas
        )
    assert not ezdxf.filemanagement.readfile(path).audit().errors


def test_a_decided_drawing_has_no_such_layer(decided: ZoneVersion, tmp_path: Path) -> None:
    folder = unpacked(decided, tmp_path, FILES) / "dxf"
    for path in folder.iterdir():
        document = ezdxf.filemanagement.readfile(path)
        assert dxf.DRAFT not in {layer.dxf.name for layer in document.layers}
        assert not any(
            "THẢO" in label or "THAO" in label for _layer, found in texts(path).items() for label, _at in found
        )


def test_the_corner_tables_say_it_in_every_row_and_in_the_heading(draft: ZoneVersion, tmp_path: Path) -> None:
    folder = unpacked(draft, tmp_path, FILES)
    with (folder / "bang_toa_do.csv").open(encoding="utf-8-sig", newline="") as stream:
        head, *body = csv.reader(stream)
    assert head[:5] == ["Khối", "Số hiệu điểm", "X (m)", "Y (m)", "Chiều dài cạnh S (m)"]
    assert head[5] == "Tình trạng"
    assert all(row[5].startswith("DỰ THẢO") and SPOKEN in row[5] for row in body)
    sheet = openpyxl.load_workbook(folder / "bang_toa_do.xlsx").worksheets[0]
    heading = [str(sheet.cell(row, 1).value) for row in range(1, 7)]
    assert any(line.startswith("DỰ THẢO") and SPOKEN in line for line in heading), heading


def test_globe_files_say_it_too(draft: ZoneVersion, tmp_path: Path) -> None:
    folder = unpacked(draft, tmp_path, FILES)
    for name in (next(folder.glob("*.kml")).name, "diem_goc.gpx"):
        text = (folder / name).read_text()
        assert "DỰ THẢO" in text and SPOKEN in text, name


def test_decided_tables_name_the_decision(decided: ZoneVersion, tmp_path: Path) -> None:
    decision = decided.proposal.decisions.get()
    folder = unpacked(decided, tmp_path, FILES)
    text = (folder / "bang_toa_do.csv").read_text(encoding="utf-8-sig")
    assert decision.number in text and formats.date(decision.decided_on) in text
    assert "DỰ THẢO" not in text


def test_readme_and_dictionary_tell_where_the_mark_stands(draft: ZoneVersion, tmp_path: Path) -> None:
    folder = unpacked(draft, tmp_path, FILES)
    for name in ("DOC_TRUOC.txt", "README.txt"):
        text = (folder / name).read_text(encoding="utf-8-sig")
        assert "tinh_trang" in text and "ngay_tt" in text and dxf.DRAFT in text, name
    with (folder / "tu_dien_du_lieu.csv").open(encoding="utf-8-sig", newline="") as stream:
        listed = {(row[0], row[1]) for row in csv.reader(stream)}
    assert listed >= {(layer.name, field) for layer in LAYERS for field in ("tinh_trang", "ngay_tt")}


def _without_the_stamp(write: Callable[..., bytes]) -> Callable[..., bytes]:
    return lambda place, version, notes, _stamp="": write(place, version, notes, "")


def _without_the_standing(write: Callable[..., bytes]) -> Callable[..., bytes]:
    return lambda *arguments, **_standing: write(*arguments, standing="")


@pytest.mark.parametrize(
    ("module", "name", "spoil", "content"),
    [
        (dxf, "drawing", _without_the_stamp, Content.DXF),
        (package_module, "corner_csv", _without_the_standing, Content.CORNERS),
        (package_module, "corner_xlsx", _without_the_standing, Content.CORNERS),
    ],
    ids=["dxf", "csv", "xlsx"],
)
def test_a_file_that_lost_its_mark_is_never_given(
    draft: ZoneVersion, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, spoil: Any, content: Content
) -> None:
    monkeypatch.setattr(module, name, spoil(getattr(module, name)))
    with pytest.raises(NotComputable) as refused:
        survey_package(draft, PackageChoice(frozenset({content})))
    assert refused.value.code == "EXPORT_NOT_VERIFIED"
