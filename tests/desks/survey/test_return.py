"""Does the page behind the link take real files, show where they land, send once, and withstand what is hostile?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mapping.desks.intake.models import Arrival
from planning.proposals import services
from planning.proposals.models import State, SurveyOrder, SurveyReturn, SurveyUse, UseKind
from planning.proposals.services import IssuedLink
from tests.cast import EAST0, NORTH0, multi, square
from tests.desks.survey.files import drawing, upload, written, zipped_shapefile
from tests.desks.survey.hands import address, confirmed, here, page, post, read, say, sent_on
from tests.layers import files
from tests.proposals.plans import Plans, zone


@pytest.fixture
def link(plans: Plans) -> IssuedLink:
    return services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội đo đạc số 1")


def moved() -> Any:
    return multi(square(2_000.03, 2_000.02, 500))


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "kml", "fgb", "gml"])
def test_real_files_come_in(client: Client, link: IssuedLink, tmp_path: Path, suffix: str) -> None:
    path = written(moved(), tmp_path, suffix)
    arrival = read(client, link, upload(path))
    assert confirmed(client, link, arrival).status_code == 302
    returned = SurveyReturn.objects.get()
    assert returned.geom.sym_difference(moved()).area < 5
    assert (returned.filename, returned.signer) == (path.name, "Lê Đo")


def test_a_shapefile_without_prj_is_shown_in_the_right_zone_first(
    client: Client, link: IssuedLink, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    arrival = read(client, link, zipped_shapefile(moved(), tmp_path))
    text = page(client, link, arrival).content.decode()
    assert "0,07" in text and "0,036" in text  # 3 cm east and 2 cm north
    here(client, link, arrival)
    assert "0,036" in page(client, link, arrival).content.decode(), "the same comparison stands beside the verdicts"
    with django_capture_on_commit_callbacks(execute=True):
        answer = sent_on(client, link, arrival)
    assert answer.status_code == 302
    receipt = client.get(answer["Location"])
    assert receipt.status_code == 200
    assert SurveyReturn.objects.get().file_sha256 in receipt.content.decode()
    assert not default_storage.listdir("arrivals")[1], "the file is kept once, with the return"


def test_nothing_is_sent_before_the_team_says_so(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    arrival = read(client, link, zipped_shapefile(moved(), tmp_path))
    here(client, link, arrival)
    assert not SurveyReturn.objects.exists()


def test_the_way_is_left_and_taken_up_again_by_the_same_link(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    arrival = read(client, link, zipped_shapefile(moved(), tmp_path))
    elsewhere = Client()
    text = elsewhere.get(address(link)).content.decode()
    assert address(link, "arrival", arrival.pk) in text and "ranh đo.zip" in text
    assert confirmed(elsewhere, link, arrival).status_code == 302
    assert list(arrival.lines.values_list("code", flat=True)) == ["SENT", "ANSWER_CRS", "READ", "TAKEN"]
    assert "token" not in str(Arrival.objects.values().get()) and link.token not in str(Arrival.objects.values().get())


def test_several_layers_are_asked_about(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    arrival = read(client, link, upload(written(moved(), tmp_path, layers=2)))
    assert "lop_2" in page(client, link, arrival).content.decode()
    say(client, link, arrival, "layer", layer="lop_2")
    assert confirmed(client, link, arrival).status_code == 302


def test_a_drawing_in_millimetres_is_asked_about(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    arrival = read(client, link, drawing(moved(), tmp_path, 1000))
    offers = arrival.facts["offer"]["offers"]
    for wrong in ("", "x", "nan", str(len(offers)), "-1"):
        assert say(client, link, arrival, "offer", offer=wrong).status_code == 422
    metres = next(str(place) for place, one in enumerate(offers) if one["value"] == "mm")
    say(client, link, arrival, "offer", offer=metres)
    assert confirmed(client, link, arrival).status_code == 302
    assert abs(SurveyReturn.objects.get().area_m2 - 250_000) < 1


def test_a_gap_is_closed_only_when_the_team_says_so(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    arrival = read(client, link, drawing(moved(), tmp_path, 1, gap=0.05))
    assert arrival.facts["offer"]["code"].startswith("LINE_NOT_CLOSED")
    say(client, link, arrival, "offer", offer="0")
    assert confirmed(client, link, arrival).status_code == 302
    assert any(notice["code"].startswith("RING_CLOSED") for notice in SurveyReturn.objects.get().notices)


def test_the_layers_of_a_drawing_are_chosen(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    arrival = read(client, link, drawing(moved(), tmp_path, 1, also=multi(square(3_000, 2_000, 50))))
    assert {one["name"] for one in arrival.facts["cad"]["layers"]} == {"RANH", "KHAC"}
    say(client, link, arrival, "cad", cad_layer="RANH")
    assert confirmed(client, link, arrival).status_code == 302
    assert abs(SurveyReturn.objects.get().area_m2 - 250_000) < 1


def test_an_ambiguous_boundary_is_sent_in_the_way_that_was_chosen(
    client: Client, link: IssuedLink, tmp_path: Path
) -> None:
    ring = [(0, 0), (400, 0), (400, 300), (100, 300), (100, -100), (300, -100), (300, 400), (0, 400)]
    twice = shapely.Polygon([(EAST0 + 2_000 + x, NORTH0 + 2_000 + y) for x, y in ring])
    arrival = read(client, link, upload(files.geojson(tmp_path / "a.geojson", [twice])))
    here(client, link, arrival)
    line = arrival.facts["verdicts"]["lines"][0]
    assert line["outcome"] == "ask"
    compared = arrival.facts["verdicts"]["compared"]
    assert {round(one["measured_m2"]) for one in compared} == {110_000, 170_000}, compared
    assert sent_on(client, link, arrival).status_code == 422
    assert not SurveyReturn.objects.exists()
    assert sent_on(client, link, arrival, variant_1="linework").status_code == 302
    assert SurveyReturn.objects.get().area_m2 == pytest.approx(110_000, abs=1)


def test_an_area_can_be_left_out_and_fetched_again(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    both = multi(square(2_000.03, 2_000.02, 500), square(3_000, 2_000, 50))
    arrival = read(client, link, drawing(multi(both[0]), tmp_path, 1, also=multi(both[1])))
    say(client, link, arrival, "cad", cad_layer=["RANH", "KHAC"])
    here(client, link, arrival)
    largest = max(arrival.facts["verdicts"]["lines"], key=lambda line: line["after_m2"])["number"]
    answer = sent_on(client, link, arrival, largest)
    assert answer["Location"] == address(link, "arrival", arrival.pk)
    text = page(client, link, arrival).content.decode()
    assert reverse("survey:receipt", args=[link.token, 1]) in text
    assert "LEFT_OUT" in client.get(address(link, "rejected", arrival.pk, "csv")).content.decode("utf-8-sig")
    assert abs(SurveyReturn.objects.get().area_m2 - 250_000) < 1


def test_a_large_file_is_read_and_sent_by_the_worker(
    client: Client,
    link: IssuedLink,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    monkeypatch.setattr("mapping.desks.intake.flow.INLINE_BYTES", 10)
    with django_capture_on_commit_callbacks() as jobs:
        arrival = read(client, link, zipped_shapefile(moved(), tmp_path))
    assert arrival.state == "queued"
    assert post(client, link, SimpleUploadedFile("b.zip", b"PK")).status_code == 507, "one file of a link at a time"
    waiting = client.get(address(link, "arrival", arrival.pk), headers={"HX-Request": "true"})
    assert waiting.status_code == 200 and address(link, "arrival", arrival.pk) in waiting.content.decode()
    for job in jobs:
        job()
    arrival.refresh_from_db()
    assert arrival.facts["step"] == "crs", (arrival.state, arrival.problem)
    with django_capture_on_commit_callbacks(execute=True):
        say(client, link, arrival, "crs", candidate=arrival.facts["crs"]["best"])
    arrival.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        assert sent_on(client, link, arrival).status_code == 302
    arrival.refresh_from_db()
    assert (arrival.state, SurveyReturn.objects.count()) == ("taken", 1), arrival.problem
    assert reverse("survey:receipt", args=[link.token, 1]) in page(client, link, arrival).content.decode()


def test_a_page_that_asks_by_itself_is_one_opening(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    arrival = read(client, link, zipped_shapefile(moved(), tmp_path))
    page(client, link, arrival)
    before = SurveyUse.objects.count()
    for _time in range(3):
        assert client.get(address(link, "picture", arrival.pk)).status_code == 200
    assert SurveyUse.objects.count() == before
    other = Client()
    later = timezone.now() + timedelta(minutes=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mapping.desks.intake.door.timezone.now", lambda: later)
        assert other.get(address(link, "picture", arrival.pk)).status_code == 200
    assert SurveyUse.objects.count() == before + 1, "asked out of the blue it is an opening like any other"


@pytest.mark.parametrize("name", ["answer", "take", "drop", "restart"])
def test_a_file_of_another_link_is_not_there(
    client: Client, plans: Plans, link: IssuedLink, tmp_path: Path, name: str
) -> None:
    arrival = read(client, link, zipped_shapefile(moved(), tmp_path))
    here(client, link, arrival)
    before = Arrival.objects.values().get()
    other = services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội khác")
    assert client.post(address(other, name, arrival.pk), {"step": "crs", "candidate": "9218"}).status_code == 404
    for read_name, more in (("arrival", ()), ("picture", ()), ("original", ()), ("rejected", ("csv",))):
        assert client.get(address(other, read_name, arrival.pk, *more)).status_code == 404
    assert "ranh đo.zip" not in client.get(address(other)).content.decode()
    for user in (plans.cast.appraiser, plans.cast.planner):
        signed = Client()
        signed.force_login(user)
        assert signed.get(f"/tep-vao/{arrival.pk}/").status_code == 404
        assert signed.post(f"/tep-vao/{arrival.pk}/bo/").status_code == 404
        assert signed.get("/tep-vao/moi/measured/1/").status_code == 404
    assert Arrival.objects.values().get() == before and not SurveyReturn.objects.exists()


@pytest.mark.parametrize("dead", ["expired", "revoked", "tampered"])
def test_every_page_answers_as_the_link_does(client: Client, link: IssuedLink, tmp_path: Path, dead: str) -> None:
    arrival = read(client, link, zipped_shapefile(moved(), tmp_path))
    here(client, link, arrival)
    reads = [("home", ()), ("arrival", (arrival.pk,)), ("picture", (arrival.pk,)), ("original", (arrival.pk,))]
    acts = [("home", ()), *((name, (arrival.pk,)) for name in ("answer", "take", "drop", "restart"))]
    status = 404 if dead == "tampered" else 410
    if dead == "tampered":
        link = IssuedLink(link.order, link.token[:-1] + ("A" if link.token[-1] != "A" else "B"))
    elif dead == "expired":
        SurveyOrder.objects.filter(pk=link.order.pk).update(expires_at=timezone.now())
    else:
        SurveyOrder.objects.filter(pk=link.order.pk).update(revoked_at=timezone.now())
    answers = [client.get(address(link, name, *more)) for name, more in reads]
    answers += [client.post(address(link, name, *more), {"step": "crs"}) for name, more in acts]
    assert {answer.status_code for answer in answers} == {status}
    assert {answer["Referrer-Policy"] for answer in answers} == {"same-origin"}
    assert all("no-store" in answer["Cache-Control"] and "noindex" in answer["X-Robots-Tag"] for answer in answers)
    arrival.refresh_from_db()
    assert arrival.state == "ready" and not SurveyReturn.objects.exists()


def test_the_next_file_takes_the_place_of_the_waiting_one(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    first = read(client, link, zipped_shapefile(moved(), tmp_path / "a"))
    read(client, link, upload(written(moved(), tmp_path)))
    assert len(default_storage.listdir("arrivals")[1]) == 1
    first.refresh_from_db()
    assert (first.state, first.stored) == ("dropped", "") and first.lines.filter(code="REPLACED").exists()
    assert sent_on(client, link, _ready(first)).status_code == 409
    assert not SurveyReturn.objects.exists()


def _ready(arrival: Arrival) -> Arrival:
    arrival.facts = {"verdicts": {"lines": [{"number": 1}]}}
    return arrival


def test_two_clicks_send_once(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    arrival = read(client, link, zipped_shapefile(moved(), tmp_path))
    here(client, link, arrival)
    assert [sent_on(client, link, arrival).status_code for _click in range(2)] == [302, 409]
    assert SurveyReturn.objects.count() == 1


def test_a_receipt_of_another_order_is_not_found(client: Client, plans: Plans, link: IssuedLink) -> None:
    returned = plans.send(link.order)
    other = services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội khác")
    assert client.get(reverse("survey:receipt", args=[link.token, returned.number])).status_code == 200
    assert client.get(reverse("survey:receipt", args=[other.token, returned.number])).status_code == 404


def test_marks_are_read_through_the_link(client: Client, plans: Plans, link: IssuedLink) -> None:
    returned = plans.send(link.order)
    services.return_survey(
        plans.cast.appraiser,
        returned.proposal,
        returned=returned,
        note="Đo lại phía đông.",
        marks=[{"corner": 2, "at": [482_500.5, 1_402_500.25], "text": "Mốc <b>lệch</b>"}],
    )
    for name in ("survey:order", "intake:link_home"):
        text = client.get(reverse(name, args=[link.token])).content.decode()
        assert "Đo lại phía đông." in text
        assert "Mốc &lt;b&gt;lệch&lt;/b&gt;" in text
        assert "1.402.500,250" in text


HOSTILE = {
    "empty": ("a.zip", b""),
    "text": ("a.zip", b"not a zip"),
    "vrt": ("a.kml", b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>"
            b"</OGRVRTDataSource>"),
    "entity": ("a.kml", b'<?xml version="1.0"?><!DOCTYPE k [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
               b'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>&x;</name></Document></kml>'),
    "program": ("a.exe", b"MZ\x90\x00"),
    "autocad": ("a.dwg", b"AC1032" + b"\0" * 64),
    "depth": ("a.geojson", b"[" * 100_000),
    "no place": ("../../../etc/cron.d/x.geojson", b'{"type":"FeatureCollection","features":[]}'),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_leave_nothing(client: Client, link: IssuedLink, case: str) -> None:
    name, content = HOSTILE[case]
    answer = post(client, link, SimpleUploadedFile(name, content))
    assert 400 <= answer.status_code < 500
    text = answer.content.decode()
    assert "root:" not in text and "Traceback" not in text
    assert not SurveyReturn.objects.exists()
    assert not default_storage.exists("arrivals") or not default_storage.listdir("arrivals")[1]
    assert SurveyOrder.objects.get(pk=link.order.pk).proposal.state == State.BEING_SURVEYED


def test_a_name_with_a_script_is_shown_as_text(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    file = upload(written(moved(), tmp_path), "<img src=x onerror=alert(1)>.gpkg")
    arrival = read(client, link, file, instrument="<script>alert(1)</script>")
    shown = page(client, link, arrival)
    sent = confirmed(client, link, arrival)
    for text in (shown.content.decode(), client.get(sent["Location"]).content.decode()):
        assert "<img src=x" not in text
        assert "<script>alert(1)" not in text


def test_what_was_said_of_a_refused_file_need_not_be_said_again(client: Client, link: IssuedLink) -> None:
    assert post(client, link, SimpleUploadedFile("a.exe", b"MZ")).status_code == 415
    text = client.get(address(link)).content.decode()
    assert "RTK Hi-Target" in text and "01/11/2026" in text and "Lê Đo" in text


def test_missing_words_are_asked_for_and_kept(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    answer = post(client, link, upload(written(moved(), tmp_path)), signer="", measured_on="31/12/2099")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "RTK Hi-Target" in text
    assert text.count("error-text") >= 2
    assert not Arrival.objects.exists()


def test_elsewhere_is_refused_with_the_distance(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    arrival = read(client, link, upload(written(zone(8_000, 8_000), tmp_path)))
    answer = confirmed(client, link, arrival)
    assert answer.status_code == 422
    assert "km" in answer.content.decode()
    assert arrival.state == "ready" and not SurveyReturn.objects.exists()


def test_a_post_without_the_token_of_the_form_is_refused(link: IssuedLink) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address(link)).status_code == 403
    assert strict.get(address(link))["Referrer-Policy"] == "same-origin"


def test_once_accepted_nothing_more_is_taken(client: Client, plans: Plans, link: IssuedLink, tmp_path: Path) -> None:
    waiting = read(client, link, upload(written(moved(), tmp_path)))
    here(client, link, waiting)
    returned = plans.send(link.order)
    services.accept_return(
        plans.cast.appraiser, returned.proposal, returned=returned, geom_hash=returned.geom_hash, note="Đạt."
    )
    assert 'name="file"' not in client.get(address(link)).content.decode()
    assert post(client, link, upload(written(moved(), tmp_path))).status_code == 409
    assert sent_on(client, link, waiting).status_code == 409
    assert SurveyReturn.objects.count() == 1


def test_once_another_boundary_took_its_place_the_old_link_says_so(
    client: Client, plans: Plans, link: IssuedLink
) -> None:
    order = reverse("survey:order", args=[link.token])
    warning = "Đơn vị đo đạc không được làm việc theo gói này"
    returned = plans.send(link.order, moved())
    assert warning not in client.get(order).content.decode()
    services.accept_return(
        plans.cast.appraiser, returned.proposal, returned=returned, geom_hash=returned.geom_hash, note="Đạt."
    )
    assert warning in client.get(order).content.decode()


def test_the_uses_are_shown_to_the_department(client: Client, plans: Plans, link: IssuedLink) -> None:
    anybody = Client()
    anybody.get(reverse("survey:order", args=[link.token]))
    SurveyOrder.objects.filter(pk=link.order.pk).update(expires_at=timezone.now())
    assert anybody.get(reverse("survey:order", args=[link.token])).status_code == 410
    assert anybody.post(address(link)).status_code == 410
    kinds = list(SurveyUse.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == [UseKind.OPENED, UseKind.EXPIRED, UseKind.EXPIRED]
    client.force_login(plans.cast.appraiser)
    shown = client.get(reverse("review:file", args=[link.order.proposal.code]) + "?tab=quyet-dinh")
    assert shown.content.decode().count("is-refused") == 2


def test_what_is_too_large_to_compare_is_told_feature_by_feature(
    client: Client, link: IssuedLink, tmp_path: Path
) -> None:
    east, north = moved()[0].exterior_ring.coords[0][:2]
    fine = shapely.Point(east + 3_000, north).buffer(300, quad_segs=3_000)
    good = shapely.from_wkb(bytes(moved()[0].wkb))
    arrival = read(client, link, upload(files.geojson(tmp_path / "hai.geojson", [good, fine])))
    here(client, link, arrival)
    outcomes = {line["number"]: line["outcome"] for line in arrival.facts["verdicts"]["lines"]}
    assert outcomes == {1: "ok", 2: "refused"}
    assert round(arrival.facts["verdicts"]["compared"][0]["measured_m2"]) == 250_000
    assert sent_on(client, link, arrival, 1).status_code == 302
