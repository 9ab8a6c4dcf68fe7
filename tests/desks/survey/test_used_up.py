"""Does a link whose package was downloaded as often as it allows still take measurements, and is that on record?"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from planning.proposals import services
from planning.proposals.models import SurveyOrder, SurveyReturn, SurveyUse, UseKind
from planning.proposals.services import IssuedLink
from tests.desks.survey.files import upload, written
from tests.desks.survey.hands import address, confirmed, read
from tests.proposals.plans import Plans


@pytest.fixture
def used_up(plans: Plans) -> IssuedLink:
    """A link whose only download was made."""
    link = services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội đo đạc số 1", max_downloads=1)
    services.record_survey_download(link.order, what="goi.zip", sha256="0" * 64)
    return link


def test_the_order_says_that_downloads_are_used_up_and_offers_the_way_back(client: Client, used_up: IssuedLink) -> None:
    answer = client.get(reverse("survey:order", args=[used_up.token]))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Đã hết lượt tải gói" in text
    assert "Còn 0 lượt tải" not in text
    assert reverse("survey:package", args=[used_up.token]) not in text
    assert address(used_up) in text


def test_a_file_is_read_and_sent_and_put_on_record(client: Client, used_up: IssuedLink, tmp_path: Path) -> None:
    arrival = read(client, used_up, upload(written(used_up.order.version.geom, tmp_path)))
    answer = confirmed(client, used_up, arrival)
    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200
    assert SurveyReturn.objects.get().order == used_up.order
    assert SurveyUse.objects.filter(kind=UseKind.RETURNED).count() == 1


def test_a_further_download_is_refused_and_put_on_record(client: Client, used_up: IssuedLink) -> None:
    package = reverse("survey:package", args=[used_up.token])
    assert [client.get(package).status_code, client.head(package).status_code] == [410, 410]
    assert SurveyUse.objects.filter(kind=UseKind.USED_UP).count() == 1


@pytest.mark.parametrize("end", [{"expires_at": timezone.now()}, {"revoked_at": timezone.now()}])
def test_once_expired_or_revoked_nothing_is_taken(client: Client, used_up: IssuedLink, end: dict[str, object]) -> None:
    SurveyOrder.objects.filter(pk=used_up.order.pk).update(**end)
    assert client.get(address(used_up)).status_code == 410
    assert client.post(address(used_up)).status_code == 410
    assert not SurveyReturn.objects.exists()
