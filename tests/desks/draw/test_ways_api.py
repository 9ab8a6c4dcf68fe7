"""Does the board answer how to get out of a conflict: rightly, for anybody, within limits, storing nothing?"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mapping import rate
from mapping.glass.geojson import geometry_from_geojson
from planning.people.models import User
from planning.proposals.models import CheckRun, Draft
from tests.cast import multi, rectangle
from tests.desks.draw.geo import geojson, line_json, zone_json
from tests.proposals.plans import FOREST, Plans

SignedIn = Callable[[User], Client]
EAST, NORTH, SIDE = FOREST
AT_THE_EDGE = (EAST + SIDE - 100, NORTH, 500)


def post(client: Client, path: str, body: object, **extra: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json", **extra)


def key_of(client: Client, zone: dict[str, Any]) -> str:
    findings = post(client, "/api/check/", {"zone": zone}).json()["findings"]
    return str(next(one["key"] for one in findings if one["outcome"] == "prohibited"))


def ways(client: Client, zone: dict[str, Any], **more: Any) -> Any:
    return post(client, "/api/ways-out/", {"zone": zone, "key": key_of(client, zone), **more}).json()


def test_a_way_out_ends_the_conflict_exactly_and_stores_nothing(client: Client, plans: Plans) -> None:
    answer = ways(client, zone_json(*AT_THE_EDGE))
    (way,) = answer["ways"]
    assert way["kind"] == "cut_out"
    assert way["lost_m2"] == pytest.approx(50_000, abs=1)
    assert way["area_m2"] == pytest.approx(200_000, abs=1)
    assert way["verdict"]["text"]
    assert (way["worse"], way["notes"]) == ([], [])
    rest = geometry_from_geojson(way["zone"])
    assert rest.equals_exact(multi(rectangle(EAST + SIDE, NORTH, 400, 500)).normalize() or rest, 0.0011)
    assert geometry_from_geojson(way["removed"]).area == pytest.approx(50_000, abs=1)
    again = post(client, "/api/check/", {"zone": way["zone"]}).json()
    assert again["counts"]["prohibited"] == 0
    assert not Draft.objects.exists()
    assert not CheckRun.objects.exists()


def test_the_parts_are_cut_again(client: Client, plans: Plans) -> None:
    cuts = [line_json((EAST + SIDE + 100, NORTH - 50), (EAST + SIDE + 100, NORTH + 600))]
    (way,) = ways(client, zone_json(*AT_THE_EDGE), cuts=cuts)["ways"]
    assert way["area_m2"] == pytest.approx(200_000, abs=1)


def test_no_way_out_says_why(client: Client, plans: Plans) -> None:
    answer = ways(client, zone_json(EAST + 100, NORTH + 100, 500))
    assert answer["ways"] == []
    (why,) = answer["not_offered"]
    assert why["reason"] == "nothing_left"
    assert why["text"]


def test_all_at_once(client: Client, plans: Plans) -> None:
    answer = post(client, "/api/ways-out/", {"zone": zone_json(*AT_THE_EDGE), "key": "all"}).json()
    assert answer["ways"][0]["conflicts_left"] == 0


@pytest.mark.parametrize("key", ["nothing", "forest:x:y", "' OR 1=1 --", "\u0000", "all"])
def test_a_finding_that_is_not_there(client: Client, plans: Plans, key: str) -> None:
    answer = post(client, "/api/ways-out/", {"zone": zone_json(2_000, 2_000), "key": key})
    assert answer.status_code == 404
    assert answer.json()["code"] == "FINDING_GONE"


@pytest.mark.parametrize("key", [None, "", 7, [], {}, True, "x" * 301])
def test_a_key_that_is_none(client: Client, plans: Plans, key: object) -> None:
    answer = post(client, "/api/ways-out/", {"zone": zone_json(2_000, 2_000), "key": key})
    assert answer.status_code == 422
    assert answer.json()["code"] == "KEY_MISSING"


def test_a_boundary_that_crosses_itself_or_is_too_large_is_refused(client: Client, plans: Plans) -> None:
    (ring,) = zone_json(2_000, 2_000)["coordinates"][0]
    a, b, c, d, _closing = ring
    crossing = {"type": "Polygon", "coordinates": [[a, c, b, d, a]]}
    assert post(client, "/api/ways-out/", {"zone": crossing, "key": "all"}).json()["code"] == "SELF_INTERSECTION"
    large = post(client, "/api/ways-out/", {"zone": zone_json(0, 0, 10_001), "key": "all"})
    assert large.json()["code"] == "AREA_TOO_LARGE"


def test_a_comb_of_many_teeth_is_answered_in_time(client: Client, plans: Plans) -> None:
    ring = [(EAST - 500.0, NORTH + 300.0), (EAST - 500.0, NORTH - 100.0)]
    for tooth in range(400):
        x = EAST - 500 + tooth * 3
        ring += [(x + 0.0, NORTH - 100.0), (x + 1.5, NORTH + 250.0), (x + 2.9, NORTH - 100.0)]
    ring += [(EAST + 710.0, NORTH - 100.0), (EAST + 710.0, NORTH + 300.0), ring[0]]
    text = ",".join(f"{480_000 + x:.3f} {1_400_000 + y:.3f}" for x, y in ring)
    from django.contrib.gis.geos import GEOSGeometry

    zone = geojson(GEOSGeometry(f"POLYGON(({text}))", srid=9218))
    answer = post(client, "/api/ways-out/", {"zone": zone, "key": "all"})
    assert answer.status_code in {200, 404, 422}
    assert "Traceback" not in answer.content.decode()


def test_another_planners_proposal_is_not_there(plans: Plans, signed_in: SignedIn) -> None:
    proposal = plans.draft()
    body = {"zone": zone_json(*AT_THE_EDGE), "key": "all", "proposal": proposal.code}
    assert post(signed_in(plans.cast.stranger), "/api/ways-out/", body).status_code == 404
    assert post(Client(), "/api/ways-out/", body).status_code == 401
    assert post(signed_in(plans.cast.planner), "/api/ways-out/", body).status_code == 200


def test_visitors_are_slowed_down(client: Client, plans: Plans, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rate.HEAVY, "ways_out", 2)
    body = {"zone": zone_json(*AT_THE_EDGE), "key": "all"}
    assert [post(client, "/api/ways-out/", body).status_code for _ in range(3)] == [200, 200, 429]
