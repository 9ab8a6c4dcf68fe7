"""Are the texts of a drawing read in the code page of their font, of the file, or of their plausibility, stored NFC?"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import ezdxf
import pytest

from layers.intake import read_vector_file
from layers.intake.cad.texts import Written, decode, font_inside
from tests.layers.cad.drawings import LAYER, SQUARE, Dgn, at, boundary, dxf

NAME = "Cụm công nghiệp Ea Đar, đất trồng lúa"
# What the bytes of the old code pages look like as Windows-1252 (domain reference 5.5).
DISGUISED = {
    "tcvn3": "Côm c«ng nghiÖp Ea §ar, ®Êt trång lóa",
    "vni": "Cuïm coâng nghieäp Ea Ñar, ñaát troàng luùa",
    "": NAME,
}


def label_of(path: Path, **options: object) -> object:
    intake = read_vector_file(path, path.name, **options)
    return intake.attributes(0)["label"]


@pytest.mark.parametrize(
    ("font", "page", "said"),
    [
        (".VnTime", "tcvn3", NAME),
        (".VnTime.ttf", "tcvn3", NAME),
        (".VnTimeH", "tcvn3", NAME.upper()),
        ("VNI-Times", "vni", NAME),
        ("vnitimes.ttf", "vni", NAME),
    ],
)
def test_the_font_tells_the_code_page_also_in_a_unicode_file(font: str, page: str, said: str) -> None:
    found = decode([Written(DISGUISED[page], font)], "utf-8", "utf-8")
    assert found.texts == (said,) and not found.guessed


@pytest.mark.parametrize("page", ["tcvn3", "vni"])
def test_without_a_telling_font_plausibility_decides_and_says_so(page: str) -> None:
    found = decode([Written(DISGUISED[page], "Arial")], "utf-8", "utf-8")
    assert found.texts == (NAME,) and found.guessed and found.readings.chosen == page
    assert len(found.readings.readings) > 1


def test_real_unicode_in_an_old_font_is_left_alone() -> None:
    texts = [Written(NAME, ".VnTime"), Written(unicodedata.normalize("NFD", NAME)), Written("Khu A", ".VnTime")]
    assert decode(texts, "utf-8", "utf-8").texts == (NAME, NAME, "Khu A")


def test_a_font_that_lies_is_not_believed() -> None:
    assert decode([Written(DISGUISED["vni"], ".VnTime")], "utf-8", "utf-8").texts == (NAME,)


def test_a_choice_of_a_person_is_honoured() -> None:
    found = decode([Written("§¾k L¾k")], "utf-8", "utf-8", "cp1252")
    assert found.texts == ("§¾k L¾k",) and not found.guessed and found.readings.chosen == "cp1252"


def test_letters_written_as_codes_are_read_with_the_rest_of_the_text() -> None:
    raw = r"C\U+1EE5m c" + "\xf4" + r"ng nghi\U+1EC7p \u+0110\U+1EAFk L\U+1EAFk"
    assert decode([Written(raw)], "latin-1", "cp1252").texts == ("Cụm công nghiệp Đắk Lắk",)


def test_the_font_inside_an_mtext_counts() -> None:
    assert font_inside(r"{\fVNI-Times|b0|i0|c0|p18;x}") == "VNI-Times" and font_inside("x") == ""


@pytest.mark.parametrize("version", ["R12", "R2000", "R2010"])
@pytest.mark.parametrize(("style", "page"), [(".VnTime", "tcvn3"), ("VNI-Times", "vni"), ("", "")])
def test_texts_of_a_drawing_come_in_as_they_were_meant(
    version: str, style: str, page: str, tmp_path: Path, db: None
) -> None:
    def draw(model, document) -> None:
        (model.add_polyline2d if version == "R12" else model.add_lwpolyline)(at(*SQUARE), close=True)
        if style:
            document.styles.add("CHU", font=f"{style}.ttf")
        text = DISGUISED[page]
        model.add_text(
            text, dxfattribs={"insert": at((50, 50))[0], "height": 3, "style": "CHU" if style else "Standard"}
        )

    assert label_of(dxf(tmp_path, draw, version=version)) == NAME


def test_bytes_of_an_old_code_page_survive_in_an_old_file(tmp_path: Path, db: None) -> None:
    def draw(model, _document) -> None:
        boundary(model, at(*SQUARE))
        model.add_text("@@@", dxfattribs={"insert": at((50, 50))[0], "height": 3})

    path = dxf(tmp_path, draw, version="R2000")
    path.write_bytes(path.read_bytes().replace(b"@@@", DISGUISED["tcvn3"].encode("cp1252")))
    intake = read_vector_file(path, path.name)
    assert intake.attributes(0)["label"] == NAME and "ENCODING_GUESSED" in [notice.code for notice in intake.notices]
    assert intake.texts is not None and intake.texts.chosen == "tcvn3"
    forced = read_vector_file(path, path.name, encoding="vni")
    assert forced.attributes(0)["label"] != NAME and forced.texts is not None and forced.texts.chosen == "vni"


def test_a_file_that_says_utf_8_and_is_not(tmp_path: Path, db: None) -> None:
    def draw(model, _document) -> None:
        boundary(model, at(*SQUARE))
        model.add_text("@@@", dxfattribs={"insert": at((50, 50))[0], "height": 3})

    path = dxf(tmp_path, draw)
    path.write_bytes(path.read_bytes().replace(b"@@@", DISGUISED["tcvn3"].encode("cp1252")))
    assert label_of(path) == NAME


@pytest.mark.parametrize("page", ["tcvn3", "vni"])
def test_texts_of_a_dgn(page: str, tmp_path: Path, db: None) -> None:
    path = Dgn().shape(at(*SQUARE)).text(DISGUISED[page].encode("cp1252"), at((40, 40))[0]).save(tmp_path / "a.dgn")
    assert label_of(path) == NAME


def test_an_mtext_is_offered_without_its_marks(tmp_path: Path, db: None) -> None:
    def draw(model, _document) -> None:
        boundary(model, at(*SQUARE))
        model.add_mtext(r"{\fArial|b1;Khu}\P\H2x;sản xuất", dxfattribs={"insert": at((50, 50))[0], "layer": LAYER})

    path = dxf(tmp_path, draw)
    assert ezdxf.readfile(path).modelspace()[1].dxftype() == "MTEXT"
    assert label_of(path) == "Khu sản xuất"
