"""Does the legend of a sheet show each colour that lies on it, and no other?"""

from __future__ import annotations

from mapping.papers.map_context import Around
from mapping.papers.map_legend import context_legend
from tests.cast import square


def around(layer: str, theme: str, colour: str, class_code: str, title: str = "Quy hoạch sử dụng đất") -> Around:
    return Around(layer, title, theme, colour, "", square(0, 0, 10), class_code)


def test_every_colour_of_land_on_the_sheet_has_a_line_with_its_codes() -> None:
    drawings: dict[str, str | bytes] = {}
    lines = context_legend(
        [
            around("land_use_plan", "land", "#e8a0a0", "SKN"),
            around("land_use_plan", "land", "#faaaa0", "SKK"),
            around("land_use_plan", "land", "#e8a0a0", "SKN"),
            around("road", "transport", "#333333", "national", "Đường bộ"),
            around("road", "transport", "#999999", "provincial", "Đường bộ"),
        ],
        [],
        [],
        drawings,
    )
    assert [line.text for line in lines] == ["Quy hoạch sử dụng đất: SKN", "Quy hoạch sử dụng đất: SKK", "Đường bộ"]
    assert [
        colour in str(drawings[line.image])
        for line, colour in zip(lines, ("#e8a0a0", "#faaaa0", "#333333"), strict=True)
    ] == [True] * 3
    assert set(drawings) == {line.image for line in lines}
