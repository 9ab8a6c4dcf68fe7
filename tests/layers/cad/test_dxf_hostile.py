"""Does a hostile drawing end in a refusal, in bounded time, with nothing read that is not in it?"""

from __future__ import annotations

import resource
from collections.abc import Callable
from pathlib import Path

import ezdxf
import pytest

from layers.errors import DatNgheError
from layers.intake import read_vector_file
from layers.intake.cad.options import CadOptions
from layers.intake.limits import IntakeLimits
from tests.layers.cad.drawings import EAST, LAYER, NORTH, SQUARE, at, bomb, boundary, dxf, lines
from tests.layers.files import refused

pytestmark = pytest.mark.django_db
CANARY = "KIM TUYEN 7731"


def read(path: Path, **options: object):
    return read_vector_file(path, path.name, **options)


def cycle(model, document) -> None:
    names = ("MOT", "HAI", "BA")
    for name, following in zip(names, (*names[1:], names[0]), strict=True):
        document.blocks.new(name).add_blockref(following, (0, 0))
    model.add_blockref("MOT", (EAST, NORTH))


def itself(model, document) -> None:
    document.blocks.new("MOT").add_blockref("mot", (0, 0))
    model.add_blockref("MOT", (EAST, NORTH))


def rows(model, document) -> None:
    document.blocks.new("MOT").add_line((0, 0), (1, 1))
    attributes = {"row_count": 30_000, "column_count": 30_000, "row_spacing": 1, "column_spacing": 1}
    model.add_blockref("MOT", (EAST, NORTH), dxfattribs=attributes)


def deep(model, document) -> None:
    bomb(document, model, levels=3_000, each=1)


BOMBS: dict[str, Callable] = {
    "ten blocks of ten, ten deep": lambda model, document: bomb(document, model),
    "ten blocks of ten, seven deep": lambda model, document: bomb(document, model, levels=7),
    "three thousand levels": deep,
    "a cycle of three": cycle,
    "a block that holds itself": itself,
    "nine hundred million copies": rows,
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_and_cycles_are_refused_before_they_unfold(name: str, tmp_path: Path) -> None:
    path = dxf(tmp_path, BOMBS[name])
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    error = refused("DXF_TOO_COMPLEX", lambda: read(path))
    assert error.message and error.todo and "%(" not in error.message
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 10


def test_a_bomb_on_another_layer_does_not_hide_the_boundary(tmp_path: Path) -> None:
    def draw(model, document) -> None:
        boundary(model, at(*SQUARE))
        bomb(document, model, levels=7)

    intake = read(dxf(tmp_path, draw))
    assert intake.layer == LAYER and len(intake.shapes) == 1
    refused("DXF_TOO_COMPLEX", lambda: read(dxf(tmp_path, draw), cad=CadOptions(layers=("0",))))


def test_honest_blocks_up_to_the_eighth_level_come_in(tmp_path: Path) -> None:
    def draw(model, document) -> None:
        document.blocks.new("B0").add_lwpolyline(SQUARE, close=True)
        for level in range(1, 8):
            document.blocks.new(f"B{level}").add_blockref(f"B{level - 1}", (0, 0))
        model.add_blockref("B7", (EAST, NORTH))

    assert read(dxf(tmp_path, draw)).shapes[0].area == pytest.approx(10_000)


def tags(*pairs: tuple[int, object]) -> str:
    return "".join(f"{code:>3}\n{value}\n" for code, value in pairs)


def entities(text: str, header: str = "") -> bytes:
    head = tags((0, "SECTION"), (2, "HEADER"), (9, "$ACADVER"), (1, "AC1009")) + header + tags((0, "ENDSEC"))
    body = tags((0, "SECTION"), (2, "ENTITIES")) + text + tags((0, "ENDSEC"), (0, "EOF"))
    return (head + body).encode()


def line(*values: object) -> str:
    return tags((0, "LINE"), (8, "0"), *zip((10, 20, 11, 21), values, strict=False))


def polyline(count: int) -> str:
    rows = "".join(tags((0, "VERTEX"), (8, "0"), (10, index), (20, index % 7)) for index in range(count))
    return tags((0, "POLYLINE"), (8, "0"), (66, 1), (70, 1)) + rows + tags((0, "SEQEND"))


DAMAGED: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "nothing but a start": (lambda: b"0\nSECTION\n", {"DXF_CORRUPT"}),
    "no entities": (lambda: entities(""), {"NO_FEATURES"}),
    "no end mark": (lambda: entities(line(0, 0, 1, 1))[:-10], {"DXF_CORRUPT"}),
    "letters for numbers": (lambda: entities(line("a", "b", "c", "d")), {"DXF_CORRUPT"}),
    "not a number": (lambda: entities(line("nan", 0, 1, 1) * 3), {"COORD_NOT_FINITE"}),
    "beyond everything": (lambda: entities(line("1e300", 0, 1, 1) * 3), {"COORD_RANGE", "UNITS_SUSPECT"}),
    "infinite": (lambda: entities(line("1e999", 0, 1, 1) * 3), {"COORD_NOT_FINITE"}),
    "codes without values": (lambda: entities("0\nLINE\n8\n"), {"DXF_CORRUPT", "NO_FEATURES", "LINE_NOT_CLOSED"}),
    "a huge arc": (
        lambda: entities(tags((0, "ARC"), (8, "0"), (10, 0), (20, 0), (40, "1e14"), (50, 0), (51, 350))),
        {"TOO_MANY_VERTICES"},
    ),
    "a reference to nothing": (
        lambda: entities(tags((0, "INSERT"), (8, "0"), (2, "KHONG"), (10, 0), (20, 0))), {"NO_FEATURES"},
    ),
    "too many corners": (lambda: entities(polyline(200_001)), {"TOO_MANY_VERTICES"}),
    "only texts": (lambda: entities(tags((0, "TEXT"), (8, "0"), (10, 0), (20, 0), (40, 1), (1, "x"))), {"NO_FEATURES"}),
    "only points": (lambda: entities(tags((0, "POINT"), (8, "0"), (10, 5), (20, 5))), {"GEOM_TYPE"}),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_drawings_are_refused_with_a_word(name: str, tmp_path: Path) -> None:
    make, allowed = DAMAGED[name]
    path = tmp_path / "a.dxf"
    path.write_bytes(make())
    with pytest.raises(DatNgheError) as caught:
        read(path)
    assert caught.value.code in allowed, caught.value.detail
    assert caught.value.todo


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.dxf", b"AC1027" + bytes(200), "FORMAT_UNSUPPORTED"),
        ("a.dwg", b"AC1032" + bytes(200), "FORMAT_UNSUPPORTED"),
        ("a.dxf", b"AutoCAD Binary DXF\r\n\x1a\x00" + bytes(200), "FORMAT_UNSUPPORTED"),
        ("a.dgn", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "FORMAT_UNSUPPORTED"),
        ("a.dgn", b"0\nSECTION\n2\nHEADER\n", "FORMAT_MISMATCH"),
        ("a.dxf", b"\x08\x09\xfe\x02" + bytes(2000), "FORMAT_MISMATCH"),
        ("a.dxf", b"<OGRVRTDataSource></OGRVRTDataSource>", "FORMAT_MISMATCH"),
    ],
)
def test_other_drawings_are_refused_by_their_first_bytes(name: str, content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    error = refused(code, lambda: read(path))
    if code == "FORMAT_UNSUPPORTED":
        assert "DXF" in error.todo


def test_files_that_a_drawing_points_at_are_not_opened(tmp_path: Path) -> None:
    secret = tmp_path / "bi-mat.dxf"
    dxf(tmp_path, lambda model, _: model.add_text(CANARY, dxfattribs={"insert": at((50, 50))[0]}), name=secret.name)
    folder = tmp_path / "viec"
    folder.mkdir()

    def draw(model, document) -> None:
        boundary(model, at(*SQUARE))
        document.add_xref_def(str(secret), "NGOAI")
        model.add_blockref("NGOAI", (0, 0))
        image = document.add_image_def(filename="/etc/passwd", size_in_pixel=(64, 64))
        model.add_image(image, insert=at((0, 0))[0], size_in_units=(10, 10))

    intake = read(dxf(folder, draw), layer=LAYER)
    assert intake.isolated and CANARY not in repr(intake)
    assert intake.cad is not None and intake.cad.dropped == {"IMAGE": 1, "XREF": 1}


def test_a_drawing_with_faults_is_read_and_the_person_warned(tmp_path: Path) -> None:
    path = dxf(tmp_path, lambda model, _: boundary(model, at(*SQUARE)), version="R2000")
    path.write_text(path.read_text("cp1252").replace("  0\nENDSEC\n", "", 2), "cp1252")
    with pytest.raises(ezdxf.DXFError):
        ezdxf.readfile(path)
    intake = read(path)
    assert "CAD_RECOVERED" in [notice.code for notice in intake.notices] and len(intake.shapes) == 1


def test_a_decimal_comma_is_refused_not_cut_off(tmp_path: Path) -> None:
    path = dxf(tmp_path, lambda model, _: boundary(model, [(x + 0.55, y) for x, y in at(*SQUARE)]))
    text = path.read_text("utf-8")
    assert "492000.55" in text
    path.write_text(text.replace("492000.55", "492000,55"), "utf-8")
    assert refused("DXF_CORRUPT", lambda: read(path)).code == "DXF_CORRUPT"


def test_a_grid_of_crossing_lines_is_its_cells(tmp_path: Path) -> None:
    def draw(model, _document) -> None:
        for row in range(31):
            lines(model, at((0, row * 10), (300, row * 10)))
            lines(model, at((row * 10, 0), (row * 10, 300)))

    assert [round(shape.area, 6) for shape in read(dxf(tmp_path, draw)).shapes] == [100] * 900


def test_crossings_by_the_million_end_by_the_limits(tmp_path: Path) -> None:
    def draw(model, _document) -> None:
        for row in range(2_000):
            lines(model, at((0, row), (2_000, row + 0.5)))
            lines(model, at((row, 0), (row + 0.5, 2_000)))

    path = dxf(tmp_path, draw)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with pytest.raises(DatNgheError) as caught:
        read(path, limits=IntakeLimits(features=2_000, vertices=200_000, seconds=8))
    assert caught.value.code in {"FILE_TOO_COMPLEX", "TOO_MANY_RINGS", "TOO_MANY_FEATURES"}
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 30
