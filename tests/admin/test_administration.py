"""Does the administration open for administrators only, and can it do nothing but administer?"""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from layers.models import AdminUnit, Holiday, LegalInstrument
from mapping.admin.site import site
from planning.checks.models import Parameter
from planning.people.capabilities import Capability, Role
from planning.people.models import Assignment, Event, User
from planning.people.queries import can
from planning.people.services import record_event
from planning.registers.models import (
    Acceptance,
    Allocation,
    FundedProject,
    FundingSource,
    Payment,
    PaymentConfirmation,
    Settlement,
)
from planning.registers.services import load_register_catalogue
from tests.cast import TODAY, Cast, Land, make_instrument
from tests.desks.fund.test_fund_desk import client_of

START = "/quan-tri/"


def test_only_administrators_enter(cast: Cast, land: Land) -> None:
    assert client_of(cast.administrator).get(START).status_code == 200
    answer = Client().get(START)
    assert answer.status_code == 302
    for name, person in cast.everyone().items():
        if name != "administrator":
            answer = client_of(person).get(START, follow=True)
            assert answer.status_code == 403, name


def test_flags_open_nothing(cast: Cast) -> None:
    User.objects.filter(pk=cast.nobody.pk).update(is_staff=True, is_superuser=True)
    assert client_of(User.objects.get(pk=cast.nobody.pk)).get(START, follow=True).status_code == 403


def test_nothing_of_the_ledger_is_registered() -> None:
    ledger = {Acceptance, Allocation, FundedProject, Payment, PaymentConfirmation, Settlement}
    assert not ledger & set(site._registry)


def test_every_page_opens(cast: Cast, land: Land) -> None:
    instrument = make_instrument()
    Holiday.objects.create(day=date(2026, 9, 2), name="Quốc khánh")
    Parameter.objects.create(
        code="size.min", title_vi="x", title_en="x", value=10, unit="ha", valid_from=TODAY, instrument=instrument
    )
    FundingSource.objects.create(code="x", name="x", level="local")
    load_register_catalogue()
    record_event(cast.administrator, "look_at", land.east)
    client = client_of(cast.administrator)
    for model, admin in site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        listing = client.get(reverse(f"admin:{name}_changelist"), {"q": "a"} if admin.search_fields else {})
        assert listing.status_code == 200, name
        adding = client.get(reverse(f"admin:{name}_add"))
        assert adding.status_code in {200, 403}, name
        row = model._default_manager.first()
        if row is not None:
            opened = client.get(reverse(f"admin:{name}_change", args=[row.pk]))
            assert opened.status_code == 200, name
            assert client.post(reverse(f"admin:{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403, name
            assert b"<script>" not in opened.content, name


def test_accounts_are_made_without_flags(cast: Cast) -> None:
    client = client_of(cast.administrator)
    given = {
        "username": "moi",
        "full_name": "H'Mới Niê",
        "office": "Phòng Kinh tế",
        "password1": "mot-mat-khau-dai-42",
        "password2": "mot-mat-khau-dai-42",
        "is_superuser": "on",
        "is_staff": "on",
    }
    assert client.post("/quan-tri/people/user/add/", given).status_code == 302
    made = User.objects.get(username="moi")
    assert (made.is_staff, made.is_superuser, made.full_name) == (False, False, "H'Mới Niê")
    assert made.check_password("mot-mat-khau-dai-42")
    assert Event.objects.filter(verb="admin_add", subject_id=str(made.pk)).exists()
    change = {"username": "moi", "full_name": "H'Mới Niê", "office": "Sở", "email": "", "is_superuser": "on"}
    assert client.post(f"/quan-tri/people/user/{made.pk}/change/", change).status_code == 302
    made.refresh_from_db()
    assert (made.is_active, made.is_superuser, made.office) == (False, False, "Sở")
    assert not can(made, Capability.DRAW_PROPOSAL)


def test_office_is_given_and_ended(cast: Cast, land: Land) -> None:
    client = client_of(cast.administrator)
    given = {
        "user": cast.nobody.pk,
        "role": Role.PLANNER,
        "unit": land.east.pk,
        "valid_from": "01/01/2026",
        "valid_to": "",
    }
    assert client.post("/quan-tri/people/assignment/add/", given).status_code == 302
    office = Assignment.objects.get(user=cast.nobody)
    assert office.valid_from == date(2026, 1, 1)
    assert can(cast.nobody, Capability.DRAW_PROPOSAL, land.east)
    again = client.post("/quan-tri/people/assignment/add/", given)
    assert again.status_code == 200, "said beside the form"
    assert Assignment.objects.filter(user=cast.nobody).count() == 1
    address = f"/quan-tri/people/assignment/{office.pk}/change/"
    assert client.post(address, {"valid_to": "31/12/2025"}).status_code == 200
    assert client.post(address, {"valid_to": "30/06/2026", "role": Role.APPRAISER}).status_code == 302
    office.refresh_from_db()
    assert (office.valid_to, office.role) == (date(2026, 6, 30), Role.PLANNER)
    assert list(Event.objects.order_by("id").values_list("verb", flat=True)) == ["assign", "end_assignment"]


def test_administrator_gives_himself_nothing(cast: Cast, land: Land) -> None:
    given = {"user": cast.administrator.pk, "role": Role.FUND_CONFIRMER, "unit": "", "valid_from": "01/01/2026"}
    assert client_of(cast.administrator).post("/quan-tri/people/assignment/add/", given).status_code == 403
    assert not can(cast.administrator, Capability.CONFIRM_FUND)


def test_unit_is_renamed_but_its_boundary_is_not_touched(cast: Cast, land: Land) -> None:
    client = client_of(cast.administrator)
    before = bytes(land.east.geom.wkb)
    given = {
        "code": land.east.code,
        "name": "Đông Mới",
        "kind_name": "Xã",
        "level": "commune",
        "parent": land.province.pk,
        "valid_from": "01/07/2025",
        "valid_to": "",
        "geom": '{"type": "Point", "coordinates": [108, 12]}',
    }
    answer = client.post(f"/quan-tri/layers/adminunit/{land.east.pk}/change/", given)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    unit = AdminUnit.objects.get(pk=land.east.pk)
    assert unit.name == "Đông Mới"
    assert bytes(unit.geom.wkb) == before
    assert client.get("/quan-tri/layers/adminunit/add/").status_code == 403


@pytest.mark.parametrize("capability", [Capability.MANAGE_PEOPLE, Capability.MANAGE_PARAMETERS])
def test_people_and_parameters_are_two_capabilities(
    cast: Cast, land: Land, capability: Capability, monkeypatch: pytest.MonkeyPatch
) -> None:
    from planning.people import capabilities

    monkeypatch.setitem(capabilities.ROLE_CAPABILITIES, Role.INSPECTOR, frozenset({capability}))
    client = client_of(cast.inspector)
    assert client.get(START).status_code == 200
    people = client.get("/quan-tri/people/user/").status_code
    parameters = client.get("/quan-tri/checks/parameter/").status_code
    assert (people, parameters) == ((200, 403) if capability is Capability.MANAGE_PEOPLE else (403, 200))


def test_instrument_is_added_by_hand(cast: Cast) -> None:
    client = client_of(cast.administrator)
    given = {"number": "99/2026/NĐ-CP", "title": "Nghị định thử", "issuer": "Chính phủ", "in_force_from": "01/10/2026"}
    assert client.post("/quan-tri/layers/legalinstrument/add/", given).status_code == 302
    assert LegalInstrument.objects.get(number="99/2026/NĐ-CP").in_force_from == date(2026, 10, 1)


def test_a_figure_that_answers_may_rest_on_is_not_edited_in_place(cast: Cast) -> None:
    row = Parameter.objects.create(
        code="size-min", title_vi="Nhỏ nhất", title_en="Least", value=10, unit="ha", valid_from=TODAY,
        instrument=make_instrument(),
    )  # fmt: skip
    client = client_of(cast.administrator)
    given = {
        "code": "other", "value": "99", "unit": "m", "valid_from": "01/01/2020",
        "title_vi": "Nhỏ nhất", "title_en": "Least", "instrument": row.instrument_id, "article": "Điều 2",
        "verified": "on",
    }  # fmt: skip
    answer = client.post(f"/quan-tri/checks/parameter/{row.pk}/change/", given)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    row.refresh_from_db()
    assert (row.code, row.value, row.unit, row.valid_from) == ("size-min", 10, "ha", TODAY)
    assert (row.article, row.verified) == ("Điều 2", True)
