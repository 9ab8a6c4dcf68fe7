"""Does the drawing board answer rightly, refuse clearly, and store only what it should?"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mapping import rate
from mapping.glass.geojson import geometry_from_geojson
from planning.people.models import User
from planning.proposals.models import Draft
from tests.cast import multi, square
from tests.desks.draw.geo import geojson, line_json, zone_json
from tests.proposals.plans import FOREST, Plans

SignedIn = Callable[[User], Client]


def post(client: Client, path: str, body: object, **extra: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json", **extra)


# --- the check -------------------------------------------------------------------------------------------------------


def test_check_without_an_account_stores_nothing(client: Client, plans: Plans) -> None:
    answer = post(client, "/api/check/", {"zone": zone_json(2_000, 2_000), "kind": "new_cluster"})
    assert answer.status_code == 200
    body = answer.json()
    assert body["area_ha"] == pytest.approx(25, abs=0.01)
    assert body["verdict"]["code"]
    assert body["counts"]["prohibited"] == 0
    assert body["counts"]["not_checked"] >= 1
    assert not Draft.objects.exists()


def test_check_names_the_conflict_with_figures(client: Client, plans: Plans) -> None:
    east, north, side = FOREST
    body = post(client, "/api/check/", {"zone": zone_json(east + side - 100, north, 500)}).json()
    finding = next(one for one in body["findings"] if one["outcome"] == "prohibited")
    assert finding["overlap_m2"] == pytest.approx(100 * 500, abs=1)
    assert finding["share_of_zone"] == pytest.approx(0.2, abs=1e-4)
    assert finding["feature"] == "Rừng Thử"
    assert finding["geometry"]["type"] in {"Polygon", "MultiPolygon"}
    assert finding["ways_out"] is True
    assert body["verdict"]["sev"] == "prohibited"


def test_a_zone_far_beyond_any_cluster_is_refused_before_it_takes_seconds(client: Client, plans: Plans) -> None:
    assert post(client, "/api/check/", {"zone": zone_json(0, 0, 9_999)}).status_code == 200
    answer = post(client, "/api/check/", {"zone": zone_json(0, 0, 10_001)})
    assert (answer.status_code, answer.json()["code"]) == (422, "AREA_TOO_LARGE")


@pytest.mark.parametrize(
    ("east", "status"),
    [
        (54_400, 200),  # the province of the tests ends at 55 000 m
        (54_900, 200),  # partly outside: its rules say what lies beyond
        (54_999.9, 200),
        (55_000.1, 422),
        (60_000, 422),
    ],
)
def test_a_zone_wholly_outside_the_province_is_refused(client: Client, plans: Plans, east: float, status: int) -> None:
    answer = post(client, "/api/check/", {"zone": zone_json(east, 2_000)})
    assert answer.status_code == status
    if status == 422:
        assert answer.json()["code"] == "OUTSIDE_PROVINCE"
        assert answer.json()["todo"]


def test_parts_tile_the_zone(client: Client, plans: Plans) -> None:
    body = post(
        client,
        "/api/check/",
        {"zone": zone_json(2_000, 2_000), "cuts": [line_json((2_100, 1_900), (2_100, 2_600))], "uses": []},
    ).json()
    assert [round(part["area_ha"], 1) for part in body["parts"]] == [5.0, 20.0]
    assert sum(part["area_m2"] for part in body["parts"]) == pytest.approx(body["area_m2"], abs=0.05)


HOSTILE = [
    (b"", 422),
    (b"[]", 422),
    (b"null", 422),
    (b'{"zone": null}', 422),
    (b'{"zone": {"type": "Polygon", "coordinates": []}}', 422),
    (b'{"zone": {"type": "polygon", "coordinates": [[[108,12],[108,13],[109,13],[108,12]]]}}', 422),
    (b'{"zone": {"type": "Polygon", "coordinates": [[[null,12],[108,13],[109,13],[108,12]]]}}', 422),
    (b'{"zone": {"type": "Polygon", "coordinates": [[[true,12],[108,13],[109,13],[108,12]]]}}', 422),
    (b'{"zone": {"type": "Polygon", "coordinates": [[[1e400,12],[108,13],[109,13],[108,12]]]}}', 422),
    (b'{"zone": {"type": "Polygon", "coordinates": [[[NaN,12],[108,13],[109,13],[108,12]]]}}', 422),
    (b'{"zone": {"type": "Point", "coordinates": [108, 12]}}', 422),
    (b'{"zone": {"type": "Polygon", "coordinates": [[[12,108],[13,108],[13,109],[12,108]]]}}', 422),
    (b'{"a": 1, "a": 2}', 422),
    (b"[" * 100_000, 422),
    (b'{"zone": "\xff"}', 422),
    (b"{" + b" " * 3_000_000 + b"}", 413),
]


@pytest.mark.parametrize(("raw", "status"), HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("path", ["/api/check/", "/api/cut-out/", "/api/ways-out/"])
def test_hostile_json_is_refused_as_a_problem(client: Client, plans: Plans, path: str, raw: bytes, status: int) -> None:
    answer = client.post(path, raw, content_type="application/json")
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("application/problem+json")
    assert set(answer.json()) >= {"code", "message", "where", "todo"}
    assert "Traceback" not in answer.content.decode()


@pytest.mark.parametrize(
    "extra",
    [
        {"cuts": "x"},
        {"cuts": [{"type": "Point", "coordinates": [108, 12]}]},
        {"cuts": [None]},
        {"uses": [{"at": [1], "use": "road"}]},
        {"uses": [{"at": ["a", "b"], "use": "road"}]},
        {"uses": [{"at": [108.3, 12.6], "use": "casino"}]},
        {"uses": {}},
        {"uses": [7]},
        {"kind": "palace"},
    ],
)
def test_hostile_fields(client: Client, plans: Plans, extra: dict[str, object]) -> None:
    answer = post(client, "/api/check/", {"zone": zone_json(2_000, 2_000), **extra})
    assert answer.status_code == 422


def test_a_crossing_boundary_names_the_place(client: Client, plans: Plans) -> None:
    (ring,) = zone_json(2_000, 2_000)["coordinates"][0]
    a, b, c, d, _closing = ring
    answer = post(client, "/api/check/", {"zone": {"type": "Polygon", "coordinates": [[a, c, b, d, a]]}})
    assert answer.status_code == 422
    assert answer.json()["code"] == "SELF_INTERSECTION"
    lon, lat = answer.json()["at"]
    assert 107 < lon < 110
    assert 12 < lat < 14


def test_too_many_corners_are_refused_live(client: Client, plans: Plans) -> None:
    lon, lat = zone_json(2_000, 2_000)["coordinates"][0][0][0]
    ring = [[lon + i * 1e-6, lat + (i % 2) * 1e-6] for i in range(2_100)]
    answer = post(client, "/api/check/", {"zone": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}})
    assert answer.status_code == 422
    assert answer.json()["code"] == "TOO_MANY_VERTICES"


def test_csrf_is_asked_for(plans: Plans) -> None:
    strict = Client(enforce_csrf_checks=True)
    for path in ("/api/check/", "/api/cut-out/", "/api/ways-out/", "/api/corners/"):
        assert post(strict, path, {"zone": zone_json(2_000, 2_000)}).status_code == 403
    assert strict.put("/api/drafts/X/", "{}", content_type="application/json").status_code == 403


@pytest.mark.parametrize("path", ["/api/check/", "/api/cut-out/", "/api/ways-out/", "/api/corners/"])
def test_only_post(client: Client, db: None, path: str) -> None:
    for method in ("get", "put", "patch", "delete"):
        assert getattr(client, method)(path).status_code == 405


def test_visitors_are_slowed_down(client: Client, plans: Plans, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "VISITORS_PER_MINUTE", 3)
    body = {"zone": zone_json(2_000, 2_000)}
    statuses = [post(client, "/api/check/", body).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert post(client, "/api/check/", body).json()["todo"]
    other = post(client, "/api/check/", body, REMOTE_ADDR="10.0.0.9")
    assert other.status_code == 200


# --- cut out, add, repair --------------------------------------------------------------------------------------------


def test_remove_and_add_an_area(client: Client, plans: Plans) -> None:
    zone = zone_json(2_000, 2_000)
    shape = geojson(square(2_400, 2_400, 200))
    less = post(client, "/api/cut-out/", {"zone": zone, "op": "remove", "shape": shape}).json()
    assert less["lost_m2"] == pytest.approx(10_000, abs=0.5)
    more = post(client, "/api/cut-out/", {"zone": zone, "op": "add", "shape": shape}).json()
    assert more["lost_m2"] == pytest.approx(-30_000, abs=0.5)
    nothing = post(client, "/api/cut-out/", {"zone": zone, "op": "remove", "shape": zone})
    assert nothing.status_code == 422
    assert post(client, "/api/cut-out/", {"zone": zone, "op": "explode"}).json()["code"] == "OP_UNKNOWN"


def test_repair_mends_or_asks(client: Client, plans: Plans) -> None:
    (ring,) = zone_json(2_000, 2_000)["coordinates"][0]
    spike = [*ring[:2], [ring[1][0] + 0.001, ring[1][1]], *ring[1:]]
    mended = post(client, "/api/cut-out/", {"zone": {"type": "Polygon", "coordinates": [spike]}, "op": "repair"})
    assert mended.status_code == 200
    assert mended.json()["after_m2"] == pytest.approx(250_000, rel=0.3)
    two = geojson(square(2_000, 2_000, 500))["coordinates"] + geojson(square(2_250, 2_000, 500))["coordinates"]
    answer = post(
        client, "/api/cut-out/", {"zone": {"type": "MultiPolygon", "coordinates": [[r] for r in two]}, "op": "repair"}
    )
    assert answer.status_code in {200, 422}
    if answer.status_code == 422:
        assert answer.json()["readings"]
    else:
        assert answer.json()["after_m2"] == pytest.approx(375_000, abs=1)


# --- corners ---------------------------------------------------------------------------------------------------------


def test_corner_table_lands_and_is_named(client: Client, plans: Plans) -> None:
    text = "1\t1402500,00\t482000,00\n2\t1402500,00\t482500,00\n3\t1402000,00\t482500,00\n4\t1402000,00\t482000,00"
    answer = post(client, "/api/corners/", {"text": text, "unit": plans.land.west.pk}).json()
    best = answer["candidates"][0]
    assert best["own"]
    assert best["lands"] == "unit"
    assert "108°30′" in best["label"]
    assert geometry_from_geojson(best["zone"]).area == pytest.approx(250_000, abs=1e-3)


def test_corners_of_another_meridian_are_offered_by_where_they_land(client: Client, plans: Plans) -> None:
    from layers.crs import zone_to_zone

    move = zone_to_zone(9218, 9217)
    corners = [move.transform(482_000 + dx, 1_402_000 + dy) for dx, dy in ((0, 500), (500, 500), (500, 0), (0, 0))]
    text = "\n".join(f"{n}\t{y:.3f}\t{x:.3f}" for n, (x, y) in enumerate(corners, start=1))
    best = post(client, "/api/corners/", {"text": text, "unit": plans.land.west.pk}).json()["candidates"][0]
    assert best["srid"] == 9217
    assert best["lands"] == "unit"


def test_zone_to_table_and_back_is_the_same_zone(client: Client, plans: Plans) -> None:
    drawn = multi(square(2_000, 2_000, 500).difference(square(2_100, 2_100, 50)))
    drawn.srid = 9218
    table = post(client, "/api/corners/", {"zone": geojson(drawn)}).json()
    assert [len(block["rows"]) for block in table["blocks"]] == [4, 4]
    first = table["blocks"][0]["rows"][0]
    assert (first["x"], first["y"], first["side"]) == (1_402_500.0, 482_000.0, 500.0)
    text = "\n".join(
        "\n".join([block["title"], *(f"{r['name']}\t{r['x']}\t{r['y']}\t{r['side']}" for r in block["rows"])])
        for block in table["blocks"]
    )
    back = post(client, "/api/corners/", {"text": text}).json()["candidates"][0]["zone"]
    assert geometry_from_geojson(back).normalize() == geometry_from_geojson(geojson(drawn)).normalize()
    assert geometry_from_geojson(back).area == pytest.approx(247_500, abs=1e-3)


def test_one_corner_is_placed(client: Client, plans: Plans) -> None:
    lon, lat = post(client, "/api/corners/", {"point": [1_400_856.185, 449_656.41]}).json()["at"]
    assert (lon, lat) == pytest.approx((108.0383, 12.6667), abs=1e-7)
    for bad in ([1, 2], ["a", 1], [1_400_856.185], {"x": 1}, [449_656.41, 1_400_856.185], [True, False]):
        assert post(client, "/api/corners/", {"point": bad}).status_code == 422


# --- the draft -------------------------------------------------------------------------------------------------------


def put(client: Client, code: str, body: object) -> Any:
    return client.put(f"/api/drafts/{code}/", json.dumps(body), content_type="application/json")


def test_autosave_and_open_again_without_an_edit_is_the_same_bytes(signed_in: SignedIn, plans: Plans) -> None:
    proposal = plans.draft()
    client = signed_in(plans.cast.planner)
    opened = client.get(f"/api/drafts/{proposal.code}/").json()
    before = bytes(Draft.objects.get(proposal=proposal).geom.wkb)
    saved = put(client, proposal.code, {key: opened[key] for key in ("row_version", "zone", "cuts", "uses")})
    assert saved.status_code == 200
    assert saved.json()["row_version"] == opened["row_version"]
    assert bytes(Draft.objects.get(proposal=proposal).geom.wkb) == before


def test_a_stale_save_gets_both_and_changes_nothing(signed_in: SignedIn, plans: Plans) -> None:
    proposal = plans.draft()
    mine, theirs = signed_in(plans.cast.planner), signed_in(plans.cast.colleague)
    version = mine.get(f"/api/drafts/{proposal.code}/").json()["row_version"]
    first = put(
        theirs, proposal.code, {"row_version": version, "zone": zone_json(3_000, 3_000, 600), "cuts": [], "uses": []}
    )
    assert first.status_code == 200
    use = {"at": zone_json(2_000, 2_000, 100)["coordinates"][0][0][0], "use": "road"}
    stale = put(
        mine, proposal.code, {"row_version": version, "zone": zone_json(2_000, 2_000, 700), "cuts": [], "uses": [use]}
    )
    assert stale.status_code == 409
    body = stale.json()
    assert body["code"] == "DRAFT_STALE"
    assert geometry_from_geojson(body["mine"]).area == pytest.approx(490_000, abs=1)
    assert geometry_from_geojson(body["theirs"]).area == pytest.approx(360_000, abs=1)
    assert body["theirs_state"]["uses"] == []
    assert body["mine_state"]["uses"][0]["use"] == "road"
    assert body["saved_by"] == plans.cast.colleague.get_full_name()
    assert Draft.objects.get(proposal=proposal).geom.area == pytest.approx(360_000, abs=1)
    kept = put(mine, proposal.code, {"row_version": body["row_version"], "zone": body["mine"], "cuts": [], "uses": []})
    assert kept.status_code == 200


def test_a_broken_boundary_may_be_saved_as_a_draft(signed_in: SignedIn, plans: Plans) -> None:
    proposal = plans.draft()
    client = signed_in(plans.cast.planner)
    version = client.get(f"/api/drafts/{proposal.code}/").json()["row_version"]
    (ring,) = zone_json(2_000, 2_000)["coordinates"][0]
    a, b, c, d, _closing = ring
    crossed = {"type": "MultiPolygon", "coordinates": [[[a, c, b, d, a]]]}
    assert (
        put(client, proposal.code, {"row_version": version, "zone": crossed, "cuts": [], "uses": []}).status_code == 200
    )


@pytest.mark.parametrize("version", [None, "1", True, 1.5])
def test_the_row_version_must_be_a_number(signed_in: SignedIn, plans: Plans, version: object) -> None:
    proposal = plans.draft()
    answer = put(signed_in(plans.cast.planner), proposal.code, {"row_version": version, "zone": None})
    assert answer.status_code == 422


def test_who_may_touch_a_draft(client: Client, signed_in: SignedIn, plans: Plans) -> None:
    proposal = plans.draft()
    expected = dict.fromkeys(plans.cast.everyone(), 404) | {"planner": 200, "colleague": 200, "inspector": 403}
    for name, user in plans.cast.everyone().items():
        assert signed_in(user).get(f"/api/drafts/{proposal.code}/").status_code == expected[name], name
    anonymous = client.get(f"/api/drafts/{proposal.code}/")
    assert anonymous.status_code == 401
    assert anonymous.json()["code"] == "NOT_SIGNED_IN"
    assert put(client, proposal.code, {"row_version": 1, "zone": None}).status_code == 401


def test_a_check_about_somebody_elses_proposal_is_not_answered(
    client: Client, signed_in: SignedIn, plans: Plans
) -> None:
    proposal = plans.draft()
    body = {"zone": zone_json(2_000, 2_000), "proposal": proposal.code}
    assert post(client, "/api/check/", body).status_code == 401
    assert post(signed_in(plans.cast.stranger), "/api/check/", body).status_code == 404
    assert post(signed_in(plans.cast.planner), "/api/check/", body).status_code == 200


def test_a_sent_draft_is_closed(signed_in: SignedIn, plans: Plans) -> None:
    proposal = plans.submitted()
    answer = put(
        signed_in(plans.cast.planner),
        proposal.code,
        {"row_version": 2, "zone": zone_json(0, 0), "cuts": [], "uses": []},
    )
    assert answer.status_code == 409
    assert answer.json()["code"] == "WRONG_STATE"
