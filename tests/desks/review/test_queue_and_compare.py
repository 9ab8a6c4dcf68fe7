"""Does the queue show what waits for this office first, and the comparison what differs?"""

from __future__ import annotations

import pytest
from django.urls import reverse

from planning.proposals import services
from tests.desks.review.test_doors import client_of
from tests.proposals.plans import Plans, zone


@pytest.mark.parametrize(
    ("who", "state"), [("appraiser", "submitted"), ("leader", "appraised"), ("recorder", "forwarded")]
)
def test_each_office_sees_first_what_waits_for_it(plans: Plans, who: str, state: str) -> None:
    made = {name: getattr(plans, name)() for name in ("submitted", "appraised", "forwarded")}
    page = client_of(getattr(plans.cast, who)).get(reverse("review:queue")).content.decode()
    assert made[state].code in page
    assert all(other.code not in page for name, other in made.items() if name != state)


def test_measurements_wait_on_a_tab_of_their_own_until_somebody_answers(plans: Plans) -> None:
    client = client_of(plans.cast.appraiser)
    link = services.order_survey(plans.cast.appraiser, plans.approved(), team="Đội đo đạc số 1")
    returned = plans.send(link.order)
    tabs = {each["tab"].code: each["count"] for each in client.get(reverse("review:queue")).context["tabs"]}
    assert tabs["do-dac"] == 1
    page = client.get(reverse("review:queue"), {"loc": "do-dac"}).content.decode()
    assert returned.proposal.code in page
    services.return_survey(plans.cast.appraiser, returned.proposal, returned=returned, note="Đo lại mốc 2.")
    answered = client.get(reverse("review:queue"), {"loc": "do-dac"}).content.decode()
    assert returned.proposal.code not in answered


def test_a_draft_never_reaches_the_queue(plans: Plans) -> None:
    draft = plans.ready()
    for tab in ("tiep-nhan", "dang-xu-ly", "tat-ca"):
        page = client_of(plans.cast.appraiser).get(reverse("review:queue"), {"loc": tab}).content.decode()
        assert draft.code not in page


def test_the_filter_narrows_and_says_what_it_hides(plans: Plans) -> None:
    proposal = plans.submitted()
    client = client_of(plans.cast.appraiser)
    page = client.get(reverse("review:queue"), {"loc": "dang-xu-ly", "kind": "expansion"}).content.decode()
    assert proposal.code not in page
    page = client.get(reverse("review:queue"), {"loc": "dang-xu-ly", "kind": "new_cluster"}).content.decode()
    assert proposal.code in page
    assert client.get(reverse("review:queue"), {"loc": "x", "unit": "'; DROP", "kind": "?"}).status_code == 200


@pytest.mark.parametrize("count", [0, 1, 5])
def test_two_to_four_are_compared(plans: Plans, count: int) -> None:
    codes = [plans.submitted().code for _ in range(count)]
    response = client_of(plans.cast.appraiser).get(reverse("review:compare"), {"ho-so": codes})
    assert response.status_code == 422


def test_the_same_proposal_twice_is_one(plans: Plans) -> None:
    code = plans.submitted().code
    assert client_of(plans.cast.appraiser).get(reverse("review:compare"), {"ho-so": [code, code]}).status_code == 422


def test_best_and_worst_are_marked(plans: Plans) -> None:
    good = plans.submitted()
    large = plans.submitted(zone(2_000, 12_000, 700), rival_of=good)
    page = client_of(plans.cast.appraiser).get(reverse("review:compare"), {"a": good.code, "b": large.code})
    text = page.content.decode().replace("\u00a0", " ")
    assert "25,00 ha" in text
    assert "49,00 ha" in text


def test_every_plan_says_its_verdict_beside_its_name(plans: Plans) -> None:
    good = plans.submitted()
    rival = plans.submitted(zone(2_000, 12_000, 700), rival_of=good)
    page = client_of(plans.cast.appraiser).get(reverse("review:compare"), {"a": good.code, "b": rival.code})
    assert [face.letter for face in page.context["faces"]] == [good.alternative, rival.alternative]
    captions = page.content.decode().split("<figcaption>")[1:]
    for face, caption in zip(page.context["faces"], captions, strict=True):
        assert face.shown is not None
        assert f'data-sev="{face.shown.sev}"' in caption.split("</figcaption>")[0]
        assert face.shown.text in caption.split("</figcaption>")[0]


def test_plans_of_different_needs_are_told_apart_by_their_place(plans: Plans) -> None:
    codes = [plans.submitted().code for _ in range(2)]
    page = client_of(plans.cast.appraiser).get(reverse("review:compare"), {"ho-so": codes})
    assert [face.letter for face in page.context["faces"]] == ["1", "2"]
    assert f"1 · {codes[0]}" in page.content.decode()
