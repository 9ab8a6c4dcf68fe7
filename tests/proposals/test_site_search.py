"""Does a search find the one good place of a made country, say why, and lead to a draft exactly once?"""

from __future__ import annotations

from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections

from layers.batches.services import run_batch
from layers.errors import Conflict, DatNgheError, InputRefused, NotAllowed, NotFound
from layers.models import BatchState
from planning.checks.basis import forget_basis
from planning.checks.screening.weigh import CRITERIA, DEFAULT_WEIGHTS, weighed, weights_from
from planning.checks.screening.wishes import Wishes, slope_from
from planning.people.models import Event
from planning.proposals.models import CandidateSite, Draft, Proposal, SiteOpening, SiteSearch, State
from planning.proposals.screening.visibility import search_for, searches_for
from planning.proposals.sites.open_site import open_site
from planning.proposals.sites.ranking import is_outdated, ranked
from planning.proposals.sites.search import continue_search, start_search, stop_search
from tests.cast import EAST0, NORTH0, Cast, Land, make_cast, make_land, rectangle, square
from tests.checks.ground import line, publish, row
from tests.proposals.country import GLADE, publish_country, searched

pytestmark = pytest.mark.django_db


@pytest.fixture
def wishes(land: Land) -> Wishes:
    """Wish for 30 ha near a main road on gentle ground, anywhere in two communes."""
    publish_country()
    return Wishes((land.west.pk, land.east.pk), 30, 25, 35, road_m=2_000, slope_below=8)


def test_the_one_good_place_is_found_and_checked_exactly(cast: Cast, wishes: Wishes) -> None:
    search = searched(cast, wishes)
    sites = list(search.candidates.all())
    glade = rectangle(*GLADE)
    assert 1 <= len(sites) <= 3
    for site in sites:
        assert site.geom.within(glade)
        assert site.geom.valid
        assert 25 <= site.area_m2 / 10_000 <= 35
        assert site.verdict not in ("prohibited", "not_computable")
        assert site.measures["road_m"] <= 2_000
        assert site.measures["steep_share"] == 0
        assert all(row["outcome"] != "conflict" for row in site.findings)
    first, *others = sites
    assert all(
        not first.geom.intersects(other.geom) or first.geom.intersection(other.geom).area < 1 for other in others
    )


def test_every_hectare_is_accounted_for(cast: Cast, wishes: Wishes) -> None:
    funnel = searched(cast, wishes).funnel
    lost = {row["code"]: row["lost_ha"] for row in funnel if "lost_ha" in row}
    assert funnel[0]["left_ha"] == pytest.approx(40_000, rel=0.01)
    assert lost["slope"] > 1_000
    assert lost["forest_special"] > 1_000
    hectares = [row for row in funnel if "lost_ha" in row]
    assert hectares[-1]["left_ha"] == pytest.approx(hectares[0]["left_ha"] - sum(lost.values()), abs=0.5)


def test_no_result_says_which_wish_took_the_land(cast: Cast, wishes: Wishes) -> None:
    search = searched(cast, replace(wishes, units=wishes.units[:1], road_m=100.0))
    assert not search.candidates.exists()
    largest = max((row for row in search.funnel if "lost_ha" in row), key=lambda row: row["lost_ha"])
    assert largest["code"] == "road"


def test_without_conditions_or_data_less_is_left(cast: Cast, wishes: Wishes) -> None:
    strict = searched(cast, replace(wishes, unchecked=False))
    assert not strict.candidates.exists()
    assert any(row["code"].startswith("no_data:") for row in strict.funnel)


def test_the_same_wishes_give_the_same_sites_to_the_millimetre(cast: Cast, wishes: Wishes) -> None:
    one, other = searched(cast, wishes), searched(cast, wishes)
    hashes = [list(search.candidates.order_by("number").values_list("number", "geom_hash")) for search in (one, other)]
    assert hashes[0] == hashes[1]


def test_ranking_again_measures_nothing_and_changes_the_order(cast: Cast, wishes: Wishes) -> None:
    publish("forest_special", [row(square(-4_000, -4_000, 10))])
    publish("slope", [row(rectangle(0, 0, 20_000, 20_000), "", "0-8")])
    forget_basis()
    search = searched(cast, replace(wishes, per_unit=4))
    by_road = ranked(search, {"road": 1.0})
    roads = [row.site.measures["road_m"] for row in by_road]
    assert roads == sorted(roads)
    assert [row.place for row in by_road] == list(range(1, len(by_road) + 1))
    for row_ in by_road:
        assert row_.score == pytest.approx(sum(part.points for part in row_.parts))
        assert 0 <= row_.score <= 100


def test_weights_are_cut_to_their_limits_and_nonsense_keeps_the_default() -> None:
    weights = weights_from({"road": "99", "rice": "-3", "slope": "nan", "housing": "x", "invented": "5"})
    assert weights["road"] == 10
    assert weights["rice"] == 0
    assert weights["slope"] == DEFAULT_WEIGHTS["slope"]
    assert weights["housing"] == DEFAULT_WEIGHTS["housing"]
    assert set(weights) == {criterion.code for criterion in CRITERIA}
    assert weighed({"area_ha": 30, "wanted_ha": 30, "compactness": 0.7}, {})[0] == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"units": ()},
        {"area_ha": 24.0},
        {"max_ha": 10_000.0},
        {"min_ha": float("nan")},
        {"road_m": -1.0},
        {"road_m": 2_000.0, "roads": ()},
        {"slope_below": 0.0},
        {"compact": 0.9},
        {"per_unit": 99},
    ],
)
def test_wishes_that_make_no_sense_are_refused(cast: Cast, wishes: Wishes, wrong: dict[str, Any]) -> None:
    with pytest.raises(InputRefused):
        start_search(cast.planner, replace(wishes, **wrong))
    assert not SiteSearch.objects.exists()


def test_a_commune_that_does_not_exist_today_is_refused(cast: Cast, land: Land, wishes: Wishes) -> None:
    for unit in (land.old_district.pk, land.province.pk, 10**9):
        with pytest.raises(InputRefused) as refused:
            start_search(cast.planner, replace(wishes, units=(unit,)))
        assert refused.value.code == "WISH_UNITS"


def test_only_planners_and_appraisers_search_and_only_owner_and_department_see(cast: Cast, wishes: Wishes) -> None:
    search = start_search(cast.planner, wishes)
    for person in (cast.leader, cast.recorder, cast.steward, cast.fund_officer, cast.inspector, cast.nobody):
        with pytest.raises(NotAllowed):
            start_search(person, wishes)
    for person in (cast.planner, cast.appraiser, cast.leader, cast.inspector):
        assert search_for(person, search.pk) == search
    for person in (cast.colleague, cast.stranger, cast.recorder, cast.steward, cast.nobody):
        assert not searches_for(person).exists()
        with pytest.raises(NotFound):
            search_for(person, search.pk)
    with pytest.raises(NotAllowed):
        stop_search(cast.stranger, search)


def test_a_search_is_stopped_goes_on_and_two_at_once_are_enough(cast: Cast, wishes: Wishes) -> None:
    search = start_search(cast.planner, wishes)
    start_search(cast.planner, wishes)
    with pytest.raises(Conflict):
        start_search(cast.planner, wishes)
    assert stop_search(cast.planner, search).state == BatchState.CANCELLED
    assert search.batch_id is not None
    assert run_batch(search.batch_id).state == BatchState.CANCELLED
    assert not search.candidates.exists()
    continue_search(cast.appraiser, search)
    assert run_batch(search.batch_id).state == BatchState.DONE
    assert search.candidates.exists()


def test_a_search_is_outdated_when_an_edition_it_read_is_replaced(cast: Cast, wishes: Wishes) -> None:
    search = searched(cast, wishes)
    assert not is_outdated(search)
    publish("road", [row(line((0, 0), (10, 10)), "", "national")])
    forget_basis()
    assert is_outdated(search)


def test_a_site_opens_as_a_draft_with_its_boundary_and_the_event_names_the_search(
    cast: Cast, land: Land, wishes: Wishes
) -> None:
    search = searched(cast, wishes, title="Bờ suối")
    site = search.candidates.order_by("number").first()
    assert site is not None
    proposal = open_site(cast.planner, search, site.number)
    assert proposal.state == State.DRAFT
    assert proposal.unit == site.unit == land.west
    assert Draft.objects.get(proposal=proposal).geom.equals(site.geom)
    event = Event.objects.get(verb="open_site")
    assert event.data["search"] == search.pk
    assert event.data["code"] == proposal.code
    assert open_site(cast.planner, search, site.number) == proposal
    assert Proposal.objects.count() == 1


def test_a_site_outside_the_scope_or_for_another_role_does_not_open(cast: Cast, wishes: Wishes) -> None:
    search = searched(cast, wishes)
    site = search.candidates.order_by("number").first()
    assert site is not None
    for person in (cast.stranger, cast.appraiser, cast.leader, cast.nobody):
        with pytest.raises(NotAllowed):
            open_site(person, search, site.number)
    with pytest.raises(InputRefused):
        open_site(cast.planner, search, 99_999)
    assert not Proposal.objects.exists()


def test_a_site_that_a_colleague_opened_is_not_opened_again(cast: Cast, wishes: Wishes) -> None:
    search = searched(cast, wishes)
    site = search.candidates.order_by("number").first()
    assert site is not None
    proposal = open_site(cast.planner, search, site.number)
    with pytest.raises(Conflict, match=proposal.code):
        open_site(cast.colleague, search, site.number)


@pytest.mark.django_db(transaction=True)
def test_two_people_opening_one_site_at_once_make_one_proposal() -> None:
    land = make_land()
    cast = make_cast(land)
    publish_country()
    search = searched(cast, Wishes((land.west.pk,), 30, 25, 35))
    site = search.candidates.order_by("number").first()
    assert site is not None
    barrier, answers = Barrier(2), []

    def run(person: Any) -> None:
        barrier.wait(timeout=20)
        try:
            answers.append(open_site(person, search, site.number).code)
        except DatNgheError as refused:
            answers.append(refused.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(person,)) for person in (cast.planner, cast.colleague)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    connections.close_all()
    assert sorted(answers) == sorted([Proposal.objects.get().code, "SITE_OPENED"])
    assert SiteOpening.objects.count() == 1


def test_candidates_are_never_changed(cast: Cast, wishes: Wishes) -> None:
    from django.db import IntegrityError, transaction

    searched(cast, wishes)
    with pytest.raises(IntegrityError), transaction.atomic():
        CandidateSite.objects.update(area_m2=1)


def test_slope_classes_are_read_by_where_they_begin() -> None:
    assert [slope_from(code) for code in ("0-8", "8-15", "25+", "steep", "")] == [0, 8, 25, None, None]


def test_the_country_lies_where_the_tests_think() -> None:
    assert rectangle(*GLADE).extent[:2] == (EAST0 + 3_000, NORTH0 + 3_000)
