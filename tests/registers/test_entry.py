"""Who enters a craft village or an existing cluster, and what is refused?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from layers.errors import Conflict, InputRefused, NotAllowed
from planning.people.models import Event
from planning.registers.models import (
    AreaKind,
    ClusterArea,
    ClusterKind,
    ClusterReport,
    CraftVillage,
    IndustrialCluster,
    Lifecycle,
    TradeGroup,
    VillageKind,
)
from planning.registers.services import (
    ClusterInput,
    VillageInput,
    edit_village,
    enter_cluster,
    record_cluster_report,
    register_village,
)
from tests.cast import TODAY, point
from tests.registers.books import Books

NEXT_YEAR = TODAY.replace(year=TODAY.year + 2)
AREAS = {
    AreaKind.PLANNED: Decimal("30.00"),
    AreaKind.INDUSTRIAL_LAND: Decimal("20.00"),
    AreaKind.LEASABLE: Decimal("20.00"),
    AreaKind.LEASED: Decimal("5.50"),
}


def village_in(books: Books) -> VillageInput:
    return VillageInput(
        name="Buôn Đan Lát  Đỏ",
        kind=VillageKind.UNRECOGNISED,
        trade_group=TradeGroup.WOOD_TEXTILE,
        trade="basketry",
        trade_name_vi="đan lát",
        trade_name_en="basketry",
        unit=books.land.west,
        location=point(2_000, 2_000),
    )


def cluster_in(books: Books) -> ClusterInput:
    return ClusterInput(
        name="Điểm công nghiệp Cũ",
        kind=ClusterKind.LEGACY,
        lifecycle=Lifecycle.OPERATING,
        unit=books.land.east,
        location=point(12_000, 2_000),
        areas=AREAS,
        areas_on=date(2024, 12, 31),
        source="Báo cáo 12/BC-UBND",
    )


def test_officer_enters_a_village_under_a_name_without_tones(books: Books) -> None:
    village = register_village(books.cast.commune_officer, village_in(books))
    assert (village.slug, village.name) == ("buon-dan-lat-do", "Buôn Đan Lát Đỏ")
    assert village.unit_as_reported == books.land.west.full_name
    assert Event.objects.get(verb="register_village").data["name"] == "Buôn Đan Lát Đỏ"


@pytest.mark.parametrize("who", ["planner", "appraiser", "fund_officer", "administrator", "inspector", "nobody"])
def test_nobody_else_enters_or_edits_a_village(books: Books, who: str) -> None:
    person = books.cast.everyone()[who]
    with pytest.raises(NotAllowed):
        register_village(person, village_in(books))
    with pytest.raises(NotAllowed):
        edit_village(person, books.village, village_in(books))
    assert CraftVillage.objects.count() == 1


def test_officer_enters_and_moves_villages_in_her_commune_only(books: Books) -> None:
    officer = books.cast.commune_officer
    abroad = replace(village_in(books), unit=books.land.east, location=point(12_000, 2_000))
    for refused in (lambda: register_village(officer, abroad), lambda: edit_village(officer, books.village, abroad)):
        with pytest.raises(NotAllowed) as error:
            refused()
        assert error.value.code == "OUTSIDE_SCOPE"


def test_same_name_is_refused_in_one_commune_and_numbered_in_another(books: Books) -> None:
    register_village(books.cast.commune_officer, village_in(books))
    with pytest.raises(Conflict) as error:
        register_village(books.cast.commune_officer, replace(village_in(books), name="buon dan lat do"))
    assert error.value.code == "NAME_EXISTS"
    CraftVillage.objects.filter(slug="buon-dan-lat-do").update(unit=books.land.east)
    assert register_village(books.cast.commune_officer, village_in(books)).slug == "buon-dan-lat-do-2"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "  "}, "NAME_MISSING"),
        ({"since_year": 900}, "YEAR_IMPLAUSIBLE"),
        ({"recognised_on": NEXT_YEAR}, "DATE_IN_FUTURE"),
        ({"location": point(12_000, 2_000)}, "PLACE_OUTSIDE_UNIT"),
        ({"location": None}, "PLACE_MISSING"),
    ],
)
def test_what_cannot_be_is_refused(books: Books, changes: dict[str, object], code: str) -> None:
    with pytest.raises(InputRefused) as error:
        register_village(books.cast.commune_officer, replace(village_in(books), **changes))  # type: ignore[arg-type]
    assert error.value.code == code


def test_edit_keeps_the_address_and_the_log_keeps_what_was_there(books: Books) -> None:
    officer = books.cast.commune_officer
    village = register_village(officer, village_in(books))
    edit_village(officer, village, village_in(books))
    assert not Event.objects.filter(verb="edit_village").exists()
    edited = edit_village(officer, village, replace(village_in(books), name="Buôn Mới", environment_plan=True))
    assert (edited.slug, edited.name, edited.environment_plan) == ("buon-dan-lat-do", "Buôn Mới", True)
    data = Event.objects.get(verb="edit_village").data
    assert data["before"] == {"name": "Buôn Đan Lát Đỏ", "environment_plan": None}
    assert data["after"] == {"name": "Buôn Mới", "environment_plan": "True"}
    with pytest.raises(Conflict):
        edit_village(officer, village, replace(village_in(books), name=books.village.name))


def test_department_enters_an_existing_cluster_with_its_areas(books: Books) -> None:
    cluster = enter_cluster(books.cast.appraiser, cluster_in(books))
    assert (cluster.slug, cluster.kind, cluster.unit) == ("diem-cong-nghiep-cu", "legacy", books.land.east)
    assert cluster.location == point(12_000, 2_000)
    assert dict(ClusterArea.objects.filter(cluster=cluster).values_list("kind", "area_ha")) == AREAS
    assert set(Event.objects.filter(subject_id=str(cluster.pk)).values_list("verb", flat=True)) >= {
        "register_cluster",
        "record_cluster_areas",
    }
    with pytest.raises(Conflict):
        enter_cluster(books.cast.appraiser, cluster_in(books))


@pytest.mark.parametrize("who", ["planner", "leader", "commune_officer", "administrator", "nobody"])
def test_nobody_else_enters_clusters_or_their_reports(books: Books, who: str) -> None:
    person = books.cast.everyone()[who]
    with pytest.raises(NotAllowed):
        enter_cluster(person, cluster_in(books))
    with pytest.raises(NotAllowed):
        record_cluster_report(person, books.cluster, date(2025, 12, 31), leasable_ha=Decimal(10), leased_ha=Decimal(5))
    assert IndustrialCluster.objects.count() == 1


def test_appraiser_of_one_commune_stays_in_it(books: Books) -> None:
    books.cast.appraiser.assignments.update(unit=books.land.west)
    with pytest.raises(NotAllowed) as error:
        enter_cluster(books.cast.appraiser, cluster_in(books))
    assert error.value.code == "OUTSIDE_SCOPE"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": ""}, "NAME_MISSING"),
        ({"lifecycle": Lifecycle.PLANNED}, "NOT_EXISTING"),
        ({"source": " "}, "AREA_UNSOURCED"),
        ({"areas_on": None}, "AREA_UNSOURCED"),
        ({"areas_on": NEXT_YEAR}, "DATE_IN_FUTURE"),
        ({"established_on": NEXT_YEAR}, "DATE_IN_FUTURE"),
        ({"areas": {AreaKind.PLANNED: Decimal(5), AreaKind.LEASED: Decimal(6)}}, "AREAS_OUT_OF_ORDER"),
        ({"location": point(2_000, 2_000)}, "PLACE_OUTSIDE_UNIT"),
    ],
)
def test_wrong_clusters_are_refused_whole(books: Books, changes: dict[str, object], code: str) -> None:
    with pytest.raises(InputRefused) as error:
        enter_cluster(books.cast.appraiser, replace(cluster_in(books), **changes))  # type: ignore[arg-type]
    assert error.value.code == code
    assert IndustrialCluster.objects.count() == 1


def test_report_is_for_a_half_year_that_is_over(books: Books) -> None:
    figures = {"leasable_ha": Decimal(10), "leased_ha": Decimal(5)}
    for wrong in (date(2025, 12, 30), date(TODAY.year + 2, 6, 30)):
        with pytest.raises(InputRefused):
            record_cluster_report(books.cast.appraiser, books.cluster, wrong, **figures)
    with pytest.raises(InputRefused):
        record_cluster_report(books.cast.appraiser, books.cluster, date(2025, 6, 30), **figures, workers=10**9)
    record_cluster_report(books.cast.appraiser, books.cluster, date(2025, 6, 30), **figures, workers=100)
    assert ClusterReport.objects.get().workers == 100
