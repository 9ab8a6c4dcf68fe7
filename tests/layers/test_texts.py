"""Is Vietnamese read back letter by letter from every old code page, found out, and never against a person's word?"""

from __future__ import annotations

import unicodedata

import pytest

from layers.intake.texts import Sampler, TextReadings, plausibility, read_texts
from layers.intake.vietnamese import DECLARED, NAMES, bytes_of, decode
from tests.layers.encoders import CANNOT_WRITE, ENCODERS, LETTERS

SENTENCES = [
    "Cụm công nghiệp Ea Đar, huyện Ea Kar, tỉnh Đắk Lắk",
    "đất trồng lúa nước còn lại và rừng phòng hộ",
    "Xã Cư M'gar, buôn Ea Súp, thôn Hòa Thịnh",
    "Tổ dân phố số 5, phường Ea Tam, thành phố Buôn Ma Thuột",
    "người sử dụng đất: hộ ông Nguyễn Văn Đô",
    "mốc giới đường quy hoạch ở hướng tây bắc",
]


@pytest.mark.parametrize("key", ENCODERS)
def test_every_letter_comes_back(key: str) -> None:
    for letter in LETTERS:
        if letter in CANNOT_WRITE.get(key, ""):
            continue
        assert decode(key, ENCODERS[key](letter)) == letter, letter
        word = f"x{letter}n {letter}"  # inside a word and as the last letter, which GDAL drops
        assert decode(key, ENCODERS[key](word)) == word


def test_capitals_with_a_tone_are_small_letters_in_tcvn3() -> None:
    # .VnTimeH: a font, not a letter; what cannot be known is not invented
    assert decode("tcvn3", ENCODERS["tcvn3"]("đẤT LÚA")) == "đấT LúA"


@pytest.mark.parametrize("key", ENCODERS)
@pytest.mark.parametrize("texts", [SENTENCES, SENTENCES[:1], SENTENCES[1:2], SENTENCES[4:5]])
def test_the_code_page_is_found_out(key: str, texts: list[str]) -> None:
    sampler = Sampler(raw=True)
    sampler.add([ENCODERS[key](text).decode("latin-1") for text in texts])
    found = sampler.judge()
    assert found.chosen == key
    read = sampler.reader(key)
    assert [unicodedata.normalize("NFC", read(ENCODERS[key](text).decode("latin-1"))) for text in texts] == texts
    assert found.readings[0].key == key and set(found.readings[0].samples) <= set(texts)


def test_readings_show_the_same_rows_in_the_same_order() -> None:
    sampler = Sampler(raw=True)
    sampler.add([ENCODERS["tcvn3"](text).decode("latin-1") for text in SENTENCES])
    found = sampler.judge()
    assert {len(reading.samples) for reading in found.readings} == {5}
    assert [reading.name for reading in found.readings] == [NAMES[reading.key] for reading in found.readings]
    order = [SENTENCES.index(text) for text in found.readings[0].samples]
    assert order == sorted(order)
    for reading in found.readings[1:]:
        assert reading.samples != found.readings[0].samples


def test_a_wrong_declaration_is_not_believed_and_a_right_one_is() -> None:
    texts = [ENCODERS["tcvn3"](text) for text in SENTENCES]
    assert read_texts(texts, "UTF-8")[1] == read_texts(texts, "1258")[1] == "tcvn3"
    cp1258 = [ENCODERS["cp1258"](text) for text in SENTENCES]
    assert read_texts(cp1258, "CP1258") == (SENTENCES, "")


def test_a_person_is_believed_over_what_seems_likelier() -> None:
    sampler = Sampler(raw=True)
    sampler.add([ENCODERS["tcvn3"](text).decode("latin-1") for text in SENTENCES])
    found = sampler.judge(forced="vni")
    assert found.chosen == "vni" and found.certain and found.readings[0].key == "vni"


def test_what_tells_nothing_is_asked_about() -> None:
    sampler = Sampler(raw=True)
    sampler.add(["\xa7", "K\xdd"])
    assert not sampler.judge().certain


def test_plain_ascii_asks_nothing() -> None:
    sampler = Sampler(raw=True)
    sampler.add(["Ea Kar", "M1", None, 3])
    assert sampler.judge() == TextReadings("utf-8", certain=True)


@pytest.mark.parametrize("key", ["tcvn3", "vni", "viscii"])
def test_an_old_code_page_in_disguise_of_unicode_is_recognised(key: str) -> None:
    """QGIS and Excel save .VnTime texts as UTF-8 without a word: § stays §, and no diacritic is left."""
    sampler = Sampler(raw=False)
    disguised = [ENCODERS[key](text).decode("latin-1") for text in SENTENCES]
    sampler.add(disguised)
    found = sampler.judge()
    assert found.chosen == key
    assert [sampler.reader(key)(text) for text in disguised] == SENTENCES


def test_unicode_read_as_windows_1252_comes_back() -> None:
    sampler = Sampler(raw=False)
    broken = ["Cụm công nghiệp".encode().decode("cp1252", "ignore"), "rừng phòng hộ".encode().decode("cp1252")]
    sampler.add(broken)
    found = sampler.judge()
    assert "rừng phòng hộ" in next(item.samples for item in found.readings if item.key == "utf-8-twice")


@pytest.mark.parametrize(
    "texts",
    [SENTENCES, ["Café", "Đăk Lăk"], ["Đà Lạt", "naïve"], [unicodedata.normalize("NFD", text) for text in SENTENCES],
     ["Êa H'leo", "Krông Năng", "M'Drắk"], ["Größe", "Straße"]],
)  # fmt: skip
def test_real_unicode_is_left_alone(texts: list[str]) -> None:
    sampler = Sampler(raw=False)
    sampler.add(texts)
    assert sampler.judge().chosen == "utf-8"


def test_readings_travel_as_json() -> None:
    sampler = Sampler(raw=True)
    sampler.add([ENCODERS["vni"](text).decode("latin-1") for text in SENTENCES])
    found = sampler.judge()
    assert TextReadings.of_dict(found.as_dict()) == found


def test_vietnamese_is_plausible_and_a_wrong_reading_is_not() -> None:
    assert plausibility(" ".join(SENTENCES)) > 0.95
    for key in ("tcvn3", "vni", "viscii", "cp1258"):
        wrong = " ".join(ENCODERS[key](text).decode("cp1252", "replace") for text in SENTENCES)
        assert plausibility(wrong) < 0.5, key


def test_every_declared_name_is_a_reading() -> None:
    assert set(DECLARED.values()) <= set(NAMES)
    assert bytes_of("§¾k") == b"\xa7\xbek" and bytes_of("–") == b"\x96" and bytes_of("ắ") is None
