"""Does a batch get the answers its geometries get one by one, though sound ones are asked all at once?"""

from __future__ import annotations

from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.geomchild.protocol import unpacked_numbers
from layers.geomchild.vet import vet_blobs

SQUARE = "POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0))"
AWKWARD = {
    "polygon": [
        SQUARE,
        "POLYGON ((0 0, 0 10, 0 10, 10 10, 10 0, 0 0))",  # a corner twice
        "POLYGON ((0 0, 0 10, 0.0004 10.0004, 10 10, 10 0, 0 0))",  # twice once it is on the grid
        "POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0, 0 0))",  # the last corner twice
        "POLYGON ((0 0, 0 0.0001, 0.0001 0, 0 0))",  # nothing is left on the grid
        "POLYGON Z ((0 0 1, 0 10 1, 10 10 1, 10 0 1, 0 0 1))",
        "POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))",
        "POLYGON ((0 0, 0 30, 30 30, 30 0, 0 0), (10 10, 20 10, 20 20, 10 10), (20 20, 25 20, 25 25, 20 20))",
        "MULTIPOLYGON (((0 0, 0 10, 10 10, 10 0, 0 0)))",
        "MULTIPOLYGON (((0 0, 0 10, 10 10, 10 0, 0 0)), ((0 0, -10 0, -10 -10, 0 0)))",  # ends where the next begins
        "POLYGON EMPTY",
        "LINESTRING (0 0, 1 1)",
        "POLYGON ((0 0, 0 NaN, 10 10, 10 0, 0 0))",
        "GEOMETRYCOLLECTION (POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0)))",
    ],
    "line": [
        "LINESTRING (0 0, 5 5)",
        "LINESTRING (0 0, 5 5, 5 5, 9 9)",
        "LINESTRING M (0 0 7, 5 5 8)",
        "MULTILINESTRING ((0 0, 5 5), (5 5, 9 0))",
    ],
    "point": ["POINT (1 2)", "POINT Z (1 2 3)", "POINT ZM (1 2 3 4)", "POINT M (1 2 3)", "MULTIPOINT (1 2, 1 2, 3 4)"],
}
BLOBS = {kind: [shapely.to_wkb(shapely.from_wkt(one)) for one in texts] for kind, texts in AWKWARD.items()}


def answers(blobs: list[bytes], kind: str) -> list[tuple[Any, ...]]:
    """Return, one a geometry: its area, what was said of it, and the WKB that came back."""
    told, out = vet_blobs(blobs, {"kind": kind, "max_vertices": 100, "repair": "full"})
    said = {item["index"]: item for item in told["items"]}
    found, at = [], 0
    for index, area in enumerate(unpacked_numbers(told["areas"])):
        item = said.get(index, {"count": 1, "notices": []})
        own = out[at : at + item["count"]]
        at += item["count"]
        found.append((area, item.get("notices"), item.get("refused"), own))
    assert at == len(out)
    return found


@pytest.mark.parametrize("kind", AWKWARD)
def test_a_batch_is_answered_as_its_geometries_are_one_by_one(kind: str) -> None:
    assert answers(BLOBS[kind], kind) == [answers([blob], kind)[0] for blob in BLOBS[kind]]


@given(picked=st.lists(st.sampled_from(range(len(AWKWARD["polygon"]))), min_size=2, max_size=8))
def test_whatever_lies_beside_it_changes_no_answer(picked: list[int]) -> None:
    chosen = [BLOBS["polygon"][index] for index in picked]
    assert answers(chosen, "polygon") == [answers([blob], "polygon")[0] for blob in chosen]
