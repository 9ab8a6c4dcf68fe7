"""Are the uses of a survey link told so that a person can read them, and none is dropped?"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mapping.desks.review.link_uses import use_lines
from planning.proposals import services
from planning.proposals.models import SurveyOrder, SurveyUse, UseKind
from tests.desks.review.test_doors import client_of
from tests.proposals.plans import Plans

NOON = timezone.make_aware(datetime(2026, 3, 5, 12))


@pytest.fixture
def order(plans: Plans) -> SurveyOrder:
    return services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội").order


def used(
    order: SurveyOrder, minutes: int, kind: UseKind = UseKind.OPENED, what: str = "trang", sha256: str = ""
) -> None:
    SurveyUse.objects.create(order=order, kind=kind, what=what, at=NOON + timedelta(minutes=minutes), sha256=sha256)


def test_like_uses_one_after_another_are_one_line_with_their_number(order: SurveyOrder) -> None:
    for minute in (0, 1, 5):
        used(order, minute)
    used(order, 6, UseKind.DOWNLOADED, "goi.zip", "a" * 64)
    used(order, 7)
    lines = use_lines(order)
    assert [(line.what, line.count) for line in lines] == [("trang", 1), ("goi.zip", 1), ("trang", 3)]
    assert (lines[2].first, lines[2].last) == (NOON, NOON + timedelta(minutes=5))
    assert sum(line.count for line in lines) == SurveyUse.objects.count()


def test_another_page_another_file_and_another_day_are_lines_of_their_own(order: SurveyOrder) -> None:
    used(order, 0)
    used(order, 1, what="phiếu")
    used(order, 2, UseKind.DOWNLOADED, "goi.zip", "a" * 64)
    used(order, 3, UseKind.DOWNLOADED, "goi.zip", "b" * 64)
    used(order, 4, UseKind.EXPIRED)
    used(order, 24 * 60, UseKind.EXPIRED)
    assert [line.count for line in use_lines(order)] == [1] * 6
    assert [line.refused for line in use_lines(order)] == [True, True, False, False, False, False]


def test_the_page_tells_how_often(plans: Plans, order: SurveyOrder) -> None:
    for minute in range(4):
        used(order, minute)
    page = client_of(plans.cast.appraiser).get(reverse("review:file", args=[order.proposal.code]) + "?tab=quyet-dinh")
    assert "4 lần, từ 12:00" in page.content.decode().replace("\u00a0", " ")


def test_the_team_sees_its_marks_on_the_map_until_it_sent_again(plans: Plans) -> None:
    link = services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội")
    returned = plans.send(link.order)
    at = list(link.order.version.geom[0][0][1])
    services.return_survey(
        plans.cast.appraiser, returned.proposal, returned=returned, note="Đo lại.",
        marks=[{"corner": 2, "at": at, "text": "Đo lại mốc 2"}],
    )  # fmt: skip
    page = reverse("survey:order", args=[link.token])
    shown = Client().get(page).context["map_data"]
    (mark,) = shown["marks"]["features"]
    assert mark["properties"] == {"number": 2, "of": "approved", "text": "Đo lại mốc 2"}
    assert len(shown["corners"]["features"]) == 4
    plans.send(link.order)
    assert Client().get(page).context["map_data"]["marks"]["features"] == []
