"""Does search find what people type?"""

from __future__ import annotations

import unicodedata

import pytest
from django.db import connection

from planning.registers.queries import folded, search
from tests.cast import Land, point
from tests.registers.books import Books, make_village


@pytest.fixture
def places(books: Books, land: Land) -> None:
    for slug, name, trade in (
        ("hoa-nhon", "Bánh tráng Hòa Nhơn", "làm bánh tráng"),
        ("cu-mgar", "Dệt Cư M'gar", "dệt thổ cẩm"),
        ("yang-tao", "Gốm Yang Tao", "gốm"),
        ("banh-trang-gia", "Banh Trang Giả", "khác"),
    ):
        make_village(land, slug=slug, name=name, trade_name_vi=trade, trade=slug, location=point(1, 1))


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize(
    ("typed", "slug", "level"),
    [
        ("Bánh tráng Hòa Nhơn", "hoa-nhon", 1),
        ("bánh tráng hoà nhơn", "hoa-nhon", 1),
        (unicodedata.normalize("NFD", "Hòa Nhơn"), "hoa-nhon", 1),
        ("hoa nhon", "hoa-nhon", 2),
        ("hoanhon", "hoa-nhon", 2),
        ("CƯ M’GAR", "cu-mgar", 1),
        ("cu mgar", "cu-mgar", 2),
        ("cumgar", "cu-mgar", 2),
        ("yangtao", "yang-tao", 1),
        ("yang tai", "yang-tao", 3),
        ("cụm công nghiệp thử", "cum-thu", 1),
    ],
)
def test_first_answer(typed: str, slug: str, level: int) -> None:
    first = search(typed)[0]
    assert (first.slug, first.level) == (slug, level)


@pytest.mark.usefixtures("places")
def test_exact_tones_come_before_base_letters() -> None:
    assert [hit.slug for hit in search("bánh tráng")][:2] == ["hoa-nhon", "banh-trang-gia"]


@pytest.mark.usefixtures("places")
def test_former_district_and_trade_are_found() -> None:
    assert len(search("huyện thử")) >= 5
    assert "yang-tao" in {hit.slug for hit in search("gom")}


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize("typed", ["", "  ", "'", "%", "\x00", "(((", "\\", "a" * 5000, "中文"])
def test_odd_input_answers_quietly(typed: str) -> None:
    assert isinstance(search(typed), tuple)


@pytest.mark.usefixtures("places")
def test_a_match_starts_at_a_word() -> None:
    assert "hoa-nhon" not in {hit.slug for hit in search("rang") if hit.level < 3}


@pytest.mark.parametrize("text", ["Cư M’gar", "Ê Đê – M'Drắk 2", "Đắk Lắk", "ưỡ Ợ ẳ", "Krông Năng", "Ð 1/2"])
def test_python_folds_as_the_database_does(db: None, text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT registers_fold(%s)", [text])
        assert cursor.fetchone() == (folded(text),)
