"""Does the page behind the link take real files, show where they land, send once, and withstand what is hostile?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from planning.proposals import services
from planning.proposals.models import State, SurveyOrder, SurveyReturn, SurveyUse, UseKind
from planning.proposals.services import IssuedLink
from tests.cast import multi, square
from tests.desks.survey.files import upload, written, zipped_shapefile
from tests.proposals.plans import Plans, zone

FACTS = {"instrument": "RTK Hi-Target", "base_points": "ĐC-01", "measured_on": "01/11/2026", "signer": "Lê Đo"}


@pytest.fixture
def link(plans: Plans) -> IssuedLink:
    return services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội đo đạc số 1")


def address(link: IssuedLink) -> str:
    return reverse("survey:send", args=[link.token])


def read(client: Client, link: IssuedLink, file: Any, **changes: str) -> HttpResponse:
    return client.post(address(link), {"step": "read", "file": file, **FACTS, **changes})


def confirmed(client: Client, link: IssuedLink, shown: HttpResponse) -> HttpResponse:
    text = shown.content.decode()
    sealed = re.search(r'name="held" value="([^"]+)"', text)
    chosen = re.search(r'name="candidate" value="([^"]+)" checked', text)
    assert sealed and chosen, text[:2000]
    return client.post(address(link), {"step": "send", "held": sealed[1], "candidate": chosen[1]})


def moved() -> Any:
    return multi(square(2_000.03, 2_000.02, 500))


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "kml", "fgb", "gml"])
def test_real_files_come_in(client: Client, link: IssuedLink, tmp_path: Path, suffix: str) -> None:
    path = written(moved(), tmp_path, suffix)
    shown = read(client, link, upload(path))
    assert shown.status_code == 200
    sent = confirmed(client, link, shown)
    assert sent.status_code == 302
    returned = SurveyReturn.objects.get()
    assert returned.geom.sym_difference(moved()).area < 5
    assert (returned.filename, returned.signer) == (path.name, "Lê Đo")


def test_a_shapefile_without_prj_is_shown_in_the_right_zone_first(
    client: Client, link: IssuedLink, tmp_path: Path
) -> None:
    shown = read(client, link, zipped_shapefile(moved(), tmp_path))
    text = shown.content.decode()
    assert "0,07" in text and "0,036" in text  # 3 cm east and 2 cm north
    sent = confirmed(client, link, shown)
    assert sent.status_code == 302
    receipt = client.get(sent["Location"])
    assert receipt.status_code == 200
    assert SurveyReturn.objects.get().file_sha256 in receipt.content.decode()
    assert not default_storage.listdir("survey-waiting/" + str(link.order.pk))[1]


def test_nothing_is_sent_before_the_team_says_so(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    read(client, link, zipped_shapefile(moved(), tmp_path))
    assert not SurveyReturn.objects.exists()


def test_several_layers_are_asked_about(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    asked = read(client, link, upload(written(moved(), tmp_path, layers=2)))
    assert "lop_2" in asked.content.decode()
    sealed = re.search(r'name="held" value="([^"]+)"', asked.content.decode())
    assert sealed
    shown = client.post(address(link), {"step": "answer", "held": sealed[1], "layer": "lop_2"})
    assert confirmed(client, link, shown).status_code == 302


def drawing(folder: Path, scale: float, gap: float = 0.0) -> SimpleUploadedFile:
    """Draw the measured square as an open polyline in DXF, coordinates times *scale*, ends *gap* metres apart."""
    import ezdxf

    document = ezdxf.new("R2010")
    ring = [(east * scale, north * scale) for east, north in moved()[0].exterior_ring.coords]
    ring[-1] = (ring[-1][0] + gap * scale, ring[-1][1] + gap / 2 * scale)  # inside, on neither side
    document.modelspace().add_lwpolyline(ring, dxfattribs={"layer": "RANH"})
    document.saveas(folder / "ranh.dxf")
    return upload(folder / "ranh.dxf")


def test_a_drawing_in_millimetres_is_asked_about(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    asked = read(client, link, drawing(tmp_path, 1000))
    text = asked.content.decode()
    sealed = re.search(r'name="held" value="([^"]+)"', text)
    assert sealed and 'name="units" value="mm"' in text
    shown = client.post(address(link), {"step": "answer", "held": sealed[1], "units": "mm"})
    assert confirmed(client, link, shown).status_code == 302
    assert abs(SurveyReturn.objects.get().area_m2 - 250_000) < 1
    for wrong in ({"units": "parsec"}, {"close_m": "9"}, {"close_m": "x"}, {"close_m": "nan"}):
        assert client.post(address(link), {"step": "answer", "held": sealed[1], **wrong}).status_code == 422


def test_a_gap_is_closed_only_when_the_team_says_so(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    asked = read(client, link, drawing(tmp_path, 1, gap=0.05))
    text = asked.content.decode()
    sealed = re.search(r'name="held" value="([^"]+)"', text)
    offered = re.search(r'name="close_m" value="([^"]+)"', text)
    assert sealed and offered, text[:3000]
    shown = client.post(address(link), {"step": "answer", "held": sealed[1], "close_m": offered[1]})
    assert confirmed(client, link, shown).status_code == 302
    assert any(notice["code"].startswith("RING_CLOSED") for notice in SurveyReturn.objects.get().notices)


@pytest.mark.parametrize("step", ["answer", "send"])
@pytest.mark.parametrize("text", ["", "x", "eyJzdG9yZWQiOiAiLi4vLi4vZXRjL3Bhc3N3ZCJ9:1vABCD:xyz"])
def test_a_forged_field_opens_nothing(client: Client, link: IssuedLink, step: str, text: str) -> None:
    answer = client.post(address(link), {"step": step, "held": text, "candidate": "x", "layer": "x"})
    assert answer.status_code == 422
    assert not SurveyReturn.objects.exists()


def test_a_field_of_another_order_opens_nothing(client: Client, plans: Plans, link: IssuedLink, tmp_path: Path) -> None:
    other = services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội khác")
    shown = read(client, link, zipped_shapefile(moved(), tmp_path))
    sealed = re.search(r'name="held" value="([^"]+)"', shown.content.decode())
    assert sealed
    assert client.post(address(other), {"step": "send", "held": sealed[1], "candidate": "x"}).status_code == 422
    assert not SurveyReturn.objects.exists()


def test_the_next_file_takes_the_place_of_the_waiting_one(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    first = read(client, link, zipped_shapefile(moved(), tmp_path / "a"))
    read(client, link, upload(written(moved(), tmp_path)))
    assert len(default_storage.listdir(f"survey-waiting/{link.order.pk}")[1]) == 1
    sealed = re.search(r'name="held" value="([^"]+)"', first.content.decode())
    assert sealed
    assert client.post(address(link), {"step": "send", "held": sealed[1], "candidate": "x"}).status_code == 422


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
    for name in ("survey:order", "survey:send"):
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
    answer = read(client, link, SimpleUploadedFile(name, content))
    assert 400 <= answer.status_code < 500
    text = answer.content.decode()
    assert "root:" not in text and "Traceback" not in text
    assert not SurveyReturn.objects.exists()
    assert SurveyOrder.objects.get(pk=link.order.pk).proposal.state == State.BEING_SURVEYED


def test_a_name_with_a_script_is_shown_as_text(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    file = upload(written(moved(), tmp_path), "<img src=x onerror=alert(1)>.gpkg")
    shown = read(client, link, file, instrument="<script>alert(1)</script>")
    sent = confirmed(client, link, shown)
    for text in (shown.content.decode(), client.get(sent["Location"]).content.decode()):
        assert "<img src=x" not in text
        assert "<script>alert(1)" not in text


def test_missing_words_are_asked_for_and_kept(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    answer = read(client, link, upload(written(moved(), tmp_path)), signer="", measured_on="31/12/2099")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "RTK Hi-Target" in text
    assert text.count("error-text") >= 2


def test_elsewhere_is_refused_with_the_distance(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    shown = read(client, link, upload(written(zone(8_000, 8_000), tmp_path)))
    answer = confirmed(client, link, shown)
    assert answer.status_code == 422
    assert "km" in answer.content.decode()
    assert not SurveyReturn.objects.exists()


def test_a_post_without_the_token_of_the_form_is_refused(link: IssuedLink) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address(link), {"step": "read"}).status_code == 403
    assert strict.get(address(link))["Referrer-Policy"] == "same-origin"


def test_once_accepted_nothing_more_is_taken(client: Client, plans: Plans, link: IssuedLink, tmp_path: Path) -> None:
    returned = plans.send(link.order)
    services.accept_return(
        plans.cast.appraiser, returned.proposal, returned=returned, geom_hash=returned.geom_hash, note="Đạt."
    )
    assert 'name="file"' not in client.get(address(link)).content.decode()
    shown = read(client, link, upload(written(moved(), tmp_path)))
    assert confirmed(client, link, shown).status_code == 409
    assert SurveyReturn.objects.count() == 1


def test_the_uses_are_shown_to_the_department(client: Client, plans: Plans, link: IssuedLink) -> None:
    anybody = Client()
    anybody.get(reverse("survey:order", args=[link.token]))
    SurveyOrder.objects.filter(pk=link.order.pk).update(expires_at=timezone.now())
    assert anybody.get(reverse("survey:order", args=[link.token])).status_code == 410
    assert anybody.post(address(link), {"step": "read"}).status_code == 410
    kinds = list(SurveyUse.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == [UseKind.OPENED, UseKind.EXPIRED, UseKind.EXPIRED]
    client.force_login(plans.cast.appraiser)
    page = client.get(reverse("review:file", args=[link.order.proposal.code]) + "?tab=quyet-dinh")
    assert page.content.decode().count("is-refused") == 2
