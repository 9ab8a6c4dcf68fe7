"""Does a boundary file become the draft, only as confirmed, and can the way be left, resumed, and not be stolen?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mapping.desks.intake.models import Arrival
from planning.people.models import User
from planning.proposals.models import Draft
from tests.cast import EAST0, NORTH0, multi, square
from tests.desks.intake.hands import geojson, say, send, take, upload
from tests.layers import files
from tests.layers.files import home
from tests.proposals.plans import Plans

pytestmark = pytest.mark.django_db
SignedIn = Callable[[User], Client]


def apart(a: Any, b: Any) -> float:
    return float(shapely.hausdorff_distance(*(shapely.from_wkb(bytes(geom.wkb)) for geom in (a, b))))


def in_west(side: float = 500) -> Any:
    return home(side, 4_000, 4_000)


@pytest.mark.parametrize("srid", [9218, 9217, 4326])
def test_a_shapefile_lands_is_shown_and_becomes_the_draft(
    signed_in: SignedIn, plans: Plans, srid: int, tmp_path: Path
) -> None:
    proposal = plans.draft()
    client = signed_in(plans.cast.colleague)
    before = Draft.objects.get(proposal=proposal).geom
    path = files.shapefile_zip(tmp_path, [files.in_crs(in_west(), srid)], srid=srid)
    arrival = send(client, f"zone/{proposal.code}", upload(path), sender="Công ty Đo đạc Thử")
    assert (arrival.state, arrival.facts["step"]) == ("asking", "crs"), arrival.problem
    page = client.get(f"/tep-vao/{arrival.pk}/")
    assert page.status_code == 200
    assert page.context["ghosts"][0]["geometry"]["type"]
    say(client, arrival, "crs", candidate=page.context["chosen"])
    assert arrival.state == "ready", arrival.problem
    shown = client.get(f"/tep-vao/{arrival.pk}/")
    assert shown.context["rows"][0]["after_m2"] == pytest.approx(250_000, abs=1)
    assert Draft.objects.get(proposal=proposal).geom == before, "nothing changes before a person confirms"
    answer = take(client, arrival, 1)
    assert answer["Location"] == f"/ho-so/{proposal.code}/ve/"
    drawn = Draft.objects.get(proposal=proposal).geom
    assert apart(drawn, multi(square(4_000, 4_000, 500))) <= 0.0011
    assert (drawn.extent[0], drawn.extent[1]) == pytest.approx((EAST0 + 4_000, NORTH0 + 4_000), abs=0.0011)
    assert arrival.state == "taken"
    with default_storage.open(arrival.stored) as kept:
        assert kept.read() == path.read_bytes(), "the original is kept"
    assert b"".join(client.get(f"/tep-vao/{arrival.pk}/tep-goc/").streaming_content) == path.read_bytes()


def test_without_prj_the_way_is_left_and_resumed_after_signing_out(
    signed_in: SignedIn, plans: Plans, tmp_path: Path
) -> None:
    proposal = plans.draft()
    client = signed_in(plans.cast.planner)
    path = files.shapefile_zip(tmp_path, [in_west()], without=(".prj",))
    arrival = send(client, f"zone/{proposal.code}", upload(path))
    assert arrival.facts["crs"]["code"] == "CRS_MISSING"
    client.logout()
    assert client.get(f"/tep-vao/{arrival.pk}/").status_code == 302
    again = signed_in(plans.cast.planner)
    assert "ranh" in again.get("/tep-vao/").content.decode()
    assert "108°30′" in again.get(f"/tep-vao/{arrival.pk}/").content.decode()
    say(again, arrival, "crs", candidate="9218")
    assert take(again, arrival, 1).status_code == 302
    codes = list(arrival.lines.values_list("code", flat=True))
    assert codes == ["SENT", "ANSWER_CRS", "READ", "TAKEN"]
    assert "108°30′" in arrival.lines.get(code="ANSWER_CRS").text
    log = again.get(f"/tep-vao/{arrival.pk}/").content.decode()
    assert "Đã nhận tệp" in log and "ANSWER_CRS" not in log


def test_loose_parts_of_a_shapefile_come_in_together(signed_in: SignedIn, plans: Plans, tmp_path: Path) -> None:
    proposal = plans.draft()
    shp = files.shapefile(tmp_path / "le", [in_west()])
    parts = [upload(part) for part in sorted(shp.parent.iterdir())]
    arrival = send(signed_in(plans.cast.planner), f"zone/{proposal.code}", *parts)
    assert (arrival.filename, arrival.facts.get("step")) == ("ranh.zip", "crs"), arrival.problem


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.shp", b"\x00\x00\x27\x0a" + b"\x00" * 96),
        ("a.zip", b"PK\x05\x06" + b"\x00" * 18),
        ("a.geojson", b'{"type":"FeatureCollection","features":[]}'),
        ("a.geojson", b""),
        ("a.kml", b'<!DOCTYPE x [<!ENTITY a "b">]><kml>&a;</kml>'),
        ("a.vrt", b"<OGRVRTDataSource></OGRVRTDataSource>"),
        (
            "a.geojson",
            b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>",
        ),
        ("a.exe", b"MZ"),
        ("../../a\x00.zip", b"PK\x03\x04"),
    ],
)
def test_a_bad_file_is_refused_in_words_and_nothing_of_it_stays(
    signed_in: SignedIn, plans: Plans, name: str, content: bytes, settings: Any
) -> None:
    proposal = plans.draft()
    client = signed_in(plans.cast.planner)
    arrival = send(client, f"zone/{proposal.code}", SimpleUploadedFile(name, content))
    assert arrival.state == "refused" and arrival.problem["message"]
    page = client.get(f"/tep-vao/{arrival.pk}/").content.decode()
    assert arrival.problem["message"] in page.replace("&#x27;", "'") and "root:" not in page
    assert arrival.stored == "" and arrival.facts == {} and arrival.picture is None
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file() and "arrivals" in str(path)]
    assert arrival.lines.filter(code=arrival.problem["code"]).exists()


def test_a_refusal_is_told_on_the_upload_itself_and_names_the_page_that_keeps_it(
    signed_in: SignedIn, plans: Plans
) -> None:
    client = signed_in(plans.cast.planner)
    sent = {"file": SimpleUploadedFile("a.exe", b"MZ")}
    answer = client.post(f"/tep-vao/moi/zone/{plans.draft().code}/", sent)
    arrival = Arrival.objects.get()
    own = f"/tep-vao/{arrival.pk}/"
    assert (answer.status_code, answer["Content-Location"]) == (415, own)
    assert arrival.problem["message"] in answer.content.decode()
    assert f'<link rel="canonical" href="{own}" data-address>' in answer.content.decode()
    again = client.get(own)
    assert again.status_code == 200 and arrival.problem["message"] in again.content.decode()
    assert "data-address" not in again.content.decode() and Arrival.objects.count() == 1


def test_taking_over_somebody_elses_save_is_said_and_changes_nothing(
    signed_in: SignedIn, plans: Plans, tmp_path: Path
) -> None:
    proposal = plans.draft()
    client = signed_in(plans.cast.colleague)
    arrival = send(client, f"zone/{proposal.code}", upload(files.shapefile_zip(tmp_path, [in_west()])))
    say(client, arrival, "crs", candidate="9218")
    Draft.objects.filter(proposal=proposal).update(row_version=9)
    answer = client.post(f"/tep-vao/{arrival.pk}/nhan/", {"feature": 1, "row_version": 2})
    arrival.refresh_from_db()
    assert (answer.status_code, arrival.state) == (409, "ready")
    assert answer.context["seen"] == {"row_version": "9"}, "the page shows what stands now"
    assert take(client, arrival, 1).status_code == 302


def test_a_row_is_left_out_and_can_be_fetched_with_its_reason(
    signed_in: SignedIn, plans: Plans, tmp_path: Path
) -> None:
    proposal = plans.draft()
    client = signed_in(plans.cast.planner)
    outside = shapely.transform(home(10, 4_600, 4_600), lambda xy: xy)
    holed = shapely.Polygon(
        shapely.get_coordinates(home(300, 5_000, 4_000)), [shapely.get_coordinates(home(50, 6_000, 4_000))]
    )
    rows = [(in_west(), {"ten": "Khu A"}), (holed, {"ten": "=1+1"}), (outside, {"ten": "Khu C"})]
    arrival = send(client, f"zone/{proposal.code}", upload(geojson(tmp_path / "ba_khu.geojson", rows)))
    say(client, arrival, "crs", candidate="9218")
    lines = {line["number"]: line for line in arrival.facts["verdicts"]["lines"]}
    assert (lines[1]["outcome"], lines[2]["outcome"]) == ("ok", "refused")
    assert lines[2]["refused"]["code"] == "HOLE_OUTSIDE"
    answer = take(client, arrival, 1, 2)  # a refused row cannot be ticked by hand
    assert answer["Location"] == f"/tep-vao/{arrival.pk}/"
    assert Draft.objects.get(proposal=proposal).geom.area == pytest.approx(250_000, abs=1)
    table = client.get(f"/tep-vao/{arrival.pk}/khong-nhan.csv").content.decode("utf-8-sig")
    assert "HOLE_OUTSIDE" in table and "LEFT_OUT" in table and "'=1+1" in table
    found = client.get(f"/tep-vao/{arrival.pk}/khong-nhan.geojson").json()["features"]
    assert [one["properties"]["_row"] for one in found] == [2, 3]
    assert found[1]["properties"]["ten"] == "Khu C"


def test_a_file_of_which_nothing_can_be_used_gives_its_rows_back_too(
    signed_in: SignedIn, plans: Plans, tmp_path: Path
) -> None:
    proposal = plans.draft()
    client = signed_in(plans.cast.planner)
    hole = shapely.get_coordinates(home(50, 6_000, 4_000))
    holed = [shapely.Polygon(shapely.get_coordinates(home(300, east, 4_000)), [hole]) for east in (4_000, 5_000)]
    rows = [(holed[0], {"ten": "Khu A"}), (holed[1], {"ten": "=1+1"})]
    arrival = send(client, f"zone/{proposal.code}", upload(geojson(tmp_path / "hai_khu.geojson", rows)))
    say(client, arrival, "crs", candidate="9218")
    assert (arrival.state, arrival.facts["verdicts"]["counts"]) == ("ready", {"refused": 2})
    page = client.get(f"/tep-vao/{arrival.pk}/").content.decode()
    assert f"/tep-vao/{arrival.pk}/khong-nhan.csv" in page
    assert "will be replaced" not in page and "sẽ bị thay" not in page, "nothing is replaced when nothing is taken"
    table = client.get(f"/tep-vao/{arrival.pk}/khong-nhan.csv").content.decode("utf-8-sig")
    assert table.count("HOLE_OUTSIDE") == 2 and "'=1+1" in table
    kept = arrival.rejected
    say(client, arrival, "crs", candidate="9218")  # read again: the rows of the reading before are gone
    assert not default_storage.exists(kept) and default_storage.exists(arrival.rejected)
    kept = arrival.rejected
    client.post(f"/tep-vao/{arrival.pk}/bo/")
    assert not default_storage.exists(kept)
    assert client.get(f"/tep-vao/{arrival.pk}/khong-nhan.csv").status_code == 404


def test_answers_that_were_not_offered_are_refused(signed_in: SignedIn, plans: Plans, tmp_path: Path) -> None:
    proposal = plans.draft()
    client = signed_in(plans.cast.planner)
    arrival = send(client, f"zone/{proposal.code}", upload(files.shapefile_zip(tmp_path, [in_west()])))
    for told in ({"candidate": "1234"}, {"candidate": ""}, {"candidate": "' OR 1=1"}):
        assert say(client, arrival, "crs", **told).status_code == 422
        assert arrival.state == "asking"
    for step in ("columns", "verdicts", "layer", "nonsense", ""):
        assert say(client, arrival, step, candidate="9218").status_code == 422
    extra = {"state": "taken", "person": plans.cast.steward.pk, "purpose": "edition", "target": "x"}
    say(client, arrival, "crs", candidate="9218", **extra)
    assert (arrival.state, arrival.person, arrival.purpose) == ("ready", plans.cast.planner, "zone")
    assert take(client, arrival, 99).status_code == 422


def test_the_same_file_twice_is_asked_about(signed_in: SignedIn, plans: Plans, tmp_path: Path) -> None:
    proposal = plans.draft()
    client = signed_in(plans.cast.planner)
    path = files.shapefile_zip(tmp_path, [in_west()])
    send(client, f"zone/{proposal.code}", upload(path))
    second = send(client, f"zone/{proposal.code}", upload(path))
    assert second.facts["step"] == "again"
    assert "ranh" in client.get(f"/tep-vao/{second.pk}/").content.decode()
    say(client, second, "again")
    assert second.facts["step"] == "crs"


def test_nobody_elses_file_is_seen_or_moved(signed_in: SignedIn, client: Client, plans: Plans, tmp_path: Path) -> None:
    proposal = plans.draft()
    owner = signed_in(plans.cast.planner)
    arrival = send(owner, f"zone/{proposal.code}", upload(files.shapefile_zip(tmp_path, [in_west()])))
    say(owner, arrival, "crs", candidate="9218")
    before = Arrival.objects.values().get()
    base = f"/tep-vao/{arrival.pk}/"
    reads = ("", "ban-do.json", "khong-nhan.csv", "khong-nhan.geojson", "tep-goc/")
    acts = ("tra-loi/", "nhan/", "bo/", "lam-lai/")
    for name, user in plans.cast.everyone().items():
        if name == "planner":
            continue
        other = signed_in(user)
        assert [other.get(base + one).status_code for one in reads] == [404] * len(reads), name
        told = {"step": "crs", "candidate": "9218", "feature": 1, "row_version": 1}
        assert [other.post(base + one, told).status_code for one in acts] == [404] * len(acts), name
        assert "ranh.zip" not in other.get("/tep-vao/").content.decode()
    assert [client.get(base + one).status_code for one in reads] == [302] * len(reads)
    assert [client.post(base + one).status_code for one in acts] == [401] * len(acts)
    assert Arrival.objects.values().get() == before


def test_only_who_draws_there_may_send_and_only_for_a_draft(
    signed_in: SignedIn, client: Client, plans: Plans, tmp_path: Path
) -> None:
    proposal = plans.draft()
    address = f"/tep-vao/moi/zone/{proposal.code}/"
    for name, user in plans.cast.everyone().items():
        wanted = 200 if name in {"planner", "colleague"} else (403 if name == "inspector" else 404)
        assert signed_in(user).get(address).status_code == wanted, name
    assert client.get(address).status_code == 302
    sent = plans.submitted()
    owner = signed_in(plans.cast.planner)
    assert owner.get(f"/tep-vao/moi/zone/{sent.code}/").status_code == 409
    assert owner.get("/tep-vao/moi/nonsense/").status_code == 404


def test_two_clicks_take_the_file_once(signed_in: SignedIn, plans: Plans, tmp_path: Path) -> None:
    proposal = plans.draft()
    client = signed_in(plans.cast.planner)
    arrival = send(client, f"zone/{proposal.code}", upload(files.shapefile_zip(tmp_path, [in_west()])))
    say(client, arrival, "crs", candidate="9218")
    version = Draft.objects.get(proposal=proposal).row_version
    told = {"feature": 1, "row_version": version}
    answers = [client.post(f"/tep-vao/{arrival.pk}/nhan/", told).status_code for _click in range(2)]
    assert answers == [302, 409]
    assert Draft.objects.get(proposal=proposal).row_version == version + 1


def test_an_earlier_step_is_opened_again_and_the_later_ones_follow(
    signed_in: SignedIn, plans: Plans, tmp_path: Path
) -> None:
    proposal = plans.draft()
    client = signed_in(plans.cast.planner)
    arrival = send(
        client, f"zone/{proposal.code}", upload(files.shapefile_zip(tmp_path, [in_west()], without=(".prj",)))
    )
    say(client, arrival, "crs", candidate="9218")
    page = client.get(f"/tep-vao/{arrival.pk}/?buoc=crs")
    assert page.context["step"] == "crs" and page.context["chosen"] == "9218"
    Arrival.objects.filter(pk=arrival.pk).update(answers={**arrival.answers, "left_out": [1]})
    say(client, arrival, "crs", candidate="9218")
    assert arrival.state == "ready" and "left_out" not in arrival.answers, "another place is looked at anew"


def test_giving_up_deletes_the_file_and_keeps_the_log(signed_in: SignedIn, plans: Plans, tmp_path: Path) -> None:
    proposal = plans.draft()
    client = signed_in(plans.cast.planner)
    arrival = send(client, f"zone/{proposal.code}", upload(files.shapefile_zip(tmp_path, [in_west()])))
    stored = arrival.stored
    assert client.post(f"/tep-vao/{arrival.pk}/bo/")["Location"] == f"/ho-so/{proposal.code}/ve/"
    arrival.refresh_from_db()
    assert arrival.state == "dropped" and not default_storage.exists(stored)
    assert arrival.lines.filter(code="DROPPED").exists()
    assert client.get(f"/tep-vao/{arrival.pk}/").status_code == 200
    assert client.get(f"/tep-vao/{arrival.pk}/tep-goc/").status_code == 404
