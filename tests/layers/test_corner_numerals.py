"""Is a number of a corner table, or an angle, read as it was written in Viet Nam?"""

from __future__ import annotations

import pytest

from layers.intake.corners.numerals import read_angle, read_numeral


@pytest.mark.parametrize(
    ("text", "value", "grouped"),
    [
        ("1.400.856,19", 1_400_856.19, None),
        ("1,400,856.19", 1_400_856.19, None),
        ("1 400 856,19", 1_400_856.19, None),
        ("1\u00a0400\u00a0856.19", 1_400_856.19, None),
        ("1400856,190", 1_400_856.19, None),
        ("1400856.190", 1_400_856.19, None),
        ("1.400.856", 1_400_856.0, None),
        ("449.656", 449.656, 449_656.0),
        ("449656,41", 449_656.41, None),
        ("12,6", 12.6, None),
        ("0,500", 0.5, None),
        ("449656,41 m", 449_656.41, None),
    ],
)
def test_numerals(text: str, value: float, grouped: float | None) -> None:
    read = read_numeral(text)
    assert read is not None
    assert read.value == pytest.approx(value)
    assert read.grouped == grouped


@pytest.mark.parametrize(
    "text", ["", "M1", "1.2.3", "1,40,0", "1..2", "--3", "1e9", "NaN", "٣", "12.34.567,8", "12 40 01.2"]
)
def test_not_numerals(text: str) -> None:
    assert read_numeral(text) is None


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("12°40'01.2\"", 12 + 40 / 60 + 1.2 / 3600),
        ("12°40′01,2″N", 12 + 40 / 60 + 1.2 / 3600),
        ("N 12º40’01.2”", 12 + 40 / 60 + 1.2 / 3600),
        ("108 02 18.30", 108 + 2 / 60 + 18.3 / 3600),
        ("108-02-18,3", 108 + 2 / 60 + 18.3 / 3600),
        ("108d02m18s", 108 + 2 / 60 + 18 / 3600),
        ("108°02.305'", 108 + 2.305 / 60),
        ("12,6667°", 12.6667),
        ("12°40'", 12 + 40 / 60),
    ],
)
def test_angles(text: str, degrees: float) -> None:
    assert read_angle(text) == pytest.approx(degrees, abs=1e-9)


@pytest.mark.parametrize("text", ["1 400 856", "12", "12°61'00", "12°40'61\"", "M1", "1400856,19", "9d", "°", "12°"])
def test_not_angles(text: str) -> None:
    assert read_angle(text) is None
