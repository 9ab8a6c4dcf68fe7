"""Are numbers, areas, sums and dates written as Vietnamese papers write them, and as English readers expect?"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from mapping import formats
from mapping.fields import DateField, DongField, HectareField

NB = "\u00a0"


@pytest.mark.parametrize(
    ("written", "vi", "en"),
    [
        (lambda: formats.hectares(Decimal("1234.565")), f"1.234,57{NB}ha", f"1,234.57{NB}ha"),
        (lambda: formats.hectares_of_m2(302_500), f"30,25{NB}ha", f"30.25{NB}ha"),
        (lambda: formats.percent(0.124), f"12,4{NB}%", f"12.4{NB}%"),
        (lambda: formats.dong(1_250_000_000), f"1.250.000.000{NB}đồng", f"1,250,000,000{NB}đồng"),
        (lambda: formats.dong_short(1_250_000_000), "1,25 tỷ đồng", "1.25 billion đồng"),
        (lambda: formats.dong_short(350_000_000), "350 triệu đồng", "350 million đồng"),
        (lambda: formats.metres(0.349), f"0,35{NB}m", f"0.35{NB}m"),
        (lambda: formats.metres(12_345), f"12,3{NB}km", f"12.3{NB}km"),
        (lambda: formats.hectares(None), "–", "–"),
        (lambda: formats.number(-0.4), "0", "0"),
        (lambda: formats.date(datetime.date(2026, 3, 5)), "05/03/2026", "05/03/2026"),
    ],
)
def test_writing(written: Any, vi: str, en: str) -> None:
    with translation.override("vi"):
        assert written() == vi
    with translation.override("en"):
        assert written() == en


@pytest.mark.parametrize("typed", ["05/03/2026", "5/3/2026", "05-03-2026", "2026-03-05"])
def test_dates_are_read(typed: str) -> None:
    assert DateField().clean(typed) == datetime.date(2026, 3, 5)


def test_money_and_areas_are_read_as_people_write_them() -> None:
    assert DongField().clean("1.250.000.000 đồng") == 1_250_000_000
    assert HectareField().clean("30,25") == Decimal("30.25")


@pytest.mark.parametrize("typed", ["1250000", "1.250.000", "1,250,000", "1 250 000", "1\u00a0250\u00a0000 đ"])
def test_a_sum_is_read_with_any_mark_between_thousands(typed: str) -> None:
    assert DongField().clean(typed) == 1_250_000


@pytest.mark.parametrize("typed", ["1,5", "1.5", "1e9", "-5", "12.50", "1.250,000", "1..250", "năm", "+5", "NaN"])
def test_a_sum_that_must_be_guessed_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        DongField().clean(typed)
