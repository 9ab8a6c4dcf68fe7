"""Is a half-made package never taken for a finished one, by the team or by the department? And can one see it grow?"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from layers.errors import NotComputable
from mapping.papers import survey_package as package_module
from mapping.papers.corner_files import corner_xlsx
from mapping.papers.models import BuildState, PackageBuild
from mapping.papers.survey import store
from mapping.papers.survey.choice import Content, PackageChoice, choice_from
from mapping.papers.survey.ordered import open_build
from mapping.papers.survey.progress import Progress, progress_shown
from mapping.papers.survey_package import survey_package
from planning.proposals import services
from planning.proposals.services import IssuedLink
from tests.desks.review.test_doors import client_of
from tests.proposals.plans import Plans

CHOSEN = {"contents": ["corners", "gpx", "shapefile"], "srid": 9218, "paper": "auto"}


@pytest.fixture
def link(plans: Plans) -> IssuedLink:
    return services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội đo đạc", package=CHOSEN)


@pytest.fixture
def begun(link: IssuedLink) -> PackageBuild:
    """A package the worker has taken up: shapefile and GPX are written, nothing was opened again."""
    build, _new = open_build(link.order, link.order.ordered_by)
    build.progress = Progress(("shapefile", "gpx")).stored
    build.save()
    return build


def team(link: IssuedLink) -> Any:
    return Client().get(reverse("survey:order", args=[link.token]))


def states(answer: Any) -> list[str]:
    return [line.state for line in answer.context["shown"].contents]


def test_contents_are_told_in_order_and_then_every_file(link: IssuedLink) -> None:
    told: list[Progress] = []
    package = survey_package(link.order.version, choice_from(CHOSEN), told.append)
    made = [progress for progress in told if not progress.files]
    assert [progress.made for progress in made] == [
        ("shapefile",), ("shapefile", "gpx"), ("shapefile", "gpx", "corners")
    ]  # fmt: skip
    checks = told[len(made) :]
    assert [progress.checked for progress in checks] == list(range(1, len(package.files) + 1))
    assert {progress.files for progress in checks} == {len(package.files)}


def test_what_the_worker_does_is_seen_while_it_does_it(link: IssuedLink, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[list[str], str]] = []
    write = corner_xlsx

    def watched(*arguments: Any, **more: Any) -> bytes:
        answer = team(link)
        seen.append((states(answer), answer.context["stage"]))
        return write(*arguments, **more)

    build, _new = open_build(link.order, link.order.ordered_by)
    monkeypatch.setattr(package_module, "corner_xlsx", watched)
    store.build_now(build)
    assert seen == [(["made", "made", "waiting"], "waiting")]
    done = PackageBuild.objects.get()
    assert (done.state, done.progress) == (BuildState.DONE, {})
    assert states(team(link)) == ["verified"] * 3


def test_the_team_sees_a_half_made_package_as_half_made(link: IssuedLink, begun: PackageBuild) -> None:
    answer = team(link)
    text = answer.content.decode()
    assert states(answer) == ["made", "made", "waiting"]
    assert 'data-state="verified"' not in text
    assert 'value="2" max="3"' in text
    assert "Sẽ có trong gói" in text and "<h2>Trong gói" not in text
    assert reverse("survey:package", args=[link.token]) not in text


def test_written_is_not_ready_even_when_all_but_one_file_agrees(link: IssuedLink, begun: PackageBuild) -> None:
    begun.progress = Progress(("shapefile", "gpx", "corners"), 15, 16).stored
    begun.save()
    answer = team(link)
    text = answer.content.decode()
    assert states(answer) == ["made"] * 3
    assert 'value="15" max="16"' in text
    assert Client().get(reverse("survey:package", args=[link.token])).status_code == 503


def test_a_package_that_failed_shows_nothing_as_ready(link: IssuedLink, monkeypatch: pytest.MonkeyPatch) -> None:
    def differs(*_arguments: Any) -> Any:
        raise NotComputable("khác", code="EXPORT_NOT_VERIFIED", where="ranh_gioi.shp")

    build, _new = open_build(link.order, link.order.ordered_by)
    monkeypatch.setattr(package_module, "verify_package", differs)
    assert store.build_now(build).state == BuildState.FAILED
    answer = team(link)
    assert set(states(answer)) == {"waiting"}
    assert 'data-state="verified"' not in answer.content.decode()


def test_the_department_sees_it_on_the_file_and_on_the_page_of_the_package(
    plans: Plans, link: IssuedLink, begun: PackageBuild
) -> None:
    client, code = client_of(plans.cast.appraiser), link.order.proposal.code
    tab = client.get(reverse("review:file", args=[code]) + "?tab=quyet-dinh").content.decode()
    page = client.get(reverse("review:package_build", args=[code, begun.pk])).content.decode()
    for text in (tab, page):
        assert 'value="2" max="3"' in text
    assert f'hx-select="#package-{link.order.pk}"' in tab
    store.build_now(begun)
    tab = client.get(reverse("review:file", args=[code]) + "?tab=quyet-dinh").content.decode()
    assert "<progress" not in tab and f'id="package-{link.order.pk}"' in tab


def test_before_the_worker_begins_no_share_is_claimed() -> None:
    shown = progress_shown(PackageChoice(frozenset({Content.GPX})), {}, verified=False)
    assert (shown.done, shown.total, [line.state for line in shown.contents]) == (0, 0, ["waiting"])
