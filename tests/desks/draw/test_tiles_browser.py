"""For which tiles does the drawing board ask when it opens? Those of one zoom, and none where a layer has nothing."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from planning.proposals.models import Proposal
from tests.desks.draw.hands import Open, board, trial
from tests.proposals.plans import FOREST, Plans

pytestmark = pytest.mark.browser
TILE = re.compile(r"/tiles/([\w-]+)/\d+/(\d+)/(\d+)/(\d+)\.mvt")


def asked(page: Page) -> list[tuple[str, int, int, int]]:
    """Return the tiles asked for since the page began, as (layer, z, x, y), once the map has come to rest."""
    page.wait_for_selector("#map[data-ready='1'][data-rest='1']")
    page.wait_for_timeout(800)
    names = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    found = [TILE.search(name) for name in names]
    return [(match[1], int(match[2]), int(match[3]), int(match[4])) for match in found if match]


def box_of(z: int, x: int, y: int) -> tuple[float, float, float, float]:
    """Return a tile as west, south, east, north in degrees."""

    def lat(row: int) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / 2**z))))

    return x / 2**z * 360 - 180, lat(y + 1), (x + 1) / 2**z * 360 - 180, lat(y)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
@pytest.mark.parametrize("side", [500, 720, 1_050, 1_500])  # some of these were framed at two zooms one after the other
def test_a_board_with_a_boundary_asks_at_one_zoom(
    draft: Callable[..., Proposal], site: str, page_at: Open, width: int, height: int, side: float
) -> None:
    east, north, wide = FOREST
    page = board(page_at, site, "planner", draft(east + wide - 100, north, side), width, height)
    tiles = asked(page)
    assert tiles
    assert len({zoom for _layer, zoom, _x, _y in tiles}) == 1
    assert len(tiles) == len(set(tiles))


def test_no_tile_is_asked_for_where_its_layer_has_nothing(staged: Plans, site: str, page_at: Open) -> None:
    page = trial(page_at, site)
    tiles = asked(page)
    settings: dict[str, Any] = page.evaluate("fetch('/api/map/').then((answer) => answer.json())")
    bounds = {layer["code"]: layer["bounds"] for layer in settings["layers"]}
    assert tiles
    for layer, zoom, x, y in tiles:
        west, south, east, north = box_of(zoom, x, y)
        edge = (east - west) / 8  # what lies a little beyond a tile is drawn in it, too
        box = bounds[layer]
        assert box[0] <= east + edge and box[2] >= west - edge, (layer, zoom, x, y)
        assert box[1] <= north + edge and box[3] >= south - edge, (layer, zoom, x, y)
