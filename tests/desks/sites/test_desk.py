"""Do the pages of the desk open for whom they are meant, refuse nonsense, and lead from a wish to a draft?"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from layers.batches.services import run_batch
from layers.models import BatchState
from mapping.desks.sites.shown import Card, Reason
from planning.checks.screening.wishes import Wishes
from planning.people.models import User
from planning.proposals.models import Proposal, Screening, ScreeningCell, SiteSearch
from planning.proposals.screening.start import start_screening
from tests.cast import Cast, Land, square
from tests.checks.ground import publish, row
from tests.proposals.country import publish_country, searched

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("points", "why"),
    [
        ((20, 10, 8, 5), "A (a); B (b); C (c)"),
        ((12, 10, 8, 5), "B (b); C (c); D (d). Most points lost: A (a)."),  # its weight makes it both: said once
        ((20, 10, 0, 5), "A (a); B (b); D (d). Most points lost: C (c)."),
    ],
)
def test_what_cost_a_site_most_is_not_called_its_strength(points: tuple[int, ...], why: str) -> None:
    most = (20, 10, 8, 5)
    reasons = tuple(Reason(title, title.lower(), got, of) for title, got, of in zip("ABCD", points, most, strict=True))
    with translation.override("en"):
        assert Card(Any, "", "", reasons, ()).why == why  # of the site itself nothing is read


@pytest.fixture
def wishes(land: Land) -> Wishes:
    publish_country()
    return Wishes((land.west.pk,), 30, 25, 35, road_m=2_000, slope_below=8)


@pytest.fixture
def screening(wishes: Wishes, cast: Cast) -> Screening:
    publish("dwelling", [row(square(9_100, 9_100, 12), "", "house")])
    from layers.models import Layer

    Layer.objects.filter(code="dwelling").update(is_public=False)
    found = start_screening(cast.appraiser, shape="square", cell_ha=25)
    assert found.batch_id is not None
    run_batch(found.batch_id)
    found.refresh_from_db()
    return found


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def form(land: Land, **changes: Any) -> dict[str, Any]:
    return {
        "title": "Bờ suối",
        "area_ha": "30",
        "min_ha": "25,5",
        "max_ha": "40",
        "units": [str(land.west.pk)],
        "road_m": "2000",
        "roads": ["national", "provincial"],
        "slope_below": "",
        "conditions": "on",
        "unchecked": "on",
        "holes": "on",
        "compact": "0.3",
        "per_unit": "3",
        **changes,
    }


def test_the_door_is_closed_for_visitors_and_other_roles(cast: Cast, wishes: Wishes) -> None:
    search = searched(cast, wishes)
    pages = [reverse("sites:home"), reverse("sites:new"), reverse("sites:search", args=[search.pk])]
    for page in pages:
        assert Client().get(page).status_code in (302, 401, 403)
        for person in (cast.recorder, cast.steward, cast.fund_officer, cast.commune_officer, cast.nobody):
            assert as_(person).get(page).status_code == 403
    for person in (cast.planner, cast.appraiser, cast.leader, cast.inspector):
        assert as_(person).get(reverse("sites:home")).status_code == 200
    assert as_(cast.colleague).get(pages[2]).status_code == 404
    assert as_(cast.inspector).get(pages[2]).status_code == 200


def test_from_the_form_to_the_draft(cast: Cast, land: Land, wishes: Wishes) -> None:
    planner = as_(cast.planner)
    answer = planner.post(reverse("sites:new"), form(land))
    search = SiteSearch.objects.get()
    assert answer["Location"] == reverse("sites:search", args=[search.pk])
    assert search.wishes["min_ha"] == 25.5
    waiting = planner.get(answer["Location"]).content.decode()
    assert "hx-get" in waiting
    assert search.batch_id is not None
    assert run_batch(search.batch_id).state == BatchState.DONE
    assert planner.get(reverse("sites:follow", args=[search.pk]))["HX-Refresh"] == "true"
    site = search.candidates.order_by("number").first()
    assert site is not None
    page = planner.get(answer["Location"] + "?w_road=10&w_rice=x&w_invented=3").content.decode()
    assert reverse("sites:open", args=[search.pk, site.number]) in page
    assert "Xã Tây" in page and "được xét khi địa điểm đã thành hồ sơ nháp" in page
    opened = planner.post(reverse("sites:open", args=[search.pk, site.number]))
    proposal = Proposal.objects.get()
    assert opened["Location"] == reverse("draw:edit", args=[proposal.code])
    assert planner.post(reverse("sites:open", args=[search.pk, site.number]))["Location"] == opened["Location"]
    assert proposal.code in planner.get(answer["Location"]).content.decode()
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"units": []},
        {"units": ["1 OR 1=1"]},
        {"units": ["999999999"]},
        {"area_ha": "NaN"},
        {"area_ha": "1e400"},
        {"area_ha": "20"},
        {"max_ha": "-5"},
        {"road_m": "0"},
        {"road_m": "99999999"},
        {"roads": ["motorway"]},
        {"roads": []},
        {"slope_below": "7"},
        {"compact": "0.99"},
        {"per_unit": "0"},
        {"title": "x" * 500},
    ],
)
def test_hostile_forms_are_answered_with_422_and_search_nothing(
    cast: Cast, land: Land, wishes: Wishes, wrong: dict[str, Any]
) -> None:
    answer = as_(cast.planner).post(reverse("sites:new"), form(land, **wrong))
    assert answer.status_code == 422
    assert not SiteSearch.objects.exists()


def test_a_post_of_somebody_else_is_refused(cast: Cast, wishes: Wishes) -> None:
    search = searched(cast, wishes)
    site = search.candidates.order_by("number").first()
    assert site is not None
    address = reverse("sites:open", args=[search.pk, site.number])
    assert as_(cast.appraiser).post(address).status_code == 403
    assert as_(cast.colleague).post(address).status_code == 404
    assert as_(cast.planner).get(address).status_code == 405
    for act in ("cancel", "resume"):
        assert as_(cast.colleague).post(reverse(f"sites:{act}", args=[search.pk])).status_code == 404
        assert as_(cast.inspector).get(reverse(f"sites:{act}", args=[search.pk])).status_code == 405
    assert not Proposal.objects.exists()


def test_a_cell_tells_its_rules_but_not_which_restricted_layer_it_touches(cast: Cast, screening: Screening) -> None:
    address = reverse("sites:cell", args=[screening.pk]) + f"?i={489_100 // 500}&j={1_409_100 // 500}"
    title = next(str(rule["title_vi"]) for rule in screening.rules if rule["code"] == "dwellings")
    told = {name: as_(person).get(address).content.decode() for name, person in cast.everyone().items()}
    assert title in told["appraiser"]
    assert title not in told["planner"]
    assert "lớp dữ liệu hạn chế" in told["planner"]
    assert title not in told["nobody"]


@pytest.mark.parametrize(
    "query", ["", "?i=1", "?i=x&j=2", "?i=1e9&j=1", f"?i={2**70}&j=1", "?i=1&j=1", "?i=1;DROP&j=2"]
)
def test_a_cell_that_is_none_is_refused(cast: Cast, screening: Screening, query: str) -> None:
    answer = as_(cast.planner).get(reverse("sites:cell", args=[screening.pk]) + query)
    assert answer.status_code in (404, 422)


def test_the_view_is_answered_exactly_on_demand(cast: Cast, screening: Screening) -> None:
    from layers.crs import point_to_wgs84

    west, south = point_to_wgs84(482_010, 1_402_010)
    east, north = point_to_wgs84(483_490, 1_403_490)
    address = reverse("sites:exact", args=[screening.pk])
    answer = as_(cast.planner).post(address, {"box": f"{west},{south},{east},{north}"}).json()
    assert answer["open"] == 1
    state = as_(cast.planner).get(answer["follow"]).json()
    assert state["state"] in ("running", "done")
    for box in ("", "1,2,3", "nan,1,2,3", "108,13,107,14", "a,b,c,d", "107,12,109,14"):
        assert as_(cast.planner).post(address, {"box": box}).status_code in (413, 422)
    assert as_(cast.leader).post(address, {"box": f"{west},{south},{east},{north}"}).status_code == 403
    assert as_(cast.steward).post(address, {"box": ""}).status_code == 403


def test_a_screening_page_names_what_was_asked_and_what_was_not(cast: Cast, screening: Screening) -> None:
    page = as_(cast.planner).get(reverse("sites:screening", args=[screening.pk])).content.decode()
    assert "Diện tích cụm công nghiệp" in page  # a rule about the proposal
    assert ScreeningCell.objects.filter(screening=screening).exists()
    publish("slope", [row(square(0, 0, 10), "", "25+")])
    from planning.checks.basis import forget_basis

    forget_basis()
    page = as_(cast.planner).get(reverse("sites:screening", args=[screening.pk])).content.decode()
    assert "đã thay đổi sau lượt này" in page
    assert as_(cast.planner).get(reverse("sites:screening", args=[screening.pk + 999])).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"shape": "circle"}, {"cell_ha": "0"}, {"cell_ha": "26"}, {"cell_ha": "NaN"}, {"shape": "", "cell_ha": ""}],
)
def test_hostile_screenings_are_refused(cast: Cast, wishes: Wishes, wrong: dict[str, str]) -> None:
    answer = as_(cast.appraiser).post(reverse("sites:new_screening"), {"shape": "square", "cell_ha": "10", **wrong})
    assert answer.status_code == 422
    assert not Screening.objects.exists()
