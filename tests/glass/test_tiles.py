"""Are tiles right, bounded, cacheable, and silent about what is not public?"""

from __future__ import annotations

import time

import pytest
from django.contrib.gis.geos import LineString
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from layers.crs import point_to_wgs84
from layers.derived import drop_derived
from layers.models import Edition
from layers.services import LayerRow
from mapping.glass import map_settings, tiles
from mapping.glass.models import TileFeature
from tests.cast import EAST0, NORTH0, Cast, Land, square
from tests.layers.make import current, make_layer, stage

pytestmark = pytest.mark.django_db


def tile_of(east: float, north: float, z: int) -> tuple[int, int]:
    """Return the tile x, y that holds a place, metres from the origin of the tests' land."""
    import math

    from tests.cast import EAST0, NORTH0

    lon, lat = point_to_wgs84(EAST0 + east, NORTH0 + north)
    x = int((lon + 180) / 360 * 2**z)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z)
    return x, y


def address(edition: Edition, z: int, east: float = 250, north: float = 250) -> str:
    x, y = tile_of(east, north, z)
    return f"/tiles/{edition.layer.code}/{edition.pk}/{z}/{x}/{y}.mvt"


def test_a_tile_holds_the_features_with_name_class_and_shown_attributes(client: Client) -> None:
    edition = current(make_layer(), [LayerRow(square(0, 0, 500), "Cánh đồng", "LUC", {"ref": "QL26", "owner": "kín"})])
    answer = client.get(address(edition, 14))
    assert answer.status_code == 200 and answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    for text in ("Cánh đồng", "LUC", "QL26", "rice"):
        assert text.encode() in answer.content
    assert "kín".encode() not in answer.content and b"owner" not in answer.content


def test_a_tile_may_be_kept_for_ever(client: Client) -> None:
    edition = current(make_layer(), [square(0, 0, 500)])
    answer = client.get(address(edition, 14))
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    again = client.get(address(edition, 14), headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304 and not again.content
    head = client.head(address(edition, 14))
    assert head.status_code == 200 and not head.content


def test_while_rows_are_dropped_nothing_is_kept(client: Client) -> None:
    edition = current(make_layer(), [square(0, 0, 500)])
    drop_derived(edition)
    answer = client.get(address(edition, 14))
    assert answer.content == b"" and answer["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "9999/0/0.mvt", "21/0/0.mvt", "0/1/0.mvt", "0/0/1.mvt", "3/8/0.mvt", "3/0/99999999999999999999.mvt",
        "-1/0/0.mvt", "1/-1/0.mvt", "a/0/0.mvt", "1.5/0/0.mvt", "1/0/0.png", "1/0/0", "1/0/0.mvt/..", "%00/0/0.mvt",
        "1/0/' or 1=1--.mvt", "1e3/0/0.mvt", "١/0/0.mvt",
    ],
)  # fmt: skip
def test_hostile_addresses_are_answered_without_a_query(client: Client, path: str) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        started = time.monotonic()
        answer = client.get(f"/tiles/rice/1/{path}")
    assert answer.status_code in {400, 404} and time.monotonic() - started < 1
    assert not [query for query in queries if "tilefeature" in query["sql"]]


@pytest.mark.parametrize(
    "path", ["rice/999999/1/0/0.mvt", "forest/{pk}/1/0/0.mvt", "rice/99999999999999999999999/1/0/0.mvt"]
)
def test_unknown_editions_are_not_found(client: Client, path: str) -> None:
    edition = current(make_layer(), [square(0, 0, 500)])
    assert client.get("/tiles/" + path.format(pk=edition.pk)).status_code in {400, 404}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_only_reading(client: Client, method: str) -> None:
    edition = current(make_layer(), [square(0, 0, 500)])
    assert getattr(client, method)(address(edition, 14)).status_code == 405


def test_what_is_not_public_is_hidden(client: Client, cast: Cast) -> None:
    edition = current(make_layer("defence", is_public=False, theme="defence"), [square(0, 0, 500)])
    assert client.get(address(edition, 14)).status_code == 404
    client.force_login(cast.planner)
    assert client.get(address(edition, 14)).status_code == 404
    client.force_login(cast.appraiser)
    answer = client.get(address(edition, 14))
    assert answer.status_code == 200 and answer["Cache-Control"] == "private, no-store" and "ETag" not in answer


def test_staged_editions_are_for_stewards_and_appraisers(client: Client, cast: Cast) -> None:
    edition = stage(make_layer(), [square(0, 0, 500)])
    assert client.get(address(edition, 14)).status_code == 404
    client.force_login(cast.planner)
    assert client.get(address(edition, 14)).status_code == 404
    client.force_login(cast.steward)
    answer = client.get(address(edition, 14))
    assert answer.status_code == 200 and answer["Cache-Control"] == "private, no-store"


def test_a_full_tile_keeps_the_largest_features(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [LayerRow(square(20 * (i % 100), 20 * (i // 100), 15), f"Thửa số {i}") for i in range(1_500)]
    edition = current(make_layer(), [*rows, LayerRow(square(3_000, 3_000, 900), "to nhất")])
    x, y = tile_of(1_000, 1_000, 10)
    monkeypatch.setattr(tiles, "MAX_BYTES", 1_000)
    small = tiles.render_tile(edition, 10, x, y)
    assert len(small) <= 1_000
    x, y = tile_of(1_000, 200, 15)
    data = tiles.render_tile(edition, 15, x, y)
    assert len(data) <= 1_000 and b"Th\xe1\xbb\xada" in data


def test_low_zooms_are_generalised_and_keep_what_can_be_seen() -> None:
    edition = current(make_layer(), [square(0, 0, 5_000), square(8_000, 0, 30)])
    bands = {
        (row.min_zoom, row.max_zoom): TileFeature.objects.filter(edition=edition, min_zoom=row.min_zoom).count()
        for row in TileFeature.objects.filter(edition=edition)
    }
    assert bands[(6, 7)] == 1 and bands[(14, 15)] == 2


def test_rows_are_in_web_mercator_with_clockwise_rings() -> None:
    edition = current(make_layer(), [square(0, 0, 5_000)])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_and(ST_IsPolygonCW(geom)), min(ST_SRID(geom)) FROM mapping_tilefeature WHERE edition_id = %s",
            [edition.pk],
        )
        assert cursor.fetchone() == (True, 3857)


def test_map_settings(client: Client, land: Land, cast: Cast) -> None:
    current(make_layer(), [square(0, 0, 500)])
    current(make_layer("defence", is_public=False, theme="defence"), [square(0, 0, 500)])
    stage(make_layer("forest", theme="forest"), [square(0, 0, 500)])
    data = client.get("/api/map/").json()
    west, south, east, north = data["bounds"]
    assert west < 108.3 < east and south < 12.65 < north
    assert data["max_bounds"] == [96.0, 2.0, 122.0, 26.0]
    assert (
        data["crs"]["storage_srid"] == 9218
        and data["crs"]["meridian"] == "108°30′"
        and "6960" in data["crs"]["operation"]
    )
    assert [layer["code"] for layer in data["layers"]] == ["rice"]
    assert data["layers"][0]["title"] == "Lớp rice" and data["layers"][0]["tiles"].startswith("/tiles/rice/")
    assert {label["kind"] for label in data["labels"]} <= {"province", "commune", "neighbour"}
    assert land.east.name in [label["name"] for label in data["labels"]]
    client.force_login(cast.steward)
    assert [layer["code"] for layer in client.get("/api/map/").json()["layers"]] == ["defence", "rice"]
    client.cookies["django_language"] = "en"
    assert client.get("/api/map/").json()["layers"][1]["title"] == "Layer rice"


def test_a_map_learns_where_each_edition_lies(client: Client, land: Land, monkeypatch: pytest.MonkeyPatch) -> None:
    current(make_layer(), [square(0, 0, 500), square(2_000, 1_000, 500)])
    (layer,) = client.get("/api/map/").json()["layers"]
    west, south, east, north = layer["bounds"]
    corners = [point_to_wgs84(EAST0 + e, NORTH0 + n) for e, n in ((0, 0), (2_500, 0), (0, 1_500), (2_500, 1_500))]
    assert all(west < lon < east and south < lat < north for lon, lat in corners)
    assert east - west < 0.03 and north - south < 0.02
    monkeypatch.setattr(map_settings, "MOST_TO_MEASURE", 1)
    assert client.get("/api/map/").json()["layers"][0]["bounds"] is None


def box(east: float, north: float, side: float) -> str:
    from tests.cast import EAST0, NORTH0

    (west, south), (right, top) = (
        point_to_wgs84(EAST0 + east, NORTH0 + north),
        point_to_wgs84(EAST0 + east + side, NORTH0 + north + side),
    )
    return f"{west:.6f},{south:.6f},{right:.6f},{top:.6f}"


def test_snap_targets_are_exact_outlines(client: Client, land: Land) -> None:
    current(make_layer(), [LayerRow(square(9_000, 9_000, 500), "ruộng")])
    current(
        make_layer("roads", geometry_kind="line", theme="traffic"),
        [LayerRow(LineString((489_000, 1_409_100), (489_900, 1_409_100), srid=9218), "QL26")],
    )
    data = client.get("/api/snap/", {"bbox": box(8_900, 8_900, 1_300)}).json()
    by_label = {item["properties"]["label"]: item["geometry"] for item in data["features"]}
    assert {"ruộng", "QL26", land.east.full_name, land.west.full_name} <= set(by_label)
    assert by_label["ruộng"]["type"] in {"LineString", "MultiLineString"} and data["truncated"] is False
    from mapping.glass.geojson import LINES, geometry_from_geojson

    corner = geometry_from_geojson(by_label["ruộng"], kinds=LINES)
    assert (489_000.0, 1_409_000.0) in corner.coords


@pytest.mark.parametrize(
    "bbox", ["", "1,2,3", "a,b,c,d", "nan,1,2,3", "108,12,107,13", "108,12,109,13", "1e400,1,2,3", "0,0,0,0", "9" * 200]
)
def test_snap_refuses_a_bad_view(client: Client, bbox: str) -> None:
    answer = client.get("/api/snap/", {"bbox": bbox})
    assert answer.status_code == 422 and answer.json()["code"].startswith("BBOX_")


def test_snap_hides_what_is_not_public(client: Client, land: Land) -> None:
    current(make_layer("defence", is_public=False, theme="defence"), [LayerRow(square(9_000, 9_000, 500), "kín")])
    data = client.get("/api/snap/", {"bbox": box(8_900, 8_900, 900)}).json()
    assert "kín" not in [item["properties"]["label"] for item in data["features"]]
