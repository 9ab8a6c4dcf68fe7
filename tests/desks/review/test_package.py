"""Who may take a boundary out of the house, of which version, and is what comes down what was verified?"""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from layers.errors import NotComputable
from mapping.papers.models import BuildState, PackageBuild
from mapping.papers.survey import store
from planning.people.models import Event
from planning.proposals.models import Proposal, ZoneVersion
from tests.desks.review.test_doors import client_of
from tests.proposals.plans import CLEAR_PLACE, Plans, zone

SMALL = {"contents": ["shapefile", "corners"], "srid": "9218", "paper": "auto"}


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def door(proposal: Proposal) -> str:
    return reverse("review:package", args=[proposal.code])


def make(client: Client, proposal: Proposal, version: int = 1, **changes: Any) -> Any:
    return client.post(door(proposal), {"version": version, **SMALL, **changes})


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("appraiser", 200),
        ("planner", 200),
        ("leader", 403),
        ("recorder", 403),
        ("inspector", 403),
        ("stranger", 404),
    ],
)
def test_only_who_orders_surveys_and_the_units_planners_come_in(plans: Plans, who: str, status: int) -> None:
    proposal = plans.approved()
    client = client_of(getattr(plans.cast, who))
    assert client.get(door(proposal)).status_code == status
    assert make(client, proposal).status_code == (302 if status == 200 else status)
    assert PackageBuild.objects.exists() == (status == 200)


def test_a_visitor_is_asked_to_sign_in(plans: Plans) -> None:
    assert Client().get(door(plans.approved())).status_code in {302, 403}


def test_the_version_in_force_and_everything_are_chosen_already(plans: Plans) -> None:
    proposal = plans.approved()
    form = client_of(plans.cast.appraiser).get(door(proposal)).context["form"]
    assert form["version"].initial == 1
    assert len(form["contents"].initial) == 9
    assert form["srid"].initial == 9218


def test_the_package_is_built_recorded_and_sent_as_verified(plans: Plans) -> None:
    proposal = plans.approved()
    client = client_of(plans.cast.appraiser)
    shown = client.get(make(client, proposal).url)
    build = PackageBuild.objects.get()
    assert build.state == BuildState.DONE
    assert build.sha256 in shown.content.decode()
    sent = client.get(reverse("review:package_file", args=[proposal.code, build.pk]))
    assert hashlib.sha256(sent.content).hexdigest() == build.sha256 == sent["X-Content-SHA256"]
    assert sent["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(sent.content)) as archive:
        assert any(name.endswith("ranh_gioi.shp") for name in archive.namelist())
    event = Event.objects.get(verb="make_survey_package")
    assert event.data["sha256"] == build.sha256
    assert event.actor == plans.cast.appraiser


def test_a_package_with_drawings_is_left_to_the_worker(plans: Plans, django_capture_on_commit_callbacks: Any) -> None:
    proposal = plans.approved()
    client = client_of(plans.cast.appraiser)
    with django_capture_on_commit_callbacks(execute=False) as waiting:
        shown = client.get(make(client, proposal, contents=["sketch"]).url)
    assert shown["Refresh"]
    assert PackageBuild.objects.get().state == BuildState.QUEUED
    for work in waiting:
        work()
    assert PackageBuild.objects.get().state == BuildState.DONE


def test_a_refusal_is_said_and_nothing_can_be_taken(plans: Plans, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: Any) -> Any:
        raise NotComputable("không khớp", code="EXPORT_NOT_VERIFIED", where="ranh_gioi.shp")

    monkeypatch.setattr(store, "survey_package", refuse)
    proposal = plans.approved()
    client = client_of(plans.cast.appraiser)
    shown = client.get(make(client, proposal).url).content.decode()
    assert "EXPORT_NOT_VERIFIED" in shown
    assert "goi.zip" not in shown
    build = PackageBuild.objects.get()
    assert client.get(reverse("review:package_file", args=[proposal.code, build.pk])).status_code == 404
    assert not Event.objects.filter(verb="make_survey_package").exists()


@pytest.mark.parametrize("spoil", ["deleted", "changed"])
def test_a_file_that_is_gone_or_another_one_is_not_sent_but_made_again_by_the_worker(
    plans: Plans, spoil: str, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    proposal = plans.approved()
    client = client_of(plans.cast.appraiser)
    make(client, proposal)
    build = PackageBuild.objects.get()
    place = Path(default_storage.path(f"packages/{build.sha256}.zip"))
    if spoil == "deleted":
        place.unlink()
    else:
        place.write_bytes(b"XXXX")
    page, file, again = (
        reverse(f"review:{name}", args=[proposal.code, build.pk])
        for name in ("package_build", "package_file", "package_again")
    )
    with monkeypatch.context() as patch, django_capture_on_commit_callbacks() as waiting:
        patch.setattr(store, "survey_package", lambda *_arguments: pytest.fail("built in a request"))
        assert client.get(file).status_code == 410
        shown = client.get(page).content.decode()
        assert again in shown
        assert file not in shown
        assert client.get(again).status_code == 405
        asked = [client.post(again)["Location"] for _time in range(2)]
        assert asked[0] == asked[1] != page
        assert client.get(asked[0])["Refresh"]
    assert PackageBuild.objects.count() == 2
    for job in waiting:
        job()
    sent = client.get(f"{asked[0]}goi.zip")
    assert hashlib.sha256(sent.content).hexdigest() == build.sha256
    assert client.post(again)["Location"] == page, "the file is there again: nothing is made"
    assert PackageBuild.objects.count() == 2


@pytest.mark.parametrize(("who", "status"), [("leader", 403), ("inspector", 403), ("stranger", 404)])
def test_nobody_else_has_a_package_made_again(plans: Plans, who: str, status: int) -> None:
    proposal = plans.approved()
    make(client_of(plans.cast.appraiser), proposal)
    build = PackageBuild.objects.get()
    Path(default_storage.path(f"packages/{build.sha256}.zip")).unlink()
    again = reverse("review:package_again", args=[proposal.code, build.pk])
    assert client_of(getattr(plans.cast, who)).post(again).status_code == status
    assert PackageBuild.objects.count() == 1


def test_a_build_of_another_proposal_is_not_found(plans: Plans) -> None:
    mine, other = plans.approved(), plans.submitted(zone(CLEAR_PLACE[0] + 3_000, CLEAR_PLACE[1]))
    client = client_of(plans.cast.appraiser)
    make(client, mine)
    build = PackageBuild.objects.get()
    for name in ("review:package_build", "review:package_file"):
        assert client.get(reverse(name, args=[other.code, build.pk])).status_code == 404


def test_the_department_does_not_take_a_version_that_was_never_submitted(plans: Plans) -> None:
    proposal = plans.returned()
    kept = ZoneVersion.objects.create(
        proposal=proposal,
        number=2,
        geom=zone(CLEAR_PLACE[0] + 1, CLEAR_PLACE[1]),
        geom_hash="d" * 64,
        area_m2=250_000,
        author=plans.cast.planner,
    )
    appraiser, planner = client_of(plans.cast.appraiser), client_of(plans.cast.planner)
    assert make(appraiser, proposal, kept.number).status_code == 422
    assert make(planner, proposal, kept.number).status_code == 302
    build = PackageBuild.objects.get()
    assert appraiser.get(reverse("review:package_file", args=[proposal.code, build.pk])).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [{"contents": []}, {"contents": ["exe"]}, {"srid": "4326"}, {"srid": "x"}, {"paper": "A0"}, {"version": 99}],
)
def test_a_choice_out_of_the_lists_comes_back_with_the_form(plans: Plans, changes: dict[str, Any]) -> None:
    proposal = plans.approved()
    client = client_of(plans.cast.appraiser)
    data = {"version": 1, **SMALL, **changes}
    assert client.post(door(proposal), data).status_code == 422
    assert not PackageBuild.objects.exists()


def test_looking_changes_nothing(plans: Plans) -> None:
    proposal = plans.approved()
    before = Event.objects.count()
    client_of(plans.cast.appraiser).get(door(proposal))
    assert (Event.objects.count(), PackageBuild.objects.count()) == (before, 0)
