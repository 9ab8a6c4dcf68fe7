"""Does the form for a new survey link begin with what the last one said, so that nobody types it twice or otherwise?"""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from planning.proposals import services
from planning.proposals.models import Proposal, SurveyOrder
from planning.proposals.workflow import Verb
from tests.desks.review.test_doors import client_of
from tests.proposals.plans import Plans

LAST = {"contents": ["corners", "dxf"], "srid": 9217, "paper": "A3"}


@pytest.fixture
def surveyed(plans: Plans) -> Proposal:
    proposal = plans.approved()
    services.order_survey(
        plans.cast.appraiser, proposal, team="Đội đo đạc số 7", scale=2_000, max_downloads=3, days=2, package=LAST
    )
    return proposal


def offered(plans: Plans, proposal: Proposal) -> Any:
    page = client_of(plans.cast.appraiser).get(reverse("review:file", args=[proposal.code]))
    return next(act.form for act in page.context["acts"] if act.verb == Verb.RENEW_SURVEY)


def test_team_scale_downloads_and_contents_of_the_last_link_stand_in_the_form(plans: Plans, surveyed: Proposal) -> None:
    form = offered(plans, surveyed)
    values = {name: form[name].value() for name in form.fields}
    assert values == {
        "team": "Đội đo đạc số 7", "scale": 2_000, "max_downloads": 3, "days": 14,
        "contents": ["corners", "dxf"], "srid": 9217, "paper": "A3",
    }  # fmt: skip
    ticked = [box.data["value"] for box in form["contents"].subwidgets if box.data["selected"]]
    assert ticked == ["dxf", "corners"]


def test_the_newest_link_counts(plans: Plans, surveyed: Proposal) -> None:
    services.renew_survey(plans.cast.appraiser, surveyed, team="Đội khác", scale=500, package={**LAST, "paper": "A4"})
    form = offered(plans, surveyed)
    assert (form["team"].value(), form["scale"].value(), form["paper"].value()) == ("Đội khác", 500, "A4")


def test_sent_as_it_stands_it_issues_the_same_link_again(plans: Plans, surveyed: Proposal) -> None:
    form = offered(plans, surveyed)
    posted = {name: form[name].value() for name in form.fields}
    path = reverse("review:verb", args=[surveyed.code, "renew_survey"])
    assert client_of(plans.cast.appraiser).post(path, posted).status_code == 200
    last, first = SurveyOrder.objects.order_by("-pk")
    for name in ("team", "scale", "max_downloads", "package"):
        assert getattr(last, name) == getattr(first, name), name


@pytest.mark.parametrize("package", [{}, {"contents": ["floppy"], "srid": 9218, "paper": "auto"}])
def test_what_is_not_in_the_lists_any_more_is_everything_again(
    plans: Plans, surveyed: Proposal, package: dict[str, Any]
) -> None:
    SurveyOrder.objects.update(package=package)
    form = offered(plans, surveyed)
    assert form["team"].value() == "Đội đo đạc số 7"
    assert len(form["contents"].value()) == 9
    assert form["srid"].value() == 9218
