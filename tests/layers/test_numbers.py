"""Are numbers in messages rounded, not cut off?"""

import pytest
from django.utils import translation

from layers.intake.cad.messages import drawn
from layers.messages import place_text
from layers.numbers import number_format


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(4.999999999, 1, "5,0"), (409.868, 2, "409,87"), (-0.001, 2, "0,00"), (7, 0, "7"), (1e-9, 2, "0,00")],
)
def test_the_last_place_is_rounded(value: float, places: int, text: str) -> None:
    with translation.override("vi"):
        assert number_format(value, places) == text


def test_thousands_are_grouped_on_wish() -> None:
    with translation.override("vi"):
        assert number_format(1417072.609999, 2, force_grouping=True) == "1.417.072,61"


def test_a_gap_of_five_centimetres_is_said_as_five() -> None:
    with translation.override("vi"):
        assert drawn("LINE_NOT_CLOSED", {"gap_m": 0.04999999998, "drawing_at": (0, 0)})[1]["gap_text"] == "5,0 cm"


def test_a_place_is_rounded_to_the_centimetre() -> None:
    with translation.override("vi"):
        assert place_text((499653.3579999, 1417072.6099999)) == "X 1.417.072,61, Y 499.653,36"
