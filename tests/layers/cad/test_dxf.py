"""Does a DXF come in as the boundary it shows: every version, curve, block and layer, in the right place?"""

from __future__ import annotations

import math
from pathlib import Path

import ezdxf
import numpy as np
import pytest
import shapely
import shapely.affinity

from layers.intake import read_vector_file, to_rows, to_zone
from layers.intake.cad.options import CadOptions
from layers.intake.limits import IntakeLimits
from layers.intake.read import Intake
from layers.intake.verdicts import verdicts
from tests.cast import Land
from tests.layers import files
from tests.layers.cad.drawings import EAST, LAYER, NORTH, SQUARE, at, boundary, dxf, lines
from tests.layers.files import refused
from tests.layers.make import make_layer

pytestmark = pytest.mark.django_db


def read(path: Path, **options: object) -> Intake:
    return read_vector_file(path, path.name, **options)


def codes(intake: Intake) -> list[str]:
    return [notice.code for notice in intake.notices]


def sizes(intake: Intake) -> list[float]:
    return [round(float(area), 3) for area in shapely.area(intake.shapes)]


@pytest.mark.parametrize("version", ["R12", "R2000", "R2004", "R2007", "R2010", "R2013", "R2018"])
def test_every_version_lands_on_the_millimetre_and_asks_where_it_lies(version: str, tmp_path: Path, land: Land) -> None:
    corners = [(x + 0.123, y + 0.457) for x, y in at(*SQUARE)]

    def draw(model, _document) -> None:
        add = model.add_polyline2d if version == "R12" else model.add_lwpolyline
        add(corners, close=True, dxfattribs={"layer": LAYER})

    intake = read(dxf(tmp_path, draw, version=version), declared_unit=land.east)
    assert intake.format == "dxf" and intake.question == "CRS_MISSING" and intake.must_confirm
    assert intake.best is not None and intake.best.srid == 9218 and intake.best.share_in_unit == 1
    zone = to_zone(intake, intake.best)
    assert shapely.hausdorff_distance(shapely.from_wkb(bytes(zone.geom.wkb)), shapely.Polygon(corners)) <= 0.001
    assert zone.area_m2 == pytest.approx(10_000, abs=0.1)


def test_what_qgis_reads_of_the_lines_is_what_we_read(tmp_path: Path) -> None:
    path = dxf(tmp_path, lambda model, _: boundary(model, at(*SQUARE, (-20, 50.5))))
    (seen,) = files.gdal_reads(str(path))
    (shape,) = read(path).shapes
    assert shapely.hausdorff_distance(shapely.Polygon(seen.coords), shape) == 0


CURVES = {
    "bulged polyline": (lambda m: boundary(m, [(*p, 1) for p in at((0, 0), (100, 0))], format="xyb"), math.pi * 2500),
    "circle": (lambda m: m.add_circle((EAST, NORTH), 50, dxfattribs={"layer": LAYER}), math.pi * 2500),
    "ellipse": (lambda m: m.add_ellipse((EAST, NORTH), (50, 0), 0.5, dxfattribs={"layer": LAYER}), math.pi * 1250),
    "small circle": (lambda m: m.add_circle((EAST, NORTH), 1, dxfattribs={"layer": LAYER}), math.pi),
    "large circle": (lambda m: m.add_circle((EAST, NORTH), 3000, dxfattribs={"layer": LAYER}), math.pi * 9e6),
    "old bulged polyline": (
        lambda m: m.add_polyline2d([(*p, 1) for p in at((0, 0), (100, 0))], format="xyb", close=True),
        math.pi * 2500,
    ),
    "circle looked at from below": (
        lambda m: m.add_circle((-EAST, NORTH), 50, dxfattribs={"extrusion": (0, 0, -1)}), math.pi * 2500,
    ),
    "arc and lines": (
        lambda m: (
            lines(m, at((100, 0), (0, 0), (0, 100), (100, 100))),
            m.add_arc((EAST + 100, NORTH + 50), 50, 270, 90, dxfattribs={"layer": LAYER}),
        ),
        10_000 + math.pi * 1250,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CURVES)
def test_curves_are_cut_within_a_thousandth_of_the_area_and_said(name: str, tmp_path: Path) -> None:
    draw, area = CURVES[name]
    intake = read(dxf(tmp_path, lambda model, _: draw(model)))
    assert shapely.area(intake.shapes).sum() == pytest.approx(area, rel=1e-3)
    assert "OK_CURVE_LINEARISED" in codes(intake)
    assert np.abs(shapely.centroid(intake.shapes[0]).x - EAST) < 200


def test_a_closed_spline_is_cut_within_a_centimetre(tmp_path: Path) -> None:
    turns = np.linspace(0, 2 * math.pi, 12, endpoint=False)
    frame = [(EAST + 300 * math.cos(t), NORTH + 200 * math.sin(t)) for t in turns]

    def draw(model, _document) -> None:
        model.add_spline(dxfattribs={"layer": LAYER}).set_closed([(*point, 0) for point in frame])

    path = dxf(tmp_path, draw)
    intake = read(path)
    (spline,) = ezdxf.readfile(path).modelspace()
    exact = shapely.Polygon([(p.x, p.y) for p in spline.construction_tool().approximate(20_000)])
    assert shapely.hausdorff_distance(intake.shapes[0].exterior, exact.exterior) <= 0.01


@pytest.mark.parametrize(("gap", "code"), [(0.005, ""), (0.05, "LINE_NOT_CLOSED"), (1.0, "LINE_NOT_CLOSED")])
def test_open_polylines(gap: float, code: str, tmp_path: Path) -> None:
    def draw(model, _document) -> None:
        model.add_lwpolyline(at(*SQUARE, (0, gap)), dxfattribs={"layer": LAYER})

    path = dxf(tmp_path, draw)
    if not code:
        intake = read(path)
        assert sizes(intake) == [10_000] and "RING_CLOSED" in codes(intake)
        assert intake.cad is not None and intake.cad.repairs[-1].params["gap_m"] == pytest.approx(gap, abs=1e-6)
        closed = next(notice for notice in intake.notices_at(intake.best) if notice.code == "RING_CLOSED")
        assert closed.at == pytest.approx((EAST, NORTH), abs=0.01)
        return
    error = refused(code, lambda: read(path))
    assert "492" in error.where.replace(".", "").replace(",", "") and error.todo
    (offer,) = error.detail["offers"]
    assert offer["option"] == "close_m" and offer["text"]
    again = read(path, cad=CadOptions(close_m=offer["value"]))
    assert sizes(again) == [10_000] and "RING_CLOSED" in codes(again)


def test_a_polyline_in_space_loses_its_heights_with_a_word(tmp_path: Path) -> None:
    def draw(model, _document) -> None:
        model.add_polyline3d([(x, y, 412.5) for x, y in at(*SQUARE)], close=True, dxfattribs={"layer": LAYER})

    intake = read(dxf(tmp_path, draw))
    assert sizes(intake) == [10_000] and "OK_Z_DROPPED" in codes(intake) and not shapely.has_z(intake.shapes).any()


def test_hatches_are_areas_with_holes(tmp_path: Path) -> None:
    def draw(model, _document) -> None:
        hatch = model.add_hatch(dxfattribs={"layer": LAYER})
        hatch.paths.add_polyline_path(at(*SQUARE), is_closed=True)
        edges = hatch.paths.add_edge_path()
        edges.add_line((EAST + 40, NORTH + 50), (EAST + 60, NORTH + 50))
        edges.add_arc((EAST + 50, NORTH + 50), 10, 0, 180)

    intake = read(dxf(tmp_path, draw))
    assert shapely.area(intake.shapes).sum() == pytest.approx(10_000 - math.pi * 50, rel=1e-4)


@pytest.mark.parametrize(
    ("scale", "area"), [((2, 2), 4 * 10_000), ((-1, 1), 10_000), ((2, 3), 6 * 10_000), ((0.001, 0.001), 0.01)]
)
def test_blocks_are_unfolded_where_they_stand(scale: tuple[float, float], area: float, tmp_path: Path) -> None:
    def draw(model, document) -> None:
        inner = document.blocks.new("TRONG")
        inner.add_lwpolyline([(0, 0), (100, 0), (100, 100), (0, 100)], close=True)
        document.blocks.new("NGOAI").add_blockref("TRONG", (0, 0), dxfattribs={"rotation": 90})
        model.add_blockref(
            "NGOAI", (EAST, NORTH),
            dxfattribs={"xscale": scale[0], "yscale": scale[1], "rotation": 30, "layer": LAYER},
        )  # fmt: skip

    path = dxf(tmp_path, draw)
    intake = read(path)
    assert intake.layer == LAYER and shapely.area(intake.shapes).sum() == pytest.approx(area, rel=1e-6)
    turned = shapely.affinity.rotate(shapely.box(0, 0, 100, 100), 90, origin=(0, 0))
    placed = shapely.affinity.rotate(shapely.affinity.scale(turned, *scale, origin=(0, 0)), 30, origin=(0, 0))
    expected = shapely.affinity.translate(placed, EAST, NORTH)
    assert shapely.hausdorff_distance(intake.shapes[0].exterior, expected.exterior) < 1e-6


def test_a_block_repeated_in_rows_and_columns(tmp_path: Path) -> None:
    def draw(model, document) -> None:
        document.blocks.new("LO").add_lwpolyline([(0, 0), (10, 0), (10, 10), (0, 10)], close=True)
        model.add_blockref(
            "LO", (EAST, NORTH),
            dxfattribs={"row_count": 3, "column_count": 4, "row_spacing": 20, "column_spacing": 30, "layer": LAYER},
        )  # fmt: skip

    intake = read(dxf(tmp_path, draw))
    assert sizes(intake) == [100] * 12 and shapely.total_bounds(intake.shapes).tolist() == pytest.approx(
        [EAST, NORTH, EAST + 100, NORTH + 50]
    )


def test_sheets_are_left_out_and_said(tmp_path: Path) -> None:
    def draw(model, document) -> None:
        boundary(model, at(*SQUARE))
        document.layout("Layout1").add_lwpolyline([(0, 0), (420, 0), (420, 297), (0, 297)], close=True)

    intake = read(dxf(tmp_path, draw))
    assert sizes(intake) == [10_000] and "CAD_PAPER_SPACE" in codes(intake)


def layered(model, document) -> None:
    document.layers.add("DUONG")
    document.layers.add("CU", dxfattribs={"flags": 1})  # frozen
    document.layers.add("TAT").off()
    boundary(model, at(*SQUARE))
    lines(model, at((0, 0), (500, 500), (900, 500)), "DUONG")
    boundary(model, at((0, 0), (7, 0), (7, 7)), dxfattribs={"layer": "CU"})
    boundary(model, at((0, 0), (9, 0), (9, 9)), dxfattribs={"layer": "TAT"})
    model.add_text("Cụm công nghiệp Ea Đar", dxfattribs={"insert": at((50, 50))[0], "height": 5, "layer": "CHU"})


def test_several_layers_are_asked_about_with_what_each_holds(tmp_path: Path) -> None:
    error = refused("MULTIPLE_LAYERS", lambda: read(dxf(tmp_path, layered)))
    assert error.detail["layers"] == ["DUONG", LAYER, "CU", "TAT"]
    told = {layer["name"]: layer for layer in error.detail["cad"]["layers"]}
    assert told[LAYER]["counts"] == {"closed": 1} and told["DUONG"]["counts"] == {"open": 2}
    assert {name: layer["visible"] for name, layer in told.items()} == {
        "DUONG": True, LAYER: True, "CHU": True, "CU": False, "TAT": False,
    }  # fmt: skip
    fits = {name: layer["fits"] for name, layer in told.items()}
    assert fits == {"DUONG": False, LAYER: True, "CHU": None, "CU": True, "TAT": True}
    error = refused("MULTIPLE_LAYERS", lambda: read(dxf(tmp_path, layered), kind="line"))
    assert {layer["name"] for layer in error.detail["cad"]["layers"] if layer["fits"]} == {"DUONG", LAYER, "CU", "TAT"}


def test_the_chosen_layers_are_read_and_the_text_inside_is_offered_as_name(tmp_path: Path) -> None:
    path = dxf(tmp_path, layered)
    for intake in (read(path, cad=CadOptions(layers=(LAYER,))), read(path, layer=LAYER)):
        assert sizes(intake) == [10_000] and intake.cad is not None
        assert intake.attributes(0) == {"label": "Cụm công nghiệp Ea Đar", "layer": LAYER}
        assert intake.cad.chosen == (LAYER,) and intake.cad.labels == (("Cụm công nghiệp Ea Đar",),)
    assert sizes(read(path, cad=CadOptions(layers=("CU",)))) == [24.5]
    refused("NO_LAYER", lambda: read(path, cad=CadOptions(layers=("KHONG CO",))))


def test_one_visible_layer_with_lines_needs_no_question(tmp_path: Path) -> None:
    def draw(model, document) -> None:
        document.layers.add("TAT").off()
        boundary(model, at(*SQUARE))
        boundary(model, at((0, 0), (9, 0), (9, 9)), dxfattribs={"layer": "TAT"})

    assert sizes(read(dxf(tmp_path, draw))) == [10_000]


def test_a_millimetre_drawing_is_asked_about_and_read_when_confirmed(tmp_path: Path, land: Land) -> None:
    path = dxf(tmp_path, lambda model, _: boundary(model, [(x * 1000, y * 1000) for x, y in at(*SQUARE)]))
    error = refused("UNITS_SUSPECT", lambda: read(path))
    assert [offer["value"] for offer in error.detail["offers"]] == ["mm", "m"] and error.detail["offers"][0]["text"]
    intake = read(path, cad=CadOptions(units="mm"), declared_unit=land.east)
    assert sizes(intake) == [10_000] and intake.best.share_in_unit == 1 and intake.cad.units == "mm"


def test_curves_of_a_millimetre_drawing_are_cut_by_the_metre(tmp_path: Path) -> None:
    path = dxf(tmp_path, lambda model, _: model.add_circle((EAST * 1000, NORTH * 1000), 50_000))
    (shape,) = read(path, cad=CadOptions(units="mm")).shapes
    (same,) = read(dxf(tmp_path, lambda model, _: model.add_circle((EAST, NORTH), 50), name="m.dxf")).shapes
    assert shapely.get_num_points(shape.exterior) == shapely.get_num_points(same.exterior)


def test_the_unit_of_the_header_alone_decides_nothing(tmp_path: Path, land: Land) -> None:
    def draw(model, document) -> None:
        document.header["$INSUNITS"] = 4  # millimetres, as many templates say
        boundary(model, at(*SQUARE))

    intake = read(dxf(tmp_path, draw), declared_unit=land.east)
    assert sizes(intake) == [10_000] and intake.cad.units_named == "mm" and intake.best.share_in_unit == 1


def test_swapped_axes_are_offered(tmp_path: Path, land: Land) -> None:
    path = dxf(tmp_path, lambda model, _: boundary(model, [(y, x) for x, y in at(*SQUARE)]))
    intake = read(path, declared_unit=land.east)
    assert intake.best is not None and intake.best.swapped and intake.best.srid == 9218


def test_lines_and_points_of_a_layer_come_in_as_such(tmp_path: Path) -> None:
    def draw(model, _document) -> None:
        lines(model, at((0, 0), (500, 500), (900, 500)))
        model.add_point(at((50, 50))[0], dxfattribs={"layer": LAYER})

    path = dxf(tmp_path, draw)
    assert shapely.length(read(path, kind="line").shapes).sum() == pytest.approx(math.hypot(500, 500) + 400)
    assert shapely.get_coordinates(read(path, kind="point").shapes).tolist() == [[EAST + 50, NORTH + 50]]
    refused("LINE_NOT_CLOSED", lambda: read(path))


def test_parcels_become_rows_of_a_layer(tmp_path: Path) -> None:
    def draw(model, _document) -> None:
        for column in range(3):
            x = column * 100
            boundary(model, at((x, 0), (x + 100, 0), (x + 100, 100), (x, 100)))
            model.add_text(f"Thửa {column}", dxfattribs={"insert": at((x + 40, 40))[0], "height": 3})

    intake = read(dxf(tmp_path, draw))
    rows = list(to_rows(intake, intake.best, make_layer("parcels", name_field="label")))
    assert [row.name for row in rows] == ["Thửa 0", "Thửa 1", "Thửa 2"] and rows[0].attributes["layer"] == LAYER


def test_what_was_mended_is_said_of_its_feature_with_place_and_areas(tmp_path: Path, land: Land) -> None:
    def draw(model, _document) -> None:
        boundary(model, at((0, 300), (50, 300), (50, 350)))
        boundary(model, at(*SQUARE))
        model.add_circle((EAST + 50, NORTH + 50), 10, dxfattribs={"layer": LAYER})
        model.add_lwpolyline(at((200, 0), (300, 0), (300, 100), (200, 0.006)), dxfattribs={"layer": LAYER})
        lines(model, at((400, 0), (500, 0), (450, 50), (400, 0)))

    intake = read(dxf(tmp_path, draw), declared_unit=land.east)
    found = verdicts(intake, intake.best, unit=land.east)
    told = {verdict.number: [notice.code for notice in verdict.notices] for verdict in found}
    assert [verdict.outcome for verdict in found] == ["ok", "repaired", "repaired", "repaired"]
    assert told == {1: [], 2: ["RINGS_TO_HOLES"], 3: ["RING_CLOSED"], 4: ["LINES_TO_POLYGON"]}
    hole = found[1]
    assert hole.area_before_m2 == 10_000 and hole.area_after_m2 == pytest.approx(10_000 - math.pi * 100, rel=1e-3)
    (closed,) = found[2].notices
    assert "6,0 mm" in closed.message
    assert closed.at == pytest.approx((EAST + 200, NORTH), abs=0.01) and closed.before_m2 and closed.after_m2


def test_a_zipped_drawing_comes_in(tmp_path: Path) -> None:
    path = dxf(tmp_path, lambda model, _: boundary(model, at(*SQUARE)))
    assert sizes(read(files.zipped(tmp_path / "a.zip", {"Hồ sơ/Ranh.DXF": path}))) == [10_000]


def test_more_areas_than_the_limit_are_refused(tmp_path: Path) -> None:
    def draw(model, _document) -> None:
        for index in range(12):
            boundary(model, at((index * 20, 0), (index * 20 + 10, 0), (index * 20, 10)))

    path = dxf(tmp_path, draw)
    refused("TOO_MANY_FEATURES", lambda: read(path, limits=IntakeLimits(features=10)))
    refused("TOO_MANY_VERTICES", lambda: read(path, limits=IntakeLimits(vertices=30)))
