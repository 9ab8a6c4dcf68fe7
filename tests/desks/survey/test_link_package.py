"""Is the package of a survey link built by the worker alone, kept, checked when sent, and never used up by waiting?"""

from __future__ import annotations

import hashlib
import os
import re
import time
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import signing
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from layers.errors import NotComputable
from mapping.papers.models import BuildState, PackageBuild
from mapping.papers.survey import store
from mapping.papers.survey.choice import choice_from
from mapping.papers.survey.jobs import build_ordered_package, build_package, clear_packages
from mapping.papers.survey_package import survey_package
from planning.people.models import Event
from planning.proposals import services
from planning.proposals.models import Proposal, SurveyOrder, SurveyUse, UseKind
from planning.proposals.services import IssuedLink
from tests.desks.review.test_doors import client_of
from tests.proposals.plans import Plans

SMALL = {"contents": ["corners", "shapefile"], "srid": 9217, "paper": "auto"}


def issued(plans: Plans) -> IssuedLink:
    return services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội đo đạc", package=SMALL)


def page(link: IssuedLink) -> str:
    return reverse("survey:order", args=[link.token])


def file(link: IssuedLink) -> str:
    return reverse("survey:package", args=[link.token])


def place(build: PackageBuild) -> Path:
    return Path(default_storage.path(f"packages/{build.sha256}.zip"))


def work(proposal: Proposal, verb: str = "order_survey") -> PackageBuild:
    """Do what the worker does with the newest order."""
    build_ordered_package.call(Event.objects.filter(verb=verb, subject_id=str(proposal.pk)).latest("pk").pk)
    return PackageBuild.objects.filter(order__isnull=False).latest("pk")


def by_itself(answer: Any) -> str:
    """Return the address at which a waiting page asks again; nothing when it does not."""
    found = re.search(r'hx-get="(\?tiep=[^"]+)"', answer.content.decode())
    return found[1] if found else ""


def follow(client: Client, link: IssuedLink, tail: str) -> Any:
    """Ask for the moving part, as htmx does."""
    return client.get(page(link) + tail, headers={"HX-Request": "true"})


def refused(*_arguments: Any) -> Any:
    raise NotComputable("tệp không khớp", code="EXPORT_NOT_VERIFIED", where="ranh_gioi.shp")


def test_ordering_starts_the_job_after_the_commit(plans: Plans, django_capture_on_commit_callbacks: Any) -> None:
    proposal = plans.approved()
    with django_capture_on_commit_callbacks() as callbacks:
        services.order_survey(plans.cast.appraiser, proposal, team="Đội đo đạc", package=SMALL)
    assert [getattr(call, "func", None) for call in callbacks] == [build_ordered_package.enqueue]
    assert not PackageBuild.objects.exists()


def test_the_kept_file_is_the_chosen_package_built_afresh(plans: Plans) -> None:
    link = issued(plans)
    build = work(link.order.proposal)
    fresh = survey_package(link.order.version, choice_from(SMALL))
    assert place(build).read_bytes() == fresh.content
    assert build.filename == fresh.filename
    assert "epsg9217" in build.filename
    sent = Client().get(file(link))
    assert sent.content == fresh.content
    assert hashlib.sha256(sent.content).hexdigest() == sent["X-Content-SHA256"] == build.sha256


def test_an_order_that_says_nothing_gets_everything_in_the_zone_of_the_province(plans: Plans) -> None:
    order = services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội đo đạc").order
    assert order.package == {}
    choice = choice_from(order.package)
    assert (len(choice.contents), choice.srid, choice.paper) == (9, 0, "auto")


def test_no_request_of_a_team_ever_builds(plans: Plans, monkeypatch: pytest.MonkeyPatch) -> None:
    link = issued(plans)
    build = work(link.order.proposal)
    monkeypatch.setattr(store, "survey_package", lambda *_arguments: pytest.fail("built in a request"))
    assert Client().get(page(link)).status_code == 200
    assert Client().get(file(link)).status_code == 200
    place(build).unlink()
    assert Client().get(file(link)).status_code == 503


def test_waiting_is_said_asks_again_and_uses_nothing_up(plans: Plans) -> None:
    link = issued(plans)
    shown = Client().get(page(link))
    assert by_itself(shown)
    assert f'<noscript> <a href="{by_itself(shown)}">' in shown.content.decode()
    assert "goi.zip" not in shown.content.decode()
    for method in ("get", "head"):
        waiting = getattr(Client(), method)(file(link))
        assert waiting.status_code == 503
        assert waiting["Retry-After"] == "10"
        assert waiting["Referrer-Policy"] == "no-referrer"
        assert "no-store" in waiting["Cache-Control"]
    assert not SurveyUse.objects.filter(kind=UseKind.DOWNLOADED).exists()
    assert not Event.objects.filter(verb="download_survey_package").exists()
    work(link.order.proposal)
    shown = Client().get(page(link))
    assert not by_itself(shown)
    assert "http-equiv" not in shown.content.decode()
    assert "goi.zip" in shown.content.decode()


def test_a_page_that_asks_again_by_itself_was_opened_once(plans: Plans, monkeypatch: pytest.MonkeyPatch) -> None:
    link, other = issued(plans), Client()
    asked = [other.get(page(link))]
    for ask in (lambda tail: other.get(page(link) + tail), lambda tail: follow(other, link, tail)) * 2:
        asked.append(ask(by_itself(asked[-1])))
    assert [answer.status_code for answer in asked] == [200] * 5
    assert SurveyUse.objects.filter(kind=UseKind.OPENED).count() == 1
    tail = by_itself(asked[-1])
    assert link.token not in tail
    for forged in ("?tiep=", "?tiep=1", tail[:-1]):
        follow(other, link, forged)
    assert SurveyUse.objects.filter(kind=UseKind.OPENED).count() == 4
    with monkeypatch.context() as later:
        later.setattr(signing, "time", SimpleNamespace(time=lambda: time.time() + 120))
        other.get(page(link) + tail)
    assert SurveyUse.objects.filter(kind=UseKind.OPENED).count() == 5
    services.revoke_survey(plans.cast.appraiser, link.order.proposal)
    assert follow(other, link, tail).status_code == 410
    assert SurveyUse.objects.filter(kind=UseKind.REVOKED).count() == 1


def test_the_page_is_led_to_the_download_when_the_package_is_ready_which_is_no_second_opening(plans: Plans) -> None:
    link, team = issued(plans), Client()
    tail = by_itself(team.get(page(link)))
    assert "HX-Redirect" not in follow(team, link, tail)
    work(link.order.proposal)
    moved = follow(team, link, tail)["HX-Redirect"]
    assert moved.startswith("?tiep=")
    assert "goi.zip" in team.get(page(link) + moved).content.decode()
    assert SurveyUse.objects.filter(kind=UseKind.OPENED).count() == 1


@pytest.mark.parametrize("spoil", ["deleted", "changed"])
def test_a_kept_file_that_is_gone_or_another_one_is_not_sent_but_built_again_by_the_worker(
    plans: Plans, spoil: str, django_capture_on_commit_callbacks: Any
) -> None:
    link = issued(plans)
    build = work(link.order.proposal)
    if spoil == "deleted":
        place(build).unlink()
    else:
        place(build).write_bytes(b"PK" + bytes(1000))
    with django_capture_on_commit_callbacks() as waiting:
        assert [Client().get(file(link)).status_code for _ in range(2)] == [503, 503]
    assert PackageBuild.objects.filter(order=link.order).count() == 2
    assert not SurveyUse.objects.filter(kind=UseKind.DOWNLOADED).exists()
    for job in waiting:
        job()
    sent = Client().get(file(link))
    assert sent["X-Content-SHA256"] == build.sha256 == hashlib.sha256(sent.content).hexdigest()


def test_an_order_from_before_gets_its_package_when_its_page_is_opened(
    plans: Plans, django_capture_on_commit_callbacks: Any
) -> None:
    link = issued(plans)
    SurveyOrder.objects.update(ordered_at=timezone.now() - timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert by_itself(Client().get(page(link)))
    assert Client().get(file(link)).status_code == 200


def test_the_job_bears_being_run_twice(plans: Plans) -> None:
    link = issued(plans)
    first, second = work(link.order.proposal), work(link.order.proposal)
    assert first == second
    build_package.call(first.pk)
    assert PackageBuild.objects.count() == 1
    assert Event.objects.filter(verb="make_survey_package").count() == 1


def test_a_new_link_gets_a_package_of_its_own(plans: Plans) -> None:
    link = issued(plans)
    work(link.order.proposal)
    again = services.renew_survey(
        plans.cast.appraiser, plans.fresh(link.order.proposal), team="Đội khác", package={**SMALL, "srid": 9218}
    )
    build = work(link.order.proposal, "renew_survey")
    assert build.order == again.order
    assert "epsg" not in build.filename
    assert Client().get(file(again))["X-Content-SHA256"] == build.sha256


def test_a_failed_build_is_shown_to_the_department_which_has_it_made_again(
    plans: Plans, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    link = issued(plans)
    proposal = link.order.proposal
    with monkeypatch.context() as patch:
        patch.setattr(store, "survey_package", refused)
        assert work(proposal).state == BuildState.FAILED
    team = Client().get(page(link))
    assert not by_itself(team)
    assert "ranh_gioi.shp" not in team.content.decode()
    assert Client().get(file(link)).status_code == 503
    client = client_of(plans.cast.appraiser)
    tab = reverse("review:file", args=[proposal.code]) + "?tab=quyet-dinh"
    button = reverse("review:order_package", args=[proposal.code, link.order.pk])
    shown = client.get(tab).content.decode()
    assert "tệp không khớp" in shown
    assert button in shown
    with django_capture_on_commit_callbacks(execute=True):
        assert [client.post(button).status_code for _ in range(2)] == [302, 302]
    assert PackageBuild.objects.filter(order=link.order).count() == 2
    shown = client.get(tab).content.decode()
    assert button not in shown
    assert Client().get(file(link)).status_code == 200
    client.post(button)
    assert PackageBuild.objects.filter(order=link.order).count() == 2


def test_a_worker_that_keeps_silent_is_noticed(plans: Plans) -> None:
    link = issued(plans)
    order = link.order
    PackageBuild.objects.create(
        version=order.version,
        choice=SMALL,
        order=order,
        asked_by=plans.cast.appraiser,
        asked_at=timezone.now() - store.SILENT - timedelta(seconds=1),
    )
    assert not by_itself(Client().get(page(link)))
    assert Client().get(file(link)).status_code == 503
    tab = client_of(plans.cast.appraiser).get(reverse("review:file", args=[order.proposal.code]), {"tab": "quyet-dinh"})
    assert reverse("review:order_package", args=[order.proposal.code, order.pk]) in tab.content.decode()


def test_a_worker_that_was_ended_in_the_middle_is_noticed_by_its_last_sign(plans: Plans) -> None:
    link = issued(plans)
    order, now = link.order, timezone.now()
    begun = {"made": ["shapefile"], "checked": 0, "files": 0}
    build = PackageBuild.objects.create(version=order.version, choice=SMALL, order=order, asked_by=plans.cast.appraiser)
    for asked, told, waits in (
        (now, now - store.QUIET - timedelta(seconds=1), False),
        (now - 2 * store.SILENT, now, True),  # a long queue before it is no silence
    ):
        build.asked_at, build.progress = asked, {**begun, "at": told.isoformat()}
        build.save()
        assert bool(by_itself(Client().get(page(link)))) is waits


def test_a_package_being_made_tells_when_it_told_last(plans: Plans, monkeypatch: pytest.MonkeyPatch) -> None:
    order = issued(plans).order
    build = PackageBuild.objects.create(version=order.version, choice=SMALL, order=order, asked_by=plans.cast.appraiser)

    def end(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(store, "survey_package", end)
    with pytest.raises(SystemExit):
        store.build_now(build)
    build.refresh_from_db()
    assert build.state == "queued" and timezone.now() - datetime.fromisoformat(build.progress["at"]) < store.QUIET


@pytest.mark.parametrize(("who", "statuses"), [("leader", {403}), ("recorder", {403}), ("stranger", {404})])
def test_nobody_else_has_a_package_made_again(plans: Plans, who: str, statuses: set[int]) -> None:
    order = issued(plans).order
    SurveyOrder.objects.update(ordered_at=timezone.now() - timedelta(days=1))
    address = reverse("review:order_package", args=[order.proposal.code, order.pk])
    assert client_of(getattr(plans.cast, who)).post(address).status_code in statuses
    assert Client().post(address).status_code in {302, 403, 404}
    assert client_of(plans.cast.appraiser).get(address).status_code == 405
    assert not PackageBuild.objects.exists()


def test_an_order_of_another_proposal_is_not_found(plans: Plans) -> None:
    order = issued(plans).order
    SurveyOrder.objects.update(ordered_at=timezone.now() - timedelta(days=1))
    other = plans.ready()
    address = reverse("review:order_package", args=[other.code, order.pk])
    assert client_of(plans.cast.planner).post(address).status_code == 404
    assert not PackageBuild.objects.exists()


def test_a_package_is_not_made_for_somebody_who_lost_the_right(plans: Plans) -> None:
    link = issued(plans)
    plans.cast.appraiser.assignments.all().delete()
    assert work(link.order.proposal).state == BuildState.FAILED
    assert Client().get(file(link)).status_code == 503


def test_clearing_keeps_what_living_links_and_recent_packages_need(plans: Plans) -> None:
    build = work(issued(plans).order.proposal)
    stray, fresh = (place(build).with_name(f"{letter * 64}.zip") for letter in "ef")
    long_ago = (timezone.now() - timedelta(days=40)).timestamp()
    for path in (stray, fresh):
        path.write_bytes(b"PK")
    for path in (place(build), stray):
        os.utime(path, (long_ago, long_ago))
    PackageBuild.objects.update(asked_at=timezone.now() - timedelta(days=40))
    assert clear_packages.call() == 1
    assert (place(build).exists(), stray.exists(), fresh.exists()) == (True, False, True)

    SurveyOrder.objects.update(revoked_at=timezone.now())
    PackageBuild.objects.update(asked_at=timezone.now() - timedelta(days=29))
    assert clear_packages.call() == 0
    PackageBuild.objects.update(asked_at=timezone.now() - timedelta(days=31))
    assert clear_packages.call() == 1
    assert not place(build).exists()
    assert PackageBuild.objects.get().sha256 == build.sha256
