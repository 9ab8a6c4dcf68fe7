"""What may anybody read? Listed columns; no person, no draft, nothing unconfirmed or unsent."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from planning.registers.models import PaymentKind, Product, VillageYear
from planning.registers.services import enter_payment
from tests.registers.books import MILLION, PAID, Books

COLUMNS = {
    "public_product": "id village_id village_slug name ocop_stars ocop_year typical_rural_product",
    "public_funded_project": (
        "id code title activity level state year source_name implementer beneficiary beneficiary_kind unit_id"
        " unit_name former_district_id former_district_name village_id cluster_id granted_vnd counterpart_vnd paid_vnd"
        " settled_vnd"
        " accepted_on settled_on illustrative location"
    ),
    "public_village": (
        "id slug name kind trade_group trade trade_name_vi trade_name_en hamlets unit_id unit_name unit_as_reported"
        " former_district_id former_district_name since_year recognition_text recognised_on environment_plan"
        " about_vi about_en source illustrative year households_total households_engaged workers artisans revenue_vnd"
        " output_text funded_projects funded_vnd funded_first_year funded_last_year location"
    ),
    "public_cluster": (
        "id slug name kind lifecycle unit_id unit_name unit_as_reported former_district_id former_district_name"
        " established_by established_on infrastructure_owner wastewater_state trades source illustrative planned_ha"
        " established_ha industrial_land_ha leasable_ha leased_ha reported_on projects workers boundary_kind"
        " boundary_from boundary_area_m2 funded_projects funded_vnd funded_first_year funded_last_year"
        " location boundary"
    ),
}


def rows(view: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {view} ORDER BY id")
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.mark.parametrize("view", list(COLUMNS))
def test_columns_are_the_listed_ones(db: None, view: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {view} LIMIT 0")
        assert [column.name for column in cursor.description] == COLUMNS[view].split()


def test_household_is_nowhere(books: Books) -> None:
    books.running(beneficiary=books.household, implementer=books.household)
    row = rows("public_funded_project")[0]
    assert row["beneficiary"] == "Một hộ gia đình ở Xã Tây"
    assert not any("Y Thử" in str(value) for view in COLUMNS for one in rows(view) for value in one.values())
    with connection.cursor() as cursor:
        cursor.execute("SELECT location = (SELECT location FROM registers_craftvillage) FROM public_funded_project")
        assert cursor.fetchone() == (True,), "the place of a household is its village, not its yard"


def test_planned_projects_and_unconfirmed_payments_are_not_public(books: Books) -> None:
    books.planned()
    assert rows("public_funded_project") == []
    assert rows("public_village")[0]["funded_projects"] == 0
    project = books.contracted()
    enter_payment(books.cast.fund_officer, project, PaymentKind.ADVANCE, MILLION, PAID, idempotency_key="waiting-1")
    assert rows("public_funded_project")[0]["paid_vnd"] == 0
    assert rows("public_village")[0]["funded_vnd"] == 500 * MILLION


def test_hidden_rows_stay_hidden(books: Books) -> None:
    Product.objects.create(village=books.village, name="Khăn thổ cẩm", ocop_stars=3)
    assert len(rows("public_product")) == 1
    books.village.is_public = False
    books.village.save()
    books.cluster.is_public = False
    books.cluster.save()
    books.contracted(cluster=books.cluster)
    assert rows("public_product") == rows("public_village") == rows("public_cluster") == []
    assert rows("public_funded_project")[0]["village_id"] is None
    assert rows("public_funded_project")[0]["cluster_id"] is None


def test_only_sent_figures_are_public(books: Books) -> None:
    VillageYear.objects.create(village=books.village, year=2024, households_engaged=10, sent_at=timezone.now())
    VillageYear.objects.create(village=books.village, year=2025, households_engaged=20)
    row = rows("public_village")[0]
    assert (row["year"], row["households_engaged"], row["former_district_name"]) == (2024, 10, "Huyện Thử")


def test_today_is_the_day_in_viet_nam(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_viewdef('public_cluster'::regclass)")
        text = cursor.fetchone()[0]
    assert "CURRENT_DATE" not in text, "the session's day is yesterday until 7 in the morning"
    assert "Asia/Ho_Chi_Minh" in text
