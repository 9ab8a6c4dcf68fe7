"""Is what was remarked when measurements were read said in the language of whoever looks, in Vietnamese on paper?"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from mapping.papers import measured_sheet
from mapping.papers.measured_rings import printed_comparison
from planning.proposals import services
from planning.proposals.models import SurveyReturn
from planning.proposals.services import IssuedLink
from tests.cast import multi, square
from tests.desks.survey.files import upload, written
from tests.desks.survey.hands import confirmed, read
from tests.proposals.plans import Plans


@pytest.fixture
def link(plans: Plans) -> IssuedLink:
    return services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội đo đạc số 1")


def test_how_it_was_read_is_said_in_the_readers_language(client: Client, link: IssuedLink, tmp_path: Path) -> None:
    client.cookies["django_language"] = "en"
    arrival = read(client, link, upload(written(multi(square(2_000.03, 2_000.02, 500)), tmp_path, "kml")))
    answer = confirmed(client, link, arrival)
    assert "longitude and latitude" in client.get(answer["Location"]).content.decode()
    client.cookies["django_language"] = "vi"
    receipt = client.get(answer["Location"]).content.decode()
    assert "kinh độ và vĩ độ" in receipt and "longitude and latitude" not in receipt
    with translation.override("en"):  # the paper is Vietnamese, whoever asks for it
        comparison = printed_comparison(SurveyReturn.objects.get())
    with translation.override("vi"):
        paper = render_to_string("papers/measured.html", measured_sheet._context(comparison))
    assert "kinh độ và vĩ độ" in paper and "longitude and latitude" not in paper
