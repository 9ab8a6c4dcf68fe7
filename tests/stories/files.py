"""Which files go out and come in? Papers, the rival's shapefile, the survey package, each opened again."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import numpy as np
import pyogrio
import shapely
from django.contrib.gis.geos import GEOSGeometry
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pyproj import CRS

from mapping import formats
from mapping.papers.corner_table import corner_blocks
from planning.proposals.models import ZoneVersion
from project.demo.figures_reader import parse_path, read_figures
from project.demo.shapes import straight_ring
from tests.stories.hands import Visitor, board_ready, enter_as, hectares, picture

RIVAL = "CCN Ea Kar 2 – phương án sát suối phía nam"
SRID = 9218
GRID_M = 0.001


def papers(page: Page, code: str, version: ZoneVersion) -> None:
    """Download the two papers and read area and corner table back from them."""
    corners = [corner for block in corner_blocks(version.geom) for corner in block.corners]
    area = formats.hectares(version.area_m2 / 10_000).replace("\xa0", " ")
    for kind in ("to_trinh", "phieu_ra_soat"):
        with page.expect_download() as asked:
            page.locator(f"a[href='/ho-so/{code}/van-ban/{kind}.docx']").click()
        document = docx.Document(str(asked.value.path()))
        cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
        words = " ".join([*(line.text for line in document.paragraphs), *(text for row in cells for text in row)])
        words = words.replace("\xa0", " ")
        assert area in words, kind
        assert "108°30" in words
        assert version.proposal.name in words
        numbered = [row for row in cells if any(re.fullmatch(r"1\.\d{3}\.\d{3},\d{3}", text) for text in row)]
        assert len(numbered) == len(corners), kind
        for row, corner in zip(numbered, corners, strict=True):
            assert formats.number(corner.x_m, 3) in row
            assert formats.number(corner.y_m, 3) in row
        assert document.inline_shapes, "the map is missing"


def rival_file(folder: Path) -> Path:
    """Write a zipped shapefile in VN-2000 with millimetres and without .prj, as a surveyor's office sends it."""
    outline = rival_outline()
    pyogrio.raw.write(
        folder / "phuong_an.shp",
        np.array([shapely.to_wkb(outline)], dtype=object),
        [np.array(["Phương án phía nam"], dtype=object)],
        ["TEN"],
        geometry_type="Polygon",
        crs=CRS.from_epsg(SRID).to_wkt(),
        driver="ESRI Shapefile",
        encoding="UTF-8",
    )
    target = folder / "phuong_an.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for part in sorted(folder.glob("phuong_an.*")):
            if part.suffix not in {".zip", ".prj"}:
                archive.write(part, part.name)
    return target


def rival_outline() -> shapely.Polygon:
    """Return the rival's boundary in the storage CRS, metres on the millimetre grid."""
    ring = straight_ring(parse_path(read_figures("story")["clear"]["ring"]))
    return shapely.Polygon(shapely.get_coordinates(ring) + np.array([0.123, 0.456]))


def rival(visitor: Visitor, code: str, folder: Path) -> tuple[Page, str]:
    """As the colleague Y Thắm, file an alternative from the zipped shapefile; return the page and its code."""
    page = enter_as(visitor, "ytham.planner", "/ho-so/moi/?cach=upload")
    page.fill("input[name=name]", RIVAL)
    page.select_option("select[name=unit]", label="Xã Ea Kar")
    other = page.locator("select[name=rival_of] option", has_text=code)
    page.select_option("select[name=rival_of]", other.get_attribute("value"))
    page.click("form button.button-primary")
    page.wait_for_url("**/tep-vao/moi/zone/**")
    page.locator("input[type=file]").set_input_files(str(rival_file(folder)))
    page.fill("input[name=sender]", "Công ty Đo đạc Ea Kar")
    page.locator("form[enctype] button.button-primary").click()
    expect(page.locator(".notice-warn")).to_contain_text("không ghi hệ tọa độ")
    # The phone rings: the page is left, and the file found again where it waits.
    page.goto("/".join(page.url.split("/")[:3]) + "/ho-so/")
    page.locator("nav a", has_text="Tệp vào").first.click()
    page.locator("a.list-title", has_text="phuong_an.zip").click()
    best = page.locator(".reading", has=page.locator("input:checked"))
    expect(best).to_contain_text("108°30′")
    expect(best).to_contain_text("Xã Ea Kar")
    picture(page, "06-nop-tep-ranh-gioi")
    page.locator("button[form=answer]").click()
    expect(page.locator("[data-verdicts] tr[data-outcome=ok]")).to_have_count(1)
    expect(page.locator("[data-verdicts]")).to_contain_text("Phương án phía nam")
    picture(page, "06-xem-va-nhan")
    page.locator("button[form=take]").click()
    page.wait_for_url("**/ve/**")
    board_ready(page)
    assert 28 < hectares(page) < 31
    return page, page.url.split("/ho-so/")[1].split("/")[0]


def largest_gap(one: shapely.Geometry, stored: GEOSGeometry) -> float:
    """Return the largest distance between corresponding corners, metres; both must have the same number of corners."""
    mine = np.unique(np.round(shapely.get_coordinates(one), 6), axis=0)
    theirs = np.unique(np.round(shapely.get_coordinates(shapely.from_wkb(bytes(stored.wkb))), 6), axis=0)
    assert mine.shape == theirs.shape
    return float(np.hypot(*(mine - theirs).T).max())


def survey_package(content: Path, folder: Path, version: ZoneVersion) -> None:
    """Open the package as the team's programs do and hold every boundary in it against the stored one, to 1 mm."""
    with zipfile.ZipFile(content) as archive:
        archive.extractall(folder)
    names = [path for path in folder.rglob("*") if path.is_file()]
    shapes = [path for path in names if path.suffix == ".shp"]
    assert shapes
    assert {path.suffix for path in names} >= {".shp", ".prj", ".cpg", ".gpkg", ".csv", ".xlsx"}
    boundary = next(path for path in shapes if "ranh" in path.name.lower())
    assert boundary.with_suffix(".cpg").read_text().strip().upper() == "UTF-8"
    for source in (boundary, next(path for path in names if path.suffix == ".gpkg")):
        layer = next(name for name, _kind in pyogrio.list_layers(source) if "ranh" in name.lower())
        info, _ids, blobs, _fields = pyogrio.raw.read(source, layer=layer)
        assert CRS.from_user_input(info["crs"]).to_epsg() == SRID
        assert largest_gap(shapely.union_all(shapely.from_wkb(blobs)), version.geom) <= GRID_M
        if source.suffix == ".shp":
            assert all(name.isascii() and len(name) <= 10 for name in info["fields"])
    _ogrinfo_agrees(boundary, version)
    book = load_workbook(next(path for path in names if path.suffix == ".xlsx"))
    corner = corner_blocks(version.geom)[0].corners[0]
    values = [value for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for value in row]
    assert any(isinstance(value, (int, float)) and abs(value - corner.x_m) <= GRID_M for value in values)
    readme = next(path for path in names if path.name.lower().startswith(("readme", "doc-truoc", "doc_truoc")))
    text = readme.read_text(encoding="utf-8")
    assert "VN-2000" in text and "9218" in text


def _ogrinfo_agrees(boundary: Path, version: ZoneVersion) -> None:
    """Compare with GDAL's own program where the machine has it."""
    program = shutil.which("ogrinfo")
    if program is None:
        return
    said = subprocess.run([program, "-al", "-so", str(boundary)], capture_output=True, text=True, check=True).stdout
    extent = re.search(r"Extent: \(([\d.]+), ([\d.]+)\) - \(([\d.]+), ([\d.]+)\)", said)
    assert extent, said
    assert all(abs(float(a) - b) <= GRID_M for a, b in zip(extent.groups(), version.geom.extent, strict=True))
