"""Does the page about returned measurements show what an appraiser needs, let only appraisers rule, lose no word?"""

from __future__ import annotations

import io

import pytest
from django.contrib.gis.geos import Polygon
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from layers.models import Feature
from planning.people.models import User
from planning.proposals import services
from planning.proposals.models import State, SurveyReturn, SurveyRuling
from tests.cast import EAST0, NORTH0, multi, square
from tests.proposals.plans import FOREST, Plans, pdf, zone

SEES = {"planner", "colleague", "appraiser", "leader", "recorder", "inspector"}


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def pushed(metres: float) -> Polygon:
    e, n = EAST0 + 2_000, NORTH0 + 2_000
    ring = ((e, n), (e + 500, n), (e + 500 + metres, n + 500), (e, n + 500), (e, n))
    return Polygon(ring, srid=zone(0, 0).srid)


@pytest.fixture
def returned(plans: Plans) -> SurveyReturn:
    return plans.measurements(multi(pushed(0.30)))


def address(returned: SurveyReturn, name: str = "review:measured", *more: object) -> str:
    return reverse(name, args=[returned.proposal.code, returned.number, *more])


def text_of(user: User, path: str) -> str:
    return client_of(user).get(path).content.decode().replace("\u00a0", " ")


def test_who_may_open_the_page_its_file_and_its_papers(plans: Plans, returned: SurveyReturn) -> None:
    for path in (
        address(returned),
        address(returned, "review:measured_file"),
        address(returned, "review:measured_paper", "xlsx"),
    ):
        found = {name: client_of(user).get(path).status_code for name, user in plans.cast.everyone().items()}
        assert {name for name, status in found.items() if status == 200} == SEES, path
        assert {status for name, status in found.items() if name not in SEES} == {404}, path
        assert Client().get(path).status_code in {302, 403}


def test_numbers_of_one_proposal_open_nothing_of_another(plans: Plans, returned: SurveyReturn) -> None:
    other = plans.approved()
    for name, more in (("review:measured", ()), ("review:measured_file", ()), ("review:measured_paper", ("pdf",))):
        path = reverse(name, args=[other.code, returned.number, *more])
        assert client_of(plans.cast.appraiser).get(path).status_code == 404
    assert client_of(plans.cast.appraiser).get(address(returned, "review:measured_paper", "exe")).status_code == 404


def test_the_page_tells_displacement_sides_and_areas(plans: Plans, returned: SurveyReturn) -> None:
    text = text_of(plans.cast.appraiser, address(returned))
    assert "250.000,0 m²" in text
    assert "250.075,0 m²" in text
    assert "0,300" in text
    assert "500,30" in text
    assert "0,030 %" in text
    assert 'data-corner="a2"' in text and 'class="is-bad"' in text


def test_only_the_appraiser_is_offered_a_ruling(plans: Plans, returned: SurveyReturn) -> None:
    assert "act-accept_return" in text_of(plans.cast.appraiser, address(returned))
    for person in (plans.cast.planner, plans.cast.leader, plans.cast.inspector):
        assert "act-accept_return" not in text_of(person, address(returned))
        sent = client_of(person).post(address(returned), {"act": "accept_return", "geom_hash": returned.geom_hash})
        assert sent.status_code == 403
    assert not SurveyRuling.objects.exists()


def test_accepting_outside_the_tolerance_without_a_reason_keeps_the_page(plans: Plans, returned: SurveyReturn) -> None:
    client = client_of(plans.cast.appraiser)
    data = {"act": "accept_return", "geom_hash": returned.geom_hash, "note": ""}
    answer = client.post(address(returned), data)
    assert answer.status_code == 422
    assert "data-open-now" in answer.content.decode()
    done = client.post(address(returned), {**data, "note": "Mốc có sẵn."})
    assert done.status_code == 302
    assert plans.fresh(returned.proposal).state == State.SURVEYED
    text = text_of(plans.cast.appraiser, address(returned))
    assert "Mốc có sẵn." in text
    assert "act-accept_return" not in text


def test_marks_stand_at_their_corners_whatever_was_posted(plans: Plans, returned: SurveyReturn) -> None:
    client = client_of(plans.cast.appraiser)
    posted = {
        "act": "return_survey",
        "note": "",
        "mark-a2": "Đo lại mốc 2",
        "mark-a99": "x",
        "mark-m1": "x",
        "at": "1,2",
    }
    answer = client.post(address(returned), posted)
    assert answer.status_code == 422
    assert "Đo lại mốc 2" in answer.content.decode()
    assert client.post(address(returned), {**posted, "note": "Lệch."}).status_code == 302
    (mark,) = SurveyRuling.objects.get().marks
    assert (mark["corner"], mark["of"], mark["at"]) == (2, "approved", [EAST0 + 2_500, NORTH0 + 2_500])


def test_what_is_answered_is_not_answered_again(plans: Plans, returned: SurveyReturn) -> None:
    client = client_of(plans.cast.appraiser)
    assert client.post(address(returned), {"act": "return_survey", "note": "Đo lại."}).status_code == 302
    answer = client.post(address(returned), {"act": "accept_return", "geom_hash": returned.geom_hash, "note": "x"})
    assert answer.status_code == 409
    assert SurveyRuling.objects.count() == 1


def test_the_findings_stay_on_the_page_when_the_measurements_were_sent_back(plans: Plans) -> None:
    east, north, side = FOREST
    returned = plans.measurements(multi(square(east + side - 30, north, 500)), zone(east + side, north))
    waiting = text_of(plans.cast.appraiser, address(returned))
    services.return_survey(plans.cast.appraiser, returned.proposal, returned=returned, note="Đo lại.")
    Feature.objects.filter(edition__layer__code="forest").delete()
    ruled = text_of(plans.cast.appraiser, address(returned))
    for text in (waiting, ruled):
        new, known = text.split("Mới so với lúc duyệt")[1].split("như lúc duyệt")
        assert "1,50 ha" in new and "1,50 ha" not in known
        assert "chưa rà soát" in text
    assert "Giữ cùng kết quả xử lý" in ruled


def test_an_unknown_act_changes_nothing(plans: Plans, returned: SurveyReturn) -> None:
    for act in ("", "submit", "<script>"):
        assert client_of(plans.cast.appraiser).post(address(returned), {"act": act}).status_code == 422
    assert not SurveyRuling.objects.exists()


def test_the_workbook_holds_numbers_and_no_live_formula(plans: Plans) -> None:
    from openpyxl import load_workbook

    order = services.order_survey(plans.cast.appraiser, plans.approved(), team="=cmd|' /C calc'!A0").order
    returned = services.send_return(
        order,
        geom=multi(pushed(0.30)),
        file=ContentFile(b"x", name="a.zip"),
        how=services.Measured(
            instrument="=1+1", base_points="@SUM(A1)", measured_on=timezone.localdate(), signer="+84 90"
        ),
    )
    client = client_of(plans.cast.appraiser)
    first, again = (client.get(address(returned, "review:measured_paper", "xlsx")).content for _ in range(2))
    assert first == again
    book = load_workbook(io.BytesIO(first))
    values = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [value for value in values if isinstance(value, str) and value.startswith(("=", "+", "@"))]
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    corners = book.worksheets[1]
    assert [corners.cell(3, column).value for column in (1, 6, 7, 8)] == [2, 0, 0.3, 0.3]


def test_the_paper_reads_as_the_page(plans: Plans, returned: SurveyReturn, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(plans.cast.appraiser)
    first, again = (client.get(address(returned, "review:measured_paper", "pdf")) for _ in range(2))
    assert first["Content-Type"] == "application/pdf"
    assert first.content.startswith(b"%PDF-") and first.content == again.content
    monkeypatch.setattr("mapping.papers.pdf.write_pdf", lambda text, *_rest: text.encode())
    text = client.get(address(returned, "review:measured_paper", "pdf")).content.decode().replace("\u00a0", " ")
    for words in ("PHIẾU ĐỐI CHIẾU KẾT QUẢ ĐO ĐẠC", "0,300", "250.075,0 m²", "Lê Đo", "GNSS RTK"):
        assert words in text


def test_several_areas_and_holes_are_numbered_as_in_the_corner_table(plans: Plans) -> None:
    drawn = multi(square(2_000, 2_000, 500), square(2_700, 2_000, 200))
    returned = plans.measurements(multi(square(2_700, 2_000, 200), square(2_000, 2_000, 500)), drawn)
    text = text_of(plans.cast.appraiser, address(returned))
    assert text.count("data-corner=") == 8
    assert "is-bad" not in text


def test_the_hand_over_is_recorded_on_the_file_page(plans: Plans, returned: SurveyReturn) -> None:
    services.accept_return(
        plans.cast.appraiser, returned.proposal, returned=returned, geom_hash=returned.geom_hash, note="Đạt."
    )
    code = returned.proposal.code
    path = reverse("review:verb", args=[code, "bring_into_force"])
    data = {"on": f"{timezone.localdate():%d/%m/%Y}", "file": pdf("bien-ban")}
    assert client_of(plans.cast.appraiser).post(path, dict(data, file=pdf("bien-ban"))).status_code == 403
    assert client_of(plans.cast.leader).post(path, data).status_code == 302
    assert plans.fresh(returned.proposal).state == State.IN_FORCE
    sent = client_of(plans.cast.planner).get(reverse("review:handover_file", args=[code]))
    assert b"".join(sent.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]
    assert client_of(plans.cast.stranger).get(reverse("review:handover_file", args=[code])).status_code == 404
