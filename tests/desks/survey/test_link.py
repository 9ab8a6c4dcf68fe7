"""Does a survey link open its own order, and nothing else, for as long as it may?"""

from __future__ import annotations

import hashlib
import io
import logging
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mapping.desks.survey.log_filter import SurveyLinkFilter
from mapping.papers.models import PackageBuild
from mapping.papers.survey.ordered import open_build
from mapping.papers.survey.store import build_now
from planning.people.models import Event
from planning.proposals.models import SurveyOrder, SurveyUse, UseKind
from planning.proposals.survey_links import new_secret, token_of
from tests.cast import Cast, Land, multi, square
from tests.papers.test_survey_package import make_version

SMALL = {"contents": ["shapefile", "corners"], "srid": 0, "paper": "auto"}


@pytest.fixture
def token(land: Land, cast: Cast) -> str:
    version = make_version(land, cast, multi(square(0.1234, 0.5678, 500)))
    secret, hashed = new_secret()
    SurveyOrder.objects.create(
        proposal=version.proposal,
        version=version,
        team="Đội đo đạc số 1",
        token_hash=hashed,
        expires_at=timezone.now() + timedelta(days=7),
        max_downloads=2,
        ordered_by=cast.appraiser,
        package=SMALL,
    )
    return token_of(secret)


@pytest.fixture
def built(token: str) -> PackageBuild:
    order = SurveyOrder.objects.get()
    build, _new = open_build(order, order.ordered_by)
    return build_now(build)


def page(token: str) -> str:
    return reverse("survey:order", args=[token])


def package(token: str) -> str:
    return reverse("survey:package", args=[token])


def test_the_link_shows_the_order_without_an_account(client: Client, token: str) -> None:
    response = client.get(page(token))
    assert response.status_code == 200
    text = response.content.decode().replace("\u00a0", " ")
    assert "25,00 ha" in text
    assert "1.400.500,568" in text
    assert "EPSG:6960" in text
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]


def test_the_package_downloads_and_is_put_on_record(client: Client, token: str, built: PackageBuild) -> None:
    response = client.get(package(token))
    assert hashlib.sha256(response.content).hexdigest() == built.sha256
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert any(name.endswith("ranh_gioi.shp") for name in archive.namelist())
    (download,) = SurveyUse.objects.filter(kind=UseKind.DOWNLOADED)
    assert download.sha256 == response["X-Content-SHA256"]
    assert Event.objects.filter(verb="download_survey_package").count() == 1


def test_asking_for_the_head_only_uses_nothing_up(client: Client, token: str, built: PackageBuild) -> None:
    assert client.head(package(token)).status_code == 200
    assert not SurveyUse.objects.exists()


def test_a_link_is_used_up(client: Client, token: str, built: PackageBuild) -> None:
    assert [client.get(package(token)).status_code for _ in range(3)] == [200, 200, 410]
    assert client.head(package(token)).status_code == 410
    assert SurveyUse.objects.filter(kind=UseKind.USED_UP).count() == 1


def test_a_link_whose_downloads_are_used_up_still_opens_its_order_and_takes_measurements(
    client: Client, token: str, built: PackageBuild
) -> None:
    SurveyOrder.objects.update(max_downloads=1)
    assert client.get(package(token)).status_code == 200
    answer = client.get(page(token))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert package(token) not in text
    assert "Đã hết lượt tải gói" in text
    assert SurveyUse.objects.filter(kind=UseKind.OPENED).count() == 2


@pytest.mark.parametrize(
    "change",
    [{"expires_at": timezone.now() - timedelta(seconds=1)}, {"revoked_at": timezone.now()}],
    ids=["expired", "revoked"],
)
def test_a_dead_link_says_so(client: Client, token: str, change: dict[str, Any]) -> None:
    SurveyOrder.objects.update(**change)
    assert client.get(page(token)).status_code == 410
    assert client.get(package(token)).status_code == 410


def test_a_link_with_any_character_changed_is_unknown(client: Client, token: str) -> None:
    bodies = set()
    for index in range(0, len(token), 5):
        other = "A" if token[index] != "A" else "B"
        response = client.get(page(token[:index] + other + token[index + 1 :]))
        assert response.status_code == 404
        bodies.add(len(response.content))
    assert len(bodies) == 1


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written_through_a_link(client: Client, token: str, method: str) -> None:
    assert getattr(client, method)(page(token)).status_code == 405
    assert getattr(client, method)(package(token)).status_code == 405


def test_the_secret_never_reaches_a_log(token: str) -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "Gone: %s", (page(token),), None)
    assert SurveyLinkFilter().filter(record)
    assert token not in record.getMessage()
    assert "/do-dac/…" in record.getMessage()


def test_no_handler_of_the_house_prints_a_link(settings: Any) -> None:
    for name, handler in settings.LOGGING["handlers"].items():
        assert "survey_links" in handler["filters"], name
    for name in ("django", "django.server", "django.request"):  # Django's own would print addresses as they are
        assert logging.getLogger(name).handlers == [], name
        assert logging.getLogger(name).propagate, name


def test_a_link_asked_like_a_machine_is_slowed_down_and_not_recorded(
    client: Client, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planning.proposals.services.use_survey_link.USES_PER_MINUTE", 3)
    assert [client.get(page(token)).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    assert SurveyUse.objects.count() == 3


def test_uses_that_failed_are_on_record_with_their_reason(client: Client, token: str) -> None:
    for change in ({"max_downloads": 0}, {"expires_at": timezone.now()}, {"revoked_at": timezone.now()}):
        SurveyOrder.objects.update(**change)
        assert client.get(package(token)).status_code == 410
    kinds = list(SurveyUse.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == [UseKind.USED_UP, UseKind.EXPIRED, UseKind.REVOKED]


def test_a_tampered_link_is_answered_before_the_database_is_asked(
    client: Client, token: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        answer = client.get(page(token[:-1] + ("A" if token[-1] != "A" else "B")))
    assert answer.status_code == 404
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert not SurveyUse.objects.exists()
